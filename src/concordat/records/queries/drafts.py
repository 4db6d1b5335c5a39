"""Drafts: one's own, and those of one's force for a supervisor."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from concordat.access.rules import RecordKind
from concordat.audit.actions import record
from concordat.audit.rules import Operation, Subject
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.records.errors import UnknownRecord
from concordat.records.models import Draft
from concordat.records.rules.logged import DraftState
from concordat.records.rules.reports import Report

NOBODY: Final = UUID(int=0)
"""Who holds a draft of the service, which has none."""


@dataclass(frozen=True, kw_only=True)
class DraftDetail:
    """A draft as its page shows it. `handed_by_name` is who handed it over and waits for it.

    `event_id` and `reference` are those of the event that it became.
    """

    id: UUID
    owner_id: int
    held_by: UUID
    held_by_name: str
    handed_by_name: str
    kind: RecordKind
    report: Report
    revision: int
    state: DraftState
    event_id: UUID | None
    reference: str
    saved_at: datetime
    started_at: datetime
    started_by: str


def draft(actor: Actor, *, draft_id: UUID) -> DraftDetail:
    """Return a draft that `actor` holds, has just handed over, or supervises.

    Raises UnknownRecord alike for one that isn't there and one that isn't theirs to see.
    """
    with acting(actor):
        row = Draft.objects.filter(id=draft_id).first()
        if row is None:
            raise UnknownRecord("There is no such draft, or it is somebody else’s.")
        record(
            actor,
            operation=Operation.CONSULTATION,
            action="records.draft",
            subjects=[Subject("draft", row.id, row.owner_id)],
        )
    return draft_detail(row)


def my_drafts(actor: Actor) -> tuple[DraftDetail, ...]:
    """Return the open drafts that `actor` holds, the one saved last first."""
    with acting(actor):
        rows = Draft.objects.filter(
            owner_id=actor.organisation_id, held_by=actor.person_id or NOBODY, state=DraftState.OPEN
        )
        found = tuple(draft_detail(row) for row in rows.order_by("-saved_at"))
        record(
            actor,
            operation=Operation.CONSULTATION,
            action="records.my_drafts",
            subjects=[Subject("draft", one.id, one.owner_id) for one in found],
        )
    return found


def draft_detail(row: Draft) -> DraftDetail:
    """Return the row as pages show it."""
    return DraftDetail(
        id=row.id,
        owner_id=row.owner_id,
        held_by=row.held_by,
        held_by_name=row.held_by_name,
        handed_by_name=row.handed_by_name,
        kind=RecordKind(row.event_kind),
        report=Report.from_json(row.content),
        revision=row.revision,
        state=DraftState(row.state),
        event_id=row.event_id,
        reference=row.reference,
        saved_at=row.saved_at,
        started_at=row.started_at,
        started_by=row.started_by,
    )
