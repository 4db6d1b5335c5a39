"""One event: what is current, every version it has had, what contradicts it, where it came from."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from concordat.access.rules import RecordKind
from concordat.audit.actions import record
from concordat.audit.rules import Operation, Subject
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.records.errors import UnknownRecord
from concordat.records.models import Event, EventConflict, EventVersion, LoadFile, Place
from concordat.records.queries.places import PlaceDetail, describe_place
from concordat.records.rules.events import Precision, Source


@dataclass(frozen=True, kw_only=True)
class VersionDetail:
    """What one source row, or `recorded_by` who logged it, told of an event.

    `number` is 0 for a row in conflict.
    """

    number: int
    category: str
    outcome: str
    occurred_from: datetime
    location: str
    lsoa_name: str
    file_name: str
    line: int
    recorded_at: datetime
    recorded_by: str = ""


@dataclass(frozen=True, kw_only=True)
class EventDetail:
    """An event as its page shows it. Of a logged one `report_of` tells the report."""

    id: UUID
    owner_id: int
    kind: RecordKind
    source: Source
    reference: str
    category: str
    outcome: str
    occurred_from: datetime
    occurred_until: datetime
    precision: Precision
    details: dict[str, str]
    place: PlaceDetail | None
    area_id: int | None
    version: int
    in_conflict: bool
    versions: tuple[VersionDetail, ...]
    conflicts: tuple[VersionDetail, ...]


def event(actor: Actor, *, event_id: UUID) -> EventDetail:
    """Return one event with its history, and journal that `actor` looked.

    Raises UnknownRecord alike for an event that isn't there and one that `actor` may not read.
    """
    with acting(actor):
        row = Event.objects.filter(id=event_id).first()
        if row is None:
            raise UnknownRecord("There is no such event, or it is not shared with you.")
        versions = EventVersion.objects.filter(owner_id=row.owner_id, event_id=event_id)
        conflicts = EventConflict.objects.filter(owner_id=row.owner_id, event_id=event_id)
        told: list[EventVersion | EventConflict] = [
            *versions.order_by("version"),
            *conflicts.order_by("line"),
        ]
        place = Place.objects.filter(id=row.place_id).first() if row.place_id else None
        detail = _detail(row, place, _told(told))
        record(
            actor,
            operation=Operation.CONSULTATION,
            action="records.event",
            subjects=[Subject("event", row.id, row.owner_id)],
        )
    return detail


def _told(rows: list[EventVersion | EventConflict]) -> list[VersionDetail]:
    files = {
        file.id: file.name
        for file in LoadFile.objects.filter(
            id__in={row.load_file_id for row in rows if row.load_file_id}
        )
    }
    places = {
        place.id: place
        for place in Place.objects.filter(id__in={row.place_id for row in rows if row.place_id})
    }
    return [
        VersionDetail(
            number=row.version if isinstance(row, EventVersion) else 0,
            category=row.category,
            outcome=row.outcome,
            occurred_from=row.occurred_from,
            location=places[row.place_id].location if row.place_id in places else "",
            lsoa_name=places[row.place_id].lsoa_name if row.place_id in places else "",
            file_name=files.get(row.load_file_id, "") if row.load_file_id else "",
            line=row.line,
            recorded_at=row.recorded_at,
            recorded_by=row.recorded_by,
        )
        for row in rows
    ]


def _detail(row: Event, place: Place | None, told: list[VersionDetail]) -> EventDetail:
    return EventDetail(
        id=row.id,
        owner_id=row.owner_id,
        kind=RecordKind(row.kind),
        source=Source(row.source),
        reference=row.reference,
        category=row.category,
        outcome=row.outcome,
        occurred_from=row.occurred_from,
        occurred_until=row.occurred_until,
        precision=Precision(row.precision),
        details={name: told for name, told in row.details.items() if isinstance(told, str)},
        place=describe_place(place) if place else None,
        area_id=row.area_id,
        version=row.version,
        in_conflict=row.in_conflict,
        versions=tuple(part for part in told if part.number),
        conflicts=tuple(part for part in told if not part.number),
    )
