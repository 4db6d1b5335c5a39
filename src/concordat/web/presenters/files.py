"""Files to take away: rows of CSV that a spreadsheet will not run."""

import csv
import io
import re
from collections.abc import Iterable, Iterator

from concordat.records.rules.loads import Layout
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
CORRECTION_COLUMNS = ("Reason", "File", "Line")
"""What stands before the row's own columns in a file of rows to correct; loading ignores them."""

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_FORMULA = re.compile(r"(^|,)(\"?)(?=[=@\t\r]|[+-](?![0-9.]+(?:\"|,|$)))")


def guarded(value: object) -> str:
    """Return a cell that a spreadsheet shows as it is, never runs: formulas get an apostrophe.

    Plain numbers, which may well begin with a minus sign, stay numbers.
    """
    text = "" if value is None else str(value)
    if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def csv_lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Yield each row as one line of CSV (RFC 4180), its cells guarded."""
    for row in rows:
        line = io.StringIO()
        csv.writer(line).writerow([guarded(cell) for cell in row])
        yield line.getvalue()


def event_lines(rows: Iterable[EventRow], *, bodies: Bodies, origin: str) -> Iterator[str]:
    """Yield a CSV file of events, its header first. `origin` is the address the service stands at.

    The first column links back to the page of the event.
    """
    yield from csv_lines([EVENT_COLUMNS])
    for row in rows:
        yield from csv_lines([_event_cells(row, bodies, origin)])


def correction_lines(layout: Layout, rows: Iterable[tuple[str, int, str, str]]) -> Iterator[str]:
    """Yield a file of rows to correct and load again: why each was refused, then as it came.

    `rows` are file, line, reason and the row's own text, whose quotation marks may be the very
    thing that is wrong with it: it is passed on as text, only formulas in it are disarmed.
    """
    yield from csv_lines([(*CORRECTION_COLUMNS, *layout.columns)])
    for file, line, reason, raw in rows:
        told = next(csv_lines([(reason, file, line)])).rstrip("\r\n")
        yield f"{told},{_FORMULA.sub(_disarmed, raw)}\r\n"


def _disarmed(match: re.Match[str]) -> str:
    return f"{match[1]}{match[2]}'"


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
