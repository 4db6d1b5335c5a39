"""How rare the values are on which two persons agree."""

from numba import njit


@njit(nogil=True, cache=True)
def rarity_of(one, other, levels, rarity_share, rarity, field):
    """Return the bits that the rarity of one field's values adds."""
    part = rarity_share[field, levels[field]]
    if levels[field] == 0 or part == 0:
        return 0.0
    which = field if field < 3 else 0
    return part * min(rarity[which, one[field]], rarity[which, other[field]])


@njit(nogil=True, cache=True)
def rarity_of_pairs(codes, left, right, levels, rarity_share, rarity, found):
    """Find the bits that rarity adds to each pair."""
    for pair in range(len(left)):
        total = 0.0
        for field in range(codes.shape[1]):
            total += rarity_of(
                codes[left[pair]], codes[right[pair]], levels[pair], rarity_share, rarity, field
            )
        found[pair] = total
