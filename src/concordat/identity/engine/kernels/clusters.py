"""Clusters: components of likely pairs, cut so that each cluster holds together by itself."""

import numpy as np
from numba import njit

from concordat.identity.engine.kernels.levels import are_two, levels_of
from concordat.identity.engine.kernels.rarity import rarity_of
from concordat.identity.engine.kernels.scores import (
    NAMESAKE_TWINS,
    are_unlike_kin,
    log2_one_plus,
)
from concordat.identity.engine.meanings import Field

_FORENAME = int(Field.FORENAME)
_BORN = int(Field.DATE_OF_BIRTH)


@njit(nogil=True, cache=True)
def _root(parents, row):
    while parents[row] != row:
        parents[row] = parents[parents[row]]
        row = parents[row]
    return row


@njit(nogil=True, cache=True)
def components(rows, left, right):
    """Return for each row the smallest row that it is joined to through the pairs."""
    parents = np.arange(rows).astype(np.int32)
    for pair in range(len(left)):
        one, other = _root(parents, left[pair]), _root(parents, right[pair])
        if one < other:
            parents[other] = one
        elif other < one:
            parents[one] = other
    for row in range(rows):
        parents[row] = _root(parents, row)
    return parents


@njit(nogil=True, cache=True)
def is_listed(pairs, one, other):
    """Tell whether a pair of rows is among ordered pairs (row × 2³² + row)."""
    if len(pairs) == 0:
        return False
    wanted = np.int64(min(one, other)) << 32 | np.int64(max(one, other))
    place = np.searchsorted(pairs, wanted)
    return place < len(pairs) and pairs[place] == wanted


@njit(nogil=True, cache=True)
def compare_members(
    words, codes, weights, fields, members, odds, odds_kin, said, unlike_kin, apart, forbidden
):
    """Fill in, for all pairs of members and every field, the odds of its level and whether said.

    The last axis of the tables has one place for each of the `fields` that the table has at all.
    `unlike_kin` is 1 where the pair can't be kin. `forbidden` marks pairs that may never be in one cluster: those listed in `apart`, and two
    persons with two sure identifiers of a kind of which nobody has two.
    """
    text, start, sound, is_sure = words.text, words.start, words.sound, words.is_sure
    group_start, groups = words.group_start, words.groups
    of_same, of_kin = weights.same, weights.kin
    rarity_share, rarity = weights.rarity_share, weights.rarity
    levels = np.zeros((1, codes.shape[1]), np.int8)
    for x in range(len(members)):
        for y in range(x + 1, len(members)):
            one, other = members[x], members[y]
            levels_of(
                text, start, sound, group_start, groups, is_sure, codes, one, other, levels, 0
            )
            never = are_two(is_sure, codes, one, other, levels, 0)
            forbidden[x, y] = forbidden[y, x] = never or is_listed(apart, one, other)
            if are_unlike_kin(levels[0, _FORENAME], levels[0, _BORN]):
                unlike_kin[x, y] = unlike_kin[y, x] = 1
            for place in range(len(fields)):
                field = fields[place]
                level = levels[0, field]
                if level == 0:
                    continue
                rare = rarity_of(rarity_share, rarity, codes, one, other, field, level)
                same = np.exp2(of_same[field, level] + rare)
                kin = np.exp2(of_kin[field, level] + rare)
                odds[x, y, place] = odds[y, x, place] = same
                odds_kin[x, y, place] = odds_kin[y, x, place] = kin
                said[x, y, place] = said[y, x, place] = 1


@njit(nogil=True, cache=True)
def score_of_groups(odds, odds_kin, said, unlike_kin, prior, prior_kin, x, y):
    """Return the log2 odds that two groups are one person.

    For every field the odds are the mean over all pairs between the groups that say something:
    what one record lacks another tells, and no evidence counts twice.
    """
    same = prior
    kin = prior_kin
    for place in range(odds.shape[2]):
        pairs = said[x, y, place]
        if pairs > 0:
            same += np.log2(odds[x, y, place] / pairs)
            kin += np.log2(odds_kin[x, y, place] / pairs)
    kin += np.log2(1.0 - unlike_kin[x, y] * (1.0 - 2.0**NAMESAKE_TWINS))
    return same - log2_one_plus(kin)


@njit(nogil=True, cache=True)
def agglomerate(odds, odds_kin, said, unlike_kin, forbidden, weights, together, least):
    """Join the two groups that are likeliest one person until none has more than `least` bits.

    Return for each member the first member of its group. Of equal scores the first pair wins, so
    that the result depends on the members' order alone. Members joined in `together` come first,
    whatever their score.
    """
    prior, prior_kin = weights.prior, weights.prior_kin
    count = len(odds)
    group = np.arange(count)
    size = np.ones(count)
    alive = np.ones(count, np.bool_)
    score = np.full((count, count), -np.inf)
    for x in range(count):
        for y in range(x + 1, count):
            if together[x, y]:
                score[x, y] = np.inf
            elif not forbidden[x, y]:
                score[x, y] = score_of_groups(
                    odds, odds_kin, said, unlike_kin, prior, prior_kin, x, y
                )
    while True:
        best = least
        first = -1
        second = -1
        for x in range(count):
            if alive[x]:
                for y in range(x + 1, count):
                    if alive[y] and score[x, y] > best:
                        best = score[x, y]
                        first = x
                        second = y
        if first < 0:
            return group
        alive[second] = False
        for z in range(count):
            if group[z] == second:
                group[z] = first
        for z in range(count):
            if not alive[z] or z == first:
                continue
            forbidden[first, z] = forbidden[z, first] = forbidden[first, z] or forbidden[second, z]
            together[first, z] = together[z, first] = together[first, z] or together[second, z]
            part = size[second] / (size[first] + size[second])
            unlike_kin[first, z] += part * (unlike_kin[second, z] - unlike_kin[first, z])
            unlike_kin[z, first] = unlike_kin[first, z]
            for place in range(odds.shape[2]):
                odds[first, z, place] += odds[second, z, place]
                odds[z, first, place] = odds[first, z, place]
                odds_kin[first, z, place] += odds_kin[second, z, place]
                odds_kin[z, first, place] = odds_kin[first, z, place]
                said[first, z, place] += said[second, z, place]
                said[z, first, place] = said[first, z, place]
            x, y = min(first, z), max(first, z)
            if together[x, y]:
                score[x, y] = np.inf
            elif forbidden[x, y]:
                score[x, y] = -np.inf
            else:
                score[x, y] = score_of_groups(
                    odds, odds_kin, said, unlike_kin, prior, prior_kin, x, y
                )
        size[first] += size[second]


@njit(nogil=True, cache=True)
def cluster_components(
    words, codes, weights, fields, ends, members, least, together, apart, labels
):
    """Cluster each component (members end to end) and write each row's label: its first row.

    `together` and `apart` list pairs of rows that a person has judged (row × 2³² + row, in order).
    """
    begin = 0
    for end in ends:
        count = end - begin
        mine = members[begin:end]
        shape = (count, count, len(fields))
        odds, odds_kin, said = np.zeros(shape), np.zeros(shape), np.zeros(shape, np.int32)
        unlike_kin = np.zeros((count, count))
        forbidden = np.zeros((count, count), np.bool_)
        joined = np.zeros((count, count), np.bool_)
        compare_members(
            words, codes, weights, fields, mine, odds, odds_kin, said, unlike_kin, apart, forbidden
        )
        if len(together) > 0:
            for x in range(count):
                for y in range(x + 1, count):
                    joined[x, y] = joined[y, x] = is_listed(together, mine[x], mine[y])
        group = agglomerate(
            odds, odds_kin, said, unlike_kin, forbidden, weights, joined, least
        )
        for x in range(count):
            labels[mine[x]] = mine[group[x]]
        begin = end
