"""The vocabulary: every distinct value of a table once, and what the kernels need to know of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute

from concordat.identity.engine.forms.identifiers import pnc_id_is_valid
from concordat.identity.engine.forms.names import equivalent_names, likeliest_formal_names
from concordat.identity.engine.kernels.arrays import Bytes, Flags, Hashes, Ints, Starts, Words
from concordat.identity.engine.kernels.hashing import hash_strings, hear_strings

_UNIT_POSTCODE: Final = r"^(?:[A-Z]{1,2}[0-9][0-9A-Z]?)[0-9][A-Z]{2}$"
_is_unit: Final = re.compile(_UNIT_POSTCODE).match


def words_of(
    values: pa.Array, *, names: int, postcodes: tuple[int, int], pnc_ids: tuple[int, int]
) -> Words:
    """Return the vocabulary of distinct `values` (strings, no nulls), a code being a place in it.

    The first `names` values are names; those from the first to before the second of `postcodes`
    are postcodes, likewise `pnc_ids`.
    """
    text, start = _bytes_of(values)
    is_sure = np.zeros(len(values), np.bool_)
    first, last = postcodes
    if last > first:
        matches = pa.compute.match_substring_regex(values[first:last], _UNIT_POSTCODE)
        is_sure[first:last] = matches.to_numpy(zero_copy_only=False)
    first, last = pnc_ids
    is_sure[first:last] = [pnc_id_is_valid(text) for text in values[first:last].to_pylist()]
    return _words(text, start, names, _groups_of(values[:names]), is_sure)


def words_of_few(
    values: Sequence[str], *, names: int, postcodes: tuple[int, int], pnc_ids: tuple[int, int]
) -> Words:
    """Return the same for a few values, without the cost of setting out to read many."""
    encoded = [value.encode() for value in values]
    start = np.zeros(len(values) + 1, np.int64)
    np.cumsum([len(one) for one in encoded], out=start[1:])
    text = np.frombuffer(bytearray().join(encoded), np.uint8)
    is_sure = np.zeros(len(values), np.bool_)
    for place in range(*postcodes):
        is_sure[place] = _is_unit(values[place]) is not None
    for place in range(*pnc_ids):
        is_sure[place] = pnc_id_is_valid(values[place])
    return _words(text, start, names, _Groups.of(values[:names]), is_sure)


def _words(
    text: Bytes,
    start: Starts,
    names: int,
    groups_of_names: "_Groups",
    is_sure: Flags,
) -> Words:
    count = len(start) - 1
    sound = np.zeros(count, np.uint64)
    whole = np.zeros(count, np.uint64)
    head = np.zeros((2, count), np.uint64)
    tail = np.zeros((2, count), np.uint64)
    hash_strings(text, start, whole, head, tail)
    hear_strings(text, start[: names + 1], sound[:names])
    canonical = whole.copy()
    canonical[groups_of_names.places] = groups_of_names.formal
    return Words(
        text=text,
        start=start,
        sound=sound,
        whole=whole,
        head=head,
        tail=tail,
        canonical=canonical,
        group_start=groups_of_names.start,
        groups=groups_of_names.groups,
        is_sure=is_sure,
    )


@dataclass(frozen=True)
class _Groups:
    """The groups of each name, one after another, and the formal name's hash of those with any."""

    start: Ints
    groups: Ints
    places: npt.NDArray[np.int64]
    formal: Hashes

    @classmethod
    def of(cls, names: Sequence[str]) -> "_Groups":
        """Return the groups of a few names."""
        known = equivalent_names()
        places = [place for place, name in enumerate(names) if name in known]
        return cls.at(np.array(places, np.int64), [names[place] for place in places], len(names))

    @classmethod
    def at(cls, places: npt.NDArray[np.int64], names: Sequence[str], count: int) -> "_Groups":
        """Return the groups of `count` names, of which these, at `places`, have any."""
        lists = [equivalent_names()[name] for name in names]
        sizes = np.zeros(count + 1, np.int64)
        sizes[places + 1] = [len(groups) for groups in lists]
        return cls(
            start=np.cumsum(sizes).astype(np.int32),
            groups=np.array([group for groups in lists for group in groups], np.int32),
            places=places,
            formal=np.array([_formal_hashes()[name] for name in names], np.uint64),
        )


def _bytes_of(values: pa.Array) -> tuple[Bytes, Starts]:
    large = values.cast(pa.large_string())
    _, offsets, data = large.buffers()
    start = np.frombuffer(offsets, np.int64)[large.offset : large.offset + len(large) + 1]
    text = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    return text[start[0] : start[-1]].copy(), start - start[0]


def _groups_of(names: pa.Array) -> _Groups:
    found = pa.compute.is_in(names, _names_in_groups())
    places = np.flatnonzero(found.to_numpy(zero_copy_only=False))
    return _Groups.at(places, names.filter(found).to_pylist(), len(names))


@cache
def _names_in_groups() -> pa.Array:
    return pa.array(list(equivalent_names()), pa.string())


@cache
def _formal_hashes() -> Mapping[str, np.uint64]:
    """Return the hash of the formal name for which each name likeliest stands."""
    formal = likeliest_formal_names()
    text, start = _bytes_of(pa.array(list(formal.values()), pa.string()))
    whole = np.zeros(len(formal), np.uint64)
    parts = np.zeros((2, len(formal)), np.uint64)
    hash_strings(text, start, whole, parts, parts.copy())
    return dict(zip(formal, whole, strict=True))
