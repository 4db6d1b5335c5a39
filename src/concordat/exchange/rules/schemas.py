"""What the columns of a file hold, as a JSON Schema (draft 2020-12) of one row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from concordat.access.rules import RecordKind

_INTEGER: Final = {"type": "integer"}
_TYPES: Final[Mapping[str, Mapping[str, str]]] = {
    "smallint": _INTEGER,
    "integer": _INTEGER,
    "bigint": _INTEGER,
    "double precision": {"type": "number"},
    "numeric": {"type": "string", "description": "a decimal number, exact"},
    "boolean": {"type": "string", "description": "t or f"},
    "text": {"type": "string"},
    "uuid": {"type": "string", "format": "uuid"},
    "date": {"type": "string", "format": "date"},
    "timestamp with time zone": {
        "type": "string",
        "description": "an instant in UTC to the microsecond: 2026-11-21 09:30:00.123456+00",
    },
    "jsonb": {"type": "string", "contentMediaType": "application/json"},
    "bytea": {"type": "string", "description": "bytes as hexadecimal digits after \\x"},
}


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: its name, PostgreSQL’s name of its type, whether it can be without a value."""

    name: str
    type: str
    nullable: bool


def json_schema(
    *, file: str, about: str, columns: Sequence[Column], key: Sequence[str]
) -> dict[str, Any]:
    """Return the JSON Schema of one row of a file; `key` names the columns that identify it."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": file,
        "description": f"One row: {about}.",
        "type": "object",
        "required": [column.name for column in columns],
        "additionalProperties": False,
        "properties": {column.name: _property(column) for column in columns},
        "x-key": list(key),
    }


def _property(column: Column) -> dict[str, Any]:
    described: dict[str, Any] = dict(
        _TYPES.get(column.type)
        or {"type": "string", "description": f"as PostgreSQL writes the type {column.type}"}
    )
    if column.name == "kind":
        described["oneOf"] = [{"const": kind.value, "title": kind.label} for kind in RecordKind]
    if column.nullable:
        described["type"] = [described["type"], "null"]
    return described
