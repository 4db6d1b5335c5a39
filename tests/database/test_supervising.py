"""Supervision: what is logged waits, is sent back, approved, allocated; every step is kept."""

from functools import partial
from pathlib import Path

import pytest

from concordat.base.actor import Actor, Role
from concordat.base.ids import new_id
from concordat.organisations.queries import colleagues
from concordat.records.actions import (
    allocate,
    amend_event,
    approve,
    load_street,
    log_event,
    send_back,
)
from concordat.records.errors import (
    NotAllowedToReview,
    RecordsError,
    UnknownRecord,
    WrongDetails,
    WrongState,
)
from concordat.records.queries import (
    find_events,
    report_of,
    review_history,
    review_queue,
    sent_back,
    waiting,
)
from concordat.records.rules.logged import NEXT, ReviewState
from concordat.records.rules.questions import Question
from tests import world
from tests.database.logged import entries
from tests.files import street_row, write_csv
from tests.reports import CONDITIONAL, intelligence, theft
from tests.world import SERVICE, agreement_in_force

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> Actor:
    """An officer of Essex."""
    return world.person("essex", username="officer")


@pytest.fixture
def supervisor() -> Actor:
    """A supervisor of Essex."""
    return world.person("essex", Role.SUPERVISOR, username="supervisor")


def test_what_is_logged_waits_for_a_supervisor_of_its_force(
    officer: Actor, supervisor: Actor
) -> None:
    first = log_event(officer, report=theft())
    second = log_event(officer, report=theft())
    queue = review_queue(supervisor)
    assert [line.reference for line in queue] == [first.reference, second.reference]
    assert (queue[0].recorded_by, queue[0].title) == ("Officer", "Theft from the person")
    agreement_in_force("EK", ["essex", "kent"])
    assert review_queue(world.person("kent", Role.SUPERVISOR)) == ()


def test_an_event_is_sent_back_with_a_note_and_waits_again_once_it_is_amended(
    officer: Actor, supervisor: Actor
) -> None:
    event_id = log_event(officer, report=theft()).event_id
    send_back(supervisor, event_id=event_id, note="Which table?")
    assert review_queue(supervisor) == ()
    (line,) = sent_back(officer)
    assert (line.event_id, line.note, line.by) == (event_id, "Which table?", "Supervisor")
    assert waiting(officer) == 1
    colleague = world.person("essex", username="colleague")
    assert (sent_back(colleague), waiting(colleague)) == ((), 0)
    amend_event(officer, event_id=event_id, base_version=1, fields={"notes": "The one outside"})
    assert (sent_back(officer), waiting(officer)) == ((), 0)
    assert [one.event_id for one in review_queue(supervisor)] == [event_id]
    steps = review_history(officer, event_id=event_id)
    assert [(step.number, step.state) for step in steps] == [
        (1, ReviewState.WAITING),
        (2, ReviewState.SENT_BACK),
        (3, ReviewState.WAITING),
    ]


def test_who_is_sent_something_back_is_who_logged_it_whoever_amends_it(
    officer: Actor, supervisor: Actor
) -> None:
    event_id = log_event(officer, report=theft()).event_id
    colleague = world.person("essex", username="colleague")
    send_back(supervisor, event_id=event_id, note="one")
    amend_event(colleague, event_id=event_id, base_version=1, fields={"notes": "n"})
    send_back(supervisor, event_id=event_id, note="two")
    assert [one.note for one in sent_back(officer)] == ["two"]


def test_an_event_is_approved_and_allocated(officer: Actor, supervisor: Actor) -> None:
    event_id = log_event(officer, report=theft()).event_id
    approve(supervisor, event_id=event_id)
    assert report_of(officer, event_id=event_id).state is ReviewState.APPROVED
    assert officer.person_id
    allocate(supervisor, event_id=event_id, to_person_id=officer.person_id, note="Please")
    last = review_history(officer, event_id=event_id)[-1]
    assert (last.state, last.to, last.note) == (ReviewState.ALLOCATED, "Officer", "Please")
    assert [entry.action for entry in entries("records.allocate")] == ["records.allocate"]


def test_only_supervisors_of_its_own_force_review_an_event(
    officer: Actor, supervisor: Actor
) -> None:
    agreement_in_force("EK", ["essex", "kent"])
    event_id = log_event(officer, report=theft()).event_id
    assert supervisor.person_id
    for other in (officer, world.person("kent", Role.SUPERVISOR)):
        for refused in (
            partial(send_back, other, event_id=event_id, note="x"),
            partial(approve, other, event_id=event_id),
            partial(allocate, other, event_id=event_id, to_person_id=supervisor.person_id),
        ):
            with pytest.raises(NotAllowedToReview):
                refused()
    assert len(review_history(supervisor, event_id=event_id)) == 1


def test_an_event_goes_to_nobody_who_could_not_deal_with_it(
    officer: Actor, supervisor: Actor
) -> None:
    event_id = log_event(officer, report=theft()).event_id
    for other in (world.person("kent"), world.person("essex", Role.AUDITOR)):
        assert other.person_id
        with pytest.raises(NotAllowedToReview):
            allocate(supervisor, event_id=event_id, to_person_id=other.person_id)
    with pytest.raises(NotAllowedToReview):
        allocate(supervisor, event_id=event_id, to_person_id=new_id())


def test_a_supervisor_who_comes_second_is_told(officer: Actor, supervisor: Actor) -> None:
    event_id = log_event(officer, report=theft()).event_id
    approve(supervisor, event_id=event_id)
    with pytest.raises(WrongState):
        approve(supervisor, event_id=event_id)


@pytest.mark.parametrize("state", ReviewState)
def test_every_state_has_a_label_and_a_way_on(state: ReviewState) -> None:
    assert state.label
    assert NEXT[state]
    assert state is ReviewState.ALLOCATED or state not in NEXT[state]


def test_a_note_is_needed_to_send_something_back(officer: Actor, supervisor: Actor) -> None:
    event_id = log_event(officer, report=theft()).event_id
    with pytest.raises(WrongDetails):
        send_back(supervisor, event_id=event_id, note=" ")


def test_what_is_not_there_or_came_from_a_file_is_not_reviewed(
    supervisor: Actor, tmp_path: Path
) -> None:
    with pytest.raises(UnknownRecord):
        approve(supervisor, event_id=new_id())
    load_street(SERVICE, paths=[write_csv(tmp_path / "2026-01-essex-street.csv", [street_row(1)])])
    (row,) = find_events(supervisor, question=Question()).rows
    with pytest.raises(WrongState):
        approve(supervisor, event_id=row.id)
    with pytest.raises(RecordsError):
        report_of(supervisor, event_id=row.id)


def test_the_supervision_of_a_report_under_conditions_is_seen_by_those_who_may_read_it(
    officer: Actor, supervisor: Actor
) -> None:
    event_id = log_event(officer, report=intelligence(CONDITIONAL)).event_id
    send_back(supervisor, event_id=event_id, note="Name the quarry")
    assert len(review_history(supervisor, event_id=event_id)) == 2
    assert review_history(officer, event_id=event_id) == ()


def test_colleagues_are_those_of_ones_own_force_who_can_sign_in(
    officer: Actor, supervisor: Actor
) -> None:
    world.person("kent", username="kent")
    assert [one.id for one in colleagues(officer)] == [supervisor.person_id]
    assert colleagues(officer)[0].roles == (Role.SUPERVISOR,)
