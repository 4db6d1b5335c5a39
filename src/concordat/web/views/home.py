"""The first page: the search box, the line by which something is logged, then what is new."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from concordat.base.actor import Role
from concordat.organisations.queries import names_by_id
from concordat.records.actions import can_record
from concordat.records.queries import my_drafts, newest_events
from concordat.records.rules.questions import Question
from concordat.web.forms.logging import StartForm
from concordat.web.presenters import events
from concordat.web.presenters.abilities import abilities, works_with_records
from concordat.web.presenters.drafts import draft_line
from concordat.web.requests import SignedInRequest
from concordat.web.views.agreements import agreements_due

NEWS = 5
"""How many events of each kind of news are shown, and so journalled as seen."""

DRAFTS = 3
"""How many of one’s own drafts are shown."""


@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """Show the search box, what waits for the reader, and what is new in their force."""
    context: dict[str, object] = {
        "abilities": abilities(request.actor),
        "works_with_records": works_with_records(request.actor),
        "start": None,
        "drafts": [],
        "mine": [],
        "reminders": [],
    }
    if can_record(request.actor):
        context["start"] = StartForm()
        context["drafts"] = [draft_line(one) for one in my_drafts(request.actor)][:DRAFTS]
    if request.actor.holds(Role.PROGRAMME, Role.SIGNATORY):
        context |= agreements_due(request.actor)
    if works_with_records(request.actor):
        context |= _news(request)
    return render(request, "concordat/home.html", context)


def _news(request: SignedInRequest) -> dict[str, object]:
    bodies = names_by_id()
    own = request.actor.organisation_id
    questions = {
        "new": Question(owner_ids=(own,)),
        "gone": Question(owner_ids=(own,), elsewhere=True),
        "come": Question(area_ids=(own,)),
    }
    return {
        "own": bodies[own],
        "news": {
            name: [
                events.line(row, bodies)
                for row in newest_events(request.actor, question=question, limit=NEWS)
            ]
            for name, question in questions.items()
        },
    }
