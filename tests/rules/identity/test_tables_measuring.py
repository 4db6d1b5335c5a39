"""The measures, against counting every pair and every cluster one by one."""

from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concordat.identity.engine.tables.measuring import (
    Score,
    best_threshold,
    measure,
    truth_labels,
)

ROWS = st.lists(st.tuples(st.integers(0, 40), st.integers(-1, 5), st.integers(0, 2)), max_size=24)


@given(ROWS, st.booleans())
@settings(deadline=None)
def test_counting_by_groups_equals_counting_one_by_one(
    rows: list[tuple[int, int, int]], only_across: bool
) -> None:
    columns = np.array(rows, np.int64).reshape(-1, 3).T
    labels, truth, source = columns
    measured = measure(labels, truth, source if only_across else None)

    known = [row for row in range(len(rows)) if truth[row] >= 0]
    pairs = [(i, j) for i, j in combinations(known, 2) if not only_across or source[i] != source[j]]
    said = {pair for pair in pairs if labels[pair[0]] == labels[pair[1]]}
    true = {pair for pair in pairs if truth[pair[0]] == truth[pair[1]]}
    assert measured.pairs == Score(len(said), len(true), len(said & true))
    for fewest, score in ((1, measured.all_clusters), (2, measured.clusters)):
        clusters, persons = (
            {
                frozenset(group)
                for value in set(column[known])
                if len(group := [row for row in known if column[row] == value]) >= fewest
            }
            for column in (labels, truth)
        )
        assert score == Score(len(clusters), len(persons), len(clusters & persons))
    assert measured.persons == len({truth[row] for row in known})
    assert (measured.rows, measured.unknown) == (len(known), len(rows) - len(known))


def test_precision_recall_and_f1() -> None:
    score = Score(said=8, true=4, right=2)
    assert (score.precision, score.recall) == (0.25, 0.5)
    assert score.f1 == pytest.approx(1 / 3)
    assert Score(0, 0, 0).f1 == Score(0, 0, 0).precision == Score(0, 0, 0).recall == 1
    assert Score(0, 4, 0).f1 == 0


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(-3, 3)), min_size=1, max_size=30
    )
)
@settings(deadline=None)
def test_the_best_threshold_is_the_best_of_all(pairs: list[tuple[int, int, int]]) -> None:
    left, right, bits = (np.array(column) for column in zip(*pairs, strict=True))
    truth = np.array([0, 0, 0, 1, 1, 2, 3, 3, -1, -1])
    found = best_threshold(bits, left, right, truth, true_pairs=20)
    known = (truth[left] >= 0) & (truth[right] >= 0)
    if not known.any():
        assert found is None
        return
    same = truth[left] == truth[right]
    best = max(
        2 * (same & known & (bits >= at)).sum() / ((known & (bits >= at)).sum() + 20)
        for at in set(bits[known])
    )
    assert found is not None
    assert found.pairs.f1 == pytest.approx(best)


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        (pa.array(["b", None, "a", " ", "b "]), [0, -1, 1, -1, 0]),
        (pa.array([7, None, 7, 8]), [0, -1, 0, 1]),
        (pa.array(["x", "y", None, "x"]).dictionary_encode(), [0, 1, -1, 0]),
    ],
)
def test_a_truth_that_says_nothing_is_unknown(values: pa.Array, labels: list[int]) -> None:
    assert truth_labels(pa.chunked_array([values])).tolist() == labels


def test_a_large_table_is_measured_without_enumerating_its_pairs() -> None:
    labels = np.zeros(2_000_000, np.int64)
    measured = measure(labels, labels)
    assert measured.pairs.right == 2_000_000 * 1_999_999 / 2
