"""Load reports, and the rows to correct."""

from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from concordat.organisations.queries import names_by_id
from concordat.records import queries
from concordat.web.presenters import loads as presented
from concordat.web.requests import SignedInRequest
from concordat.web.views.results import as_file


@require_safe
def loads(request: SignedInRequest) -> HttpResponse:
    """List the latest loads that brought records of the reader's force."""
    found = [
        {"load": load, "progress": presented.progress(load)}
        for load in queries.loads(request.actor)
    ]
    return render(request, "concordat/loads.html", {"loads": found})


@require_safe
def load(request: SignedInRequest, load_id: UUID) -> HttpResponse:
    """Show what became of every row of one load."""
    found = queries.load_detail(request.actor, load_id=load_id)
    rows = (
        queries.quarantined_rows(request.actor, load_id=load_id) if found.total.quarantined else []
    )
    context = {
        "load": found,
        "progress": presented.progress(found),
        "total": presented.total_rows(found.total),
        "files": presented.file_rows(found),
        "notices": presented.notices(found),
        "quarantined": rows,
        "conflicts": found.total.conflict,
    }
    return render(request, "concordat/load.html", context)


@require_safe
def quarantine(request: SignedInRequest, load_id: UUID) -> HttpResponseBase:
    """Give out the rows of a load that could not be read, to be corrected and loaded again."""
    found = queries.load_detail(request.actor, load_id=load_id)
    text = queries.quarantine_file(request.actor, load_id=load_id)
    name = presented.corrections_name(found, names_by_id()[request.actor.organisation_id].code)
    return as_file(iter([text]), name)
