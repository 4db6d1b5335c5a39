"""How good a linkage is, where the truth is known: over all true pairs, found or never compared.

Pairs are counted from the sizes of groups, never one by one, so that a table of any size is
measured in a moment.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from concordat.identity.engine.tables.reading import text_of

Labels = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Score:
    """Counts of things that are right: of those said, of those true.

    Precision is the share of what was said that is true, recall the share of what is true that was
    said, F1 their harmonic mean. Where nothing was said, or nothing is true, there is nothing to
    get wrong, and the share is 1.
    """

    said: float
    true: float
    right: float

    @property
    def precision(self) -> float:
        """The share of what was said that is true."""
        return self.right / self.said if self.said else 1.0

    @property
    def recall(self) -> float:
        """The share of what is true that was said."""
        return self.right / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        total = self.said + self.true
        return 2 * self.right / total if total else 1.0

    def as_dict(self) -> dict[str, float]:
        """Return the counts and the three measures, for JSON."""
        return {**asdict(self), "precision": self.precision, "recall": self.recall, "f1": self.f1}


@dataclass(frozen=True)
class Measured:
    """A linkage against the truth.

    `pairs`: every pair of rows in one cluster against every pair of rows of one person.
    `clusters`: clusters of two rows or more that are exactly one person's rows.
    `all_clusters`: the same, single rows included.
    `rows` were measured; `unknown` have no truth and are left out.
    """

    rows: int
    unknown: int
    persons: int
    pairs: Score
    clusters: Score
    all_clusters: Score

    def as_dict(self) -> dict[str, Any]:
        """Return all of it as plain values, for JSON."""
        scores: Mapping[str, Score] = {
            "pairs": self.pairs, "clusters": self.clusters, "all_clusters": self.all_clusters,
        }  # fmt: skip
        counts = {"rows": self.rows, "unknown": self.unknown, "persons": self.persons}
        return {**counts, **{name: score.as_dict() for name, score in scores.items()}}


@dataclass(frozen=True)
class BestThreshold:
    """The threshold at which pairs alone, before clustering, would agree best with the truth."""

    bits: float
    pairs: Score


def truth_labels(column: pa.ChunkedArray) -> Labels:
    """Return the persons of a truth column as numbers, -1 where it says nothing."""
    said = pc.utf8_trim_whitespace(text_of(column))
    encoded = pc.if_else(pc.equal(said, ""), None, said).combine_chunks().dictionary_encode()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return np.asarray(codes, dtype=np.int64)


def measure(labels: Labels, truth: Labels, across: npt.NDArray[Any] | None = None) -> Measured:
    """Compare clusters with the truth: a label and a person for each row.

    Rows whose truth is negative are left out. With `across`, the source number of each row, only
    pairs of rows of different sources count, said or true.
    """
    known = truth >= 0
    source = None if across is None else _numbered(across[known])
    said, true = _numbered(labels[known]), _numbered(truth[known])
    first, both = np.unique(_joined(said, true), return_index=True, return_inverse=True)[1:]
    pairs = Score(_pairs(said, source), _pairs(true, source), _pairs(both, source))
    sizes_said, sizes_true = np.bincount(said), np.bincount(true)
    sizes_both = np.bincount(both)
    exact = (sizes_said[said[first]] == sizes_both) & (sizes_true[true[first]] == sizes_both)
    return Measured(
        rows=len(said),
        unknown=int((~known).sum()),
        persons=int((sizes_true > 0).sum()),
        pairs=pairs,
        clusters=_exact(sizes_said, sizes_true, sizes_both[exact], fewest=2),
        all_clusters=_exact(sizes_said, sizes_true, sizes_both[exact], fewest=1),
    )


def best_threshold(
    bits: npt.NDArray[Any],
    left: npt.NDArray[Any],
    right: npt.NDArray[Any],
    truth: Labels,
    true_pairs: float,
) -> BestThreshold | None:
    """Return the threshold of the best pairwise F1, given scored pairs and how many are true.

    None without pairs whose truth is known. Pairs of equal score stand or fall together.
    """
    known = (truth[left] >= 0) & (truth[right] >= 0)
    if not known.any():
        return None
    order = np.argsort(-bits[known], kind="stable")
    sorted_bits = bits[known][order]
    right_so_far = np.cumsum((truth[left[known]] == truth[right[known]])[order])
    last = np.flatnonzero(np.append(np.diff(sorted_bits) != 0, True))
    f1 = 2 * right_so_far[last] / (last + 1 + true_pairs)
    best = last[int(np.argmax(f1))]
    score = Score(float(best + 1), float(true_pairs), float(right_so_far[best]))
    return BestThreshold(float(sorted_bits[best]), score)


def _exact(
    said: npt.NDArray[Any], true: npt.NDArray[Any], exact: npt.NDArray[Any], *, fewest: int
) -> Score:
    counts = [float((sizes >= fewest).sum()) for sizes in (said, true, exact)]
    return Score(*counts)


def _numbered(labels: npt.NDArray[Any]) -> Labels:
    """Return labels as numbers from 0 with few gaps, so that they can be counted by place."""
    if not len(labels) or (labels.min() >= 0 and labels.max() < 2 * len(labels)):
        return labels.astype(np.int64, copy=False)
    return np.unique(labels, return_inverse=True)[1].astype(np.int64).reshape(-1)


def _joined(one: Labels, other: Labels) -> Labels:
    """Return one number for each combination."""
    return one * (int(other.max(initial=0)) + 1) + other


def _pairs(groups: Labels, source: Labels | None) -> float:
    """Return how many pairs of rows share a group, of different sources if these are given."""
    total = _within(groups)
    return total if source is None else total - _within(_numbered(_joined(groups, source)))


def _within(groups: Labels) -> float:
    sizes = np.bincount(groups)
    return float((sizes * (sizes - 1) // 2).sum())
