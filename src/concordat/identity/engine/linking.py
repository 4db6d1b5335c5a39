"""Linking a table: which of its rows are one person."""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from concordat.identity.engine.blocking import Blocks
from concordat.identity.engine.clustering import RowPairs, cluster
from concordat.identity.engine.kernels.arrays import Ints, Weights
from concordat.identity.engine.kernels.scores import bits_of_pairs
from concordat.identity.engine.model import Model
from concordat.identity.engine.people import Floats, People
from concordat.identity.engine.threads import THREADS

DEFAULT_THRESHOLD: Final = 0.7
"""From this probability on the machine links."""

REVIEW_THRESHOLD: Final = 0.5
"""From this probability on a person should look."""

Progress = Callable[[str, float], None]
"""Told the stage and how much of it is done, from 0 to 1."""


@dataclass(frozen=True)
class Linkage:
    """What linking found.

    `clusters` names every row's cluster by its smallest row. `left`, `right` and `bits` are the
    pairs worth a look and their log2 odds of being one person. `facts` counts rows, pairs
    compared and kept, and the seconds of every stage.
    """

    clusters: Ints
    left: Ints
    right: Ints
    bits: Floats
    facts: dict[str, Any]


def bits_of(probability: float) -> float:
    """Return the log2 odds of a probability."""
    return float(np.log2(probability / (1 - probability)))


def probability(bits: float) -> float:
    """Return the probability of log2 odds."""
    return float(1 / (1 + 2.0 ** -min(max(bits, -1000.0), 1000.0)))


def link(
    people: People,
    model: Model,
    *,
    threshold: float = DEFAULT_THRESHOLD,
    review: float = REVIEW_THRESHOLD,
    across: Ints | None = None,
    together: RowPairs = (),
    apart: RowPairs = (),
    blocks: Blocks | None = None,
    progress: Progress | None = None,
) -> Linkage:
    """Find which rows are one person.

    `across` gives each row's source; then only rows of different sources are compared. Rows
    judged `together` are one person whatever they say, rows judged `apart` never are. Clusters
    hold together at the probability `threshold`; pairs from `review` or LOW_BITS on are returned.
    """
    tell = progress or (lambda _stage, _done: None)
    times = [time.perf_counter()]
    blocks = blocks or Blocks.of(people)
    times.append(time.perf_counter())
    weights = model.weights(people)
    lots = blocks.pairs(source=across, progress=lambda done: tell("Comparing pairs", done))
    pairs, compared = _score(
        people, weights, lots, min(bits_of(review), bits_of(threshold), LOW_BITS)
    )
    times.append(time.perf_counter())
    tell("Clustering", 0.0)
    least = bits_of(threshold)
    labels = cluster(
        people,
        weights,
        *pairs,
        least=least,
        together=together,
        apart=apart,
        copies=blocks.copies,
    )
    tell("Clustering", 1.0)
    times.append(time.perf_counter())
    counts = {"rows": len(people), "pairs_compared": compared, "pairs_kept": len(pairs[0])}
    seconds = dict(zip(_STAGES, np.diff(times).tolist(), strict=True))
    facts = {**counts, "prior_bits": weights.prior, "seconds": seconds}
    return Linkage(labels, *pairs, facts)


LOW_BITS: Final = -3.0
"""Pairs with less than this are forgotten, unless `review` asks for them."""


_STAGES: Final = ("block", "score", "cluster")


def _score(
    people: People, weights: Weights, lots: Iterable[tuple[Ints, Ints]], low: float
) -> tuple[tuple[Ints, Ints, Floats], int]:
    """Score pairs and keep those of at least `low` bits; also return how many there were."""

    def score(lot: tuple[Ints, Ints]) -> tuple[Ints, Ints, Floats]:
        left, right = lot
        bits = np.empty(len(left), np.float32)
        bits_of_pairs(people.words, people.codes, weights, left, right, bits)
        kept = bits >= low
        return left[kept], right[kept], bits[kept]

    compared = 0
    waiting = []
    with ThreadPoolExecutor(THREADS) as pool:
        for lot in lots:
            compared += len(lot[0])
            waiting.append(pool.submit(score, lot))
        kept = [task.result() for task in waiting]
    empty = (np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.float32))
    left, right, bits = (np.concatenate(arrays) for arrays in zip(empty, *kept, strict=True))
    return (left, right, bits), compared
