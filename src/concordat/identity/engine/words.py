"""The vocabulary: every distinct value of a table once, with what the kernels need to know of it."""

from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute

from concordat.identity.engine.forms.identifiers import pnc_id_is_valid
from concordat.identity.engine.forms.names import equivalent_names
from concordat.identity.engine.kernels.hashing import hash_strings, hear_strings

Ints = npt.NDArray[np.int32]
Hashes = npt.NDArray[np.uint64]

_UNIT_POSTCODE: Final = r"^(?:[A-Z]{1,2}[0-9][0-9A-Z]?)[0-9][A-Z]{2}$"
_FIRST_GROUP: Final = np.uint64(0xC0FFEE0000000000)


class Words(NamedTuple):
    """Strings end to end in one buffer, and arrays with one entry for each: kernels read these.

    A string's number is its code. `group` arrays list the groups of equivalent names; `canonical`
is the hash
    """

    text: npt.NDArray[np.uint8]
    start: npt.NDArray[np.int64]
    sound: Hashes
    whole: Hashes
    head: Hashes
    tail: Hashes
    canonical: Hashes
    group_start: Ints
    groups: Ints
    is_sure: npt.NDArray[np.bool_]


def words_of(
    values: pa.Array, *, names: int, postcodes: tuple[int, int], pnc_ids: tuple[int, int]
) -> Words:
    """Return the vocabulary of distinct `values` (strings, no nulls), a code being a place in it.

    The first `names` values are names; those from the first to before the second of `postcodes`
    are postcodes, likewise `pnc_ids`.
    """
    text, start = _bytes_of(values)
    count = len(values)
    sound = np.zeros(count, np.uint64)
    whole = np.zeros(count, np.uint64)
    head = np.zeros((2, count), np.uint64)
    tail = np.zeros((2, count), np.uint64)
    hash_strings(text, start, whole, head, tail)
    hear_strings(text, start[: names + 1], sound[:names])
    group_start, groups, canonical = _groups_of(values[:names], whole)
    is_sure = np.zeros(count, np.bool_)
    first, last = postcodes
    if last > first:
        matches = pa.compute.match_substring_regex(values[first:last], _UNIT_POSTCODE)
        is_sure[first:last] = matches.to_numpy(zero_copy_only=False)
    first, last = pnc_ids
    is_sure[first:last] = [pnc_id_is_valid(text) for text in values[first:last].to_pylist()]
    return Words(
        text, start, sound, whole, head, tail, canonical, group_start, groups, is_sure
    )


def _bytes_of(values: pa.Array) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    large = values.cast(pa.large_string())
    _, offsets, data = large.buffers()
    start = np.frombuffer(offsets, np.int64)[large.offset : large.offset + len(large) + 1]
    text = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    return text[start[0] : start[-1]].copy(), start - start[0]


def _groups_of(names: pa.Array, whole: Hashes) -> tuple[Ints, Ints, Hashes]:
    """Return the groups of each name, one after another, and the hash of each name's largest."""
    known = equivalent_names()
    largest = _largest_groups()
    places = pa.compute.index_in(names, _names_in_groups())
    found = places.is_valid().to_numpy(zero_copy_only=False).nonzero()[0]
    lists = list(known.values())
    of_found = [lists[place] for place in places.drop_null().to_pylist()]
    sizes = np.zeros(len(names) + 1, np.int64)
    sizes[found + 1] = [len(groups) for groups in of_found]
    groups = np.array([group for groups in of_found for group in groups], np.int32)
    canonical = whole.copy()
    heads = [largest[groups] for groups in of_found]
    canonical[found] = _FIRST_GROUP + np.array(heads, np.uint64)
    return np.cumsum(sizes).astype(np.int32), groups, canonical


@cache
def _names_in_groups() -> pa.Array:
    return pa.array(list(equivalent_names()), pa.string())


@cache
def _largest_groups() -> Mapping[tuple[int, ...], int]:
    """Return, for the groups of any name, the one with most names: its likeliest formal name."""
    known = equivalent_names()
    members = Counter(group for groups in known.values() for group in groups)
    return {
        groups: max(groups, key=lambda group: (members[group], -group))
        for groups in known.values()
    }
