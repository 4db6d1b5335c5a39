"""The life of an agreement as one table: its states, its steps, and who may take them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class State(StrEnum):
    """Where a version of an agreement stands in its life."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    APPROVED = "approved"
    IN_FORCE = "in_force"
    VARIED = "varied"
    NOTICE = "notice"
    ENDED = "ended"
    DROPPED = "dropped"

    @property
    def label(self) -> str:
        """The state in plain English."""
        return _LABELS[self]

    @property
    def owner(self) -> str:
        """Whose move it is while an agreement stands here."""
        return _OWNERS[self]

    @property
    def opens(self) -> bool:
        """Whether what the agreement names is open in this state."""
        return self in (State.IN_FORCE, State.NOTICE)


_LABELS = {
    State.DRAFT: "Draft",
    State.PROPOSED: "Proposed, waiting for signatures",
    State.APPROVED: "Agreed, not yet begun",
    State.IN_FORCE: "In force",
    State.VARIED: "Replaced by a later version",
    State.NOTICE: "In force, notice given",
    State.ENDED: "Ended",
    State.DROPPED: "Dropped",
}
_OWNERS = {
    State.DRAFT: "The programme teams of the parties",
    State.PROPOSED: "Every signatory that has not decided",
    State.APPROVED: "The calendar: it begins on its first day",
    State.IN_FORCE: "The parties",
    State.VARIED: "Nobody: the later version counts",
    State.NOTICE: "The calendar: it ends when the notice has run",
    State.ENDED: "Nobody: it can be renewed as a new version",
    State.DROPPED: "The programme teams of the parties",
}


class Who(StrEnum):
    """Who may take a step."""

    DRAFTERS = "drafters"
    SIGNATORY = "signatory"
    PARTIES = "parties"
    SERVICE = "service"
    CALENDAR = "calendar"

    @property
    def label(self) -> str:
        """Who it is, in plain English."""
        return _WHO[self]


_WHO = {
    Who.DRAFTERS: "programme staff of a party",
    Who.SIGNATORY: "whoever signs for a body that must sign",
    Who.PARTIES: "programme staff or the signatory of a party",
    Who.SERVICE: "Concordat itself",
    Who.CALENDAR: "the calendar",
}


class Decision(StrEnum):
    """How a signatory has decided."""

    WAITING = "waiting"
    APPROVED = "approved"
    CONDITIONAL = "conditional"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """The decision in plain English."""
        return _DECISIONS[self]


_DECISIONS = {
    Decision.WAITING: "Not decided yet",
    Decision.APPROVED: "Signed",
    Decision.CONDITIONAL: "Signed under conditions that are not met yet",
    Decision.REFUSED: "Refused",
}


class Step(StrEnum):
    """What moves an agreement on."""

    AMEND = "amend"
    PROPOSE = "propose"
    DROP = "drop"
    REOPEN = "reopen"
    RECOMMEND = "recommend"
    SIGN = "sign"
    REFUSE = "refuse"
    REVISE = "revise"
    APPROVE = "approve"
    BEGIN = "begin"
    VARY = "vary"
    REPLACE = "replace"
    LEAVE = "leave"
    SUCCEED = "succeed"
    GIVE_NOTICE = "give_notice"
    END = "end"
    EXPIRE = "expire"
    RENEW = "renew"

    @property
    def label(self) -> str:
        """The step as a button says it."""
        return _STEP_LABELS[self]


_STEP_LABELS = {
    Step.AMEND: "Change the draft",
    Step.PROPOSE: "Propose for signature",
    Step.DROP: "Drop",
    Step.REOPEN: "Take up again",
    Step.RECOMMEND: "Record a board’s recommendation",
    Step.SIGN: "Sign",
    Step.REFUSE: "Refuse",
    Step.REVISE: "Take back to change it",
    Step.APPROVE: "Approve: all have signed",
    Step.BEGIN: "Begin",
    Step.VARY: "Draft a new version",
    Step.REPLACE: "Replace by the new version",
    Step.LEAVE: "Leave",
    Step.SUCCEED: "Let a successor take a party’s place",
    Step.GIVE_NOTICE: "Give notice",
    Step.END: "End",
    Step.EXPIRE: "Run out",
    Step.RENEW: "Renew as a new version",
}


@dataclass(frozen=True)
class Transition:
    """One line of the table: a step, where it leads, and who may take it."""

    before: State
    step: Step
    after: State
    who: Who


TABLE = (
    Transition(State.DRAFT, Step.AMEND, State.DRAFT, Who.DRAFTERS),
    Transition(State.DRAFT, Step.PROPOSE, State.PROPOSED, Who.DRAFTERS),
    Transition(State.DRAFT, Step.DROP, State.DROPPED, Who.DRAFTERS),
    Transition(State.DROPPED, Step.REOPEN, State.DRAFT, Who.DRAFTERS),
    Transition(State.PROPOSED, Step.RECOMMEND, State.PROPOSED, Who.DRAFTERS),
    Transition(State.PROPOSED, Step.SIGN, State.PROPOSED, Who.SIGNATORY),
    Transition(State.PROPOSED, Step.REFUSE, State.DRAFT, Who.SIGNATORY),
    Transition(State.PROPOSED, Step.REVISE, State.DRAFT, Who.DRAFTERS),
    Transition(State.PROPOSED, Step.APPROVE, State.APPROVED, Who.SERVICE),
    Transition(State.APPROVED, Step.BEGIN, State.IN_FORCE, Who.CALENDAR),
    Transition(State.APPROVED, Step.LEAVE, State.APPROVED, Who.PARTIES),
    Transition(State.APPROVED, Step.END, State.ENDED, Who.PARTIES),
    Transition(State.IN_FORCE, Step.VARY, State.IN_FORCE, Who.DRAFTERS),
    Transition(State.IN_FORCE, Step.REPLACE, State.VARIED, Who.SERVICE),
    Transition(State.IN_FORCE, Step.LEAVE, State.IN_FORCE, Who.PARTIES),
    Transition(State.IN_FORCE, Step.SUCCEED, State.IN_FORCE, Who.SERVICE),
    Transition(State.IN_FORCE, Step.GIVE_NOTICE, State.NOTICE, Who.PARTIES),
    Transition(State.IN_FORCE, Step.END, State.ENDED, Who.PARTIES),
    Transition(State.IN_FORCE, Step.EXPIRE, State.ENDED, Who.CALENDAR),
    Transition(State.NOTICE, Step.LEAVE, State.NOTICE, Who.PARTIES),
    Transition(State.NOTICE, Step.SUCCEED, State.NOTICE, Who.SERVICE),
    Transition(State.NOTICE, Step.END, State.ENDED, Who.PARTIES),
    Transition(State.NOTICE, Step.EXPIRE, State.ENDED, Who.CALENDAR),
    Transition(State.ENDED, Step.RENEW, State.ENDED, Who.DRAFTERS),
)
"""The life of an agreement, whole: what is not in this table can't be done."""

TRANSITIONS: Mapping[tuple[State, Step], Transition] = {
    (line.before, line.step): line for line in TABLE
}

FINAL = (State.VARIED, State.ENDED)
"""The states that a version never leaves. An ended agreement is renewed as a new version."""


def refusal(state: State, step: Step) -> str:
    """Return why `step` can't be taken from `state`, in plain words; "" if it can."""
    if (state, step) in TRANSITIONS:
        return ""
    allowed = [line.before.label.lower() for line in TABLE if line.step is step]
    return (
        f"This version is “{state.label.lower()}”. “{step.label}” can be done only while it is: "
        f"{'; or '.join(allowed)}."
    )


def state_on(day: date, *, stored: State, starts: date | None, ends: date | None) -> State:
    """Return where a version stands on `day`: the calendar's own steps taken since it was stored.

    `ends` is the first day without it.
    """
    if stored is State.VARIED and starts is not None and ends is not None and starts <= day < ends:
        return State.IN_FORCE  # until the later version begins
    if stored not in (State.APPROVED, State.NOTICE) or starts is None:
        return stored
    if ends is not None and day >= ends:
        return State.ENDED
    if day < starts:
        return State.APPROVED
    return State.NOTICE if stored is State.NOTICE else State.IN_FORCE


def stored_for(states: Collection[State]) -> set[State]:
    """Return in which stored states a version can be that stands, on some day, in one of these."""
    dated = {State.APPROVED, State.NOTICE}
    comes_of = {
        State.APPROVED: dated,
        State.IN_FORCE: {State.APPROVED, State.VARIED},
        State.ENDED: {*dated, State.ENDED},
    }
    return {stored for state in states for stored in comes_of.get(state, {state})}


def mermaid() -> str:
    """Return the table as the state diagram that the documentation shows."""
    lines = ["stateDiagram-v2", f"    [*] --> {State.DRAFT}"]
    lines += [f"    {line.before} --> {line.after}: {line.step}" for line in TABLE]
    lines += [f"    {state} --> [*]" for state in FINAL]
    return "\n".join(lines) + "\n"


def months_later(day: date, months: int) -> date:
    """Return the same day of the month `months` later, or that month's last day."""
    year, month = divmod(day.month - 1 + months, 12)
    for last in range(day.day, 0, -1):
        try:
            return date(day.year + year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has a first day")


def earliest_end(day: date, *, notice_months: int) -> date:
    """Return the first day without it, at the soonest, if notice is given on `day`."""
    return months_later(day, notice_months)
