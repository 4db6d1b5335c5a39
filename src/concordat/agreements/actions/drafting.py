"""Drafts: they open nothing, can be saved with gaps, and are changed until they are proposed."""

from dataclasses import replace

from django.db import IntegrityError, transaction

from concordat.agreements.actions.taking import (
    check_may_take,
    check_role,
    leave_trace,
    locked,
    shown,
    state_of,
)
from concordat.agreements.errors import (
    AgreementExists,
    AgreementsError,
    IncompleteAgreement,
    StaleDraft,
)
from concordat.agreements.models import Agreement
from concordat.agreements.queries import AgreementDetail
from concordat.agreements.rules import AgreementTerms, State, Step, as_document
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.base.clock import now
from concordat.base.ids import new_id
from concordat.organisations.queries import organisation


def draft_agreement(actor: Actor, *, terms: AgreementTerms) -> AgreementDetail:
    """Write down a new agreement as a draft; it opens nothing, and may have gaps.

    Raises IncompleteAgreement without a reference, AgreementExists, UnknownOrganisation for a
    party, NotAllowedToTake for all but the service and programme staff of a party.
    """
    check_role(actor, Step.AMEND)
    if not terms.reference.strip():
        raise IncompleteAgreement(["a reference"])
    with acting(actor):
        if Agreement.objects.filter(reference=terms.reference.strip()).exists():
            raise AgreementExists(_taken(terms.reference))
        row = _new_row(actor, terms, version=1)
        leave_trace(
            actor,
            row,
            Step.AMEND,
            before=State.DRAFT,
            because="First draft",
            action="draft_agreement",
        )
    return shown(actor, row)


def save_draft(
    actor: Actor, *, reference: str, revision: int, terms: AgreementTerms
) -> AgreementDetail:
    """Save a draft's new text over `revision`, the one that it was made from.

    Raises StaleDraft if another save came between (read the draft anew and merge), WrongState,
    NotAllowedToTake, UnknownAgreement, UnknownOrganisation.
    """
    with acting(actor):
        row = locked(actor, reference, Step.AMEND)
        if row.revision != revision:
            raise StaleDraft("Somebody else has saved this draft since you opened it.")
        _write(row, replace(terms, reference=row.reference))
        check_may_take(actor, Step.AMEND, row.party_ids)
        row.revision += 1
        row.save()
        leave_trace(
            actor,
            row,
            Step.AMEND,
            before=State.DRAFT,
            action="save_draft",
            revision=row.revision,
        )
    return shown(actor, row)


def drop(actor: Actor, *, reference: str, because: str = "") -> AgreementDetail:
    """Give a draft up; it can be taken up again. Raises as `save_draft` does."""
    return _move(actor, reference, Step.DROP, State.DROPPED, because)


def reopen(actor: Actor, *, reference: str, because: str = "") -> AgreementDetail:
    """Take a dropped draft up again. Raises AgreementExists if there is another draft by now."""
    return _move(actor, reference, Step.REOPEN, State.DRAFT, because)


def vary(actor: Actor, *, reference: str) -> AgreementDetail:
    """Draft the next version of an agreement in force, from its present text.

    The present version stays in force until every signatory has approved the next one. Raises
    AgreementExists if there is a draft already, WrongState, NotAllowedToTake, UnknownAgreement.
    """
    return _next_version(actor, reference, Step.VARY)


def renew(actor: Actor, *, reference: str) -> AgreementDetail:
    """Draft a new version of an agreement that has ended. Raises as `vary` does."""
    return _next_version(actor, reference, Step.RENEW)


def _next_version(actor: Actor, reference: str, step: Step) -> AgreementDetail:
    with acting(actor):
        present = locked(actor, reference, step)
        terms = replace(
            shown(actor, present).terms,
            starts_on=None,
            ends_on=None,
            parties=_staying(present),
        )
        newest = Agreement.objects.filter(reference=reference).order_by("-version")[0].version
        row = _new_row(actor, terms, version=newest + 1)
        leave_trace(actor, present, step, before=state_of(present), version=row.version)
        leave_trace(actor, row, Step.AMEND, before=State.DRAFT, because="Next version")
    return shown(actor, row)


def _staying(row: Agreement) -> tuple[str, ...]:
    staying = row.party_rows.filter(left_on=None).select_related("organisation")
    return tuple(party.organisation.code for party in staying.order_by("organisation__code"))


def _move(actor: Actor, reference: str, step: Step, to: State, because: str) -> AgreementDetail:
    with acting(actor):
        row = locked(actor, reference, step)
        before = state_of(row)
        row.state = to
        try:
            with transaction.atomic():
                row.save(update_fields=["state"])
        except IntegrityError as taken:
            raise AgreementExists(f"There is another draft of {reference} already.") from taken
        leave_trace(actor, row, step, before=before, because=because)
    return shown(actor, row)


def _new_row(actor: Actor, terms: AgreementTerms, *, version: int) -> Agreement:
    row = Agreement(id=new_id(), version=version, state=State.DRAFT, created_at=now())
    row.reference = terms.reference.strip()
    _write(row, replace(terms, reference=row.reference))
    check_may_take(actor, Step.AMEND, row.party_ids)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as taken:
        raise AgreementExists(_taken(row.reference)) from taken
    return row


def _write(row: Agreement, terms: AgreementTerms) -> None:
    codes = tuple(dict.fromkeys(terms.parties))
    bodies = [organisation(code) for code in codes]
    terms = replace(terms, parties=tuple(body.code for body in bodies))
    if terms.notice_months < 0:
        raise AgreementsError("A notice period is of no or more months.")
    row.terms = as_document(terms)
    row.party_ids = sorted(body.id for body in bodies)
    row.title = terms.title.strip()
    row.kind = terms.kind
    row.purpose = terms.purpose.strip()
    row.functions = list(terms.functions)


def _taken(reference: str) -> str:
    return (
        f"There already is an agreement with the reference {reference.strip()}, or a draft of it."
    )
