"""The life of an agreement is one table: it is the picture, the permissions and the refusals."""

from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concordat.agreements.rules import (
    FINAL,
    TABLE,
    TRANSITIONS,
    State,
    Step,
    Who,
    earliest_end,
    mermaid,
    refusal,
    state_on,
)

ARCHITECTURE = Path(__file__).parents[2] / "docs" / "architecture.md"
FIRST, LAST = date(2026, 3, 1), date(2026, 9, 1)


@pytest.mark.parametrize("state", State)
def test_every_state_has_an_owner_a_label_an_exit_and_a_permission(state: State) -> None:
    exits = [line for line in TABLE if line.before is state]
    assert state.label
    assert state.owner
    if state is State.VARIED:
        assert exits == [], "its exit is the later version that replaced it"
    else:
        assert exits
        assert all(line.who in Who and line.who.label for line in exits)
    assert (state in FINAL) == all(line.after is state for line in exits)


@pytest.mark.parametrize("state", [state for state in State if state is not State.DRAFT])
def test_every_state_but_the_first_has_an_entrance(state: State) -> None:
    assert any(line.after is state and line.before is not state for line in TABLE)


@pytest.mark.parametrize(("state", "step"), [*product(State, Step)])
def test_every_step_is_in_the_table_or_refused_with_its_reason(state: State, step: Step) -> None:
    reason = refusal(state, step)
    if (state, step) in TRANSITIONS:
        assert reason == ""
    else:
        assert state.label.lower() in reason
        assert step.label in reason
        for line in TABLE:
            if line.step is step:
                assert line.before.label.lower() in reason


def test_each_step_is_one_kind_of_actors_alone_and_leads_from_a_state_to_one_other() -> None:
    assert len(TRANSITIONS) == len(TABLE)
    for step in Step:
        assert len({line.who for line in TABLE if line.step is step}) == 1


def test_the_picture_in_the_documentation_is_the_table() -> None:
    assert mermaid() in ARCHITECTURE.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("day", "stored", "ends", "stands"),
    [
        (FIRST, State.DRAFT, None, State.DRAFT),
        (FIRST, State.PROPOSED, None, State.PROPOSED),
        (FIRST - timedelta(days=1), State.APPROVED, None, State.APPROVED),
        (FIRST, State.APPROVED, None, State.IN_FORCE),
        (date(2099, 1, 1), State.APPROVED, None, State.IN_FORCE),
        (LAST - timedelta(days=1), State.APPROVED, LAST, State.IN_FORCE),
        (LAST, State.APPROVED, LAST, State.ENDED),
        (LAST - timedelta(days=1), State.NOTICE, LAST, State.NOTICE),
        (LAST, State.NOTICE, LAST, State.ENDED),
        (LAST - timedelta(days=1), State.VARIED, LAST, State.IN_FORCE),
        (LAST, State.VARIED, LAST, State.VARIED),
        (LAST, State.ENDED, LAST, State.ENDED),
    ],
)
def test_the_calendar_takes_its_own_steps(
    day: date, stored: State, ends: date | None, stands: State
) -> None:
    starts = None if stored in (State.DRAFT, State.PROPOSED) else FIRST
    assert state_on(day, stored=stored, starts=starts, ends=ends) is stands


@pytest.mark.parametrize(
    ("given_on", "months", "soonest"),
    [
        (date(2026, 11, 22), 0, date(2026, 11, 22)),
        (date(2026, 11, 22), 12, date(2027, 11, 22)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
    ],
)
def test_notice_runs_in_calendar_months(given_on: date, months: int, soonest: date) -> None:
    assert earliest_end(given_on, notice_months=months) == soonest


@given(day=st.dates(date(2000, 1, 1), date(2100, 1, 1)), months=st.integers(0, 60))
def test_longer_notice_never_ends_sooner(day: date, months: int) -> None:
    shorter, longer = (earliest_end(day, notice_months=count) for count in (months, months + 1))
    assert day <= shorter < longer
