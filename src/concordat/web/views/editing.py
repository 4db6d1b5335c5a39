"""Correcting an event, a thing or a person; and merging when two do it at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from concordat.access.rules import RecordKind
from concordat.records import actions, queries
from concordat.records.errors import EditConflict
from concordat.web.forms.editing import (
    EditForm,
    base_text,
    is_merging,
    merged_values,
    read_edit,
    version_told,
)
from concordat.web.presenters import logged, merging, things
from concordat.web.requests import SignedInRequest
from concordat.web.views.form_pages import FormPage, carried_out, show_form


@dataclass(frozen=True, kw_only=True)
class _Record:
    """What is corrected, as it stands, and how a correction is stored."""

    kind: RecordKind
    label: str
    version: int
    fields: Mapping[str, str]
    back: str
    amend: Callable[[int, dict[str, str]], object]


@require_http_methods(["GET", "HEAD", "POST"])
def event(request: SignedInRequest, event_id: UUID) -> HttpResponse:
    """Correct a logged event of one’s own force."""
    actor = request.actor
    actions.check_can_record(actor)
    found = queries.report_of(actor, event_id=event_id)
    record = _Record(
        kind=found.kind,
        label=f"{logged.title(found)}, {found.reference}",
        version=found.version,
        fields=found.report.fields,
        back=reverse("event", args=[event_id]),
        amend=lambda version, fields: actions.amend_event(
            actor, event_id=event_id, base_version=version, fields=fields
        ),
    )
    return _edit(request, record, owner_id=found.owner_id)


@require_http_methods(["GET", "HEAD", "POST"])
def thing(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    """Correct a thing of one’s own force."""
    actor = request.actor
    actions.check_can_record(actor)
    found = queries.item(actor, item_id=item_id)
    record = _Record(
        kind=found.kind,
        label=things.title(found),
        version=found.version,
        fields=found.content,
        back=reverse("thing", args=[item_id]),
        amend=lambda version, fields: actions.amend_item(
            actor, item_id=item_id, base_version=version, fields=fields
        ),
    )
    return _edit(request, record, owner_id=found.owner_id)


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: SignedInRequest, record_id: UUID) -> HttpResponse:
    """Correct a person record of one’s own force."""
    actor = request.actor
    actions.check_can_record(actor)
    found = queries.person_fields(actor, person_id=record_id)
    record = _Record(
        kind=RecordKind.PERSON,
        label=found.label,
        version=found.version,
        fields=found.fields,
        back=reverse("person", args=[record_id]),
        amend=lambda version, fields: actions.amend_person(
            actor, person_id=record_id, base_version=version, fields=fields
        ),
    )
    return _edit(request, record, owner_id=actor.organisation_id)


def _edit(request: SignedInRequest, record: _Record, *, owner_id: int) -> HttpResponse:
    actions.check_can_amend(request.actor, owner_id=owner_id)
    if request.method != "POST":
        form = EditForm(record.kind, record.fields, base_text(record.fields))
        return _show(request, record, form, record.version)
    if is_merging(request.POST):
        return _store_merged(request, record)
    edited = read_edit(request.POST, record.kind)
    form = EditForm(record.kind, edited.values, edited.base)
    try:
        if carried_out(form, lambda: record.amend(edited.version, edited.values)):
            return _saved(request, record)
    except EditConflict as conflict:
        return _show_merge(request, record, conflict)
    return _show(request, record, form, edited.version)


def _store_merged(request: SignedInRequest, record: _Record) -> HttpResponse:
    """Store what was decided on the merge page; where a third changed it too, ask again."""
    version, fields = version_told(request.POST), merged_values(request.POST, record.kind)
    try:
        record.amend(version, fields)
    except EditConflict as conflict:
        return _show_merge(request, record, conflict)
    return _saved(request, record)


def _saved(request: SignedInRequest, record: _Record) -> HttpResponse:
    messages.success(request, "Saved. What it said before is kept below.")
    return redirect(record.back)


def _show(request: SignedInRequest, record: _Record, form: EditForm, version: int) -> HttpResponse:
    page = FormPage(
        title="Correct or add to it",
        caption=record.label,
        button="Save",
        back_href=record.back,
        intro=("What it said before is kept, with your name and the time of the change.",),
    )
    return show_form(request, form, page, template="concordat/edit.html", version=version)


def _show_merge(request: SignedInRequest, record: _Record, conflict: EditConflict) -> HttpResponse:
    page = FormPage(
        title="Somebody else changed this too",
        caption=record.label,
        button="Save the whole",
        back_href=record.back,
        intro=(
            (
                "Nothing was overwritten, and nothing that you typed is lost. What only one of you "
                "changed has been put together. Choose what holds where you both changed the same."
            ),
        ),
    )
    context = {
        "page": page,
        "form": None,
        "conflicts": merging.lines(record.kind, conflict.merged),
        "kept": merging.kept(record.kind, conflict.merged),
        "version": conflict.version,
    }
    return render(request, "concordat/merge.html", context)
