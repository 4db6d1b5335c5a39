"""A force leaves: what agreements opened closes, and everybody keeps what is theirs."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from concordat.agreements.actions import leave
from concordat.agreements.queries import AgreementDetail, agreements
from concordat.agreements.rules import State
from concordat.audit.actions import record
from concordat.audit.rules import Operation
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.base.clock import today
from concordat.exchange.errors import ExchangeError
from concordat.exchange.queries import check_can_move
from concordat.exchange.rules import Force
from concordat.organisations.queries import organisation

_NOT_SIGNED: Final = (State.DRAFT, State.PROPOSED)


@dataclass(frozen=True, kw_only=True)
class Withdrawn:
    """What a force has left, by references, and from which day on.

    `left_before` are agreements that it had left, or that end, by that day anyway. `proposals` are
    those that name it and bind nobody yet: they never begin without its signatories.
    """

    force: Force
    leaves_on: date
    left: tuple[str, ...]
    left_before: tuple[str, ...]
    proposals: tuple[str, ...]


def withdraw_force(
    actor: Actor, *, force: str, because: str, leaves_on: date | None = None
) -> Withdrawn:
    """Let a force leave every agreement on `leaves_on`, its first day outside; today without it.

    From then on its records are read by nobody but itself, nor others’ by it, save what it told
    them itself: disclosures and transfers are theirs to keep. No record changes, the force’s own
    included. All agreements or none; done again, it changes nothing. Raises NotAllowedToMove for
    people, UnknownOrganisation, ExchangeError, and AgreementsError if an agreement refuses.
    """
    check_can_move(actor)
    body = organisation(force)
    day = leaves_on or today()
    if day < today():
        raise ExchangeError("A force can’t have left in the past: what was seen was seen lawfully.")
    if not because.strip():
        raise ExchangeError("Say why it leaves: the reason is kept with each agreement.")
    with acting(actor):
        found = agreements(actor, party_id=body.id)
        binding = [one for one in found if one.state.opens or one.state is State.APPROVED]
        leaving = [one for one in binding if not _over(one, body.id, day)]
        for one in leaving:
            leave(
                actor,
                reference=one.reference,
                version=one.version,
                body=body.code,
                leaves_on=day,
                because=because,
            )
        withdrawn = Withdrawn(
            force=Force(id=body.id, code=body.code, name=body.name),
            leaves_on=day,
            left=tuple(one.reference for one in leaving),
            left_before=tuple(one.reference for one in binding if one not in leaving),
            proposals=tuple(one.reference for one in found if one.state in _NOT_SIGNED),
        )
        record(
            actor,
            operation=Operation.ADMINISTRATION,
            action="exchange.withdraw_force",
            details={
                "force": body.code,
                "leaves_on": day.isoformat(),
                "because": because.strip(),
                "left": list(withdrawn.left),
            },
        )
    return withdrawn


def _over(agreement: AgreementDetail, force_id: int, day: date) -> bool:
    """Whether the force is out of an agreement by that day anyway."""
    left = agreement.left.get(force_id)
    over = [one for one in (left, agreement.ends_on) if one is not None]
    return bool(over) and min(over) <= day
