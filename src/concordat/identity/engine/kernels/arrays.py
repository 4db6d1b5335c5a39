"""The arrays that kernels are given: each kernel is compiled once, for these types alone."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Starts = npt.NDArray[np.int64]
"""Where things begin or end in another array."""
Ints = npt.NDArray[np.int32]
"""Rows, groups, recipes."""
Codes = npt.NDArray[np.int32]
"""The encoded table: a row for each person, a column for each field."""
Hashes = npt.NDArray[np.uint64]
Keys = npt.NDArray[np.uint32]
Levels = npt.NDArray[np.int8]
"""A row for each pair, a column for each field."""
Bits = npt.NDArray[np.float32]
Odds = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
RowPairs = npt.NDArray[np.int64]
"""Pairs of rows in order, each as smaller row × 2³² + larger row."""


class Words(NamedTuple):
    """Strings end to end in one buffer, and arrays with one entry for each: kernels read these.

    A string's number is its code. `sound` says how a name sounds; `whole`, `head` and `tail` are
    hashes of the string, of its first bytes and of all but its last. The `group` arrays list the
    groups of equivalent names; `canonical` is the hash of the name's largest group, or of itself.
    `is_sure` marks postcodes of full units and PNC IDs with the right check letter.
    """

    text: Bytes
    start: Starts
    sound: Hashes
    whole: Hashes
    head: Hashes
    tail: Hashes
    canonical: Hashes
    group_start: Ints
    groups: Ints
    is_sure: Flags


class Weights(NamedTuple):
    """What the kernels need of a model, for one table, in bits.

    `same` and `kin` say for each field and level how much likelier it is for one person, and for
    kin, than for strangers; `prior` and `prior_kin` hold for any two rows. `rarity` tells of each
    word how much rarer than usual it is, `rarity_share` how much of that counts at each level.
    """

    same: Bits
    kin: Bits
    prior: float
    prior_kin: float
    rarity_share: Bits
    rarity: Bits
