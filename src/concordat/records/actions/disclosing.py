"""Disclosing an event to another body, passing on what was disclosed, and recalling it.

Source: Data Protection Act 2018, section 38(4) and (5): what is known of the quality of what is
sent goes with it; if it turns out wrong, whoever got it is told without delay.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from concordat.access.rules import CONDITIONAL_ROLES, RecordKind
from concordat.audit.actions import record
from concordat.audit.rules import Operation, Subject
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.base.clock import now
from concordat.base.ids import new_id
from concordat.organisations.queries import names_by_id
from concordat.records.actions.disclosed import content_to_disclose, content_to_pass_on
from concordat.records.actions.recording import can_record, check_can_record, insert, signature
from concordat.records.errors import (
    NotAllowedToDisclose,
    UnknownRecord,
    WrongDetails,
    WrongState,
)
from concordat.records.models import Disclosure
from concordat.records.queries.reports import read_report
from concordat.records.rules.handling import Handling, handling_of, may_disclose
from concordat.records.rules.told_events import title_of

_CODES: Final = (
    "source_evaluation", "assessment", "handling_code", "action", "sanitisation", "marking",
    "action_use",
)  # fmt: skip


def check_can_disclose(actor: Actor) -> None:
    """Raise NotAllowedToDisclose unless `actor` works with records, whose conditions then bind."""
    if not can_record(actor):
        raise NotAllowedToDisclose(
            f"{actor.person_name} holds none of the roles that work with records."
        )


def can_disclose(actor: Actor) -> bool:
    """Whether `actor` discloses events at all."""
    return can_record(actor)


def disclose(
    actor: Actor,
    *,
    event_id: UUID,
    recipient_id: int,
    purpose: str,
    sanitised: bool,
    quality: str,
    originator_agrees: str = "",
) -> UUID:
    """Tell another body of a logged event, as far as its handling allows; return the id.

    `quality` says how accurate, complete, reliable and current it is; `originator_agrees` who of
    the originator agreed, and when. Raises NotAllowedToDisclose, UnknownRecord, WrongDetails.
    """
    _check_told(actor, recipient_id, purpose, quality)
    with acting(actor):
        detail, names = read_report(actor, event_id)
        handling = handling_of(detail.kind, detail.report.fields)
        by_originator = detail.owner_id == actor.organisation_id
        _check_allowed(handling, by_originator, sanitised, originator_agrees)
        disclosure_id = new_id()
        _store(
            actor,
            {
                "id": disclosure_id,
                "event_id": event_id,
                "event_kind": detail.kind.value,
                "reference": detail.reference,
                "title": title_of(detail.kind, detail.category, detail.report.fields),
                "originator_id": detail.owner_id,
                "recipient_id": recipient_id,
                "content": content_to_disclose(detail, names, sanitised=sanitised),
                "sanitised": sanitised,
                "codes": {c: str(getattr(handling, c)) for c in _CODES if getattr(handling, c)},
                "purpose": purpose.strip(),
                "quality": quality.strip(),
                "originator_agrees": originator_agrees.strip(),
                "onward_of_id": None,
                "root_id": disclosure_id,
                "passed_by": [actor.organisation_id],
            },
        )
        _journal(
            actor,
            "records.disclose",
            Subject("event", event_id, detail.owner_id),
            recipient=recipient_id,
            purpose=purpose,
        )
    return disclosure_id


def disclose_onward(
    actor: Actor,
    *,
    disclosure_id: UUID,
    recipient_id: int,
    purpose: str,
    sanitised: bool,
    quality: str,
    originator_agrees: str = "",
) -> UUID:
    """Tell a further body what was disclosed to one's own; return the new disclosure's id.

    The conditions of its originator bind. Raises NotAllowedToDisclose, UnknownRecord, WrongDetails,
    WrongState once it has been recalled.
    """
    _check_told(actor, recipient_id, purpose, quality)
    with acting(actor):
        row = Disclosure.objects.filter(
            id=disclosure_id, recipient_id=actor.organisation_id
        ).first()
        if row is None:
            raise UnknownRecord("There is no such disclosure to your body.")
        if row.recalled_at is not None:
            raise WrongState("This disclosure has been recalled: it may not be passed on.")
        sanitised = sanitised or row.sanitised
        own = row.originator_id == actor.organisation_id
        _check_allowed(Handling(**row.codes), own, sanitised, originator_agrees)
        onward_id = new_id()
        _store(
            actor,
            {
                "id": onward_id,
                "event_id": row.event_id,
                "event_kind": row.event_kind,
                "reference": row.reference,
                "title": row.title,
                "originator_id": row.originator_id,
                "recipient_id": recipient_id,
                "content": content_to_pass_on(row.content, sanitised=sanitised),
                "sanitised": sanitised,
                "codes": row.codes,
                "purpose": purpose.strip(),
                "quality": quality.strip(),
                "originator_agrees": originator_agrees.strip(),
                "onward_of_id": row.id,
                "root_id": row.root_id,
                "passed_by": [*row.passed_by, actor.organisation_id],
            },
        )
        _journal(
            actor,
            "records.disclose_onward",
            Subject("event", row.event_id, row.originator_id),
            recipient=recipient_id,
            purpose=purpose,
        )
    return onward_id


def recall(actor: Actor, *, disclosure_id: UUID, because: str) -> int:
    """Recall a disclosure, and whatever was passed on of it; return how many bodies that reaches.

    By its originator, or a body that it came through. Each recipient sees the recall, and the
    content no more. Raises UnknownRecord, NotAllowedToDisclose, WrongDetails without a reason,
    WrongState once it has been recalled.
    """
    check_can_record(actor)
    if not because.strip():
        raise WrongDetails("Say what is wrong with it: its recipients are told.")
    with acting(actor):
        row = Disclosure.objects.filter(id=disclosure_id).first()
        if row is None:
            raise UnknownRecord("There is no such disclosure.")
        if actor.organisation_id not in (row.originator_id, *row.passed_by):
            raise NotAllowedToDisclose("Whoever it came from recalls a disclosure.")
        if row.recalled_at is not None:
            raise WrongState("This disclosure has been recalled before.")
        reached = _with_onward(row)
        waiting = Disclosure.objects.filter(id__in=list(reached), recalled_at=None)
        waiting.update(
            recalled_at=now(), recalled_by=signature(actor), recalled_because=because.strip()
        )
        record(
            actor,
            operation=Operation.DISCLOSURE,
            action="records.recall",
            subjects=[Subject("event", row.event_id, row.originator_id)],
            details={
                "disclosure": str(disclosure_id),
                "because": because,
                "recipients": sorted(set(reached.values())),
            },
        )
    return len(set(reached.values()))


def acknowledge_recall(actor: Actor, *, disclosure_id: UUID) -> None:
    """Say for one's own body that a recall was seen and followed.

    Raises UnknownRecord, WrongState unless it was recalled and nobody has said so before.
    """
    check_can_record(actor)
    with acting(actor):
        rows = Disclosure.objects.filter(id=disclosure_id, recipient_id=actor.organisation_id)
        row = rows.first()
        if row is None:
            raise UnknownRecord("There is no such disclosure to your body.")
        changed = rows.filter(recalled_at__isnull=False, acknowledged_at=None).update(
            acknowledged_at=now(), acknowledged_by=signature(actor)
        )
        if not changed:
            raise WrongState("There is no recall of it that waits for an answer.")
        record(
            actor,
            operation=Operation.ALTERATION,
            action="records.acknowledge_recall",
            subjects=[Subject("event", row.event_id, row.originator_id)],
            details={"disclosure": str(disclosure_id)},
        )


def _check_told(by: Actor, recipient_id: int, purpose: str, quality: str) -> None:
    check_can_disclose(by)
    to = names_by_id().get(recipient_id)
    if to is None or to.valid_until is not None:
        raise WrongDetails("A disclosure goes to a body that there is.")
    if recipient_id == by.organisation_id:
        raise WrongDetails("Your own body has it already.")
    if not purpose.strip():
        raise WrongDetails("Say what the recipient needs it for.")
    if not quality.strip():
        raise WrongDetails(
            "Say how accurate, complete, reliable and current it is: it goes with the disclosure "
            "(Data Protection Act 2018, section 38(4))."
        )


def _check_allowed(
    handling: Handling, by_originator: bool, sanitised: bool, originator_agrees: str
) -> None:
    answer = may_disclose(
        handling,
        by_originator=by_originator,
        sanitised=sanitised,
        originator_agrees=bool(originator_agrees.strip()),
    )
    if not answer.allowed:
        raise NotAllowedToDisclose(answer.because)


def _store(by: Actor, told: Mapping[str, Any]) -> None:
    kind = RecordKind(told["event_kind"])
    if kind is RecordKind.INTELLIGENCE_CONDITIONAL and not by.holds(*CONDITIONAL_ROLES):
        raise NotAllowedToDisclose(
            "Intelligence staff and supervisors disclose reports under conditions."
        )
    insert(
        Disclosure,
        [
            {
                "owner_id": by.organisation_id,
                "kind": RecordKind.DISCLOSURE.value,
                **told,
                "disclosed_at": now(),
                "disclosed_by": signature(by),
                "recalled_at": None,
                "recalled_by": "",
                "recalled_because": "",
                "acknowledged_at": None,
                "acknowledged_by": "",
            }
        ],
    )


def _with_onward(row: Disclosure) -> dict[UUID, int]:
    """Return a disclosure and all that were made of it, and whom each of them reached."""
    rows = list(Disclosure.objects.filter(root_id=row.root_id))
    reached = {row.id: row.recipient_id}
    while more := {
        one.id: one.recipient_id
        for one in rows
        if one.onward_of_id in reached and one.id not in reached
    }:
        reached |= more
    return reached


def _journal(by: Actor, action: str, subject: Subject, **details: object) -> None:
    record(
        by,
        operation=Operation.DISCLOSURE,
        action=action,
        subjects=[subject],
        details=details,
    )
