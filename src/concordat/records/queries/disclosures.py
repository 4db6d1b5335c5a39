"""The register of disclosures: what was told to whom, and what was recalled."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from concordat.access.rules import RecordKind
from concordat.audit.actions import record
from concordat.audit.rules import Operation, Subject
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.records.errors import UnknownRecord
from concordat.records.models import Disclosure

MOST = 500
"""Disclosures shown at most, the latest first."""


@dataclass(frozen=True, kw_only=True)
class DisclosureDetail:
    """One telling of an event to one body.

    `content` is what was told, by the label of each part; empty for a recipient once it is
    recalled. `codes` are those of its handling.
    """

    id: UUID
    event_id: UUID
    kind: RecordKind
    owner_id: int
    originator_id: int
    recipient_id: int
    title: str
    reference: str
    content: dict[str, str]
    sanitised: bool
    codes: dict[str, str]
    purpose: str
    quality: str
    originator_agrees: str
    onward_of: UUID | None
    disclosed_at: datetime
    disclosed_by: str
    recalled_at: datetime | None
    recalled_by: str
    recalled_because: str
    acknowledged_at: datetime | None
    acknowledged_by: str


def disclosures_of(actor: Actor, *, event_id: UUID) -> tuple[DisclosureDetail, ...]:
    """Return every disclosure of an event that `actor`'s body gave, got, or passed on."""
    with acting(actor):
        rows = Disclosure.objects.filter(event_id=event_id).order_by("-disclosed_at")[:MOST]
        return _told(actor, "records.disclosures_of", rows)


def disclosures_to(actor: Actor) -> tuple[DisclosureDetail, ...]:
    """Return what other bodies have disclosed to `actor`'s, the latest first."""
    with acting(actor):
        rows = Disclosure.objects.filter(recipient_id=actor.organisation_id)
        return _told(actor, "records.disclosures_to", rows.order_by("-disclosed_at")[:MOST])


def disclosure(actor: Actor, *, disclosure_id: UUID) -> DisclosureDetail:
    """Return one disclosure that `actor`'s body gave, got or passed on. Raises UnknownRecord."""
    with acting(actor):
        rows = Disclosure.objects.filter(id=disclosure_id)
        found = _told(actor, "records.disclosure", rows)
        if not found:
            raise UnknownRecord("There is no such disclosure of your body.")
    return found[0]


def _told(reader: Actor, action: str, rows: Iterable[Disclosure]) -> tuple[DisclosureDetail, ...]:
    found = tuple(_detail(row, reader.organisation_id) for row in rows)
    record(
        reader,
        operation=Operation.CONSULTATION,
        action=action,
        subjects=[Subject("event", one.event_id, one.originator_id) for one in found],
    )
    return found


def _detail(row: Disclosure, reader_id: int) -> DisclosureDetail:
    withdrawn = row.recalled_at is not None and row.recipient_id == reader_id
    return DisclosureDetail(
        id=row.id,
        event_id=row.event_id,
        kind=RecordKind(row.event_kind),
        owner_id=row.owner_id,
        originator_id=row.originator_id,
        recipient_id=row.recipient_id,
        title="" if withdrawn else row.title,
        reference=row.reference,
        content={} if withdrawn else dict(row.content),
        sanitised=row.sanitised,
        codes=dict(row.codes),
        purpose=row.purpose,
        quality=row.quality,
        originator_agrees=row.originator_agrees,
        onward_of=row.onward_of_id,
        disclosed_at=row.disclosed_at,
        disclosed_by=row.disclosed_by,
        recalled_at=row.recalled_at,
        recalled_by=row.recalled_by,
        recalled_because=row.recalled_because,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=row.acknowledged_by,
    )
