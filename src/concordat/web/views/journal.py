"""Who looked: at one record, and of late."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from concordat.audit import queries
from concordat.organisations.queries import names_by_id
from concordat.web.forms.journal import RecordForm
from concordat.web.presenters.journal import entry_rows
from concordat.web.requests import SignedInRequest

LIMIT = 200
"""Entries on one page; the command `concordat audit show` gives them all."""


@require_safe
def looked(request: SignedInRequest, record_id: UUID) -> HttpResponse:
    """Show who looked at one record, when and why."""
    entries = queries.who_looked(request.actor, subject_id=record_id, limit=LIMIT)
    context = {
        "record_id": record_id,
        "rows": entry_rows(entries, names_by_id()),
        "limit": LIMIT,
    }
    return render(request, "concordat/looked.html", context)


@require_safe
def journal(request: SignedInRequest) -> HttpResponse:
    """Show the latest entries, and find those of one record by its address or number."""
    queries.check_can_read_journal(request.actor)
    form = RecordForm(request.GET if "record" in request.GET else None)
    if form.is_bound and form.is_valid():
        return redirect("looked", form.cleaned_data["record"])
    entries = queries.recent(request.actor, limit=LIMIT)
    rows = entry_rows(
        entries, names_by_id(), link=lambda subject: reverse("looked", args=[subject])
    )
    context = {"form": form, "rows": rows, "limit": LIMIT}
    return render(request, "concordat/journal.html", context)
