"""Drafting agreements: beginning one, and changing it section by section."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from django.contrib import messages
from django.forms import BaseFormSet, Form, formset_factory
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, resolve, reverse
from django.views.decorators.http import require_http_methods

from concordat.access.rules import RecordKind
from concordat.agreements import actions, queries
from concordat.agreements.errors import AgreementsError, NotAllowedToTake, UnknownAgreement
from concordat.agreements.queries import AgreementDetail
from concordat.agreements.rules import (
    RECORD_ROLES,
    AgreementKind,
    AgreementTerms,
    Step,
    as_document,
    excluded_for,
)
from concordat.base.actor import Actor
from concordat.base.clock import today
from concordat.organisations.queries import OrganisationSummary, names_by_id
from concordat.web import agreement_drafting as drafting
from concordat.web.agreement_drafting import Saved
from concordat.web.forms import agreement_drafts as forms
from concordat.web.forms import agreement_lines as lines
from concordat.web.presenters import agreement_drafts as presented
from concordat.web.requests import SignedInRequest
from concordat.web.views.agreements import version_for
from concordat.web.views.form_pages import FormPage, carried_out, show_form

_LineForm = type[lines.ResourceLineForm | lines.CostLineForm | lines.BenefitLineForm]
_LINES: dict[str, _LineForm] = {
    "resources": lines.ResourceLineForm,
    "costs": lines.CostLineForm,
    "benefits": lines.BenefitLineForm,
}
_MOST_LINES = 60
_OWN_TEMPLATES = {"parties": "parties", "sharing": "sharing"}
_OWN_PAGES = ("agreement", "agreement-edit")


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """Ask for a reference, a title, a form and a purpose, then begin a draft."""
    actor = request.actor
    actions.check_role(actor, Step.AMEND)
    form = forms.NewForm(request.POST if request.method == "POST" else None)
    made: list[AgreementDetail] = []
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        if _is_taken(told["reference"]):
            form.add_error("reference", "This can’t be a reference here: choose another.")
        elif carried_out(form, lambda: made.append(_begun(actor, told))):
            messages.success(request, "The draft is begun. Say who the parties are.")
            return redirect("agreement-edit-section", made[0].reference, "parties")
    page = FormPage(
        title="Draft an agreement",
        button="Begin the draft",
        back_href=reverse("agreements"),
        back_text="Agreements",
        leave="Don’t draft it",
        intro=(
            (
                "A draft opens nothing and may have gaps. It is proposed once it says all that it "
                "must, and is in force once every body has signed."
            ),
        ),
    )
    return show_form(request, form, page)


def _begun(actor: Actor, told: dict[str, Any]) -> AgreementDetail:
    own = names_by_id()[actor.organisation_id]
    terms = AgreementTerms(
        reference=told["reference"],
        title=told["title"],
        kind=AgreementKind(told["kind"]),
        purpose=told["purpose"],
        parties=(own.code,),
        functions=(),
    )
    return actions.draft_agreement(actor, terms=terms)


def _is_taken(reference: str) -> bool:
    """Whether a page of this agreement would have the address of another, or none at all."""
    if {"", ".", ".."} & set(reference.split("/")):  # which are taken out of an address on its way
        return True
    try:
        pages = [resolve(reverse(name, args=[reference])) for name in _OWN_PAGES]
    except (Http404, NoReverseMatch):
        return True
    return any(page.url_name != name for page, name in zip(pages, _OWN_PAGES, strict=True))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, reference: str, section: str = "basics") -> HttpResponse:
    """Show a section of a draft, or save it over what others have saved meanwhile."""
    if section not in presented.SECTIONS:
        raise UnknownAgreement(f"A draft has no section “{section}”.")
    draft = version_for(request.actor, reference, Step.AMEND)
    if not actions.may_take(request.actor, Step.AMEND, draft):
        if not draft.involves(request.actor.organisation_id):
            raise NotAllowedToTake(f"{request.actor.organisation_name} is no party to it.")
        not_saved = " What you wrote was not saved: go back to see it." * (request.method == "POST")
        messages.error(
            request, f"It is no draft: what has been proposed can’t be changed.{not_saved}"
        )
        return redirect("agreement", reference)
    return _VIEWS.get(section, _edit_lines)(request, draft, section)


def _edit_fields(request: SignedInRequest, draft: AgreementDetail, section: str) -> HttpResponse:
    form = _field_form(request, draft, section)
    if request.method == "POST" and form.is_valid():
        values = {name: json.dumps(told) for name, told in form.values().items()}
        return _save(request, draft, section, values, form)
    return _page(request, draft, section, form=form)


def _field_form(
    request: SignedInRequest, draft: AgreementDetail, section: str
) -> forms.PartiesForm | forms.BasicsForm | forms.TermsForm:
    data = request.POST if request.method == "POST" else None
    document = as_document(draft.terms)
    for name in ("starts_on", "ends_on", "review_on"):
        document[name] = getattr(draft.terms, name)
    if section == "parties":
        own = names_by_id()[request.actor.organisation_id].code
        bodies = {body.code: body.name for body in _bodies(draft)}
        frameworks = queries.frameworks(request.actor, but_not=draft.reference)
        return forms.PartiesForm(
            data, initial=document, bodies=bodies, own=own, frameworks=frameworks
        )
    return (forms.BasicsForm if section == "basics" else forms.TermsForm)(data, initial=document)


def _edit_sharing(request: SignedInRequest, draft: AgreementDetail, section: str) -> HttpResponse:
    clauses = {clause.kind.code: clause for clause in draft.terms.sharing}
    changed = clauses.get(request.GET.get("kind", ""))
    model = changed or next(reversed(clauses.values()), None)
    roles = dict.fromkeys(
        [*RECORD_ROLES, *(role for one in clauses.values() for role in one.roles)]
    )
    form = forms.SharingForm(
        request.POST if request.method == "POST" and "remove" not in request.POST else None,
        initial=forms.clause_initial(model, keep_kind=changed is not None),
        roles=roles,
    )
    if request.method == "POST" and request.POST.get("remove") in clauses:
        kind = RecordKind.from_code(request.POST["remove"])
        return _save(request, draft, section, {drafting.clause_name(kind): ""}, form)
    if request.method == "POST" and form.is_valid():
        document = as_document(replace(draft.terms, sharing=form.clauses()))
        values = {
            f"{drafting.SHARING}:{clause['kind']}": json.dumps(clause)
            for clause in document["sharing"]
        }
        return _save(request, draft, section, values, form)
    return _page(request, draft, section, form=form, changed=changed)


def _edit_lines(request: SignedInRequest, draft: AgreementDetail, section: str) -> HttpResponse:
    one = _LINES[section]
    parties = [(body.code, body.name) for body in draft.parties]
    made = formset_factory(one, extra=1, can_delete=True, max_num=_MOST_LINES)
    formset: BaseFormSet[Any] = made(
        request.POST if request.method == "POST" else None,
        initial=[one.initial_of(line) for line in getattr(draft.terms, section)],
        form_kwargs={"parties": parties},
        prefix="line",
    )
    if request.method == "POST" and formset.is_valid():
        told = [asdict(line) for form in formset if (line := form.line()) is not None]
        values = {section: json.dumps(told)}
        return _save(request, draft, section, values, Form(), formset=formset)
    return _page(request, draft, section, form=Form(), formset=formset)


def _save(
    request: SignedInRequest,
    draft: AgreementDetail,
    section: str,
    values: dict[str, str],
    form: Form,
    *,
    formset: "BaseFormSet[Any] | None" = None,
) -> HttpResponse:
    try:
        saved = drafting.save(request.actor, draft=draft, base=_base(request), mine=values)
    except (NotAllowedToTake, UnknownAgreement):
        raise
    except AgreementsError as refusal:
        form.add_error(None, str(refusal))
        return _page(request, draft, section, form=form, formset=formset)
    if saved.conflicts:
        return _page(request, saved.draft, section, form=form, saved=saved, formset=formset)
    if saved.elsewhere:
        changed = ", ".join(presented.label_of(name) for name in saved.elsewhere)
        messages.info(request, f"Somebody else changed this meanwhile; it is kept too: {changed}.")
    messages.success(request, "Saved.")
    then = presented.following(section) if "next" in request.POST else section
    return redirect("agreement-edit-section", draft.reference, then or section)


def _base(request: SignedInRequest) -> dict[str, str]:
    """Return what the page was made of; what it doesn’t tell counts as what is stored now."""
    try:
        told = json.loads(request.POST.get("base", "{}"))
    except ValueError:
        return {}
    known = isinstance(told, dict)
    return {str(name): str(text) for name, text in told.items()} if known else {}


def _page(
    request: SignedInRequest,
    draft: AgreementDetail,
    section: str,
    *,
    form: Form,
    saved: Saved | None = None,
    formset: "BaseFormSet[Any] | None" = None,
    changed: object = None,
) -> HttpResponse:
    bodies = {body.code: body for body in names_by_id().values()}
    missing = queries.everything_missing(request.actor, terms=draft.terms)
    base = saved.base if saved else _base(request) or drafting.values_of(draft.terms)
    context = {
        "agreement": draft,
        "section": section,
        "section_title": presented.SECTIONS[section],
        "following": presented.following(section),
        "form": form,
        "formset": formset,
        "changed": changed,
        "base": json.dumps(base),
        "meanwhile": presented.meanwhile(saved.conflicts, bodies) if saved else [],
        "sections": presented.section_links(draft.reference, missing, current=section),
        "missing": presented.missing_lines(draft.reference, missing),
        "saved_text": presented.saved_text(draft),
        "clauses": presented.clause_lines(draft.terms.sharing),
        **(_boxes(request.actor, draft, form) if section == "parties" else {}),
    }
    status = 409 if saved else 200
    return render(
        request, f"concordat/agreement_edit_{_template(section)}.html", context, status=status
    )


def _template(section: str) -> str:
    return "lines" if section in _LINES else _OWN_TEMPLATES.get(section, "fields")


def _boxes(actor: Actor, draft: AgreementDetail, form: Form) -> dict[str, object]:
    frameworks = queries.frameworks(actor, but_not=draft.reference)
    excluded = excluded_for(form["parties"].value() or (), frameworks)
    kept_out = presented.function_boxes(form["excluded_functions"].value() or (), {})
    return {
        "parties": presented.party_boxes(_bodies(draft), form["parties"].value() or ()),
        "functions": presented.function_boxes(form["functions"].value() or (), excluded),
        "kept_out": kept_out,
        "keeps_out": bool(form["excluded_functions"].value()),
    }


def _bodies(draft: AgreementDetail) -> list[OrganisationSummary]:
    """Return every body that exists today, and those that the draft names already."""
    day = today()
    return [
        body
        for body in names_by_id().values()
        if body.code in draft.terms.parties
        or (
            (body.valid_from is None or body.valid_from <= day)
            and (body.valid_until is None or day < body.valid_until)
        )
    ]


_VIEWS: dict[str, Callable[[SignedInRequest, AgreementDetail, str], HttpResponse]] = {
    "basics": _edit_fields,
    "parties": _edit_fields,
    "terms": _edit_fields,
    "sharing": _edit_sharing,
}
