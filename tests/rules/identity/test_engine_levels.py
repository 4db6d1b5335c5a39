"""Which level a pair of values gets: every field, every class of error, and both ways round."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concordat.identity.engine import Field, People, default_model
from concordat.identity.engine.kernels import levels as l
from concordat.identity.engine.kernels.levels import levels_of_pairs
from concordat.identity.engine.kernels.scores import bits_of_pairs
from concordat.identity.engine.model import LEVEL_GROUPS, LEVEL_NAMES

Person = Mapping[str, str]


def levels_of(one: Person, other: Person) -> dict[Field, str]:
    """Return the levels of two persons in words; what one of them doesn't say is left out."""
    people = People.from_features([one, other])
    found = np.zeros((2, len(Field)), np.int8)
    ahead, back = np.array([0, 1], np.int32), np.array([1, 0], np.int32)
    levels_of_pairs(people.words, people.codes, ahead, back, found)
    assert found[0].tolist() == found[1].tolist()
    return {
        field: LEVEL_NAMES[field][int(found[0, field])]
        for field in Field
        if found[0, field] != l.SILENT
    }


@pytest.mark.parametrize(
    ("field", "one", "other", "level"),
    [
        ("forename", "robert", "robert", "same"),
        ("forename", "robert", "bob", "nickname"),
        ("forename", "elizabeth", "liz", "nickname"),
        ("forename", "r", "robert", "initial"),
        ("forename", "r", "r", "same"),
        ("forename", "r", "david", "different"),
        ("forename", "robert", "robret", "typing slip"),
        ("forename", "robert", "roberrt", "typing slip"),
        ("forename", "catherine", "kathryn", "sounds alike"),
        ("forename", "anne", "anne marie", "part of the other"),
        ("forename", "marie", "anne marie", "part of the other"),
        ("forename", "robert", "susan", "different"),
        ("surname", "smith", "smyth", "sounds alike"),
        ("surname", "thompson", "thomson", "typing slip"),
        ("surname", "mohammed", "muhamad", "sounds alike"),
        ("surname", "smith jones", "jones", "part of the other"),
        ("surname", "smith jones", "smith", "part of the other"),
        ("surname", "smith", "smithers", "sounds alike"),
        ("surname", "o", "obrien", "initial"),
        ("surname", "smith", "patel", "different"),
        ("middle_names", "james", "jim", "nickname"),
        ("middle_names", "j", "james", "initial"),
        ("date_of_birth", "1987-05-23", "1987-05-23", "same"),
        ("date_of_birth", "1987-01-01", "1987-01-01", "same, 1 January"),
        ("date_of_birth", "1987-05-03", "1987-03-05", "day and month swapped"),
        ("date_of_birth", "1987-05-23", "1987-05-28", "one digit off"),
        ("date_of_birth", "1987-05-23", "1986-05-23", "one digit off"),
        ("date_of_birth", "1987-05-23", "1987-01-01", "same year, day unknown or 1 January"),
        ("date_of_birth", "1987-05-23", "1987-00-00", "same year, day unknown or 1 January"),
        ("date_of_birth", "1987-00-00", "1987-00-00", "same year, day unknown or 1 January"),
        ("date_of_birth", "1987-05-23", "1987-05-00", "two of day, month and year the same"),
        ("date_of_birth", "1987-05-23", "1987-04-00", "same year, day unknown or 1 January"),
        ("date_of_birth", "1987-05-23", "1988-00-00", "different"),
        ("date_of_birth", "1987-05-23", "1987-05-11", "two of day, month and year the same"),
        ("date_of_birth", "1987-05-23", "1987-11-23", "two of day, month and year the same"),
        ("date_of_birth", "1978-05-23", "1987-05-23", "two of day, month and year the same"),
        ("date_of_birth", "1987-05-23", "1986-05-24", "two digits off"),
        ("date_of_birth", "1987-05-23", "1987-11-11", "same year"),
        ("date_of_birth", "1987-01-01", "1988-06-17", "same year"),
        ("date_of_birth", "1987-05-23", "1961-11-11", "different"),
        ("date_of_birth", "1990-01-01", "1970-01-01", "one digit off"),
        ("sex", "m", "m", "same"),
        ("sex", "m", "f", "different"),
        ("sex", "x", "f", "different"),
        ("postcode", "SS12AB", "SS12AB", "same"),
        ("postcode", "SS12AB", "SS12AD", "one character off"),
        ("postcode", "SS12AB", "SS21AB", "one character off"),
        ("postcode", "SS12AB", "SS12XY", "same sector"),
        ("postcode", "SS12AB", "SS13XY", "same district"),
        ("postcode", "SS12AB", "SS94XY", "same area"),
        ("postcode", "SS12AB", "CM94XY", "different"),
        ("house", "14a", "14a", "same"),
        ("house", "14a", "14b", "different"),
        ("street", "high street", "high street", "same"),
        ("street", "high street", "hihg street", "nearly the same"),
        ("street", "high street", "mill lane", "different"),
        ("town", "southend on sea", "southend", "similar"),
        ("town", "basildon", "bazildon", "nearly the same"),
        ("town", "basildon", "harlow", "different"),
        ("region", "essex", "esex", "nearly the same"),
        ("phone", "+447700900123", "+447700900123", "same"),
        ("phone", "+447700900123", "+447700900132", "one character off"),
        ("phone", "+447700900123", "+44770090123", "one character off"),
        ("phone", "+447700900123", "+447700900155", "different"),
        ("phone", "+447700900123", "+441632960777", "different"),
        ("email", "jo.smith@example.com", "jo.smith@example.com", "same"),
        ("email", "jo.smith@example.com", "jo.smiht@example.com", "a character or two off"),
        ("email", "jo.smith@example.com", "jo.smith@fable.test", "same before the @"),
        ("email", "jo.smith@example.com", "annabel@fable.test", "different"),
        ("pnc_id", "2001/0000123A", "2001/0000123A", "same"),
        ("pnc_id", "2001/0000123A", "2001/0000132A", "one character off"),
        ("cro", "123/99A", "124/98A", "two characters off"),
        ("nino", "QQ123456C", "QQ999999C", "different"),
        ("identifier", "ab1234", "ab12345", "one character off"),
        ("birth_place", "london", "leeds", "different"),
        ("occupation", "bus driver", "driver", "similar"),
    ],
)
def test_the_level_of_two_values(field: str, one: str, other: str, level: str) -> None:
    found = levels_of({field: one}, {field: other})
    assert found == {Field[field.upper()]: level}


@pytest.mark.parametrize(
    ("one", "other", "levels"),
    [
        (  # crossed names are one finding: the surname says nothing more
            {"forename": "khan", "surname": "imran"},
            {"forename": "imran", "surname": "khan"},
            {Field.FORENAME: "forename and surname crossed"},
        ),
        (  # crossed, with a slip in one of them
            {"forename": "thompson", "surname": "peter"},
            {"forename": "peter", "surname": "thomspon"},
            {Field.FORENAME: "forename and surname crossed"},
        ),
        (  # known by another name: the middle one
            {"forename": "james", "middle_names": "robert", "surname": "patel"},
            {"forename": "robert", "surname": "patel"},
            {Field.FORENAME: "known by another of the names", Field.SURNAME: "same"},
        ),
        (  # one record has its only name in the other column
            {"surname": "imran"},
            {"forename": "imran"},
            {Field.FORENAME: "known by another of the names"},
        ),
        (  # a married surname
            {"forename": "susan", "surname": "smith"},
            {"forename": "susan", "surname": "patel"},
            {Field.FORENAME: "same", Field.SURNAME: "different"},
        ),
        (  # the forename has told the sex already
            {"forename": "sam", "sex": "m"},
            {"forename": "sam", "sex": "m"},
            {Field.FORENAME: "same", Field.SEX: "same, as the forename tells"},
        ),
        (
            {"forename": "sam", "sex": "m"},
            {"forename": "sam", "sex": "f"},
            {Field.FORENAME: "same", Field.SEX: "different, with one forename"},
        ),
        (
            {"forename": "robert", "sex": "m"},
            {"forename": "susan", "sex": "f"},
            {Field.FORENAME: "different", Field.SEX: "different"},
        ),
        (  # inside one postcode street and town say nothing new, but the house does
            {"postcode": "SS12AB", "house": "4", "street": "high street", "town": "basildon"},
            {"postcode": "SS12AB", "house": "4", "street": "high street", "town": "basildon"},
            {Field.POSTCODE: "same", Field.HOUSE: "same, at the same postcode"},
        ),
        (
            {"postcode": "SS12AB", "house": "4"},
            {"postcode": "SS12AB", "house": "9"},
            {Field.POSTCODE: "same", Field.HOUSE: "different, at the same postcode"},
        ),
        (  # a postcode of another country may be a whole town's
            {"postcode": "2600", "house": "4", "town": "canberra"},
            {"postcode": "2600", "house": "4", "town": "canberra"},
            {Field.POSTCODE: "same", Field.HOUSE: "same", Field.TOWN: "same"},
        ),
        (  # the region is told by the town
            {"town": "basildon", "region": "essex"},
            {"town": "basildon", "region": "essex"},
            {Field.TOWN: "same"},
        ),
    ],
)
def test_fields_that_are_compared_together(
    one: Person, other: Person, levels: dict[Field, str]
) -> None:
    assert levels_of(one, other) == levels


@pytest.mark.parametrize("field", Field)
def test_what_one_of_the_two_does_not_say_is_no_evidence(field: Field) -> None:
    assert levels_of({field.name.lower(): "1987-05-23"}, {}) == {}


def test_every_level_is_named_and_in_a_group() -> None:
    for field in Field:
        named = set(LEVEL_NAMES[field])
        grouped = [level for group in LEVEL_GROUPS[field] for level in group]
        assert sorted(grouped) == sorted(named)
        assert l.SILENT not in named
        assert max(named) < l.LEVELS
        assert len(set(LEVEL_NAMES[field].values())) == len(named)


_NAMES = st.one_of(
    st.sampled_from(
        [
            "r",
            "robert",
            "bob",
            "rob",
            "imran",
            "khan",
            "smith",
            "smyth",
            "smith-jones",
            "jones",
            "anne",
        ]
    ),
    st.text("abcdeh ", min_size=1, max_size=12).map(str.strip),
    st.text(max_size=80),
)
_BIRTHS = st.one_of(
    st.just(""),
    st.builds(
        "{:04}-{:02}-{:02}".format,
        st.sampled_from([0, 1, 999, 1900, 1978, 1987, 1988, 2001, 9998]),
        st.sampled_from([0, 1, 3, 5, 12, 18, 99]),
        st.sampled_from([0, 1, 3, 5, 12, 23, 31, 99]),
    ),
)
_TEXTS = st.one_of(
    st.text("abc@.12 ", max_size=70), st.text(max_size=20), st.sampled_from(["SS12AB", "SS123CD"])
)
_PERSONS = st.fixed_dictionaries(
    {},
    optional={
        "forename": _NAMES,
        "surname": _NAMES,
        "middle_names": _NAMES,
        "date_of_birth": _BIRTHS,
        "sex": st.sampled_from(["m", "f", "x"]),
        **{
            field.name.lower(): _TEXTS
            for field in Field
            if field > Field.SEX
        },
    },
)  # fmt: skip


_FEW: Final = settings(max_examples=30, deadline=None)


@_FEW
@given(st.lists(_PERSONS, min_size=2, max_size=12))
def test_levels_and_scores_are_the_same_both_ways_round_for_any_text(
    persons: list[Person],
) -> None:
    people = People.from_features(persons)
    left, right = (side.astype(np.int32) for side in np.triu_indices(len(persons), 1))
    ahead, back = np.zeros((2, len(left), len(Field)), np.int8)
    levels_of_pairs(people.words, people.codes, left, right, ahead)
    levels_of_pairs(people.words, people.codes, right, left, back)
    assert ahead.tolist() == back.tolist()
    scores = np.zeros((2, len(left)), np.float32)
    weights = default_model().weights(people)
    bits_of_pairs(people.words, people.codes, weights, left, right, scores[0])
    bits_of_pairs(people.words, people.codes, weights, right, left, scores[1])
    assert np.allclose(scores[0], scores[1], atol=1e-4)


@_FEW
@given(_PERSONS)
def test_a_person_never_differs_from_themselves(one: Person) -> None:
    told = set(levels_of(one, one).values())
    assert not told & {"different", "different, with one forename"}
