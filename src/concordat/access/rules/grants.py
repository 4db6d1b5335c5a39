"""What one clause of one agreement gives one body to read of another's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from concordat.access.rules.kinds import Level, RecordKind
from concordat.base.actor import Purpose, Role

POINTERS_PER_HOUR = 60
"""How many pointer look-ups one person may make in an hour."""


@dataclass(frozen=True, kw_only=True)
class GrantTerms:
    """What one clause of one agreement gives one body to read of another's, from when until when.

    `valid_until` is exclusive; None means until the agreement is ended.
    """

    agreement_id: UUID
    agreement_version: int
    clause: int
    owner_id: int
    recipient_id: int
    kind: RecordKind
    level: Level
    roles: Sequence[Role]
    purposes: Sequence[Purpose]
    valid_from: datetime
    valid_until: datetime | None


@dataclass(frozen=True, kw_only=True)
class WrittenGrant(GrantTerms):
    """A grant as it stands in the register of grants, whether it opens anything now or not.

    `retired_at` is when a later version of its agreement took its place, None if none has.
    """

    retired_at: datetime | None = None

    def is_open(self, moment: datetime) -> bool:
        """Whether it opens anything at `moment`."""
        return (
            self.retired_at is None
            and self.valid_from <= moment
            and (self.valid_until is None or moment < self.valid_until)
        )

    def is_ahead(self, moment: datetime) -> bool:
        """Whether it has yet to begin at `moment`."""
        return self.retired_at is None and moment < self.valid_from

    @property
    def ended_at(self) -> datetime | None:
        """From when on it opens nothing any more; None if that is not known yet."""
        ends = [moment for moment in (self.valid_until, self.retired_at) if moment]
        return min(ends) if ends else None
