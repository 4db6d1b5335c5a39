"""The score of a pair: the log2 odds that two records are of one person."""

import numpy as np
from numba import njit

from concordat.identity.engine.kernels.levels import levels_of
from concordat.identity.engine.kernels.rarity import rarity_of


@njit(nogil=True, cache=True)
def log2_one_plus(bits):
    """Return log2(1 + 2**bits)."""
    if bits > 40:
        return bits
    return np.log2(1.0 + 2.0**bits)


@njit(nogil=True, cache=True)
def bits_of_levels(one, other, levels, weights):
    """Return the log2 odds that two persons are one, the prior included.

    The odds are against strangers and kin together: what kin would show as well hardly counts.
    """
    same = weights.prior
    kin = weights.prior_kin
    for field in range(len(levels)):
        level = levels[field]
        rarity = rarity_of(one, other, levels, weights.rarity_share, weights.rarity, field)
        same += weights.same[field, level] + rarity
        kin += weights.kin[field, level] + rarity
    return same - log2_one_plus(kin)


@njit(nogil=True, cache=True)
def bits_of_pairs(words, codes, weights, left, right, bits):
    """Find the score of many pairs of rows."""
    levels = np.empty(codes.shape[1], np.int8)
    for pair in range(len(left)):
        one, other = codes[left[pair]], codes[right[pair]]
        levels_of(words, one, other, levels)
        bits[pair] = bits_of_levels(one, other, levels, weights)
