"""The score of a pair: the log2 odds that two records are of one person."""

from typing import Final

import numpy as np
from numba import njit

from concordat.identity.engine.kernels.levels import (
    CROSSED,
    NEAR,
    NICKNAME,
    SAME,
    SAME_FIRST_JANUARY,
    VERY_NEAR,
    levels_of,
)
from concordat.identity.engine.kernels.rarity import rarity_of
from concordat.identity.engine.meanings import Field

_FORENAME: Final = int(Field.FORENAME)
_BORN: Final = int(Field.DATE_OF_BIRTH)


@njit(nogil=True, cache=True)
def log2_one_plus(bits):
    """Return log2(1 + 2**bits)."""
    if bits > 40:
        return bits
    if bits < -20:
        return 0.0
    return np.log2(1.0 + 2.0**bits)


NAMESAKE_TWINS: Final = -10.0
"""Added to the odds of kin where forename and birthday are one: nobody names twins alike."""


@njit(nogil=True, cache=True)
def are_unlike_kin(forename, born):
    """Tell whether two levels are those of one person or of strangers, but never of kin."""
    return (born == SAME or born == SAME_FIRST_JANUARY) and (
        forename == SAME
        or forename == NICKNAME
        or forename == VERY_NEAR
        or forename == NEAR
        or forename == CROSSED
    )


@njit(nogil=True, cache=True)
def bits_of_pairs(words, codes, weights, left, right, bits):
    """Find the score of many pairs of rows: the log2 odds that they are one, prior included.

    The odds are against strangers and kin together: what kin would show as well hardly counts.
    """
    text, start, sound, is_sure = words.text, words.start, words.sound, words.is_sure
    group_start, groups = words.group_start, words.groups
    of_same, of_kin = weights.same, weights.kin
    rarity_share, rarity = weights.rarity_share, weights.rarity
    prior, prior_kin = weights.prior, weights.prior_kin
    levels = np.zeros((1, codes.shape[1]), np.int8)
    for pair in range(len(left)):
        one, other = left[pair], right[pair]
        levels_of(
            text, start, sound, group_start, groups, is_sure, codes, one, other, levels, 0
        )
        same = prior
        kin = prior_kin
        for field in range(codes.shape[1]):
            level = levels[0, field]
            if level > 0:
                rare = rarity_of(rarity_share, rarity, codes, one, other, field, level)
                same += of_same[field, level] + rare
                kin += of_kin[field, level] + rare
        if are_unlike_kin(levels[0, _FORENAME], levels[0, _BORN]):
            kin += NAMESAKE_TWINS
        bits[pair] = same - log2_one_plus(kin)
