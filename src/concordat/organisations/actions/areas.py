"""Loading the full ONS and postcode lookups, where an administrator has them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from concordat.audit.actions import record
from concordat.audit.rules import Operation
from concordat.base.acting import acting
from concordat.base.actor import Actor, Role
from concordat.base.source_files import SourceFile, UnusableFile, split_fields
from concordat.organisations.errors import NotAllowed
from concordat.organisations.models import Organisation
from concordat.organisations.rules import read_postcode

_COLUMNS = {
    "lsoa": re.compile(r"lsoa(\d\d)?_?(code|cd)?", re.IGNORECASE),
    "lsoa_name": re.compile(r"lsoa(\d\d)?_?(name|nm)", re.IGNORECASE),
    "postcode": re.compile(r"postcode|pcds?|pcd[278s]", re.IGNORECASE),
    "latitude": re.compile(r"lat(itude)?", re.IGNORECASE),
    "longitude": re.compile(r"long?(itude)?", re.IGNORECASE),
    "force": re.compile(r"pfa(\d\d)?_?(code|cd)?", re.IGNORECASE),
}

_POSTCODES = frozenset({"postcode", "latitude", "longitude", "force"})
_LSOAS = frozenset({"lsoa", "lsoa_name", "force"})
_NORTHERNMOST = 61.0
"""Degrees. The ONS gives postcodes without a point the latitude 99.999999."""


@dataclass(frozen=True, kw_only=True)
class AreaReport:
    """What one lookup file brought: rows read, kept, and left out because unusable."""

    file: str
    kind: str
    read: int
    kept: int
    left_out: int


def load_areas(
    actor: Actor, *, path: Path, progress: Callable[[int], None] | None = None
) -> AreaReport:
    """Load one ONS lookup: LSOA to police force area, or postcode to point and force area.

    Which of the two it is, is read from its header. Rows are added or updated, never removed; a
    row of an unknown force or with an unreadable code is left out and counted. `progress` is told
    how many rows were read. Raises UnusableFile for wrong columns, NotAllowed for other roles.
    """
    if not actor.holds(Role.SYSTEM, Role.ADMINISTRATOR, Role.DATA_QUALITY):
        raise NotAllowed("Loading area lookups is for administrators and data-quality staff.")
    with acting(actor, seconds=3600), SourceFile(path) as source:
        lines = source.lines()
        places = _read_header(path, next(lines).text)
        kind = "postcodes" if places.keys() >= _POSTCODES else "LSOAs"
        rows = _Rows(places, kind, progress)
        fields = (split_fields(line.text) for line in lines if not line.problem)
        _copy(kind, rows.usable(fields))
        kept = _merge(kind)
        report = AreaReport(
            file=path.name, kind=kind, read=rows.read, kept=kept, left_out=rows.left_out
        )
        record(
            actor,
            operation=Operation.ADMINISTRATION,
            action="organisations.load_areas",
            details={"file": path.name, "sha256": source.sha256, "kind": kind, "kept": kept},
        )
    return report


def _read_header(path: Path, header: str) -> dict[str, int]:
    names = split_fields(header) or []
    places = {
        column: index
        for column, pattern in _COLUMNS.items()
        for index, name in reversed(list(enumerate(names)))
        if pattern.fullmatch(name.strip())
    }
    if not (places.keys() >= _POSTCODES or places.keys() >= _LSOAS):
        raise UnusableFile(
            f"{path.name} has none of the two layouts that are understood: an LSOA lookup needs "
            "columns for LSOA code, LSOA name and police force area code; a postcode lookup needs "
            "postcode, latitude, longitude and police force area code. Nothing was loaded."
        )
    return places


class _Rows:
    """The usable rows of a lookup, counting those left out on the way."""

    def __init__(
        self, places: dict[str, int], kind: str, progress: Callable[[int], None] | None
    ) -> None:
        self.read = 0
        self.left_out = 0
        self._places = places
        self._make = self._postcode if kind == "postcodes" else self._lsoa
        self._forces = {
            code: id_
            for id_, code in Organisation.objects.exclude(ons_code="").values_list("id", "ons_code")
        }
        self._progress = progress

    def usable(self, rows: Iterator[list[str] | None]) -> Iterator[tuple[str | float | int, ...]]:
        for fields in rows:
            self.read += 1
            try:
                made = self._make(fields) if fields else None
            except (IndexError, ValueError, KeyError):
                made = None
            if made:
                yield made
            else:
                self.left_out += 1
            if self._progress and self.read % 10_000 == 0:
                self._progress(self.read)

    def _postcode(self, fields: list[str]) -> tuple[str | float | int, ...] | None:
        postcode = read_postcode(fields[self._places["postcode"]])
        latitude = float(fields[self._places["latitude"]])
        if postcode is None or not 0 < latitude <= _NORTHERNMOST:
            return None
        longitude = float(fields[self._places["longitude"]])
        return postcode, latitude, longitude, self._forces[fields[self._places["force"]]]

    def _lsoa(self, fields: list[str]) -> tuple[str | float | int, ...] | None:
        code = fields[self._places["lsoa"]]
        name = fields[self._places["lsoa_name"]]
        return (code, name, self._forces[fields[self._places["force"]]]) if code else None


_TABLES = {
    "postcodes": ("organisations_postcode_point", "code, latitude, longitude, force_id"),
    "LSOAs": ("organisations_lsoa", "code, name, force_id"),
}


def _copy(kind: str, rows: Iterator[tuple[str | float | int, ...]]) -> None:
    table, columns = _TABLES[kind]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS incoming_areas")
        cursor.execute(
            f"CREATE TEMPORARY TABLE incoming_areas ON COMMIT DROP AS "  # noqa: S608 (constants)
            f"SELECT {columns} FROM {table} WITH NO DATA"
        )
        with cursor.copy(f"COPY incoming_areas ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def _merge(kind: str) -> int:
    table, columns = _TABLES[kind]
    changes = ", ".join(
        f"{name} = EXCLUDED.{name}" for name in columns.split(", ") if name != "code"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) "  # noqa: S608 (constants)
            f"SELECT DISTINCT ON (code) {columns} FROM incoming_areas ORDER BY code "
            f"ON CONFLICT (code) DO UPDATE SET {changes}"
        )
        kept: int = cursor.rowcount
    return kept
