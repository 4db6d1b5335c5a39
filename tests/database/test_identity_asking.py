"""Asking who somebody is, and working through what the machine leaves to people."""

import pytest
from django.db import connection

from concordat.base.acting import acting
from concordat.base.actor import Actor, Purpose, Role
from concordat.identity.actions import judge, resolve_all, resolve_pending
from concordat.identity.engine import DEFAULT_THRESHOLD, Meaning
from concordat.identity.errors import IdentityError, NotAllowedToJudge, TooLittleToGoOn
from concordat.identity.queries import (
    duplicates_inside,
    identity_of,
    next_in_queue,
    pair,
    progress,
    review_queue,
    who_is,
)
from concordat.identity.rules.judgements import Verdict, pair_of
from tests.database.identities import (
    BOB,
    R_UNDATED,
    ROBERT,
    ROBERTA,
    STRANGER,
    meant,
    recorded,
    recorded_all,
)
from tests.world import SERVICE, agreement_in_force, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def essex() -> Actor:
    """Somebody in data quality in Essex, which shares persons with Kent."""
    agreement_in_force("A", ["essex", "kent"])
    return person("essex", Role.DATA_QUALITY, Role.OFFICER, username="essex")


def test_one_person_s_records_are_one_answer_with_reasons(essex: Actor) -> None:
    one, other = recorded("essex", ROBERT), recorded("kent", BOB)
    recorded("kent", STRANGER)
    resolve_pending(SERVICE)

    first, *_ = who_is(essex, partial=meant(ROBERT))

    assert {candidate.record_id for candidate in first.records} == {one, other}
    assert {member for member, _ in first.members} == {one, other}
    assert first.probability > 0.95
    summed = sum(part.bits + part.rarity_bits for part in first.explanation.parts)
    assert summed == pytest.approx(first.bits, abs=1e-3)
    assert "Quillfeather" in first.explanation.words


@pytest.mark.parametrize(
    "asked",
    [
        {"full_name": "Quillfeather Robert", "date_of_birth": "1987"},
        {"forename": "bob", "surname": "QUILLFEATHER", "date_of_birth": "3 May 1987"},
        {"forename": "Rob", "surname": "Quilfeather", "postcode": "co11aa"},
    ],
)
def test_half_remembered_it_is_found_all_the_same(essex: Actor, asked: dict[str, str]) -> None:
    one = recorded("kent", ROBERT)
    recorded_all("kent", [STRANGER, ROBERTA])
    found = who_is(essex, partial=meant(asked))
    assert found[0].records[0].record_id == one


def test_an_alias_finds_its_record(essex: Actor) -> None:
    one = recorded("kent", STRANGER, ROBERT)
    (found,) = who_is(essex, partial=meant(ROBERT))
    assert found.records[0].record_id == one
    assert found.records[0].features["surname"] == "quillfeather"


def test_nothing_to_go_on_is_said(essex: Actor) -> None:
    with pytest.raises(TooLittleToGoOn, match="name"):
        who_is(essex, partial={Meaning.SEX: "M"})


def test_a_key_that_hundreds_share_is_passed_over(essex: Actor) -> None:
    crowd = [
        ROBERT | {"date_of_birth": f"19{k % 60 + 30}-0{k % 9 + 1}-1{k % 7}"} for k in range(210)
    ]
    recorded_all("essex", crowd)
    one = recorded("kent", ROBERT | {"phone": "01632 960001"})
    found = who_is(essex, partial=meant({"surname": "Quillfeather", "phone": "01632 960001"}))
    assert {candidate.record_id for who in found for candidate in who.records} == {one}


def test_what_the_machine_leaves_open_waits_in_the_queue_until_judged(essex: Actor) -> None:
    one, other = recorded("essex", ROBERT), recorded("kent", R_UNDATED)
    resolve_pending(SERVICE)
    waiting = next_in_queue(essex)
    assert waiting is not None
    assert (waiting.left_id, waiting.right_id) == pair_of(one, other)
    assert 0.5 <= waiting.probability < DEFAULT_THRESHOLD
    assert {record for record, _ in identity_of(essex, record_id=one).records} == {one}

    judge(essex, left=other, right=one, verdict=Verdict.SAME, reason="same custody photograph")

    assert next_in_queue(essex) is None
    assert {record for record, _ in identity_of(essex, record_id=one).records} == {one, other}


def test_the_queue_goes_on_behind_the_last_seen(essex: Actor) -> None:
    for _ in range(3):
        recorded("essex", ROBERT)
        recorded("kent", R_UNDATED)
    resolve_all(SERVICE)
    all_of_it = review_queue(essex, limit=100)
    assert len(all_of_it) >= 9
    seen = []
    after = None
    while one := next_in_queue(essex, after=after):
        after = (one.left_id, one.right_id)
        seen.append(one)
    assert seen == list(all_of_it)


def test_can_not_tell_leaves_the_queue_and_joins_nothing(essex: Actor) -> None:
    one, other = recorded("essex", ROBERT), recorded("kent", R_UNDATED)
    resolve_pending(SERVICE)
    judge(essex, left=one, right=other, verdict=Verdict.UNSURE)
    assert review_queue(essex) == ()
    assert len(identity_of(essex, record_id=one).records) == 1


def test_the_queue_is_of_pairs_with_a_record_of_one_s_own(essex: Actor) -> None:
    recorded("kent", ROBERT)
    recorded("kent", R_UNDATED)
    resolve_pending(SERVICE)
    assert review_queue(essex) == ()


def test_a_pair_shows_both_sides_and_what_was_judged(essex: Actor) -> None:
    one, other = recorded("essex", ROBERT), recorded("kent", R_UNDATED)
    resolve_pending(SERVICE)
    judge(essex, left=one, right=other, verdict=Verdict.SAME, reason="seen")
    found = pair(essex, one=other, other=one)
    assert (found.left_id, found.right_id) == pair_of(one, other)
    assert [judged.verdict for judged in found.judgements] == [Verdict.SAME, Verdict.UNSURE]
    assert found.judgements[0].reason == "seen"
    assert found.explanation.parts


def test_contradicting_people_are_shown_and_the_latest_holds(essex: Actor) -> None:
    one, other = recorded("essex", ROBERT), recorded("kent", ROBERT)
    kent = person("kent", Role.INTELLIGENCE, username="kent")
    judge(essex, left=one, right=other, verdict=Verdict.SAME)
    judge(kent, left=one, right=other, verdict=Verdict.DIFFERENT)
    found = identity_of(essex, record_id=one)
    assert {record for record, _ in found.records} == {one}
    assert found.conflicts == (pair_of(one, other),)
    assert {judged.owner_id for judged in found.judgements} == {
        essex.organisation_id,
        kent.organisation_id,
    }


def test_judging_needs_a_named_person_in_the_role() -> None:
    one, other = recorded("essex", ROBERT), recorded("essex", ROBERT)
    for actor in (SERVICE, person("essex", Role.OFFICER)):
        with pytest.raises(NotAllowedToJudge):
            judge(actor, left=one, right=other, verdict=Verdict.SAME)


def test_a_record_is_not_judged_against_itself(essex: Actor) -> None:
    one = recorded("essex", ROBERT)
    with pytest.raises(IdentityError, match="same record"):
        judge(essex, left=one, right=one, verdict=Verdict.SAME)


def test_duplicates_inside_a_force_are_counted_by_person(essex: Actor) -> None:
    ids = recorded_all("essex", [ROBERT, ROBERT, ROBERT, STRANGER])
    recorded("kent", ROBERT)
    resolve_pending(SERVICE)
    found = duplicates_inside(essex, owner_id=essex.organisation_id)
    assert (found.persons, found.surplus) == (1, 2)
    assert found.examples == (tuple(sorted(ids[:3])),)


def test_progress_tells_counts_to_the_service_alone(essex: Actor) -> None:
    recorded("essex", ROBERT)
    assert progress(essex) is None
    resolve_all(SERVICE)
    seen, told = progress(essex), progress(SERVICE)
    assert seen is not None
    assert told is not None
    assert (seen.stage, seen.share, seen.facts) == ("Finished", 1.0, {})
    assert told.facts["records"] == 1


def test_every_record_shown_stands_in_the_journal(essex: Actor) -> None:
    one = recorded("kent", ROBERT)
    who_is(essex, partial=meant(ROBERT))
    with acting(SERVICE), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM audit_subject s JOIN audit_entry e ON e.id = s.entry_id "
            "WHERE s.subject_id = %s AND e.action = 'identity.who_is'",
            [one],
        )
        assert cursor.fetchone() == (1,)


def test_an_ended_purpose_closes_the_answer() -> None:
    agreement_in_force("A", ["essex", "kent"])
    recorded("kent", ROBERT)
    checking = person("essex", Role.DATA_QUALITY, purpose=Purpose.QUALITY)
    assert who_is(checking, partial=meant(ROBERT)) == ()
