"""Decision notices: read by anybody, published by a signatory's own staff."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from concordat.agreements import actions, queries
from concordat.agreements.queries import AgreementDetail
from concordat.base.actor import Actor
from concordat.organisations.queries import names_by_id
from concordat.web.forms.notices import PublishForm
from concordat.web.presenters import notices as presented
from concordat.web.requests import SignedInRequest, actor_of_request
from concordat.web.views.agreements import may_publish
from concordat.web.views.form_pages import FormPage, carried_out, show_form


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """List every published decision. Nobody needs to sign in."""
    return render(request, "concordat/notices.html", {"notices": queries.notices()})


@require_safe
def notice(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Show one published decision; to those whom it binds also what it leaves out."""
    found = next((one for one in queries.notices() if one.id == notice_id), None)
    if found is None:
        raise Http404
    actor = actor_of_request(request)
    left_out = queries.redactions(actor, notice_id=notice_id) if actor else ()
    context = {
        "notice": found,
        "left_out": [(presented.PARTS.get(part, part), because) for part, because in left_out],
    }
    return render(request, "concordat/notice.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: SignedInRequest, reference: str) -> HttpResponse:
    """Make a text from the terms, let it be changed, and publish it."""
    actor = request.actor
    actions.check_can_publish(actor)
    found = queries.agreement(actor, reference=reference)
    if not may_publish(actor, found):
        messages.error(
            request,
            "A decision is published by a body that signs the agreement, once all have signed.",
        )
        return redirect("agreement", found.reference)
    if request.method != "POST":
        return _show(request, found, PublishForm(initial=_made(actor, found, PublishForm())))
    form = PublishForm(request.POST)
    if "make" in request.POST:
        told = request.POST.dict() | {"left_out": form.leaves_out}
        return _show(request, found, PublishForm(initial=told | _made(actor, found, form)))
    if form.is_valid() and carried_out(form, lambda: _published(actor, found, form)):
        messages.success(request, "Published: anybody can read it now.")
        return redirect("agreement", found.reference)
    return _show(request, found, form)


def _published(actor: Actor, found: AgreementDetail, form: PublishForm) -> None:
    told = form.cleaned_data
    actions.publish_notice(
        actor,
        reference=found.reference,
        version=found.version,
        title=told["title"],
        text=told["text"],
        outline_only=told["how_much"] == "outline",
        redactions=dict.fromkeys(told["left_out"], told["because"]),
    )


def _made(actor: Actor, found: AgreementDetail, form: PublishForm) -> dict[str, str]:
    text = presented.notice_text(
        found,
        body=actor.organisation_name,
        left_out=form.leaves_out,
        outline=form.is_outline,
        bodies={body.code: body for body in names_by_id().values()},
    )
    return {"title": presented.notice_title(found), "text": text}


def _show(request: SignedInRequest, found: AgreementDetail, form: PublishForm) -> HttpResponse:
    page = FormPage(
        title="Publish a decision notice",
        caption=f"{found.reference} {found.title}",
        button="Publish",
        back_href=reverse("agreement", args=[found.reference]),
        back_text="Back to the agreement",
        leave="Don’t publish",
        intro=(
            (
                f"It is the decision of {request.actor.organisation_name} alone. What is left out "
                "stays readable by the bodies that the agreement binds."
            ),
        ),
    )
    return show_form(request, form, page, template="concordat/agreement_publish.html")
