"""Supervision: the queue, reviewing, and transfers between forces."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from concordat.organisations.queries import colleagues, names_by_id, organisations
from concordat.organisations.rules import OrganisationKind
from concordat.records import actions, queries
from concordat.web.forms.working import (
    AllocateForm,
    DeclineForm,
    NoteForm,
    OfferForm,
    SendBackForm,
)
from concordat.web.presenters import logged
from concordat.web.presenters import work as presented
from concordat.web.requests import SignedInRequest
from concordat.web.views.form_pages import FormPage, carried_out, show_form

_SAID: Final = {
    "approve": "Approved.",
    "send-back": "Sent back. It is in the inbox of whoever logged it.",
    "allocate": "Allocated.",
}


@require_safe
def work(request: SignedInRequest) -> HttpResponse:
    """Show what waits for a supervisor’s review, and the transfers from and to the force."""
    actor = request.actor
    actions.check_can_review(actor, owner_id=actor.organisation_id)
    bodies = names_by_id()
    found = queries.transfers(actor)
    context = {
        "waiting": presented.waiting(queries.review_queue(actor)),
        "shown": queries.QUEUE,
        "offered": presented.offered(found, bodies, own=actor.organisation_id),
        "answered": presented.answered(found, bodies, own=actor.organisation_id),
    }
    return render(request, "concordat/work.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: SignedInRequest, event_id: UUID) -> HttpResponse:
    """Show an event to be reviewed; approve it, send it back or allocate it."""
    actor = request.actor
    found = queries.report_of(actor, event_id=event_id)
    actions.check_can_review(actor, owner_id=found.owner_id)
    decision = request.POST.get("decision", "") if request.method == "POST" else ""
    forms = _review_forms(request, decision)
    form = forms.get(decision)
    if form is not None and form.is_valid() and carried_out(form, _deciding(request, event_id, form, decision)):  # fmt: skip  # noqa: E501
        messages.success(request, _SAID[decision])
        return redirect("work")
    history = queries.review_history(actor, event_id=event_id)
    context = {
        "event": found,
        "title": logged.title(found),
        "lead": logged.lead(found),
        "what_happened": logged.summary(found),
        "texts": logged.texts(found),
        "standing": logged.standing(history),
        "history": logged.review_rows(history),
        "gaps": presented.gaps(found),
        "forms": {name.replace("-", "_"): one for name, one in forms.items()},
        "form": form,
    }
    return render(request, "concordat/event_review.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: SignedInRequest, event_id: UUID) -> HttpResponse:
    """Offer an event to the force that it belongs to."""
    actor = request.actor
    found = queries.report_of(actor, event_id=event_id)
    actions.check_can_review(actor, owner_id=found.owner_id)
    forces = [
        (str(force.id), force.name)
        for force in organisations(kind=OrganisationKind.FORCE)
        if force.id != actor.organisation_id
    ]
    initial = {"to": str(found.area_id)} if found.area_id else {}
    form = OfferForm(request.POST if request.method == "POST" else None, forces=forces)
    form.initial = initial
    back = reverse("event", args=[event_id])
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        if carried_out(
            form,
            lambda: actions.offer_transfer(
                actor, event_id=event_id, to_id=int(told["to"]), because=told["because"]
            ),
        ):
            messages.success(request, "Offered. It stays yours until they accept it.")
            return redirect(back)
    page = FormPage(
        title="Transfer to another force",
        caption=f"{logged.title(found)}, {found.reference}",
        button="Offer it",
        back_href=back,
        leave="Keep it",
        intro=(
            (
                "It is offered, and stays yours until the other force accepts it. Then they log it "
                "under a reference of their own, and both records stay linked."
            ),
        ),
    )
    return show_form(request, form, page)


@require_http_methods(["GET", "HEAD", "POST"])
def transfer(request: SignedInRequest, transfer_id: UUID) -> HttpResponse:
    """Show a transfer; accept or decline it if it was offered to the reader’s force."""
    actor = request.actor
    found = queries.transfer(actor, transfer_id=transfer_id)
    form = DeclineForm(request.POST if request.POST.get("decision") == "decline" else None)
    may_answer = actions.can_answer_transfer(actor, transfer=found)
    if request.method == "POST":
        actions.check_can_answer_transfer(actor, transfer=found)
        answered = _answered(request, transfer_id, form)
        if answered is not None:
            return answered
    bodies = names_by_id()
    context = {
        "transfer": found,
        "facts": presented.transfer_facts(found, bodies),
        "fields": presented.transfer_fields(found),
        "people": presented.transfer_people(found),
        "event_href": presented.event_href(found, own=actor.organisation_id),
        "may_answer": may_answer,
        "form": form,
    }
    return render(request, "concordat/transfer.html", context)


def _answered(
    request: SignedInRequest, transfer_id: UUID, form: DeclineForm
) -> HttpResponse | None:
    """Carry the answer out, and return where to go; None where the form must be mended."""
    if request.POST.get("decision") == "accept":
        taken = actions.accept_transfer(request.actor, transfer_id=transfer_id)
        messages.success(request, f"Accepted. It is yours now as {taken.reference}.")
        return redirect("event", taken.event_id)
    if form.is_valid() and carried_out(
        form,
        lambda: actions.decline_transfer(
            request.actor, transfer_id=transfer_id, because=form.cleaned_data["because"]
        ),
    ):
        messages.success(request, "Declined. It stays with the force that offered it.")
        return redirect("work")
    return None


def _review_forms(request: SignedInRequest, decision: str) -> dict[str, Form]:
    def data(name: str) -> object:
        return request.POST if decision == name else None

    others = [(str(one.id), one.name) for one in colleagues(request.actor)]
    return {
        "approve": NoteForm(data("approve"), prefix="approve"),  # type: ignore[arg-type]
        "send-back": SendBackForm(data("send-back"), prefix="back"),  # type: ignore[arg-type]
        "allocate": AllocateForm(data("allocate"), colleagues=others),
    }


def _deciding(
    request: SignedInRequest, event_id: UUID, form: Form, decision: str
) -> Callable[[], object]:
    told, actor = form.cleaned_data, request.actor
    if decision == "approve":
        return lambda: actions.approve(actor, event_id=event_id, note=told["note"])
    if decision == "send-back":
        return lambda: actions.send_back(actor, event_id=event_id, note=told["note"])
    return lambda: actions.allocate(
        actor, event_id=event_id, to_person_id=UUID(told["to"]), note=told["note"]
    )
