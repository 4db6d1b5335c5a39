"""From scored pairs to clusters, each of which is held to be one person.

Joining whatever is linked by a chain of pairs would put different people together. A cluster
here must hold together on its own evidence: two groups of records are joined if, taken as two
persons of whom each record tells a part, they are likely one; pairs that blocking never proposed
count as well, and evidence that many records repeat counts once.
"""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
import numpy.typing as npt

from concordat.identity.engine.blocking import THREADS
from concordat.identity.engine.kernels.arrays import Ints
from concordat.identity.engine.kernels.clusters import (
    cluster_components,
    components,
    pairs_of_members,
)
from concordat.identity.engine.kernels.levels import levels_of_pairs
from concordat.identity.engine.meanings import FIELDS
from concordat.identity.engine.model import Weights
from concordat.identity.engine.people import Floats, People

LARGEST: Final = 400
"""A component of more rows is cut at ever higher scores until its parts are smaller."""

_WORK_AT_ONCE: Final = 2_000_000
"""Larger components first make up to half so many pairs for one thread to compare at a time."""

RowPairs = Iterable[tuple[int, int]]


def cluster(
    people: People,
    weights: Weights,
    left: Ints,
    right: Ints,
    bits: Floats,
    *,
    least: float,
    low: float = -3.0,
    together: RowPairs = (),
    apart: RowPairs = (),
) -> npt.NDArray[np.int32]:
    """Return each row's cluster, named by its smallest row.

    Two groups are joined while their score is above `least` bits; pairs of at least `low`
    bits make the components inside which that is tried. Pairs judged `together` are always in
    one cluster, pairs judged `apart` never.
    """
    rows = len(people)
    labels = np.arange(rows, dtype=np.int32)
    judged_together, judged_apart = _ordered(together), _ordered(apart)
    must_left = (judged_together >> 32).astype(np.int32)
    must_right = (judged_together & 0xFFFFFFFF).astype(np.int32)
    floor = low
    kept = bits >= floor
    while True:
        one = np.concatenate([left[kept], must_left])
        other = np.concatenate([right[kept], must_right])
        if not len(one):
            return labels
        found = components(rows, one, other)
        sizes = np.bincount(found, minlength=rows)
        large = sizes[found] > LARGEST
        if floor > 60:
            large[:] = False
        members = np.flatnonzero((sizes[found] > 1) & ~large).astype(np.int32)
        members = members[np.argsort(found[members], kind="stable")]
        _cluster_all(people, weights, found, members, least, judged_together, judged_apart, labels)
        if not large.any():
            return labels
        floor += 1.0
        kept = (bits >= floor) & large[left]
        still = large[must_left]
        must_left, must_right = must_left[still], must_right[still]


def _cluster_all(
    people: People,
    weights: Weights,
    found: Ints,
    members: Ints,
    least: float,
    together: npt.NDArray[np.int64],
    apart: npt.NDArray[np.int64],
    labels: Ints,
) -> None:
    """Cluster the components side by side, each lot of them on one thread."""
    if not len(members):
        return
    ends = np.append(np.flatnonzero(np.diff(found[members])) + 1, len(members))
    work = np.cumsum(np.diff(ends, prepend=0).astype(np.float64) ** 2)
    lots = 4 * THREADS + int(work[-1] // _WORK_AT_ONCE)
    cuts = np.unique(np.searchsorted(work, np.linspace(0, work[-1], lots + 1)[1:-1]))
    edges = [0, *cuts.tolist(), len(ends)]
    words, codes = people.words, people.codes
    fields = np.flatnonzero((people.codes[members[:: len(members) // 5000 + 1]] >= 0).any(axis=0))

    def run(lot: tuple[int, int]) -> None:
        first, last = lot
        if last <= first:
            return
        begin = ends[first - 1] if first else 0
        lot_ends, rows = ends[first:last] - begin, members[begin : ends[last - 1]]
        left, right = pairs_of_members(lot_ends, rows)
        levels = np.empty((len(left), FIELDS), np.int8)
        levels_of_pairs(words, codes, left, right, levels)
        cluster_components(
            levels,
            codes,
            words.is_sure,
            weights,
            fields,
            lot_ends,
            rows,
            float(least),
            together,
            apart,
            labels,
        )

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(run, zip(edges, edges[1:], strict=False)))


def _ordered(pairs: RowPairs) -> npt.NDArray[np.int64]:
    """Return pairs of rows as ordered numbers: smaller row × 2³² + larger row."""
    packed = sorted({(min(pair) << 32) | max(pair) for pair in pairs})
    return np.array(packed, np.int64)
