"""How dates, times, numbers and money read on the page."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concordat.web import formatting

UTC = dt.UTC


def test_a_date_is_written_out_without_leading_zero() -> None:
    assert formatting.format_date(dt.date(2026, 11, 21)) == "21 November 2026"
    assert formatting.format_date(dt.date(2024, 2, 1)) == "1 February 2024"


@given(st.dates())
def test_a_date_reads_back_as_itself(day: dt.date) -> None:
    written_day, written_month, written_year = formatting.format_date(day).split(" ")
    month = formatting.MONTHS.index(written_month) + 1
    assert dt.date(int(written_year), month, int(written_day)) == day


def test_a_late_summer_evening_in_utc_is_already_tomorrow_in_london() -> None:
    moment = dt.datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert formatting.format_date(moment) == "1 July 2026"
    assert formatting.format_month(moment) == "July 2026"
    assert formatting.format_datetime(moment) == "1 July 2026, 00:30"


def test_winter_time_is_that_of_utc_on_a_24_hour_clock() -> None:
    moment = dt.datetime(2026, 11, 21, 14, 5, tzinfo=UTC)
    assert formatting.format_datetime(moment) == "21 November 2026, 14:05"


@pytest.mark.parametrize(
    "write",
    [formatting.format_date, formatting.format_datetime, formatting.format_month],
)
def test_a_moment_without_time_zone_is_refused(write: object) -> None:
    assert callable(write)
    naive = dt.datetime(2026, 6, 30, 23, 30)  # noqa: DTZ001 -- the mistake under test
    with pytest.raises(ValueError, match="no time zone"):
        write(naive)


def test_a_month_is_named_with_its_year() -> None:
    assert formatting.format_month(dt.date(2024, 1, 31)) == "January 2024"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"),
        (999, "999"),
        (7_600_000, "7,600,000"),
        (-1234, "\N{MINUS SIGN}1,234"),
        (Decimal("1234.50"), "1,234.50"),
        (1234.5, "1,234.5"),
    ],
)
def test_numbers_have_thousands_separators(value: float | Decimal, written: str) -> None:
    assert formatting.format_number(value) == written


@pytest.mark.parametrize(
    ("pence", "written"),
    [
        (0, "£0.00"),
        (5, "£0.05"),
        (123450, "£1,234.50"),
        (3_200_000_000, "£32,000,000.00"),
        (-5, "\N{MINUS SIGN}£0.05"),
        (-123450, "\N{MINUS SIGN}£1,234.50"),
    ],
)
def test_money_is_written_in_pounds_to_the_penny(pence: int, written: str) -> None:
    assert formatting.format_money(pence) == written


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_money_loses_no_penny(pence: int) -> None:
    written = formatting.format_money(pence)
    plain = written.replace("\N{MINUS SIGN}", "-").replace("£", "").replace(",", "")
    assert Decimal(plain) * 100 == pence


@pytest.mark.parametrize("amount", [1.5, Decimal(150), "150", True])
def test_money_that_is_not_whole_pence_is_refused(amount: int) -> None:
    with pytest.raises(TypeError, match="whole pence"):
        formatting.format_money(amount)


@pytest.mark.parametrize(
    ("count", "written"),
    [(0, "0 forces"), (1, "1 force"), (2, "2 forces"), (41_210, "41,210 forces")],
)
def test_a_count_agrees_with_its_noun(count: int, written: str) -> None:
    assert formatting.plural(count, "force") == written


def test_an_irregular_plural_can_be_given() -> None:
    assert formatting.plural(1, "person", "people") == "1 person"
    assert formatting.plural(7, "person", "people") == "7 people"


def test_an_unknown_value_is_blank() -> None:
    assert formatting.format_date(None) == ""
    assert formatting.format_datetime(None) == ""
    assert formatting.format_month(None) == ""
    assert formatting.format_number(None) == ""
    assert formatting.format_money(None) == ""
