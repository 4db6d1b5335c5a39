"""What every standard form shares: accents, punctuation, and the words that say nothing.

Accents are removed by Unicode's compatibility decomposition (UAX #15, NFKD); the letters it leaves
whole (ø, ł, đ …) have the ASCII spelling their owners' passports use (ICAO Doc 9303 part 3, A),
save that ä, ö, ü and å lose only their marks. The empty string stands for “not recorded”.
"""

import unicodedata
from collections.abc import Mapping
from typing import Final


def words(text: str) -> frozenset[str]:
    """Return the words of `text`: a way to write a long set that can be read."""
    return frozenset(text.split())


_PHRASES: Final = """
    , unknown, unknow, unkown, unk, not known, notknown, name unknown, n/k, nk, n.k., n.k, n\\k,
    none, none given, no, nil, null, <null>, (null), \\n, n/a, #n/a, n.a., n.a, n\\a, <na>, no name,
    noname, no value, no data, nothing, empty, blank, (blank), missing, no trace, unnamed,
    not given, not stated, notstated, not specified, unspecified, not recorded, not provided,
    not supplied, not available, unavailable, not applicable, not disclosed, undisclosed,
    undefined, unidentified, refused, declined, withheld, prefer not to say, tba, tbc, tbd,
    to be confirmed, anon, anonymous, as above, see above, ditto, xx, xxx, xxxx, xxxxx, xxxxxx
    """

NOTHING: Final = frozenset(phrase.strip() for phrase in _PHRASES.split(","))
"""Values, in lower case, that say nothing in any field."""

NOTHING_BUT_A_NAME: Final = NOTHING | words("na nan nat n u x")
"""The same for fields that hold no names: Na is a surname, Nan and Nat are forenames."""

_WHOLE_LETTERS: Final = {
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i",
    "ħ": "h", "ŋ": "n", "ŧ": "t", "ĸ": "k", "ƒ": "f", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y",
    "ə": "a", "ɛ": "e", "ɔ": "o", "ɖ": "d", "ƶ": "z",
}  # fmt: skip
_APOSTROPHES: Final = "'`´‘’‚‛′ʹʻʼʽʾʿˈ＇"


def _ascii_table() -> dict[int, str | None]:
    """Return what `str.translate` does to ASCII: letters and digits stay, the rest makes way."""
    table: dict[int, str | None] = {
        code: " " for code in range(128) if not chr(code).isalnum() and chr(code) != " "
    }
    table.update({ord(mark): None for mark in "'`"})
    return table


_ASCII: Final[Mapping[int, str | None]] = _ascii_table()
_ACCENTED: Final = str.maketrans({**_WHOLE_LETTERS, **dict.fromkeys(_APOSTROPHES)})


def fold(value: str) -> str:
    """Return `value` in lower case without accents, apostrophes dropped, punctuation as spaces.

    >>> fold("O'Brien-ŁUKASZ, José").split()
    ['obrien', 'lukasz', 'jose']
    """
    if value.isascii():
        return value.lower().translate(_ASCII)
    return _fold_accents(value)


def _fold_accents(value: str) -> str:
    """Return the fold of a value that holds more than ASCII; other alphabets keep their letters."""
    plain = unicodedata.normalize("NFKD", value.translate(_ACCENTED)).casefold()
    plain = unicodedata.normalize("NFKD", plain).translate(_ACCENTED)
    kept = [
        mark if mark.isalnum() or unicodedata.category(mark) == "Mc" else " "
        for mark in plain_digits(plain)
        if unicodedata.category(mark) not in {"Mn", "Me", "Cf"}
    ]
    return "".join(kept)


def plain_digits(value: str) -> str:
    """Return `value` with the decimal digits of every script as ASCII ones.

    >>> plain_digits("٠٧")
    '07'
    """
    if value.isascii():
        return value
    return "".join(str(unicodedata.decimal(mark)) if mark.isdecimal() else mark for mark in value)


def alphanumerics(value: str) -> str:
    """Return the letters and digits of `value`, in upper case, without accents.

    >>> alphanumerics(" ab-12 3c ")
    'AB123C'
    """
    if value.isalnum() and value.isascii():
        return value.upper()
    return "".join(fold(value).split()).upper()
