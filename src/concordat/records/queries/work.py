"""The supervisor's queue, what was sent back, and what is transferred between forces."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q

from concordat.access.rules import RecordKind
from concordat.audit.actions import record
from concordat.audit.rules import Operation, Subject
from concordat.base.acting import acting
from concordat.base.actor import Actor, Role
from concordat.records.errors import UnknownRecord
from concordat.records.models import Disclosure, Event, Review, Transfer
from concordat.records.rules.logged import ReviewState, TransferState
from concordat.records.rules.reports import Report
from concordat.records.rules.told_events import title_of

MOST = 500
"""Lines of a queue at most, those that have waited longest."""

QUEUE: Final = 50
"""So many events of a supervisor's queue are shown; the others move up as these are done."""


@dataclass(frozen=True, kw_only=True)
class ReviewLine:
    """One event in the hands of its supervisors, and the last that was said of it."""

    event_id: UUID
    owner_id: int
    kind: RecordKind
    title: str
    reference: str
    state: ReviewState
    note: str
    by: str
    to: str
    to_id: UUID | None
    at: datetime
    waiting_since: datetime
    recorded_by: str


@dataclass(frozen=True, kw_only=True)
class ReviewStep:
    """One step in the supervision of an event."""

    number: int
    state: ReviewState
    note: str
    by: str
    to: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class TransferDetail:
    """An event offered by one force to another, and the answer."""

    id: UUID
    owner_id: int
    to_id: int
    event_id: UUID
    kind: RecordKind
    title: str
    reference: str
    reason: str
    state: TransferState
    offered_at: datetime
    offered_by: str
    answered_at: datetime | None
    answered_by: str
    answer: str
    new_event_id: UUID | None
    new_reference: str


@dataclass(frozen=True, kw_only=True)
class TransferOffer(TransferDetail):
    """A transfer with the report that is offered."""

    report: Report


def review_queue(actor: Actor) -> tuple[ReviewLine, ...]:
    """Return the events of `actor`'s force that wait longest for review, QUEUE at most."""
    with acting(actor):
        rows = Review.objects.filter(
            owner_id=actor.organisation_id, is_current=True, state=ReviewState.WAITING
        )
        found = _lines(rows.order_by("at")[:QUEUE])
        _journal(actor, "records.review_queue", found)
    return found


def sent_back(actor: Actor) -> tuple[ReviewLine, ...]:
    """Return the events that `actor` logged and a supervisor has sent back, the oldest first."""
    with acting(actor):
        rows = Review.objects.filter(
            owner_id=actor.organisation_id,
            recorded_by_id=actor.person_id,
            is_current=True,
            state=ReviewState.SENT_BACK,
        )
        found = _lines(rows.order_by("at")[:MOST])
        _journal(actor, "records.sent_back", found)
    return found


def review_history(actor: Actor, *, event_id: UUID) -> tuple[ReviewStep, ...]:
    """Return every step in the supervision of an event of `actor`'s force, the first first."""
    with acting(actor):
        rows = Review.objects.filter(owner_id=actor.organisation_id, event_id=event_id)
        found = tuple(
            ReviewStep(
                number=row.number,
                state=ReviewState(row.state),
                note=row.note,
                by=row.by,
                to=row.to,
                at=row.at,
            )
            for row in rows.order_by("number")
        )
        record(
            actor,
            operation=Operation.CONSULTATION,
            action="records.review_history",
            subjects=[Subject("event", event_id, actor.organisation_id)] if found else [],
        )
    return found


def transfers(actor: Actor) -> tuple[TransferDetail, ...]:
    """Return what `actor`'s force has offered and been offered, the latest first."""
    with acting(actor):
        own = actor.organisation_id
        given = Transfer.objects.filter(owner_id=own).order_by("-offered_at")[:MOST]
        got = Transfer.objects.filter(to_id=own).order_by("-offered_at")[:MOST]
        found = tuple(transfer_detail(row) for row in [*given, *got])
        _journal_transfers(actor, "records.transfers", found)
    return tuple(sorted(found, key=lambda one: one.offered_at, reverse=True))


def transfers_of(actor: Actor, *, event_id: UUID) -> tuple[TransferDetail, ...]:
    """Return the transfers of an event, from either end, the latest first."""
    with acting(actor):
        rows = Transfer.objects.filter(Q(event_id=event_id) | Q(new_event_id=event_id))
        found = tuple(transfer_detail(row) for row in rows.order_by("-offered_at"))
        _journal_transfers(actor, "records.transfers_of", found)
    return found


def transfer(actor: Actor, *, transfer_id: UUID) -> TransferOffer:
    """Return a transfer with what is offered. Raises UnknownRecord unless it is of either body."""
    with acting(actor):
        row = Transfer.objects.filter(id=transfer_id).first()
        if row is None:
            raise UnknownRecord("There is no such transfer of your body.")
        detail = transfer_detail(row)
        _journal_transfers(actor, "records.transfer", [detail])
    return TransferOffer(**vars(detail), report=Report.from_json(row.content))


def waiting(actor: Actor) -> int:
    """Return how much waits for `actor`: recalls to follow, transfers to answer, events sent back.

    A number that is asked for every few seconds and names no record; what opens it is journalled.
    """
    own = actor.organisation_id
    with acting(actor):
        recalled = Disclosure.objects.filter(
            recipient_id=own, recalled_at__isnull=False, acknowledged_at=None
        )
        back = Review.objects.filter(
            owner_id=own,
            recorded_by_id=actor.person_id,
            is_current=True,
            state=ReviewState.SENT_BACK,
        )
        count = recalled.count() + back.count()
        if actor.holds(Role.SUPERVISOR, Role.SYSTEM):
            count += Transfer.objects.filter(to_id=own, state=TransferState.OFFERED).count()
    return count


def transfer_detail(row: Transfer) -> TransferDetail:
    """Return the row as pages show it."""
    return TransferDetail(
        id=row.id,
        owner_id=row.owner_id,
        to_id=row.to_id,
        event_id=row.event_id,
        kind=RecordKind(row.event_kind),
        title=row.title,
        reference=row.reference,
        reason=row.reason,
        state=TransferState(row.state),
        offered_at=row.offered_at,
        offered_by=row.offered_by,
        answered_at=row.answered_at,
        answered_by=row.answered_by,
        answer=row.answer,
        new_event_id=row.new_event_id,
        new_reference=row.new_reference,
    )


def _lines(rows: Iterable[Review]) -> tuple[ReviewLine, ...]:
    reviews = list(rows)
    events = {row.id: row for row in Event.objects.filter(id__in=[r.event_id for r in reviews])}
    return tuple(
        _line(review, events[review.event_id]) for review in reviews if review.event_id in events
    )


def _line(review: Review, event: Event) -> ReviewLine:
    kind = RecordKind(event.kind)
    told = event.details.get("report", {}).get("fields", {})
    return ReviewLine(
        event_id=event.id,
        owner_id=event.owner_id,
        kind=kind,
        title=title_of(kind, event.category, told),
        reference=event.reference,
        state=ReviewState(review.state),
        note=review.note,
        by=review.by,
        to=review.to,
        to_id=review.to_id,
        at=review.at,
        waiting_since=review.at,
        recorded_by=review.recorded_by,
    )


def _journal(reader: Actor, action: str, found: Iterable[ReviewLine]) -> None:
    record(
        reader,
        operation=Operation.CONSULTATION,
        action=action,
        subjects=[Subject("event", one.event_id, one.owner_id) for one in found],
    )


def _journal_transfers(reader: Actor, action: str, found: Iterable[TransferDetail]) -> None:
    record(
        reader,
        operation=Operation.CONSULTATION,
        action=action,
        subjects=[Subject("event", one.event_id, one.owner_id) for one in found],
    )
