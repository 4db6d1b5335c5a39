"""Comparing two strings of the vocabulary: bytes of one buffer, each from its start to the next."""

from typing import Final

import numpy as np

from concordat.identity.engine.kernels.arrays import Bytes, Ints, Starts
from concordat.identity.engine.kernels.compiled import compiled

LONGEST: Final = 60
"""Of a longer string only so many bytes are compared."""

_SPACE: Final = ord(" ")
_PREFIX: Final = 4
_TWO: Final = 2
_SHORTEST_WORD: Final = 3


@compiled
def span(start: Starts, code: int) -> tuple[int, int]:
    """Return where a string begins and how many of its bytes count."""
    begin = start[code]
    return begin, min(start[code + 1] - begin, LONGEST)


@compiled
def shared(text: Bytes, at_a: int, at_b: int, most: int) -> int:
    """Return how many bytes, up to `most`, are the same from two places on."""
    count = 0
    while count < most and text[at_a + count] == text[at_b + count]:
        count += 1
    return count


@compiled
def jaro_winkler(text: Bytes, start: Starts, a: int, b: int) -> float:
    """Return the Jaro–Winkler similarity of two strings, from 0 to 1 (prefix weight 0.1)."""
    at_a, long_a = span(start, a)
    at_b, long_b = span(start, b)
    if long_a == 0 or long_b == 0:
        return 0.0
    reach = max(max(long_a, long_b) // 2 - 1, 0)
    matched_a = np.int64(0)
    matched_b = np.int64(0)
    matches = 0
    for i in range(long_a):
        for j in range(max(i - reach, 0), min(long_b, i + reach + 1)):
            if not (matched_b >> j) & 1 and text[at_a + i] == text[at_b + j]:
                matched_a |= np.int64(1) << i
                matched_b |= np.int64(1) << j
                matches += 1
                break
    if matches == 0:
        return 0.0
    crossed = 0
    k = 0
    for i in range(long_a):
        if (matched_a >> i) & 1:
            while not (matched_b >> k) & 1:
                k += 1
            if text[at_a + i] != text[at_b + k]:
                crossed += 1
            k += 1
    same = (matches / long_a + matches / long_b + (matches - crossed / 2) / matches) / 3
    prefix = shared(text, at_a, at_b, min(long_a, long_b, _PREFIX))
    return same + prefix * 0.1 * (1 - same)


@compiled
def edits(text: Bytes, start: Starts, a: int, b: int, most: int) -> int:
    """Return the optimal string alignment distance, or `most` + 1 if it is more than `most`."""
    at_a, long_a = span(start, a)
    at_b, long_b = span(start, b)
    if abs(long_a - long_b) > most:
        return most + 1
    before = np.zeros(LONGEST + 1, np.int64)
    above = np.zeros(LONGEST + 1, np.int64)
    row = np.zeros(LONGEST + 1, np.int64)
    for j in range(long_b + 1):
        above[j] = j
    for i in range(1, long_a + 1):
        row[0] = i
        best = i
        for j in range(1, long_b + 1):
            here = text[at_a + i - 1]
            there = text[at_b + j - 1]
            cost = min(above[j - 1] + (here != there), min(above[j], row[j - 1]) + 1)
            if (
                i > 1
                and j > 1
                and here == text[at_b + j - 2]
                and text[at_a + i - 2] == there
                and before[j - 2] + 1 < cost
            ):
                cost = before[j - 2] + 1
            row[j] = cost
            best = min(best, cost)
        if best > most:
            return most + 1
        for j in range(long_b + 1):
            before[j] = above[j]
            above[j] = row[j]
    return int(above[long_b])


@compiled
def within_one_edit(text: Bytes, start: Starts, a: int, b: int) -> bool:
    """Tell whether one edit (a letter more, less or other, or two swapped) parts two strings."""
    at_a, long_a = span(start, a)
    at_b, long_b = span(start, b)
    if abs(long_a - long_b) > 1:
        return False
    head = shared(text, at_a, at_b, min(long_a, long_b))
    tail = 0
    while (
        tail < min(long_a, long_b) - head
        and text[at_a + long_a - 1 - tail] == text[at_b + long_b - 1 - tail]
    ):
        tail += 1
    rest_a, rest_b = long_a - head - tail, long_b - head - tail
    if max(rest_a, rest_b) <= 1:
        return True
    return (
        rest_a == rest_b == _TWO
        and text[at_a + head] == text[at_b + head + 1]
        and text[at_a + head + 1] == text[at_b + head]
    )


@compiled
def characters_apart(text: Bytes, start: Starts, a: int, b: int) -> int:
    """Return how many characters two strings of one length differ in; a large number otherwise."""
    at_a, long_a = span(start, a)
    at_b, long_b = span(start, b)
    if long_a != long_b:
        return LONGEST
    apart = 0
    for k in range(long_a):
        apart += text[at_a + k] != text[at_b + k]
    return apart


@compiled
def is_word_of(text: Bytes, start: Starts, a: int, b: int) -> bool:
    """Tell whether one string is a leading or closing word of the other (three letters or more)."""
    at_a, long_a = span(start, a)
    at_b, long_b = span(start, b)
    if long_a > long_b:
        at_a, at_b = at_b, at_a
        long_a, long_b = long_b, long_a
    if long_a < _SHORTEST_WORD or long_a >= long_b:
        return False
    leads = text[at_b + long_a] == _SPACE
    closes = text[at_b + long_b - long_a - 1] == _SPACE
    for k in range(long_a):
        leads = leads and text[at_a + k] == text[at_b + k]
        closes = closes and text[at_a + k] == text[at_b + long_b - long_a + k]
    return bool(leads or closes)


@compiled
def share_a_group(group_start: Ints, groups: Ints, a: int, b: int) -> bool:
    """Tell whether two names share a group, that is a formal name with its short forms."""
    for i in range(group_start[a], group_start[a + 1]):
        for j in range(group_start[b], group_start[b + 1]):
            if groups[i] == groups[j]:
                return True
    return False
