"""One event: as it was loaded, or as it was logged."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from concordat.audit.queries import can_read_journal
from concordat.organisations.queries import force_outlines, names_by_id
from concordat.records import actions, queries
from concordat.records.queries import EventDetail, ReportDetail
from concordat.records.rules.events import Source
from concordat.web.forms.printing import TakeForm
from concordat.web.presenters import events, logged, persons, relations
from concordat.web.presenters.places import place_map
from concordat.web.requests import SignedInRequest
from concordat.web.views.reasons import why_shared


@require_safe
def event(request: SignedInRequest, event_id: UUID) -> HttpResponse:
    """Show what happened, whose record it is, why the reader may see it, and its whole history."""
    found = queries.event(request.actor, event_id=event_id)
    if found.source is Source.CONCORDAT:
        return _logged(request, queries.report_of(request.actor, event_id=event_id))
    return _loaded(request, found)


def _loaded(request: SignedInRequest, found: EventDetail) -> HttpResponse:
    actor = request.actor
    bodies = names_by_id()
    owner = bodies[found.owner_id]
    context = {
        "event": found,
        "title": events.what(found.kind, found.category),
        "when": events.when(found),
        "place_title": events.place_title(found.place) if found.place else events.NO_PLACE,
        "owner": owner,
        "is_own": found.owner_id == actor.organisation_id,
        "area": bodies[found.area_id] if found.area_id else None,
        "details": events.details_rows(found),
        "versions": events.version_rows(found, found.versions, owner.name),
        "conflicts": events.version_rows(found, found.conflicts, owner.name),
        "reasons": why_shared(actor, owner_id=found.owner_id, kind=found.kind),
        "map": place_map(found.place, force_outlines(), bodies) if found.place else None,
        "reads_journal": can_read_journal(actor),
        "take": TakeForm(None),
    }
    return render(request, "concordat/event.html", context)


def _logged(request: SignedInRequest, found: ReportDetail) -> HttpResponse:
    actor = request.actor
    bodies = names_by_id()
    own = actor.organisation_id
    is_own = found.owner_id == own
    known = [one.record_id for one in found.report.participants if one.record_id]
    people = queries.persons(actor, ids=known)
    names = {one.id: persons.name_of(one.content) for one in people}
    history = queries.review_history(actor, event_id=found.id)
    may_write = found.may_edit
    context = {
        "event": found,
        "title": logged.title(found),
        "owner": bodies[found.owner_id],
        "is_own": is_own,
        "area": bodies[found.area_id] if found.area_id else None,
        "warnings": persons.warned([w for one in people for w in one.warnings], bodies),
        "lead": logged.lead(found),
        "what_happened": logged.summary(found),
        "texts": logged.texts(found),
        "rows": logged.rows(found),
        "people": logged.people(found, names),
        "things": logged.things(found),
        "places": logged.places(found),
        "map": place_map(found.place, force_outlines(), bodies) if found.place else None,
        "links": relations.link_lines(
            logged.further_links(
                found, queries.links_of(actor, record_id=found.id, kind=found.kind)
            ),
            bodies,
            own=own,
            may_write=may_write,
        ),
        "stubs": relations.stub_lines(queries.link_stubs(actor, ids=[found.id])),
        "history": logged.review_rows(history),
        "standing": logged.standing(history),
        "transfers": logged.transfer_rows(queries.transfers_of(actor, event_id=found.id), bodies),
        "disclosures": logged.disclosure_rows(
            queries.disclosures_of(actor, event_id=found.id), bodies
        ),
        "changes": relations.change_lines(found.kind, logged.versions(found)),
        "may_edit": may_write,
        "may_review": found.may_review,
        "may_disclose": actions.can_disclose(actor) and logged.is_intelligence(found.kind),
        "may_transfer": found.may_review,
        "add_link": reverse("link-add", args=[found.kind.code, found.id]) if may_write else "",
        "take": TakeForm(None),
        "gives_receipt": logged.gives_receipt(found.kind) and is_own,
        "reasons": why_shared(actor, owner_id=found.owner_id, kind=found.kind),
        "looked_href": reverse("looked", args=[found.id]) if can_read_journal(actor) else "",
    }
    return render(request, "concordat/logged_event.html", context)
