"""How far two persons agree, field by field: a small number, the level, for each.

Level 0 is "one of the two doesn't say"; 1 is equal; DIFFERENT is different. What the others mean
depends on the field: the model has words for them.
"""

from typing import Final

from concordat.identity.engine.kernels.arrays import (
    Bytes,
    Codes,
    Flags,
    Hashes,
    Ints,
    Levels,
    Starts,
    Words,
)
from concordat.identity.engine.kernels.compiled import compiled
from concordat.identity.engine.kernels.strings import (
    characters_apart,
    edits,
    is_word_of,
    jaro_winkler,
    share_a_group,
    shared,
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
TWO_PERSONS: Final = 10

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
_PNC_ID: Final = int(Field.PNC_ID)
_LAST_IDENTIFIER: Final = int(Field.IDENTIFIER)
_BIRTH_PLACE: Final = int(Field.BIRTH_PLACE)
_FIELDS: Final = len(Field)
_AT: Final = ord("@")
_LETTERS: Final = ord("A")
_FIRST_JANUARY: Final = 101
_UNLIKE: Final = 1 << SILENT | 1 << SIMILAR | 1 << DIFFERENT
_TELLS_SEX: Final = 1 << SAME | 1 << NICKNAME | 1 << VERY_NEAR | 1 << NEAR


# The kernels below are given the arrays of the vocabulary one by one, and the table of codes with
# two row numbers: taking arrays out of tuples and rows out of tables in the inner loops would
# count references there, which takes longer than the comparing and makes two threads wait for
# each other.


@compiled
def name_level(
    text: Bytes, start: Starts, sound: Hashes, group_start: Ints, groups: Ints, a: int, b: int
) -> int:
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


@compiled
def crossed_level(
    text: Bytes, start: Starts, first_a: int, last_a: int, first_b: int, last_b: int
) -> int:
    """Return the level of forenames that agree with surnames, SILENT if they don't."""
    there = back = -1.0
    if first_a >= 0 and last_b >= 0:
        there = jaro_winkler(text, start, first_a, last_b)
    if last_a >= 0 and first_b >= 0:
        back = jaro_winkler(text, start, last_a, first_b)
    if there >= 0.9 and back >= 0.9:
        return CROSSED
    if (there >= 0.93 and back < 0) or (back >= 0.93 and there < 0):
        return CROSSED_HALF
    return SILENT


@compiled
def names_levels(
    text: Bytes,
    start: Starts,
    sound: Hashes,
    group_start: Ints,
    groups: Ints,
    codes: Codes,
    one: int,
    other: int,
    found: Levels,
    row: int,
) -> None:
    """Find the levels of forename, surname and middle names; crossed ones are found together."""
    first_a, last_a, middle_a = codes[one, _FORENAME], codes[one, _SURNAME], codes[one, _MIDDLE]
    first_b, last_b = codes[other, _FORENAME], codes[other, _SURNAME]
    middle_b = codes[other, _MIDDLE]
    forename = name_level(text, start, sound, group_start, groups, first_a, first_b)
    surname = name_level(text, start, sound, group_start, groups, last_a, last_b)
    middle = name_level(text, start, sound, group_start, groups, middle_a, middle_b)
    if (_UNLIKE >> forename) & (_UNLIKE >> surname) & 1:
        crossed = crossed_level(text, start, first_a, last_a, first_b, last_b)
        if crossed != SILENT:
            forename = crossed
            surname = SILENT
    if forename == DIFFERENT and (
        (middle_a >= 0 and middle_a == first_b) or (middle_b >= 0 and middle_b == first_a)
    ):
        forename = CROSSED_HALF
        middle = SILENT
    found[row, _FORENAME] = forename
    found[row, _SURNAME] = surname
    found[row, _MIDDLE] = middle


@compiled
def digits_apart(one: int, other: int) -> int:
    """Return in how many decimal digits two numbers differ."""
    digits = 0
    while one > 0 or other > 0:
        digits += one % 10 != other % 10
        one //= 10
        other //= 10
    return digits


@compiled
def birth_level(one: int, other: int) -> int:
    """Return how far two dates of birth agree: year × 10,000 + month × 100 + day, 0 for unknown."""
    if one < 10_000 or other < 10_000:
        return SILENT
    if one == other and one % 100 > 0:
        return SAME_FIRST_JANUARY if one % 10_000 == _FIRST_JANUARY else SAME
    same_year = one // 10_000 == other // 10_000
    month_a, day_a = one // 100 % 100, one % 100
    month_b, day_b = other // 100 % 100, other % 100
    if min(month_a, month_b, day_a, day_b) == 0:
        if not same_year:
            return DIFFERENT
        return TWO_PARTS if month_a == month_b and month_a > 0 else YEAR_ONLY
    if same_year and month_a == day_b and day_a == month_b:
        return SWAPPED
    if one % 10_000 == _FIRST_JANUARY or other % 10_000 == _FIRST_JANUARY:
        return default_birth_level(one, other)
    digits = digits_apart(one, other)
    if digits == 1:
        return ONE_DIGIT
    if same_year + (month_a == month_b) + (day_a == day_b) == 2:
        return TWO_PARTS
    if digits == 2:
        return TWO_DIGITS
    return SAME_YEAR if same_year else DIFFERENT


@compiled
def default_birth_level(one: int, other: int) -> int:
    """Return how far two dates agree of which one, 1 January, may stand for "that year or so"."""
    years = abs(one // 10_000 - other // 10_000)
    if years == 0:
        return YEAR_ONLY
    if digits_apart(one, other) == 1:
        return ONE_DIGIT
    return SAME_YEAR if years == 1 else DIFFERENT


@compiled
def letters(text: Bytes, begin: int, length: int) -> int:
    """Return how many letters a postcode begins with."""
    count = 0
    while count < length and text[begin + count] >= _LETTERS:
        count += 1
    return count


@compiled
def postcode_level(text: Bytes, start: Starts, a: int, b: int) -> int:
    """Return how far two postcodes agree."""
    if a < 0 or b < 0:
        return SILENT
    if a == b:
        return SAME
    begin_a, long_a = span(start, a)
    begin_b, long_b = span(start, b)
    if within_one_edit(text, start, a, b):
        return NEAR_POSTCODE
    same = shared(text, begin_a, begin_b, min(long_a, long_b))
    if long_a == long_b and long_a > 4 and same >= long_a - 3:
        return SECTOR if same >= long_a - 2 else DISTRICT
    letters_a, letters_b = letters(text, begin_a, long_a), letters(text, begin_b, long_b)
    return AREA if letters_a == letters_b and same >= max(letters_a, 1) else DIFFERENT


@compiled
def text_level(text: Bytes, start: Starts, a: int, b: int) -> int:
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


@compiled
def number_level(text: Bytes, start: Starts, a: int, b: int) -> int:
    """Return how far two identifiers or phone numbers agree."""
    if a < 0 or b < 0:
        return SILENT
    if a == b:
        return SAME
    if within_one_edit(text, start, a, b):
        return ONE_EDIT
    return TWO_EDITS if characters_apart(text, start, a, b) == 2 else DIFFERENT


@compiled
def email_level(text: Bytes, start: Starts, a: int, b: int) -> int:
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
    for k in range(shared(text, begin_a, begin_b, min(long_a, long_b))):
        if text[begin_a + k] == _AT:
            return LOCAL_PART
    return NEAR_EMAIL if likeness >= 0.88 else DIFFERENT


@compiled
def address_levels(
    text: Bytes,
    start: Starts,
    is_sure: Flags,
    codes: Codes,
    one: int,
    other: int,
    found: Levels,
    row: int,
) -> None:
    """Find the levels of the parts of an address.

    The parts depend on each other: inside one postcode the street and the town say nothing new,
    and one house number is another piece of evidence than elsewhere.
    """
    a, b = codes[one, _POSTCODE], codes[other, _POSTCODE]
    unit = a >= 0 and a == b and is_sure[a]
    found[row, _POSTCODE] = postcode_level(text, start, a, b)
    a, b = codes[one, _HOUSE], codes[other, _HOUSE]
    house = SILENT
    if a >= 0 and b >= 0:
        if unit:
            house = AT_SAME_POSTCODE if a == b else OTHER_AT_SAME_POSTCODE
        else:
            house = SAME if a == b else DIFFERENT
    found[row, _HOUSE] = house
    found[row, _STREET] = found[row, _TOWN] = found[row, _REGION] = SILENT
    if not unit:
        town = text_level(text, start, codes[one, _TOWN], codes[other, _TOWN])
        found[row, _STREET] = text_level(text, start, codes[one, _STREET], codes[other, _STREET])
        found[row, _TOWN] = town
        if town != SAME:
            a, b = codes[one, _REGION], codes[other, _REGION]
            found[row, _REGION] = text_level(text, start, a, b)


@compiled
def sex_level(a: int, b: int, forename: int) -> int:
    """Return how far the sexes agree; of two with one forename, the name has told it already."""
    if a < 0 or b < 0:
        return SILENT
    if (_TELLS_SEX >> forename) & 1:
        return SAME_SEX_AND_NAME if a == b else OTHER_SEX_SAME_NAME
    return SAME if a == b else DIFFERENT


@compiled
def levels_of_pairs(words: Words, codes: Codes, left: Ints, right: Ints, found: Levels) -> None:
    """Find the level of every field of many pairs of rows: `found` has one row for each."""
    text, start, sound, is_sure = words.text, words.start, words.sound, words.is_sure
    group_start, groups = words.group_start, words.groups
    for pair in range(len(left)):
        one, other = left[pair], right[pair]
        names_levels(text, start, sound, group_start, groups, codes, one, other, found, pair)
        found[pair, _BORN] = birth_level(codes[one, _BORN], codes[other, _BORN])
        a, b = codes[one, _SEX], codes[other, _SEX]
        found[pair, _SEX] = sex_level(a, b, found[pair, _FORENAME])
        address_levels(text, start, is_sure, codes, one, other, found, pair)
        phone = number_level(text, start, codes[one, _PHONE], codes[other, _PHONE])
        found[pair, _PHONE] = DIFFERENT if phone == TWO_EDITS else phone
        found[pair, _EMAIL] = email_level(text, start, codes[one, _EMAIL], codes[other, _EMAIL])
        for field in range(_PNC_ID, _LAST_IDENTIFIER + 1):
            a, b = codes[one, field], codes[other, field]
            found[pair, field] = number_level(text, start, a, b) if a >= 0 and b >= 0 else SILENT
        if found[pair, _PNC_ID] > SAME:
            a, b = codes[one, _PNC_ID], codes[other, _PNC_ID]
            if is_sure[a] and is_sure[b]:  # with a right check letter each, no slip of the other
                found[pair, _PNC_ID] = TWO_PERSONS
        for field in range(_BIRTH_PLACE, _FIELDS):
            a, b = codes[one, field], codes[other, field]
            found[pair, field] = text_level(text, start, a, b) if a >= 0 and b >= 0 else SILENT
