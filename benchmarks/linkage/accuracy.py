"""Precision, recall and F1 over pairs of rows, counted from group sizes and never by listing pairs.

A true pair is any two rows with one truth label, whether a tool ever compared them or not, so pairs
that blocking missed count as missed. The same functions judge every tool.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Labels = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Accuracy:
    """Counts of pairs: those a tool put together, those that belong together, and both."""

    found: int
    true: int
    right: int

    @property
    def precision(self) -> float:
        """Share of the found pairs that are right; 1 when nothing was found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of the true pairs that were found; 1 when there are none."""
        return self.right / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.found + self.true
        return 2 * self.right / both if both else 1.0


@dataclass(frozen=True)
class Best:
    """The best F1 over all thresholds, and the score at which it is reached."""

    f1: float
    score: float


def codes_of(values: Any) -> Labels:
    """Return labels 0, 1, 2 … in place of any array of values."""
    codes: Labels = np.unique(np.asarray(values), return_inverse=True)[1].astype(np.int64)
    return codes


def pairs_inside(groups: Labels, sources: Labels | None = None) -> int:
    """Count the pairs of rows inside the groups; with `sources` only those between two sources."""
    total = _pairs(groups)
    if sources is None:
        return total
    return total - _pairs(_both(groups, sources))


def accuracy_of(truth: Labels, clusters: Labels, sources: Labels | None = None) -> Accuracy:
    """Judge clusters against the truth, row by row the same people, over every pair of rows."""
    return Accuracy(
        found=pairs_inside(clusters, sources),
        true=pairs_inside(truth, sources),
        right=pairs_inside(_both(truth, clusters), sources),
    )


def best_over_pairs(
    truth: Labels,
    left: Labels,
    right: Labels,
    scores: npt.NDArray[np.float64],
    sources: Labels | None = None,
) -> Best:
    """Return the best F1 that any one threshold on the pairs' scores gives, without clustering."""
    if len(scores) == 0:
        return Best(f1=0.0, score=float("nan"))
    order = np.argsort(-scores, kind="stable")
    correct = np.cumsum(truth[left[order]] == truth[right[order]])
    found = np.arange(1, len(order) + 1)
    f1 = 2 * correct / (found + pairs_inside(truth, sources))
    ordered = scores[order]
    last_of_score = np.append(ordered[1:] != ordered[:-1], True)
    f1[~last_of_score] = 0.0
    best = int(np.argmax(f1))
    return Best(f1=float(f1[best]), score=float(ordered[best]))


def _pairs(groups: Labels) -> int:
    sizes = np.unique(groups, return_counts=True)[1].astype(np.int64)
    return int((sizes * (sizes - 1) // 2).sum())


def _both(one: Labels, other: Labels) -> Labels:
    """Return one label for each combination of two labels."""
    codes = codes_of(one)
    second = codes_of(other)
    return codes * (int(second.max(initial=0)) + 1) + second
