"""Publishing a decision notice: public words here, what was left out kept apart."""

from collections.abc import Mapping

from concordat.agreements.errors import AgreementsError, NotAllowedToTake
from concordat.agreements.models import Agreement, Notice, Redaction
from concordat.agreements.queries import NoticeDetail, agreement, notices
from concordat.agreements.rules import State
from concordat.audit.actions import record
from concordat.audit.rules import Operation
from concordat.base.acting import acting
from concordat.base.actor import Actor, Role
from concordat.base.clock import now
from concordat.base.ids import new_id


def check_can_publish(actor: Actor) -> None:
    """Raise NotAllowedToTake for all but signatories and programme staff."""
    if not actor.holds(Role.PROGRAMME, Role.SIGNATORY):
        raise NotAllowedToTake("Decision notices are published by a signatory’s own staff.")


def publish_notice(
    actor: Actor,
    *,
    reference: str,
    title: str,
    text: str,
    outline_only: bool = False,
    redactions: Mapping[str, str] | None = None,
    version: int | None = None,
) -> NoticeDetail:
    """Publish a signatory's decision: from now on anybody may read these words.

    `redactions` names each part of the terms that the text leaves out, with the reason; only the
    bodies that the agreement binds read them. Source: Police Act 1996, section 23E. Raises
    AgreementsError, NotAllowedToTake, UnknownAgreement.
    """
    check_can_publish(actor)
    detail = agreement(actor, reference=reference, version=version)
    if actor.organisation_id not in {signature.body.id for signature in detail.signatures}:
        raise NotAllowedToTake(f"{actor.organisation_name} does not sign {reference}.")
    if detail.state in (State.DRAFT, State.PROPOSED, State.DROPPED):
        raise AgreementsError("A decision is published once every body has made it.")
    if not (title.strip() and text.strip()):
        raise AgreementsError("A notice needs a title and a text.")
    with acting(actor):
        row = Agreement.objects.get(id=detail.id)
        made = Notice.objects.create(
            id=new_id(),
            agreement=row,
            organisation_id=actor.organisation_id,
            reference=detail.reference,
            version=detail.version,
            title=title.strip(),
            text=text.strip(),
            outline_only=outline_only,
            published_at=now(),
            published_by=actor.person_name,
        )
        Redaction.objects.bulk_create(
            Redaction(notice=made, agreement=row, part=part, because=because)
            for part, because in sorted((redactions or {}).items())
        )
        record(
            actor,
            operation=Operation.ADMINISTRATION,
            action="agreements.publish_notice",
            details={"agreement": reference, "version": detail.version, "notice": str(made.id)},
        )
    return next(notice for notice in notices() if notice.id == made.id)
