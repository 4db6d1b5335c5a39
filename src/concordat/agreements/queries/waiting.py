"""Where agreements wait, on whom and how long; what must be looked at again soon."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from concordat.agreements.queries.agreements import AgreementDetail, SignatureDetail, agreements
from concordat.agreements.rules import Decision, State
from concordat.base.actor import Actor, Role
from concordat.base.clock import now, today

SOON = timedelta(days=90)
"""How long before a review or an end somebody is reminded of it."""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A signature that an agreement waits for, since when, and for how many whole days."""

    agreement: AgreementDetail
    signature: SignatureDetail
    since: datetime
    days: int
    mine: bool
    """Whether it is the one who asks that it waits for."""


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """A day that comes near, or has passed, on which somebody must look at an agreement."""

    agreement: AgreementDetail
    what: str
    day: date


def waiting(actor: Actor, *, mine: bool = False) -> tuple[Waiting, ...]:
    """Return every missing signature of every proposal: one's own first, then the longest wait.

    With `mine` those alone that wait for `actor`.
    """
    if mine and not actor.holds(Role.SIGNATORY):
        return ()
    own = actor.organisation_id if mine else None
    found = []
    for detail in agreements(actor, involving=own, states=[State.PROPOSED]):
        for signature in detail.waiting_on:
            conditional = signature.decision is Decision.CONDITIONAL and signature.decided_at
            since = conditional or signature.asked_at
            found.append(
                Waiting(
                    agreement=detail,
                    signature=signature,
                    since=since,
                    days=(now() - since).days,
                    mine=actor.holds(Role.SIGNATORY) and signature.body.id == actor.organisation_id,
                )
            )
    shown = [row for row in found if row.mine or not mine]
    return tuple(sorted(shown, key=lambda row: (not row.mine, row.since)))


def reminders(actor: Actor) -> tuple[Reminder, ...]:
    """Return the reviews and ends of the actor's own agreements that are due soon, or overdue."""
    until = today() + SOON
    found = []
    binding = (State.APPROVED, State.IN_FORCE, State.NOTICE)
    for detail in agreements(actor, involving=actor.organisation_id, states=binding):
        if detail.terms.review_on and detail.terms.review_on <= until:
            found.append(Reminder(agreement=detail, what="Review", day=detail.terms.review_on))
        if detail.ends_on and detail.ends_on <= until:
            found.append(Reminder(agreement=detail, what="Ends", day=detail.ends_on))
    return tuple(sorted(found, key=lambda reminder: reminder.day))
