"""Logging something: from one line to a draft that keeps itself, and from the draft to a record."""

from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from concordat.access.rules import RECORDING_ROLES
from concordat.base.actor import Actor
from concordat.base.clock import today
from concordat.identity.errors import UnknownPerson
from concordat.identity.queries import identity_of
from concordat.organisations.queries import colleagues, names_by_id
from concordat.records.actions import (
    check_can_record,
    discard_draft,
    hand_over,
    start_draft,
    submit,
)
from concordat.records.errors import (
    AlreadyLogged,
    NotYourDraft,
    RecordsError,
    UnknownRecord,
    WrongState,
)
from concordat.records.queries import DraftDetail, draft, my_drafts, report_of, warning_markers
from concordat.records.rules.catalogue import KINDS
from concordat.records.rules.logged import DraftState
from concordat.records.rules.readiness import readiness
from concordat.records.rules.reports import Report
from concordat.web import drafting
from concordat.web.drafting import Saved
from concordat.web.forms.logging import HandOverForm, StartForm, report_form
from concordat.web.log_commands import (
    SECTIONS,
    Carried,
    Found,
    carry_out,
    found_for,
    look_up,
    section_kind,
)
from concordat.web.presenters import drafts as lines
from concordat.web.presenters import logging as presented
from concordat.web.presenters.parts import parts_of
from concordat.web.presenters.persons import warning_label
from concordat.web.report_values import Told, base_text, key_of
from concordat.web.requests import SignedInRequest

_NO_LONGER = (AlreadyLogged, NotYourDraft, WrongState)


@require_http_methods(["GET", "HEAD", "POST"])
def log(request: SignedInRequest) -> HttpResponse:
    """Ask what happened, and list the drafts that wait; or start a draft."""
    check_can_record(request.actor)
    form = StartForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        line = form.cleaned_data["line"]
        started = start_draft(request.actor, telling=line, kind=form.chosen)
        return redirect(
            _address(started.id, Carried(saved=drafting.opened(started), at=presented.NEXT))
        )
    mine = [lines.draft_line(one) for one in my_drafts(request.actor)]
    return render(request, "concordat/log.html", {"form": form, "kinds": KINDS, "drafts": mine})


@require_http_methods(["GET", "HEAD", "POST"])
def log_draft(request: SignedInRequest, draft_id: UUID) -> HttpResponse:
    """Show a draft, or save it and do what the pressed button says."""
    if request.method != "POST":
        return _opened(request, draft(request.actor, draft_id=draft_id))
    try:
        done = carry_out(request.actor, draft_id, Told.read(request.POST), request.POST.dict())
    except _NO_LONGER:
        return redirect("log-draft", draft_id)
    if done.problem:
        messages.warning(request, done.problem)
    if done.saved.conflicts or done.looked_for:
        return _page(request, done)
    if done.saved.elsewhere:
        messages.info(request, _elsewhere_text(done.saved))
    if done.submits:
        return _submitted(request, done)
    if done.at == "saved":
        messages.success(request, "Saved.")
    return redirect(_address(draft_id, done))


@require_POST
def log_save(request: SignedInRequest, draft_id: UUID) -> HttpResponse:
    """Save a draft in the background, and send back what is missing by now."""
    told = Told.read(request.POST)
    try:
        saved = drafting.save(request.actor, draft_id=draft_id, told=told)
    except _NO_LONGER:
        return _go_to(reverse("log-draft", args=[draft_id]))
    report = saved.draft.report
    if report.kind.code != told.base.get("kind"):
        return _go_to(reverse("log-draft", args=[draft_id]))
    form = report_form(report, saved.values, today=today())
    shown = set(request.POST.get("shown", "").split())
    unseen = shown != {part.key for part in parts_of(report)}
    context = {
        "form": form,
        "panel": presented.panel(report, today=today()),
        "saved_text": lines.saved_text(saved.draft),
        "base": base_text(saved.base),
        "conflicts": presented.conflicts(saved.conflicts, report, form),
        "elsewhere": presented.elsewhere(saved.elsewhere, report, form, unseen=unseen),
        "refreshed": [
            name for name in saved.elsewhere if name in form.fields and _is_seen(name, shown)
        ],
    }
    return render(request, "concordat/log_saved.html", context)


@require_POST
def log_candidates(request: SignedInRequest, section: str) -> HttpResponse:
    """Send who or what of the register it may be while somebody types."""
    if section not in SECTIONS:
        raise Http404
    text = request.POST.get(f"add-{section}", "").strip()
    kind = section_kind(section, request.POST.dict())
    found = Found(text=text, candidates=look_up(request.actor, kind, text)) if text else None
    context = {"found": found, "one": section}
    return render(request, "concordat/log_found.html", context)


@require_safe
def log_done(request: SignedInRequest, draft_id: UUID) -> HttpResponse:
    """Say what was logged, what is linked, and what happens next."""
    submitted = draft(request.actor, draft_id=draft_id)
    if submitted.event_id is None:
        return redirect("log-draft", draft_id)
    try:
        report = report_of(request.actor, event_id=submitted.event_id).report
        may_open = True
    except UnknownRecord:  # such as intelligence under conditions, which its author may not read
        report, may_open = submitted.report, False
    context = {
        "submitted": submitted,
        "may_open": may_open,
        "title": lines.cut(report.value("summary")) or report.kind.label,
        "parts": lines.part_lines(report, names_by_id(), own=request.actor.organisation_id),
        "gaps": len(readiness(submitted.report, today=today()).missing),
    }
    return render(request, "concordat/log_done.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def log_hand_over(request: SignedInRequest, draft_id: UUID) -> HttpResponse:
    """Ask who goes on with a draft, and hand it over."""
    current = draft(request.actor, draft_id=draft_id)
    if not _is_theirs(request, current):
        return redirect("log-draft", draft_id)
    others = [
        (one.id, one.name)
        for one in colleagues(request.actor)
        if not set(RECORDING_ROLES).isdisjoint(one.roles)
    ]
    form = HandOverForm(request.POST if request.method == "POST" else None, colleagues=others)
    if request.method == "POST" and form.is_valid():
        hand_over(request.actor, draft_id=draft_id, to_person_id=form.chosen)
        name = dict(others)[form.chosen]
        messages.success(request, f"Handed over to {name}, who finds it among their drafts.")
        return redirect("log")
    context = {"draft": current, "heading": lines.heading(current), "form": form}
    return render(request, "concordat/log_hand_over.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def log_discard(request: SignedInRequest, draft_id: UUID) -> HttpResponse:
    """Ask whether a draft is to be discarded, and discard it."""
    current = draft(request.actor, draft_id=draft_id)
    if not _is_theirs(request, current):
        return redirect("log-draft", draft_id)
    if request.method == "POST":
        discard_draft(request.actor, draft_id=draft_id)
        messages.success(request, "The draft is discarded. It is kept with the journal.")
        return redirect("log")
    context = {"draft": current, "heading": lines.heading(current)}
    return render(request, "concordat/log_discard.html", context)


def _is_theirs(request: SignedInRequest, current: DraftDetail) -> bool:
    """Whether whoever asks can go on with the draft."""
    return current.state is DraftState.OPEN and current.held_by == request.actor.person_id


def _opened(request: SignedInRequest, current: DraftDetail) -> HttpResponse:
    """Show a draft as it is: to be worked on by its holder, to be read by others."""
    if current.state is DraftState.SUBMITTED:
        return redirect("log-done", current.id)
    if not _is_theirs(request, current):
        context = {
            "draft": current,
            "heading": lines.heading(current),
            "parts": lines.part_lines(
                current.report, names_by_id(), own=request.actor.organisation_id
            ),
            "rows": presented.told_rows(current.report),
        }
        return render(request, "concordat/log_read.html", context)
    decided = tuple(request.GET.get("decided", "").split())
    at = request.GET.get("at", "")
    return _page(request, Carried(saved=drafting.opened(current), at=at, decided=decided))


def _submitted(request: SignedInRequest, done: Carried) -> HttpResponse:
    """Submit what was saved; where something stands in the way, show what."""
    kept = done.saved.draft
    try:
        submit(request.actor, draft_id=kept.id, revision=kept.revision)
    except RecordsError as refusal:
        messages.error(request, f"{refusal} The draft is kept as it is.")
        return redirect(_address(kept.id, Carried(saved=done.saved, at="needed")))
    return redirect("log-done", kept.id)


def _page(request: SignedInRequest, done: Carried) -> HttpResponse:
    """Show the page of a draft."""
    actor, saved = request.actor, done.saved
    report = saved.draft.report
    bodies = names_by_id()
    form = report_form(report, saved.values, today=today())
    missing = readiness(report, today=today()).missing
    found = found_for(actor, report, done.decided)
    form.focus = focus = presented.focus(done.at, report, found, missing)
    context = {
        "draft": saved.draft,
        "heading": lines.heading(saved.draft),
        "saved_text": lines.saved_text(saved.draft),
        "form": form,
        "base": base_text(saved.base),
        "decided": " ".join(done.decided),
        "conflicts": presented.conflicts(saved.conflicts, report, form),
        "elsewhere": presented.elsewhere(saved.elsewhere, report, form),
        "groups": presented.groups(report, form, missing),
        "sections": presented.sections(
            report,
            form,
            missing,
            found=found,
            warnings=_warnings(actor, report),
            bodies=bodies,
            focus=focus,
        ),
        "panel": presented.panel(report, today=today(), focus=focus),
        "looked_for": done.looked_for,
        "things": presented.THING_CHOICES,
        "thing_kind": request.POST.get("add-thing-kind", ""),
        "shown": " ".join(part.key for part in parts_of(report)),
    }
    return render(request, "concordat/log_draft.html", context)


def _warnings(actor: Actor, report: Report) -> dict[str, tuple[str, ...]]:
    """Return the warnings about the people who are linked, of all their records, by their keys."""
    keys: dict[UUID, str] = {}
    for person in report.participants:
        if person.record_id:
            with suppress(UnknownPerson):  # no longer shared: nothing may be said of them
                same = identity_of(actor, record_id=person.record_id).records
                keys |= {record_id: person.key for record_id, _ in same}
    told: dict[str, dict[str, None]] = {}
    for one in warning_markers(actor, person_ids=list(keys)) if keys else ():
        told.setdefault(keys[one.person_id], {})[warning_label(one.code)] = None
    return {key: tuple(labels) for key, labels in told.items()}


def _elsewhere_text(saved: Saved) -> str:
    report = saved.draft.report
    form = report_form(report, saved.values, today=today())
    changed: Sequence[str] = presented.elsewhere(saved.elsewhere, report, form)
    return f"Changed in another window meanwhile: {'; '.join(changed)}. Nothing of yours was lost."


def _is_seen(name: str, shown: set[str]) -> bool:
    return key_of(name) in shown or key_of(name) == "field"


def _address(draft_id: UUID, done: Carried) -> str:
    query = {"at": done.at, "decided": " ".join(done.decided)}
    told = {name: value for name, value in query.items() if value and value != "saved"}
    return reverse("log-draft", args=[draft_id], query=told or None)


def _go_to(address: str) -> HttpResponse:
    """Return what lets the browser open another page after a background request."""
    return HttpResponse(headers={"HX-Redirect": address})
