"""Reading a thing out of what was typed: a registration mark, a serial, a phone, an e-mail address.

It stands beside the readings of events and of people, and takes nothing away from them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from concordat.access.rules import RecordKind
from concordat.identity.engine.forms import phone_form
from concordat.organisations.rules import read_postcode
from concordat.records.rules.item_keys import asked_keys
from concordat.records.rules.marks import is_partial
from concordat.records.rules.telling_numbers import find_marks
from concordat.tracing.rules.searches import Part, Reading

_EMAIL: Final = re.compile(r"(?<!\S)[^\s@]+@[^\s@]+\.[^\s@,;]+")
_IMEI: Final = re.compile(r"(?<!\d)\d{2}[ -]?\d{6}[ -]?\d{6}[ -]?\d(?!\d)")
_PHONE: Final = re.compile(r"(?<![\w/])(?:\+\d{1,3}|00\d{2}|0)(?:[\s().-]*\d){8,11}(?![\w/])")
_SERIAL: Final = re.compile(
    r"(?<!\w)(?:serial(?:\s+(?:number|no\.?))?|s/n)(?!\w):?\s*(\S+(?:\s\S+)?)", re.IGNORECASE
)
_MARK: Final = re.compile(
    r"(?<!\w)(?:vrm|reg(?:istration)?(?:\s+(?:mark|number))?|number\s?plate|plate)(?!\w):?\s*"
    r"([\w?*]+(?:\s[\w?*]+)?)",
    re.IGNORECASE,
)
_WHOLE: Final = re.compile(
    r"[A-Z]{2}\d{2}\s?[A-Z]{3}|[A-Z]\d{1,3}\s?[A-Z]{3}|[A-Z]{3}\s?\d{1,3}[A-Z]"
    r"|\d{3}\s?[DX]\s?\d{3}",
    re.IGNORECASE,
)
"""A mark by itself, but for the shortest, which are like a day or a house."""

_PARTIAL: Final = re.compile(r"[\w?*]{1,8}(?:\s[\w?*]{1,4})?", re.ASCII)
_NUMBER: Final = re.compile(r"(?=\S*\d)(?=\S*[A-Z])[A-Z0-9-]{5,20}", re.IGNORECASE)
_OF_EVENTS: Final = frozenset({"Reference", "LSOA", "Within"})


class Fit(StrEnum):
    """How well a thing answers."""

    EXACT = "exact"
    PARTLY = "partly"
    ALIKE = "alike"
    BEGINS = "begins"

    @property
    def words(self) -> str:
        """The fit in plain English."""
        return {
            Fit.EXACT: "Exactly this",
            Fit.PARTLY: "Fits what is known of it",
            Fit.ALIKE: "Looks alike: O and 0, I and 1, S and 5, B and 8 are taken as one",
            Fit.BEGINS: "Begins like this",
        }[self]


@dataclass(frozen=True, kw_only=True)
class ThingReading:
    """A thing as it was read: what to look for, and among which kind, None for any.

    `is_certain` says that what was typed can hardly mean anything else than a thing or its owner.
    """

    kind: RecordKind | None
    text: str
    parts: tuple[Part, ...]
    is_certain: bool


def read_thing(text: str, *, events: Reading) -> ThingReading | None:
    """Return the thing that `text` may mean, or None where it means none.

    `events` is the same text as a search for events: a reference or a map search is no thing.
    """
    if any(part.what in _OF_EVENTS for part in events.parts):
        return None
    for pattern, kind, what in (
        (_EMAIL, RecordKind.ACCOUNT, "E-mail"),
        (_IMEI, RecordKind.PHONE, "IMEI"),
        (_SERIAL, None, "Serial number"),
        (_MARK, RecordKind.VEHICLE, "Registration mark"),
    ):
        if found := pattern.search(text):
            shown = found[found.re.groups]
            return _read(kind, what, shown, typed=found[0])
    if (found := _PHONE.search(text)) and phone_form(found[0]).startswith("+"):
        return _read(RecordKind.PHONE, "Phone", found[0].strip(), typed=found[0])
    return _whole(text.strip()) or _among_words(text)


def _whole(text: str) -> ThingReading | None:
    """Read what is a mark or a number only where nothing else was typed."""
    if _WHOLE.fullmatch(text) and read_postcode(text) is None:
        return _read(RecordKind.VEHICLE, "Registration mark", text, typed=text)
    if _PARTIAL.fullmatch(text) and is_partial(text):
        certain = any(char.isdecimal() for char in text)
        return _read(RecordKind.VEHICLE, "Part of a mark", text, typed=text, certain=certain)
    if _NUMBER.fullmatch(text) and read_postcode(text) is None:
        return _read(None, "Number", text, typed=text, certain=False)
    return None


def _among_words(text: str) -> ThingReading | None:
    for found in find_marks(text):
        what = "Part of a mark" if is_partial(found.value) else "Registration mark"
        typed = text[found.start : found.end]
        return _read(RecordKind.VEHICLE, what, typed, typed=typed)
    return None


def _read(
    kind: RecordKind | None, what: str, shown: str, *, typed: str, certain: bool = True
) -> ThingReading:
    if kind is RecordKind.VEHICLE:
        shown = shown.upper()
    return ThingReading(
        kind=kind, text=shown, parts=(Part(what, shown, typed),), is_certain=certain
    )


def fit_of(text: str, keys: Iterable[str]) -> Fit:
    """Return how well a thing with these keys answers `text`."""
    asked, held = asked_keys(text), set(keys)
    if held.intersection(asked.exact):
        return Fit.EXACT
    if asked.pattern:
        return Fit.PARTLY
    return Fit.ALIKE if held.intersection(asked.alike) else Fit.BEGINS
