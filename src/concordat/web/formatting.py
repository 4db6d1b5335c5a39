"""How values read on the page: dates, times, numbers and money in the words of the service.

Pure functions, used as template filters. Where a value may be unknown, `None` gives the empty
string, so that the template decides what an unknown value looks like.
"""

import datetime as dt
import re
from decimal import Decimal
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

# Our own names: strftime's follow the locale of the machine.
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
MINUS = "\N{MINUS SIGN}"


def format_date(value: dt.date | None) -> str:
    """Return a day as "21 November 2026"; a moment gives its day in London.

    Raises:
        ValueError: A datetime without a time zone, which could be another day in London.

    """
    if value is None:
        return ""
    day = in_london(value) if isinstance(value, dt.datetime) else value
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def format_datetime(value: dt.datetime | None) -> str:
    """Return a moment in London as "21 November 2026, 14:05".

    Raises:
        ValueError: A datetime without a time zone.

    """
    if value is None:
        return ""
    moment = in_london(value)
    return f"{format_date(moment)}, {moment.hour:02}:{moment.minute:02}"


def format_month(value: dt.date | None) -> str:
    """Return the month of a day or moment as "January 2024"."""
    if value is None:
        return ""
    day = in_london(value) if isinstance(value, dt.datetime) else value
    return f"{MONTHS[day.month - 1]} {day.year}"


def in_london(value: dt.datetime) -> dt.datetime:
    """Return the same moment on London's clock.

    Raises:
        ValueError: A datetime without a time zone.

    """
    if value.tzinfo is None:
        raise ValueError(f"{value!r} has no time zone, so its time in London is unknown.")
    return value.astimezone(LONDON)


def format_number(value: float | Decimal | None) -> str:
    """Return a number with thousands separators and a true minus sign: "7,600,000"."""
    if value is None:
        return ""
    return f"{value:,}".replace("-", MINUS)


def format_money(pence: int | None) -> str:
    """Return an amount of whole pence in pounds: 123450 as "£1,234.50".

    Raises:
        TypeError: Anything but an integer; a fraction of a penny is a mistake made earlier.

    """
    if pence is None:
        return ""
    if not isinstance(pence, int) or isinstance(pence, bool):
        raise TypeError(f"Money is counted in whole pence, not as {pence!r}.")
    pounds, rest = divmod(abs(pence), 100)
    return f"{MINUS if pence < 0 else ''}£{pounds:,}.{rest:02}"


def plural(count: int, singular: str, plural_form: str | None = None) -> str:
    """Return a count with its noun: "1 force", "7 forces", "0 bodies".

    `plural_form` defaults to the singular with an "s".
    """
    noun = singular if count == 1 else plural_form or f"{singular}s"
    return f"{format_number(count)} {noun}"


def shown(text: str) -> str:
    """Return a stored text as a field shows it: a day as people write it, all else as it is."""
    if not _ISO_DAY.fullmatch(text):
        return text
    try:
        return format_date(dt.date.fromisoformat(text))
    except ValueError:
        return text
