"""Agreements: the list, one of them, its versions, and where they wait."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from concordat.agreements import actions, queries
from concordat.agreements.errors import UnknownAgreement
from concordat.agreements.queries import AgreementDetail
from concordat.agreements.rules import State, Step
from concordat.base.actor import Actor, Role
from concordat.base.clock import today
from concordat.organisations.queries import names_by_id
from concordat.web.forms.agreements import FilterForm
from concordat.web.presenters import agreement_pages as pages
from concordat.web.presenters import agreement_schedules as schedules
from concordat.web.presenters import agreements as presented
from concordat.web.requests import SignedInRequest


@require_safe
def agreements(request: SignedInRequest) -> HttpResponse:
    """List every agreement: what waits for the reader first, then those in force."""
    actor = request.actor
    everything = queries.agreements(actor, states=queries.LISTED | {State.DROPPED})
    form = FilterForm(request.GET or None, bodies=_bodies_of(everything))
    found = [one for one in everything if form.keeps(one)]
    own = [one for one in found if one.involves(actor.organisation_id)]
    context = {
        "form": form,
        "is_filtered": form.is_bound,
        **agreements_due(actor),
        "own": own,
        "others": [one for one in found if one not in own],
        "may_draft": may_draft(actor),
        "presented": presented,
    }
    return render(request, "concordat/agreements.html", context)


@require_safe
def agreement(request: SignedInRequest, reference: str) -> HttpResponse:
    """Show what counts now: what was agreed, between whom, and what it opens."""
    return _page(request, reference, None)


@require_safe
def version(request: SignedInRequest, reference: str, version: int) -> HttpResponse:
    """Show one version of an agreement, whether or not it counts."""
    return _page(request, reference, version)


@require_safe
def waiting(request: SignedInRequest) -> HttpResponse:
    """Show where every proposal waits, on whom, and how long."""
    found = queries.waiting(request.actor)
    context = {
        "mine": pages.waiting_rows(row for row in found if row.mine),
        "others": pages.waiting_rows(row for row in found if not row.mine),
    }
    return render(request, "concordat/agreements_waiting.html", context)


def may_draft(actor: Actor) -> bool:
    """Whether somebody may draft agreements of their own body."""
    return actor.holds(Role.PROGRAMME)


def agreements_due(actor: Actor) -> dict[str, object]:
    """Return what waits for the reader's signature, and what they must look at again soon."""
    does = actor.holds(Role.PROGRAMME, Role.SIGNATORY)
    return {
        "mine": queries.waiting(actor, mine=True),
        "reminders": pages.reminder_rows(queries.reminders(actor) if does else (), today=today()),
    }


def schedules_of(found: AgreementDetail) -> dict[str, object]:
    """Return the schedules of resources, costs and benefits as cells."""
    bodies = {body.code: body for body in names_by_id().values()}
    return {
        "resources": schedules.resource_rows(found.terms.resources, bodies),
        "costs": schedules.cost_rows(found.terms.costs),
        "benefits": schedules.benefit_rows(found.terms.benefits),
    }


def _bodies_of(found: Sequence[AgreementDetail]) -> list[tuple[str, str]]:
    names = {party.code: party.name for one in found for party in one.parties}
    return sorted(names.items(), key=lambda item: item[1])


def _page(request: SignedInRequest, reference: str, number: int | None) -> HttpResponse:
    actor = request.actor
    every = queries.versions(actor, reference=reference)
    counts = queries.agreement(actor, reference=reference)
    found = counts if number is None else _of_number(every, number)
    missing = _missing(actor, found)
    context = {
        "agreement": found,
        "answer": pages.answer(found, missing=missing),
        "missing": missing,
        "buttons": pages.buttons(actor, found, every),
        "counts": counts,
        "is_newest_draft_elsewhere": _other_draft(every, found),
        "rows": presented.agreement_rows(found),
        "terms": presented.term_rows(found),
        "shared": presented.shared(found.sharing),
        "clauses": presented.clauses(found),
        "signatures": pages.signature_lines(found),
        "history": pages.history(found.steps),
        "versions": every,
        "notices": queries.notices(reference=reference),
        "may_publish": may_publish(actor, found),
        "colours": presented.STATE_COLOURS,
        "runs": presented.runs,
        **schedules_of(found),
    }
    return render(request, "concordat/agreement.html", context)


def _missing(actor: Actor, found: AgreementDetail) -> list[str]:
    if found.state is not State.DRAFT:
        return []
    return queries.everything_missing(actor, terms=found.terms)


def _of_number(every: Sequence[AgreementDetail], number: int) -> AgreementDetail:
    for one in every:
        if one.version == number:
            return one
    raise UnknownAgreement(f"{every[0].reference} has no version {number}.")


def _other_draft(
    every: Sequence[AgreementDetail], found: AgreementDetail
) -> AgreementDetail | None:
    """Return the version that is being drafted or signed, unless it is the one shown."""
    open_ones = [one for one in every if one.state in (State.DRAFT, State.PROPOSED)]
    return next((one for one in open_ones if one.version != found.version), None)


def may_publish(actor: Actor, found: AgreementDetail) -> bool:
    """Whether somebody may publish their own body’s decision on a version."""
    decided = found.state not in (State.DRAFT, State.PROPOSED, State.DROPPED)
    signs = pages.own_signature(actor, found) is not None
    return decided and signs and actor.holds(Role.PROGRAMME, Role.SIGNATORY)


def version_for(actor: Actor, reference: str, step: Step) -> AgreementDetail:
    """Return the version that a step is about; raise if the reader may not take it anywhere.

    Raises NotAllowedToTake, UnknownAgreement.
    """
    actions.check_role(actor, step)
    every = queries.versions(actor, reference=reference)
    fitting = [one for one in every if actions.may_take(actor, step, one)]
    return fitting[0] if fitting else queries.agreement(actor, reference=reference)
