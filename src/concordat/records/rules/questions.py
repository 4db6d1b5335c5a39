"""What a search asks of the register, and what it gets back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from concordat.access.rules import RecordKind
from concordat.records.rules.events import Precision

PAGE_SIZE = 25
EXPORT_LIMIT = 10_000
"""Rows in one export. Larger ones are refused: narrow the question."""


@dataclass(frozen=True, kw_only=True)
class Near:
    """A point (WGS 84 degrees) and how far around it, in metres."""

    latitude: float
    longitude: float
    metres: int


@dataclass(frozen=True, kw_only=True)
class Question:
    """Which events are asked for. What is empty or None doesn't narrow.

    `words` must all be words of the place; the last may be only the beginning of one if
    `last_is_prefix`. `elsewhere` asks for events that lie in another force's area than their
    owner's; with `area_ids`, for those that lie in one of these areas and are owned by another.
    `occurred_until` is exclusive.
    """

    words: Sequence[str] = ()
    last_is_prefix: bool = False
    owner_ids: Sequence[int] = ()
    kinds: Sequence[RecordKind] = ()
    categories: Sequence[str] = ()
    outcomes: Sequence[str] = ()
    occurred_from: datetime | None = None
    occurred_until: datetime | None = None
    near: Near | None = None
    lsoa_code: str = ""
    area_ids: Sequence[int] = ()
    elsewhere: bool = False
    in_conflict: bool = False
    reference: str = ""
    place_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class EventRow:
    """One event in a list of results."""

    id: UUID
    owner_id: int
    kind: RecordKind
    category: str
    outcome: str
    occurred_from: datetime
    occurred_until: datetime
    precision: Precision
    location: str
    lsoa_name: str
    latitude: float | None
    longitude: float | None
    area_id: int | None
    reference: str
    in_conflict: bool

    @property
    def lies_elsewhere(self) -> bool:
        """Whether it lies in another force's area than its owner's."""
        return self.area_id is not None and self.area_id != self.owner_id


@dataclass(frozen=True, kw_only=True)
class Count:
    """How many of the results have one value of something."""

    key: int | str
    count: int


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """How many results lie around one point of the overview map."""

    latitude: float
    longitude: float
    count: int


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One page of results, newest first, and what all of them count up to."""

    rows: tuple[EventRow, ...]
    total: int
    page: int
    by_owner: tuple[Count, ...]
    by_category: tuple[Count, ...]
    clusters: tuple[Cluster, ...]

    @property
    def pages(self) -> int:
        """How many pages there are; one even when nothing was found."""
        return max(1, -(-self.total // PAGE_SIZE))


@dataclass(frozen=True, kw_only=True)
class Pointer:
    """That a force holds a record of this reference, and nothing else of it."""

    owner_id: int
    kind: RecordKind
    agreement_id: UUID
    clause: int
