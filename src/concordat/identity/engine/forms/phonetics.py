"""A short sound code for names: the skeleton of consonants, alike for spellings that sound alike.

Made for the names British registers hold: English spellings (Clark, Clarke; Stewart, Stuart) and
the many ways names from other scripts are written in Latin letters (Mohammed, Muhammad; Chowdhury,
Choudhury, Chaudhry). The rules are spelling rules; no name is listed. The idea is that of Soundex
(US patents 1,261,167 and 1,435,663) and of L. Philips's Metaphone (1990); the classes are ours:

`a` any opening vowel · `f` f, ph, v · `g` hard g · `h` opening h · `j` j, soft g · `k` c, ch, ck,
k, q · `l` · `m` · `n` · `p` b, p · `r` · `s` s, sh, soft c, z · `t` d, t, th · `v` opening v, w
"""

import re
from typing import Final

CODE_LENGTH: Final = 6
"""Letters in a sound code at most: what comes later is what speech and typing lose first."""

_NOT_LETTERS: Final = re.compile(r"[^a-z]+")
_SOFT_C: Final = re.compile(r"c(?=[eiy])")
_SOFT_G: Final = re.compile(r"dg(?=[eiy])|dj|g(?=[eiy])")
_SILENT_GH: Final = re.compile(r"(?<=[aeiouy])gh")
_POLISH_RZ: Final = re.compile(r"(?<=[bdgkpt])rz")
_SILENT_P: Final = re.compile(r"mp(?=[st])")
_OPENINGS: Final = {"kn": "n", "gn": "n", "wr": "r", "ps": "s", "pf": "f", "mc": "mk"}
_MAC_BEFORE_I: Final = "maci"
_HARD_G: Final = "G"  # a mark of ours between two steps: a g that no following vowel softens
_OTHER_CLASSES: Final = {
    **dict.fromkeys("aeiouy", "a"),
    "b": "p", "c": "k", "d": "t", "q": "k", "x": "ks", "z": "s", _HARD_G: "g",
}  # fmt: skip
_OPENING: Final = {letter: letter for letter in "fghjklmnprst"} | _OTHER_CLASSES | {
    "v": "v", "w": "v", "x": "s",
}  # fmt: skip
_FOLLOWING: Final = str.maketrans({**_OTHER_CLASSES, "v": "f", "w": None, "h": None})


def phonetic(value: str) -> str:
    """Return the sound code of a standard form of a name, '' when it holds no Latin letter.

    Spaces do not count, so that `de la cruz` sounds like `delacruz`.

    >>> phonetic("mohammed"), phonetic("muhammad"), phonetic("wisniewski")
    ('mmt', 'mmt', 'vsnfsk')
    """
    if not (value.isalpha() and value.isascii() and value.islower()):
        value = _NOT_LETTERS.sub("", value.lower())
        if not value:
            return ""
    value = _opened(value)
    if "h" in value:
        value = _without_h(value)
    value = _respelled(value)
    code = last = _OPENING[value[0]]
    for sound in value[1:].translate(_FOLLOWING):
        if sound != last:
            last = sound
            if sound != "a":
                code += sound
    return code[:CODE_LENGTH]


def _opened(value: str) -> str:
    """Return `value` with the opening spelt as it sounds: Knight, Wright, McIntyre, Macintyre."""
    opening = _OPENINGS.get(value[:2])
    if opening is not None:
        return opening + value[2:]
    if value.startswith(_MAC_BEFORE_I):
        return "mki" + value[len(_MAC_BEFORE_I) :]
    return value


def _without_h(value: str) -> str:
    """Return `value` with one letter for each sound written with an h; only an opening h stays."""
    value = value.replace("ph", "f").replace("sch", "s").replace("sh", "s")
    value = value.replace("tch", "k").replace("ch", "k").replace("zh", "s")
    if "gh" in value:
        value = _SILENT_GH.sub("", value).replace("gh", _HARD_G)
    return value[0] + value[1:].replace("h", "")


def _respelled(value: str) -> str:
    """Return `value` with one letter for each sound that English or Polish spells otherwise."""
    if "c" in value:
        value = _SOFT_C.sub("s", value.replace("cz", "k").replace("ck", "k"))
    if "g" in value or "dj" in value:
        value = _SOFT_G.sub("j", value)
    if "mp" in value:
        value = _SILENT_P.sub("m", value)
    if "z" in value:
        value = _POLISH_RZ.sub("r", value)
    return value.replace("wsk", "fsk")
