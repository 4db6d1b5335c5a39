"""Search results, and the same as a file."""

from collections.abc import Iterable, Iterator, Mapping

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from concordat.agreements.queries import contact_for
from concordat.base.clock import today
from concordat.identity.rules.answers import PersonPointer
from concordat.organisations.queries import (
    OrganisationSummary,
    force_outlines,
    names_by_id,
    organisations,
)
from concordat.organisations.rules import OrganisationKind
from concordat.records.errors import RecordsError, TooManyPointers
from concordat.records.rules.questions import EXPORT_LIMIT, Pointer
from concordat.tracing import queries as tracing
from concordat.tracing.queries import Found
from concordat.web.forms.searching import SearchForm
from concordat.web.presenters import files, paging
from concordat.web.presenters import results as presented
from concordat.web.presenters.abilities import works_with_records
from concordat.web.requests import SignedInRequest


@require_safe
def results(request: SignedInRequest) -> HttpResponse:
    """Show one page of what a search found, how it was read, and how to narrow it."""
    form = SearchForm(request.GET, forces=organisations(kind=OrganisationKind.FORCE))
    if not form.is_valid():
        typed = request.GET.get("q", "")
        context = {"form": form, "found": None, "typed": typed, "hidden": dict[str, str]()}
        return render(request, "concordat/results.html", context)
    page = paging.page_number(request.GET.get("page", "1"))
    asked = presented.Asked(query=form.query(), chosen=form.chosen(), link=_address)
    found = tracing.search(request.actor, text=form.text, filters=form.filters(), page=page)
    if not found.answer.rows and page > 1:
        return redirect(asked.with_choice("page", str(found.answer.pages)))
    return render(request, "concordat/results.html", _context(request, form, asked, found))


@require_POST
def export(request: SignedInRequest) -> HttpResponseBase:
    """Give the whole of a search out as a CSV file: a disclosure, journalled as such."""
    form = SearchForm(request.POST, forces=organisations(kind=OrganisationKind.FORCE))
    if not form.is_valid():
        return redirect("results")
    try:
        rows = tracing.export(request.actor, text=form.text, filters=form.filters())
    except TooManyPointers:
        raise
    except RecordsError as refusal:
        messages.error(request, str(refusal))
        return redirect(_address(form.query()))
    lines = files.event_lines(
        rows, bodies=names_by_id(), origin=f"{request.scheme}://{request.get_host()}"
    )
    return as_file(lines, f"concordat-search-{today().isoformat()}.csv")


def as_file(lines: Iterator[str], name: str) -> StreamingHttpResponse:
    """Return lines of CSV as a file to keep."""
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _context(
    request: SignedInRequest, form: SearchForm, asked: presented.Asked, found: Found
) -> dict[str, object]:
    bodies = names_by_id()
    answer = found.answer
    # Who chose a warning, or typed what only a person or a thing has, looks for that.
    certain = any(part is not None and part.is_certain for part in (found.people, found.things))
    shows_events = not form.filters().warning and bool(answer.total or not certain)
    drawn = presented.results_map(asked, found, force_outlines(), bodies)
    return {
        "form": form,
        "found": found,
        "typed": form.text,
        "hidden": {key: value for key, value in asked.query.items() if key != "q"},
        "query": asked.query,
        "heading": presented.heading(found, shows_events=shows_events),
        **_people(request, asked, found, bodies),
        **_things(found, bodies),
        "shows_events": shows_events,
        "parts": presented.reading_parts(found.parts),
        "tags": presented.tags(asked),
        "lines": presented.lines(answer, bodies),
        "pointers": _held(request, found.pointers, bodies),
        "forces": presented.force_facets(asked, answer, bodies),
        "types": presented.type_facets(asked, answer),
        "short_list": presented.SHORT_LIST,
        "map": drawn,
        "outside": presented.outside(drawn, found),
        "cluster_rows": presented.cluster_rows(asked, found),
        "pages": presented.result_pages(asked, answer),
        "suggestions": presented.suggestions(asked, found),
        "export_limit": EXPORT_LIMIT,
        "works_with_records": works_with_records(request.actor),
    }


def _people(
    request: SignedInRequest,
    asked: presented.Asked,
    found: Found,
    bodies: Mapping[int, OrganisationSummary],
) -> dict[str, object]:
    people = found.people
    if people is None:
        return {"people": None}
    return {
        "people": people,
        "people_parts": presented.reading_parts(people.parts),
        "person_lines": presented.person_lines(people, bodies),
        "person_pointers": _held(request, people.pointers, bodies),
        "person_forces": presented.person_force_facets(asked, people, bodies),
        "person_warnings": presented.warning_facets(asked, people),
    }


def _things(found: Found, bodies: Mapping[int, OrganisationSummary]) -> dict[str, object]:
    things = found.things
    if things is None:
        return {"things": None}
    return {
        "things": things,
        "thing_parts": presented.reading_parts(things.parts),
        "thing_lines": presented.thing_lines(things, bodies),
    }


def _held(
    request: SignedInRequest,
    pointers: Iterable[Pointer | PersonPointer],
    bodies: Mapping[int, OrganisationSummary],
) -> list[dict[str, str]]:
    return [
        {
            "owner": bodies[pointer.owner_id].name,
            "contact": contact_for(
                request.actor, agreement_id=pointer.agreement_id, clause=pointer.clause
            ),
        }
        for pointer in pointers
    ]


def _address(query: Mapping[str, str]) -> str:
    return reverse("results", query=query)
