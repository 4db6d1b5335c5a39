"""Merge, edit, un-merge: nothing is lost, and the clusters can always be derived anew."""

from dataclasses import replace
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from concordat.base.acting import acting
from concordat.base.actor import Actor, Role
from concordat.identity.actions import (
    judge,
    rebuild,
    rekey,
    resolve_all,
    resolve_pending,
    retire,
    settle_clusters,
    use_model,
)
from concordat.identity.actions.register import stored_labels
from concordat.identity.engine import default_model
from concordat.identity.queries import identity_of, who_is
from concordat.identity.rules import standard
from concordat.identity.rules.frozen import freeze
from concordat.identity.rules.judgements import Verdict
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

IDS = [UUID(int=(7 << 76) | (2 << 62) | number) for number in range(1, 7)]
RECORDS = list(
    zip(
        IDS,
        ("essex", "kent", "essex", "kent", "kent", "essex"),
        (ROBERT, ROBERT, BOB, R_UNDATED, ROBERTA, STRANGER),
        strict=True,
    )
)


@pytest.fixture
def essex() -> Actor:
    """Somebody in data quality in Essex, which shares persons with Kent."""
    agreement_in_force("A", ["essex", "kent"])
    return person("essex", Role.DATA_QUALITY, Role.OFFICER, username="essex")


def records_of(actor: Actor, record_id: UUID) -> set[UUID]:
    return {one for one, _ in identity_of(actor, record_id=record_id).records}


def kept() -> dict[UUID, UUID]:
    """Return the clusters that the resolver keeps."""
    with acting(Actor.resolver()):
        return stored_labels()


def test_a_person_of_two_forces_is_found_to_be_one(essex: Actor) -> None:
    one, other = recorded("essex", ROBERT), recorded("kent", ROBERT)
    recorded("kent", STRANGER)
    resolve_pending(SERVICE)

    assert records_of(essex, one) == {one, other}
    assert rebuild(SERVICE).holds


def test_merge_edit_and_unmerge_lose_nothing(essex: Actor) -> None:
    one, other = recorded("essex", ROBERT), recorded("kent", ROBERT)
    resolve_pending(SERVICE)
    before, clusters = identity_of(essex, record_id=one), kept()
    assert len(before.records) == 2

    judgement = judge(essex, left=one, right=other, verdict=Verdict.DIFFERENT, reason="twins")
    settle_clusters(SERVICE, records=[one, other])
    assert records_of(essex, one) == {one}
    assert kept() == {}
    recorded("essex", ROBERT | {"phone": "01632 960001"}, record_id=one, version=2)
    resolve_pending(SERVICE)
    assert records_of(essex, one) == {one}
    assert rebuild(SERVICE).holds

    retire(essex, judgement_id=judgement, reason="not twins")
    recorded("essex", ROBERT, record_id=one, version=3)
    resolve_pending(SERVICE)
    after = identity_of(essex, record_id=one)
    assert after.records == before.records
    assert kept() == clusters
    assert {j.id for j in before.judgements} <= {j.id for j in after.judgements}
    assert rebuild(SERVICE).holds


def test_a_person_s_judgement_survives_another_model(essex: Actor) -> None:
    one, other = recorded("essex", ROBERT), recorded("kent", ROBERT)
    third = recorded("kent", STRANGER)
    resolve_pending(SERVICE)
    judge(essex, left=one, right=other, verdict=Verdict.DIFFERENT)
    judge(essex, left=one, right=third, verdict=Verdict.SAME)

    use_model(SERVICE, model=freeze(replace(default_model(), version="another"), rows=1_000))
    facts = resolve_all(SERVICE).facts

    assert facts["model"] == "another"
    assert facts["retired"] == facts["appended"] == 1
    assert records_of(essex, one) == {one, third}
    assert records_of(essex, other) == {other}
    assert rebuild(SERVICE).holds


def test_in_bulk_and_one_at_a_time_come_to_the_same(essex: Actor) -> None:
    for record_id, force, facet in RECORDS:
        recorded(force, facet, record_id=record_id)
        resolve_pending(SERVICE)
    singly = [identity_of(essex, record_id=one) for one in IDS]
    clusters = kept()

    facts = resolve_all(SERVICE).facts

    assert (facts["appended"], facts["retired"]) == (0, 0)
    assert [identity_of(essex, record_id=one) for one in IDS] == singly
    assert kept() == clusters
    assert len(set(clusters.values())) < len(clusters)


@pytest.mark.parametrize("order", list(permutations(range(len(RECORDS))))[::97])
def test_the_order_of_arrival_does_not_matter(order: tuple[int, ...]) -> None:
    for place in order:
        record_id, force, facet = RECORDS[place]
        recorded(force, facet, record_id=record_id)
        resolve_pending(SERVICE)
    one_at_a_time = kept()
    assert rebuild(SERVICE).holds
    resolve_all(SERVICE)
    assert kept() == one_at_a_time


def test_a_withdrawn_record_is_nobody_s_match_any_more(essex: Actor) -> None:
    one, other = recorded("essex", ROBERT), recorded("kent", ROBERT)
    resolve_pending(SERVICE)
    recorded("essex", record_id=one, version=2)
    resolve_pending(SERVICE)
    assert records_of(essex, other) == {other}
    assert rebuild(SERVICE).holds


def test_an_alias_that_is_dropped_no_longer_links(essex: Actor) -> None:
    one, other = recorded("essex", STRANGER, ROBERT), recorded("kent", ROBERT)
    resolve_pending(SERVICE)
    assert records_of(essex, one) == {one, other}
    recorded("essex", STRANGER, record_id=one, version=2)
    resolve_pending(SERVICE)
    assert records_of(essex, one) == {one}


def test_resolving_again_changes_nothing(essex: Actor) -> None:
    one = recorded("essex", ROBERT)
    recorded("kent", ROBERT)
    assert resolve_pending(SERVICE).records == 2
    before = identity_of(essex, record_id=one)
    assert resolve_pending(SERVICE).records == 0
    assert resolve_all(SERVICE).facts["appended"] == 0
    assert identity_of(essex, record_id=one) == before


def test_keys_that_a_release_makes_otherwise_are_added(
    essex: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(standard, "keys_of", lambda features: [() for _ in features])
        one = recorded("essex", ROBERT | {"date_of_birth": ""})
    asked = meant(ROBERT | {"date_of_birth": ""})
    assert who_is(essex, partial=asked) == ()
    assert rekey(SERVICE) > 0
    assert rekey(SERVICE) == 0
    assert who_is(essex, partial=asked)[0].records[0].record_id == one


STEPS = st.one_of(
    st.tuples(
        st.just("judge"),
        st.lists(st.sampled_from(IDS), min_size=2, max_size=2, unique=True),
        st.sampled_from(Verdict),
    ),
    st.tuples(st.just("retire"), st.integers(0, 9), st.none()),
    st.tuples(st.just("edit"), st.sampled_from(range(len(IDS))), st.sampled_from(RECORDS)),
)


@given(st.lists(STEPS, max_size=8))
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_sequence_of_judgements_and_edits_can_be_derived_anew(
    essex: Actor, steps: list[tuple[str, Any, Any]]
) -> None:
    with transaction.atomic():
        _go_through(essex, steps)
        transaction.set_rollback(True)


def _go_through(essex: Actor, steps: list[tuple[str, Any, Any]]) -> None:
    for record_id, force, facet in RECORDS:
        recorded(force, facet, record_id=record_id)
    resolve_pending(SERVICE)
    made: list[UUID] = []
    for number, (what, one, other) in enumerate(steps):
        if what == "judge":
            left, right = one
            made.append(judge(essex, left=left, right=right, verdict=other))
            settle_clusters(SERVICE, records=[left, right])
        elif what == "retire" and made:
            _retire_one(essex, made)
        elif what == "edit":
            record_id, force, _ = RECORDS[one]
            recorded(force, other[2], record_id=record_id, version=number + 2)
            resolve_pending(SERVICE)
    assert rebuild(SERVICE).holds
    labels = kept()
    for record_id in IDS:
        mine = {one for one in IDS if labels.get(one, one) == labels.get(record_id, record_id)}
        assert records_of(essex, record_id) == mine


def _retire_one(essex: Actor, made: list[UUID]) -> None:
    """Retire the first that still holds; judging a pair again has retired the one before."""
    history = {
        judgement.id: judgement
        for record_id in IDS
        for judgement in identity_of(essex, record_id=record_id).judgements
    }
    for judgement_id in made:
        found = history[judgement_id]
        if found.retired_at is None:
            retire(essex, judgement_id=judgement_id)
            settle_clusters(SERVICE, records=[found.left_id, found.right_id])
            return


def test_somebody_recorded_hundreds_of_times_is_one_person_and_found(essex: Actor) -> None:
    copies = [*recorded_all("essex", [ROBERT] * 260), recorded("kent", STRANGER)]
    resolve_all(SERVICE)
    late = recorded("kent", ROBERT)
    resolve_pending(SERVICE)
    singly = kept()

    assert {singly[one] for one in [*copies[:260], late]} == {singly[copies[0]]}
    assert copies[260] not in singly
    assert rebuild(SERVICE).holds
    resolve_all(SERVICE)
    assert kept() == singly
    (found,) = who_is(essex, partial=meant(ROBERT))
    assert len(found.members) == 261
