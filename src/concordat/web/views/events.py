"""One event."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from concordat.access.queries import why_readable
from concordat.agreements.queries import references_by_id
from concordat.audit.queries import can_read_journal
from concordat.organisations.queries import force_outlines, names_by_id
from concordat.records import queries
from concordat.web.presenters import events
from concordat.web.presenters.agreements import purposes_text
from concordat.web.presenters.places import place_map
from concordat.web.requests import SignedInRequest


@require_safe
def event(request: SignedInRequest, event_id: UUID) -> HttpResponse:
    """Show what happened, whose record it is, why the reader may see it, and its whole history."""
    actor = request.actor
    found = queries.event(actor, event_id=event_id)
    bodies = names_by_id()
    references = references_by_id(actor)
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
        "reasons": [
            {"reference": references[grant.agreement_id], "for": purposes_text(grant.purposes)}
            for grant in why_readable(actor, owner_id=found.owner_id, kind=found.kind)
            if grant.agreement_id in references
        ],
        "map": place_map(found.place, force_outlines(), bodies) if found.place else None,
        "reads_journal": can_read_journal(actor),
    }
    return render(request, "concordat/event.html", context)
