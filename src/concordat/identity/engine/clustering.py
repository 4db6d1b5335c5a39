"""From scored pairs to clusters, each of which is held to be one person.

Joining whatever is linked by a chain of pairs would put different people together. A cluster
here must hold together on its own evidence: two groups of records are joined if, taken as two
persons of whom each record tells a part, they are likely one; pairs that blocking never proposed
count as well, and evidence that many records repeat counts once.
"""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Final

import numpy as np

from concordat.identity.engine.blocking import MANY_COPIES
from concordat.identity.engine.copies import Copies, copies_of_many
from concordat.identity.engine.kernels.arrays import Ints, Starts, Weights
from concordat.identity.engine.kernels.arrays import RowPairs as Pairs
from concordat.identity.engine.kernels.clusters import (
    cluster_components,
    components,
    pairs_of_members,
)
from concordat.identity.engine.kernels.levels import levels_of_pairs
from concordat.identity.engine.meanings import FIELDS
from concordat.identity.engine.people import Floats, People
from concordat.identity.engine.threads import THREADS

EVEN_ODDS: Final = 0.0
"""Pairs with less than this join no components: of such pairs most are chance."""

LARGEST: Final = 400
"""A component of more rows is cut at ever higher scores until its parts are smaller."""

_ROW: Final = 0xFFFFFFFF

_HIGHEST: Final = 60.0
"""Above so many bits a large component is taken as it is."""

_WORK_AT_ONCE: Final = 2_000_000
"""Larger components first make up to half so many pairs for one thread to compare at a time."""

RowPairs = Iterable[tuple[int, int]]

Scored = tuple[Ints, Ints, Floats]
"""Left rows, right rows and the bits of pairs."""


def cluster(
    people: People,
    weights: Weights,
    left: Ints,
    right: Ints,
    bits: Floats,
    *,
    least: float,
    low: float = EVEN_ODDS,
    together: RowPairs = (),
    apart: RowPairs = (),
    copies: Copies | None = None,
) -> Ints:
    """Return each row's cluster, named by its smallest row.

    Two groups are joined while their score is above `least` bits; pairs of at least `low`
    bits make the components inside which that is tried. Pairs judged `apart` are never in one
    cluster; pairs judged `together` always are, unless that contradicts others judged apart.
    Of many exact copies one stands for all; `copies` are looked for unless they are known.
    """
    cutter = _Cutter(people, weights, float(least), _ordered(together), _ordered(apart))
    if copies is None:
        copies = copies_of_many(people, more_than=MANY_COPIES)
    folded = _Folded(len(people), copies.without(cutter.judged), (left, right, bits), least)
    left, right, bits = folded.left, folded.right, folded.bits
    must_left = (cutter.together >> 32).astype(np.int32)
    must_right = (cutter.together & _ROW).astype(np.int32)
    low = min(low, least)
    kept = bits >= low
    while kept.any() or len(must_left):
        one = np.concatenate([left[kept], must_left])
        other = np.concatenate([right[kept], must_right])
        found = components(len(people), one, other)
        sizes = np.bincount(found)[found]
        large = (sizes > LARGEST) & (low <= _HIGHEST)
        members = np.flatnonzero((sizes > 1) & ~large).astype(np.int32)
        cutter.cut(found, members[np.argsort(found[members], kind="stable")])
        low += 1.0
        kept = (bits >= low) & large[left]
        still = large[must_left]
        must_left, must_right = must_left[still], must_right[still]
    return folded.unfold(cutter.labels)


class _Folded:
    """Pairs in which the first of many exact copies stands for those that are linked with it."""

    def __init__(self, rows: int, copies: Copies, pairs: Scored, least: float) -> None:
        self.left, self.right, self.bits = pairs
        self._stands_for = np.arange(rows, dtype=np.int32)
        if not len(copies):
            return
        like = self._stands_for.copy()
        like[copies.rows] = copies.first
        left, right, bits = pairs
        alike = (like[left] == like[right]) & (bits >= least)
        linked = np.unique(np.concatenate([left[alike], right[alike]]))
        self._stands_for[linked] = like[linked]
        left, right = self._stands_for[left], self._stands_for[right]
        kept = left != right
        self.left, self.right, self.bits = left[kept], right[kept], bits[kept]

    def unfold(self, labels: Ints) -> Ints:
        """Return the labels of all rows, given those of the rows that stand for others."""
        return labels[self._stands_for]


class _Cutter:
    """Cuts components into clusters, side by side, and keeps each row's label."""

    def __init__(
        self,
        people: People,
        weights: Weights,
        least: float,
        together: Pairs,
        apart: Pairs,
    ) -> None:
        self._people = people
        self._weights = weights
        self._least = least
        self.together = together
        self._apart = apart
        packed = np.concatenate([together, apart])
        self.judged = np.unique(np.concatenate([packed >> 32, packed & _ROW]))
        self._fields = np.flatnonzero((people.codes >= 0).any(axis=0))
        self.labels = np.arange(len(people), dtype=np.int32)

    def cut(self, found: Ints, members: Ints) -> None:
        """Cluster the members of components, in the order of the components that are `found`."""
        if not len(members):
            return
        ends = np.append(np.flatnonzero(np.diff(found[members])) + 1, len(members))
        work = np.cumsum(np.diff(ends, prepend=0).astype(np.float64) ** 2)
        lots = 4 * THREADS + int(work[-1] // _WORK_AT_ONCE)
        cuts = np.unique(np.searchsorted(work, np.linspace(0, work[-1], lots + 1)[1:-1]))

        def run(lot: tuple[int, int]) -> None:
            first, last = lot
            if last > first:
                begin = ends[first - 1] if first else 0
                self._cut(ends[first:last] - begin, members[begin : ends[last - 1]])

        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(run, pairwise([0, *cuts.tolist(), len(ends)])))

    def _cut(self, ends: Starts, rows: Ints) -> None:
        words, codes = self._people.words, self._people.codes
        left, right = pairs_of_members(ends, rows)
        levels = np.empty((len(left), FIELDS), np.int8)
        levels_of_pairs(words, codes, left, right, levels)
        cluster_components(
            levels,
            codes,
            self._weights,
            self._fields,
            ends,
            rows,
            self._least,
            self.together,
            self._apart,
            self.labels,
        )


def _ordered(pairs: RowPairs) -> Pairs:
    """Return pairs of rows as ordered numbers: smaller row × 2³² + larger row."""
    packed = sorted({(min(pair) << 32) | max(pair) for pair in pairs})
    return np.array(packed, np.int64)
