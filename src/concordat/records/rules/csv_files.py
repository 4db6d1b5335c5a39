"""Files of CSV to take away (RFC 4180): a spreadsheet shows them and runs nothing in them."""

import csv
import io
import re
from collections.abc import Iterable, Iterator

from concordat.base.source_files import split_fields

CORRECTION_COLUMNS = ("Reason", "File", "Line")
"""What stands before the row's own columns in a file of rows to correct; loading ignores them."""

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


def guarded(value: object) -> str:
    """Return a cell that a spreadsheet shows as it is, never runs: formulas get an apostrophe.

    Plain numbers, which may well begin with a minus sign, stay numbers.
    """
    text = "" if value is None else str(value)
    if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def csv_lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Yield each row as one line of CSV, its cells guarded."""
    for row in rows:
        line = io.StringIO()
        csv.writer(line).writerow([guarded(cell) for cell in row])
        yield line.getvalue()


def correction_lines(header: str, rows: Iterable[tuple[str, int, str, str]]) -> Iterator[str]:
    """Yield a file of rows to correct and load again: why each was refused, then as it came.

    `header` is that of the file they came from. `rows` are file, line, reason and the row's own
    text. A row whose quotation marks don't pair up stands whole in its first cell, so that it
    spoils no other.
    """
    yield f"{','.join(CORRECTION_COLUMNS)},{header}\r\n"
    yield from csv_lines(
        (reason, file, line, *(split_fields(raw) or [raw])) for file, line, reason, raw in rows
    )
