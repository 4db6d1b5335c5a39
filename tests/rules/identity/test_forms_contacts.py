"""Telephone numbers, e-mail addresses and sex in standard form."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from concordat.identity.engine.forms.contacts import email_form, phone_form, sex_form


@pytest.mark.parametrize(
    "written",
    ["07700900123", "07700 900123", "07700-900-123", "(07700) 900123", "+447700900123",
     "+44 7700 900123", "+44 (0)7700 900123", "+44(0) 7700-900123", "00447700900123",
     "0044 (0) 7700 900123", "447700900123", "7700900123", "tel: 07700 900123",
     "07700 900123 / 07700 900124", "٠٧٧٠٠٩٠٠١٢٣"],
)  # fmt: skip
def test_ways_to_write_one_mobile_number(written: str) -> None:
    assert phone_form(written) == "+447700900123"


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("01632 960123", "+441632960123"),
        ("01632 960123 ext 4", "+441632960123"),
        ("020 7946 0123", "+442079460123"),
        ("016977 1234", "+44169771234"),
        ("0303 123 4567", "+443031234567"),
        ("0800 123 4567", "+448001234567"),
        ("+1 212 555 1234", "+12125551234"),
        ("+33 1 42 68 53 00", "+33142685300"),
        ("0092 300 1234567", "+923001234567"),
        ("960123", "960123"),
        ("999", ""),
        ("00000000000", ""),
        ("07777777777", ""),
        ("no phone", ""),
        ("n/k", ""),
    ],
)
def test_other_numbers(written: str, form: str) -> None:
    assert phone_form(written) == form


@given(st.from_regex(r"0(?:7[1-9]\d{8}|1[2-9]\d{8}|2[03489]\d{8})", fullmatch=True))
def test_the_fast_path_reads_a_number_as_libphonenumber_does(written: str) -> None:
    if not written.isascii() or len(set(written[2:])) == 1:
        return
    number = phonenumbers.parse(written, "GB")
    standard = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    assert phone_form(written) == standard
    assert phone_form(f"+44 (0){written[1:4]} {written[4:]}") == standard
    assert phone_form(standard) == standard


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("Jo.Smith@Example.COM", "jo.smith@example.com"),
        (" <jo+x@example.com> ", "jo+x@example.com"),
        ("mailto:jo@example.com", "jo@example.com"),
        ("Jo Smith jo@example.com,", "jo@example.com"),
        ("josmithexample.com", "josmithexample.com"),
        ("none@none.com", ""),
        ("no email", ""),
        ("jo", ""),
        ("n/a", ""),
    ],
)
def test_email_addresses(written: str, form: str) -> None:
    assert email_form(written) == form


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("M", "m"), ("male", "m"), ("MALE", "m"), ("1", "m"), ("Man", "m"), ("boy", "m"),
        ("Trans Male", "m"), ("F", "f"), ("Female", "f"), ("2", "f"), ("Woman", "f"),
        ("trans-female", "f"), ("Non-Binary", "x"), ("non binary", "x"), ("Intersex", "x"),
        ("Other", "x"), ("X", "x"), ("0", ""), ("9", ""), ("U", ""), ("Not Known", ""),
        ("Not Specified", ""), ("", ""), ("?", ""),
    ],
)  # fmt: skip
def test_sex(written: str, form: str) -> None:
    assert sex_form(written) == form
