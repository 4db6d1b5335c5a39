"""The manifest: what an export holds, with counts and hashes, and for which force."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

FORMAT: Final = 1
"""The version of the layout. An installation refuses one that it doesn’t know."""


@dataclass(frozen=True, kw_only=True)
class Force:
    """A body by its number, which owns records, and its code."""

    id: int
    code: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Table:
    """One file of rows. `sha256` is of the file; `columns` are in the file’s order."""

    table: str
    file: str
    rows: int
    sha256: str
    columns: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class File:
    """One file that is there to be read and isn’t taken in."""

    file: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """All that an export holds. `bodies` are those whose numbers the rows may name."""

    force: Force
    made_at: str
    tables: tuple[Table, ...]
    files: tuple[File, ...]
    bodies: tuple[Force, ...]

    @property
    def rows(self) -> int:
        """How many rows an import takes in."""
        return sum(table.rows for table in self.tables)


def as_json(manifest: Manifest) -> str:
    """Return the manifest as it is written."""
    return json.dumps({"format": FORMAT, **asdict(manifest)}, indent=2, ensure_ascii=False) + "\n"


def read_manifest(text: str) -> Manifest:
    """Return what was written. Raises ValueError, saying what is wrong with it."""
    told = json.loads(text)
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise ValueError(f"the manifest is not of format {FORMAT}")
    try:
        return Manifest(
            force=Force(**told["force"]),
            made_at=told["made_at"],
            tables=tuple(_table(one) for one in told["tables"]),
            files=tuple(File(**one) for one in told["files"]),
            bodies=_bodies(told["bodies"]),
        )
    except (KeyError, TypeError) as problem:
        raise ValueError(f"the manifest lacks something: {problem}") from problem


def _table(told: dict[str, Any]) -> Table:
    return Table(**{**told, "columns": tuple(told["columns"])})


def _bodies(told: Sequence[dict[str, Any]]) -> tuple[Force, ...]:
    return tuple(Force(**one) for one in told)
