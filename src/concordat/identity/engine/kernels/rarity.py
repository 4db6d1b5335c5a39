"""How rare the values are on which two persons agree."""

from typing import Final

from concordat.identity.engine.kernels.arrays import Bits, Codes, Ints, Levels
from concordat.identity.engine.kernels.compiled import compiled
from concordat.identity.engine.meanings import NAMES

_NAMES: Final = len(NAMES)
"""Names are the first fields; each has its own row of rarities. All others share the first row."""


@compiled
def rarity_of(
    rarity_share: Bits, rarity: Bits, codes: Codes, one: int, other: int, field: int, level: int
) -> float:
    """Return the bits that the rarity of one field's values adds at a level."""
    part: float = rarity_share[field, level]
    if level == 0 or part == 0:
        return 0.0
    which = field if field < _NAMES else 0
    rare: float = part * min(rarity[which, codes[one, field]], rarity[which, codes[other, field]])
    return rare


@compiled
def rarity_of_pairs(
    codes: Codes,
    left: Ints,
    right: Ints,
    levels: Levels,
    rarity_share: Bits,
    rarity: Bits,
    found: Bits,
) -> None:
    """Find the bits that rarity adds to each pair."""
    for pair in range(len(left)):
        total = 0.0
        for field in range(codes.shape[1]):
            level = levels[pair, field]
            if level > 0:
                total += rarity_of(
                    rarity_share, rarity, codes, left[pair], right[pair], field, level
                )
        found[pair] = total
