"""People in a line that tells what happened: names, what they are in it, and what is said of them.

Names are told by their capitals where capitals tell anything, and elsewhere by the word that says
who follows ("suspect robert hale"). Whoever has a rank is an officer at work, and no participant.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Final

from concordat.access.rules import RecordKind
from concordat.identity.engine.forms import equivalent_names, name_form
from concordat.identity.engine.forms.names import JOINED
from concordat.records.rules.telling_roles import LIKELY, LOOKED, SURE, default_role, find_cue
from concordat.records.rules.telling_text import (
    Line,
    Token,
    alternatives,
    word_list,
    word_set,
    words_in,
)

MOST_WORDS: Final = 4
MOST_PEOPLE: Final = 20

_WHOLE: Final = 2
"""Words from which a run of capitals can be a whole name."""
_YOUNGEST, _OLDEST = 5, 120
"""Years: a date right after a name is a birth if it makes somebody this old."""

_TITLES: Final = alternatives(word_list("titles"))
_TITLE = re.compile(rf"(?<!\w)({_TITLES})\.?\s+$", re.IGNORECASE)
_RANK = re.compile(
    rf"(?<!\w)(?:{alternatives(word_list('ranks'))})\.?\s+(?:\d{{1,6}}\s+)?$", re.IGNORECASE
)
_POSSESSIVE = re.compile(r"['’]s?$")
_BIRTH_CUE = re.compile(
    r"[\s,(]*(?:b\.?|born|dob|d\.o\.b\.?|date of birth)[\s:]*(?:on\s+|in\s+)?", re.IGNORECASE
)
_BARE = re.compile(r"[\s,(]*")
_AGE = re.compile(
    r"[\s,(]*(?:aged?\s+(\d{1,3})|(\d{1,3})\s*(?:years?(?:[\s-]old)?|yrs?|yo|y/o)"
    r"|(?<=\()(\d{1,3})(?=\))"
    r"|(?<=, )(\d{1,2})(?=\s*(?:[,;.)]|$)))(?!\w)",
    re.IGNORECASE | re.ASCII,
)
_ALIAS = re.compile(
    r"[\s,(]*(?:aka|a\.k\.a\.|alias|also known as|nicknamed)\s+[\"“'‘]?"
    r"([^\W\d_][\w'’-]*(?:\s+[A-Z][\w'’-]*){0,2})",
    re.IGNORECASE,
)
_NUMBER_CUE = re.compile(
    r"[\s,(:;)-]*(?:(?:his|her|their|tel|telephone|phone|mobile|mob|number|no|on|e-?mail|pnc|id"
    r"|cro|nino?|ni|licence|driving|is|and)\b[\s.:]*)*",
    re.IGNORECASE,
)
_AND = re.compile(r"[\s,()]*(?:,|and|&|\+|/)[\s(]*", re.IGNORECASE)
_NUMBERS: Final = ("phone", "email", "pnc_id", "cro", "nino", "driving_licence")
_OF_ONE_KIND: Final = frozenset(
    {
        RecordKind.ARREST,
        RecordKind.STOP_SEARCH,
        RecordKind.MISSING_PERSON,
        RecordKind.SUDDEN_DEATH,
        RecordKind.SIGHTING,
        RecordKind.INTELLIGENCE,
    }
)
"""Kinds that are about somebody: a whole name by itself is taken for theirs."""


@dataclass(slots=True)
class Named:
    """Somebody named in a line, with the role and whatever is said of them beside the name.

    What is said of them ends at `end`.
    """

    start: int
    end: int
    role: str = ""
    cue: str = ""
    """The word before the name that says the role: "from"."""
    fields: dict[str, str] = field(default_factory=dict)


def take_people(line: Line, kind: RecordKind | None, today: date) -> list[Named]:
    """Return everybody named in a line; officers are left out."""
    people: list[Named] = []
    words = list(words_in(line.rest))
    place = 0
    while place < len(words) and len(people) < MOST_PEOPLE:
        run = _run(words[place:], line)
        one = _person(run, line, kind, today, people) if run else None
        if one:
            people.append(one)
            line.blank(one.start, one.end)
            place = next((n for n, w in enumerate(words) if w.start() >= one.end), len(words))
        else:
            place += 1
    return people


def settle_roles(people: Sequence[Named], line: Line, kind: RecordKind | None) -> None:
    """Give a role to whoever has none yet: by what follows all that is said of them.

    Of several who are named in one breath, what follows the last is said of all.
    """
    following: Named | None = None
    for one in reversed(people):
        if not one.role:
            ahead = find_cue("after", line.text[one.end : one.end + LOOKED], kind)
            together = following and _AND.fullmatch(line.text[one.end : following.start])
            shared = following.role if following and together else ""
            one.role = ahead.role if ahead else shared or default_role(kind)
        following = one


def _run(words: Sequence[re.Match[str]], line: Line) -> list[re.Match[str]]:
    """Return the words, from the first one on, that can be one name; none if it can't begin one."""
    telling = line.capitals_tell
    run: list[re.Match[str]] = []
    for word in words[: MOST_WORDS if telling else _WHOLE]:
        written = word[0]
        if run and not _follows(run[-1], word, line.rest, is_second=len(run) == 1):
            break
        plain = _POSSESSIVE.sub("", written).lower()
        particle = bool(run) and written.islower() and written in JOINED
        capital = written[0].isupper() or not telling
        is_common = plain in _closed() and not _is_open(plain, word.start(), run, line)
        if not particle and (is_common or not capital):
            break
        run.append(word)
        if _POSSESSIVE.search(written):
            break
    while run and run[-1][0].islower() and telling:
        run.pop()
    return run


def _is_open(plain: str, start: int, run: Sequence[re.Match[str]], line: Line) -> bool:
    """Whether a common word is a name here: Mark Brown, but not a brown mark."""
    if not line.capitals_tell:
        return False
    if plain in word_set("also_given_names"):
        return True
    can_end = bool(run) or _TITLE.search(line.text[:start]) is not None
    return can_end and plain in word_set("also_surnames")


@cache
def _closed() -> frozenset[str]:
    """Return the words that are no names."""
    return word_set("not_names") | word_set("ranks") | word_set("titles")


def _follows(before: re.Match[str], word: re.Match[str], text: str, *, is_second: bool) -> bool:
    """Whether two words can be of one name: a blank between, or a comma after a SURNAME."""
    gap = text[before.end() : word.start()]
    if gap.strip() == "." and len(before[0]) == 1:
        return True
    surname_first = is_second and before[0].isupper() and len(before[0]) > _WHOLE
    return not gap.strip() or (gap == ", " and surname_first and not word[0].isupper())


def _person(
    run: Sequence[re.Match[str]],
    line: Line,
    kind: RecordKind | None,
    today: date,
    people: Sequence[Named],
) -> Named | None:
    """Return the person of a run of words, None if it is likely no name or is an officer's."""
    before = line.text[max(0, run[0].start() - LOOKED) : run[0].start()]
    if _RANK.search(before):
        return None
    title = _TITLE.search(before)
    cue = find_cue("before", before[: title.start()] if title else before, kind)
    one = Named(start=run[0].start(), end=run[-1].end())
    said_of = _attach(one, line, today)
    ahead = find_cue("after", line.text[one.end : one.end + LOOKED], kind)
    inherits = bool(people) and _AND.fullmatch(line.text[people[-1].end : one.start]) is not None
    strength = max(cue.strength if cue else 0, SURE if one.fields or title else 0)
    likely = ahead is not None or inherits or kind in _OF_ONE_KIND
    if not _is_name(run, line, strength, likely=likely):
        line.tokens.extend(said_of)
        return None
    told = cue or ahead or (people[-1] if inherits else None)
    one.cue = cue.said(before) if cue else ""
    one.role = told.role if told else ""
    name = named([word[0] for word in run], line.text[run[0].end() :][:1])
    sex = _SEX_OF_TITLES.get(title[1].lower(), "") if title else ""
    one.fields = {**name, **({"sex": sex} if sex else {}), **one.fields}
    return one


_SEX_OF_TITLES: Final = {
    "mr": "Male", "mrs": "Female", "miss": "Female", "ms": "Female", "sir": "Male",
    "dame": "Female",
}  # fmt: skip


def _is_name(run: Sequence[re.Match[str]], line: Line, strength: int, *, likely: bool) -> bool:
    """Whether words are somebody's name, going by what stands beside them."""
    known = name_form(_POSSESSIVE.sub("", run[0][0])) in equivalent_names()
    if len(run) < _WHOLE:
        return strength >= SURE and (line.capitals_tell or known)
    if strength >= SURE or known:
        return True
    return line.capitals_tell and (strength >= LIKELY or likely)


def _attach(one: Named, line: Line, today: date) -> list[Token]:
    """Take what is said of somebody right after the name: birth, age, alias, numbers."""
    taken: list[Token] = []
    while True:
        token = _birth(one, line, today) or _number(one, line)
        if token:
            line.use(token)
            taken.append(token)
            one.end = token.end
        elif not (_age(one, line) or _alias(one, line)):
            return taken


def _birth(one: Named, line: Line, today: date) -> Token | None:
    """Return the date that says when somebody was born, if one follows."""
    token = next((t for t in line.found("date", "year") if t.start >= one.end), None)
    if token is None or "date_of_birth" in one.fields:
        return None
    gap = line.text[one.end : token.start]
    if not _BIRTH_CUE.fullmatch(gap):
        years = today.year - token.day.year if token.day else 0
        if not _BARE.fullmatch(gap) or not _YOUNGEST <= years <= _OLDEST:
            return None
    one.fields["date_of_birth"] = token.value
    return token


def _number(one: Named, line: Line) -> Token | None:
    """Return a number or an address of somebody's, if one follows."""
    token = next((t for t in line.found(*_NUMBERS) if t.start >= one.end), None)
    if token is None or token.what in one.fields:
        return None
    if not _NUMBER_CUE.fullmatch(line.text[one.end : token.start]):
        return None
    one.fields[token.what] = token.value
    return token


def _age(one: Named, line: Line) -> bool:
    found = _AGE.match(line.rest, one.end)
    years = next(filter(None, found.groups()), "") if found else ""
    if not found or "age" in one.fields or not years or int(years) > _OLDEST:
        return False
    one.fields["age"] = str(int(years))
    one.end = found.end()
    return True


def _alias(one: Named, line: Line) -> bool:
    found = _ALIAS.match(line.rest, one.end)
    if not found or "alias" in one.fields:
        return False
    one.fields["alias"] = found[1]
    one.end = found.end()
    return True


def named(words: Sequence[str], following: str) -> dict[str, str]:
    """Return the words of a name as given names and surname, with capitals where they belong."""
    plain = [_cased(_POSSESSIVE.sub("", word)) for word in words]
    if len(plain) == 1:
        known = name_form(plain[0]) in equivalent_names()
        return {"given_names" if known else "surname": plain[0]}
    if following == ",":
        return {"given_names": " ".join(plain[1:]), "surname": plain[0]}
    start = len(plain) - 1
    while start > 1 and plain[start - 1].lower() in JOINED and plain[start - 1].islower():
        start -= 1
    return {"given_names": " ".join(plain[:start]), "surname": " ".join(plain[start:])}


def _cased(word: str) -> str:
    """Return a word of a name with its capital: particles stay as they are, SURNAMES are lowered.

    >>> _cased("O'BRIEN"), _cased("hale"), _cased("van"), _cased("McCabe")
    ("O'Brien", 'Hale', 'van', 'McCabe')
    """
    if word.islower() and word in JOINED:
        return word
    if word.islower() or (word.isupper() and len(word) > 1):
        return re.sub(r"[^\W\d_]+", lambda part: part[0].capitalize(), word)
    return word
