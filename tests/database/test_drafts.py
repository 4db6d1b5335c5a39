"""Drafts: saved as they go, never lost, never overwritten, one person's at a time."""

import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from uuid import UUID

import pytest
from django.db import connections

from concordat.access.rules import RecordKind
from concordat.base.actor import Actor, Role
from concordat.base.ids import new_id
from concordat.organisations.queries import organisation
from concordat.records.actions import (
    Logged,
    discard_draft,
    hand_over,
    save_draft,
    start_draft,
    submit,
)
from concordat.records.errors import (
    AlreadyLogged,
    NotAllowedToRecord,
    NotReady,
    NotYourDraft,
    RecordsError,
    StaleDraft,
    UnknownRecord,
    WrongState,
)
from concordat.records.queries import draft, my_drafts, report_of
from concordat.records.rules.logged import DraftState
from concordat.records.rules.merging import merge
from concordat.records.rules.reports import Participant, Report
from tests import world
from tests.database.logged import count
from tests.reports import CONDITIONAL, intelligence, theft
from tests.world import SERVICE


@pytest.fixture
def officer(db: None) -> Actor:
    """An officer of Essex."""
    assert db is None
    return world.person("essex", username="officer")


@pytest.fixture
def colleague(officer: Actor) -> Actor:
    """Another officer of Essex."""
    assert officer
    return world.person("essex", username="colleague")


def test_a_line_begins_a_report_and_is_kept_word_for_word(officer: Actor) -> None:
    line = "Theft of a phone from Mary Quill by Robert Hale in AB12 CDE"
    begun = start_draft(officer, telling=line)
    assert begun.report.fields["summary"] == line
    assert begun.report.fields["officer"] == "Officer"
    assert begun.report.fields["reported_date"]
    assert (begun.state, begun.revision, begun.event_id) == (DraftState.OPEN, 1, None)


def test_a_kind_that_is_picked_outweighs_what_the_line_says(officer: Actor) -> None:
    begun = start_draft(officer, telling="Theft of a phone", kind=RecordKind.SIGHTING)
    assert begun.kind is RecordKind.SIGHTING
    assert start_draft(officer).kind is RecordKind.INCIDENT


def test_a_draft_is_there_as_it_was_saved_last(officer: Actor) -> None:
    begun = start_draft(officer)
    saved = save_draft(officer, draft_id=begun.id, revision=1, report=theft())
    assert saved.revision == 2
    assert draft(officer, draft_id=begun.id).report == theft()
    assert [one.id for one in my_drafts(officer)] == [begun.id]


@pytest.mark.parametrize(
    "report",
    [
        Report(kind=RecordKind.CRIME),
        Report(kind=RecordKind.CRIME, participants=(Participant(key="p1"),)),
        Report(kind=RecordKind.ARREST, fields={"no such field": '\u2028 ’"\\ 🚓' * 50}),
        theft(outcome="18", occurred_date="no day"),
    ],
    ids=["empty", "nobody", "anything", "contradictory"],
)
def test_whatever_is_typed_can_be_saved(officer: Actor, report: Report) -> None:
    begun = start_draft(officer)
    assert save_draft(officer, draft_id=begun.id, revision=1, report=report).report == report


def test_the_second_of_two_saves_learns_of_the_first_and_nothing_is_lost(officer: Actor) -> None:
    begun = start_draft(officer)
    first = replace(theft(), fields={"summary": "one", "mo": "as before"})
    second = replace(theft(), fields={"summary": "as before", "mo": "two"})
    save_draft(officer, draft_id=begun.id, revision=1, report=first)
    with pytest.raises(StaleDraft) as stale:
        save_draft(officer, draft_id=begun.id, revision=1, report=second)
    current = stale.value.current
    assert current.report == first
    base = {"summary": "as before", "mo": "as before"}
    merged = merge(base, second.fields, current.report.fields)
    assert merged.values == {"summary": "one", "mo": "two"}
    both = replace(second, fields=merged.values)
    saved = save_draft(officer, draft_id=begun.id, revision=current.revision, report=both)
    assert saved.report == both


def test_the_same_save_sent_twice_changes_nothing(officer: Actor) -> None:
    begun = start_draft(officer)
    for _ in range(2):
        saved = save_draft(officer, draft_id=begun.id, revision=1, report=theft())
        assert saved.revision == 2


def test_a_draft_is_seen_by_its_holder_and_their_supervisors(
    officer: Actor, colleague: Actor
) -> None:
    begun = start_draft(officer)
    assert draft(world.person("essex", Role.SUPERVISOR), draft_id=begun.id).id == begun.id
    for other in (colleague, world.person("kent", Role.SUPERVISOR)):
        with pytest.raises(UnknownRecord):
            draft(other, draft_id=begun.id)
        with pytest.raises(UnknownRecord):
            save_draft(other, draft_id=begun.id, revision=1, report=theft())
    assert my_drafts(colleague) == ()


def test_a_supervisor_reads_a_draft_and_does_not_write_it(officer: Actor) -> None:
    begun = start_draft(officer)
    supervisor = world.person("essex", Role.SUPERVISOR)
    for refused in (
        lambda: save_draft(supervisor, draft_id=begun.id, revision=1, report=theft()),
        lambda: submit(supervisor, draft_id=begun.id, revision=1),
        lambda: discard_draft(supervisor, draft_id=begun.id),
        lambda: hand_over(supervisor, draft_id=begun.id, to_person_id=_id(supervisor)),
    ):
        with pytest.raises(NotYourDraft):
            refused()


def test_a_draft_is_handed_over_and_goes_on_where_it_was(officer: Actor, colleague: Actor) -> None:
    begun = start_draft(officer, telling="Theft of a phone")
    hand_over(officer, draft_id=begun.id, to_person_id=_id(colleague))
    taken = draft(colleague, draft_id=begun.id)
    assert (taken.held_by, taken.handed_by_name) == (colleague.person_id, "Officer")
    assert taken.report == begun.report
    with pytest.raises(NotYourDraft):
        save_draft(officer, draft_id=begun.id, revision=1, report=theft())
    save_draft(colleague, draft_id=begun.id, revision=1, report=theft())
    with pytest.raises(UnknownRecord):
        draft(officer, draft_id=begun.id)


def test_a_draft_goes_to_nobody_who_could_not_log_it(officer: Actor) -> None:
    begun = start_draft(officer)
    for other in (world.person("kent"), world.person("essex", Role.AUDITOR)):
        with pytest.raises(NotAllowedToRecord):
            hand_over(officer, draft_id=begun.id, to_person_id=_id(other))
    with pytest.raises(NotAllowedToRecord):
        hand_over(officer, draft_id=begun.id, to_person_id=new_id())


def test_a_draft_becomes_an_event_once_however_often_it_is_submitted(officer: Actor) -> None:
    begun = start_draft(officer)
    saved = save_draft(officer, draft_id=begun.id, revision=1, report=theft())
    first = submit(officer, draft_id=begun.id, revision=saved.revision)
    assert submit(officer, draft_id=begun.id, revision=saved.revision) == first
    assert submit(officer, draft_id=begun.id, revision=1) == first
    assert report_of(officer, event_id=first.event_id).reference == first.reference
    assert count(officer, "records_event") == 1
    detail = draft(officer, draft_id=begun.id)
    assert (detail.state, detail.event_id) == (DraftState.SUBMITTED, first.event_id)
    assert my_drafts(officer) == ()
    with pytest.raises(AlreadyLogged):
        save_draft(officer, draft_id=begun.id, revision=saved.revision, report=Report(
            kind=RecordKind.CRIME))  # fmt: skip


def test_who_may_not_read_what_they_logged_still_learns_its_reference(officer: Actor) -> None:
    begun = start_draft(officer)
    save_draft(officer, draft_id=begun.id, revision=1, report=intelligence(CONDITIONAL))
    first = submit(officer, draft_id=begun.id, revision=2)
    assert submit(officer, draft_id=begun.id, revision=2) == first
    with pytest.raises(UnknownRecord):
        report_of(officer, event_id=first.event_id)


def test_a_draft_that_was_saved_since_is_not_submitted(officer: Actor) -> None:
    begun = start_draft(officer)
    save_draft(officer, draft_id=begun.id, revision=1, report=theft())
    with pytest.raises(StaleDraft):
        submit(officer, draft_id=begun.id, revision=1)
    assert count(officer, "records_event") == 0


def test_a_submission_that_is_refused_leaves_the_draft_as_it_was(officer: Actor) -> None:
    begun = start_draft(officer)
    saved = save_draft(officer, draft_id=begun.id, revision=1, report=theft(outcome="18"))
    with pytest.raises(NotReady):
        submit(officer, draft_id=begun.id, revision=saved.revision)
    assert draft(officer, draft_id=begun.id) == saved
    assert count(officer, "records_event") == 0


def test_a_discarded_draft_is_kept_and_nobodys_to_go_on_with(officer: Actor) -> None:
    begun = start_draft(officer)
    discard_draft(officer, draft_id=begun.id)
    assert my_drafts(officer) == ()
    assert draft(officer, draft_id=begun.id).state is DraftState.DISCARDED
    with pytest.raises(WrongState):
        save_draft(officer, draft_id=begun.id, revision=1, report=theft())
    with pytest.raises(WrongState):
        submit(officer, draft_id=begun.id, revision=1)


@pytest.mark.django_db
def test_who_does_not_work_with_records_starts_nothing() -> None:
    with pytest.raises(NotAllowedToRecord):
        start_draft(world.person("essex", Role.FINANCE))
    essex = organisation("essex")
    with pytest.raises(NotAllowedToRecord):
        start_draft(SERVICE.acting_for(essex.id, essex.name))


def test_submitted_twice_at_the_same_moment_it_is_one_event(own_database: str) -> None:
    assert own_database
    officer = world.person("essex", username="officer")
    begun = start_draft(officer)
    saved = save_draft(officer, draft_id=begun.id, revision=1, report=theft())
    outcomes = _at_once(*[partial(submit, officer, draft_id=begun.id, revision=saved.revision)] * 4)
    assert len(set(outcomes)) == 1
    assert isinstance(outcomes[0], Logged)
    assert count(officer, "records_event") == 1
    assert count(officer, "records_person") == 2


def test_saved_twice_at_the_same_moment_one_learns_of_the_other(own_database: str) -> None:
    assert own_database
    officer = world.person("essex", username="officer")
    begun = start_draft(officer)
    reports = [theft(summary=f"told by {number}") for number in range(4)]
    outcomes = _at_once(
        *(
            partial(save_draft, officer, draft_id=begun.id, revision=1, report=report)
            for report in reports
        )
    )
    stale = [one for one in outcomes if isinstance(one, StaleDraft)]
    assert len(stale) == 3
    kept = draft(officer, draft_id=begun.id)
    assert (kept.revision, kept.report in reports) == (2, True)
    assert all(one.current.report == kept.report for one in stale)


def _id(actor: Actor) -> UUID:
    assert actor.person_id
    return actor.person_id


def _at_once(*calls: Callable[[], object]) -> list[object]:
    """Call all of these at the same moment, each on a connection of its own."""
    barrier = threading.Barrier(len(calls))
    outcomes: list[object] = []

    def run(call: Callable[[], object]) -> None:
        barrier.wait()
        try:
            outcomes.append(call())
        except RecordsError as problem:
            outcomes.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
