"""Signing and refusing, each for one's own body, and saying that conditions are met."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from concordat.agreements import actions
from concordat.agreements.queries import AgreementDetail, agreement, what_would_change
from concordat.agreements.rules import Decision, State, Step
from concordat.base.actor import Actor
from concordat.web.forms.agreements import ConditionsMetForm, RefuseForm, SignForm
from concordat.web.presenters import agreement_pages as pages
from concordat.web.presenters import agreements as presented
from concordat.web.presenters.changes import what_changes
from concordat.web.requests import SignedInRequest
from concordat.web.views.agreements import schedules_of, version_for
from concordat.web.views.form_pages import FormPage, carried_out, show_form


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: SignedInRequest, reference: str) -> HttpResponse:
    """Show what would be signed, then sign it; or ask how one's conditions were met."""
    actor = request.actor
    found = version_for(actor, reference, Step.SIGN)
    decision = pages.own_signature(actor, found)
    if found.state is not State.PROPOSED or decision in (None, Decision.APPROVED):
        return _nothing_to_sign(request, found)
    if decision is Decision.CONDITIONAL:
        return _conditions(request, found)
    form = SignForm(
        request.POST if request.method == "POST" else None, initial={"digest": found.digest}
    )
    if (
        request.method == "POST"
        and form.is_valid()
        and carried_out(form, lambda: _sign(actor, reference, form.cleaned_data))
    ):
        return _signed(request, found)
    if request.method == "POST" and form["digest"].value() != found.digest:
        form = _of_present_text(request.POST.dict(), found)
    return show_form(
        request, form, _sign_page(actor, found),
        template="concordat/agreement_sign.html",
        agreement=found,
        changed=what_changes(
            what_would_change(actor, reference=reference, version=found.version),
            own=actor.organisation_id,
        ),
        terms=presented.term_rows(found),
        shared=presented.shared(found.sharing),
        signatures=pages.signature_lines(found),
        **schedules_of(found),
    )  # fmt: skip


def _sign(actor: Actor, reference: str, told: dict[str, Any]) -> None:
    actions.sign(
        actor,
        reference=reference,
        digest=told["digest"],
        reasons=told["reasons"],
        conditions=told["conditions"],
    )


def _of_present_text(told: dict[str, Any], found: AgreementDetail) -> SignForm:
    """Return what was written, to be signed below the present text once that is read."""
    again = SignForm(told | {"digest": found.digest, "have_read": ""})
    again.add_error(None, "The text has changed since you read it. Read it again.")
    return again


@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: SignedInRequest, reference: str) -> HttpResponse:
    """Ask why, then refuse: the proposal goes back to be a draft."""
    actor = request.actor
    found = version_for(actor, reference, Step.REFUSE)
    if not actions.may_take(actor, Step.REFUSE, found):
        return _nothing_to_sign(request, found)
    form = RefuseForm(request.POST if request.method == "POST" else None)
    if (
        request.method == "POST"
        and form.is_valid()
        and carried_out(
            form,
            lambda: actions.refuse(
                actor, reference=reference, reasons=form.cleaned_data["reasons"]
            ),
        )
    ):
        messages.success(request, f"Refused. {reference} is a draft again.")
        return redirect("agreement-version", found.reference, found.version)
    page = FormPage(
        title=f"Refuse for {actor.organisation_name}",
        caption=f"{found.reference} {found.title}",
        button="Refuse",
        back_href=_address(found),
        back_text="Back to the agreement",
        leave="Don’t refuse",
        intro=(
            (
                "The proposal becomes a draft again, and signatures so far count no more. Its "
                "programme teams see your reasons."
            ),
        ),
        is_final=True,
    )
    return show_form(request, form, page)


def _conditions(request: SignedInRequest, found: AgreementDetail) -> HttpResponse:
    actor = request.actor
    form = ConditionsMetForm(request.POST if request.method == "POST" else None)
    if (
        request.method == "POST"
        and form.is_valid()
        and carried_out(
            form,
            lambda: actions.meet_conditions(
                actor, reference=found.reference, because=form.cleaned_data["because"]
            ),
        )
    ):
        return _signed(request, found)
    mine = next(one for one in found.signatures if one.body.id == actor.organisation_id)
    page = FormPage(
        title="Say that your conditions are met",
        caption=f"{found.reference} {found.title}",
        button="They are met: my signature counts",
        back_href=_address(found),
        back_text="Back to the agreement",
        intro=(f"{actor.organisation_name} signed under this condition: {mine.conditions}",),
    )
    return show_form(request, form, page)


def _signed(request: SignedInRequest, found: AgreementDetail) -> HttpResponse:
    after = agreement(request.actor, reference=found.reference, version=found.version)
    if after.state is State.PROPOSED:
        names = presented.listed(one.body.short_name for one in after.waiting_on)
        messages.success(request, f"Signed. It still waits for {names}.")
    else:
        messages.success(request, "Signed. Every body has signed: the agreement is approved.")
    return redirect("agreement-version", found.reference, found.version)


def _nothing_to_sign(request: SignedInRequest, found: AgreementDetail) -> HttpResponse:
    name = request.actor.organisation_name
    messages.error(request, f"{name} has nothing to sign here now.")
    return redirect("agreement", found.reference)


def _sign_page(actor: Actor, found: AgreementDetail) -> FormPage:
    return FormPage(
        title=f"Sign for {actor.organisation_name}",
        caption=f"{found.reference} {found.title}, version {found.version}",
        button="Sign",
        back_href=_address(found),
        back_text="Back to the agreement",
        leave="Don’t sign now",
    )


def _address(found: AgreementDetail) -> str:
    return reverse("agreement-version", args=[found.reference, found.version])
