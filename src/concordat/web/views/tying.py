"""Tying records together and warning of people: links, warning markers, and ending either."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from concordat.access.rules import RecordKind
from concordat.records import actions, queries
from concordat.records.rules.catalogue import reasons_between
from concordat.records.rules.logged import RecordRef
from concordat.tracing.queries import candidates
from concordat.web.forms.working import (
    BecauseForm,
    EndLinkForm,
    FindForm,
    LinkForm,
    WarningForm,
)
from concordat.web.presenters.addresses import page_of
from concordat.web.requests import SignedInRequest, local_address, page_left
from concordat.web.views.errors import not_found
from concordat.web.views.form_pages import FormPage, carried_out, show_form


@require_http_methods(["GET", "HEAD", "POST"])
def add_link(request: SignedInRequest, kind: str, record_id: UUID) -> HttpResponse:
    """Find the other record, then say how both are tied and who says so."""
    actor = request.actor
    actions.check_can_record(actor)
    try:
        left = RecordRef(RecordKind.from_code(kind), record_id)
    except ValueError:
        return not_found(request)
    find = FindForm(request.GET if "of" in request.GET else None)
    found = (
        candidates(actor, kind=find.kind, text=find.cleaned_data["q"])
        if find.is_bound and find.is_valid()
        else ()
    )
    reasons = reasons_between(left.kind, find.kind) if find.is_bound and find.is_valid() else ()
    form = LinkForm(
        request.POST if request.method == "POST" else None,
        others=[
            (str(one.record_id), f"{one.label} ({one.detail})" if one.detail else one.label)
            for one in found
            if one.record_id != record_id
        ],
        reasons=[(one.code, one.label) for one in reasons],
    )
    form.initial = {"stated_by": actor.person_name, "confidence": "medium"}
    back = page_of(left.kind, record_id)
    if request.method == "POST" and form.is_valid():
        right = RecordRef(find.kind, UUID(form.cleaned_data["other"]))
        if carried_out(form, lambda: _link(request, left, right, form)):
            messages.success(request, "The link is recorded.")
            return redirect(back)
    page = FormPage(
        title="Add a link",
        button="Add this link",
        back_href=back,
        leave="Add none",
        intro=("Find the other record first, then say how both are tied.",),
    )
    context = {"find": find, "found": found, "asked": find.is_bound and find.is_valid()}
    return show_form(request, form, page, template="concordat/link_add.html", **context)


@require_http_methods(["GET", "HEAD", "POST"])
def end_link(request: SignedInRequest, link_id: UUID) -> HttpResponse:
    """End a link of one’s own force, with the reason."""
    actor = request.actor
    actions.check_can_record(actor)
    back = local_address(request.POST.get("back", "")) or page_left(request) or reverse("home")
    form = EndLinkForm(request.POST if request.method == "POST" else None, initial={"back": back})
    if (
        request.method == "POST"
        and form.is_valid()
        and carried_out(
            form,
            lambda: actions.end_link(actor, link_id=link_id, because=form.cleaned_data["because"]),
        )
    ):
        messages.success(request, "The link has ended. It stays in the history.")
        return redirect(back)
    page = FormPage(
        title="End this link",
        button="End it",
        back_href=back,
        leave="Let it stand",
        intro=("It stays in the history, with your name and the reason.",),
    )
    return show_form(request, form, page)


@require_http_methods(["GET", "HEAD", "POST"])
def add_warning(request: SignedInRequest, record_id: UUID) -> HttpResponse:
    """Warn of a person, with evidence and a day of review."""
    actor = request.actor
    actions.check_can_record(actor)
    found = queries.person_fields(actor, person_id=record_id)
    form = WarningForm(request.POST if request.method == "POST" else None)
    back = reverse("person", args=[record_id])
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        if carried_out(form, lambda: actions.add_warning(actor, person_id=record_id, **told)):
            messages.success(request, "The warning stands first wherever this person is shown.")
            return redirect(back)
    page = FormPage(
        title="Add a warning",
        caption=found.label,
        button="Add this warning",
        back_href=back,
        leave="Add none",
        intro=("A warning protects whoever meets this person next. Say what it rests on.",),
    )
    return show_form(request, form, page)


@require_http_methods(["GET", "HEAD", "POST"])
def end_warning(request: SignedInRequest, record_id: UUID, code: str) -> HttpResponse:
    """End a warning about a person of one’s own force."""
    actor = request.actor
    actions.check_can_record(actor)
    found = queries.person_fields(actor, person_id=record_id)
    form = BecauseForm(request.POST if request.method == "POST" else None)
    back = reverse("person", args=[record_id])
    if (
        request.method == "POST"
        and form.is_valid()
        and carried_out(
            form,
            lambda: actions.end_warning(
                actor, person_id=record_id, code=code, because=form.cleaned_data["because"]
            ),
        )
    ):
        messages.success(request, "The warning has ended. It stays in the history.")
        return redirect(back)
    page = FormPage(
        title="End this warning",
        caption=found.label,
        button="End it",
        back_href=back,
        is_final=True,
        leave="Let it stand",
        intro=("It stays in the history, with your name and the reason.",),
    )
    return show_form(request, form, page)


def _link(request: SignedInRequest, left: RecordRef, right: RecordRef, form: LinkForm) -> None:
    told = form.cleaned_data
    actions.add_link(
        request.actor,
        left=left,
        right=right,
        reason=told["reason"],
        since=told["since"],
        until=told["until"],
        stated_by=told["stated_by"],
        confidence=told["confidence"],
        assessment=told["assessment"],
    )
