"""Numbers that identify, their standard forms and their check letters."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concordat.identity.engine.forms import identifiers as forms

PNC_IDS = ["1981/0000034U", "2002/0073319Z", "2000/0000223R", "1979/0163001B", "2003/0000003Y",
           "1967/9893091D"]  # fmt: skip
CROS = ["065656/91H", "SF05/482703J", "SF83/50058Z"]


@pytest.mark.parametrize("number", PNC_IDS)
def test_pnc_ids_with_their_right_letter(number: str) -> None:
    assert forms.pnc_id_is_valid(number)
    assert forms.pnc_id_form(number) == number
    assert forms.pnc_id_form(number.replace("/", "").lower()) == number
    assert forms.pnc_id_form(f"{number[2:5]}{number[5:12].lstrip('0')}{number[12]}") == number


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("81/34U", "1981/0000034U"),
        ("8134u", "1981/0000034U"),
        ("1981/34U", "1981/0000034U"),
        ("198134U", "1981/0000034U"),
        (" 1981 / 0000034 U.", "1981/0000034U"),
        ("1981/OOOOO34U", "1981/0000034U"),
        ("2000/0410770Y", "2000/0410770Y"),
        ("90/570L", "1990/0000570L"),
        ("abc", "ABC"),
        ("12/X/1", "12X1"),
        ("2000/0000000Z", ""),
        ("00/0Z", ""),
        ("0000000", ""),
        ("none", ""),
    ],
)
def test_ways_to_write_a_pnc_id(written: str, form: str) -> None:
    assert forms.pnc_id_form(written) == form


def test_the_century_of_a_short_pnc_id() -> None:
    assert forms.pnc_id_form("26/34U", this_year=2026).startswith("2026/")
    assert forms.pnc_id_form("27/34U", this_year=2026).startswith("1927/")


@pytest.mark.parametrize(
    "number", ["2000/0410770Y", "1990/0000570L", "1981/0000034V", "1981/34U", "", "81/0000034U"]
)
def test_numbers_that_are_no_valid_pnc_id(number: str) -> None:
    assert not forms.pnc_id_is_valid(number)


@given(st.integers(1950, 2026), st.integers(1, 9_999_999), st.sampled_from(forms.CHECK_LETTERS))
def test_one_letter_of_23_is_right_and_short_forms_are_read_back(
    year: int, serial: int, letter: str
) -> None:
    number = f"{year}/{serial:07}{letter}"
    right = forms.check_letter(int(f"{year % 100:02}{serial:07}"))
    assert forms.pnc_id_is_valid(number) == (letter == right)
    assert forms.pnc_id_form(f"{year % 100:02}/{serial}{letter}") == number
    assert forms.pnc_id_form(f"{year % 100:02}{serial}{right}", this_year=2026)[-1] == right


@pytest.mark.parametrize("number", CROS)
def test_cro_numbers_with_their_right_letter(number: str) -> None:
    assert forms.cro_is_valid(number)
    assert forms.cro_form(number) == number
    assert forms.cro_form(number.replace("/", " ").lower()) == number


@pytest.mark.parametrize(
    ("written", "form", "is_valid"),
    [
        ("85227/65G", "085227/65G", False),
        ("85227/65L", "085227/65L", True),
        ("65656/91H", "065656/91H", True),
        ("90/570L", "90/570L", False),
        ("65656/1991H", "065656/91H", True),
        ("SF83/50058B", "SF83/50058B", False),
        ("SF83/050058Z", "SF83/50058Z", True),
        ("000000/00Z", "", False),
        ("12345", "12345", False),
        ("n/k", "", False),
    ],
)
def test_ways_to_write_a_cro_number(written: str, form: str, is_valid: bool) -> None:
    assert forms.cro_form(written) == form
    assert forms.cro_is_valid(form) == is_valid


@given(st.integers(1, 999_999), st.integers(0, 99), st.booleans())
def test_every_cro_number_is_read_back(serial: int, year: int, is_file: bool) -> None:
    padded = f"{serial}" if is_file else f"{serial:06}"
    letter = forms.check_letter(int(f"{year:02}{padded}"))
    number = f"SF{year:02}/{serial}{letter}" if is_file else f"{padded}/{year:02}{letter}"
    assert forms.cro_is_valid(number)
    assert forms.cro_form(number) == number
    written = number.replace("/", "").lower() if is_file else f"{serial}/{year:02}{letter}"
    assert forms.cro_form(written) == number


@pytest.mark.parametrize(
    ("written", "form", "is_valid"),
    [
        ("JG103759A", "JG103759", True),
        ("jg 10 37 59 a", "JG103759", True),
        ("JG103759", "JG103759", True),
        ("JG1O3759A", "JG103759", True),
        ("JG103759E", "JG103759E", False),
        ("QQ123456C", "QQ123456C", False),
        ("DA123456A", "DA123456A", False),
        ("AO123457A", "AO123457A", False),
        ("GB103759A", "GB103759A", False),
        ("ZZ103759A", "ZZ103759A", False),
        ("TN103759M", "TN103759M", False),
        ("AB000000A", "", False),
        ("none", "", False),
    ],
)
def test_national_insurance_numbers(written: str, form: str, is_valid: bool) -> None:
    assert forms.nino_form(written) == form
    assert forms.nino_is_valid(form) == is_valid


@pytest.mark.parametrize(
    ("written", "form", "is_valid"),
    [
        ("MORGA657054SM9IJ", "MORGA657054SM9IJ", True),
        ("morga 657054 sm9ij", "MORGA657054SM9IJ", True),
        ("MORGA657054SM9IJ35", "MORGA657054SM9IJ", True),
        ("MORGA6570S4SM9IJ", "MORGA657054SM9IJ", True),
        ("FOX99801012A99AB", "FOX99801012A99AB", True),
        ("MORGA637054SM9IJ", "MORGA637054SM9IJ", False),
        ("MORGA613054SM9IJ", "MORGA613054SM9IJ", False),
        ("MORGA657324SM9IJ", "MORGA657324SM9IJ", False),
        ("MORGA657004SM9IJ", "MORGA657004SM9IJ", False),
        ("M9RGA657054SM9IJ", "M9RGA657054SM9IJ", False),
        ("12345678", "", False),
        ("AB1234567", "AB1234567", False),
    ],
)
def test_driver_numbers(written: str, form: str, is_valid: bool) -> None:
    assert forms.driving_licence_form(written) == form
    assert forms.driving_licence_is_valid(form) == is_valid


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("MORGA657054SM9IJ", ("morga", "1964-07-05", "f")),
        ("FOX99801012A99AB", ("fox", "1982-01-01", "m")),
        ("SMITH012250J99AB", ("smith", "2000-12-25", "m")),
        ("SMITH212250J99AB", ("smith", "1920-12-25", "m")),
        ("nonsense", ("", "", "")),
    ],
)
def test_what_a_driver_number_tells(number: str, told: tuple[str, str, str]) -> None:
    assert forms.licence_surname_and_birth(number, this_year=2026) == told


@pytest.mark.parametrize(
    ("written", "form", "is_valid"),
    [
        ("AB51 XYZ", "AB51XYZ", True),
        ("ab51xyz", "AB51XYZ", True),
        ("ABSI XYZ", "AB51XYZ", True),
        ("A123 BCD", "A123BCD", True),
        ("ABC 123D", "ABC123D", True),
        ("1234 AB", "1234AB", True),
        ("AIZ 1234", "AIZ1234", True),
        ("101 D 234", "101D234", True),
        ("12345", "12345", True),
        ("Q123 ABC", "Q123ABC", True),
        ("IB51 XYZ", "IB51XYZ", False),
        ("AB51 XYQ", "AB51XYQ", False),
        ("W-AB 12345", "WAB12345", False),
        ("unknown", "", False),
    ],
)
def test_registration_marks(written: str, form: str, is_valid: bool) -> None:
    assert forms.registration_mark_form(written) == form
    assert forms.registration_mark_is_valid(form) == is_valid


@pytest.mark.parametrize(
    ("written", "form"),
    [
        (" ab-12/345 ", "AB12345"),
        ("007", "007"),
        ("0000000", ""),
        ("999999999", ""),
        ("XXXXXX", ""),
        ("123456789", ""),
        ("0", ""),
        ("7", "7"),
        ("n/a", ""),
    ],
)
def test_other_references(written: str, form: str) -> None:
    assert forms.identifier_form(written) == form
    assert forms.identifier_is_valid(form) == (len(form) > 1)


@given(st.text(alphabet="abcXYZ0123456789 -/.", max_size=20))
def test_references_hold_letters_and_digits_alone(written: str) -> None:
    assert re.fullmatch(r"[A-Z0-9]*", forms.identifier_form(written))
