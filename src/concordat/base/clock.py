"""The one clock. Instants are kept in UTC; days begin and end at midnight in Europe/London."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """Return this instant, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 (the one place that may ask)


def today() -> date:
    """Return today's date in Europe/London, the time zone of every agreement."""
    return now().astimezone(LONDON).date()


def midnight(day: date) -> datetime:
    """Return the instant at which `day` begins in Europe/London."""
    return datetime.combine(day, time.min, tzinfo=LONDON).astimezone(UTC)


def month_bounds(year: int, month: int) -> tuple[datetime, datetime]:
    """Return the instants at which a calendar month begins and the next one begins."""
    first = date(year, month, 1)
    following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return midnight(first), midnight(following)
