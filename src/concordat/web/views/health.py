"""Whether the service can answer: for load balancers and monitoring."""

from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Return 200 "ok" if the database answers, else 503; nothing that needs to be secret."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (InterfaceError, OperationalError):
        response = HttpResponse("the database does not answer", "text/plain", status=503)
    else:
        response = HttpResponse("ok", "text/plain")
    response["Cache-Control"] = "no-store"
    return response
