"""Registration marks: patterns of the United Kingdom, look-alikes, and half remembered ones."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concordat.records.rules.marks import (
    is_partial,
    look_alike_form,
    mark_form,
    mark_problem,
    matches_partial,
)
from concordat.records.rules.telling_numbers import find_marks

TODAY = date(2026, 11, 21)
MARKS = st.from_regex(r"[A-Z]{2}[0-9]{2}[A-Z]{3}", fullmatch=True)


@pytest.mark.parametrize(
    "mark",
    ["AB12CDE", "AB76CDE", "A1BCD", "A123BCD", "ABC1D", "ABC123D", "1A", "1234ABC", "ABC1234",
     "AIZ123", "101D101", "101X101", "12345", "12AB34", "Q123ABC"],
)  # fmt: skip
def test_marks_of_every_series_are_accepted(mark: str) -> None:
    assert mark_form(mark.lower()) == mark
    assert mark_problem(mark, today=TODAY) == ""


@pytest.mark.parametrize("mark", ["IB12CDE", "QB12CDE", "AZ12CDE", "AB12CIE", "AB12CDEF", "123456"])
def test_marks_that_no_series_has_are_told(mark: str) -> None:
    assert "no pattern" in mark_problem(mark, today=TODAY)


def test_a_mark_is_not_issued_before_its_day() -> None:
    assert mark_problem("AB27CDE", today=TODAY) == "would be issued in March 2027"
    assert mark_problem("AB27CDE", today=date(2027, 3, 1)) == ""


def test_a_mark_longer_than_the_standard_or_without_any_character_is_told() -> None:
    assert mark_problem("A" * 12, today=TODAY) == "is longer than 11 characters"
    assert mark_problem("", today=TODAY) == "holds no letter or digit"


@given(mark=MARKS)
def test_a_mark_is_found_by_its_look_alikes(mark: str) -> None:
    twin = mark.translate(str.maketrans("O0I1S5B8", "0O1I5S8B"))
    assert look_alike_form(twin) == look_alike_form(mark)
    assert look_alike_form(mark.lower()) == look_alike_form(mark)


@given(mark=MARKS, place=st.integers(min_value=0, max_value=6))
def test_a_mark_is_found_with_any_character_forgotten(mark: str, place: int) -> None:
    assert matches_partial(mark[:place] + "?" + mark[place + 1 :], mark)
    assert matches_partial(mark[:place] + "*", mark)
    assert matches_partial("*" + mark[place:], mark)


def test_a_partial_mark_matches_no_other() -> None:
    assert matches_partial("ab1? *", "AB12 CDE")
    assert not matches_partial("AB1?", "AB12CDE")
    assert not matches_partial("AB13*", "AB12CDE")
    assert not matches_partial("", "AB12CDE")
    assert not matches_partial("--", "AB12CDE")


def test_a_partial_mark_needs_two_known_characters() -> None:
    assert is_partial("AB1?")
    assert is_partial("AB*")
    assert not is_partial("A*")
    assert not is_partial("***")
    assert not is_partial("AB12CDE")


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("seen in AB12 CDE and ab34efg", ["AB12 CDE", "AB34 EFG"]),
        ("a red Ford, A123 BCD", ["A123BCD"]),
        ("partial plate AB1? white van", ["AB1?"]),
        ("part reg AB12", ["AB12*"]),
        ("index K9 1", ["K9 1"]),
        ("went to CO12 AND came back", []),
        ("on the A12 the car", []),
        ("lives at CO1 1AA", []),
        ("what??? 22:15??", []),
    ],
)
def test_marks_are_found_in_what_is_told(text: str, marks: list[str]) -> None:
    assert [token.value for token in find_marks(text)] == marks
