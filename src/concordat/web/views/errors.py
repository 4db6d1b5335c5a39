"""Pages for what went wrong: what happened, what was kept, and what to do next."""

import logging

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string

from concordat.access.errors import NotAllowedToExplain, NotAllowedToGrant
from concordat.agreements.errors import (
    NotAllowedToTake,
    NotAllowedWithCosts,
    UnknownAgreement,
    UnknownStatement,
)
from concordat.audit.errors import NotAllowedToReadJournal
from concordat.base.ids import new_id
from concordat.identity.errors import NotAllowedToJudge, UnknownJudgement, UnknownPerson
from concordat.identity.errors import TooManyPointers as TooManyPersonPointers
from concordat.organisations.errors import NotAllowed, UnknownOrganisation
from concordat.records.errors import (
    NotAllowedToDisclose,
    NotAllowedToLoad,
    NotAllowedToRecord,
    NotAllowedToReview,
    NotYourDraft,
    TooManyPointers,
    UnknownRecord,
)
from concordat.tracing.errors import NotAllowedToWatch, UnknownAlert, UnknownWatch

logger = logging.getLogger(__name__)

METHOD_NOT_ALLOWED = 405
_REFERENCE_DIGITS = 8
_HOUR = "3600"

MISSING = (
    UnknownRecord,
    UnknownAgreement,
    UnknownOrganisation,
    UnknownPerson,
    UnknownJudgement,
    UnknownWatch,
    UnknownAlert,
    UnknownStatement,
)
REFUSED = (
    NotAllowed,
    NotAllowedToExplain,
    NotAllowedToGrant,
    NotAllowedToJudge,
    NotAllowedToLoad,
    NotAllowedToReadJournal,
    NotAllowedToRecord,
    NotAllowedToReview,
    NotAllowedToDisclose,
    NotAllowedToTake,
    NotAllowedToWatch,
    NotAllowedWithCosts,
    NotYourDraft,
)

_BARE_PAGE = """<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><title>{title} – Concordat</title></head>
<body><h1>{title}</h1><p>{text}</p><p><a href="/">Start again from the first page</a></p></body>
</html>
"""


def page_for(request: HttpRequest, problem: Exception) -> HttpResponseBase | None:
    """Return the page for an error that has a meaning of its own; None for any other."""
    if isinstance(problem, MISSING):
        return not_found(request, problem)
    if isinstance(problem, REFUSED):
        return forbidden(request, problem)
    if isinstance(problem, (TooManyPointers, TooManyPersonPointers)):
        response = render(request, "concordat/429.html", {"reason": str(problem)}, status=429)
        response["Retry-After"] = _HOUR
        return response
    if isinstance(problem, (InterfaceError, OperationalError)):
        return unavailable(problem)
    return None


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Say that the request made no sense (400)."""
    return render(request, "concordat/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that a rule forbids it, and which (403)."""
    reason = str(exception) if isinstance(exception, REFUSED) else ""
    return render(request, "concordat/403.html", {"reason": reason}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Say that there is nothing here for this reader (404): absent and hidden look the same."""
    return render(request, "concordat/404.html", status=404)


def method_not_allowed(request: HttpRequest, refused: HttpResponseBase) -> HttpResponse:
    """Say that this address only takes what a form sends (405)."""
    response = render(request, "concordat/405.html", status=METHOD_NOT_ALLOWED)
    response["Allow"] = refused["Allow"]
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """Say that the form was too old to be trusted (403)."""
    return render(request, "concordat/csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that a page failed (500), whatever else is broken: it needs no database or assets."""
    reference = new_id().hex[-_REFERENCE_DIGITS:]
    logger.error("Failure %s was shown at %s", reference, request.path)
    return _without_request(
        "concordat/500.html",
        {"reference": reference},
        status=500,
        title="Something went wrong on our side",
        text=f"The last step was not carried out. The failure has been logged as {reference}.",
    )


def unavailable(problem: Exception) -> HttpResponse:
    """Say that the database does not answer (503)."""
    logger.error("The database does not answer: %s", problem)
    response = _without_request(
        "concordat/503.html",
        {},
        status=503,
        title="The service is not available at the moment",
        text="Nothing was lost. Try again in a minute.",
    )
    response["Retry-After"] = "60"
    return response


def _without_request(
    template: str, context: dict[str, object], *, status: int, title: str, text: str
) -> HttpResponse:
    try:
        page: str = render_to_string(template, context)
    except Exception:  # the last resort must not fail, for whatever reason
        logger.warning("%s could not be shown; a bare page was", template, exc_info=True)
        page = _BARE_PAGE.format(title=title, text=text)
    return HttpResponse(page, status=status)
