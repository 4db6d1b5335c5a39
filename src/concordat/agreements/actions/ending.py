"""Notice, end, leaving and succession: what was open closes, what others agreed goes on."""

from collections.abc import Sequence
from datetime import date

from django.db import connection

from concordat.access.actions import end_grants
from concordat.agreements.actions.taking import (
    leave_trace,
    locked,
    locked_all,
    shown,
    state_of,
)
from concordat.agreements.errors import AgreementsError, NotAllowedToTake
from concordat.agreements.models import Agreement
from concordat.agreements.queries import AgreementDetail, overseers
from concordat.agreements.rules import (
    FEWEST_PARTIES,
    State,
    Step,
    earliest_end,
    from_document,
    refusal,
)
from concordat.base.acting import acting
from concordat.base.actor import Actor, Role
from concordat.base.clock import midnight, today
from concordat.organisations.queries import OrganisationSummary, organisation

"""It takes two to agree: when one is left, the agreement ends."""


def give_notice(
    actor: Actor, *, reference: str, because: str, ends_on: date | None = None
) -> AgreementDetail:
    """Give notice of the whole agreement: it ends when the agreed notice has run.

    `ends_on`, the first day without it, may lie later than that, never sooner. Raises
    AgreementsError, WrongState, NotAllowedToTake, UnknownAgreement.
    """
    with acting(actor):
        rows = locked_all(actor, reference, Step.GIVE_NOTICE)
        day = ends_on or max(_earliest(row) for row in rows)
        row = _end_all(actor, rows, Step.GIVE_NOTICE, day, because)
    return shown(actor, row)


def end_agreement(
    actor: Actor, *, reference: str, ends_on: date | None = None, because: str = ""
) -> AgreementDetail:
    """End an agreement: from the midnight that begins `ends_on` on it is closed.

    Today, which is meant if no day is given, ends it at this moment: what it opened is gone with
    the next statement, and what was seen until now stays covered. A party ends it no sooner than
    its notice period allows; the service, for all parties together, at any time. Raises
    AgreementsError, WrongState, NotAllowedToTake, UnknownAgreement.
    """
    with acting(actor):
        rows = locked_all(actor, reference, Step.END)
        row = _end_all(actor, rows, Step.END, ends_on or today(), because)
    return shown(actor, row)


def leave(
    actor: Actor,
    *,
    reference: str,
    body: str,
    because: str,
    leaves_on: date | None = None,
    version: int | None = None,
) -> AgreementDetail:
    """Let one party leave on `leaves_on`, its first day outside; the rest go on.

    Without a day it is the soonest that the notice period allows. Nothing of that party is open
    to the others from then on, nor theirs to it. When fewer than two parties are left, the
    agreement ends that day. Without a `version` it leaves those too that are agreed to follow.
    Raises UnknownOrganisation, AgreementsError, WrongState, NotAllowedToTake, UnknownAgreement.
    """
    leaving = organisation(body)
    with acting(actor):
        if version is None:
            rows = locked_all(actor, reference, Step.LEAVE)
        else:
            rows = [locked(actor, reference, Step.LEAVE, version=version)]
        if not actor.holds(Role.SYSTEM) and not _decides_for(actor, leaving.id):
            raise NotAllowedToTake(f"Only {leaving.name} itself decides that it leaves.")
        soonest = today() if actor.holds(Role.SYSTEM) else max(_earliest(row) for row in rows)
        day = leaves_on or soonest
        left = [row for row in rows if _is_party(row, leaving.id, day)]
        if not left:
            raise AgreementsError(f"{leaving.name} is no party to {reference} on that day.")
        for row in left:
            _check_notice(actor, row, day)
            _take_out(actor, row, leaving, day, because)
    return shown(actor, left[0])


def succeed(actor: Actor, *, reference: str, old: str, new: str) -> AgreementDetail:
    """Let a body's successor take its place: a party that loses its powers must leave.

    Source: Police Act 1996, section 23C. Today ends what the old body had and begins the same for
    the new one, on the same clauses. For the service alone. Raises UnknownOrganisation,
    AgreementsError, WrongState, NotAllowedToTake, UnknownAgreement.
    """
    before_body, after_body = organisation(old), organisation(new)
    if before_body.successor != after_body.name:
        raise AgreementsError(f"{after_body.name} is not the successor of {before_body.name}.")
    with acting(actor):
        row = locked(actor, reference, Step.SUCCEED)
        party = row.party_rows.filter(organisation=before_body.id, left_on=None).first()
        if party is None:
            raise AgreementsError(f"{before_body.name} is no party to {reference}.")
        if row.party_rows.filter(organisation=after_body.id).exists():
            raise AgreementsError(
                f"{after_body.name} is a party already: {before_body.name} leaves instead."
            )
        before = state_of(row)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT concordat.party_succeeds(%s, %s, %s)",
                [row.id, before_body.id, after_body.id],
            )
        leave_trace(
            actor, row, Step.SUCCEED, before=before, old=before_body.name, new=after_body.name
        )
    return shown(actor, row)


def _is_party(row: Agreement, party_id: int, day: date) -> bool:
    """Whether a body would still be a party on `day`, as far as this version goes on until then."""
    party = row.party_rows.filter(organisation=party_id).first()
    stays = party is not None and (party.left_on is None or party.left_on > day)
    return stays and (row.ends_on is None or row.ends_on > day)


def _take_out(
    actor: Actor, row: Agreement, leaving: OrganisationSummary, day: date, because: str
) -> None:
    leave_trace(
        actor,
        row,
        Step.LEAVE,
        before=state_of(row),
        because=because,
        body=leaving.name,
        leaves_on=day,
    )
    others = row.party_rows.exclude(organisation=leaving.id)
    known = others.exclude(left_on=None).values_list("left_on", flat=True)
    days = sorted([day, *(left_on for left_on in known if left_on)])
    missing = FEWEST_PARTIES - others.filter(left_on=None).count()
    # Who leaves last leaves nobody behind: it ends on the day on which one is left.
    if missing > 0 and (row.ends_on is None or days[-missing] < row.ends_on):
        _end(actor, row, Step.END, days[-missing], "Fewer than two parties are left")
    with connection.cursor() as cursor:  # whoever has left decides no more, so this comes last
        cursor.execute("SELECT concordat.party_leaves(%s, %s, %s)", [row.id, leaving.id, day])


def may_take_out(actor: Actor, detail: AgreementDetail) -> tuple[OrganisationSummary, ...]:
    """Return the parties that have not left and for which `actor` decides that they leave."""
    staying = (party for party in detail.parties if party.id not in detail.left)
    return tuple(party for party in staying if _decides_for(actor, party.id))


def _decides_for(actor: Actor, party_id: int) -> bool:
    """Whether it is the actor's own body, or one that it oversees: no fire service its force."""
    return actor.organisation_id in {party_id, *overseers(party_id)}


def _earliest(row: Agreement) -> date:
    return earliest_end(today(), notice_months=from_document(row.terms).notice_months)


def _check_notice(actor: Actor, row: Agreement, day: date) -> None:
    if day < today():
        raise AgreementsError(
            "An agreement can’t end in the past: what was seen under it was seen lawfully."
        )
    if row.ends_on is not None and day > row.ends_on:
        raise AgreementsError(f"It ends on {row.ends_on} already; that can’t be put off here.")
    months = from_document(row.terms).notice_months
    soonest = _earliest(row)
    fixed = row.ends_on is not None and day == row.ends_on
    if day < soonest and not fixed and not actor.holds(Role.SYSTEM):
        raise AgreementsError(
            f"Its notice period is {months} month{'' if months == 1 else 's'}: the first day "
            f"without it can be {soonest:%-d %B %Y} at the soonest."
        )


def _end_all(
    actor: Actor, rows: Sequence[Agreement], step: Step, day: date, because: str
) -> Agreement:
    """End what would go on after `day`: the version in force, and what was agreed to follow it."""
    ending = [row for row in rows if row.ends_on is None or row.ends_on > day] or rows[-1:]
    for row in ending:
        _check_notice(actor, row, day)
        begun = not refusal(state_of(row), step)
        _end(actor, row, step if begun else Step.END, day, because)
    return ending[0]


def _end(actor: Actor, row: Agreement, step: Step, day: date, because: str) -> None:
    before = state_of(row)
    row.ends_on = max(day, row.starts_on or day)
    is_over = row.ends_on <= max(today(), row.starts_on or today())
    row.state = State.ENDED if is_over else State.NOTICE
    row.save(update_fields=["state", "ends_on"])
    end_grants(actor, agreement_id=row.id, at=midnight(row.ends_on))
    action = "end_agreement" if step is Step.END else ""
    leave_trace(
        actor, row, step, before=before, because=because, action=action, ends_on=row.ends_on
    )
