"""How good a force's person records are, and how far deciding who is who has come."""

from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from concordat.identity.actions import can_judge
from concordat.identity.queries import duplicates_inside, progress
from concordat.organisations import queries as organisations
from concordat.organisations.errors import UnknownOrganisation
from concordat.organisations.queries import OrganisationSummary
from concordat.organisations.rules import OrganisationKind
from concordat.records import queries
from concordat.records.rules.loads import Layout
from concordat.web.presenters import quality as presented
from concordat.web.presenters.loads import progress as load_progress
from concordat.web.requests import SignedInRequest

MOST: Final = 15
"""People held twice that are named on the page."""


@require_safe
def quality(request: SignedInRequest) -> HttpResponse:
    """Show the quality of the reader's own force's person records."""
    own = organisations.names_by_id()[request.actor.organisation_id]
    return _quality(request, own)


@require_safe
def quality_of(request: SignedInRequest, code: str) -> HttpResponse:
    """Show the quality of a force's person records, of those that the reader may see."""
    found = organisations.organisation(code)
    if found.code != code or found.kind is not OrganisationKind.FORCE:
        raise UnknownOrganisation(f"There is no force “{code}”.")
    return _quality(request, found)


@require_safe
def resolving(request: SignedInRequest) -> HttpResponse:
    """Show how far the latest resolution of the register is; only the changing part to htmx."""
    run = progress(request.actor)
    part = "HX-Request" in request.headers
    context = {
        "run": run,
        "percent": presented.percent(run.share) if run else 0,
        "facts": presented.run_rows(run) if run else [],
    }
    template = "concordat/progress_part.html" if part else "concordat/progress.html"
    return render(request, template, context)


def _quality(request: SignedInRequest, force: OrganisationSummary) -> HttpResponse:
    actor = request.actor
    complete = queries.completeness(actor, owner_id=force.id)
    twice = duplicates_inside(actor, owner_id=force.id)
    told = {
        one.id: one for one in queries.persons(actor, ids=presented.shown_records(twice, most=MOST))
    }
    is_own = force.id == actor.organisation_id
    context = {
        "force": force,
        "is_own": is_own,
        "complete": complete,
        "bars": presented.completeness_bars(complete),
        "twice": twice,
        "surplus": presented.share_text(twice, complete.total),
        "duplicates": presented.duplicate_lines(twice, told, most=MOST),
        "loads": [
            {"load": load, "progress": load_progress(load)}
            for load in (queries.loads(actor) if is_own else [])
            if load.layout is Layout.PERSONS
        ][:5],
        "may_judge": can_judge(actor),
        "forces": organisations.organisations(kind=OrganisationKind.FORCE),
    }
    return render(request, "concordat/quality.html", context)
