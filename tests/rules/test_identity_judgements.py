"""Judgements and clusters: what must hold whatever is judged, in whatever order."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concordat.identity.engine import Features, Meaning, People, default_model, features_of
from concordat.identity.rules.clusters import LINK_BITS, REVIEW_BITS, derive, fingerprint
from concordat.identity.rules.exact import exact_keys
from concordat.identity.rules.frozen import FrozenModel, freeze, measured
from concordat.identity.rules.groups import Groups
from concordat.identity.rules.judgements import Judged, Verdict, pair_of, settle
from concordat.identity.rules.standard import standardised
from concordat.identity.rules.weighing import Weigher

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
RECORDS = [UUID(int=number) for number in range(1, 7)]
WEIGHER = Weigher(freeze(default_model()))

ALIKE = {
    "forename": "robert",
    "surname": "quillfeather",
    "date_of_birth": "1987-05-03",
    "postcode": "CO11AA",
}
FEATURES = {record_id: (ALIKE | {"house": str(record_id.int)},) for record_id in RECORDS}
APART_BY_DATE = {
    record_id: (ALIKE | {"date_of_birth": f"19{40 + 7 * record_id.int}-0{record_id.int}-11"},)
    for record_id in RECORDS
}


def person(number: int, left: UUID, right: UUID, verdict: Verdict) -> Judged:
    one, other = pair_of(left, right)
    moment = MONDAY + timedelta(minutes=number)
    return Judged(UUID(int=1000 + number), one, other, verdict, moment, None)


def machine(left: UUID, right: UUID, bits: float) -> Judged:
    one, other = pair_of(left, right)
    verdict = Verdict.SAME if bits >= LINK_BITS else Verdict.UNSURE
    number = one.int * 100 + other.int
    return Judged(UUID(int=5000 + number), one, other, verdict, MONDAY, bits)


pairs = st.lists(st.sampled_from(RECORDS), min_size=2, max_size=2, unique=True)
by_people = st.lists(st.tuples(pairs, st.sampled_from(Verdict)), max_size=12).map(
    lambda drawn: [
        person(number, pair[0], pair[1], verdict) for number, (pair, verdict) in enumerate(drawn)
    ]
)
by_machine = st.dictionaries(
    pairs.map(lambda pair: pair_of(*pair)), st.floats(REVIEW_BITS, 40.0), max_size=10
).map(lambda drawn: [machine(*pair, bits) for pair, bits in drawn.items()])
judgements = st.tuples(by_people, by_machine).map(lambda drawn: [*drawn[0], *drawn[1]])


def clusters(
    found: Sequence[Judged], features: Mapping[UUID, Sequence[Features]]
) -> set[frozenset[UUID]]:
    labels = derive(features, settle(found), WEIGHER)
    groups: dict[UUID, set[UUID]] = {}
    for record_id, label in labels.items():
        groups.setdefault(label, set()).add(record_id)
    assert all(label == min(members) for label, members in groups.items())
    return {frozenset(members) for members in groups.values()}


@given(judgements)
@settings(max_examples=200, deadline=None)
def test_same_is_kept_together_and_different_apart(found: list[Judged]) -> None:
    settled = settle(found)
    for features in (FEATURES, APART_BY_DATE):
        divided = clusters(found, features)
        for one, other in settled.together:
            assert any({one, other} <= members for members in divided)
        for one, other in settled.apart:
            assert not any({one, other} <= members for members in divided)


@given(judgements, st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_the_order_of_arrival_does_not_matter(found: list[Judged], random: object) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert settle(found) == settle(shuffled)
    assert clusters(found, FEATURES) == clusters(shuffled, FEATURES)


@given(judgements, pairs, st.sampled_from(Verdict))
@settings(max_examples=100, deadline=None)
def test_retiring_leads_back_to_exactly_what_was_before(
    found: list[Judged], pair: list[UUID], verdict: Verdict
) -> None:
    before = clusters(found, FEATURES)
    later = person(500, pair[0], pair[1], verdict)
    clusters([*found, later], FEATURES)
    assert clusters(found, FEATURES) == before


@given(by_people)
def test_every_judgement_holds_or_is_shown_as_a_conflict(found: list[Judged]) -> None:
    settled = settle(found)
    latest = {(one.left, one.right): one for one in found}
    for pair, judged in latest.items():
        if judged.verdict is Verdict.SAME:
            assert pair in settled.together or pair in settled.conflicts
        if judged.verdict is Verdict.DIFFERENT:
            assert pair in settled.apart or pair in settled.conflicts


@given(by_people)
def test_together_and_apart_never_contradict_each_other(found: list[Judged]) -> None:
    settled = settle(found)
    groups: Groups[UUID] = Groups()
    for pair in settled.together:
        assert groups.join(*pair)
    for pair in settled.apart:
        assert groups.root(pair[0]) != groups.root(pair[1])


def test_the_latest_of_several_people_holds_and_the_conflict_shows() -> None:
    one, other, *_ = RECORDS
    settled = settle(
        [person(1, one, other, Verdict.SAME), person(2, one, other, Verdict.DIFFERENT)]
    )
    assert settled.apart == {(one, other)}
    assert not settled.together
    assert settled.conflicts == {(one, other)}


def test_of_three_that_can_not_be_reconciled_the_earliest_is_set_aside() -> None:
    a, b, c, *_ = RECORDS
    settled = settle(
        [
            person(1, a, b, Verdict.SAME),
            person(2, b, c, Verdict.SAME),
            person(3, a, c, Verdict.DIFFERENT),
        ]
    )
    assert settled.together == {(b, c)}
    assert settled.apart == {(a, c)}
    assert settled.conflicts == {(a, b)}


def test_a_person_outranks_the_machine_and_can_not_tell_leaves_it_be() -> None:
    a, b, *_ = RECORDS
    sure = machine(a, b, 30.0)
    assert frozenset({a, b}) in clusters([sure], FEATURES)
    assert frozenset({a, b}) not in clusters([sure, person(1, a, b, Verdict.DIFFERENT)], FEATURES)
    assert frozenset({a, b}) in clusters([sure, person(1, a, b, Verdict.UNSURE)], FEATURES)
    assert frozenset({a, b}) in clusters([person(1, a, b, Verdict.SAME)], APART_BY_DATE)


def test_between_the_thresholds_nothing_is_linked() -> None:
    a, b, *_ = RECORDS
    assert frozenset({a}) in clusters([machine(a, b, (LINK_BITS + REVIEW_BITS) / 2)], FEATURES)


def test_a_chain_of_links_does_not_put_different_people_together() -> None:
    a, b, c, *_ = RECORDS
    son = ALIKE | {"date_of_birth": "2011-09-27", "forename": "peter"}
    features = {a: (ALIKE,), b: (ALIKE | {"house": "4"},), c: (son,)}
    linked = [machine(a, b, 20.0), machine(b, c, LINK_BITS)]
    assert clusters(linked, features) == {frozenset({a, b}), frozenset({c})}


def test_a_record_and_itself_are_no_pair() -> None:
    with pytest.raises(ValueError, match="same person as itself"):
        pair_of(RECORDS[0], RECORDS[0])


VARIANTS = st.fixed_dictionaries(
    {
        "forename": st.sampled_from(["robert", "bob", "roberta", "peter"]),
        "surname": st.sampled_from(["quillfeather", "quilfeather", "ashdown"]),
    },
    optional={
        "date_of_birth": st.sampled_from(["1987-05-03", "1987-03-05", "1987-05-04", "1991-11-30"]),
        "postcode": st.sampled_from(["CO11AA", "NR24XX"]),
        "phone": st.sampled_from(["+441632960001", "+441632960002"]),
        "pnc_id": st.sampled_from(["1987/0123456H", "1999/0000001Z"]),
        "sex": st.sampled_from(["m", "f"]),
    },
)


@given(st.lists(VARIANTS, min_size=len(RECORDS), max_size=len(RECORDS)))
@settings(max_examples=150, deadline=None)
def test_the_short_way_for_those_who_all_agree_leads_where_the_engine_does(
    drawn: list[dict[str, str]],
) -> None:
    features = dict(zip(RECORDS, [(one,) for one in drawn], strict=True))
    linked = [
        machine(RECORDS[row], RECORDS[row + 1 + place], bits)
        for row, one in enumerate(drawn)
        for place, bits in enumerate(WEIGHER.compare(one, drawn[row + 1 :]).bits.tolist())
        if bits >= REVIEW_BITS
    ]
    rows = {record_id: row for row, record_id in enumerate(RECORDS)}
    labels = WEIGHER.clusters(
        drawn,
        [(rows[one.left], rows[one.right], one.bits or 0.0) for one in linked],
        together=(),
        apart=(),
    )
    expected = {record_id: RECORDS[labels[row]] for record_id, row in rows.items()}
    assert derive(features, settle(linked), WEIGHER) == expected


def test_facets_of_a_record_stay_one_record() -> None:
    a, b, *_ = RECORDS
    maiden = ALIKE | {"surname": "ashdown"}
    divided = clusters([machine(a, b, 25.0)], {a: (ALIKE, maiden), b: (maiden,)})
    assert divided == {frozenset({a, b})}


def test_the_fingerprint_tells_divisions_apart() -> None:
    a, b, *_ = RECORDS
    assert fingerprint({a: a, b: a}) == fingerprint({b: a, a: a})
    assert fingerprint({a: a, b: a}) != fingerprint({a: a, b: b})


def test_a_frozen_model_scores_a_pair_the_same_in_any_company() -> None:
    people = [
        {"forename": "robert", "surname": "smith", "date_of_birth": "1987-05-03"},
        {"forename": "bob", "surname": "smith", "date_of_birth": "1987-03-05"},
    ]
    others = [{"forename": "robert", "surname": "smith"}] * 30
    alone = WEIGHER.compare(people[0], people[1:]).bits.tolist()
    in_company = WEIGHER.compare(people[0], [people[1], *others]).bits.tolist()
    assert alone == in_company[:1]


def test_a_measured_model_survives_being_stored() -> None:
    people = People.from_features(
        [{"surname": "smith"}] * 50 + [{"surname": "quillfeather"}] + [{"surname": "jones"}] * 9
    )
    model = measured(default_model(), people, version="measured")
    again = FrozenModel.from_dict(model.as_dict())
    assert (again.version, again.rows, again.rarity) == (model.version, 60, model.rarity)
    surname = again.rarity["surname"].common
    assert surname["smith"] < surname["jones"] < surname["quillfeather"]


def test_exact_keys_are_of_whole_identifiers_and_whole_names_with_dates() -> None:
    assert exact_keys({"forename": "bob", "surname": "smith"}) == ()
    assert exact_keys({"surname": "smith", "date_of_birth": "1987-05-03"}) == ()
    assert exact_keys(ALIKE | {"date_of_birth": "1987-05-00"}) == ()
    assert len(exact_keys(ALIKE)) == 1
    assert len(exact_keys(ALIKE | {"pnc_id": "1987/0123456A"})) == 2


def test_many_are_standardised_as_one_is() -> None:
    told = [
        {"forename": "Róbert", "surname": "O’Quill-Feather", "date_of_birth": "1987-05-03"},
        {"phone": "01632 960001", "surname": "", "forename": "Bob"},
        {},
    ]
    together = list(standardised(told))
    assert together == [next(standardised([facet])) for facet in told]
    assert together[2] == ({}, ())
    for facet, (features, _) in zip(told, together, strict=True):
        assert features == features_of({Meaning(name): text for name, text in facet.items()})
