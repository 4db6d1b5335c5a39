"""Who asks: nobody gets past sign-in without being somebody, and no page is kept by the browser."""

from collections.abc import Callable
from http import HTTPStatus
from typing import cast

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from concordat.web import session
from concordat.web.requests import SignedInRequest, page_left
from concordat.web.views import errors

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class ActorMiddleware:
    """Sets `request.actor`, sends strangers to sign-in, and turns refusals into pages."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request, or send it to sign-in."""
        if request.path == reverse("health") or request.path.startswith(settings.STATIC_URL):
            session.leave_alone(request)
            return self._get_response(request)
        try:
            actor = session.signed_in(request)
        except (InterfaceError, OperationalError) as problem:
            session.leave_alone(request)
            response: HttpResponseBase = errors.unavailable(problem)
        else:
            if actor is not None:
                cast("SignedInRequest", request).actor = actor
            if actor is None and not _open_to_strangers(request.path):
                response = _not_signed_in(request)
            else:
                response = self._get_response(request)
        if response.status_code == errors.METHOD_NOT_ALLOWED:
            response = errors.method_not_allowed(request, response)
        response["Cache-Control"] = "no-store"
        return response

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        """Return the page for an error that the domain raises on purpose; None for all others."""
        return errors.page_for(request, exception)


def _open_to_strangers(path: str) -> bool:
    """Whether a page is for everybody: signing in, and what has been published."""
    public = reverse("notices")
    return path in (reverse("sign-in"), public) or path.startswith(f"{public}/")


def _not_signed_in(request: HttpRequest) -> HttpResponse:
    """Return the way to sign-in; to a part of a page, which can't show one, only that it is due."""
    if "HX-Request" in request.headers:
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED)
    return _to_sign_in(request)


def _to_sign_in(request: HttpRequest) -> HttpResponseRedirect:
    """Return the way to sign-in and back: after a form, to the page that the form stood on."""
    if request.path == reverse("sign-out"):
        return HttpResponseRedirect(reverse("sign-in"))
    wanted = request.get_full_path() if request.method in ("GET", "HEAD") else page_left(request)
    query = {"next": wanted} if wanted and wanted != reverse("home") else None
    return HttpResponseRedirect(reverse("sign-in", query=query))
