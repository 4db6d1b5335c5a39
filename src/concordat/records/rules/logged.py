"""The states of what is logged: drafts, reviews, transfers; and how sure a link is."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from concordat.access.rules import RecordKind


class DraftState(StrEnum):
    """What became of a draft."""

    OPEN = "open"
    SUBMITTED = "submitted"
    DISCARDED = "discarded"

    @property
    def label(self) -> str:
        """The state in plain English."""
        return {
            DraftState.OPEN: "Not submitted yet",
            DraftState.SUBMITTED: "Submitted",
            DraftState.DISCARDED: "Discarded",
        }[self]


class ReviewState(StrEnum):
    """How far the supervision of an event is."""

    WAITING = "waiting"
    SENT_BACK = "sent_back"
    APPROVED = "approved"
    ALLOCATED = "allocated"

    @property
    def label(self) -> str:
        """The state in plain English."""
        return {
            ReviewState.WAITING: "Waiting for review",
            ReviewState.SENT_BACK: "Sent back",
            ReviewState.APPROVED: "Approved",
            ReviewState.ALLOCATED: "Allocated",
        }[self]


NEXT: Mapping[ReviewState, frozenset[ReviewState]] = {
    ReviewState.WAITING: frozenset(
        {ReviewState.SENT_BACK, ReviewState.APPROVED, ReviewState.ALLOCATED}
    ),
    ReviewState.SENT_BACK: frozenset(
        {ReviewState.WAITING, ReviewState.APPROVED, ReviewState.ALLOCATED}
    ),
    ReviewState.APPROVED: frozenset({ReviewState.SENT_BACK, ReviewState.ALLOCATED}),
    ReviewState.ALLOCATED: frozenset(
        {ReviewState.SENT_BACK, ReviewState.APPROVED, ReviewState.ALLOCATED}
    ),
}
"""What may follow upon each state. What was sent back waits again once it is amended."""


class TransferState(StrEnum):
    """What became of the offer of an event to another force."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"

    @property
    def label(self) -> str:
        """The state in plain English."""
        return {
            TransferState.OFFERED: "Waiting for an answer",
            TransferState.ACCEPTED: "Accepted",
            TransferState.DECLINED: "Declined",
        }[self]


class Confidence(StrEnum):
    """How sure whoever states a link is of it."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def label(self) -> str:
        """The confidence in plain English."""
        return self.value.capitalize()


@dataclass(frozen=True)
class RecordRef:
    """One record, named by its kind and id."""

    kind: RecordKind
    id: UUID
