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


@njit(nogil=True, cache=True)
def name_level(words, a, b):
    """Return how far two names agree."""
    if a < 0 or b < 0:
        return SILENT
    if a == b:
        return SAME
    if share_a_group(words.group_start, words.groups, a, b):
        return NICKNAME
    begin_a, long_a = span(words.start, a)
    begin_b, long_b = span(words.start, b)
    if long_a == 1 or long_b == 1:
        return INITIAL if words.text[begin_a] == words.text[begin_b] else DIFFERENT
    if is_word_of(words.text, words.start, a, b):
        return WORD_OF
    likeness = jaro_winkler(words.text, words.start, a, b)
    if likeness >= 0.93:
        return VERY_NEAR
    if likeness >= 0.88 or (words.sound[a] == words.sound[b] and likeness >= 0.7):
        return NEAR
    if likeness >= 0.8:
        return SIMILAR
    return DIFFERENT


@njit(nogil=True, cache=True)
def _is_like(words, a, b):
    return jaro_winkler(words.text, words.start, a, b) if a >= 0 and b >= 0 else -1.0


@njit(nogil=True, cache=True)
def names_levels(words, one, other, found):
    """Find the levels of forename, surname and middle names; crossed ones are found together."""
    forename = name_level(words, one[_FORENAME], other[_FORENAME])
    surname = name_level(words, one[_SURNAME], other[_SURNAME])
    middle = name_level(words, one[_MIDDLE], other[_MIDDLE])
    weak_forename = forename in (SILENT, SIMILAR, DIFFERENT)
    weak_surname = surname in (SILENT, SIMILAR, DIFFERENT)
    if weak_forename and weak_surname:
        there = _is_like(words, one[_FORENAME], other[_SURNAME])
        back = _is_like(words, one[_SURNAME], other[_FORENAME])
        if there >= 0.9 and back >= 0.9:
            forename = CROSSED
            surname = SILENT
        elif (there >= 0.93 and back < 0) or (back >= 0.93 and there < 0):
            forename = CROSSED_HALF
            surname = SILENT
    if forename == DIFFERENT:
        by_middle = (one[_MIDDLE] >= 0 and one[_MIDDLE] == other[_FORENAME]) or (
            other[_MIDDLE] >= 0 and other[_MIDDLE] == one[_FORENAME]
        )
        if by_middle:
            forename = CROSSED_HALF
            middle = SILENT
    found[_FORENAME] = forename
    found[_SURNAME] = surname
    found[_MIDDLE] = middle


@njit(nogil=True, cache=True)
def birth_level(one, other):
    """Return how far two dates of birth agree; they are numbers, year × 10,000 + month × 100 + day."""
    if one < 10_000 or other < 10_000:
        return SILENT
    year_a, month_a, day_a = one // 10_000, one // 100 % 100, one % 100
    year_b, month_b, day_b = other // 10_000, other // 100 % 100, other % 100
    if min(month_a, month_b, day_a, day_b) == 0:
        if year_a != year_b:
            return DIFFERENT
        return TWO_PARTS if month_a == month_b and month_a > 0 else YEAR_ONLY
    if one == other:
        return SAME_FIRST_JANUARY if one % 10_000 == 101 else SAME
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
def postcode_level(words, a, b):
    """Return how far two postcodes agree."""
    if a < 0 or b < 0:
        return SILENT
    if a == b:
        return SAME
    begin_a, long_a = span(words.start, a)
    begin_b, long_b = span(words.start, b)
    shared = 0
    while (
        shared < long_a
        and shared < long_b
        and words.text[begin_a + shared] == words.text[begin_b + shared]
    ):
        shared += 1
    if within_one_edit(words.text, words.start, a, b):
        return NEAR_POSTCODE
    if shared >= long_a - 2 and shared > 0:
        return SECTOR
    if shared >= long_a - 3 and shared > 0:
        return DISTRICT
    return AREA if shared >= 1 else DIFFERENT


@njit(nogil=True, cache=True)
def text_level(words, a, b):
    """Return how far two words or phrases agree."""
    if a < 0 or b < 0:
        return SILENT
    if a == b:
        return SAME
    likeness = jaro_winkler(words.text, words.start, a, b)
    if likeness >= 0.92:
        return NEAR_TEXT
    if likeness >= 0.85 or is_word_of(words.text, words.start, a, b):
        return SIMILAR_TEXT
    return DIFFERENT


@njit(nogil=True, cache=True)
def number_level(words, a, b):
    """Return how far two identifiers or phone numbers agree."""
    if a < 0 or b < 0:
        return SILENT
    if a == b:
        return SAME
    if within_one_edit(words.text, words.start, a, b):
        return ONE_EDIT
    return TWO_EDITS if characters_apart(words.text, words.start, a, b) == 2 else DIFFERENT


@njit(nogil=True, cache=True)
def email_level(words, a, b):
    """Return how far two email addresses agree."""
    if a < 0 or b < 0:
        return SILENT
    if a == b:
        return SAME
    likeness = jaro_winkler(words.text, words.start, a, b)
    if likeness >= 0.85 and edits(words.text, words.start, a, b, 2) <= 2:
        return ONE_EDIT
    begin_a, long_a = span(words.start, a)
    begin_b, long_b = span(words.start, b)
    k = 0
    while (
        k < long_a
        and k < long_b
        and words.text[begin_a + k] == words.text[begin_b + k]
        and words.text[begin_a + k] != _AT
    ):
        k += 1
    if k < min(long_a, long_b) and words.text[begin_a + k] == _AT == words.text[begin_b + k]:
        return LOCAL_PART
    return NEAR_EMAIL if likeness >= 0.88 else DIFFERENT


@njit(nogil=True, cache=True)
def address_levels(words, one, other, found):
    """Find the levels of the parts of an address.

    The parts depend on each other: inside one postcode the street and the town say nothing new,
    and one house number is another piece of evidence than elsewhere.
    """
    postcode = postcode_level(words, one[_POSTCODE], other[_POSTCODE])
    unit = postcode == SAME and words.is_sure[one[_POSTCODE]]
    house = SILENT
    if one[_HOUSE] >= 0 and other[_HOUSE] >= 0:
        house = SAME if one[_HOUSE] == other[_HOUSE] else DIFFERENT
    if unit and house != SILENT:
        house = AT_SAME_POSTCODE if house == SAME else OTHER_AT_SAME_POSTCODE
    found[_POSTCODE] = postcode
    found[_HOUSE] = house
    if unit:
        found[_STREET] = SILENT
        found[_TOWN] = SILENT
        found[_REGION] = SILENT
        return
    found[_STREET] = text_level(words, one[_STREET], other[_STREET])
    found[_TOWN] = text_level(words, one[_TOWN], other[_TOWN])
    same_town = found[_TOWN] == SAME
    found[_REGION] = SILENT if same_town else text_level(words, one[_REGION], other[_REGION])


@njit(nogil=True, cache=True)
def levels_of(words, one, other, found):
    """Find the level of every field of two persons (rows of codes)."""
    names_levels(words, one, other, found)
    found[_BORN] = birth_level(one[_BORN], other[_BORN])
    sex = SILENT
    if one[_SEX] >= 0 and other[_SEX] >= 0:
        sex = SAME if one[_SEX] == other[_SEX] else DIFFERENT
        if found[_FORENAME] in (SAME, NICKNAME, VERY_NEAR, NEAR):  # the name has told the sex
            sex = SAME_SEX_AND_NAME if sex == SAME else OTHER_SEX_SAME_NAME
    found[_SEX] = sex
    address_levels(words, one, other, found)
    found[_PHONE] = number_level(words, one[_PHONE], other[_PHONE])
    found[_EMAIL] = email_level(words, one[_EMAIL], other[_EMAIL])
    for field in range(_FIRST_IDENTIFIER, _LAST_IDENTIFIER + 1):
        found[field] = number_level(words, one[field], other[field])
    for field in range(_BIRTH_PLACE, _FIELDS):
        found[field] = text_level(words, one[field], other[field])


@njit(nogil=True, cache=True)
def levels_of_pairs(words, codes, left, right, found):
    """Find the levels of many pairs of rows: `found` is one row of levels for each."""
    for pair in range(len(left)):
        levels_of(words, codes[left[pair]], codes[right[pair]], found[pair])


@njit(nogil=True, cache=True)
def are_two(words, one, other, levels):
    """Tell whether two sure PNC IDs say that these are two persons."""
    if levels[_FIRST_IDENTIFIER] <= SAME:
        return False
    return words.is_sure[one[_FIRST_IDENTIFIER]] and words.is_sure[other[_FIRST_IDENTIFIER]]
