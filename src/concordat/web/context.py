"""What every page shows around its own content."""

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.urls import reverse

from concordat.base.actor import Actor
from concordat.web.presenters.abilities import sections
from concordat.web.requests import actor_of_request

ATTRIBUTIONS = (
    (
        "Contains public sector information licensed under the Open Government Licence v3.0 "
        "(Home Office, data.police.uk, Office for National Statistics, Ministry of Justice)."
    ),
    (
        "Contains OS data © Crown copyright and database right 2025. Contains Royal Mail data "
        "© Royal Mail copyright and database right 2025. Contains National Statistics data "
        "© Crown copyright and database right 2025."
    ),
    "Contains Parliamentary information licensed under the Open Parliament Licence v3.0.",
)
"""What the publishers of our reference files want shown (organisations/reference/README.md)."""


def page(request: HttpRequest) -> dict[str, object]:
    """Return the context that `base.html` describes. `csrf_input` is added by Django itself."""
    actor = actor_of_request(request)
    return {
        "actor": actor,
        "demo": settings.CONCORDAT_DEMO,
        "navigation": _navigation(request, actor) if actor else [],
        "messages": get_messages(request),
        "attributions": ATTRIBUTIONS,
    }


def _navigation(request: HttpRequest, actor: Actor) -> list[dict[str, object]]:
    match = request.resolver_match
    here = match.url_name if match else None
    return [
        {
            "text": section.text,
            "href": reverse(section.url_name),
            "current": here == section.url_name,
            "active": here in section.pages,
        }
        for section in sections(actor)
    ]
