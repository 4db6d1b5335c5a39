"""Disclosing an intelligence report, passing it on, recalling it, acknowledging a recall."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from concordat.organisations.queries import names_by_id, organisations
from concordat.organisations.rules import OrganisationKind
from concordat.records import actions, queries
from concordat.web.forms.disclosing import DiscloseForm, RecallForm
from concordat.web.presenters import disclosures as presented
from concordat.web.presenters import logged
from concordat.web.requests import SignedInRequest
from concordat.web.views.form_pages import FormPage, carried_out, show_form

_QUALITY_KEPT = "Whoever receives it sees how good you say it is. You can recall it at any time."


@require_http_methods(["GET", "HEAD", "POST"])
def disclose(request: SignedInRequest, event_id: UUID) -> HttpResponse:
    """Ask to whom, what for and which text, then disclose a report."""
    actor = request.actor
    actions.check_can_disclose(actor)
    found = queries.report_of(actor, event_id=event_id)
    form = _form(request, asks_originator=found.owner_id != actor.organisation_id)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        if carried_out(
            form,
            lambda: actions.disclose(
                actor,
                event_id=event_id,
                recipient_id=int(told["recipient"]),
                purpose=told["purpose"],
                sanitised=form.sanitised,
                quality=told["quality"],
                originator_agrees=told.get("originator_agrees", ""),
            ),
        ):
            messages.success(request, "Disclosed. It is in the register of disclosures.")
            return redirect("event", event_id)
    page = FormPage(
        title="Disclose this report",
        caption=f"{logged.title(found)}, {found.reference}",
        button="Disclose",
        back_href=reverse("event", args=[event_id]),
        leave="Don’t disclose it",
        intro=(presented.handling_text(found.kind, found.report.fields), _QUALITY_KEPT),
    )
    return show_form(request, form, page)


@require_safe
def disclosures(request: SignedInRequest) -> HttpResponse:
    """List what other bodies have disclosed to the reader’s."""
    bodies = names_by_id()
    found = queries.disclosures_to(request.actor)
    return render(
        request, "concordat/disclosures.html", {"rows": presented.received_rows(found, bodies)}
    )


@require_safe
def disclosure(request: SignedInRequest, disclosure_id: UUID) -> HttpResponse:
    """Show one disclosure: what was told to whom, under which conditions, and if it still holds."""
    actor = request.actor
    found = queries.disclosure(actor, disclosure_id=disclosure_id)
    own = actor.organisation_id
    may_disclose = actions.can_disclose(actor)
    is_live = found.recalled_at is None
    context = {
        "disclosure": found,
        "title": presented.title(found),
        "facts": presented.facts(found, names_by_id()),
        "content": list(found.content.items()),
        "event_href": reverse("event", args=[found.event_id]) if found.originator_id == own else "",
        "is_recipient": found.recipient_id == own,
        "may_pass_on": may_disclose and is_live and found.recipient_id == own,
        "may_recall": may_disclose and is_live and own in (found.owner_id, found.originator_id),
        "must_acknowledge": found.recipient_id == own
        and found.recalled_at is not None
        and found.acknowledged_at is None,
    }
    return render(request, "concordat/disclosure.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def onward(request: SignedInRequest, disclosure_id: UUID) -> HttpResponse:
    """Pass on what another body has disclosed, as far as its conditions allow it."""
    actor = request.actor
    actions.check_can_disclose(actor)
    found = queries.disclosure(actor, disclosure_id=disclosure_id)
    back = reverse("disclosure", args=[disclosure_id])
    form = _form(request, asks_originator=True)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        if carried_out(
            form,
            lambda: actions.disclose_onward(
                actor,
                disclosure_id=disclosure_id,
                recipient_id=int(told["recipient"]),
                purpose=told["purpose"],
                sanitised=form.sanitised,
                quality=told["quality"],
                originator_agrees=told["originator_agrees"],
            ),
        ):
            messages.success(request, "Passed on. Its originator sees that, and can recall it.")
            return redirect(back)
    page = FormPage(
        title="Pass it on",
        caption=presented.title(found),
        button="Pass it on",
        back_href=back,
        leave="Keep it",
        intro=(presented.handling_text(found.kind, found.codes), _QUALITY_KEPT),
    )
    return show_form(request, form, page)


@require_http_methods(["GET", "HEAD", "POST"])
def recall(request: SignedInRequest, disclosure_id: UUID) -> HttpResponse:
    """Recall a disclosure from everybody whom it reached."""
    actor = request.actor
    actions.check_can_disclose(actor)
    found = queries.disclosure(actor, disclosure_id=disclosure_id)
    back = reverse("disclosure", args=[disclosure_id])
    form = RecallForm(request.POST if request.method == "POST" else None)
    reached: list[int] = []
    if request.method == "POST" and form.is_valid():
        because = form.cleaned_data["because"]
        if carried_out(
            form,
            lambda: reached.append(
                actions.recall(actor, disclosure_id=disclosure_id, because=because)
            ),
        ):
            messages.success(request, presented.recalled_text(reached[0]))
            return redirect(back)
    page = FormPage(
        title="Recall this disclosure",
        caption=presented.title(found),
        button="Recall it",
        back_href=back,
        leave="Let it stand",
        is_final=True,
        intro=(
            (
                "Every body that it reached, also through others, is told at once that it must not "
                "be used, and has to acknowledge that. They can’t read it any more."
            ),
        ),
    )
    return show_form(request, form, page)


@require_POST
def acknowledge(request: SignedInRequest, disclosure_id: UUID) -> HttpResponse:
    """Acknowledge a recall for the reader’s body."""
    actions.acknowledge_recall(request.actor, disclosure_id=disclosure_id)
    messages.success(request, "Acknowledged. The force that recalled it sees that.")
    return redirect("inbox")


def _form(request: SignedInRequest, *, asks_originator: bool) -> DiscloseForm:
    own = request.actor.organisation_id
    recipients = [
        (str(one.id), one.name)
        for one in organisations()
        if one.id != own and one.kind in (OrganisationKind.FORCE, OrganisationKind.FIRE_SERVICE)
    ]
    data = request.POST if request.method == "POST" else None
    return DiscloseForm(data, recipients=recipients, asks_originator=asks_originator)
