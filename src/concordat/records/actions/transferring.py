"""Transferring an event to the force that it belongs to: offered, and accepted or declined.

The offering force keeps its event; the accepting one makes its own of what was offered, with the
people and things as its own records. Each end names the other's reference.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from concordat.access.rules import RecordKind
from concordat.audit.actions import record
from concordat.audit.rules import Operation, Subject
from concordat.base.acting import acting
from concordat.base.actor import Actor, Role
from concordat.base.clock import now
from concordat.base.ids import new_id
from concordat.organisations.queries import names_by_id
from concordat.organisations.rules import OrganisationKind
from concordat.records.actions.logging import Entry, Logged
from concordat.records.actions.recording import check_can_amend, insert, signature
from concordat.records.errors import (
    NotAllowedToReview,
    UnknownRecord,
    WrongDetails,
    WrongState,
)
from concordat.records.models import Item, Person, Place, Transfer
from concordat.records.queries.labels import Named, named
from concordat.records.queries.links import subject_kind
from concordat.records.queries.persons import content_of
from concordat.records.queries.reports import read_report
from concordat.records.queries.work import TransferDetail, transfer_detail
from concordat.records.rules.logged import RecordRef, TransferState
from concordat.records.rules.reports import Participant, Report, Thing, Where
from concordat.records.rules.told_events import WITHHELD, title_of
from concordat.records.rules.told_persons import person_fields


def offer_transfer(actor: Actor, *, event_id: UUID, to_id: int, because: str) -> UUID:
    """Offer a logged event of one's own force to the force that it belongs to.

    What is offered is disclosed by it: the report, and what one's own records say of its people
    and things. Returns the transfer's id. Raises NotAllowedToReview, UnknownRecord, WrongDetails,
    WrongState while an offer waits for its answer.
    """
    _check_supervises(actor)
    _check_can_take(actor, to_id, because)
    transfer_id = new_id()
    with acting(actor):
        detail, names = read_report(actor, event_id)
        check_can_amend(actor, owner_id=detail.owner_id)
        if detail.kind is RecordKind.INTELLIGENCE_CONDITIONAL:
            raise WrongDetails("A report under conditions is not transferred: disclose it.")
        report = _offered(actor, detail.report, names)
        columns = {
            "id": transfer_id,
            "owner_id": actor.organisation_id,
            "kind": RecordKind.WORK.value,
            "event_id": event_id,
            "event_kind": detail.kind.value,
            "reference": detail.reference,
            "title": title_of(detail.kind, detail.category, report.fields),
            "to_id": to_id,
            "reason": because.strip(),
            "content": report.as_json(),
            "state": TransferState.OFFERED.value,
            "offered_at": now(),
            "offered_by": signature(actor),
            "answered_at": None,
            "answered_by": "",
            "answer": "",
            "new_event_id": None,
            "new_reference": "",
        }
        try:
            with transaction.atomic():
                insert(Transfer, [columns])
        except IntegrityError as problem:
            raise WrongState("This event is offered already: wait for the answer.") from problem
        record(
            actor,
            operation=Operation.DISCLOSURE,
            action="records.offer_transfer",
            subjects=_subjects(actor, event_id, names),
            details={"transfer": str(transfer_id), "to": to_id, "because": because},
        )
    return transfer_id


def accept_transfer(actor: Actor, *, transfer_id: UUID) -> Logged:
    """Accept an event: log it anew as one's own, with the people and things as own records.

    Raises NotAllowedToReview, UnknownRecord, WrongState once it has been answered.
    """
    _check_supervises(actor)
    with acting(actor):
        row = _offered_to(actor, transfer_id)
        origin = {
            "owner": str(row.owner_id),
            "event": str(row.event_id),
            "reference": row.reference,
            "transfer": str(row.id),
        }
        report = _taken(Report.from_json(row.content))
        logged = Entry(actor, report, origin=origin).write()
        _answer(
            actor,
            row,
            TransferState.ACCEPTED,
            new_event_id=logged.event_id,
            new_reference=logged.reference,
        )
        record(
            actor,
            operation=Operation.COLLECTION,
            action="records.accept_transfer",
            subjects=[
                Subject("event", logged.event_id, actor.organisation_id),
                Subject("event", row.event_id, row.owner_id),
            ],
            details={"transfer": str(transfer_id)},
        )
    return logged


def decline_transfer(actor: Actor, *, transfer_id: UUID, because: str) -> None:
    """Decline an event, and say why.

    Raises NotAllowedToReview, UnknownRecord, WrongDetails without a reason, WrongState once it has
    been answered.
    """
    _check_supervises(actor)
    if not because.strip():
        raise WrongDetails("Say why your force doesn’t take it.")
    with acting(actor):
        row = _offered_to(actor, transfer_id)
        _answer(actor, row, TransferState.DECLINED, answer=because.strip())
        record(
            actor,
            operation=Operation.ALTERATION,
            action="records.decline_transfer",
            subjects=[Subject("event", row.event_id, row.owner_id)],
            details={"transfer": str(transfer_id), "because": because},
        )


def check_can_answer_transfer(actor: Actor, *, transfer: TransferDetail) -> None:
    """Raise the reason why `actor` can't accept or decline this transfer; nothing if they can."""
    _check_supervises(actor)
    if transfer.to_id != actor.organisation_id:
        raise NotAllowedToReview("The force that it is offered to answers a transfer.")
    if transfer.state is not TransferState.OFFERED:
        raise WrongState(f"This transfer is {transfer.state.label.lower()} already.")


def can_answer_transfer(actor: Actor, *, transfer: TransferDetail) -> bool:
    """Whether `actor` can accept or decline this transfer."""
    return (
        actor.holds(Role.SUPERVISOR, Role.SYSTEM)
        and transfer.to_id == actor.organisation_id
        and transfer.state is TransferState.OFFERED
    )


def _check_supervises(by: Actor) -> None:
    if not by.holds(Role.SUPERVISOR, Role.SYSTEM):
        raise NotAllowedToReview(
            f"{by.person_name} does not hold the role of supervisor, who transfer events."
        )


def _check_can_take(by: Actor, to_id: int, because: str) -> None:
    to = names_by_id().get(to_id)
    if to is None or to.kind is not OrganisationKind.FORCE or to.valid_until is not None:
        raise WrongDetails("An event is transferred to a police force that there is.")
    if to_id == by.organisation_id:
        raise WrongDetails("The event is of your own force already.")
    if not because.strip():
        raise WrongDetails("Say why the event belongs to the other force.")


def _offered_to(by: Actor, transfer_id: UUID) -> Transfer:
    row = Transfer.objects.filter(id=transfer_id).first()
    if row is None:
        raise UnknownRecord("There is no such transfer.")
    check_can_answer_transfer(by, transfer=transfer_detail(row))
    return row


def _answer(by: Actor, row: Transfer, state: TransferState, **told: Any) -> None:  # noqa: ANN401
    """Answer an offer; only the first answer counts."""
    changed = Transfer.objects.filter(id=row.id, state=TransferState.OFFERED).update(
        state=state, answered_at=now(), answered_by=signature(by), **told
    )
    if not changed:
        raise WrongState("This transfer has just been answered.")


def _subjects(by: Actor, event_id: UUID, names: Mapping[UUID, Named]) -> list[Subject]:
    return [
        Subject("event", event_id, by.organisation_id),
        *(Subject(subject_kind(one.kind), one.id, one.owner_id) for one in names.values()),
    ]


def _offered(by: Actor, report: Report, names: Mapping[UUID, Named]) -> Report:
    """Return the report with what one's own records say of those in it.

    Of another force's records nothing is passed on but which they are: who may read them links
    them. Unsanitised intelligence stays at home.
    """
    own = {one.id for one in names.values() if one.owner_id == by.organisation_id}
    people = {row.id: content_of(row) for row in Person.objects.filter(id__in=own)}
    things = {row.id: dict(row.content) for row in Item.objects.filter(id__in=own)}
    places = {row.id: _place_fields(row) for row in Place.objects.filter(id__in=own)}

    def participant(one: Participant) -> Participant:
        if one.record_id in people:
            return replace(one, fields=person_fields(people[one.record_id]))
        return replace(one, label="") if one.record_id else one

    def thing(one: Thing) -> Thing:
        if one.record_id in things:
            return replace(one, fields=things[one.record_id])
        return replace(one, label="") if one.record_id else one

    def place(one: Where) -> Where:
        if one.record_id in places:
            return replace(one, fields={**places[one.record_id], **one.fields})
        return replace(one, label="") if one.record_id else one

    return replace(
        report,
        fields={code: text for code, text in report.fields.items() if code not in WITHHELD},
        participants=tuple(map(participant, report.participants)),
        things=tuple(map(thing, report.things)),
        places=tuple(map(place, report.places)),
    )


def _place_fields(row: Place) -> dict[str, str]:
    point = {}
    if row.latitude is not None and row.longitude is not None:
        point = {"latitude": str(row.latitude), "longitude": str(row.longitude)}
    return {"area": row.location or row.lsoa_name, **point}


def _taken(report: Report) -> Report:
    """Return the report as the accepting force logs it.

    Its own records are linked, others' that it may read as well; whoever was the offering force's
    becomes a record of its own.
    """
    refs = [
        *(RecordRef(RecordKind.PERSON, one.record_id) for one in report.participants
          if one.record_id and not one.fields),
        *(RecordRef(one.kind, one.record_id) for one in report.things
          if one.record_id and not one.fields),
        *(RecordRef(RecordKind.PLACE, one.record_id) for one in report.places
          if one.record_id and not one.fields),
    ]  # fmt: skip
    readable = named(refs).keys()

    def anew(record_id: UUID | None) -> bool:
        return record_id not in readable

    return replace(
        report,
        participants=tuple(
            replace(one, record_id=None, owner_id=None) if anew(one.record_id) else one
            for one in report.participants
        ),
        things=tuple(
            replace(one, record_id=None, owner_id=None) if anew(one.record_id) else one
            for one in report.things
        ),
        places=tuple(
            replace(one, record_id=None, owner_id=None) if anew(one.record_id) else one
            for one in report.places
        ),
    )
