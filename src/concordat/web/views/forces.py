"""Forces: all of them, and one."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from concordat.access.queries import grants_in_force
from concordat.agreements.queries import agreements, references_by_id
from concordat.organisations import queries
from concordat.organisations.errors import UnknownOrganisation
from concordat.organisations.rules import OrganisationKind
from concordat.records.queries import summary_of_force
from concordat.web.presenters import forces as presented
from concordat.web.presenters.maps import Box, box_of, draw
from concordat.web.requests import SignedInRequest

ENGLAND_AND_WALES = Box(-5.8, 49.9, 1.8, 55.85)


@require_safe
def forces(request: SignedInRequest) -> HttpResponse:
    """List every force, those that share with the reader's first, with a map to choose from."""
    actor = request.actor
    bodies = queries.names_by_id()
    givers = {
        grant.owner_id for grant in grants_in_force(actor, recipient_id=actor.organisation_id)
    }
    listed = [body for body in bodies.values() if body.kind is OrganisationKind.FORCE]
    emphasis = {body.code: "sharing" for body in listed if body.id in givers}
    if actor.organisation_id in bodies:
        emphasis[bodies[actor.organisation_id].code] = "selected"
    context = {
        "partners": [body for body in listed if body.id in givers],
        "others": [
            body for body in listed if body.id not in givers and body.id != actor.organisation_id
        ],
        "own": bodies.get(actor.organisation_id),
        "map": draw(
            queries.force_outlines(),
            names={body.code: body.name for body in listed},
            around=ENGLAND_AND_WALES,
            emphasis=emphasis,
        ),
    }
    return render(request, "concordat/forces.html", context)


@require_safe
def force(request: SignedInRequest, code: str) -> HttpResponse:
    """Show a force: codes, area, figures, agreements, and what it shares and receives."""
    actor = request.actor
    found = queries.organisation(code)
    if found.code != code or found.kind is not OrganisationKind.FORCE:
        raise UnknownOrganisation(f"There is no force “{code}”.")
    bodies = queries.names_by_id()
    references = references_by_id(actor)
    outlines = queries.force_outlines()
    outline = outlines.get(found.code, [])
    context = {
        "force": found,
        "is_own": found.id == actor.organisation_id,
        "codes": presented.code_rows(found),
        "related": presented.related_rows(queries.related_bodies(found.id)),
        **_figures(found.id),
        "agreements": agreements(actor, party_id=found.id),
        "shares": presented.shared(
            grants_in_force(actor, owner_id=found.id),
            of_owner=True, bodies=bodies, references=references,
        ),
        "receives": presented.shared(
            grants_in_force(actor, recipient_id=found.id),
            of_owner=False, bodies=bodies, references=references,
        ),
        "counts": summary_of_force(actor, owner_id=found.id),
        "map": draw(
            outlines,
            names={body.code: body.short_name for body in bodies.values()},
            around=box_of(point for ring in outline for point in ring),
            emphasis={found.code: "selected"},
        ),
    }  # fmt: skip
    return render(request, "concordat/force.html", context)


def _figures(organisation_id: int) -> dict[str, object]:
    figures = queries.figures(organisation_id)
    return {
        "figures": presented.figure_rows(figures, latest_only=True),
        "all_figures": presented.figure_rows(figures, latest_only=False),
        "population": presented.population_bars(figures),
    }
