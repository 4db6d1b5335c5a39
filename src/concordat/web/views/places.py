"""One place and what happened there."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from concordat.access.rules import EVENT_KINDS, RecordKind
from concordat.audit.queries import can_read_journal
from concordat.organisations.queries import force_outlines, names_by_id
from concordat.records import actions, queries
from concordat.records.rules.questions import PAGE_SIZE, Question
from concordat.tracing.actions import can_watch
from concordat.tracing.queries import watching
from concordat.web.presenters import events, paging, relations
from concordat.web.presenters.places import place_map
from concordat.web.requests import SignedInRequest


@require_safe
def place(request: SignedInRequest, place_id: UUID) -> HttpResponse:
    """Show a place as its owner recorded it, and the events there that the reader may see."""
    found = queries.place(request.actor, place_id=place_id)
    page = paging.page_number(request.GET.get("page", "1"))
    title = events.place_title(found)
    answer = queries.find_events(
        request.actor, question=Question(place_id=place_id), page=page, asked=f"At {title}"
    )
    if not answer.rows and page > 1:
        return redirect("place", place_id)
    bodies = names_by_id()
    actor = request.actor
    ties = [
        link
        for link in queries.links_of(actor, record_id=place_id, kind=RecordKind.PLACE)
        if link.other_kind not in EVENT_KINDS
    ]
    may_write = actions.can_record(actor)
    is_own = found.owner_id == actor.organisation_id
    context = {
        "place": found,
        "title": title,
        "owner": bodies[found.owner_id],
        "area": bodies[found.area_id] if found.area_id else None,
        "is_own": is_own,
        "links": relations.link_lines(ties, bodies, own=actor.organisation_id, may_write=may_write),
        "stubs": relations.stub_lines(queries.link_stubs(actor, ids=[place_id])),
        "add_link": reverse("link-add", args=["place", place_id]) if may_write and is_own else "",
        "watched": watching(actor, record_id=place_id),
        "may_watch": can_watch(actor),
        "total": answer.total,
        "lines": [events.line(row, bodies) for row in answer.rows],
        "types": [[str(count.key), f"{count.count:,}"] for count in answer.by_category],
        "map": place_map(found, force_outlines(), bodies),
        "reads_journal": can_read_journal(request.actor),
        "pages": paging.pages(
            page=page,
            pages=answer.pages,
            total=answer.total,
            size=PAGE_SIZE,
            href=lambda number: reverse("place", args=[place_id], query={"page": number}),
        ),
    }
    return render(request, "concordat/place.html", context)
