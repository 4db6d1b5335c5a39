"""What an event is, whatever file told of it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from concordat.access.rules import RecordKind


class Precision(StrEnum):
    """How exactly the source knows when it happened."""

    MONTH = "month"
    DAY = "day"
    MINUTE = "minute"
    SECOND = "second"


class Source(StrEnum):
    """Where events come from."""

    POLICE_UK_STREET = "police.uk street"
    POLICE_UK_STOP_SEARCH = "police.uk stop and search"
    CONCORDAT = "concordat"
    """Logged here."""

    @property
    def label(self) -> str:
        """The source in plain English."""
        if self is Source.CONCORDAT:
            return "Logged in Concordat"
        return f"data.police.uk monthly {self.value.removeprefix('police.uk ')} file"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPlace:
    """Where a source row says it happened. Empty text and None mean: not said.

    `cell` and `map_cell` are the squares it lies in (`concordat.records.rules.grid`).
    """

    location: str
    lsoa_code: str
    lsoa_name: str
    latitude: float | None
    longitude: float | None
    cell: int | None
    map_cell: int | None
    fingerprint: str | None
    """32 hexadecimal digits made of all of the above; None if nothing is said."""


@dataclass(slots=True, kw_only=True)  # not frozen: one is made for each of millions of rows
class ReadEvent:
    """A source row that was understood.

    `identity` is the source's own identifier, "" if it gives none. `content` is made of every
    value of the row (32 hexadecimal digits), so that two rows of equal content say the same.
    """

    owner_id: int
    kind: RecordKind
    identity: str
    content: str
    category: str
    outcome: str
    occurred_from: datetime
    occurred_until: datetime
    precision: Precision
    place: ReadPlace
    details: dict[str, str] = field(default_factory=dict)


class Unreadable(ValueError):
    """A source row that can't be understood; the message is the reason shown to its owner."""
