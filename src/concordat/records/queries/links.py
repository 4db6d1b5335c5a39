"""What a record is tied to: the other ends that the actor may read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from concordat.access.rules import EVENT_KINDS, RecordKind
from concordat.audit.actions import record
from concordat.audit.rules import Operation, Subject
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.records.models import Link
from concordat.records.queries.labels import named
from concordat.records.rules.logged import Confidence, RecordRef
from concordat.records.rules.told_events import tie_label

MOST = 500
"""Links of one record that are shown at most, the latest first."""


@dataclass(frozen=True, kw_only=True)
class LinkDetail:
    """A link read from one end. `label` says what it means from there; `reason` is its code."""

    id: UUID
    owner_id: int
    reason: str
    label: str
    other_id: UUID
    other_kind: RecordKind
    other_owner_id: int
    other_label: str
    since: date | None
    until: date | None
    stated_by: str
    confidence: Confidence
    assessment: bool
    event_id: UUID | None
    recorded_at: datetime
    recorded_by: str
    ended_at: datetime | None
    ended_because: str


def links_of(actor: Actor, *, record_id: UUID, kind: RecordKind) -> tuple[LinkDetail, ...]:
    """Return the links of one record, ended ones last, as far as `actor` may read both ends."""
    with acting(actor):
        found = read_links([record_id])
        record(
            actor,
            operation=Operation.CONSULTATION,
            action="records.links_of",
            subjects=[Subject(subject_kind(one.other_kind), one.other_id, one.other_owner_id)
                      for one in found],
            details={"record": str(record_id), "kind": kind.code},
        )  # fmt: skip
    return found


def read_links(ids: Iterable[UUID]) -> tuple[LinkDetail, ...]:
    """Return the links of these records as `links_of` does. To be called inside `acting`."""
    wanted = list(ids)
    lefts = Link.objects.filter(left_id__in=wanted).order_by("-recorded_at")[:MOST]
    rights = Link.objects.filter(right_id__in=wanted).order_by("-recorded_at")[:MOST]
    sides = [(row, True) for row in lefts] + [(row, False) for row in rights]
    names = named(
        RecordRef(RecordKind(kind), id_)
        for kind, id_ in (
            (row.right_kind, row.right_id) if from_left else (row.left_kind, row.left_id)
            for row, from_left in sides
        )
    )
    found = []
    for row, from_left in sides:
        other = names.get(row.right_id if from_left else row.left_id)
        if other is None:
            continue
        found.append(
            LinkDetail(
                id=row.id,
                owner_id=row.owner_id,
                reason=row.reason,
                label=tie_label(row.reason, kind=RecordKind(row.left_kind), from_left=from_left),
                other_id=other.id,
                other_kind=other.kind,
                other_owner_id=other.owner_id,
                other_label=other.label,
                since=row.since,
                until=row.until,
                stated_by=row.stated_by,
                confidence=Confidence(row.confidence),
                assessment=row.assessment,
                event_id=row.event_id,
                recorded_at=row.recorded_at,
                recorded_by=row.recorded_by,
                ended_at=row.ended_at,
                ended_because=row.ended_because,
            )
        )
    found.sort(key=lambda one: (one.ended_at is not None, -one.recorded_at.timestamp(), one.label))
    return tuple(found)


def subject_kind(kind: RecordKind) -> str:
    """Return what the journal calls a record of this kind."""
    if kind in (RecordKind.PERSON, RecordKind.PLACE):
        return kind.code
    return "event" if kind in EVENT_KINDS else "item"
