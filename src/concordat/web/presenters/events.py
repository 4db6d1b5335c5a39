"""Events in words: what, when, where, whose."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from concordat.access.rules import RecordKind
from concordat.organisations.queries import OrganisationSummary
from concordat.records.queries import EventDetail, PlaceDetail, VersionDetail
from concordat.records.rules.events import Precision
from concordat.records.rules.questions import EventRow
from concordat.web.formatting import format_date, format_datetime, format_month

Bodies = Mapping[int, OrganisationSummary]

NO_PLACE = "No place recorded"
NO_OUTCOME = "No outcome recorded"

_LEADS = ("On or near ", "on or near ")


class _Happened(Protocol):
    """What tells when something happened; both a row and a detail do."""

    @property
    def occurred_from(self) -> dt.datetime: ...
    @property
    def precision(self) -> Precision: ...


@dataclass(frozen=True, kw_only=True)
class EventLine:
    """One event in a list, in words."""

    event: EventRow
    title: str
    facts: str
    owner: str
    area: str
    """The other force in whose area it lies; "" where it lies in its owner's."""


def what(kind: RecordKind, category: str) -> str:
    """Return what an event is: its crime type, or for a search what was searched for."""
    if kind is RecordKind.STOP_SEARCH:
        return f"Stop and search: {lower_first(category)}" if category else kind.label
    return category or kind.label


def when(event: _Happened) -> str:
    """Return when it happened, no more exactly than its source knows: "January 2024"."""
    return moment(event.occurred_from, event.precision)


def moment(at: dt.datetime, precision: Precision) -> str:
    """Return a moment as exactly as it is known: a month, a day, or a day and time in London."""
    if precision is Precision.MONTH:
        return format_month(at)
    return format_date(at) if precision is Precision.DAY else format_datetime(at)


def where(location: str, lsoa_name: str, *, has_point: bool = False) -> str:
    """Return a place in words: its street and its area, whichever are known."""
    street = location
    for lead in _LEADS:
        street = street.removeprefix(lead)
    if street.casefold() == "no location":
        street = ""
    parts = [part for part in (street, lsoa_name) if part]
    return ", ".join(parts) or ("A point without a street name" if has_point else NO_PLACE)


def place_title(place: PlaceDetail) -> str:
    """Return the name a place goes by."""
    return where(place.location, place.lsoa_name, has_point=place.latitude is not None)


def line(row: EventRow, bodies: Bodies) -> EventLine:
    """Return one event as a line of a list."""
    place = where(row.location, row.lsoa_name, has_point=row.latitude is not None)
    outcome = row.outcome or NO_OUTCOME
    return EventLine(
        event=row,
        title=what(row.kind, row.category),
        facts=f"{when(row)} · {place} · {outcome}",
        owner=bodies[row.owner_id].name,
        area=bodies[row.area_id].name if row.area_id and row.lies_elsewhere else "",
    )


def details_rows(event: EventDetail) -> list[tuple[str, str]]:
    """Return what the source told besides, as pairs: "Age range", "18-24"."""
    return [(name[:1].upper() + name[1:], _said(value)) for name, value in event.details.items()]


def version_rows(
    event: EventDetail, told: tuple[VersionDetail, ...], owner: str
) -> list[list[object]]:
    """Return versions or conflicting rows as cells, newest first."""
    return [
        [
            *([str(part.number)] if part.number else []),
            part.category or "Not recorded",
            part.outcome or "Not recorded",
            moment(part.occurred_from, event.precision),
            where(part.location, part.lsoa_name),
            provenance(part, owner),
            format_date(part.recorded_at),
        ]
        for part in reversed(told)
    ]


def provenance(part: VersionDetail, owner: str) -> str:
    """Return where a version came from: the file and line, as far as the reader may know."""
    return f"{part.file_name or f'A file of {owner}'}, line {part.line:,}"


def lower_first(text: str) -> str:
    """Return the text as it reads inside a sentence, its first letter small."""
    return text[:1].lower() + text[1:]


def _said(value: str) -> str:
    return {"true": "Yes", "false": "No"}.get(value.lower(), value)
