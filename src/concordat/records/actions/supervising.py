"""What supervisors do with an event: send it back, approve it, allocate it."""

from uuid import UUID

from concordat.access.rules import RECORDING_ROLES, RecordKind
from concordat.audit.actions import record
from concordat.audit.rules import Operation, Subject
from concordat.base.acting import acting
from concordat.base.actor import Actor, Role
from concordat.base.clock import now
from concordat.organisations.queries import actor_of
from concordat.records.actions.recording import insert
from concordat.records.errors import (
    NotAllowedToReview,
    UnknownRecord,
    WrongDetails,
    WrongState,
)
from concordat.records.models import Event, Review
from concordat.records.rules.logged import NEXT, ReviewState


def check_can_review(actor: Actor, *, owner_id: int) -> None:
    """Raise NotAllowedToReview, with the reason, unless `actor` supervises this force."""
    if not actor.holds(Role.SUPERVISOR, Role.SYSTEM):
        raise NotAllowedToReview(f"{actor.person_name} does not hold the role of supervisor.")
    if owner_id != actor.organisation_id:
        raise NotAllowedToReview("Its own force’s supervisors review an event.")


def can_review(actor: Actor, *, owner_id: int) -> bool:
    """Whether `actor` supervises what this force logs."""
    return actor.holds(Role.SUPERVISOR, Role.SYSTEM) and owner_id == actor.organisation_id


def send_back(actor: Actor, *, event_id: UUID, note: str) -> None:
    """Send an event back to whoever logged it, with a note of what to do.

    Raises NotAllowedToReview, UnknownRecord, WrongDetails without a note, WrongState.
    """
    if not note.strip():
        raise WrongDetails("Say in a note what is to be done.")
    with acting(actor):
        _step(actor, event_id, ReviewState.SENT_BACK, note)
        _journal(actor, "records.send_back", event_id, note)


def approve(actor: Actor, *, event_id: UUID, note: str = "") -> None:
    """Approve an event. Raises NotAllowedToReview, UnknownRecord, WrongState."""
    with acting(actor):
        _step(actor, event_id, ReviewState.APPROVED, note)
        _journal(actor, "records.approve", event_id, note)


def allocate(actor: Actor, *, event_id: UUID, to_person_id: UUID, note: str = "") -> None:
    """Give an event to a colleague of one's own force, who is to deal with it.

    Raises NotAllowedToReview, for somebody who can't take it as well; UnknownRecord, WrongState.
    """
    colleague = actor_of(to_person_id, purpose=actor.purpose)
    if (
        colleague is None
        or colleague.organisation_id != actor.organisation_id
        or not colleague.holds(*RECORDING_ROLES)
    ):
        raise NotAllowedToReview("An event is allocated to a colleague who works with records.")
    with acting(actor):
        _step(actor, event_id, ReviewState.ALLOCATED, note, to=colleague)
        _journal(actor, "records.allocate", event_id, note, to=str(to_person_id))


def _step(
    by: Actor, event_id: UUID, state: ReviewState, note: str, *, to: Actor | None = None
) -> None:
    """Append a step that takes the place of the last one."""
    event = Event.objects.filter(id=event_id).first()
    check_can_review(by, owner_id=event.owner_id if event else by.organisation_id)
    if event is None:
        raise UnknownRecord("There is no such event, or it is not shared with you.")
    rows = Review.objects.filter(owner_id=event.owner_id, event_id=event_id, is_current=True)
    last = rows.select_for_update(of=("self",)).first()
    if last is None:
        raise WrongState("This event was loaded from a file: there is nothing to review.")
    if state not in NEXT[ReviewState(last.state)]:
        raise WrongState(f"This event is {ReviewState(last.state).label.lower()} already.")
    rows.filter(number=last.number).update(is_current=False)
    insert(
        Review,
        [
            {
                "owner_id": event.owner_id,
                "kind": RecordKind.WORK.value,
                "event_id": event_id,
                "event_compartment": event.compartment,
                "number": last.number + 1,
                "state": state.value,
                "note": note.strip(),
                "by_id": by.person_id,
                "by": by.person_name,
                "to_id": to.person_id if to else None,
                "to": to.person_name if to else "",
                "recorded_by_id": last.recorded_by_id,
                "recorded_by": last.recorded_by,
                "at": now(),
                "is_current": True,
            }
        ],
    )


def _journal(by: Actor, action: str, event_id: UUID, note: str, **details: str) -> None:
    record(
        by,
        operation=Operation.ALTERATION,
        action=action,
        subjects=[Subject("event", event_id, by.organisation_id)],
        details={"note": note, **details},
    )
