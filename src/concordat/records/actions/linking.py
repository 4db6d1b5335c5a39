"""Links between any two records, and warnings about a person."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from concordat.access.rules import EVENT_KINDS, RecordKind
from concordat.audit.actions import record
from concordat.audit.rules import Operation
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.base.clock import now, today
from concordat.records.actions.columns import link_columns
from concordat.records.actions.recording import (
    Touched,
    check_can_amend,
    check_can_record,
    insert,
    signature,
    tell,
)
from concordat.records.errors import UnknownRecord, WrongDetails, WrongState
from concordat.records.models import Link, Person, WarningMarker
from concordat.records.queries.labels import Named, named
from concordat.records.rules.catalogue import REASON_BY_CODE
from concordat.records.rules.logged import Confidence, RecordRef
from concordat.records.rules.person_codes import WARNINGS
from concordat.records.rules.person_rows import LONGEST_CODE


def add_link(
    actor: Actor,
    *,
    left: RecordRef,
    right: RecordRef,
    reason: str,
    since: date | None = None,
    until: date | None = None,
    stated_by: str = "",
    confidence: Confidence = Confidence.MEDIUM,
    assessment: bool = False,
) -> UUID:
    """Tie two records that `actor` may read, of whatever forces; return the link's id.

    `reason` is a code of the catalogue that fits both kinds, read from left to right. Raises
    UnknownRecord, NotAllowedToRecord, and WrongDetails.
    """
    check_can_record(actor)
    if left.id == right.id:
        raise WrongDetails("A record can’t be linked to itself.")
    if since and until and until < since:
        raise WrongDetails("The link ends before it begins.")
    with acting(actor):
        names = named([left, right])
        if {left.id, right.id} - names.keys():
            raise UnknownRecord("There is no such record, or it is not shared with you.")
        one, other = names[left.id], names[right.id]
        _check_fits(reason, one.kind, other.kind)
        columns = link_columns(
            actor,
            at=now(),
            left=(one.kind, one.id, one.compartment),
            right=(other.kind, other.id, other.compartment),
            reason=reason,
            confidence=Confidence(confidence),
            assessment=assessment,
            event_id=next((end.id for end in (one, other) if end.kind in EVENT_KINDS), None),
            since=since,
            until=until,
            stated_by=stated_by.strip() or signature(actor),
        )
        insert(Link, [columns])
        _tell_of(actor, "records.add_link", [one, other], link=columns["id"], reason=reason)
    link_id: UUID = columns["id"]
    return link_id


def end_link(actor: Actor, *, link_id: UUID, because: str) -> None:
    """End a link that one's own force stated. It stays on record.

    Raises UnknownRecord, NotAllowedToRecord for another force's, WrongState once it has ended.
    """
    check_can_record(actor)
    with acting(actor):
        row = Link.objects.filter(id=link_id).first()
        if row is None:
            raise UnknownRecord("There is no such link, or it is not shared with you.")
        check_can_amend(actor, owner_id=row.owner_id)
        changed = Link.objects.filter(id=link_id, ended_at=None).update(
            ended_at=now(), ended_by=signature(actor), ended_because=because.strip()
        )
        if not changed:
            raise WrongState("This link has ended before.")
        names = named(
            RecordRef(RecordKind(kind), id_)
            for kind, id_ in ((row.left_kind, row.left_id), (row.right_kind, row.right_id))
        )
        _tell_of(actor, "records.end_link", list(names.values()), link=link_id, because=because)


def add_warning(
    actor: Actor,
    *,
    person_id: UUID,
    code: str,
    evidence: str,
    since: date | None = None,
    review_date: date | None = None,
    text: str = "",
) -> None:
    """Warn of a person of one's own force, on evidence and until a review.

    A warning of the same code that holds is replaced by this state of it, and kept. Raises
    UnknownRecord, NotAllowedToRecord for another force's record, WrongDetails without evidence.
    """
    check_can_record(actor)
    code = code.strip()[:LONGEST_CODE]
    if not code or not evidence.strip():
        raise WrongDetails("A warning needs its code, and the evidence that it rests on.")
    if review_date and since and review_date < since:
        raise WrongDetails("The review date lies before the warning begins.")
    with acting(actor):
        told = {
            "code": code,
            "text": text.strip() or WARNINGS.get(code, ""),
            "evidence": evidence.strip(),
            "since": since,
            "review_date": review_date,
            "ended_on": None,
        }
        _store_warning(actor, person_id, told)
        _journal_warning(actor, "records.add_warning", person_id, code)


def end_warning(actor: Actor, *, person_id: UUID, code: str, because: str) -> None:
    """End a warning of one's own force about a person. Every state of it is kept.

    Raises UnknownRecord, NotAllowedToRecord for another force's, WrongState if none holds.
    """
    check_can_record(actor)
    with acting(actor):
        last = _last(actor, person_id, code)
        if last is None or last.ended_on is not None:
            raise WrongState("No such warning holds about this person.")
        told = {
            "code": code,
            "text": last.text,
            "evidence": last.evidence,
            "since": last.since,
            "review_date": last.review_date,
            "ended_on": today(),
        }
        _store_warning(actor, person_id, told)
        _journal_warning(actor, "records.end_warning", person_id, code, because=because)


def _check_fits(reason: str, left: RecordKind, right: RecordKind) -> None:
    found = REASON_BY_CODE.get(reason)
    if found is None:
        raise WrongDetails(f"There is no reason “{reason}” for a link.")
    if left not in found.left or right not in found.right:
        raise WrongDetails(
            f"“{found.label}” doesn’t tie this kind of record ({left.label.lower()}) to that one "
            f"({right.label.lower()})."
        )


def _tell_of(by: Actor, action: str, ends: list[Named], **details: object) -> None:
    touched = [
        Touched(
            kind=one.kind, id=one.id, owner_id=one.owner_id,
            more={"keys": list(one.keys)} if one.keys else {},
        )
        for one in ends
    ]  # fmt: skip
    tell(by, touched=touched)
    record(
        by,
        operation=Operation.COMBINATION,
        action=action,
        subjects=[one.subject for one in touched],
        details={name: str(value) for name, value in details.items()},
    )


def _last(by: Actor, person_id: UUID, code: str) -> WarningMarker | None:
    """Return the last state of a warning about a person of one's own force."""
    owner = Person.objects.filter(id=person_id).values_list("owner_id", flat=True).first()
    if owner is None:
        raise UnknownRecord("There is no such person record, or it is not shared with you.")
    check_can_amend(by, owner_id=owner)
    rows = WarningMarker.objects.filter(owner_id=owner, person_id=person_id, code=code)
    return rows.order_by("-version").first()


def _store_warning(by: Actor, person_id: UUID, told: Mapping[str, object]) -> None:
    last = _last(by, person_id, str(told["code"]))
    own = {
        "owner_id": by.organisation_id,
        "kind": RecordKind.WARNING_MARKER.value,
        "person_id": person_id,
        "version": last.version + 1 if last else 1,
        "load_file_id": None,
        "line": 0,
        "recorded_at": now(),
        "recorded_by": signature(by),
    }
    insert(WarningMarker, [{**own, **told}])


def _journal_warning(by: Actor, action: str, person_id: UUID, code: str, **details: str) -> None:
    touched = Touched(kind=RecordKind.PERSON, id=person_id, owner_id=by.organisation_id)
    tell(by, touched=[touched])
    record(
        by,
        operation=Operation.ALTERATION,
        action=action,
        subjects=[touched.subject],
        details={"code": code, **details},
    )
