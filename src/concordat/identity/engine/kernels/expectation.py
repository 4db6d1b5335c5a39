"""The E step: to which class each pair of a sample belongs, under a model."""

import numpy as np
from numba import njit

from concordat.identity.engine.kernels.levels import DIFFERENT, SILENT
from concordat.identity.engine.kernels.scores import NAMESAKE_TWINS, are_unlike_kin
from concordat.identity.engine.meanings import Field

_FORENAME = int(Field.FORENAME)
_BORN = int(Field.DATE_OF_BIRTH)


@njit(nogil=True, cache=True)
def expect(levels, rarity, same, kin, prior, prior_kin, counts):
    """Add every pair's levels to `counts` (one person, kin, strangers) by its probabilities.

    Return how many pairs of one person and of kin are expected among them, and of the latter how
    many tell forename and birthday, and how many of these differ in both, as most kin do.
    """
    total_same = 0.0
    total_kin = 0.0
    telling = 0.0
    differing = 0.0
    for pair in range(len(levels)):
        bits_same = prior + rarity[pair]
        bits_kin = prior_kin + rarity[pair]
        for field in range(levels.shape[1]):
            level = levels[pair, field]
            bits_same += same[field, level]
            bits_kin += kin[field, level]
        if are_unlike_kin(levels[pair, _FORENAME], levels[pair, _BORN]):
            bits_kin += NAMESAKE_TWINS
        odds_same = 2.0 ** min(bits_same, 60.0)
        odds_kin = 2.0 ** min(bits_kin, 60.0)
        whole = 1.0 + odds_same + odds_kin
        is_same = odds_same / whole
        is_kin = odds_kin / whole
        total_same += is_same
        total_kin += is_kin
        if levels[pair, _FORENAME] != SILENT and levels[pair, _BORN] != SILENT:
            telling += is_kin
            if levels[pair, _FORENAME] == DIFFERENT and levels[pair, _BORN] == DIFFERENT:
                differing += is_kin
        for field in range(levels.shape[1]):
            level = levels[pair, field]
            counts[0, field, level] += is_same
            counts[1, field, level] += is_kin
            counts[2, field, level] += 1.0 - is_same - is_kin
    return total_same, total_kin, telling, differing
