"""Dates in standard form, whole, partial, impossible and in every order."""

import datetime as dt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from concordat.identity.engine.forms.dates import date_form, date_order


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("1987-05-03", "1987-05-03"),
        ("19870503", "1987-05-03"),
        ("1987/5/3", "1987-05-03"),
        ("1987-05-03T00:00:00", "1987-05-03"),
        ("1987-05-03T00:00:00+01:00", "1987-05-03"),
        ("1987-05-03 00:00:00", "1987-05-03"),
        ("03/05/1987 00:00", "1987-05-03"),
        ("03/05/1987", "1987-05-03"),
        ("3/5/1987", "1987-05-03"),
        ("03.05.1987", "1987-05-03"),
        ("03-05-1987", "1987-05-03"),
        ("03 05 1987", "1987-05-03"),
        ("03051987", "1987-05-03"),
        ("03/05/87", "1987-05-03"),
        ("030587", "1987-05-03"),
        ("3 May 1987", "1987-05-03"),
        ("3rd May 1987", "1987-05-03"),
        ("3 May 87", "1987-05-03"),
        ("03-MAY-1987", "1987-05-03"),
        ("03-May-87", "1987-05-03"),
        ("03MAY1987", "1987-05-03"),
        ("May 3, 1987", "1987-05-03"),
        ("Sunday 3 May 1987", "1987-05-03"),
        ("12 Sept 1987", "1987-09-12"),
        ("19870503.0", "1987-05-03"),
        ("٠٣/٠٥/١٩٨٧", "1987-05-03"),
    ],
)
def test_whole_dates(written: str, form: str) -> None:
    assert date_form(written) == form


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("1987", "1987-00-00"),
        ("1987.0", "1987-00-00"),
        ("c. 1987", "1987-00-00"),
        ("circa 1987", "1987-00-00"),
        ("05/1987", "1987-05-00"),
        ("1987-05", "1987-05-00"),
        ("198705", "1987-05-00"),
        ("May 1987", "1987-05-00"),
        ("May 87", "1987-05-00"),
        ("3 May", "0000-05-03"),
        ("00/05/1987", "1987-05-00"),
        ("??/05/1987", "1987-05-00"),
        ("XX/XX/1987", "1987-00-00"),
        ("1987-05-XX", "1987-05-00"),
        ("03/05/XX", "0000-05-03"),
        ("03/05/????", "0000-05-03"),
        ("3 May ????", "0000-05-03"),
        ("1987-05-00", "1987-05-00"),
    ],
)
def test_partial_dates_have_zeros_for_what_is_unknown(written: str, form: str) -> None:
    assert date_form(written) == form


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("1860-01-81", "1860-01-81"),
        ("1844-18-22", "1844-18-22"),
        ("1987-02-31", "1987-02-31"),
        ("31/02/1987", "1987-02-31"),
        ("45/05/1987", "1987-05-45"),
        ("03/05/198", "0198-05-03"),
    ],
)
def test_a_date_that_cannot_be_keeps_its_figures(written: str, form: str) -> None:
    assert date_form(written) == form


@pytest.mark.parametrize(
    "written",
    ["", "unknown", "n/k", "0", "87", "adult", "45 years", "00/00/0000", "0000-00-00",
     "9999-12-31", "31/12/9999", "0001-01-01", "12345", "XX/XX/XXXX"],
)  # fmt: skip
def test_what_tells_no_date(written: str) -> None:
    assert date_form(written) == ""


@pytest.mark.parametrize(
    ("written", "order", "form"),
    [
        ("03/05/1987", "dmy", "1987-05-03"),
        ("03/05/1987", "mdy", "1987-03-05"),
        ("05/23/1987", "dmy", "1987-05-23"),
        ("23/05/1987", "mdy", "1987-05-23"),
        ("03/05/87", "mdy", "1987-03-05"),
        ("87/05/03", "ymd", "1987-05-03"),
        ("870503", "ymd", "1987-05-03"),
        ("050387", "mdy", "1987-05-03"),
        ("05031987", "mdy", "1987-05-03"),
        ("03/05/1987", "ymd", "1987-05-03"),
        ("1987-05-03", "mdy", "1987-05-03"),
    ],
)
def test_figures_are_read_in_the_columns_order(written: str, order: str, form: str) -> None:
    assert date_form(written, order) == form


def test_a_two_digit_year_later_than_this_year_is_of_the_last_century() -> None:
    assert date_form("31/12/26", this_year=2026) == "2026-12-31"
    assert date_form("31/12/27", this_year=2026) == "1927-12-31"
    assert date_form("31/12/27", this_year=2031) == "2027-12-31"


@pytest.mark.parametrize(
    ("column", "order"),
    [
        (["03/05/1987", "13/05/1987"], "dmy"),
        (["03/05/1987", "05/13/1987"], "mdy"),
        (["1987-05-03", "1987-05-13"], "ymd"),
        (["87/05/03", "63/05/13"], "ymd"),
        (["03/05/1987"], "dmy"),
        (["13/05/1987", "14/05/1987", "05/13/1987"], "dmy"),
        (["1987-05-03", "05/13/1987"], "mdy"),
        (["May 1987", "unknown", ""], "dmy"),
        ([], "dmy"),
    ],
)
def test_a_column_tells_its_order(column: list[str], order: str) -> None:
    assert date_order(column) == order


WRITTEN = {
    "dmy": ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %B %Y", "%d-%b-%Y"),
    "mdy": ("%m/%d/%Y", "%B %d, %Y"),
    "ymd": ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y-%m-%dT%H:%M:%S"),
}


@given(st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)), st.sampled_from(sorted(WRITTEN)))
def test_every_date_is_read_back_from_every_way_to_write_it(day: dt.date, order: str) -> None:
    for way in WRITTEN[order]:
        assert date_form(day.strftime(way), order) == day.isoformat()


@given(st.dates(dt.date(1927, 1, 1), dt.date(2026, 12, 31)))
def test_short_years_are_read_back_within_a_hundred_years(day: dt.date) -> None:
    assert date_form(day.strftime("%d/%m/%y"), this_year=2026) == day.isoformat()
    assert date_form(day.strftime("%y/%m/%d"), "ymd", this_year=2026) == day.isoformat()


@given(st.dates(dt.date(1900, 1, 1), dt.date(2026, 12, 31)), st.integers(0, 9), st.integers(0, 9))
def test_a_slip_in_one_figure_stays_one_slip(day: dt.date, place: int, figure: int) -> None:
    written = day.isoformat()
    assume(written[place] != "-")
    slipped = f"{written[:place]}{figure}{written[place + 1 :]}"
    assume(slipped not in {"0001-01-01", "1111-11-11"} and not slipped.startswith("9999"))
    assert date_form(slipped) == slipped
