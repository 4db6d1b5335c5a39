"""Deciding who is who: the queue of pairs that the machine leaves to people, and any one pair."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from concordat.identity.actions import can_judge, check_can_judge, judge
from concordat.identity.errors import IdentityError, NotAllowedToJudge, UnknownPerson
from concordat.identity.queries import count_in_queue, next_in_queue
from concordat.identity.rules.judgements import Verdict
from concordat.organisations.queries import names_by_id
from concordat.tracing.queries import Compared, side_by_side
from concordat.web.forms.judging import JudgeForm, pair_told
from concordat.web.presenters import persons as presented
from concordat.web.requests import SignedInRequest

_SAID = {
    Verdict.SAME: "Judged: the same person.",
    Verdict.DIFFERENT: "Judged: different people. They are kept apart from now on.",
    Verdict.UNSURE: "Judged: can’t be told.",
}


@require_safe
def review(request: SignedInRequest) -> HttpResponse:
    """Show the next pair that waits, or that none does."""
    check_can_judge(request.actor)
    after = pair_told(request.GET.get("after", ""))
    waiting = next_in_queue(request.actor, after=after)
    left = count_in_queue(request.actor)
    if waiting is None:
        context = {"left": left}
        return render(request, "concordat/review_empty.html", context)
    compared = side_by_side(request.actor, one=waiting.left_id, other=waiting.right_id)
    return _show(request, compared, JudgeForm(None, undoes=False), left=left)


@require_http_methods(["GET", "HEAD", "POST"])
def pair(request: SignedInRequest, one: UUID, other: UUID) -> HttpResponse:
    """Show two records beside each other, or take a judgement of them."""
    if one == other:
        raise UnknownPerson("A record is no pair.")
    if request.method != "POST":
        compared = side_by_side(request.actor, one=one, other=other)
        return _show(request, compared, JudgeForm(None, undoes=False), left=None)
    check_can_judge(request.actor)
    from_queue = request.POST.get("from") == "queue"
    form = JudgeForm(request.POST, undoes=not from_queue)
    if form.is_valid() and _judged(request, one, other, form):
        if from_queue:
            return redirect(reverse("review", query={"after": f"{one},{other}"}))
        return redirect("person", one)
    compared = side_by_side(request.actor, one=one, other=other)
    return _show(
        request, compared, form, left=count_in_queue(request.actor) if from_queue else None
    )


def _judged(request: SignedInRequest, one: UUID, other: UUID, form: JudgeForm) -> bool:
    """Judge; where it is refused for a reason that can be mended, tell the form."""
    reason = form.cleaned_data["reason"]
    try:
        judge(request.actor, left=one, right=other, verdict=form.chosen, reason=reason)
    except (NotAllowedToJudge, UnknownPerson):
        raise
    except IdentityError as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _SAID[form.chosen])
    return True


def _show(
    request: SignedInRequest, compared: Compared, form: JudgeForm, *, left: int | None
) -> HttpResponse:
    bodies = names_by_id()
    both = [compared.left, compared.right]
    names = presented.record_names(both, bodies)
    explanation = compared.pair.explanation
    context = {
        "form": form,
        "compared": compared,
        "left": left,
        "columns": presented.columns(both, bodies),
        "names": [presented.name_of(one.content) for one in both],
        "rows": presented.fact_rows(compared.facts),
        "warnings": presented.warned([w for one in both for w in one.warnings], bodies),
        "link": presented.link(names[compared.left.id], names[compared.right.id], explanation),
        "judgements": presented.judgement_rows(compared.pair.judgements, names),
        "may_judge": can_judge(request.actor),
    }
    return render(request, "concordat/pair.html", context)
