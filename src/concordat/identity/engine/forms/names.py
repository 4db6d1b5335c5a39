"""Standard forms of personal names.

POLE data standard v1.1 (NPCC, 2023), DS_031 given name and DS_032 surname: 1 to 35 characters, no
double spaces, hyphen and apostrophe the only marks, no titles, no references; given names repeat
as separate values. Registers keep none of this strictly, so what it forbids is removed here.
Digits stay: in a name they are a slip of the finger, and a slip still tells something.

Nicknames come from the PyPI package `nicknames` (Apache-2.0), the table of formal names and their
nicknames started by Carlton Northern.
"""

import csv
from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from concordat.identity.engine.forms.phonetics import phonetic
from concordat.identity.engine.forms.text import NOTHING, fold, words

__all__ = [
    "equivalent_names",
    "first_and_middle",
    "name_form",
    "phonetic",
    "split_full_name",
    "surname_form",
]

TITLES: Final = words(
    """mr mrs ms miss mx master messrs dr doctor prof professor sir dame lord lady rev revd
    reverend hon pc wpc dc wdc pcso dci sgt sergeant insp inspector supt superintendent capt
    captain lt lieut cpl cllr"""
)
"""Words before a name that are no part of it. Di, Major and Fr are not here: they are names too."""

SUFFIXES: Final = words("jnr jr junior snr sr senior ii iii iv esq esquire phd mbe obe cbe qpm")
"""Words after a name that are no part of it."""

JOINED: Final = words(
    """mac mc o van von der den de del della dela da dal di du dos das do la le les lo los ter ten
    te al el ul ud ur vander vanden bin ibn bint ben abu abd st fitz ap af av zu zur"""
)
"""Particles that registers write now apart, now together with the word that follows."""

_PARTICLES: Final = JOINED | words("saint san santa ould umm")
_NEVER_FORENAMES: Final = words("mc o von der den de del della dos du bin ibn bint")
_OTHER_NAME_FOLLOWS: Final = words("aka alias nee formerly")
_SHORTEST_IN_CAPITALS: Final = 3  # shorter ones are initials


def name_form(value: str) -> str:
    """Return the standard form of forenames, or of a name of any kind; '' when it says nothing.

    >>> name_form(" Mrs. Anne-Marie  O'Hara "), name_form("Łukasz"), name_form("not known")
    ('anne marie ohara', 'lukasz', '')
    """
    if value.isalpha() and value.isascii():
        form = value.lower()
        # Of the ways to write pandas' missing value only this one can't be the forename Nan.
        return "" if form in NOTHING or value == "NaN" else form
    if value.isascii() and value.replace(" ", "").isalpha():
        form = " ".join(_without_titles(value.lower().split()))
        return "" if form in NOTHING else form
    if value.strip().lower() in NOTHING:
        return ""
    return _said(" ".join(_without_titles(fold(value).split())))


def surname_form(value: str) -> str:
    """Return the standard form of a surname, its particles joined to the word they belong to.

    Joined, because registers disagree about the space (Mac Donald, O Brien, De La Cruz, El-Sayed);
    the parts of a double-barrelled name stay apart.

    >>> surname_form("Mac Donald"), surname_form("van der Berg"), surname_form("Smith-Jones")
    ('macdonald', 'vanderberg', 'smith jones')
    """
    form = name_form(value)
    return _joined(form.split(" ")) if " " in form else form


def split_full_name(value: str) -> tuple[str, str, str]:
    """Return forename, middle names and surname, each in standard form, from a name in one field.

    “SURNAME, Forename Middle” and a surname told by its capitals are understood, and so are
    particles (van der, de la, bin, Mac). A single word is taken to be the surname.

    >>> split_full_name("Mr Jan Pieter van der Berg")
    ('jan', 'pieter', 'vanderberg')
    >>> split_full_name("SMITH, John Paul")
    ('john', 'paul', 'smith')
    """
    even = value.istitle() or value.islower() or value.isupper()
    if even and value.isascii() and value.replace(" ", "").isalpha():
        found = _without_titles(value.lower().split())
        if " ".join(found) in NOTHING:
            return "", "", ""
        surname, forenames = _divided(found)
    elif name_form(value):
        surname, forenames = _read(value)
    else:
        return "", "", ""
    first, _, rest = forenames.partition(" ")
    return _said(first), _said(rest), _said(_joined(surname.split(" ")))


def first_and_middle(forenames: str) -> tuple[str, str]:
    """Return the first of several forenames and the rest, both in standard form.

    A title by itself says nothing: “Mr” is often all that was known before a surname.

    >>> first_and_middle("Mary-Jane Ann")
    ('mary', 'jane ann')
    >>> first_and_middle("Mr")
    ('', '')
    """
    first, _, rest = name_form(forenames).partition(" ")
    return ("" if first in TITLES else first), rest


@cache
def equivalent_names() -> Mapping[str, tuple[int, ...]]:
    """Return each name in standard form with the groups it belongs to, ascending.

    A group is one formal name with its nicknames: two names can stand for each other when they
    share a group. Names that the table lacks are in no group.

    >>> set(equivalent_names()["bill"]) & set(equivalent_names()["william"]) != set()
    True
    """
    formal, pairs = _formal_and_nicknames()
    numbers = {name: number for number, name in enumerate(formal)}
    groups = {name: {number} for name, number in numbers.items()}
    for name, nickname in pairs:
        groups.setdefault(nickname, set()).add(numbers[name])
    return MappingProxyType({name: tuple(sorted(groups[name])) for name in sorted(groups) if name})


@cache
def likeliest_formal_names() -> Mapping[str, str]:
    """Return for each name the formal name it likeliest stands for: that with most nicknames.

    A formal name may stand for itself. Blocking keys are made of formal names and not
    of groups' numbers, which another release of the table would change.

    >>> likeliest_formal_names()["bob"]
    'robert'
    """
    formal, pairs = _formal_and_nicknames()
    sizes = Counter(name for name, _ in pairs)
    likeliest = {name: name for name in formal}
    for name, nickname in pairs:
        known = likeliest.setdefault(nickname, name)
        if (sizes[name], name) > (sizes[known], known):
            likeliest[nickname] = name
    return MappingProxyType(likeliest)


@cache
def _formal_and_nicknames() -> tuple[list[str], list[tuple[str, str]]]:
    """Return the formal names of the table, in order, and its pairs: formal name, nickname."""
    with files("nicknames").joinpath("names.csv").open(encoding="utf-8") as table:
        pairs = [
            (name_form(row["name1"]), name_form(row["name2"]))
            for row in csv.DictReader(table)
            if row["relationship"] == "has_nickname"
        ]
    kept = _one_way(pairs)
    return sorted({formal for formal, _ in kept}), kept


def _one_way(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the pairs without those that go both ways, save from the name of more nicknames.

    The table gives Bill the nicknames Robert and William, too; as a group of its own it would
    make these two stand for each other.
    """
    given, nicknames = set(pairs), Counter(formal for formal, _ in pairs)
    return [
        (formal, nickname)
        for formal, nickname in pairs
        if (nickname, formal) not in given
        or (nicknames[formal], len(formal), formal) > (nicknames[nickname], len(nickname), nickname)
    ]


def _said(form: str) -> str:
    """Return a form, or '' when its words say nothing or it holds no letter at all."""
    return "" if form in NOTHING or form.replace(" ", "").isdecimal() else form


def _bounds(found: list[str]) -> tuple[int, int]:
    """Return where a name begins and ends among its words, titles and suffixes left outside."""
    start, end = 0, len(found)
    while end - start > 1 and found[start] in TITLES:
        start += 1
    while end - start > 1 and found[end - 1] in SUFFIXES:
        end -= 1
    return start, end


def _without_titles(found: list[str]) -> list[str]:
    """Return the words of a name without leading titles and final suffixes; one word remains."""
    start, end = _bounds(found)
    return found[start:end]


def _joined(found: list[str]) -> str:
    """Return the words with each particle joined to the next word."""
    joined: list[str] = []
    pending = ""
    for word in found:
        if word in JOINED:
            pending += word
        else:
            joined.append(pending + word)
            pending = ""
    return " ".join([*joined, pending] if pending else joined)


def _read(value: str) -> tuple[str, str]:
    """Return surname and forenames, folded, of a full name with marks or uneven capitals."""
    before, comma, after = value.partition(",")
    if comma:
        forenames = [word for word in fold(after).split() if word not in TITLES | SUFFIXES]
        if forenames and name_form(before):
            return name_form(before), " ".join(forenames)
        value = before if name_form(before) else after
    written = [word for word in value.split() if fold(word).strip()]
    # A hyphen holds its words together: they are one forename or one surname.
    folded = [" ".join(fold(word).split()) for word in written]
    start, end = _bounds(folded)
    return _told_by_capitals(written[start:end], folded[start:end]) or _divided(folded[start:end])


def _told_by_capitals(written: list[str], folded: list[str]) -> tuple[str, str] | None:
    """Return surname and forenames when capitals tell them apart (DUPONT Jean, Jean DUPONT)."""
    high = [word.isupper() and len(word) >= _SHORTEST_IN_CAPITALS for word in written]
    count = sum(high)
    if not 0 < count < len(high):
        return None
    if all(high[:count]):
        return " ".join(folded[:count]), " ".join(folded[count:])
    if all(high[-count:]):
        # Particles before it belong to it even in small letters: Jan van der BERG.
        start = _surname_start(folded[: len(folded) - count + 1])
        return " ".join(folded[start:]), " ".join(folded[:start])
    return None


def _divided(found: list[str]) -> tuple[str, str]:
    """Return surname and forenames of the words of a name in their usual order."""
    if not _OTHER_NAME_FOLLOWS.isdisjoint(found):
        place = next(place for place, word in enumerate(found) if word in _OTHER_NAME_FOLLOWS)
        found = found[:place] if place > 1 else found
    start = _surname_start(found)
    return " ".join(found[start:]), " ".join(found[:start])


def _surname_start(found: list[str]) -> int:
    """Return at which word the surname begins: the last one, or the particles before it.

    The first word is a forename (Van Morrison, Al Jones) unless it can't be or is one of several
    particles in a row (van der Berg).
    """
    start = len(found) - 1
    while start > 0 and found[start - 1] in _PARTICLES:
        start -= 1
    if start or not found[1:] or found[0] in _NEVER_FORENAMES:
        return start
    return 0 if found[1] in _NEVER_FORENAMES and found[2:] else 1
