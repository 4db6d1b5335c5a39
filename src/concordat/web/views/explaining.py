"""Who can see what and why; and what a version of an agreement would change."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from concordat.access.errors import NotAllowedToExplain
from concordat.agreements import queries
from concordat.agreements.queries.explaining import ASKS_ABOUT_ALL
from concordat.base.actor import Actor
from concordat.organisations.errors import UnknownOrganisation
from concordat.organisations.queries import (
    actor_of,
    colleagues,
    organisations,
    person_summary,
)
from concordat.organisations.rules import OrganisationKind
from concordat.web.forms.explaining import ExplainForm
from concordat.web.presenters import changes as change_pages
from concordat.web.presenters import explaining as presented
from concordat.web.requests import SignedInRequest


@require_safe
def explain(request: SignedInRequest) -> HttpResponse:
    """Ask whose access to whose records is meant, and answer which clause opens it, or why not."""
    actor = request.actor
    asked = {"who": str(actor.person_id), "purpose": actor.purpose.value} | request.GET.dict()
    form = ExplainForm(
        asked if request.GET else None,
        actor=actor,
        colleagues=colleagues(actor),
        owners=organisations(kind=OrganisationKind.FORCE),
        asks_about_all=actor.holds(*ASKS_ABOUT_ALL),
    )
    context: dict[str, object] = {"form": form, "answer": None, "is_reader": False}
    about = _about(actor, form) if form.is_bound and form.is_valid() else None
    if about is not None:
        context |= _answered(actor, form, about)
    return render(request, "concordat/explain.html", context)


@require_safe
def changes(request: SignedInRequest, reference: str, version: int) -> HttpResponse:
    """Show who would gain and lose what if this version came into force."""
    found = queries.what_would_change(request.actor, reference=reference, version=version)
    detail = queries.agreement(request.actor, reference=reference, version=version)
    context = {
        "agreement": detail,
        "found": found,
        "changed": change_pages.what_changes(found, own=request.actor.organisation_id),
    }
    return render(request, "concordat/agreement_changes.html", context)


def _about(actor: Actor, form: ExplainForm) -> Actor | None:
    """Return whom the form means, with the roles they hold now; None, with an error, if nobody."""
    field, person_id = "who", form.person_id
    if person_id is None:
        field = "username"
        try:
            person_id = person_summary(form.username).id
        except UnknownOrganisation:
            form.add_error(field, "Nobody has this username.")
            return None
    if person_id == actor.person_id and form.purpose_chosen is actor.purpose:
        return actor
    about = actor_of(person_id, purpose=form.purpose_chosen)
    if about is None:
        form.add_error(field, "This account is closed or has no role: it sees nothing.")
    return about


def _answered(actor: Actor, form: ExplainForm, about: Actor) -> dict[str, object]:
    try:
        found = queries.explain(
            actor, about=about, owner_id=form.owner_chosen.id, kind=form.kind_chosen
        )
    except NotAllowedToExplain as refusal:
        form.add_error(None, str(refusal))
        return {}
    is_reader = about.person_id == actor.person_id
    return {"answer": presented.answer(found, is_reader=is_reader), "is_reader": is_reader}
