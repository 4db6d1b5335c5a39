"""The references under which events are logged: short enough to be said over a radio.

"42/26/C000123" is the 123rd crime that force 42 logged in 2026. The letter of a kind stands in
`standard/kinds.csv`.
"""

import re
from dataclasses import dataclass
from typing import Final

from concordat.access.rules import RecordKind
from concordat.records.rules.standard_tables import table

_LETTERS: Final = {
    RecordKind.from_code(row["kind"]): row["letter"] for row in table("kinds") if row["letter"]
}
_KINDS: Final = {letter: kind for kind, letter in _LETTERS.items()}
_REFERENCE: Final = re.compile(r"\s*([A-Z0-9]{1,4})\s*/\s*(\d\d)\s*/\s*([A-Z])\s*(\d{1,9})\s*")


@dataclass(frozen=True, kw_only=True)
class Reference:
    """The parts of a reference. `year` has its century."""

    force_code: str
    year: int
    kind: RecordKind
    number: int


def event_reference(force_code: str, year: int, number: int, kind: RecordKind) -> str:
    """Return the reference of the `number`-th event of a kind that a force logged in a year.

    Raises KeyError if the kind is not one of events.

    >>> event_reference("42", 2026, 123, RecordKind.CRIME)
    '42/26/C000123'
    """
    return f"{force_code}/{year % 100:02}/{_LETTERS[kind]}{number:06}"


def read_reference(text: str) -> Reference | None:
    """Return what a reference says, None if `text` is none. Zeros may be left out."""
    found = _REFERENCE.fullmatch(text.upper())
    if not found or found[3] not in _KINDS:
        return None
    return Reference(
        force_code=found[1], year=2000 + int(found[2]), kind=_KINDS[found[3]], number=int(found[4])
    )
