"""One person: every force's records of them, what they say, and why they are one."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from concordat.access.queries import why_readable
from concordat.access.rules import RecordKind
from concordat.agreements.queries import references_by_id
from concordat.audit.queries import can_read_journal
from concordat.identity.actions import can_judge, retire
from concordat.organisations.queries import names_by_id
from concordat.tracing.queries import IdentityPage, identity_page
from concordat.web.forms.judging import RetireForm
from concordat.web.presenters import persons as presented
from concordat.web.presenters.agreements import purposes_text
from concordat.web.requests import SignedInRequest


@require_safe
def person(request: SignedInRequest, record_id: UUID) -> HttpResponse:
    """Show warnings, the answer, every record side by side, and why they are one person."""
    actor = request.actor
    found = identity_page(actor, record_id=record_id)
    bodies = names_by_id()
    current = [detail.current for detail in found.records]
    names = presented.record_names([*current, *found.others, *found.apart], bodies)
    context = {
        "found": found,
        "title": presented.name_of(found.best.content),
        "answer": presented.answer_rows(found.best, found.facts),
        "warnings": presented.warned(found.warnings, bodies),
        "columns": presented.columns(current, bodies),
        "rows": presented.fact_rows(found.facts),
        "links": [
            presented.link(names[one.left_id], names[one.right_id], one.explanation)
            for one in found.compared
        ],
        "others": presented.columns(found.others, bodies),
        "apart": presented.columns(found.apart, bodies),
        "judgements": presented.judgement_rows(found.identity.judgements, names),
        "retirable": _retirable(request, found, names),
        "versions": [
            (names[detail.current.id], presented.version_rows(detail))
            for detail in found.records
            if len(detail.versions) + len(detail.conflicts) > 1
        ],
        "warning_history": presented.warning_rows(found.records, bodies),
        "reasons": _reasons(request, found),
        "may_judge": can_judge(actor),
        "reads_journal": can_read_journal(actor),
    }
    return render(request, "concordat/person.html", context)


@require_POST
def retire_judgement(request: SignedInRequest, judgement_id: UUID) -> HttpResponse:
    """Take a judgement back: what held before it holds again."""
    form = RetireForm(request.POST)
    if not form.is_valid():
        messages.error(request, "The judgement was not taken back: the form was incomplete.")
        return redirect("home")
    told = form.cleaned_data
    retire(request.actor, judgement_id=judgement_id, reason=told["reason"])
    messages.success(
        request, "The judgement is taken back. What held before it holds again; both are kept."
    )
    return redirect(reverse("person", args=[told["record"]]))


def _retirable(
    request: SignedInRequest, found: IdentityPage, names: dict[UUID, str]
) -> list[dict[str, object]]:
    """Return the judgements that the reader may take back: people's, of the reader's own body."""
    if not can_judge(request.actor):
        return []
    return [
        {
            "id": one.id,
            "text": f"{one.verdict.label}: {names.get(one.left_id, 'another record')} and "
            f"{names.get(one.right_id, 'another record')}, by {one.judged_by}",
        }
        for one in found.identity.judgements
        if not one.by_machine
        and one.retired_at is None
        and one.owner_id == request.actor.organisation_id
    ]


def _reasons(request: SignedInRequest, found: IdentityPage) -> list[dict[str, str]]:
    """Return by which agreement the reader sees each other force's records."""
    actor = request.actor
    references, bodies = references_by_id(actor), names_by_id()
    owners = sorted({owner for _, owner in found.identity.records})
    return [
        {
            "owner": bodies[owner].name,
            "reference": references[grant.agreement_id],
            "purposes": purposes_text(grant.purposes),
        }
        for owner in owners
        if owner != actor.organisation_id
        for grant in why_readable(actor, owner_id=owner, kind=RecordKind.PERSON)
        if grant.agreement_id in references
    ]
