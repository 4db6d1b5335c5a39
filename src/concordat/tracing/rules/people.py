"""Reading a person out of what was typed: names in any order, a birth, numbers, phone, postcode.

It stands beside the reading of events (`searches`), which it leaves as it is: the same words are
asked of both, unless what was typed can only mean one of them.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from concordat.identity.engine import Meaning
from concordat.identity.engine.forms import (
    cro_form,
    cro_is_valid,
    driving_licence_form,
    driving_licence_is_valid,
    nino_form,
    nino_is_valid,
    phone_form,
    pnc_id_form,
    pnc_id_is_valid,
)
from concordat.organisations.rules import normal_name, read_postcode
from concordat.tracing.rules.searches import MONTHS, STREET_ENDS, Part, Reading

OLDEST: Final = 120
"""Years: nobody is taken to be older."""

_MONTHS_A_YEAR: Final = 12
_TWO_DIGITS: Final = 2
_A_NAME: Final = 2
"""So many words can be a whole name."""

_NINO = re.compile(r"(?<!\w)[A-Z]{2}\s?\d\d\s?\d\d\s?\d\d\s?[A-D]?(?!\w)", re.IGNORECASE)
_LICENCE = re.compile(r"(?<!\w)[A-Z][A-Z9]{4}\s?\d{6}\s?[A-Z9]{2}\s?\d[A-Z]{2}(?:\s?\d\d)?(?!\w)",
                      re.IGNORECASE)  # fmt: skip
_PNC = re.compile(
    r"(?<![\w/])(?:(?:19|20)\d\d|\d\d)\s?/?\s?\d{1,7}\s?[A-Z](?![\w/])", re.IGNORECASE
)
_PNC_IN_FULL = re.compile(r"(?:19|20)\d\d\s?/\s?\d{7}\s?[A-Z]", re.IGNORECASE)
_CRO = re.compile(r"(?<![\w/])(?:SF\s?\d\d\s?/\s?\d{1,6}|\d{1,6}\s?/\s?\d\d)\s?[A-Z](?![\w/])",
                  re.IGNORECASE)  # fmt: skip
_EMAIL = re.compile(r"(?<!\S)[^\s@]+@[^\s@]+\.[^\s@,;]+")
_PHONE = re.compile(r"(?<![\w/])(?:\+\d{1,3}|00\d{2}|0)(?:[\s().-]*\d){8,11}(?![\w/])")
_POSTCODE = re.compile(r"(?<!\w)[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}(?!\w)", re.IGNORECASE)
_ISO_DAY = re.compile(r"(?<!\d)(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)(?!\d)")
_DAY = re.compile(r"(?<![\d./-])(?P<d>\d{1,2})[./-](?P<m>\d{1,2})[./-](?P<y>\d{4}|\d\d)(?![\d./-])")
_DAY_IN_WORDS = re.compile(
    r"(?<!\d)(?P<d>\d{1,2})(?:st|nd|rd|th)?\s+(?P<m>[a-z]+)\s+(?P<y>\d{4}|\d\d)(?!\d)",
    re.IGNORECASE,
)
_MONTH = re.compile(r"(?<!\w)(?P<m>[a-z]+)\s+(?P<y>\d{4})(?!\d)", re.IGNORECASE)
_YEAR = re.compile(r"(?<![\d/-])(?P<y>19\d\d|20\d\d)(?![\d/-])")
_AGE = re.compile(
    r"(?<!\w)(?:aged?\s*(?P<told>\d{1,3})|(?P<years>\d{1,3})\s*(?:years?(?:\s*old)?|yrs?|yo|y/o))"
    r"(?!\w)",
    re.IGNORECASE,
)
_BARE_AGE = re.compile(r"(?<![\w./-])(?P<told>\d\d)(?![\w./-])")
_SEX = re.compile(r"(?<!\w)(fe)?male(?!\w)", re.IGNORECASE)
_SAID = re.compile(r"(?<!\w)(?:d\.?\s?o\.?\s?b\.?|date of birth|born(?: on| in)?)(?!\w):?",
                   re.IGNORECASE)  # fmt: skip
_NUMBER_NAMES = re.compile(
    r"(?<!\w)(?:pnc(?:\s?id)?|cro|nino|ni number|licence|driving licence|phone|mobile|tel)(?!\w):?",
    re.IGNORECASE,
)
_NAME = re.compile(r"[^\W\d_][^\W\d_'’.\-]*(?:['’.\-]+[^\W\d_]+)*\.?")
_LINKING = frozenset({"near", "in", "at", "within", "and", "from", "around", "the", "on", "called"})
_EVENT_PARTS = frozenset({"Reference", "LSOA", "Within", "Type", "Outcome", "Kind", "Where"})


@dataclass(frozen=True, kw_only=True)
class PersonReading:
    """A person as they were read. `partial` is what `identity.queries.who_is` takes.

    `age` is in whole years, None if none was given; it narrows the answer, not the question.
    `is_certain` says that what was typed can hardly mean anything but a person. `owner_ids` are
    forces that were named.
    """

    partial: Mapping[Meaning, str]
    parts: tuple[Part, ...]
    age: int | None
    is_certain: bool
    owner_ids: tuple[int, ...]


def read_person(
    text: str, *, events: Reading, forces: Mapping[str, int], today: date
) -> PersonReading | None:
    """Return the person whom `text` may mean, or None where it means none.

    `events` is the same text as a search for events: where that recognised something that only
    events have, no name is looked for. `forces` is as for `searches.read`.
    """
    reader = _PersonReader(text, today)
    reader.take_numbers()
    is_of_events = any(part.what in _EVENT_PARTS for part in events.parts) or '"' in text
    has_number = bool(reader.partial)
    if is_of_events and not has_number:
        return None
    reader.take_birth()
    reader.take(_POSTCODE, reader.postcode)
    reader.take(_SEX, reader.sex)
    owners = reader.take_names(forces)
    names = len(reader.partial.get(Meaning.FULL_NAME, "").split())
    born = Meaning.DATE_OF_BIRTH in reader.partial or reader.age is not None
    if not (has_number or names >= _A_NAME or (names and (born or reader.says_where))
            or (born and reader.says_where)):  # fmt: skip
        return None
    return PersonReading(
        partial=dict(reader.partial),
        parts=tuple(sorted(reader.parts, key=lambda part: part.what != "Name")),
        age=reader.age,
        is_certain=has_number or (born and bool(names)),
        owner_ids=owners,
    )


def age_on(day: date, birth: str) -> tuple[int, int] | None:
    """Return the least and the greatest age on `day` of somebody born on `birth`, in whole years.

    `birth` is a standard form, `1987-05-03`, `1987-05-00` or `1987-00-00`. None where it is empty.

    >>> age_on(date(2026, 11, 21), "1987-05-03"), age_on(date(2026, 11, 21), "1987-00-00")
    ((39, 39), (38, 39))
    """
    if not birth:
        return None
    year, month, of_month = (int(part) for part in birth.split("-"))
    years = day.year - year
    earliest = (month or _MONTHS_A_YEAR, of_month or 31)
    latest = (month or 1, of_month or 1)
    now = (day.month, day.day)
    return years - (now < earliest), years - (now < latest)


class _PersonReader:
    """Takes what was recognised out of the text, one thing after another."""

    def __init__(self, text: str, today: date) -> None:
        self.rest = f" {text} "
        self.today = today
        self.partial: dict[Meaning, str] = {}
        self.parts: list[Part] = []
        self.age: int | None = None

    @property
    def says_where(self) -> bool:
        """Whether a postcode was given."""
        return Meaning.POSTCODE in self.partial

    def take(self, pattern: re.Pattern[str], use: Callable[[re.Match[str]], bool]) -> None:
        """Hand every match to `use`; where it makes something of it, remove it from the rest."""
        self.rest = pattern.sub(lambda match: " " if use(match) else match[0], self.rest)

    def take_numbers(self) -> None:
        """Recognise identifiers, email addresses and telephone numbers."""
        self.take(_EMAIL, lambda match: self._told(Meaning.EMAIL, "Email", match[0]))
        self.take(_LICENCE, self._licence)
        self.take(_NINO, self._nino)
        self.take(_PNC, self._pnc)
        self.take(_CRO, self._cro)
        self.take(_PHONE, self._phone)
        if self.partial:
            self.rest = _NUMBER_NAMES.sub(" ", self.rest)

    def take_birth(self) -> None:
        """Recognise a date of birth, as much as is given of it, or an age."""
        for pattern in (_ISO_DAY, _DAY, _DAY_IN_WORDS, _MONTH):
            self.take(pattern, self._birth)
        said = _SAID.search(self.rest) is not None
        self.rest = _SAID.sub(" ", self.rest)
        if said:
            self.take(_YEAR, self._birth)
        self.take(_AGE, self._years)
        if self.age is None and Meaning.DATE_OF_BIRTH not in self.partial:
            self.take(_BARE_AGE, self._years)

    def take_names(self, forces: Mapping[str, int]) -> tuple[int, ...]:
        """Take the words that are left as a name; return the forces named beside a whole name."""
        typed = [word for word in re.findall(r"[^\s,;]+,?|,", self.rest) if word != ","]
        words = [word for word in typed if _is_name(word) and word.lower() not in _LINKING]
        owners: list[int] = []
        for word in list(words):
            force = forces.get(normal_name(word.rstrip(",")))
            if force and len(words) > _A_NAME:
                words.remove(word)
                owners.append(force)
                self.parts.append(Part("Force", word.rstrip(",").title(), word))
        if not words or any(char.isdigit() for word in typed for char in word):
            return tuple(owners)
        if words[-1].lower() in STREET_ENDS and len(words) > 1:
            return tuple(owners)
        self._told(Meaning.FULL_NAME, "Name", " ".join(words).rstrip(","))
        return tuple(owners)

    def postcode(self, match: re.Match[str]) -> bool:
        postcode = read_postcode(match[0])
        return postcode is not None and self._told(Meaning.POSTCODE, "Postcode", postcode)

    def sex(self, match: re.Match[str]) -> bool:
        return self._told(Meaning.SEX, "Sex", match[0].lower())

    def _told(self, meaning: Meaning, what: str, shown: str) -> bool:
        if meaning in self.partial:
            return False
        self.partial[meaning] = shown
        self.parts.append(Part(what, shown, shown))
        return True

    def _licence(self, match: re.Match[str]) -> bool:
        form = driving_licence_form(match[0])
        return driving_licence_is_valid(form) and self._told(
            Meaning.DRIVING_LICENCE, "Driving licence", form
        )

    def _nino(self, match: re.Match[str]) -> bool:
        form = nino_form(match[0])
        return nino_is_valid(form) and self._told(Meaning.NINO, "National Insurance number", form)

    def _pnc(self, match: re.Match[str]) -> bool:
        form = pnc_id_form(match[0])
        if not pnc_id_is_valid(form) and not _PNC_IN_FULL.fullmatch(match[0]):
            return False
        return self._told(Meaning.PNC_ID, "PNC ID", form)

    def _cro(self, match: re.Match[str]) -> bool:
        form = cro_form(match[0])
        return cro_is_valid(form) and self._told(Meaning.CRO, "CRO number", form)

    def _phone(self, match: re.Match[str]) -> bool:
        form = phone_form(match[0])
        return form.startswith("+") and self._told(Meaning.PHONE, "Phone", match[0].strip())

    def _birth(self, match: re.Match[str]) -> bool:
        if Meaning.DATE_OF_BIRTH in self.partial:
            return False
        told = match.groupdict()
        year = int(told["y"])
        if len(told["y"]) == _TWO_DIGITS:
            year += 1900 if year > self.today.year % 100 else 2000
        month = _month_of(told.get("m"))
        day = int(told.get("d") or 0)
        if month is None or not self.today.year - OLDEST <= year <= self.today.year:
            return False
        try:
            if date(year, month or 1, day or 1) >= self.today:
                return False
        except ValueError:
            return False
        shown = " ".join(filter(None, (str(day or ""), _MONTH_NAMES.get(month, ""), str(year))))
        self.partial[Meaning.DATE_OF_BIRTH] = f"{year}-{month:02}-{day:02}"
        self.parts.append(Part("Born", shown, match[0].strip()))
        return True

    def _years(self, match: re.Match[str]) -> bool:
        told = match.groupdict()
        years = int(told.get("told") or told.get("years") or 0)
        if self.age is not None or not 0 < years < OLDEST:
            return False
        self.age = years
        self.parts.append(Part("Age", f"{years} years", match[0].strip()))
        return True


def _is_name(word: str) -> bool:
    return _NAME.fullmatch(word.rstrip(",")) is not None


def _month_of(told: str | None) -> int | None:
    """Return a month's number: 0 if none was given, None if it is no month."""
    if not told:
        return 0
    if told.isdigit():
        return int(told) if 1 <= int(told) <= _MONTHS_A_YEAR else None
    return MONTHS.get(told.lower())


_MONTH_NAMES = {number: f"{date(2000, number, 1):%B}" for number in range(1, _MONTHS_A_YEAR + 1)}
