"""Clusters: judged pairs are kept, sure identifiers keep apart, and order leaves no trace."""

from itertools import combinations
from typing import Final

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concordat.identity.engine import Index, People, bits_of, default_model, link, train
from concordat.identity.engine.clustering import LARGEST, RowPairs, cluster
from concordat.identity.engine.kernels.scores import bits_of_pairs
from tests.rules.identity.conftest import Linked

Labels = list[int]
_HOME: Final = {"surname": "quilbrace", "postcode": "ZX11AA", "house": "4"}
_ROBERT: Final = {**_HOME, "forename": "robert", "date_of_birth": "1987-05-23", "sex": "m"}
_FORMS: Final = (
    _ROBERT,
    {**_ROBERT, "forename": "bob"},
    {**_ROBERT, "date_of_birth": "1987-01-01"},
    {**_ROBERT, "forename": "daniel"},
    {**_ROBERT, "date_of_birth": "1961-02-07"},
    {**_ROBERT, "surname": "trennham", "postcode": "ZX99ZZ"},
    {"forename": "robert", "surname": "quilbrace"},
    {"forename": "susan", "surname": "falmmick", "date_of_birth": "1990-10-12"},
    {**_ROBERT, "pnc_id": "2001/1234567K"},
    {**_ROBERT, "pnc_id": "1999/7654321V"},
)
_PEOPLE: Final = st.lists(st.sampled_from(_FORMS), min_size=1, max_size=9)
_PAIRS: Final = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=5)
_FEW: Final = settings(max_examples=60, deadline=None)


def clusters_of(
    persons: list[dict[str, str]],
    *,
    together: RowPairs = (),
    apart: RowPairs = (),
    order: npt.NDArray[np.int64] | None = None,
) -> Labels:
    """Cluster persons of whom every pair is compared; `order` is that of the pairs."""
    people = People.from_features(persons)
    weights = default_model().weights(people, rows=100_000)
    left, right = (side.astype(np.int32) for side in np.triu_indices(len(persons), 1))
    if order is not None:
        left, right = left[order], right[order]
    bits = np.zeros(len(left), np.float32)
    bits_of_pairs(people.words, people.codes, weights, left, right, bits)
    found = cluster(
        people, weights, left, right, bits, least=bits_of(0.9), together=together, apart=apart
    )
    labels: Labels = found.tolist()
    return labels


def _within(pairs: list[tuple[int, int]], rows: int) -> list[tuple[int, int]]:
    return [(one, other) for one, other in pairs if one != other and max(one, other) < rows]


def _joined(pairs: list[tuple[int, int]], rows: int) -> Labels:
    """Return for each row the smallest row it is joined to through the pairs."""
    labels = list(range(rows))
    for one, other in pairs * rows:
        labels[one] = labels[other] = min(labels[one], labels[other])
    return labels


@_FEW
@given(_PEOPLE, _PAIRS, _PAIRS)
def test_judged_pairs_are_kept(
    persons: list[dict[str, str]],
    together: list[tuple[int, int]],
    apart: list[tuple[int, int]],
) -> None:
    """Together in one cluster, apart never, through whatever third records; labels are rows."""
    rows = len(persons)
    together = _within(together, rows)
    joined = _joined(together, rows)
    apart = [pair for pair in _within(apart, rows) if joined[pair[0]] != joined[pair[1]]]
    labels = clusters_of(persons, together=together, apart=apart)
    assert all(labels[one] == labels[other] for one, other in together)
    assert all(labels[one] != labels[other] for one, other in apart)
    assert all(label == min(row for row in range(rows) if labels[row] == label) for label in labels)


@_FEW
@given(_PEOPLE, _PAIRS, _PAIRS, st.integers(0, 1000))
def test_the_order_of_pairs_and_judgements_leaves_no_trace(
    persons: list[dict[str, str]],
    together: list[tuple[int, int]],
    apart: list[tuple[int, int]],
    seed: int,
) -> None:
    rows = len(persons)
    together, apart = _within(together, rows), _within(apart, rows)
    order = np.random.default_rng(seed).permutation(rows * (rows - 1) // 2)
    expected = clusters_of(persons, together=together, apart=apart)
    turned = [(other, one) for one, other in reversed(together)]
    assert clusters_of(persons, together=turned, apart=apart[::-1], order=order) == expected


@_FEW
@given(_PEOPLE)
def test_two_sure_pnc_ids_are_never_in_one_cluster(persons: list[dict[str, str]]) -> None:
    labels = clusters_of(persons)
    for one, other in combinations(range(len(persons)), 2):
        ids = {persons[row].get("pnc_id", "") for row in (one, other)} - {""}
        assert len(ids) < 2 or labels[one] != labels[other]


def test_a_record_without_pnc_id_does_not_bridge_two() -> None:
    labels = clusters_of([_FORMS[8], _ROBERT, _FORMS[9]])
    assert labels[0] != labels[2]
    assert labels[1] in (labels[0], labels[2])


def test_a_persons_judgement_outranks_two_pnc_ids() -> None:
    assert clusters_of([_FORMS[8], _FORMS[9]], together=[(0, 1)]) == [0, 0]


def test_where_judgements_contradict_apart_wins() -> None:
    """Who asks settles contradictions first; this is what happens if they don't."""
    labels = clusters_of([_ROBERT] * 3, together=[(0, 1), (1, 2)], apart=[(0, 2)])
    assert labels == [0, 0, 2]


def test_a_chain_does_not_put_different_people_together() -> None:
    """A twin, a parent and a record that says little: only what holds together is joined."""
    labels = clusters_of([_ROBERT, _FORMS[1], _FORMS[3], _FORMS[4], _FORMS[6]])
    assert labels[0] == labels[1]
    assert labels[2] not in (labels[0], labels[3])
    assert labels[3] != labels[0]


def test_nobody_is_joined_without_evidence() -> None:
    assert clusters_of([{}, {}, {"sex": "m"}, {"sex": "m"}]) == [0, 1, 2, 3]


def test_a_large_component_is_cut_and_its_judgements_kept() -> None:
    """More records than are clustered at once, all alike."""
    rows = LARGEST + 60
    persons = [{**_ROBERT, "forename": f"robert{number % 7}"} for number in range(rows)]
    left, right = np.arange(rows - 1, dtype=np.int32), np.arange(1, rows, dtype=np.int32)
    people = People.from_features(persons)
    weights = default_model().weights(people, rows=100_000)
    bits = np.linspace(5, 20, rows - 1).astype(np.float32)
    labels = cluster(
        people, weights, left, right, bits, least=3.0, together=[(0, 400)], apart=[(1, 399)]
    )
    assert labels[0] == labels[400]
    assert labels[1] != labels[399]


def test_linking_keeps_judgements_too(families: Linked) -> None:
    clusters = families.linkage.clusters
    _, first = np.unique(clusters, return_index=True)
    row = next(row for row in range(len(clusters)) if clusters[row] != row)
    one, other = int(clusters[row]), row
    alone = [int(place) for place in first if (clusters == clusters[place]).sum() == 1][:2]
    again = link(
        families.people, families.model, together=[(alone[0], alone[1])], apart=[(one, other)]
    ).clusters
    assert again[one] != again[other]
    assert again[alone[0]] == again[alone[1]]


def test_linking_twice_gives_the_same(families: Linked) -> None:
    again = link(families.people, train(families.people))
    assert np.array_equal(again.clusters, families.linkage.clusters)
    assert sorted(again.bits.tolist()) == sorted(families.linkage.bits.tolist())


def test_a_higher_threshold_joins_no_more(families: Linked) -> None:
    counts = [
        len(np.unique(link(families.people, families.model, threshold=threshold).clusters))
        for threshold in (0.5, 0.9, 0.999)
    ]
    assert counts == sorted(counts)


def test_across_sources_only_pairs_of_two_sources_come_back(families: Linked) -> None:
    source = (np.arange(len(families.people)) % 2).astype(np.int32)
    linkage = link(families.people, families.model, across=source)
    assert len(linkage.bits)
    assert (source[linkage.left] != source[linkage.right]).all()


@pytest.mark.parametrize("copies", [2, 50, 199, 201, 1000])
def test_exact_copies_of_one_record_are_one_person(copies: int) -> None:
    people = People.from_features([_FORMS[8]] * copies)
    assert set(link(people, default_model()).clusters.tolist()) == {0}


def test_a_record_that_is_nearly_like_many_copies_is_their_person() -> None:
    nearly = {**_FORMS[8], "forename": _FORMS[8]["forename"] + "e"}
    people = People.from_features([nearly, *[_FORMS[8]] * 500])
    assert set(link(people, default_model()).clusters.tolist()) == {0}


def test_a_copy_that_was_judged_apart_from_another_stays_apart() -> None:
    people = People.from_features([_FORMS[8]] * 300)
    clusters = link(people, default_model(), apart=[(0, 7)]).clusters
    assert clusters[7] != clusters[0]
    assert len(set(clusters.tolist())) == 2


def test_copies_that_say_too_little_stay_apart() -> None:
    people = People.from_features([{"surname": "smith"}] * 300)
    assert len(set(link(people, default_model()).clusters.tolist())) == 300


def test_the_index_finds_one_of_many_copies() -> None:
    index = Index(People.from_features([_FORMS[8]] * 1000), default_model())
    assert [found.row for found in index.who_is(_FORMS[8])] == [0]
