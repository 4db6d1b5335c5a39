"""The words of the journal. Source: Data Protection Act 2018, section 62 (logging)."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

LANES = 8
"""How many chains are written side by side, so that writers seldom wait for each other."""


class Operation(StrEnum):
    """The six operations that section 62 names, and the running of the service itself."""

    COLLECTION = "collection"
    ALTERATION = "alteration"
    CONSULTATION = "consultation"
    DISCLOSURE = "disclosure"
    COMBINATION = "combination"
    ERASURE = "erasure"
    ADMINISTRATION = "administration"

    @property
    def label(self) -> str:
        """The operation in plain English."""
        return self.value.capitalize()


@dataclass(frozen=True)
class Subject:
    """One record that an operation touched: its kind, its id, and the organisation that owns it."""

    kind: str
    id: UUID
    owner_id: int


@dataclass(frozen=True)
class Position:
    """Where an entry stands: its lane, its number there, and its hash as hexadecimal digits."""

    entry_id: UUID
    lane: int
    seq: int
    hash: str
