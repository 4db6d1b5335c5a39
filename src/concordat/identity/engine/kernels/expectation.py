"""The E step: to which class each pair of a sample belongs, under a model."""

from typing import Final

from concordat.identity.engine.kernels.arrays import Bits, Levels, Odds
from concordat.identity.engine.kernels.compiled import compiled
from concordat.identity.engine.kernels.levels import DIFFERENT, SILENT
from concordat.identity.engine.kernels.scores import NAMESAKE_TWINS, are_unlike_kin
from concordat.identity.engine.meanings import Field

_FORENAME: Final = int(Field.FORENAME)
_BORN: Final = int(Field.DATE_OF_BIRTH)
_MOST_BITS: Final = 60.0


@compiled
def expect(
    levels: Levels,
    rarity: Bits,
    same: Bits,
    kin: Bits,
    prior: float,
    prior_kin: float,
    counts: Odds,
) -> tuple[float, float, float, float]:
    """Add every pair's levels to `counts` (one person, kin, strangers) by its probabilities.

    Return how many pairs of one person and of kin are expected among them, and of the latter how
    many tell forename and birthday, and how many of these differ in both, as most kin do.
    """
    total_same = total_kin = telling = differing = 0.0
    for pair in range(len(levels)):
        forename, born = levels[pair, _FORENAME], levels[pair, _BORN]
        bits_same, bits_kin = prior + rarity[pair], prior_kin + rarity[pair]
        for field in range(levels.shape[1]):
            bits_same += same[field, levels[pair, field]]
            bits_kin += kin[field, levels[pair, field]]
        if are_unlike_kin(forename, born):
            bits_kin += NAMESAKE_TWINS
        odds_same = 2.0 ** min(bits_same, _MOST_BITS)
        odds_kin = 2.0 ** min(bits_kin, _MOST_BITS)
        whole = 1.0 + odds_same + odds_kin
        is_same, is_kin = odds_same / whole, odds_kin / whole
        total_same += is_same
        total_kin += is_kin
        if forename != SILENT and born != SILENT:
            telling += is_kin
            if forename == DIFFERENT and born == DIFFERENT:
                differing += is_kin
        _count(levels, pair, is_same, is_kin, counts)
    return total_same, total_kin, telling, differing


@compiled
def _count(levels: Levels, pair: int, is_same: float, is_kin: float, counts: Odds) -> None:
    """Add one pair's levels to the counts of each class."""
    for field in range(levels.shape[1]):
        level = levels[pair, field]
        counts[0, field, level] += is_same
        counts[1, field, level] += is_kin
        counts[2, field, level] += 1.0 - is_same - is_kin
