"""The pages of agreements in words: the answer first, who signs, what happened, what one may do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.urls import reverse

from concordat.agreements import actions
from concordat.agreements.queries import (
    AgreementDetail,
    Reminder,
    SignatureDetail,
    StepDetail,
    Waiting,
)
from concordat.agreements.rules import FEWEST_PARTIES, Decision, State, Step, earliest_end
from concordat.base.actor import Actor
from concordat.base.clock import now, today
from concordat.web.formatting import format_date, plural
from concordat.web.presenters.agreements import listed, sentence

DECISION_COLOURS = {
    Decision.WAITING: "purple",
    Decision.APPROVED: "green",
    Decision.CONDITIONAL: "orange",
    Decision.REFUSED: "red",
}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a reader wants to know first. `tone` is open, waiting or closed."""

    headline: str
    lines: tuple[str, ...]
    tone: str


@dataclass(frozen=True, kw_only=True)
class Button:
    """Something that the reader may do. `style` is first, more or warning."""

    text: str
    href: str
    style: str = "more"


@dataclass(frozen=True, kw_only=True)
class SignatureLine:
    """A signature in words."""

    body: str
    body_id: int
    capacities: str
    decision: str
    colour: str
    by: str
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class HistoryLine:
    """A step, or several of one kind by one person, in words."""

    what: str
    when: str
    by: str
    because: str
    condition: str


def answer(detail: AgreementDetail, *, missing: Sequence[str]) -> Answer:
    """Return where a version stands, and what follows from it. `missing` is of a draft."""
    if detail.state.opens:
        return Answer(
            headline=_in_force(detail), lines=(*_opens(detail), *_notice(detail)), tone="open"
        )
    if detail.state is State.PROPOSED:
        return _proposed(detail)
    if detail.state is State.APPROVED:
        begins = f"All have signed. It begins on {format_date(detail.starts_on)}"
        lines = ("Until then it opens nothing.",) if detail.sharing else ()
        return Answer(headline=begins, lines=lines, tone="waiting")
    if detail.state is State.DRAFT:
        return _draft(len(missing))
    return _closed(detail)


def _draft(gaps: int) -> Answer:
    told = (
        f"{plural(gaps, 'thing')} {'is' if gaps == 1 else 'are'} missing before it can be proposed."
        if gaps
        else "Nothing is missing: it can be proposed."
    )
    return Answer(headline="A draft. It opens nothing", lines=(told,), tone="closed")


def _closed(detail: AgreementDetail) -> Answer:
    if detail.state is not State.ENDED:
        dropped = detail.state is State.DROPPED
        headline = "Dropped. It opens nothing" if dropped else "Replaced by a later version"
        return Answer(headline=headline, lines=(), tone="closed")
    last = detail.ends_on - timedelta(days=1) if detail.ends_on else None
    day = last if last and detail.starts_on and last >= detail.starts_on else detail.ends_on
    return Answer(
        headline=f"Ended. Its last day was {format_date(day)}",
        lines=("It opens nothing any more.",) if detail.sharing else (),
        tone="closed",
    )


def _in_force(detail: AgreementDetail) -> str:
    if detail.ends_on:
        return f"In force until {format_date(detail.ends_on - timedelta(days=1))}"
    return f"In force since {format_date(detail.starts_on)}"


def _opens(detail: AgreementDetail) -> tuple[str, ...]:
    staying = [party.short_name for party in detail.parties if party.id not in detail.left]
    if not detail.sharing:
        return ("It opens no records.",)
    kinds = plural(len(detail.sharing), "kind")
    return (f"It opens {kinds} of record between {listed(staying)}.",)


def _notice(detail: AgreementDetail) -> tuple[str, ...]:
    if detail.state is not State.NOTICE:
        return ()
    for step in reversed(detail.steps):
        if step.step in (Step.GIVE_NOTICE, Step.END):
            by = step.body.name if step.body else "the service"
            why = f": {step.because}" if step.because else "."
            return (f"{sentence(by)} gave notice on {format_date(step.at)}{why}",)
    return ()


def _proposed(detail: AgreementDetail) -> Answer:
    signed = len(detail.signatures) - len(detail.waiting_on)
    names = listed(signature.body.short_name for signature in detail.waiting_on)
    return Answer(
        headline=f"Not in force: {signed} of {len(detail.signatures)} have signed",
        lines=(f"It waits for {names}.", "It opens nothing until every one of them has signed."),
        tone="waiting",
    )


def signature_lines(detail: AgreementDetail) -> list[SignatureLine]:
    """Return who must sign this version and how each has decided."""
    return [
        SignatureLine(
            body=one.body.name,
            body_id=one.body.id,
            capacities=sentence(listed(capacity.label for capacity in one.capacities)),
            decision=one.decision.label,
            colour=DECISION_COLOURS[one.decision],
            by=_signed_by(one),
            notes=tuple(_notes(one)),
        )
        for one in detail.signatures
    ]


def _signed_by(one: SignatureDetail) -> str:
    if one.decided_at is None:
        days = (now() - one.asked_at).days
        return f"Asked on {format_date(one.asked_at)}" + (
            f", {plural(days, 'day')} ago" * bool(days)
        )
    how = "on paper" if one.on_paper else one.person_name
    return f"{sentence(how)}, {format_date(one.decided_at)}"


def _notes(one: SignatureDetail) -> Iterable[str]:
    if one.reasons and not one.on_paper:
        yield one.reasons
    if one.conditions:
        met = one.decision is Decision.APPROVED
        yield f"Condition{', met' if met else ''}: {one.conditions}"


_HAPPENED = {
    Step.AMEND: "Draft written",
    Step.PROPOSE: "Proposed for signature",
    Step.DROP: "Dropped",
    Step.REOPEN: "Taken up again",
    Step.RECOMMEND: "Recommended",
    Step.SIGN: "Signed",
    Step.REFUSE: "Refused",
    Step.REVISE: "Taken back to be changed",
    Step.APPROVE: "Approved: every body had signed",
    Step.BEGIN: "Began",
    Step.VARY: "Next version drafted",
    Step.REPLACE: "Replaced by a later version",
    Step.LEAVE: "A party leaves",
    Step.SUCCEED: "A successor took a party’s place",
    Step.GIVE_NOTICE: "Notice given",
    Step.END: "Ended",
    Step.EXPIRE: "Ran out",
    Step.RENEW: "Renewal drafted",
}


def history(steps: Sequence[StepDetail]) -> list[HistoryLine]:
    """Return the life of a version, the newest first; saves of a draft in a row are one line."""
    lines = []
    grouped = groupby(steps, key=lambda one: (one.step is Step.AMEND, one.by_name, one.step))
    for (is_amend, _, _), group in grouped:
        taken = list(group)
        if is_amend:
            lines.append(_happened(taken[-1], times=len(taken)))
        else:
            lines += [_happened(step, times=1) for step in taken]
    return lines[::-1]


def _happened(step: StepDetail, *, times: int) -> HistoryLine:
    told = step.details
    what = _HAPPENED[step.step]
    if "met" in told:
        what = "Conditions met"
    elif "conditions" in told:
        what = "Signed under conditions"
    elif step.step is Step.LEAVE and "body" in told:
        what = f"{told['body']} leaves, first day outside {_day(told['leaves_on'])}"
    elif step.step is Step.SUCCEED and {"old", "new"} <= told.keys():
        what = f"{told['new']} took the place of {told['old']}"
    elif "board" in told:
        what = f"Recommended by {told['board']}, which binds nobody"
    elif step.step in (Step.GIVE_NOTICE, Step.END) and told.get("ends_on"):
        what = f"{what}, first day without it {_day(told['ends_on'])}"
    body = step.body.name if step.body else ""
    return HistoryLine(
        what=f"{what} ({times} saves)" if times > 1 else what,
        when=format_date(step.at),
        by=f"{step.by_name}, {body}" if body else step.by_name,
        because=step.because,
        condition=told.get("conditions", ""),
    )


def _day(text: str) -> str:
    return format_date(date.fromisoformat(text))


_FIRST = (Step.SIGN, Step.PROPOSE)
_WARNING = (Step.END, Step.GIVE_NOTICE, Step.LEAVE)
_PAGES = {
    Step.SIGN: "agreement-sign",
    Step.REFUSE: "agreement-refuse",
    Step.AMEND: "agreement-edit",
    Step.PROPOSE: "agreement-propose",
    Step.RECOMMEND: "agreement-recommend",
    Step.REVISE: "agreement-revise",
    Step.VARY: "agreement-vary",
    Step.RENEW: "agreement-renew",
    Step.REOPEN: "agreement-reopen",
    Step.GIVE_NOTICE: "agreement-notice",
    Step.LEAVE: "agreement-leave",
    Step.END: "agreement-end",
    Step.DROP: "agreement-drop",
}


def buttons(
    actor: Actor, detail: AgreementDetail, among: Sequence[AgreementDetail]
) -> list[Button]:
    """Return what `actor` may do with this version; `among` are all versions, newest first."""
    return [
        Button(
            text=_button_text(actor, step, detail),
            href=reverse(name, args=[detail.reference]),
            style="first" if step in _FIRST else "warning" if step in _WARNING else "more",
        )
        for step, name in _PAGES.items()
        if offers(actor, step, detail, among)
    ]


def offers(
    actor: Actor, step: Step, detail: AgreementDetail, among: Sequence[AgreementDetail]
) -> bool:
    """Whether the page of this version offers a step: it may be taken, and makes sense here."""
    if not actions.may_take(actor, step, detail):
        return False
    has_draft = any(one.state in (State.DRAFT, State.PROPOSED) for one in among)
    if step in (Step.VARY, Step.RENEW, Step.REOPEN):
        later = any(one.version > detail.version and one.state.opens for one in among)
        return not has_draft and not later
    if step is Step.END:
        return _may_end_sooner(detail)
    if step is Step.GIVE_NOTICE:
        return detail.terms.notice_months > 0
    if step is Step.LEAVE:
        several = len(detail.parties) - len(detail.left) > FEWEST_PARTIES  # else it would end
        return several and bool(actions.may_take_out(actor, detail))
    return True


def _may_end_sooner(detail: AgreementDetail) -> bool:
    """Whether an end can be set that notice alone would not bring."""
    if detail.state is State.NOTICE and detail.ends_on:
        soonest = earliest_end(today(), notice_months=detail.terms.notice_months)
        return soonest < detail.ends_on
    return detail.state is not State.IN_FORCE or detail.terms.notice_months == 0


def _button_text(actor: Actor, step: Step, detail: AgreementDetail) -> str:
    if step is Step.SIGN and own_signature(actor, detail) is Decision.CONDITIONAL:
        return "Say that your conditions are met"
    if step is Step.SIGN:
        return f"Read and sign for {actor.organisation_name}"
    if step is Step.END and detail.state is State.NOTICE:
        return "Bring the end forward"
    return step.label


def own_signature(actor: Actor, detail: AgreementDetail) -> Decision | None:
    """Return how the actor's own body has decided; None if it isn't asked."""
    for one in detail.signatures:
        if one.body.id == actor.organisation_id:
            return one.decision
    return None


def waiting_rows(found: Iterable[Waiting]) -> list[list[object]]:
    """Return what proposals wait for, as cells."""
    return [
        [
            {
                "text": row.agreement.title,
                "href": reverse(
                    "agreement-version", args=[row.agreement.reference, row.agreement.version]
                ),
            },
            row.signature.body.name,
            row.signature.decision.label,
            format_date(row.since),
            {"text": plural(row.days, "day"), "sort_value": row.days},
        ]
        for row in found
    ]


def reminder_rows(found: Iterable[Reminder], *, today: date) -> list[list[object]]:
    """Return reviews and ends that come near, as cells."""
    return [
        [
            {
                "text": row.agreement.title,
                "href": reverse("agreement", args=[row.agreement.reference]),
            },
            row.what,
            format_date(row.day),
            _in_days((row.day - today).days),
        ]
        for row in found
    ]


def _in_days(days: int) -> str:
    if days < 0:
        return f"{plural(-days, 'day')} overdue"
    return f"In {plural(days, 'day')}" if days else "Today"
