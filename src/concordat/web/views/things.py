"""One thing: a vehicle, a weapon, a phone and so on; its chain of custody."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from concordat.access.rules import EVENT_KINDS, RecordKind
from concordat.audit.queries import can_read_journal
from concordat.organisations.queries import names_by_id
from concordat.records import actions, queries
from concordat.tracing.actions import can_watch
from concordat.tracing.queries import watching
from concordat.web.forms.working import CustodyForm
from concordat.web.presenters import persons, relations
from concordat.web.presenters import things as presented
from concordat.web.requests import SignedInRequest
from concordat.web.views.form_pages import FormPage, carried_out, show_form
from concordat.web.views.reasons import why_shared


@require_safe
def thing(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    """Show what a thing is and whether it is stolen, then what it is tied to and where from."""
    actor = request.actor
    found = queries.item(actor, item_id=item_id)
    bodies = names_by_id()
    entries = queries.timeline(actor, ids=[found.id, *(one.id for one in found.same)])
    people = [one.other_id for one in found.links if one.other_kind is RecordKind.PERSON]
    warned = [w for one in queries.persons(actor, ids=people) for w in one.warnings]
    mark, rest = presented.heading(found)
    is_own = found.owner_id == actor.organisation_id
    may_edit = found.may_edit
    context = {
        "item": found,
        "title": presented.title(found),
        "mark": mark,
        "rest": rest,
        "standing": presented.standing(entries, bodies),
        "warnings": persons.warned(warned, bodies),
        "watched": watching(actor, record_id=found.id),
        "may_watch": can_watch(actor),
        "may_edit": may_edit,
        "rows": presented.rows(found),
        "links": relations.link_lines(
            [one for one in found.links if one.other_kind not in EVENT_KINDS],
            bodies,
            own=actor.organisation_id,
            may_write=actions.can_record(actor),
        ),
        "stubs": relations.stub_lines(queries.link_stubs(actor, ids=[found.id])),
        "add_link": reverse("link-add", args=[found.kind.code, found.id]) if may_edit else "",
        "events": relations.time_lines(entries, bodies),
        "same": presented.same_rows(found, bodies),
        "same_by": presented.same_by(found.kind),
        "has_custody": found.kind in presented.IN_CUSTODY or bool(found.continuity),
        "custody": presented.custody_rows(found),
        "changes": relations.change_lines(found.kind, presented.versions(found)),
        "owner": bodies[found.owner_id],
        "is_own": is_own,
        "reasons": why_shared(actor, owner_id=found.owner_id, kind=found.kind),
        "looked_href": reverse("looked", args=[found.id]) if can_read_journal(actor) else "",
    }
    return render(request, "concordat/thing.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def custody(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    """Ask who has a thing now, and add the step to its chain of custody."""
    actor = request.actor
    actions.check_can_record(actor)
    found = queries.item(actor, item_id=item_id)
    back = reverse("thing", args=[item_id])
    form = CustodyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        if carried_out(
            form,
            lambda: actions.move_item(
                actor,
                item_id=item_id,
                to_whom=told["to_whom"],
                where=told["where"],
                seal=told["seal"],
                note=told["note"],
            ),
        ):
            messages.success(request, "The step is in the chain of custody.")
            return redirect(back)
    last = found.continuity[-1] if found.continuity else None
    page = FormPage(
        title="Hand it on",
        caption=presented.title(found),
        button="Add this step",
        back_href=back,
        leave="Nothing was handed on",
        intro=(
            f"It is with {last.to_whom} now, at {last.where}."
            if last
            else "Nobody has recorded yet who has it.",
            "A step is never changed or removed. Correct a mistake with another step.",
        ),
    )
    return show_form(request, form, page)
