"""Agreements: the list, one of them, and ending it. They are started at the command line."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from concordat.access.actions import check_can_end_grants
from concordat.agreements import actions, queries
from concordat.agreements.errors import AgreementsError, UnknownAgreement
from concordat.agreements.queries import AgreementDetail
from concordat.agreements.rules import Step
from concordat.base.clock import today
from concordat.web.forms.agreements import EndForm
from concordat.web.presenters import agreements as presented
from concordat.web.requests import SignedInRequest


@require_safe
def agreements(request: SignedInRequest) -> HttpResponse:
    """List every agreement: those in force first."""
    found = queries.agreements(request.actor)
    own = request.actor.organisation_id
    context = {
        "own": [part for part in found if own in {party.id for party in part.parties}],
        "others": [part for part in found if own not in {party.id for party in part.parties}],
        "presented": presented,
    }
    return render(request, "concordat/agreements.html", context)


@require_safe
def agreement(request: SignedInRequest, reference: str) -> HttpResponse:
    """Show what was agreed, between whom, and what it opens."""
    found = queries.agreement(request.actor, reference=reference)
    context = {
        "agreement": found,
        "rows": presented.agreement_rows(found),
        "clauses": presented.clauses(found),
        "colours": presented.STANDING_COLOURS,
        "may_end": _may_end(request, found),
    }
    return render(request, "concordat/agreement.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: SignedInRequest, reference: str) -> HttpResponse:
    """Ask from which day, then end the agreement."""
    check_can_end_grants(request.actor)
    found = queries.agreement(request.actor, reference=reference)
    if not _may_end(request, found):
        messages.error(request, "This agreement is not in force, or not your force’s.")
        return redirect("agreement", found.reference)
    form = EndForm(request.POST if request.method == "POST" else None,
                   initial={"ends_on": today()})  # fmt: skip
    if request.method != "POST" or not form.is_valid():
        return _confirm(request, found, form)
    try:
        ended = actions.end_agreement(
            request.actor, reference=reference, ends_on=form.cleaned_data["ends_on"]
        )
    except UnknownAgreement:
        raise
    except AgreementsError as refusal:
        form.add_error(None, str(refusal))
        return _confirm(request, found, form)
    messages.success(request, f"{reference} is now: {ended.standing.label.lower()}.")
    return redirect("agreement", reference)


def _may_end(request: SignedInRequest, found: AgreementDetail) -> bool:
    can_end = found.standing in presented.CAN_END
    return can_end and actions.can_take(request.actor, Step.END, found)


def _confirm(request: SignedInRequest, found: AgreementDetail, form: Form) -> HttpResponse:
    context = {
        "agreement": found,
        "form": form,
        "opened": presented.opened(found.sharing),
        "parties": presented.listed(party.name for party in found.parties),
    }
    return render(request, "concordat/agreement_end.html", context)
