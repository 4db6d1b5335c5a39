"""The minimum of every kind of record, as it is asked for: data that an administrator can read."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from concordat.web.presenters import standards as presented
from concordat.web.requests import SignedInRequest


@require_safe
def standards(request: SignedInRequest) -> HttpResponse:
    """Show, for every kind, what a record should hold, why, for whom, and when it is asked for."""
    context = {"kinds": presented.kinds(), "outcomes": presented.outcome_rows()}
    return render(request, "concordat/standards.html", context)
