"""One person: every force's records of them, what they say, and why they are one."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from concordat.access.rules import EVENT_KINDS, RecordKind
from concordat.audit.queries import can_read_journal
from concordat.identity.actions import can_judge, retire
from concordat.organisations.queries import names_by_id
from concordat.records import actions, queries
from concordat.tracing.actions import can_watch
from concordat.tracing.queries import IdentityPage, identity_page, watching
from concordat.web.forms.judging import RetireForm
from concordat.web.presenters import persons as presented
from concordat.web.presenters import relations
from concordat.web.requests import SignedInRequest
from concordat.web.views.reasons import why_shared


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
        "opened_owner": bodies[found.opened.owner_id],
        "may_judge": can_judge(actor),
        "reads_journal": can_read_journal(actor),
        **_life(request, found),
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


def _life(request: SignedInRequest, found: IdentityPage) -> dict[str, object]:
    """Return what this person was in and is tied to, and what the reader may do about it."""
    actor, bodies = request.actor, names_by_id()
    ids = [one for one, _ in found.identity.records]
    may_write = actions.can_record(actor)
    may_edit = may_write and found.opened.owner_id == actor.organisation_id
    ties = [
        link
        for detail in found.records
        for link in queries.links_of(actor, record_id=detail.current.id, kind=RecordKind.PERSON)
        if link.other_kind not in EVENT_KINDS
    ]
    return {
        "events": relations.time_lines(queries.timeline(actor, ids=ids), bodies),
        "ties": relations.link_lines(ties, bodies, own=actor.organisation_id, may_write=may_write),
        "stubs": relations.stub_lines(queries.link_stubs(actor, ids=ids)),
        "watched": watching(actor, record_id=found.opened.id),
        "may_watch": can_watch(actor),
        "may_edit": may_edit,
        "add_link": reverse("link-add", args=["person", found.opened.id]) if may_edit else "",
        "own_warnings": [
            {"code": one.code, "label": presented.warning_label(one.code)}
            for one in found.opened.warnings
            if may_edit and one.owner_id == actor.organisation_id
        ],
    }


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
    actor, bodies = request.actor, names_by_id()
    owners = sorted({owner for _, owner in found.identity.records})
    return [
        {
            "owner": bodies[owner].name,
            "clause": one["clause"],
            "reference": one["reference"],
            "purposes": one["for"],
        }
        for owner in owners
        if owner != actor.organisation_id
        for one in why_shared(actor, owner_id=owner, kind=RecordKind.PERSON)
    ]
