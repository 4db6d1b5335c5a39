"""What a request carries once `ActorMiddleware` has let it through."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from concordat.base.actor import Actor


class SignedInRequest(HttpRequest):
    """A request of somebody who is signed in: what every view behind sign-in is given."""

    actor: Actor


def actor_of_request(request: HttpRequest) -> Actor | None:
    """Return who asks; None before sign-in, and where a request failed before it was known."""
    return getattr(request, "actor", None)


def local_address(candidate: str) -> str:
    """Return `candidate` if it is an address of this service, written from its root; else ""."""
    is_local = candidate.startswith("/") and url_has_allowed_host_and_scheme(
        candidate, allowed_hosts=None
    )
    return candidate if is_local else ""


def page_left(request: HttpRequest) -> str:
    """Return the address of this service's page that the request came from, or ""."""
    parts = urlsplit(request.headers.get("Referer", ""))
    if parts.netloc != request.get_host():
        return ""
    return local_address(parts.path + (f"?{parts.query}" if parts.query else ""))
