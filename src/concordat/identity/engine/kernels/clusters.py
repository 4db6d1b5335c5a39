"""Clusters: components of likely pairs, cut so that each cluster holds together by itself."""

from typing import Final, NamedTuple

import numpy as np

from concordat.identity.engine.kernels.arrays import (
    Codes,
    Flags,
    Ints,
    Levels,
    Odds,
    RowPairs,
    Starts,
    Weights,
)
from concordat.identity.engine.kernels.compiled import compiled
from concordat.identity.engine.kernels.levels import TWO_PERSONS
from concordat.identity.engine.kernels.rarity import rarity_of
from concordat.identity.engine.kernels.scores import (
    NAMESAKE_TWINS,
    are_unlike_kin,
    log2_one_plus,
)
from concordat.identity.engine.meanings import Field

_FORENAME: Final = int(Field.FORENAME)
_BORN: Final = int(Field.DATE_OF_BIRTH)
_PNC_ID: Final = int(Field.PNC_ID)


class Evidence(NamedTuple):
    """What is known of every two groups of a component's members; each table is symmetrical.

    `odds` and `odds_kin` sum, over the pairs between two groups that say something of a field
    (the last axis), the odds of their levels for one person and for kin; `said` counts those
    pairs. `unlike_kin` is the share of pairs that can't be kin. Groups with a pair judged
    `apart` are never joined, others with a pair judged `together` always, and of the rest never
    those with a pair that sure PNC IDs say are `two`.
    """

    odds: Odds
    odds_kin: Odds
    said: Ints
    unlike_kin: Odds
    apart: Flags
    together: Flags
    two: Flags


@compiled
def _root(parents: Ints, row: int) -> int:
    while parents[row] != row:
        parents[row] = parents[parents[row]]
        row = parents[row]
    return row


@compiled
def components(rows: int, left: Ints, right: Ints) -> Ints:
    """Return for each row the smallest row that it is joined to through the pairs."""
    parents = np.empty(rows, np.int32)
    for row in range(rows):
        parents[row] = row
    for pair in range(len(left)):
        one = _root(parents, left[pair])
        other = _root(parents, right[pair])
        if one < other:
            parents[other] = one
        elif other < one:
            parents[one] = other
    for row in range(rows):
        parents[row] = _root(parents, parents[row])
    return parents


@compiled
def pairs_of_members(ends: Starts, members: Ints) -> tuple[Ints, Ints]:
    """Return all pairs of rows inside each component, whose members stand end to end."""
    count = 0
    begin = 0
    for end in ends:
        count += (end - begin) * (end - begin - 1) // 2
        begin = end
    left, right = np.empty(count, np.int32), np.empty(count, np.int32)
    pair = 0
    begin = 0
    for end in ends:
        for x in range(begin, end):
            for y in range(x + 1, end):
                left[pair], right[pair] = members[x], members[y]
                pair += 1
        begin = end
    return left, right


@compiled
def is_listed(pairs: RowPairs, one: int, other: int) -> bool:
    """Tell whether a pair of rows is among ordered pairs (row × 2³² + row)."""
    wanted = np.int64(min(one, other)) << 32 | np.int64(max(one, other))
    first, last = 0, len(pairs)
    while first < last:
        middle = (first + last) // 2
        if pairs[middle] < wanted:
            first = middle + 1
        else:
            last = middle
    return first < len(pairs) and bool(pairs[first] == wanted)


@compiled
def _no_evidence(count: int, fields: int) -> Evidence:
    by_field, by_pair = (count, count, fields), (count, count)
    return Evidence(
        np.zeros(by_field),
        np.zeros(by_field),
        np.zeros(by_field, np.int32),
        np.zeros(by_pair),
        np.zeros(by_pair, np.bool_),
        np.zeros(by_pair, np.bool_),
        np.zeros(by_pair, np.bool_),
    )


@compiled
def _weigh(
    levels: Levels,
    pair: int,
    codes: Codes,
    weights: Weights,
    fields: Starts,
    one: int,
    other: int,
    evidence: Evidence,
    x: int,
    y: int,
) -> None:
    """Fill in the odds of the levels of one pair of members, `x` and `y`."""
    odds, odds_kin, said = evidence.odds, evidence.odds_kin, evidence.said
    for place in range(len(fields)):
        field = fields[place]
        level = levels[pair, field]
        if level > 0:
            share, rarity = weights.rarity_share, weights.rarity
            rare = rarity_of(share, rarity, codes, one, other, field, level)
            odds[x, y, place] = odds[y, x, place] = np.exp2(weights.same[field, level] + rare)
            odds_kin[x, y, place] = np.exp2(weights.kin[field, level] + rare)
            odds_kin[y, x, place] = odds_kin[x, y, place]
            said[x, y, place] = said[y, x, place] = 1


@compiled
def weigh_members(
    levels: Levels,
    begin: int | np.int64,
    codes: Codes,
    weights: Weights,
    fields: Starts,
    members: Ints,
    together: RowPairs,
    apart: RowPairs,
    evidence: Evidence,
) -> None:
    """Fill in the evidence on all pairs of members, each of them a group by itself.

    Their levels begin at row `begin` of `levels`. The last axis of the tables has one place for
    each of `fields`, those that the table has at all. Pairs that may never be in one cluster are
    those listed in `apart`; two persons with two sure PNC IDs are in one only by a person's word.
    """
    pair = int(begin)
    for x in range(len(members)):
        for y in range(x + 1, len(members)):
            one, other = members[x], members[y]
            _set(evidence.apart, x, y, is_listed(apart, one, other))
            _set(evidence.together, x, y, is_listed(together, one, other))
            _set(evidence.two, x, y, levels[pair, _PNC_ID] == TWO_PERSONS)
            if are_unlike_kin(levels[pair, _FORENAME], levels[pair, _BORN]):
                evidence.unlike_kin[x, y] = evidence.unlike_kin[y, x] = 1
            _weigh(levels, pair, codes, weights, fields, one, other, evidence, x, y)
            pair += 1


@compiled
def _set(table: Flags, x: int, y: int, is_so: bool) -> None:
    table[x, y] = table[y, x] = is_so


@compiled
def score_of_groups(evidence: Evidence, prior: float, prior_kin: float, x: int, y: int) -> float:
    """Return the log2 odds that two groups are one person; without end if that is judged.

    For every field the odds are the mean over all pairs between the groups that say something:
    what one record lacks another tells, and no evidence counts twice.
    """
    if evidence.apart[x, y]:
        return -np.inf
    if evidence.together[x, y]:
        return np.inf
    if evidence.two[x, y]:
        return -np.inf
    odds, odds_kin, said = evidence.odds, evidence.odds_kin, evidence.said
    same = prior
    kin = prior_kin
    for place in range(odds.shape[2]):
        pairs = said[x, y, place]
        if pairs > 0:
            same += np.log2(odds[x, y, place] / pairs)
            kin += np.log2(odds_kin[x, y, place] / pairs)
    kin += np.log2(1.0 - evidence.unlike_kin[x, y] * (1.0 - 2.0**NAMESAKE_TWINS))
    return same - log2_one_plus(kin)


@compiled
def _likeliest(score: Odds, group: Starts, least: float) -> tuple[int, int]:
    """Return the first two groups of the highest score above `least`, or -1 twice."""
    best = least
    first = second = -1
    for x in range(len(group)):
        if group[x] == x:
            for y in range(x + 1, len(group)):
                if group[y] == y and score[x, y] > best:
                    best = score[x, y]
                    first, second = x, y
    return first, second


@compiled
def _merge(evidence: Evidence, first: int, second: int, other: int, part: float) -> None:
    """Add `second`, with this `part` of their members, to what `first` has with another group."""
    odds, odds_kin, said = evidence.odds, evidence.odds_kin, evidence.said
    unlike_kin, apart = evidence.unlike_kin, evidence.apart
    together, two = evidence.together, evidence.two
    _set(apart, first, other, apart[first, other] or apart[second, other])
    _set(together, first, other, together[first, other] or together[second, other])
    _set(two, first, other, two[first, other] or two[second, other])
    unlike_kin[first, other] += part * (unlike_kin[second, other] - unlike_kin[first, other])
    unlike_kin[other, first] = unlike_kin[first, other]
    for place in range(odds.shape[2]):
        odds[first, other, place] += odds[second, other, place]
        odds[other, first, place] = odds[first, other, place]
        odds_kin[first, other, place] += odds_kin[second, other, place]
        odds_kin[other, first, place] = odds_kin[first, other, place]
        said[first, other, place] += said[second, other, place]
        said[other, first, place] = said[first, other, place]


@compiled
def agglomerate(evidence: Evidence, prior: float, prior_kin: float, least: float) -> Starts:
    """Join the two groups that are likeliest one person until none has more than `least` bits.

    Return for each member the first member of its group. Of equal scores the first pair wins, so
    that the result depends on the members' order alone. A join must be the surer the more records
    it would put wrong: each doubling of the smaller group asks for one more bit. Members that were
    judged together come first, whatever their score; no group ever holds a pair judged apart.
    """
    count = len(evidence.odds)
    group = np.empty(count, np.int64)
    size = np.ones(count)
    score = np.empty((count, count))
    for x in range(count):
        group[x] = x
        for y in range(x + 1, count):
            score[x, y] = score_of_groups(evidence, prior, prior_kin, x, y)
    while True:
        first, second = _likeliest(score, group, least)
        if first < 0:
            return group
        for z in range(count):
            if group[z] == second:
                group[z] = first
        part = size[second] / (size[first] + size[second])
        for z in range(count):
            if group[z] == z and z != first:
                _merge(evidence, first, second, z, part)
                x, y = min(first, z), max(first, z)
                smaller = min(size[first] + size[second], size[z])
                score[x, y] = score_of_groups(evidence, prior, prior_kin, x, y) - np.log2(smaller)
        size[first] += size[second]


@compiled
def cluster_components(
    levels: Levels,
    codes: Codes,
    weights: Weights,
    fields: Starts,
    ends: Starts,
    members: Ints,
    least: float,
    together: RowPairs,
    apart: RowPairs,
    labels: Ints,
) -> None:
    """Cluster each component (members end to end) and write each row's label: its first row.

    `levels` are those of `pairs_of_members`. `together` and `apart` list pairs of rows that a
    person has judged (row × 2³² + row, in order).
    """
    begin = 0
    pair = np.int64(0)
    for end in ends:
        count = end - begin
        mine = members[begin:end]
        evidence = _no_evidence(count, len(fields))
        weigh_members(levels, pair, codes, weights, fields, mine, together, apart, evidence)
        group = agglomerate(evidence, weights.prior, weights.prior_kin, least)
        for x in range(count):
            labels[mine[x]] = mine[group[x]]
        pair += count * (count - 1) // 2
        begin = end
