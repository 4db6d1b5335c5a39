"""What waits for somebody: alerts, recalls, transfers, what was sent back; what they watch."""

from datetime import timedelta
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from concordat.access.rules import RecordKind
from concordat.base.clock import today
from concordat.organisations.queries import names_by_id
from concordat.records import queries as records
from concordat.records.actions import can_answer_transfer
from concordat.tracing import actions, queries
from concordat.web.context import HEADER_SECONDS, INBOX_SECONDS, waiting_for
from concordat.web.forms.watching import WatchForm
from concordat.web.presenters import inbox as presented
from concordat.web.presenters.addresses import page_of
from concordat.web.requests import SignedInRequest
from concordat.web.views.errors import not_found
from concordat.web.views.form_pages import FormPage, carried_out, show_form

_LONGEST = 60
_USUAL = timedelta(days=28)


@require_safe
def inbox(request: SignedInRequest) -> HttpResponse:
    """Show what waits for the reader: first what is to be done, then alerts."""
    actor = request.actor
    bodies = names_by_id()
    found = queries.inbox(actor)
    tasks = [
        *presented.recalls(records.disclosures_to(actor), bodies),
        *presented.offers(
            [one for one in records.transfers(actor) if can_answer_transfer(actor, transfer=one)],
            bodies,
        ),
        *presented.sent_back(records.sent_back(actor)),
    ]
    context = {
        "tasks": tasks,
        "alerts": presented.alerts(found.alerts, bodies),
    }
    return render(request, "concordat/inbox.html", context)


@require_safe
def count(request: SignedInRequest) -> HttpResponse:
    """Answer with nothing while as much waits as the page shows; else with the new count."""
    waiting = waiting_for(request.actor)
    if request.GET.get("seen") == str(waiting):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    context = {"in_inbox": waiting, "polls": _seconds(request.GET.get("every", ""))}
    # Without the request: what every page shows around its own content would be asked for again.
    response = HttpResponse(render_to_string("concordat/inbox_count.html", context))
    response["HX-Trigger"] = "concordat-news"
    return response


@require_safe
def alert(request: SignedInRequest, alert_id: UUID) -> HttpResponse:
    """Open what an alert tells of, which then is no longer new."""
    found = next((one for one in queries.inbox(request.actor).alerts if one.id == alert_id), None)
    if found is None:
        return not_found(request)
    actions.mark_read(request.actor, alert_id=alert_id)
    return redirect(presented.alert_page(found) or "inbox")


@require_POST
def read(request: SignedInRequest, alert_id: UUID) -> HttpResponse:
    """Mark one alert as read."""
    actions.mark_read(request.actor, alert_id=alert_id)
    return redirect("inbox")


@require_POST
def read_all(request: SignedInRequest) -> HttpResponse:
    """Mark every alert as read."""
    actions.mark_all_read(request.actor)
    return redirect("inbox")


@require_safe
def watches(request: SignedInRequest) -> HttpResponse:
    """List what the reader watches, and has watched."""
    lines = presented.watches(queries.my_watches(request.actor))
    context = {
        "live": [line for line in lines if line.is_live],
        "ended": [line for line in lines if not line.is_live],
    }
    return render(request, "concordat/watches.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def watch(request: SignedInRequest, kind: str, record_id: UUID) -> HttpResponse:
    """Ask why and until when, then watch a person, a thing or a place."""
    try:
        of = RecordKind.from_code(kind)
    except ValueError:
        return not_found(request)
    back = page_of(of, record_id) or reverse("watches")
    form = WatchForm(
        request.POST if request.method == "POST" else None,
        initial={"reason": request.actor.reason, "until": today() + _USUAL},
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        if carried_out(
            form,
            lambda: actions.watch(
                request.actor,
                kind=of,
                record_id=record_id,
                reason=told["reason"],
                until=told["until"],
            ),
        ):
            messages.success(request, "You watch it now. Whatever touches it comes to your inbox.")
            return redirect(back)
    page = FormPage(
        title=f"Watch this {of.label.lower()}",
        button="Watch",
        back_href=back,
        leave="Don’t watch it",
        intro=(
            (
                "When any force logs something that touches it, you find it in your inbox within "
                "seconds: as much of it as that force shares with you."
            ),
        ),
    )
    return show_form(request, form, page)


@require_POST
def end_watch(request: SignedInRequest, watch_id: UUID) -> HttpResponse:
    """End a watch of the reader’s."""
    actions.end_watch(request.actor, watch_id=watch_id)
    messages.success(request, "The watch has ended. Its alerts stay in your inbox.")
    return redirect("watches")


def _seconds(text: str) -> int:
    """Return how often the page that asks looks, as it says itself."""
    asked = int(text) if text.isascii() and text.isdecimal() and len(text) < 3 else HEADER_SECONDS  # noqa: PLR2004 (up to 99)
    return min(max(asked, INBOX_SECONDS), _LONGEST)
