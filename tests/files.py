"""Files in the layout of data.police.uk, made of invented rows."""

import csv
import gzip
import hashlib
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from concordat.records.rules.loads import STOP_SEARCH_COLUMNS, STREET_COLUMNS


def crime_id(number: int) -> str:
    """Return an invented Crime ID: 64 hexadecimal digits, as the real ones."""
    return hashlib.sha256(f"invented crime {number}".encode()).hexdigest()


def street_row(number: int | None = 1, /, **changes: str) -> list[str]:
    """Return one street row of Essex; `number` None leaves the Crime ID blank.

    `changes` are by column, in lower case with underscores: `crime_type="Burglary"`.
    """
    values = {
        "Crime ID": "" if number is None else crime_id(number),
        "Month": "2026-01",
        "Reported by": "Essex Police",
        "Falls within": "Essex Police",
        "Longitude": "0.891000",
        "Latitude": "51.889000",
        "Location": "On or near Invented Street",
        "LSOA code": "E01021681",
        "LSOA name": "Colchester 007A",
        "Crime type": "Burglary" if number is not None else "Anti-social behaviour",
        "Last outcome category": "Under investigation" if number is not None else "",
        "Context": "",
    }
    return _changed(values, STREET_COLUMNS, changes)


def stop_search_row(**changes: str) -> list[str]:
    """Return one stop-and-search row; `changes` as for `street_row`."""
    values = {
        "Type": "Person search",
        "Date": "2026-01-05T22:15:00+00:00",
        "Part of a policing operation": "False",
        "Policing operation": "",
        "Latitude": "51.889000",
        "Longitude": "0.891000",
        "Gender": "Male",
        "Age range": "18-24",
        "Self-defined ethnicity": "White - Any other White background",
        "Officer-defined ethnicity": "White",
        "Legislation": "Misuse of Drugs Act 1971 (section 23)",
        "Object of search": "Controlled drugs",
        "Outcome": "A no further action disposal",
        "Outcome linked to object of search": "",
        "Removal of more than just outer clothing": "False",
    }
    return _changed(values, STOP_SEARCH_COLUMNS, changes)


def write_csv(
    path: Path,
    rows: Iterable[Sequence[str]],
    *,
    columns: Sequence[str] = STREET_COLUMNS,
    newline: str = "\n",
) -> Path:
    """Write rows under a header, gzipped if the name ends in .gz, and return the path."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=newline)
    writer.writerow(columns)
    writer.writerows(rows)
    content = text.getvalue().encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def _changed(values: dict[str, str], columns: Sequence[str], changes: dict[str, str]) -> list[str]:
    by_key = {column.lower().replace(" ", "_").replace("-", "_"): column for column in columns}
    for key, value in changes.items():
        values[by_key[key]] = value
    return [values[column] for column in columns]
