"""The score of a pair: the log2 odds that two records are of one person."""

from typing import Final

import numpy as np

from concordat.identity.engine.kernels.arrays import Bits, Codes, Ints, Levels, Weights, Words
from concordat.identity.engine.kernels.compiled import compiled
from concordat.identity.engine.kernels.levels import (
    CROSSED,
    NEAR,
    NICKNAME,
    SAME,
    SAME_FIRST_JANUARY,
    VERY_NEAR,
    levels_of_pairs,
)
from concordat.identity.engine.kernels.rarity import rarity_of
from concordat.identity.engine.meanings import FIELDS, Field

NAMESAKE_TWINS: Final = -10.0
"""Added to the odds of kin where forename and birthday are one: nobody names twins alike."""

_FORENAME: Final = int(Field.FORENAME)
_BORN: Final = int(Field.DATE_OF_BIRTH)
_PAIRS_AT_ONCE: Final = 8192
"""So many pairs' levels stay in a processor's cache."""

_ONE_FORENAME: Final = 1 << SAME | 1 << NICKNAME | 1 << VERY_NEAR | 1 << NEAR | 1 << CROSSED
_ONE_BIRTHDAY: Final = 1 << SAME | 1 << SAME_FIRST_JANUARY
_SO_MUCH_THAT_ONE_IS_NOTHING: Final = 40.0
_SO_LITTLE_THAT_ONE_IS_ALL: Final = -20.0


@compiled
def log2_one_plus(bits: float) -> float:
    """Return log2(1 + 2**bits)."""
    if bits > _SO_MUCH_THAT_ONE_IS_NOTHING:
        return bits
    if bits < _SO_LITTLE_THAT_ONE_IS_ALL:
        return 0.0
    logarithm: float = np.log2(1.0 + 2.0**bits)
    return logarithm


@compiled
def are_unlike_kin(forename: int, born: int) -> bool:
    """Tell whether two levels are those of one person or of strangers, but never of kin."""
    return (_ONE_BIRTHDAY >> born) & (_ONE_FORENAME >> forename) & 1 == 1


@compiled
def bits_of_levels(
    levels: Levels, codes: Codes, weights: Weights, left: Ints, right: Ints, bits: Bits
) -> None:
    """Find the scores of pairs of rows whose levels are known."""
    of_same, of_kin = weights.same, weights.kin
    rarity_share, rarity = weights.rarity_share, weights.rarity
    prior, prior_kin = weights.prior, weights.prior_kin
    for pair in range(len(left)):
        one, other = left[pair], right[pair]
        same = prior
        kin = prior_kin
        for field in range(codes.shape[1]):
            level = levels[pair, field]
            if level > 0:
                rare = rarity_of(rarity_share, rarity, codes, one, other, field, level)
                same += of_same[field, level] + rare
                kin += of_kin[field, level] + rare
        if are_unlike_kin(levels[pair, _FORENAME], levels[pair, _BORN]):
            kin += NAMESAKE_TWINS
        bits[pair] = same - log2_one_plus(kin)


def bits_of_pairs(
    words: Words, codes: Codes, weights: Weights, left: Ints, right: Ints, bits: Bits
) -> None:
    """Find the scores of many pairs of rows: the log2 odds that they are one, prior included.

    The odds are against strangers and kin together: what kin would show as well hardly counts.
    """
    levels = np.empty((min(len(left), _PAIRS_AT_ONCE), FIELDS), np.int8)
    for first in range(0, len(left), _PAIRS_AT_ONCE):
        lot = slice(first, min(first + _PAIRS_AT_ONCE, len(left)))
        found = levels[: lot.stop - first]
        levels_of_pairs(words, codes, left[lot], right[lot], found)
        bits_of_levels(found, codes, weights, left[lot], right[lot], bits[lot])
