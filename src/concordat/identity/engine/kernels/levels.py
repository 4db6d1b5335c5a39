"""How far two persons agree, field by field: a small number, the level, for each.

Level 0 is "one of the two doesn't say"; 1 is equal; DIFFERENT is different. What the others mean
depends on the field and is named in `levels.py` of the engine.
"""

from typing import Final

import numpy as np
from numba import njit

from concordat.identity.engine.kernels.strings import (
    characters_apart,
    edits,
    is_word_of,
    jaro_winkler,
    share_a_group,
    span,
    within_one_edit,
)
from concordat.identity.engine.meanings import Field

LEVELS: Final = 12
SILENT: Final = 0
SAME: Final = 1
DIFFERENT: Final = 9

NICKNAME: Final = 2
INITIAL: Final = 3
VERY_NEAR: Final = 4
NEAR: Final = 5
SIMILAR: Final = 6
WORD_OF: Final = 7
CROSSED: Final = 10
CROSSED_HALF: Final = 11

SAME_FIRST_JANUARY: Final = 2
SWAPPED: Final = 3
ONE_DIGIT: Final = 4
YEAR_ONLY: Final = 5
TWO_PARTS: Final = 6
TWO_DIGITS: Final = 7
SAME_YEAR: Final = 8

ONE_EDIT: Final = 2
TWO_EDITS: Final = 3

SAME_SEX_AND_NAME: Final = 2
OTHER_SEX_SAME_NAME: Final = 3

NEAR_POSTCODE: Final = 2
SECTOR: Final = 3
DISTRICT: Final = 4
AREA: Final = 5

AT_SAME_POSTCODE: Final = 2
OTHER_AT_SAME_POSTCODE: Final = 3

NEAR_TEXT: Final = 2
SIMILAR_TEXT: Final = 3

LOCAL_PART: Final = 3
NEAR_EMAIL: Final = 4

_FORENAME: Final = int(Field.FORENAME)
_SURNAME: Final = int(Field.SURNAME)
_MIDDLE: Final = int(Field.MIDDLE_NAMES)
_BORN: Final = int(Field.DATE_OF_BIRTH)
_SEX: Final = int(Field.SEX)
_POSTCODE: Final = int(Field.POSTCODE)
_HOUSE: Final = int(Field.HOUSE)
_STREET: Final = int(Field.STREET)
_TOWN: Final = int(Field.TOWN)
_REGION: Final = int(Field.REGION)
_PHONE: Final = int(Field.PHONE)
_EMAIL: Final = int(Field.EMAIL)
_FIRST_IDENTIFIER: Final = int(Field.PNC_ID)
_LAST_IDENTIFIER: Final = int(Field.IDENTIFIER)
_BIRTH_PLACE: Final = int(Field.BIRTH_PLACE)
_FIELDS: Final = len(Field)
_AT: Final = ord("@")


# The kernels below are given the arrays of the vocabulary one by one, and the table of codes with
# two row numbers: taking arrays out of tuples and rows out of tables in the inner loops would
# count references there, which takes longer than the comparing and makes two threads wait for
# each other.


@njit(nogil=True, cache=True)
def name_level(text, start, sound, group_start, groups, a, b):
    """Return how far two names agree."""
    if a < 0 or b < 0:
        return SILENT
    if a == b:
        return SAME
    if share_a_group(group_start, groups, a, b):
        return NICKNAME
    begin_a, long_a = span(start, a)
    begin_b, long_b = span(start, b)
    if long_a == 1 or long_b == 1:
        return INITIAL if text[begin_a] == text[begin_b] else DIFFERENT
    if is_word_of(text, start, a, b):
        return WORD_OF
    likeness = jaro_winkler(text, start, a, b)
    if likeness >= 0.93:
        return VERY_NEAR
    if likeness >= 0.88 or (sound[a] == sound[b] and likeness >= 0.7):
        return NEAR
    if likeness >= 0.8:
        return SIMILAR
    return DIFFERENT


@njit(nogil=True, cache=True)
def names_levels(text, start, sound, group_start, groups, codes, one, other, found, row):
    """Find the levels of forename, surname and middle names; crossed ones are found together."""
    first_a, last_a, middle_a = codes[one, _FORENAME], codes[one, _SURNAME], codes[one, _MIDDLE]
    first_b, last_b = codes[other, _FORENAME], codes[other, _SURNAME]
    middle_b = codes[other, _MIDDLE]
    forename = name_level(text, start, sound, group_start, groups, first_a, first_b)
    surname = name_level(text, start, sound, group_start, groups, last_a, last_b)
    middle = name_level(text, start, sound, group_start, groups, middle_a, middle_b)
    weak_forename = forename == SILENT or forename == SIMILAR or forename == DIFFERENT
    weak_surname = surname == SILENT or surname == SIMILAR or surname == DIFFERENT
    if weak_forename and weak_surname:
        there = back = -1.0
        if first_a >= 0 and last_b >= 0:
            there = jaro_winkler(text, start, first_a, last_b)
        if last_a >= 0 and first_b >= 0:
            back = jaro_winkler(text, start, last_a, first_b)
        if there >= 0.9 and back >= 0.9:
            forename = CROSSED
            surname = SILENT
        elif (there >= 0.93 and back < 0) or (back >= 0.93 and there < 0):
            forename = CROSSED_HALF
            surname = SILENT
    if forename == DIFFERENT and (
        (middle_a >= 0 and middle_a == first_b) or (middle_b >= 0 and middle_b == first_a)
    ):
        forename = CROSSED_HALF
        middle = SILENT
    found[row, _FORENAME] = forename
    found[row, _SURNAME] = surname
    found[row, _MIDDLE] = middle


@njit(nogil=True, cache=True)
def birth_level(one, other):
    """Return how far two dates of birth agree; they are numbers, year × 10,000 + month × 100 + day."""
    if one < 10_000 or other < 10_000:
        return SILENT
    if one == other and one % 100 > 0:
        return SAME_FIRST_JANUARY if one % 10_000 == 101 else SAME
    year_a, month_a, day_a = one // 10_000, one // 100 % 100, one % 100
    year_b, month_b, day_b = other // 10_000, other // 100 % 100, other % 100
    if min(month_a, month_b, day_a, day_b) == 0:
        if year_a != year_b:
            return DIFFERENT
        return TWO_PARTS if month_a == month_b and month_a > 0 else YEAR_ONLY
    if year_a == year_b and month_a == day_b and day_a == month_b:
        return SWAPPED
    digits = 0
    left, right = one, other
    while left > 0 or right > 0:
        digits += left % 10 != right % 10
        left //= 10
        right //= 10
    first_january = one % 10_000 == 101 or other % 10_000 == 101
    if year_a == year_b and first_january:
        return YEAR_ONLY
    if digits == 1:
        return ONE_DIGIT
    if year_a == year_b and (month_a == month_b or day_a == day_b):
        return TWO_PARTS
    if month_a == month_b and day_a == day_b and not first_january:
        return TWO_PARTS
    if digits == 2 and not first_january:
        return TWO_DIGITS
    if year_a == year_b or (first_january and abs(year_a - year_b) <= 1):
        return SAME_YEAR
    return DIFFERENT


@njit(nogil=True, cache=True)
def postcode_level(text, start, a, b):
    """Return how far two postcodes that aren't equal agree."""
    begin_a, long_a = span(start, a)
    begin_b, long_b = span(start, b)
    shared = 0
    while (
        shared < long_a
        and shared < long_b
        and text[begin_a + shared] == text[begin_b + shared]
    ):
        shared += 1
    if within_one_edit(text, start, a, b):
        return NEAR_POSTCODE
    if shared >= long_a - 2 and shared > 0:
        return SECTOR
    if shared >= long_a - 3 and shared > 0:
        return DISTRICT
    return AREA if shared >= 1 else DIFFERENT


@njit(nogil=True, cache=True)
def text_level(text, start, a, b):
    """Return how far two words or phrases agree."""
    if a < 0 or b < 0:
        return SILENT
    if a == b:
        return SAME
    likeness = jaro_winkler(text, start, a, b)
    if likeness >= 0.92:
        return NEAR_TEXT
    if likeness >= 0.85 or is_word_of(text, start, a, b):
        return SIMILAR_TEXT
    return DIFFERENT


@njit(nogil=True, cache=True)
def number_level(text, start, a, b):
    """Return how far two identifiers or phone numbers agree."""
    if a < 0 or b < 0:
        return SILENT
    if a == b:
        return SAME
    if within_one_edit(text, start, a, b):
        return ONE_EDIT
    return TWO_EDITS if characters_apart(text, start, a, b) == 2 else DIFFERENT


@njit(nogil=True, cache=True)
def email_level(text, start, a, b):
    """Return how far two email addresses agree."""
    if a < 0 or b < 0:
        return SILENT
    if a == b:
        return SAME
    likeness = jaro_winkler(text, start, a, b)
    if likeness >= 0.85 and edits(text, start, a, b, 2) <= 2:
        return ONE_EDIT
    begin_a, long_a = span(start, a)
    begin_b, long_b = span(start, b)
    k = 0
    while (
        k < long_a
        and k < long_b
        and text[begin_a + k] == text[begin_b + k]
        and text[begin_a + k] != _AT
    ):
        k += 1
    if k < min(long_a, long_b) and text[begin_a + k] == _AT == text[begin_b + k]:
        return LOCAL_PART
    return NEAR_EMAIL if likeness >= 0.88 else DIFFERENT


@njit(nogil=True, cache=True)
def address_levels(text, start, is_sure, codes, one, other, found, row):
    """Find the levels of the parts of an address.

    The parts depend on each other: inside one postcode the street and the town say nothing new,
    and one house number is another piece of evidence than elsewhere.
    """
    a, b = codes[one, _POSTCODE], codes[other, _POSTCODE]
    postcode = SILENT
    if a >= 0 and b >= 0:
        postcode = SAME if a == b else postcode_level(text, start, a, b)
    unit = postcode == SAME and is_sure[a]
    house = SILENT
    a, b = codes[one, _HOUSE], codes[other, _HOUSE]
    if a >= 0 and b >= 0:
        if unit:
            house = AT_SAME_POSTCODE if a == b else OTHER_AT_SAME_POSTCODE
        else:
            house = SAME if a == b else DIFFERENT
    found[row, _POSTCODE] = postcode
    found[row, _HOUSE] = house
    street = town = region = SILENT
    if not unit:
        street = text_level(text, start, codes[one, _STREET], codes[other, _STREET])
        town = text_level(text, start, codes[one, _TOWN], codes[other, _TOWN])
        if town != SAME:
            region = text_level(text, start, codes[one, _REGION], codes[other, _REGION])
    found[row, _STREET] = street
    found[row, _TOWN] = town
    found[row, _REGION] = region


@njit(nogil=True, cache=True)
def levels_of(
    text, start, sound, group_start, groups, is_sure, codes, one, other, found, row
):
    """Find the level of every field of two persons, rows `one` and `other` of the codes."""
    names_levels(text, start, sound, group_start, groups, codes, one, other, found, row)
    found[row, _BORN] = birth_level(codes[one, _BORN], codes[other, _BORN])
    a, b = codes[one, _SEX], codes[other, _SEX]
    sex = SILENT
    if a >= 0 and b >= 0:
        sex = SAME if a == b else DIFFERENT
        forename = found[row, _FORENAME]
        if forename in (SAME, NICKNAME, VERY_NEAR, NEAR):  # the name has told the sex
            sex = SAME_SEX_AND_NAME if a == b else OTHER_SEX_SAME_NAME
    found[row, _SEX] = sex
    address_levels(text, start, is_sure, codes, one, other, found, row)
    found[row, _PHONE] = number_level(text, start, codes[one, _PHONE], codes[other, _PHONE])
    found[row, _EMAIL] = email_level(text, start, codes[one, _EMAIL], codes[other, _EMAIL])
    for field in range(_FIRST_IDENTIFIER, _LAST_IDENTIFIER + 1):
        a, b = codes[one, field], codes[other, field]
        found[row, field] = number_level(text, start, a, b) if a >= 0 and b >= 0 else SILENT
    for field in range(_BIRTH_PLACE, _FIELDS):
        a, b = codes[one, field], codes[other, field]
        found[row, field] = text_level(text, start, a, b) if a >= 0 and b >= 0 else SILENT


@njit(nogil=True, cache=True)
def levels_of_pairs(words, codes, left, right, found):
    """Find the levels of many pairs of rows: `found` is one row of levels for each."""
    text, start, sound, is_sure = words.text, words.start, words.sound, words.is_sure
    group_start, groups = words.group_start, words.groups
    for pair in range(len(left)):
        levels_of(
            text, start, sound, group_start, groups, is_sure,
            codes, left[pair], right[pair], found, pair,
        )  # fmt: skip


@njit(nogil=True, cache=True)
def are_two(is_sure, codes, one, other, found, row):
    """Tell whether two sure PNC IDs say that these are two persons."""
    if found[row, _FIRST_IDENTIFIER] <= SAME:
        return False
    return is_sure[codes[one, _FIRST_IDENTIFIER]] and is_sure[codes[other, _FIRST_IDENTIFIER]]
