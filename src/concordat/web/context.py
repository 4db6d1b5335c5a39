"""What every page shows around its own content."""

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.urls import reverse

from concordat.base.actor import Actor
from concordat.records.queries import waiting
from concordat.tracing.queries import unread
from concordat.web.presenters.abilities import sections, works_with_records
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


INBOX_SECONDS = 1
HEADER_SECONDS = 5
"""Seconds between two looks of the header’s count: on the inbox itself, and on other pages."""


def page(request: HttpRequest) -> dict[str, object]:
    """Return the context that `base.html` describes. `csrf_input` is added by Django itself."""
    actor = actor_of_request(request)
    return {
        "actor": actor,
        "demo": settings.CONCORDAT_DEMO,
        "navigation": _navigation(request, actor) if actor else [],
        "has_inbox": actor is not None and works_with_records(actor),
        "in_inbox": waiting_for(actor) if actor else 0,
        "polls": INBOX_SECONDS if _here(request) == "inbox" else HEADER_SECONDS,
        "messages": get_messages(request),
        "attributions": ATTRIBUTIONS,
    }


def waiting_for(actor: Actor) -> int:
    """Return how much waits in somebody’s inbox: new alerts, and what they have to do."""
    return unread(actor) + waiting(actor) if works_with_records(actor) else 0


def _navigation(request: HttpRequest, actor: Actor) -> list[dict[str, object]]:
    here = _here(request)
    return [
        {
            "text": section.text,
            "href": reverse(section.url_name),
            "current": here == section.url_name,
            "active": here in section.pages,
        }
        for section in sections(actor)
    ]


def _here(request: HttpRequest) -> str | None:
    """Return the name of the page that is shown; None for an address that is none."""
    match = request.resolver_match
    return match.url_name if match else None
