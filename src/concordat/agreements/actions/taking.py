"""What every step shares: who may take it, the row under lock, and the entry that is left."""

from collections.abc import Collection, Iterable

from concordat.agreements.errors import NotAllowedToTake, UnknownAgreement, WrongState
from concordat.agreements.models import Agreement, LifeStep
from concordat.agreements.queries import AgreementDetail, agreement, overseers
from concordat.agreements.rules import TRANSITIONS, State, Step, Who, refusal, state_on
from concordat.audit.actions import record
from concordat.audit.rules import Operation
from concordat.base.actor import Actor, Role
from concordat.base.clock import now, today

_WHO = {line.step: line.who for line in TRANSITIONS.values()}
_ROLES = {
    Who.DRAFTERS: (Role.PROGRAMME,),
    Who.SIGNATORY: (Role.SIGNATORY,),
    Who.PARTIES: (Role.PROGRAMME, Role.SIGNATORY),
}


def check_role(actor: Actor, step: Step) -> None:
    """Raise NotAllowedToTake unless one of the actor's roles may take `step` at all.

    The service takes every step but two: it never signs and never refuses in anybody's place.
    """
    who = _WHO[step]
    if actor.holds(Role.SYSTEM):
        if who is not Who.SIGNATORY:
            return
        raise NotAllowedToTake("Only the bodies themselves sign or refuse.")
    if not actor.holds(*_ROLES.get(who, ())):
        raise NotAllowedToTake(
            f"{actor.person_name} can’t do this: “{step.label}” is for {who.label}."
        )


def check_may_take(actor: Actor, step: Step, bodies: Collection[int]) -> None:
    """Raise NotAllowedToTake unless `actor` may take `step` with an agreement of these bodies.

    `bodies` are the parties, and those that must sign.
    """
    check_role(actor, step)
    if not actor.holds(Role.SYSTEM) and actor.organisation_id not in bodies:
        raise NotAllowedToTake(
            f"{actor.organisation_name} is no party to this agreement: its staff can’t change it."
        )


def may_take(actor: Actor, step: Step, detail: AgreementDetail) -> bool:
    """Whether `actor` may take `step` with this version now: for pages that offer it."""
    if refusal(detail.state, step):
        return False
    if _WHO[step] is Who.SIGNATORY:
        bodies = {signature.body.id for signature in detail.waiting_on}
    else:
        bodies = _deciding(
            {party.id for party in detail.parties},
            {party for party, left_on in detail.left.items() if left_on <= today()},
            {signature.body.id for signature in detail.signatures},
        )
    try:
        check_may_take(actor, step, bodies)
    except NotAllowedToTake:
        return False
    return True


def locked(actor: Actor, reference: str, step: Step, *, version: int | None = None) -> Agreement:
    """Return the version that `step` is about, locked until the transaction ends.

    Without a number it is the version from which the step can be taken. Called inside `acting`.
    Raises UnknownAgreement, NotAllowedToTake, WrongState.
    """
    rows = Agreement.objects.filter(reference=reference)
    if version is not None:
        rows = rows.filter(version=version)
    known = list(rows.order_by("-version"))
    if not known:
        raise UnknownAgreement(f"There is no agreement with the reference {reference}.")
    fitting = [row for row in known if not refusal(state_of(row), step)]
    row = fitting[0] if fitting else known[0]
    check_may_take(actor, step, bodies_of(row))
    row = Agreement.objects.select_for_update().get(id=row.id)  # whoever else changed it is done
    refused = refusal(state_of(row), step)
    if refused:
        raise WrongState(refused)
    return row


def locked_all(actor: Actor, reference: str, step: Step) -> list[Agreement]:
    """Return every version that binds or is agreed to, the earliest first, locked.

    What ends in one ends in those that were to follow it. Raises as `locked` does.
    """
    alive = (State.APPROVED, State.IN_FORCE, State.NOTICE)
    known = Agreement.objects.filter(reference=reference)
    ids = [row.id for row in known if state_of(row) in alive]
    rows = list(Agreement.objects.select_for_update().filter(id__in=ids).order_by("version"))
    locked(actor, reference, step)
    return [row for row in rows if state_of(row) in alive]


def bodies_of(row: Agreement) -> set[int]:
    """Return who decides on this version: its parties, and those that must sign beside them.

    Whoever has left decides no more, nor does a body that has ceased to be.
    """
    signing = row.signatory_rows.filter(round=row.round).values_list("organisation_id", flat=True)
    gone = row.party_rows.filter(left_on__lte=today()).values_list("organisation_id", flat=True)
    return _deciding(row.party_ids, gone, signing)


def _deciding(parties: Iterable[int], gone: Iterable[int], signing: Iterable[int]) -> set[int]:
    """Return the parties that stay, and those of `signing` that stand beside one of them."""
    staying = set(parties) - set(gone)
    return staying | (set(signing) & {body for party in staying for body in overseers(party)})


def state_of(row: Agreement) -> State:
    """Return where a version stands today."""
    return state_on(today(), stored=State(row.state), starts=row.starts_on, ends=row.ends_on)


def leave_trace(
    actor: Actor,
    row: Agreement,
    step: Step,
    *,
    before: State,
    because: str = "",
    action: str = "",
    **details: object,
) -> None:
    """Write a step into the life of a version, and into the journal under its action's name."""
    told = {name: str(value) for name, value in details.items()}
    LifeStep.objects.create(
        agreement=row,
        step=step,
        before=before,
        after=state_of(row),
        at=now(),
        organisation_id=actor.organisation_id,
        by_name=actor.person_name,
        because=because.strip(),
        details=told,
    )
    record(
        actor,
        operation=Operation.ADMINISTRATION,
        action=f"agreements.{action or step}",
        details={
            "agreement": row.reference,
            "version": row.version,
            **({"because": because.strip()} if because.strip() else {}),
            **told,
        },
    )


def shown(actor: Actor, row: Agreement) -> AgreementDetail:
    """Return the version as it now is."""
    return agreement(actor, reference=row.reference, version=row.version)
