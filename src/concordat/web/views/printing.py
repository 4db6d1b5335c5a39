"""An event on paper: the print view, the PDF, the receipt. Each is a disclosure."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from concordat.base.clock import now
from concordat.organisations.queries import names_by_id
from concordat.records import actions, queries
from concordat.web.formatting import format_datetime
from concordat.web.forms.printing import TakeForm
from concordat.web.pdf import make_pdf
from concordat.web.presenters import sheets
from concordat.web.presenters.sheets import Sheet
from concordat.web.requests import SignedInRequest

_SEARCHED = "whoever was searched"


@require_POST
def printed(request: SignedInRequest, event_id: UUID) -> HttpResponse:
    """Show an event as it is printed, with the number of the entry that says so."""
    sheet = _sheet(request, event_id, form="print")
    context = {"sheet": sheet, "back": reverse("event", args=[event_id])}
    return render(request, "concordat/sheet.html", context)


@require_POST
def pdf(request: SignedInRequest, event_id: UUID) -> HttpResponse:
    """Give an event out as a PDF."""
    sheet = _sheet(request, event_id, form="pdf")
    response = HttpResponse(make_pdf(sheet), content_type="application/pdf")
    name = "".join(char if char.isalnum() else "-" for char in sheet.reference) or "event"
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response


@require_POST
def receipt(request: SignedInRequest, event_id: UUID) -> HttpResponse:
    """Show the receipt of a stop and search, to be printed for whoever was searched."""
    sheet = _sheet(request, event_id, form="receipt")
    context = {"sheet": sheet, "back": reverse("event", args=[event_id])}
    return render(request, "concordat/sheet.html", context)


def _sheet(request: SignedInRequest, event_id: UUID, *, form: str) -> Sheet:
    """Journal the disclosure, then return what goes on paper with the number of its entry."""
    actor = request.actor
    take = TakeForm(request.POST)
    take.is_valid()  # too long a text is cut below rather than refused: paper is wanted now
    recipient = _SEARCHED if form == "receipt" else take.for_whom
    taken = actions.print_event(actor, event_id=event_id, form=form, recipient=recipient)
    foot = sheets.foot(
        entry=taken.number,
        at=format_datetime(now()),
        person=actor.person_name,
        organisation=actor.organisation_name,
        purpose=actor.purpose_label,
        recipient=recipient,
    )
    bodies = names_by_id()
    if taken.report is None:
        event = queries.event(actor, event_id=event_id)
        return sheets.loaded_sheet(event, owner=bodies[event.owner_id].name, foot=foot)
    report = taken.report
    owner = bodies[report.owner_id].name
    known = [one.record_id for one in report.report.participants if one.record_id]
    people = queries.persons(actor, ids=known)
    make = sheets.receipt_sheet if form == "receipt" else sheets.event_sheet
    return make(report, owner=owner, people=people, foot=foot)
