"""Finding events: a page of results with their counts, an export, a pointer."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from concordat.access.rules import POINTERS_PER_HOUR, RecordKind
from concordat.audit.actions import record
from concordat.audit.rules import Operation, Subject
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.records.errors import RecordsError, TooManyPointers
from concordat.records.queries.sql import Where, where
from concordat.records.rules.events import Precision
from concordat.records.rules.grid import MAP_CELL_DEGREES, centre
from concordat.records.rules.questions import (
    EXPORT_LIMIT,
    PAGE_SIZE,
    Answer,
    Cluster,
    Count,
    EventRow,
    Pointer,
    Question,
)

EVENT_COLUMNS = (
    "e.id, e.owner_id, e.kind, e.category, e.outcome, e.occurred_from, e.occurred_until, "
    "e.precision, coalesce(p.location, ''), coalesce(p.lsoa_name, ''), p.latitude, p.longitude, "
    "e.area_id, e.reference, e.in_conflict"
)
"""What `event_row` reads, of an event `e` and its place `p`."""


_FEW = 5_000


def find_events(actor: Actor, *, question: Question, page: int = 1, asked: str = "") -> Answer:
    """Return one page of the events that `actor` may read and that answer `question`.

    Newest first; a page beyond the last is the last. The counts by owner, by category and on the
    map are of all results. `asked` is what was typed, for the journal, which keeps every event
    shown.
    """
    condition = where(question)
    with acting(actor), connection.cursor() as cursor:
        cursor.execute(_counting(condition), condition.parameters)
        counted = cursor.fetchall()
        total = sum(row[-1] for row in counted)
        page = max(1, min(page, -(-total // PAGE_SIZE)))
        rows: list[EventRow] = []
        if total:
            ordered = _page(condition, few=total <= _FEW)
            cursor.execute(ordered, [*condition.parameters, PAGE_SIZE, PAGE_SIZE * (page - 1)])
            rows = [event_row(row) for row in cursor.fetchall()]
        answer = _answer(counted, rows, page)
        record(
            actor,
            operation=Operation.CONSULTATION,
            action="records.find_events",
            subjects=_subjects(rows),
            details={"asked": asked, "total": answer.total, "page": answer.page},
        )
    return answer


def newest_events(actor: Actor, *, question: Question, limit: int) -> list[EventRow]:
    """Return the newest of the events that `actor` may read and that answer `question`, uncounted.

    Counting is what takes time in a force with many events.
    """
    condition = where(question)
    with acting(actor), connection.cursor() as cursor:
        cursor.execute(_page(condition), [*condition.parameters, limit, 0])
        rows = [event_row(row) for row in cursor.fetchall()]
        record(
            actor,
            operation=Operation.CONSULTATION,
            action="records.newest_events",
            subjects=_subjects(rows),
        )
    return rows


def export_events(actor: Actor, *, question: Question, asked: str = "") -> list[EventRow]:
    """Return all events that answer `question`, to be given out as a file: a disclosure.

    Raises RecordsError when there are more than `EXPORT_LIMIT`; nothing is then disclosed.
    """
    condition = where(question)
    with acting(actor), connection.cursor() as cursor:
        cursor.execute(_page(condition), [*condition.parameters, EXPORT_LIMIT + 1, 0])
        rows = [event_row(row) for row in cursor.fetchall()]
        if len(rows) > EXPORT_LIMIT:
            raise RecordsError(
                f"This would export more than {EXPORT_LIMIT:,} events. "
                "Narrow the search, for example by month or force, and export in parts."
            )
        record(
            actor,
            operation=Operation.DISCLOSURE,
            action="records.export_events",
            subjects=_subjects(rows),
            details={"asked": asked, "rows": len(rows)},
        )
    return rows


def pointers(actor: Actor, *, reference: str) -> list[Pointer]:
    """Return which forces hold an event of exactly this reference that is shared by pointer only.

    Raises TooManyPointers beyond sixty in an hour: a pointer answers a question, it doesn't fish.
    """
    with acting(actor), connection.cursor() as cursor:
        cursor.execute("SELECT concordat.pointers_last_hour()")
        if cursor.fetchone()[0] >= POINTERS_PER_HOUR:
            raise TooManyPointers(
                f"You have asked for {POINTERS_PER_HOUR} pointers in the last hour. "
                "Wait, or ask the force you are looking for by telephone."
            )
        cursor.execute(
            "SELECT owner_id, kind, agreement_id, clause FROM concordat.event_pointers(%s)",
            [reference],
        )
        found = [
            Pointer(owner_id=owner, kind=RecordKind(kind), agreement_id=agreement, clause=clause)
            for owner, kind, agreement, clause in cursor.fetchall()
        ]
        record(
            actor,
            operation=Operation.CONSULTATION,
            action="records.pointers",
            details={"reference": reference, "found": len(found)},
        )
    return found


def summary_of_force(actor: Actor, *, owner_id: int) -> tuple[Count, ...]:
    """Return how many events of each kind of one force `actor` may read, by the kind's label."""
    with acting(actor), connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, count(*) FROM records_event WHERE owner_id = %s GROUP BY 1 ORDER BY 1",
            [owner_id],
        )
        counts = tuple(
            Count(key=RecordKind(kind).label, count=count) for kind, count in cursor.fetchall()
        )
        record(
            actor,
            operation=Operation.CONSULTATION,
            action="records.summary_of_force",
            details={"owner": owner_id},
        )
    return counts


def _counting(condition: Where) -> str:
    return (
        "SELECT e.owner_id, e.category, e.map_cell, count(*) "  # noqa: S608 (constants)
        f"FROM records_event e {condition.text} GROUP BY 1, 2, 3"
    )


def _page(condition: Where, *, few: bool = False) -> str:
    """Return the SQL of a page. A `few` events are found first and then put in order.

    The planner doesn't know how few they are: it would walk all events by time to find them.
    """
    newest = "e.occurred_from + interval '0'" if few else "e.occurred_from"
    return (
        f"SELECT {EVENT_COLUMNS} FROM records_event e "  # noqa: S608 (constants)
        f"LEFT JOIN records_place p ON p.id = e.place_id {condition.text} "
        f"ORDER BY {newest} DESC, e.id LIMIT %s OFFSET %s"
    )


def _answer(
    counted: Sequence[tuple[int, str, int | None, int]], rows: list[EventRow], page: int
) -> Answer:
    owners: Counter[int | str] = Counter()
    categories: Counter[int | str] = Counter()
    cells: Counter[int] = Counter()
    for owner, category, cell, count in counted:
        owners[owner] += count
        categories[category] += count
        if cell is not None:
            cells[cell] += count
    return Answer(
        rows=tuple(rows),
        total=owners.total(),
        page=page,
        by_owner=tuple(Count(key=key, count=count) for key, count in owners.most_common()),
        by_category=tuple(Count(key=key, count=count) for key, count in categories.most_common()),
        clusters=tuple(_cluster(cell, count) for cell, count in cells.most_common()),
    )


def _cluster(cell: int, count: int) -> Cluster:
    latitude, longitude = centre(cell, degrees=MAP_CELL_DEGREES)
    return Cluster(latitude=latitude, longitude=longitude, count=count)


def _subjects(rows: Sequence[EventRow]) -> list[Subject]:
    return [Subject("event", row.id, row.owner_id) for row in rows]


def event_row(row: Sequence[Any]) -> EventRow:
    """Return the columns of an event as a line of results."""
    id_: UUID = row[0]
    return EventRow(
        id=id_,
        owner_id=row[1],
        kind=RecordKind(row[2]),
        category=row[3],
        outcome=row[4],
        occurred_from=row[5],
        occurred_until=row[6],
        precision=Precision(row[7]),
        location=row[8],
        lsoa_name=row[9],
        latitude=row[10],
        longitude=row[11],
        area_id=row[12],
        reference=row[13],
        in_conflict=row[14],
    )
