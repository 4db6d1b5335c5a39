"""How rare the values are on which two persons agree."""

from numba import njit


@njit(nogil=True, cache=True)
def rarity_of(rarity_share, rarity, codes, one, other, field, level):
    """Return the bits that the rarity of one field's values adds at a level."""
    part = rarity_share[field, level]
    if level == 0 or part == 0:
        return 0.0
    which = field if field < 3 else 0
    return part * min(rarity[which, codes[one, field]], rarity[which, codes[other, field]])


@njit(nogil=True, cache=True)
def rarity_of_pairs(codes, left, right, levels, rarity_share, rarity, found):
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
