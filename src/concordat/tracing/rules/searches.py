"""Reading what somebody typed into the one search box, in any order and half remembered.

Recognised are: a reference, an LSOA code, a point, a postcode, a distance, a month or a day, a
force, a crime type or object of search, an outcome, a kind of record, and "elsewhere". What is left
over are words of a street or a district. Words in quotation marks are taken as they are.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from concordat.access.rules import RecordKind
from concordat.base.clock import midnight, month_bounds, today
from concordat.organisations.rules import normal_name, read_postcode
from concordat.records.rules.questions import Near, Question
from concordat.records.rules.vocabulary import (
    CRIME_TYPES,
    OBJECTS_OF_SEARCH,
    STOP_SEARCH_OUTCOMES,
    STREET_OUTCOMES,
)
from concordat.records.rules.words import words

LONGEST_TEXT = 500
"""Characters of a search that are read."""

DEFAULT_METRES = 500
MAXIMUM_METRES = 20_000
_SHORTEST_PREFIX = 3

MONTHS = {
    name: number
    for number, names in enumerate(
        ["january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
         "august aug", "september sep sept", "october oct", "november nov", "december dec"],
        start=1,
    )
    for name in names.split()
}  # fmt: skip

_SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "asb": ("Anti-social behaviour",),
    "anti social behaviour": ("Anti-social behaviour",),
    "bike theft": ("Bicycle theft",),
    "stolen bike": ("Bicycle theft",),
    "burglaries": ("Burglary",),
    "robberies": ("Robbery",),
    "criminal damage": ("Criminal damage and arson",),
    "arson": ("Criminal damage and arson",),
    "drugs": ("Drugs", "Controlled drugs"),
    "car crime": ("Vehicle crime",),
    "violence": ("Violence and sexual offences",),
    "sexual offences": ("Violence and sexual offences",),
    "weapons": ("Possession of weapons", "Offensive weapons", "Firearms"),
    "theft": ("Bicycle theft", "Other theft", "Shoplifting", "Theft from the person"),
}
_KINDS: Mapping[str, RecordKind] = {
    "stop and search": RecordKind.STOP_SEARCH,
    "stop search": RecordKind.STOP_SEARCH,
    "stop and searches": RecordKind.STOP_SEARCH,
    "crime": RecordKind.CRIME,
    "crimes": RecordKind.CRIME,
}
_ELSEWHERE = re.compile(
    r"\b(elsewhere|in another force['’]?s area|over the border|cross[- ]border)\b", re.IGNORECASE
)
_REFERENCE = re.compile(r"\b([0-9a-f]{64}|[0-9a-f]{32}#\d+)(?=\s|$)", re.IGNORECASE)
_LSOA = re.compile(r"\b([EW]01\d{6})\b", re.IGNORECASE)
_POINT = re.compile(r"(?<![\d.])(\d\d\.\d{2,})\s*,\s*(-?\d{1,2}\.\d{2,})(?![\d.])")
_DISTANCE = re.compile(
    r"\b(?:within\s+)?(\d{1,5}(?:\.\d)?)\s*(m|metres?|km|kilometres?|miles?)\b(?:\s+of\b)?",
    re.IGNORECASE,
)
_POSTCODE = re.compile(
    r"\b([A-Z]{1,2}\d[A-Z\d]?\s+\d(?:[A-Z]{2})?|[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2})\b", re.IGNORECASE
)
_DAY = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")
_BRITISH_DAY = re.compile(r"(?<![\d./])(\d{1,2})[./](\d{1,2})[./](\d{4}|\d\d)(?![\d./])")
_RELATIVE = re.compile(r"\b(today|yesterday|this month|last month)\b", re.IGNORECASE)
_DAY_IN_WORDS = re.compile(r"\b(\d{1,2})\s+([a-z]+)\s+(\d{4})\b", re.IGNORECASE)
_MONTH = re.compile(r"\b(\d{4})-(\d\d)\b")
_MONTH_IN_WORDS = re.compile(r"\b([a-z]+)\s+(\d{4})\b", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“]([^\"”]*)[\"”]")
STREET_ENDS = frozenset(
    ["road", "street", "lane", "avenue", "close", "drive", "way", "court", "place", "hill", "park"]
)
_LINKING = frozenset({"near", "in", "at", "by", "within", "of", "and", "from", "around"})
_METRES_IN = {"m": 1.0, "k": 1000.0, "mi": 1609.344}


@dataclass(frozen=True)
class Part:
    """One thing that was recognised: what kind of thing, how it is shown, and what was typed."""

    what: str
    shown: str
    typed: str


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How a search was read. `postcode` is still to be looked up; `near` is complete with it."""

    question: Question
    parts: tuple[Part, ...]
    postcode: str = ""
    metres: int = DEFAULT_METRES


class _Reader:
    """Takes recognised things out of the text one after another."""

    def __init__(self, text: str, forces: Mapping[str, int]) -> None:
        self.rest = f" {text} "
        self.question = Question()
        self.parts: list[Part] = []
        self.quoted: list[str] = []
        self.postcode = ""
        self.metres = DEFAULT_METRES
        self._forces = forces

    def take(self, pattern: re.Pattern[str], use: Callable[[re.Match[str]], Part | None]) -> None:
        """Hand every match to `use`; where it makes something of it, remove it from the rest."""

        def replaced(match: re.Match[str]) -> str:
            part = use(match)
            if part is None:
                return match[0]
            self.parts.append(part)
            return " "

        self.rest = pattern.sub(replaced, self.rest)

    def narrow(self, **changes: object) -> None:
        """Narrow the question."""
        self.question = replace(self.question, **changes)  # type: ignore[arg-type]

    def quotation(self, match: re.Match[str]) -> Part:
        self.quoted += words(match[1])
        return Part("Words", f"“{match[1]}”", match[0])

    def reference(self, match: re.Match[str]) -> Part:
        self.narrow(reference=match[1].lower())
        return Part("Reference", match[1], match[0])

    def lsoa(self, match: re.Match[str]) -> Part:
        self.narrow(lsoa_code=match[1].upper())
        return Part("LSOA", match[1].upper(), match[0])

    def distance(self, match: re.Match[str]) -> Part:
        unit = match[2].lower()
        factor = _METRES_IN["mi" if unit.startswith("mi") else unit[0]]
        self.metres = max(1, min(round(float(match[1]) * factor), MAXIMUM_METRES))
        return Part("Within", f"{self.metres:,} metres", match[0])

    def point(self, match: re.Match[str]) -> Part:
        near = Near(latitude=float(match[1]), longitude=float(match[2]), metres=self.metres)
        self.narrow(near=near)
        return Part("Near", f"{match[1]}, {match[2]}", match[0])

    def place(self, match: re.Match[str]) -> Part | None:
        postcode = read_postcode(match[1])
        if postcode is None or self.postcode:
            return None
        self.postcode = postcode
        return Part("Near", postcode, match[0])

    def day(self, match: re.Match[str]) -> Part | None:
        try:
            if match.re is _DAY:
                day = date(int(match[1]), int(match[2]), int(match[3]))
            elif match.re is _BRITISH_DAY:
                year = int(match[3]) if len(match[3]) == len("2026") else 2000 + int(match[3])
                day = date(year, int(match[2]), int(match[1]))
            else:
                day = date(int(match[3]), MONTHS[match[2].lower()], int(match[1]))
            start, end = midnight(day), midnight(day + timedelta(days=1))
        except (ValueError, OverflowError, KeyError):
            return None
        self._during(start, end)
        return Part("Day", f"{day.day} {day:%B %Y}", match[0])

    def month(self, match: re.Match[str]) -> Part | None:
        try:
            if match.re is _MONTH:
                year, month = int(match[1]), int(match[2])
            else:
                year, month = int(match[2]), MONTHS[match[1].lower()]
            start, end = month_bounds(year, month)
        except (ValueError, OverflowError, KeyError):
            return None
        self._during(start, end)
        return Part("Month", f"{date(year, month, 1):%B %Y}", match[0])

    def relative(self, match: re.Match[str]) -> Part:
        said, day = match[1].lower(), today()
        if said.endswith("month"):
            first = day.replace(day=1)
            if said.startswith("last"):
                first = (first - timedelta(days=1)).replace(day=1)
            self._during(*month_bounds(first.year, first.month))
            return Part("Month", f"{first:%B %Y}", match[0])
        if said == "yesterday":
            day -= timedelta(days=1)
        self._during(midnight(day), midnight(day + timedelta(days=1)))
        return Part("Day", f"{day.day} {day:%B %Y}", match[0])

    def elsewhere(self, match: re.Match[str]) -> Part:
        self.narrow(elsewhere=True)
        return Part("Where", "in another force’s area", match[0])

    def _during(self, start: datetime, end: datetime) -> None:
        first = min(filter(None, (self.question.occurred_from, start)))
        last = max(filter(None, (self.question.occurred_until, end)))
        self.narrow(occurred_from=first, occurred_until=last)

    def phrases(self) -> None:
        """Recognise, longest first, the names of forces, kinds, categories and outcomes."""
        typed = re.findall(r"[^\s,;]+", self.rest)
        left: list[str] = []
        place = 0
        while place < len(typed):
            for length in range(min(9, len(typed) - place), 0, -1):
                part = self._phrase(typed[place : place + length], typed[place + length :])
                if part:
                    self.parts.append(part)
                    place += length
                    break
            else:
                left.append(typed[place])
                place += 1
        self.rest = " ".join(left)

    def _phrase(self, typed: list[str], following: list[str]) -> Part | None:
        shown = " ".join(typed)
        name = _plain(shown)
        if name in _CATEGORIES:
            found = _CATEGORIES[name]
            self.narrow(categories=(*self.question.categories, *found))
            return Part("Type", " or ".join(found), shown)
        if name in _OUTCOMES:
            self.narrow(outcomes=(*self.question.outcomes, _OUTCOMES[name]))
            return Part("Outcome", _OUTCOMES[name], shown)
        if name in _KINDS:
            self.narrow(kinds=(*self.question.kinds, _KINDS[name]))
            return Part("Kind", _KINDS[name].label, shown)
        force = self._forces.get(normal_name(shown))
        if force and not (following and following[0].lower() in STREET_ENDS):
            self.narrow(owner_ids=(*self.question.owner_ids, force))
            return Part("Force", shown.title(), shown)
        return None


def searchable(text: str) -> str:
    """Return what of `text` is read and journalled: nothing that PostgreSQL can't store as text."""
    return "".join(char if char.isprintable() else " " for char in text[:LONGEST_TEXT])


def read(text: str, *, forces: Mapping[str, int]) -> Reading:
    """Return how `text` is read. `forces` maps names (`normal_name`) to numbers of forces."""
    reader = _Reader(text[:LONGEST_TEXT], forces)
    reader.take(_QUOTED, reader.quotation)
    reader.take(_REFERENCE, reader.reference)
    reader.take(_LSOA, reader.lsoa)
    reader.take(_DISTANCE, reader.distance)
    reader.take(_POINT, reader.point)
    for pattern in (_DAY, _BRITISH_DAY, _DAY_IN_WORDS):
        reader.take(pattern, reader.day)
    reader.take(_RELATIVE, reader.relative)
    for pattern in (_MONTH, _MONTH_IN_WORDS):
        reader.take(pattern, reader.month)
    reader.take(_POSTCODE, reader.place)
    reader.take(_ELSEWHERE, reader.elsewhere)
    reader.phrases()
    left = [word for word in words(reader.rest) if word not in _LINKING] if reader.rest else []
    is_prefix = bool(left) and not text.endswith(" ") and len(left[-1]) >= _SHORTEST_PREFIX
    if left:
        reader.parts.append(Part("Words", " ".join(left), " ".join(left)))
    reader.narrow(words=(*reader.quoted, *left), last_is_prefix=is_prefix)
    return Reading(
        question=reader.question,
        parts=tuple(reader.parts),
        postcode=reader.postcode,
        metres=reader.metres,
    )


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9/ ]+", " ", text.lower().replace("’", "'")).split())


_CATEGORIES: Mapping[str, tuple[str, ...]] = {
    **{_plain(value): (value,) for value in (*CRIME_TYPES, *OBJECTS_OF_SEARCH)},
    **_SYNONYMS,
}
_OUTCOMES: Mapping[str, str] = {
    _plain(value): value for value in (*STREET_OUTCOMES, *STOP_SEARCH_OUTCOMES)
}
