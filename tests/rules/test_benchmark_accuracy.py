"""The measure that every tool of `make bench-linkage` is judged by."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.linkage.accuracy import Accuracy, Labels, accuracy_of, best_over_pairs

SMALL = st.integers(0, 3)
ROWS = st.lists(st.tuples(SMALL, SMALL, st.integers(0, 1)), max_size=12)


def array(values: list[int]) -> Labels:
    return np.array(values, dtype=np.int64)


@given(rows=ROWS, between=st.booleans())
def test_counts_are_those_of_listing_every_pair(
    *, rows: list[tuple[int, int, int]], between: bool
) -> None:
    pairs = [
        (one, other)
        for one, other in itertools.combinations(rows, 2)
        if not between or one[2] != other[2]
    ]
    truth, clusters, sources = (array([row[place] for row in rows]) for place in range(3))
    counted = accuracy_of(truth, clusters, sources if between else None)
    assert counted == Accuracy(
        found=sum(one[1] == other[1] for one, other in pairs),
        true=sum(one[0] == other[0] for one, other in pairs),
        right=sum(one[:2] == other[:2] for one, other in pairs),
    )


def test_pairs_that_were_never_found_count_as_missed() -> None:
    accuracy = accuracy_of(array([0, 0, 0, 1]), array([0, 0, 1, 1]))
    assert accuracy.precision == pytest.approx(1 / 2)
    assert accuracy.recall == pytest.approx(1 / 3)
    assert accuracy.f1 == pytest.approx(2 / 5)


def test_nothing_found_and_nothing_to_find_is_perfect() -> None:
    nothing = accuracy_of(array([0, 1]), array([0, 1]))
    assert (nothing.precision, nothing.recall, nothing.f1) == (1.0, 1.0, 1.0)


def test_best_threshold_takes_all_pairs_of_one_score_or_none() -> None:
    truth = array([0, 0, 1, 1, 2, 2])
    left, right = array([0, 2, 0, 4]), array([1, 3, 2, 5])
    best = best_over_pairs(truth, left, right, np.array([9.0, 5.0, 5.0, 1.0]))
    assert best.score == 1.0
    assert best.f1 == pytest.approx(2 * 3 / (4 + 3))
