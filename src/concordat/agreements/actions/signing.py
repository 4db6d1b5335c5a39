"""Proposing, signing and refusing; with the last signature an agreement is approved."""

from collections.abc import Collection
from datetime import date

from django.db import connection

from concordat.agreements.actions.taking import check_role, leave_trace, locked, shown, state_of
from concordat.agreements.errors import AgreementsError, IncompleteAgreement, NotAllowedToTake
from concordat.agreements.models import Agreement, Signatory
from concordat.agreements.queries import AgreementDetail, everything_missing, signatures_needed
from concordat.agreements.rules import (
    AgreementTerms,
    Decision,
    State,
    Step,
    as_document,
    digest,
    from_document,
)
from concordat.base.acting import acting
from concordat.base.actor import Actor, Role
from concordat.base.clock import now, today
from concordat.organisations.queries import organisation

_DECIDED = (
    "decision",
    "reasons",
    "conditions",
    "digest",
    "person_id",
    "person_name",
    "on_paper",
    "decided_at",
)
"""What a signatory writes; the rest was fixed when they were asked."""


def propose(actor: Actor, *, reference: str, because: str = "") -> AgreementDetail:
    """Ask every body that must sign; from here on the text can't be changed.

    Raises IncompleteAgreement naming everything that is missing (purpose and exit terms among
    it), WrongState, NotAllowedToTake, UnknownAgreement.
    """
    with acting(actor):
        row = locked(actor, reference, Step.PROPOSE)
        _propose(actor, row, because)
    return shown(actor, row)


def revise(actor: Actor, *, reference: str, because: str) -> AgreementDetail:
    """Take a proposal back to change it; signatures given so far count no more.

    Raises WrongState, NotAllowedToTake, UnknownAgreement.
    """
    with acting(actor):
        row = locked(actor, reference, Step.REVISE)
        _back_to_draft(row)
        leave_trace(actor, row, Step.REVISE, before=State.PROPOSED, because=because)
    return shown(actor, row)


def recommend(actor: Actor, *, reference: str, board: str, text: str) -> AgreementDetail:
    """Record what a board recommends. It binds nobody: only the bodies themselves decide.

    Raises AgreementsError without a board, WrongState, NotAllowedToTake, UnknownAgreement.
    """
    if not board.strip():
        raise AgreementsError("Say which board recommends it.")
    with acting(actor):
        row = locked(actor, reference, Step.RECOMMEND)
        leave_trace(
            actor, row, Step.RECOMMEND, before=State.PROPOSED, because=text, board=board.strip()
        )
    return shown(actor, row)


def sign(
    actor: Actor, *, reference: str, digest: str, reasons: str = "", conditions: str = ""
) -> AgreementDetail:
    """Sign for the actor's own body. With the last signature the agreement is approved.

    `digest` is of the text that the signatory has read; another one is refused. A signature under
    `conditions` counts once `meet_conditions` says that they are met. Raises AgreementsError,
    WrongState, NotAllowedToTake, UnknownAgreement.
    """
    with acting(actor):
        row = locked(actor, reference, Step.SIGN)
        if digest != row.digest:
            raise AgreementsError("The text has changed since you read it. Read it again.")
        signature = _own_signature(actor, row, among=[Decision.WAITING])
        signature.conditions = conditions.strip()
        decision = Decision.CONDITIONAL if signature.conditions else Decision.APPROVED
        _decide(actor, signature, decision, reasons=reasons, of=row)
        leave_trace(
            actor,
            row,
            Step.SIGN,
            before=State.PROPOSED,
            because=reasons,
            body=actor.organisation_name,
            **({"conditions": conditions.strip()} if conditions.strip() else {}),
        )
        _approve_if_all_signed(actor, row)
    return shown(actor, row)


def meet_conditions(actor: Actor, *, reference: str, because: str) -> AgreementDetail:
    """Say that the conditions under which one's own body signed are met, and how.

    Raises AgreementsError, WrongState, NotAllowedToTake, UnknownAgreement.
    """
    with acting(actor):
        row = locked(actor, reference, Step.SIGN)
        signature = _own_signature(actor, row, among=[Decision.CONDITIONAL])
        _decide(actor, signature, Decision.APPROVED, reasons=signature.reasons, of=row)
        leave_trace(
            actor,
            row,
            Step.SIGN,
            before=State.PROPOSED,
            because=because,
            action="meet_conditions",
            body=actor.organisation_name,
            met=signature.conditions,
        )
        _approve_if_all_signed(actor, row)
    return shown(actor, row)


def refuse(actor: Actor, *, reference: str, reasons: str) -> AgreementDetail:
    """Refuse for the actor's own body, with reasons; the proposal goes back to be a draft.

    Raises AgreementsError without reasons, WrongState, NotAllowedToTake, UnknownAgreement.
    """
    if not reasons.strip():
        raise AgreementsError("Say why your body refuses: the others must know what to change.")
    with acting(actor):
        row = locked(actor, reference, Step.REFUSE)
        signature = _own_signature(actor, row, among=[Decision.WAITING, Decision.CONDITIONAL])
        _decide(actor, signature, Decision.REFUSED, reasons=reasons, of=row)
        _back_to_draft(row)
        leave_trace(
            actor,
            row,
            Step.REFUSE,
            before=State.PROPOSED,
            because=reasons,
            body=actor.organisation_name,
        )
    return shown(actor, row)


def start_agreement(
    actor: Actor, *, reference: str, starts_on: date | None = None, ends_on: date | None = None
) -> AgreementDetail:
    """Enter an agreement that every body has signed on paper, in force from `starts_on` (today).

    For the service alone: an administrator at the command line, who holds the paper. Each
    signature is kept as one on paper. `ends_on`, if given, is the first day without it. Raises
    IncompleteAgreement, WrongState, NotAllowedToTake, AgreementsError, UnknownAgreement.
    """
    if not actor.holds(Role.SYSTEM):
        raise NotAllowedToTake(
            "What was signed on paper is entered at the command line. Here every body signs for "
            "itself: no party alone can open another’s records."
        )
    starts = starts_on or today()
    if ends_on is not None and ends_on < starts:
        raise AgreementsError("An agreement can’t end before it starts.")
    with acting(actor):
        row = locked(actor, reference, Step.PROPOSE)
        _propose(actor, row, "Signed on paper")
        for signature in row.signatory_rows.filter(round=row.round):
            signature.on_paper = True
            _decide(actor, signature, Decision.APPROVED, reasons="Signed on paper", of=row)
        _approve(
            actor,
            row,
            starts,
            ends_on or from_document(row.terms).ends_on,
            action="start_agreement",
        )
    return shown(actor, row)


def _propose(actor: Actor, row: Agreement, because: str) -> None:
    terms = from_document(row.terms)
    missing = everything_missing(actor, terms=terms)
    if missing:
        raise IncompleteAgreement(missing)
    row.state = State.PROPOSED
    row.terms = as_document(terms)
    row.digest = digest(terms)
    row.round += 1
    row.proposed_at = now()
    row.save(update_fields=["state", "terms", "digest", "round", "proposed_at"])
    Signatory.objects.bulk_create(
        Signatory(
            agreement=row,
            round=row.round,
            organisation_id=organisation(needed.body).id,
            capacities=list(needed.capacities),
            asked_at=row.proposed_at,
        )
        for needed in signatures_needed(actor, terms=terms)
    )
    leave_trace(actor, row, Step.PROPOSE, before=State.DRAFT, because=because, digest=row.digest)


def _own_signature(actor: Actor, row: Agreement, *, among: Collection[str]) -> Signatory:
    check_role(actor, Step.SIGN)
    own = row.signatory_rows.filter(round=row.round, organisation=actor.organisation_id).first()
    if own is None:
        raise NotAllowedToTake(f"{actor.organisation_name} is not asked to sign {row.reference}.")
    if own.decision not in among:
        raise AgreementsError(
            f"{actor.organisation_name} has decided already: {Decision(own.decision).label}."
        )
    return own


def _decide(
    actor: Actor, signature: Signatory, decision: Decision, *, reasons: str, of: Agreement
) -> None:
    signature.decision = decision
    signature.reasons = reasons.strip()
    signature.digest = of.digest
    signature.person_id = actor.person_id
    signature.person_name = actor.person_name
    signature.decided_at = now()
    signature.save(update_fields=[*_DECIDED])


def _back_to_draft(row: Agreement) -> None:
    row.state = State.DRAFT
    row.revision += 1
    row.save(update_fields=["state", "revision"])


def _approve_if_all_signed(actor: Actor, row: Agreement) -> None:
    signatures = row.signatory_rows.filter(round=row.round)
    if signatures.exclude(decision=Decision.APPROVED).exists():
        return
    terms = from_document(row.terms)
    _check_still_right(actor, terms, [signature.organisation_id for signature in signatures])
    starts = max(today(), terms.starts_on or today())
    if terms.ends_on is not None and terms.ends_on <= starts:
        raise AgreementsError(
            f"Its last day has passed before all had signed: it was to end on {terms.ends_on}."
        )
    _approve(actor, row, starts, terms.ends_on)


def _check_still_right(actor: Actor, terms: AgreementTerms, asked: Collection[int]) -> None:
    """Raise AgreementsError if bodies or frameworks have changed since it was proposed."""
    needed = {organisation(one.body).id for one in signatures_needed(actor, terms=terms)}
    if needed != set(asked) or everything_missing(actor, terms=terms):
        raise AgreementsError(
            "Who must sign, or what it must say, has changed since it was proposed: take it back "
            "and propose it anew."
        )


def _approve(
    actor: Actor, row: Agreement, starts: date, ends: date | None, *, action: str = ""
) -> None:
    """Let PostgreSQL check the signatures, write the grants, and close the version before."""
    earlier = list(
        Agreement.objects.select_for_update()
        .filter(reference=row.reference, state__in=[State.APPROVED, State.NOTICE, State.VARIED])
        .exclude(id=row.id)
        .order_by("version")
    )
    standing = {before.id: (state_of(before), before.ends_on) for before in earlier}
    with connection.cursor() as cursor:
        cursor.execute("SELECT concordat.approve_agreement(%s, %s, %s)", [row.id, starts, ends])
        grants = cursor.fetchone()[0]
    row.refresh_from_db()
    for before in earlier:
        before.refresh_from_db()
        stood, ended = standing[before.id]
        if before.state == State.VARIED and before.ends_on != ended:
            leave_trace(actor, before, Step.REPLACE, before=stood, version=row.version)
    leave_trace(
        actor,
        row,
        Step.APPROVE,
        before=State.PROPOSED,
        action=action,
        starts_on=starts,
        ends_on=ends or "",
        grants=grants,
    )
