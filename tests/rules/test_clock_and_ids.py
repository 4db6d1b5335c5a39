"""Days in Europe/London, and identifiers that sort by when they were made."""

import time
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concordat.base.clock import LONDON, midnight, month_bounds, now, today
from concordat.base.ids import new_id


@pytest.mark.parametrize(
    ("day", "instant"),
    [
        (date(2026, 1, 15), datetime(2026, 1, 15, 0, tzinfo=UTC)),
        (date(2026, 7, 15), datetime(2026, 7, 14, 23, tzinfo=UTC)),
        (date(2026, 3, 29), datetime(2026, 3, 29, 0, tzinfo=UTC)),  # the clocks go forward
        (date(2026, 3, 30), datetime(2026, 3, 29, 23, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 24, 23, tzinfo=UTC)),  # the clocks go back
        (date(2026, 10, 26), datetime(2026, 10, 26, 0, tzinfo=UTC)),
    ],
)
def test_a_day_begins_at_midnight_in_london(day: date, instant: datetime) -> None:
    assert midnight(day) == instant


@given(st.dates(date(1971, 1, 1), date(2100, 1, 1)))
def test_every_day_begins_when_the_one_before_ends(day: date) -> None:
    begins = midnight(day)
    assert begins.astimezone(LONDON).date() == day
    assert (begins - timedelta(seconds=1)).astimezone(LONDON).date() == day - timedelta(days=1)


@pytest.mark.parametrize(
    ("year", "month", "first", "following"),
    [
        (2026, 1, date(2026, 1, 1), date(2026, 2, 1)),
        (2024, 2, date(2024, 2, 1), date(2024, 3, 1)),
        (2026, 12, date(2026, 12, 1), date(2027, 1, 1)),
    ],
)
def test_a_month_ends_when_the_next_begins(
    year: int, month: int, first: date, following: date
) -> None:
    assert month_bounds(year, month) == (midnight(first), midnight(following))


@pytest.mark.parametrize("month", [0, 13])
def test_there_are_twelve_months(month: int) -> None:
    with pytest.raises(ValueError, match="month"):
        month_bounds(2026, month)


def test_now_is_in_utc_and_today_is_londons() -> None:
    before, day, after = now(), today(), now()
    assert before.tzinfo is UTC
    assert before.astimezone(LONDON).date() <= day <= after.astimezone(LONDON).date()


def test_ids_are_version_7_and_never_the_same() -> None:
    made = [new_id() for _ in range(1_000)]
    assert {(id_.version, id_.variant) for id_ in made} == {(7, uuid.RFC_4122)}
    assert len(set(made)) == len(made)


def test_ids_begin_with_the_milliseconds_of_their_making() -> None:
    before = time.time_ns() // 1_000_000
    made = new_id().int >> 80
    assert before <= made <= time.time_ns() // 1_000_000


@given(st.integers(0, 2**48 - 2))
def test_an_id_made_later_sorts_later(milliseconds: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("time.time_ns", lambda: milliseconds * 1_000_000)
        earlier = new_id()
        patch.setattr("time.time_ns", lambda: (milliseconds + 1) * 1_000_000)
        later = new_id()
    assert earlier < later
    assert str(earlier) < str(later)
