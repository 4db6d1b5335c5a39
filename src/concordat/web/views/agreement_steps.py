"""The steps in the life of an agreement that are one form each, from proposing to its end."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from concordat.agreements import actions
from concordat.agreements.queries import AgreementDetail, signatures_needed
from concordat.agreements.rules import Step, earliest_end
from concordat.base.actor import Actor
from concordat.base.clock import today
from concordat.organisations.queries import names_by_id
from concordat.web.formatting import format_date, plural
from concordat.web.forms import agreements as forms
from concordat.web.presenters.agreements import listed, opened, sentence
from concordat.web.requests import SignedInRequest
from concordat.web.views.agreements import version_for
from concordat.web.views.form_pages import FormPage, carried_out, show_form

_Data = QueryDict | None


@dataclass(frozen=True, kw_only=True)
class _Page:
    """A step's page: what it says, what it asks, and what it does."""

    title: str
    button: str
    done: str
    intro: Callable[[Actor, AgreementDetail], list[str]]
    form: Callable[[_Data, Actor, AgreementDetail], Form]
    act: Callable[[Actor, str, dict[str, Any]], AgreementDetail]
    is_final: bool = False


def _plain(form: type[Form]) -> Callable[[_Data, Actor, AgreementDetail], Form]:
    def make(data: _Data, actor: Actor, detail: AgreementDetail) -> Form:
        del actor, detail
        return form(data)

    return make


def _says(*lines: str) -> Callable[[Actor, AgreementDetail], list[str]]:
    def say(actor: Actor, detail: AgreementDetail) -> list[str]:
        del actor, detail
        return list(lines)

    return say


def _who_signs(actor: Actor, detail: AgreementDetail) -> list[str]:
    bodies = {body.code: body for body in names_by_id().values()}
    needed = signatures_needed(actor, terms=detail.terms)
    names = listed(bodies[one.body].name for one in needed)
    return [
        (
            f"These {plural(len(needed), 'body', 'bodies')} must sign, each for itself: {names}. "
            "Whoever holds the power there today is asked, and finds it on their first page."
        ),
        "From now on the text can’t be changed. Take it back to change it; then all sign anew.",
    ]


def _what_closes(actor: Actor, detail: AgreementDetail) -> list[str]:
    del actor
    parties = listed(party.name for party in detail.parties)
    shared = opened(detail.sharing)
    kept = (
        "No record is changed or deleted. What another agreement shares stays open. An ended "
        "agreement can be renewed as a new version, which all must sign."
    )
    if not shared:
        return ["It opens no records, so nobody will see more or less than before.", kept]
    return [
        (
            f"From that day {parties} can no longer read of one another what it opens: "
            f"{plural(len(shared), 'kind')} of record."
        ),
        kept,
    ]


def _earliest(detail: AgreementDetail) -> date:
    """Return the first day without it at the soonest: its notice has run, or its end has come."""
    day = earliest_end(today(), notice_months=detail.terms.notice_months)
    return min(day, detail.ends_on) if detail.ends_on else day


def _soonest(detail: AgreementDetail, what: str) -> str:
    """Say when `what` can be at the soonest, and why not before."""
    months = detail.terms.notice_months
    if not months:
        return f"No notice was agreed: {what} can be today."
    day = format_date(_earliest(detail))
    return f"The agreed notice is {plural(months, 'month')}: {what} can be {day} at the soonest."


def _notice_intro(actor: Actor, detail: AgreementDetail) -> list[str]:
    return [
        f"{_soonest(detail, 'the first day without it')} Until then everything goes on.",
        *_exit_terms(detail),
        *_what_closes(actor, detail)[:1],
    ]


def _leave_intro(actor: Actor, detail: AgreementDetail) -> list[str]:
    del actor
    return [
        (
            "One party leaves, the others go on. From its first day outside nothing of it is open "
            "to the others under this agreement, nor theirs to it."
        ),
        _soonest(detail, "that day"),
        *_exit_terms(detail),
    ]


def _exit_terms(detail: AgreementDetail) -> list[str]:
    terms = detail.terms
    return [
        f"{what}: {said}"
        for what, said in (
            ("How a party leaves", terms.exit_terms),
            ("What leaving costs", terms.exit_costs),
        )
        if said
    ]


def _end_form(data: _Data, actor: Actor, detail: AgreementDetail) -> Form:
    del actor
    day = max(_earliest(detail), detail.starts_on or today())
    return forms.EndForm(data, initial={"ends_on": day})


def _notice_form(data: _Data, actor: Actor, detail: AgreementDetail) -> Form:
    del actor
    return forms.GiveNoticeForm(data, initial={"ends_on": _earliest(detail)})


def _leave_form(data: _Data, actor: Actor, detail: AgreementDetail) -> Form:
    return forms.LeaveForm(data, bodies=_may_take_out(actor, detail), earliest=_earliest(detail))


def _may_take_out(actor: Actor, detail: AgreementDetail) -> list[tuple[str, str]]:
    return [(party.code, party.name) for party in actions.may_take_out(actor, detail)]


PAGES = {
    Step.PROPOSE: _Page(
        title="Propose for signature",
        button="Ask everybody to sign",
        done="Proposed: every body that must sign has been asked.",
        intro=_who_signs,
        form=_plain(forms.MaybeBecauseForm),
        act=lambda actor, reference, told: actions.propose(actor, reference=reference, **told),
    ),
    Step.REVISE: _Page(
        title="Take it back to change it",
        button="Take it back",
        done="It is a draft again.",
        intro=_says("It becomes a draft again. Signatures given so far count no more."),
        form=_plain(forms.BecauseForm),
        act=lambda actor, reference, told: actions.revise(actor, reference=reference, **told),
        is_final=True,
    ),
    Step.DROP: _Page(
        title="Drop this draft",
        button="Drop it",
        done="Dropped. It can be taken up again.",
        intro=_says("It is kept, and can be taken up again at any time."),
        form=_plain(forms.MaybeBecauseForm),
        act=lambda actor, reference, told: actions.drop(actor, reference=reference, **told),
    ),
    Step.REOPEN: _Page(
        title="Take this draft up again",
        button="Take it up again",
        done="It is a draft again.",
        intro=_says("It becomes a draft again, with the text that it had."),
        form=_plain(forms.MaybeBecauseForm),
        act=lambda actor, reference, told: actions.reopen(actor, reference=reference, **told),
    ),
    Step.RECOMMEND: _Page(
        title="Record a board’s recommendation",
        button="Record it",
        done="Recorded. It binds nobody.",
        intro=_says("A board can recommend, never bind: each body decides for itself."),
        form=_plain(forms.RecommendForm),
        act=lambda actor, reference, told: actions.recommend(
            actor, reference=reference, board=told["board"], text=told["because"]
        ),
    ),
    Step.VARY: _Page(
        title="Draft a new version",
        button="Draft it",
        done="The new version is a draft with the present text.",
        intro=_says(
            "The new version begins with the present text. What is in force stays in force until "
            "every signatory has signed the new one."
        ),
        form=_plain(forms.NothingForm),
        act=lambda actor, reference, told: actions.vary(actor, reference=reference, **told),
    ),
    Step.RENEW: _Page(
        title="Renew as a new version",
        button="Draft the renewal",
        done="The renewal is a draft with the last text.",
        intro=_says("The renewal begins with the last text, and opens nothing until all sign."),
        form=_plain(forms.NothingForm),
        act=lambda actor, reference, told: actions.renew(actor, reference=reference, **told),
    ),
    Step.GIVE_NOTICE: _Page(
        title="Give notice of the whole agreement",
        button="Give notice",
        done="Notice is given.",
        intro=_notice_intro,
        form=_notice_form,
        act=lambda actor, reference, told: actions.give_notice(actor, reference=reference, **told),
        is_final=True,
    ),
    Step.LEAVE: _Page(
        title="Leave this agreement",
        button="Leave",
        done="The others have been told in the agreement’s history.",
        intro=_leave_intro,
        form=_leave_form,
        act=lambda actor, reference, told: actions.leave(actor, reference=reference, **told),
        is_final=True,
    ),
    Step.END: _Page(
        title="End this agreement",
        button="End this agreement",
        done="The end is set.",
        intro=_what_closes,
        form=_end_form,
        act=lambda actor, reference, told: actions.end_agreement(
            actor, reference=reference, **told
        ),
        is_final=True,
    ),
}


def take(request: SignedInRequest, reference: str, step: Step) -> HttpResponse:
    """Ask what a step needs, then take it; a refusal that can be mended is told to the form."""
    actor, page = request.actor, PAGES[step]
    found = version_for(actor, reference, step)
    if not _may_take(actor, step, found):
        messages.error(request, _not_now(actor, step, found))
        return redirect("agreement", found.reference)
    form = page.form(request.POST if request.method == "POST" else None, actor, found)
    made: list[AgreementDetail] = []
    if request.method == "POST" and form.is_valid() and carried_out(
        form, lambda: made.append(page.act(actor, reference, form.cleaned_data))
    ):  # fmt: skip
        messages.success(request, f"{page.done} {reference}: {made[0].state.label.lower()}.")
        return _afterwards(step, made[0])
    return show_form(request, form, _form_page(actor, page, found))


def _may_take(actor: Actor, step: Step, found: AgreementDetail) -> bool:
    decides = step is not Step.LEAVE or actions.may_take_out(actor, found)
    return bool(decides) and actions.may_take(actor, step, found)


def _form_page(actor: Actor, page: _Page, found: AgreementDetail) -> FormPage:
    return FormPage(
        title=page.title,
        button=page.button,
        caption=f"{found.reference} {found.title}",
        back_href=reverse("agreement-version", args=[found.reference, found.version]),
        back_text="Back to the agreement",
        intro=page.intro(actor, found),
        is_final=page.is_final,
    )


def _not_now(actor: Actor, step: Step, found: AgreementDetail) -> str:
    if not found.involves(actor.organisation_id):
        return f"{actor.organisation_name} is no party to this agreement."
    if actor.organisation_id in found.left or actions.may_take(actor, step, found):
        return f"{actor.organisation_name} decides for no party that is still in it."
    state = sentence(found.state.label.lower())
    return f"“{step.label}” can’t be done now. Where it stands: {state}."


def _afterwards(step: Step, made: AgreementDetail) -> HttpResponse:
    if step in (Step.VARY, Step.RENEW):
        return redirect("agreement-edit", made.reference)
    return redirect("agreement-version", made.reference, made.version)


def view_of(step: Step) -> Callable[..., HttpResponse]:
    """Return the view of one step's page."""

    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: SignedInRequest, reference: str) -> HttpResponse:
        return take(request, reference, step)

    return view


VIEWS = {
    "propose": view_of(Step.PROPOSE),
    "revise": view_of(Step.REVISE),
    "drop": view_of(Step.DROP),
    "reopen": view_of(Step.REOPEN),
    "recommend": view_of(Step.RECOMMEND),
    "vary": view_of(Step.VARY),
    "renew": view_of(Step.RENEW),
    "notice": view_of(Step.GIVE_NOTICE),
    "leave": view_of(Step.LEAVE),
    "end": view_of(Step.END),
}
"""The last part of each step's address, and its view."""
