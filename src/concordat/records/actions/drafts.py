"""Drafts: beginning one, saving it as it goes, handing it over, and making it an event."""

from typing import Final
from uuid import UUID

from django.db.models import F, QuerySet

from concordat.access.rules import RECORDING_ROLES, RecordKind
from concordat.audit.actions import record
from concordat.audit.rules import Operation, Subject
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.base.clock import LONDON, now
from concordat.base.ids import new_id
from concordat.organisations.queries import actor_of
from concordat.records.actions.logging import Entry, Logged
from concordat.records.actions.recording import check_can_record, insert
from concordat.records.errors import (
    AlreadyLogged,
    NotAllowedToRecord,
    NotYourDraft,
    StaleDraft,
    UnknownRecord,
    WrongState,
)
from concordat.records.models import Draft
from concordat.records.queries.drafts import NOBODY, DraftDetail, draft_detail
from concordat.records.rules.logged import DraftState
from concordat.records.rules.reports import Report
from concordat.records.rules.telling import read_telling

_UNTOLD: Final = RecordKind.INCIDENT
"""What a draft is of as long as nothing says it."""


def start_draft(actor: Actor, *, telling: str = "", kind: RecordKind | None = None) -> DraftDetail:
    """Begin a report, from one line that tells what happened, or of a kind, or empty.

    The line is kept as it was typed. Raises NotAllowedToRecord; a draft is held by a person.
    """
    check_can_record(actor)
    if actor.person_id is None:
        raise NotAllowedToRecord("A draft is held by a person: say who, with --as.")
    at = now()
    report = _begun(actor, telling, kind)
    draft_id = new_id()
    with acting(actor):
        insert(
            Draft,
            [
                {
                    "id": draft_id,
                    "owner_id": actor.organisation_id,
                    "kind": RecordKind.DRAFT.value,
                    "held_by": actor.person_id,
                    "held_by_name": actor.person_name,
                    "handed_by": None,
                    "handed_by_name": "",
                    "event_kind": report.kind.value,
                    "content": report.as_json(),
                    "revision": 1,
                    "state": DraftState.OPEN.value,
                    "event_id": None,
                    "reference": "",
                    "started_at": at,
                    "started_by": actor.person_name,
                    "saved_at": at,
                }
            ],
        )
        _journal(actor, "records.start_draft", draft_id, Operation.COLLECTION)
        return draft_detail(Draft.objects.get(id=draft_id))


def save_draft(actor: Actor, *, draft_id: UUID, revision: int, report: Report) -> DraftDetail:
    """Keep a draft as it is now; `revision` is the one that was worked on.

    The same content again changes nothing. Raises StaleDraft if another save came between,
    NotYourDraft, AlreadyLogged once it is submitted, WrongState once it is discarded.
    """
    with acting(actor):
        saved = _open(actor, draft_id).filter(revision=revision)
        changed = saved.update(
            content=report.as_json(),
            event_kind=report.kind.value,
            revision=F("revision") + 1,
            saved_at=now(),
            handed_by=None,
        )
        current = draft_detail(_row(draft_id))
        if not changed:
            _check_holds(actor, current)
            if current.report.as_json() != report.as_json():
                raise StaleDraft(current)
        _journal(actor, "records.save_draft", draft_id)
    return current


def hand_over(actor: Actor, *, draft_id: UUID, to_person_id: UUID) -> None:
    """Give a draft to a colleague of one's own force, who goes on with it.

    Raises NotYourDraft, and NotAllowedToRecord for somebody who can't take it.
    """
    colleague = actor_of(to_person_id, purpose=actor.purpose)
    if (
        colleague is None
        or colleague.organisation_id != actor.organisation_id
        or not colleague.holds(*RECORDING_ROLES)
    ):
        raise NotAllowedToRecord(
            "A draft goes to a colleague of your own force who works with records."
        )
    with acting(actor):
        changed = _open(actor, draft_id).update(
            held_by=to_person_id,
            held_by_name=colleague.person_name,
            handed_by=actor.person_id,
            handed_by_name=actor.person_name,
        )
        if not changed:
            _check_holds(actor, draft_detail(_row(draft_id)))
        _journal(actor, "records.hand_over", draft_id, to=str(to_person_id))


def discard_draft(actor: Actor, *, draft_id: UUID) -> None:
    """Put a draft away. It is kept, and nobody's to go on with. Raises NotYourDraft."""
    with acting(actor):
        changed = _open(actor, draft_id).update(state=DraftState.DISCARDED, saved_at=now())
        if not changed:
            _check_holds(actor, draft_detail(_row(draft_id)))
        _journal(actor, "records.discard_draft", draft_id)


def submit(actor: Actor, *, draft_id: UUID, revision: int) -> Logged:
    """Make a draft an event, with everybody and everything in it, in one transaction.

    Submitting what is submitted returns its event. Raises NotReady if something is missing without
    which it can't be, StaleDraft if it was saved since, NotYourDraft, WrongState once discarded.
    """
    with acting(actor):
        # Whoever submits at the same time waits here, and then finds it submitted.
        taken = _open(actor, draft_id).filter(revision=revision).update(saved_at=now())
        current = draft_detail(_row(draft_id))
        if not taken:
            return _submitted(actor, current)
        check_can_record(actor)
        logged = Entry(actor, current.report).write()
        _open(actor, draft_id).update(
            state=DraftState.SUBMITTED,
            event_id=logged.event_id,
            reference=logged.reference,
            handed_by=None,
        )
        _journal(actor, "records.submit", draft_id, event=str(logged.event_id))
    return logged


def _begun(by: Actor, telling: str, kind: RecordKind | None) -> Report:
    """Return the report that a line begins, with what needn't be asked filled in."""
    at = now().astimezone(LONDON)
    told = read_telling(telling, today=at.date())
    prefilled = {
        "reported_date": at.date().isoformat(),
        "reported_time": f"{at:%H:%M}",
        "officer": by.person_name,
    }
    line = {"summary": telling.strip()} if telling.strip() else {}
    return Report(
        kind=kind or told.kind or _UNTOLD,
        fields={**prefilled, **line, **{k: v for k, v in told.fields.items() if v.strip()}},
        participants=told.participants,
        things=told.things,
        places=told.places,
    )


def _open(by: Actor, draft_id: UUID) -> QuerySet[Draft]:
    return Draft.objects.filter(id=draft_id, held_by=by.person_id or NOBODY, state=DraftState.OPEN)


def _row(draft_id: UUID) -> Draft:
    row = Draft.objects.filter(id=draft_id).first()
    if row is None:
        raise UnknownRecord("There is no such draft, or it is somebody else’s.")
    return row


def _check_holds(by: Actor, current: DraftDetail) -> None:
    """Raise the reason why a draft can't be worked on; nothing if it can."""
    if current.held_by != by.person_id:
        raise NotYourDraft(f"{current.held_by_name} holds this draft now.")
    if current.state is DraftState.SUBMITTED and current.event_id:
        raise AlreadyLogged(current.event_id)
    if current.state is DraftState.DISCARDED:
        raise WrongState("This draft has been discarded.")


def _submitted(by: Actor, current: DraftDetail) -> Logged:
    if current.state is DraftState.SUBMITTED and current.event_id:
        return Logged(event_id=current.event_id, reference=current.reference, version=1)
    _check_holds(by, current)
    raise StaleDraft(current)


def _journal(
    by: Actor,
    action: str,
    draft_id: UUID,
    operation: Operation = Operation.ALTERATION,
    **details: str,
) -> None:
    record(
        by,
        operation=operation,
        action=action,
        subjects=[Subject("draft", draft_id, by.organisation_id)],
        details=details,
    )
