"""Blocking keys of rows, and the pairs of rows that share one."""

from typing import Final

import numpy as np

from concordat.identity.engine.kernels.arrays import Codes, Hashes, Ints, Keys, Words
from concordat.identity.engine.kernels.compiled import compiled
from concordat.identity.engine.kernels.hashing import mixed
from concordat.identity.engine.meanings import IDENTIFIERS, WHOLE_YEAR, Field

PARTS: Final = 24
(
    FORENAME_SOUND,
    FORMAL_FORENAME,
    FIRST_LETTER,
    SURNAME_SOUND,
    SURNAME_HEAD,
    BORN,
    BORN_EITHER_WAY,
    YEAR,
    MONTH_AND_DAY,
    POSTCODE,
    SECTOR,
    DISTRICT,
    PREMISES,
    TOWN,
    PHONE,
    EMAIL,
    PNC_ID,
    CRO,
    DRIVING_LICENCE,
    NINO,
    IDENTIFIER,
    BIRTH_PLACE,
    NAMES_EITHER_WAY,
    OCCUPATION,
) = range(PARTS)

_FORENAME: Final = int(Field.FORENAME)
_SURNAME: Final = int(Field.SURNAME)
_BORN: Final = int(Field.DATE_OF_BIRTH)
_POSTCODE: Final = int(Field.POSTCODE)
_HOUSE: Final = int(Field.HOUSE)
_STREET: Final = int(Field.STREET)
_TOWN: Final = int(Field.TOWN)
_PHONE: Final = int(Field.PHONE)
_EMAIL: Final = int(Field.EMAIL)
_PNC_ID: Final = int(Field.PNC_ID)
_BIRTH_PLACE: Final = int(Field.BIRTH_PLACE)
_OCCUPATION: Final = int(Field.OCCUPATION)
_IDENTIFIERS: Final = len(IDENTIFIERS)

_NONE: Final = np.uint64(0)
_ROW: Final = np.uint64(0xFFFFFFFF)
_SALT: Final = np.uint64(0x636F6E636F726461)


@compiled
def _hash(whole: Hashes, code: int) -> np.uint64:
    return np.uint64(whole[code] if code >= 0 else _NONE)


@compiled
def parts_of(
    whole: Hashes,
    sound: Hashes,
    canonical: Hashes,
    head: Hashes,
    tail: Hashes,
    codes: Codes,
    row: int,
    parts: Hashes,
) -> None:
    """Find the numbers that keys of a row of the codes are made of; 0 is "doesn't say"."""
    for part in range(PARTS):
        parts[part] = _NONE
    _name_parts(sound, canonical, head, codes[row, _FORENAME], codes[row, _SURNAME], parts)
    _birth_parts(codes[row, _BORN], parts)
    postcode = codes[row, _POSTCODE]
    if postcode >= 0:
        parts[POSTCODE] = whole[postcode]
        parts[SECTOR] = tail[0, postcode]
        parts[DISTRICT] = tail[1, postcode]
    house, street = codes[row, _HOUSE], codes[row, _STREET]
    if house >= 0 and street >= 0:
        parts[PREMISES] = mixed(whole[house], whole[street])
    parts[TOWN] = _hash(whole, codes[row, _TOWN])
    parts[PHONE] = _hash(whole, codes[row, _PHONE])
    parts[EMAIL] = _hash(whole, codes[row, _EMAIL])
    for k in range(_IDENTIFIERS):
        parts[PNC_ID + k] = _hash(whole, codes[row, _PNC_ID + k])
    parts[BIRTH_PLACE] = _hash(whole, codes[row, _BIRTH_PLACE])
    parts[OCCUPATION] = _hash(whole, codes[row, _OCCUPATION])


@compiled
def _name_parts(
    sound: Hashes,
    canonical: Hashes,
    head: Hashes,
    forename: int,
    surname: int,
    parts: Hashes,
) -> None:
    if forename >= 0:
        parts[FORENAME_SOUND] = sound[forename]
        parts[FORMAL_FORENAME] = canonical[forename]
        parts[FIRST_LETTER] = head[0, forename]
    if surname >= 0:
        parts[SURNAME_SOUND] = sound[surname]
        parts[SURNAME_HEAD] = head[1, surname]
    one, other = parts[FORENAME_SOUND], parts[SURNAME_SOUND]
    if one != _NONE and other != _NONE:
        parts[NAMES_EITHER_WAY] = mixed(min(one, other), max(one, other))


@compiled
def _birth_parts(born: int, parts: Hashes) -> None:
    if born >= WHOLE_YEAR:
        year, month, day = born // WHOLE_YEAR, born // 100 % 100, born % 100
        parts[YEAR] = np.uint64(year)
        if month > 0 and day > 0:
            parts[BORN] = np.uint64(born)
            parts[MONTH_AND_DAY] = np.uint64(born % WHOLE_YEAR)
            either_way = min(month, day) * 100 + max(month, day)
            parts[BORN_EITHER_WAY] = np.uint64(year * WHOLE_YEAR + either_way)


@compiled
def keys_of_row(parts: Hashes, recipes: Ints, keys: Hashes) -> None:
    """Make one row's keys of its parts; a key is 0 if one of its parts doesn't say."""
    for number in range(len(recipes)):
        key = mixed(_SALT, np.uint64(number + 1))
        for k in range(recipes.shape[1]):
            part = recipes[number, k]
            if part < 0:
                break
            if parts[part] == _NONE:
                key = _NONE
                break
            key = mixed(key, parts[part])
        keys[number] = key


@compiled
def keys_of_rows(
    words: Words, codes: Codes, recipes: Ints, first: int, last: int, keys: Keys
) -> None:
    """Make the keys of the rows from `first` to before `last`, folded to 32 bits."""
    parts = np.empty(PARTS, np.uint64)
    made = np.empty(len(recipes), np.uint64)
    whole, sound, canonical = words.whole, words.sound, words.canonical
    head, tail = words.head, words.tail
    for row in range(first, last):
        parts_of(whole, sound, canonical, head, tail, codes, row, parts)
        keys_of_row(parts, recipes, made)
        for number in range(len(recipes)):
            folded = np.uint32(made[number] ^ (made[number] >> np.uint64(32)))
            if folded == 0 and made[number] != _NONE:
                folded = np.uint32(1)
            keys[row, number] = folded


@compiled
def whole_keys_of_rows(words: Words, codes: Codes, recipes: Ints, keys: Hashes) -> None:
    """Make all rows' keys in full, 64 bits; 0 for none."""
    parts = np.empty(PARTS, np.uint64)
    whole, sound, canonical = words.whole, words.sound, words.canonical
    head, tail = words.head, words.tail
    for row in range(len(codes)):
        parts_of(whole, sound, canonical, head, tail, codes, row, parts)
        keys_of_row(parts, recipes, keys[row])


@compiled
def largest_affordable(packed: Hashes, cap: int, most: float) -> int:
    """Return the largest block size, up to `cap`, with which all blocks bring `most` pairs."""
    pairs = np.zeros(cap + 1, np.int64)
    begin = 0
    while begin < len(packed):
        end = begin + 1
        key = packed[begin] >> np.uint64(32)
        while end < len(packed) and packed[end] >> np.uint64(32) == key:
            end += 1
        size = end - begin
        if size <= cap:
            pairs[size] += size * (size - 1) // 2
        begin = end
    total = 0
    for size in range(cap + 1):
        total += pairs[size]
        if total > most:
            return max(size - 1, 1)
    return cap


@compiled
def blocks_of(packed: Hashes, keys: Keys, number: int, cap: int) -> tuple[Ints, Ints]:
    """Return the rows of all blocks of two to `cap` rows, end to end, and where each ends.

    `packed` holds key × 2³² + row, in order, without rows that have no such key. The key of rows
    in larger blocks is struck out of `keys`.
    """
    rows = np.empty(len(packed), np.int32)
    ends = np.empty(len(packed) // 2 + 1, np.int32)
    kept = 0
    blocks = 0
    begin = 0
    while begin < len(packed):
        end = begin + 1
        key = packed[begin] >> np.uint64(32)
        while end < len(packed) and packed[end] >> np.uint64(32) == key:
            end += 1
        if end - begin > cap:
            for k in range(begin, end):
                keys[np.int64(packed[k] & _ROW), number] = 0
        elif end - begin > 1:
            for k in range(begin, end):
                rows[kept] = np.int32(packed[k] & _ROW)
                kept += 1
            ends[blocks] = kept
            blocks += 1
        begin = end
    return rows[:kept].copy(), ends[:blocks].copy()


@compiled
def _is_new(keys: Keys, number: int, one: int, other: int) -> bool:
    """Tell whether no earlier key brought this pair together."""
    for earlier in range(number):
        if keys[one, earlier] != 0 and keys[one, earlier] == keys[other, earlier]:
            return False
    return True


@compiled
def _twice_as_long(array: Ints) -> Ints:
    longer = np.empty(2 * len(array), np.int32)
    for place in range(len(array)):
        longer[place] = array[place]
    return longer


@compiled
def pairs_in_blocks(
    rows: Ints,
    ends: Ints,
    first: int,
    last: int,
    share: np.uint32,
    keys: Keys,
    number: int,
    source: Ints,
) -> tuple[Ints, Ints]:
    """Return the pairs of the blocks from `first` to before `last` that no earlier key brought.

    Only the blocks of a `share` (of 65,536) of the keys are looked at: a fair sample of pairs.
    With more than one source only pairs of different sources count.
    """
    left = np.empty(1024, np.int32)
    right = np.empty(1024, np.int32)
    count = 0
    for block in range(first, last):
        begin = ends[block - 1] if block > 0 else 0
        key = keys[rows[begin], number]
        if np.uint32(key * np.uint32(2654435769)) >> np.uint32(16) >= share:
            continue
        for x in range(begin, ends[block]):
            for y in range(x + 1, ends[block]):
                one, other = min(rows[x], rows[y]), max(rows[x], rows[y])
                if len(source) > 0 and source[one] == source[other]:
                    continue
                if _is_new(keys, number, one, other):
                    if count == len(left):
                        left, right = _twice_as_long(left), _twice_as_long(right)
                    left[count] = one
                    right[count] = other
                    count += 1
    return left[:count].copy(), right[:count].copy()
