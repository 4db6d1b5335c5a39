"""Exact copies: records that say the same in every field, more often than blocking can bear.

A busy offender's custody records, a test person, a file loaded under two names: if hundreds of
rows are alike to the letter, every block they are in is too large to be followed and the pairs
among them would grow with their square. One of them can stand for all.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from concordat.identity.engine.kernels.arrays import Ints
from concordat.identity.engine.people import People

_BUCKETS: Final = 1 << 20
_FACTOR: Final = np.uint64(0x9E3779B97F4A7C15)
"""2⁶⁴ over the golden ratio: multiplying by it spreads neighbouring numbers far apart."""


@dataclass(frozen=True)
class Copies:
    """The rows that are an exact copy of an earlier one, and that `first` of each."""

    rows: Ints
    first: Ints

    def __len__(self) -> int:
        return len(self.rows)

    def without(self, rows: Ints) -> "Copies":
        """Return the copies but for these rows, which are to speak for themselves."""
        kept = ~np.isin(self.rows, rows)
        return Copies(self.rows[kept], self.first[kept])

    @classmethod
    def none(cls) -> "Copies":
        """Return no copies at all."""
        return cls(np.zeros(0, np.int32), np.zeros(0, np.int32))


def copies_of_many(people: People, *, more_than: int) -> Copies:
    """Find the rows of which `more_than` others are exact copies; rows that say nothing aside."""
    hashes = _hashes(people.codes)
    buckets = (hashes >> np.uint64(44)).astype(np.int64)
    crowded = np.bincount(buckets, minlength=_BUCKETS) > more_than
    if not crowded.any():
        return Copies.none()
    rows = np.flatnonzero(crowded[buckets])
    rows = rows[np.argsort(hashes[rows], kind="stable")]
    starts = np.flatnonzero(np.diff(hashes[rows], prepend=~hashes[rows[:1]]))
    sizes = np.diff(np.append(starts, len(rows)))
    many = np.repeat(sizes > more_than, sizes)
    first = np.repeat(rows[starts], sizes)
    is_copy = (people.codes[rows] == people.codes[first]).all(axis=1)
    says = (people.codes[rows] >= 0).any(axis=1)
    kept = many & is_copy & says & (rows != first)
    return Copies(rows[kept].astype(np.int32), first[kept].astype(np.int32))


def _hashes(codes: Ints) -> npt.NDArray[np.uint64]:
    """Return a 64-bit hash of each row; the high bits are the best mixed."""
    hashes = np.zeros(len(codes), np.uint64)
    for field in range(codes.shape[1]):
        hashes = (hashes ^ codes[:, field].astype(np.uint64)) * _FACTOR
        hashes ^= hashes >> np.uint64(29)
    return hashes * _FACTOR
