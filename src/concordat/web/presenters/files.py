"""Files to take away."""

from collections.abc import Iterable, Iterator

from concordat.records.rules.csv_files import csv_lines
from concordat.records.rules.questions import EventRow
from concordat.web.formatting import in_london
from concordat.web.presenters.events import Bodies, when

EVENT_COLUMNS = (
    "Event",
    "Owner force",
    "Kind",
    "Type",
    "Outcome",
    "When",
    "From (London)",
    "Until (London)",
    "Location",
    "LSOA name",
    "Latitude",
    "Longitude",
    "In the area of",
    "Reference",
    "In conflict",
)


def event_lines(rows: Iterable[EventRow], *, bodies: Bodies, origin: str) -> Iterator[str]:
    """Yield a CSV file of events, its header first. `origin` is the address the service stands at.

    The first column links back to the page of the event.
    """
    yield from csv_lines([EVENT_COLUMNS])
    for row in rows:
        yield from csv_lines([_event_cells(row, bodies, origin)])


def _event_cells(row: EventRow, bodies: Bodies, origin: str) -> list[object]:
    return [
        f"{origin}/events/{row.id}",
        bodies[row.owner_id].name,
        row.kind.label,
        row.category,
        row.outcome,
        when(row),
        in_london(row.occurred_from).isoformat(),
        in_london(row.occurred_until).isoformat(),
        row.location,
        row.lsoa_name,
        row.latitude,
        row.longitude,
        bodies[row.area_id].name if row.area_id else "",
        row.reference,
        "yes" if row.in_conflict else "no",
    ]
