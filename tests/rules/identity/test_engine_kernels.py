"""Kernels against plain Python: likeness of strings, edits; and numbers that may never change."""

from typing import Final

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concordat.identity.engine import features_of, keys_of
from concordat.identity.engine.kernels.hashing import hash_of, mixed, sound_of
from concordat.identity.engine.kernels.strings import (
    LONGEST,
    characters_apart,
    edits,
    is_word_of,
    jaro_winkler,
    within_one_edit,
)
from concordat.identity.engine.meanings import Meaning

Bytes = npt.NDArray[np.uint8]
_LETTERS: Final = st.text("abc d", min_size=1, max_size=14)
_MANY: Final = settings(max_examples=300, deadline=None)


def packed(*texts: str) -> tuple[Bytes, npt.NDArray[np.int64]]:
    """Return strings as the kernels take them: end to end, and where each begins."""
    encoded = [text.encode() for text in texts]
    start = np.cumsum([0, *map(len, encoded)]).astype(np.int64)
    return np.frombuffer(b"".join(encoded), np.uint8).copy(), start


def plain_jaro_winkler(one: str, other: str) -> float:
    """Return the similarity as Winkler (1990) defines it."""
    reach = max(max(len(one), len(other)) // 2 - 1, 0)
    free = list(range(len(other)))
    matched: list[tuple[int, int]] = []
    for i, letter in enumerate(one):
        place = next((j for j in free if abs(i - j) <= reach and other[j] == letter), None)
        if place is not None:
            free.remove(place)
            matched.append((i, place))
    if not matched:
        return 0.0
    there = [other[j] for j in sorted(j for _, j in matched)]
    crossed = sum(one[i] != letter for (i, _), letter in zip(matched, there, strict=True)) / 2
    count = len(matched)
    jaro = (count / len(one) + count / len(other) + (count - crossed) / count) / 3
    prefix = 0
    while prefix < min(4, len(one), len(other)) and one[prefix] == other[prefix]:
        prefix += 1
    return jaro + prefix * 0.1 * (1 - jaro)


def plain_edits(one: str, other: str) -> int:
    """Return the optimal string alignment distance."""
    table = [
        [i + j if not i * j else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)
    ]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            table[i][j] = min(
                table[i - 1][j] + 1,
                table[i][j - 1] + 1,
                table[i - 1][j - 1] + (one[i - 1] != other[j - 1]),
            )
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]


@_MANY
@given(_LETTERS, _LETTERS)
def test_strings_are_compared_as_the_definitions_say(one: str, other: str) -> None:
    text, start = packed(one, other)
    assert jaro_winkler(text, start, 0, 1) == pytest.approx(plain_jaro_winkler(one, other))
    apart = plain_edits(one, other)
    for most in (1, 2, 20):
        assert min(edits(text, start, 0, 1, most), most + 1) == min(apart, most + 1)
    assert within_one_edit(text, start, 0, 1) == (apart <= 1)
    differing = sum(a != b for a, b in zip(one, other, strict=False))
    expected = differing if len(one) == len(other) else LONGEST
    assert characters_apart(text, start, 0, 1) == expected


@_MANY
@given(st.text(max_size=90), st.text(max_size=90))
def test_any_text_is_compared_the_same_both_ways_round(one: str, other: str) -> None:
    text, start = packed(one, other)
    assert 0 <= jaro_winkler(text, start, 0, 1) <= 1
    for compare in (jaro_winkler, within_one_edit, characters_apart, is_word_of):
        assert compare(text, start, 0, 1) == pytest.approx(compare(text, start, 1, 0))
    assert (edits(text, start, 0, 1, 3) <= 3) == (edits(text, start, 1, 0, 3) <= 3)


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        ("smith jones", "smith", True),
        ("smith jones", "jones", True),
        ("anne marie louise", "marie", False),  # neither leads nor closes
        ("smithson", "smith", False),  # no word by itself
        ("al amin", "al", False),  # too short to tell
        ("smith", "smith", False),
    ],
)
def test_one_word_of_another_name(one: str, other: str, is_one: bool) -> None:
    text, start = packed(one, other)
    assert is_word_of(text, start, 0, 1) == is_word_of(text, start, 1, 0) == is_one


@pytest.mark.parametrize(
    "spellings",
    [
        ("smith", "smyth"),
        ("philip", "filip"),
        ("catherine", "katherine", "kathryn"),
        ("mohammed", "muhamad"),
        ("hussain", "hossein"),
        ("jeffrey", "geoffrey"),
        ("stephen", "steven"),
    ],
)
def test_names_that_sound_alike(spellings: tuple[str, ...]) -> None:
    text, start = packed(*spellings)
    heard = {int(sound_of(text, start, code)) for code in range(len(spellings))}
    assert len(heard) == 1
    assert heard != {0}


# Numbers that databases keep. If one of these tests fails, the change breaks every register that
# is in use: records would no longer be found. Make a new recipe or function instead.


def test_hashes_never_change() -> None:
    text, _ = packed("smith")
    assert int(hash_of(text, 0, 5)) == 0x38A8B572B9CBAF10
    assert int(hash_of(text, 0, 0)) == 0
    assert int(mixed(np.uint64(1), np.uint64(2))) == 0xEB119B270593B15C
    text, start = packed("robert", "schmidt", "who")
    assert [int(sound_of(text, start, code)) for code in range(3)] == [0x8183, 0x273, 0x4]


_PERSONS: Final[tuple[dict[Meaning, str], ...]] = (
    {
        Meaning.FORENAME: "Robert",
        Meaning.SURNAME: "O'Brien",
        Meaning.DATE_OF_BIRTH: "23/05/1987",
        Meaning.POSTCODE: "ss1 2ab",
        Meaning.HOUSE: "14A",
        Meaning.STREET: "High St",
        Meaning.TOWN: "Southend-on-Sea",
        Meaning.PHONE: "07700 900123",
    },
    {Meaning.FULL_NAME: "Liz Thompson", Meaning.DATE_OF_BIRTH: "May 1987"},
    {Meaning.PNC_ID: "2001/1234567K", Meaning.EMAIL: "jo@example.com"},
    {},
)
_KEYS: Final[tuple[tuple[int, ...], ...]] = (
    (
        -6202730973010401493,
        -4632768311589185394,
        -4214845552822779320,
        -4205673129463472173,
        -1821748816304559599,
        6140350761748362300,
        -8423082431701432507,
        4979904718802108612,
        -1804135876786013270,
        6811629861399119287,
        1304908780885707308,
        5025159565836768913,
        2853268649846226077,
        2245120833797304285,
        -3393531398446995963,
        -8810389679106465976,
        -1195808607061156299,
        1104024839839689427,
        -8897996776074918145,
    ),
    (3658505024807171947, -1527156496486494283, 8622339874856943672, 7911666439698767796),
    (7999352878776240262, 2591427212578632953),
    (),
)


def test_blocking_keys_never_change() -> None:
    assert tuple(keys_of([features_of(person) for person in _PERSONS])) == _KEYS


def test_a_key_is_a_signed_number_of_64_bits_and_no_person_has_one_twice() -> None:
    for keys in keys_of([features_of(person) for person in _PERSONS]):
        assert len(set(keys)) == len(keys)
        assert all(-(2**63) <= key < 2**63 and key != 0 for key in keys)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"forename": "robert", "surname": "khan"}, {"forename": "khan", "surname": "robert"}),
        (
            {"surname": "smith", "date_of_birth": "1987-05-03"},
            {"surname": "smyth", "date_of_birth": "1987-03-05"},
        ),
        (
            {"forename": "bob", "date_of_birth": "1987-05-23"},
            {"forename": "robert", "date_of_birth": "1987-05-23"},
        ),
        (
            {"forename": "susan", "surname": "patel", "postcode": "SS12AB"},
            {"forename": "sue", "surname": "patil", "postcode": "SS13XY"},
        ),
        ({"phone": "+447700900123"}, {"phone": "+447700900123", "surname": "jones"}),
    ],
)
def test_a_damaged_field_leaves_a_key_in_common(one: dict[str, str], other: dict[str, str]) -> None:
    keys = keys_of([one, other])
    assert set(keys[0]) & set(keys[1])
