"""The events that somebody or something was in, in the order in which they happened."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from concordat.access.rules import EVENT_KINDS, RecordKind
from concordat.audit.actions import record
from concordat.audit.rules import Operation, Subject
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.records.models import Event, Link, Place
from concordat.records.queries.find import EVENT_COLUMNS, event_row
from concordat.records.rules.events import Precision
from concordat.records.rules.questions import EventRow
from concordat.records.rules.told_events import part_label, title_of

MOST = 500
"""Events on one timeline at most, the latest recorded."""

_EVENT_KINDS = [kind.value for kind in EVENT_KINDS]


@dataclass(frozen=True, kw_only=True)
class TimelineEntry:
    """One event; `as_what` says as what the asked records were in it, in words."""

    event_id: UUID
    owner_id: int
    kind: RecordKind
    title: str
    reference: str
    occurred_from: datetime
    occurred_until: datetime
    precision: Precision
    as_what: tuple[str, ...]
    place: str
    outcome: str
    recorded_at: datetime


def timeline(actor: Actor, *, ids: Sequence[UUID]) -> tuple[TimelineEntry, ...]:
    """Return the events that these persons, things or places were in, newest first."""
    with acting(actor):
        found = _entries(ids)
        record(
            actor,
            operation=Operation.CONSULTATION,
            action="records.timeline",
            subjects=[Subject("event", one.event_id, one.owner_id) for one in found],
            details={"asked": [str(one) for one in ids]},
        )
    return found


def event_lines(actor: Actor, *, ids: Sequence[UUID]) -> list[EventRow]:
    """Return those of these events that `actor` may read, in the order of `ids`."""
    with acting(actor), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {EVENT_COLUMNS} FROM records_event e "  # noqa: S608 (constants)
            "LEFT JOIN records_place p ON p.id = e.place_id WHERE e.id = ANY (%s)",
            [list(ids)],
        )
        rows = {row[0]: event_row(row) for row in cursor.fetchall()}
        found = [rows[id_] for id_ in dict.fromkeys(ids) if id_ in rows]
        record(
            actor,
            operation=Operation.CONSULTATION,
            action="records.event_lines",
            subjects=[Subject("event", row.id, row.owner_id) for row in found],
            details={"asked": len(ids)},
        )
    return found


def _entries(ids: Sequence[UUID]) -> tuple[TimelineEntry, ...]:
    roles = _roles(ids)
    # In the order of the index of events by place, or the planner would walk all of them by time.
    at_places = Event.objects.filter(place_id__in=list(ids)).order_by("place_id", "-occurred_from")
    there = at_places[:MOST]
    rows = {row.id: row for row in [*Event.objects.filter(id__in=list(roles)), *there]}
    places = _places(rows.values())
    found = [_entry(row, roles.get(row.id, ()), places) for row in rows.values()]
    found.sort(key=lambda one: (one.occurred_from, one.event_id), reverse=True)
    return tuple(found)


def _roles(ids: Sequence[UUID]) -> Mapping[UUID, Sequence[str]]:
    """Return, for each event, as what any of the records were in it."""
    links = Link.objects.filter(left_id__in=list(ids), right_kind__in=_EVENT_KINDS, ended_at=None)
    told: defaultdict[UUID, list[str]] = defaultdict(list)
    for link in links.order_by("-recorded_at", "id")[:MOST]:
        label = part_label(link.reason, kind=RecordKind(link.left_kind))
        if label not in told[link.right_id]:
            told[link.right_id].append(label)
    return told


def _places(rows: Iterable[Event]) -> Mapping[UUID, str]:
    ids = {row.place_id for row in rows if row.place_id}
    return {
        id_: location or lsoa_name
        for id_, location, lsoa_name in Place.objects.filter(id__in=ids).values_list(
            "id", "location", "lsoa_name"
        )
    }


def _entry(row: Event, as_what: Sequence[str], places: Mapping[UUID, str]) -> TimelineEntry:
    kind = RecordKind(row.kind)
    told = row.details.get("report", {}).get("fields", {})
    return TimelineEntry(
        event_id=row.id,
        owner_id=row.owner_id,
        kind=kind,
        title=title_of(kind, row.category, told),
        reference=row.reference,
        occurred_from=row.occurred_from,
        occurred_until=row.occurred_until,
        precision=Precision(row.precision),
        as_what=tuple(filter(None, as_what)),
        place=places.get(row.place_id, "") if row.place_id else "",
        outcome=row.outcome,
        recorded_at=row.recorded_at,
    )
