"""The standard form of dates, whole or partial.

POLE data standard v1.1, DS_001: ISO 8601 `YYYY-MM-DD`; DS_034 date of birth. Part by part an
unknown day or month is `00` and an unknown year `0000`. A date that can't be (31 February, month
18) keeps its figures: most are slips in one digit, and the other digits still tell.
"""

import re
from collections.abc import Iterable
from typing import Final

from concordat.identity.engine.forms.text import plain_digits, words

THIS_YEAR: Final = 2026
"""The year that two-digit years are read against unless the caller says otherwise.

A constant and not the clock: the same value must have the same standard form tomorrow, or keys
kept in an index would no longer be found. Two-digit years later than this one are of the 1900s.
"""

LAST_DAY: Final = 31
LAST_MONTH: Final = 12
_LENGTHS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_SHORT_YEAR: Final = 2

_PLACEHOLDERS: Final = words("0000-00-00 0001-01-01 1111-11-11")
_NEVER: Final = "9999"
_MONTHS: Final = {
    name: f"{number:02}"
    for number, month in enumerate(
        (
            "january", "february", "march", "april", "may", "june",
            "july", "august", "september", "october", "november", "december",
        ),
        start=1,
    )
    for name in (month, month[:3], month[:4])
}  # fmt: skip

_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME: Final = re.compile(r"(?:(?<=\d)t|\s+)\d{1,2}:\d{2}.*$|(?<=\d{4})\.0$", re.DOTALL)
_UNKNOWN_YEAR: Final = re.compile(r"(?<=[-/. ])[x?*_]{2,4}$")
_UNKNOWN_PART: Final = re.compile(r"(?<![a-z0-9])[x?*_]{1,4}(?![a-z0-9])")
_DIGIT: Final = re.compile(r"\d")
_YEAR_FIRST: Final = re.compile(r"(\d{3,4})[-/. ]+(\d{1,2})[-/. ]+(\d{1,2})")
_YEAR_LAST: Final = re.compile(r"(\d{1,2})[-/. ]+(\d{1,2})[-/. ]+(\d{3,4})", re.ASCII)
_ALL_SHORT: Final = re.compile(r"(\d{1,2})[-/. ]+(\d{1,2})[-/. ]+(\d{2})")
_MONTH_OF_YEAR: Final = re.compile(r"(\d{4})[-/. ]+(\d{1,2})")
_YEAR_OF_MONTH: Final = re.compile(r"(\d{1,2})[-/. ]+(\d{4})")
_EIGHT: Final = re.compile(r"\d{8}")
_SIX: Final = re.compile(r"\d{6}")
_YEAR: Final = re.compile(r"(?:1[89]|20)\d\d")
_ANY_YEAR: Final = re.compile(r"\d{4}")
_WORDS: Final = re.compile(r"[a-z]+|\d+")
_SAMPLE: Final = re.compile(r"\s*(?:(\d{4})|(\d{1,2}))[-/. ](\d{1,2})[-/. ]\d{1,4}(?!\d)")


def date_form(value: str, order: str = "dmy", *, this_year: int = THIS_YEAR) -> str:
    """Return `YYYY-MM-DD` with zeros for what is unknown, '' when the value says nothing.

    `order` is how the column writes dates of figures only: `dmy`, `mdy` or `ymd`; a year of four
    digits in the first place is always read as ymd, and day and month that only fit the other way
    round are turned. A two-digit year later than `this_year` is of the 1900s.

    >>> date_form("03/05/87"), date_form("May 1987"), date_form("1987-05-03 00:00:00")
    ('1987-05-03', '1987-05-00', '1987-05-03')
    >>> date_form("1844-18-22")
    '1844-18-22'
    """
    if _ISO.fullmatch(value):
        form = value
    elif found := _YEAR_LAST.fullmatch(value):
        form = _year_last(found[1], found[2], found[3], order, this_year)
    else:
        text = plain_digits(value.strip().lower())
        if not _DIGIT.search(text):
            return ""
        form = _read(_with_zeros(_TIME.sub("", text)), order, this_year)
    return "" if form in _PLACEHOLDERS or form.startswith(_NEVER) else form


def date_order(values: Iterable[str]) -> str:
    """Return the order a column writes its dates in: `dmy`, `mdy` or `ymd`.

    A figure above 12 in the first or the second place tells; a year in the first place tells when
    nothing else does. Undecided columns are read the United Kingdom's way, day first.

    >>> date_order(["03/05/1987", "05/23/1987"]), date_order(["1987-05-03"])
    ('mdy', 'ymd')
    """
    days_first = days_second = years_first = 0
    for found in filter(None, map(_SAMPLE.match, values)):
        first, second = int(found[2] or LAST_DAY + 1), int(found[3])
        if first > LAST_DAY:
            years_first += 1
        elif second <= LAST_MONTH < first:
            days_first += 1
        elif first <= LAST_MONTH < second <= LAST_DAY:
            days_second += 1
    if days_first or days_second:
        return "mdy" if days_second > days_first else "dmy"
    return "ymd" if years_first else "dmy"


def _read(text: str, order: str, this_year: int) -> str:
    """Return the form of a cleaned value, whatever way it is written."""
    if _EIGHT.fullmatch(text):
        return _eight(text, order, this_year)
    if _SIX.fullmatch(text):
        return _six(text, order, this_year)
    return _marked(text, order, this_year) or _worded(_WORDS.findall(text), this_year)


def _with_zeros(text: str) -> str:
    """Return a date with zeros for the parts written as unknown: XX/05/1987, 3 May ????."""
    if not _ANY_YEAR.search(text):
        text = _UNKNOWN_YEAR.sub("0000", text)
    return _UNKNOWN_PART.sub("00", text).strip()


def _marked(text: str, order: str, this_year: int) -> str:
    """Return the form of figures with marks between them, '' if there is something else."""
    if found := _YEAR_LAST.fullmatch(text) or (order != "ymd" and _ALL_SHORT.fullmatch(text)):
        return _year_last(found[1], found[2], found[3], order, this_year)
    if found := _YEAR_FIRST.fullmatch(text) or _ALL_SHORT.fullmatch(text):
        return _form(found[1], found[2], found[3], this_year)
    if found := _MONTH_OF_YEAR.fullmatch(text):
        return _form(found[1], found[2], "00", this_year)
    if found := _YEAR_OF_MONTH.fullmatch(text):
        return _form(found[2], found[1], "00", this_year)
    return ""


def _year_last(first: str, second: str, year: str, order: str, this_year: int) -> str:
    """Return the form of a date whose year comes last, turned if it only fits the other way."""
    day, month = (second, first) if order == "mdy" else (first, second)
    if int(month) > LAST_MONTH >= int(day):
        day, month = month, day
    return _form(year, month, day, this_year)


def _eight(figures: str, order: str, this_year: int) -> str:
    """Return the form of 19870503, 03051987 or 05031987; the year is first if it can be."""
    forward = _form(figures[:4], figures[4:6], figures[6:], this_year)
    backward = _year_last(figures[:2], figures[2:4], figures[4:], order, this_year)
    if _is_possible(forward):
        return forward
    return backward if _is_possible(backward) or not _YEAR.match(figures) else forward


def _six(figures: str, order: str, this_year: int) -> str:
    """Return the form of 030587 in the column's order, or of a year and a month (198705)."""
    first, second, third = figures[:2], figures[2:4], figures[4:]
    if order == "ymd":
        form = _form(first, second, third, this_year)
    else:
        day, month = (second, first) if order == "mdy" else (first, second)
        form = _form(third, month, day, this_year)
    if _is_possible(form):
        return form
    if _YEAR.match(figures) and int(third) <= LAST_MONTH:
        return f"{figures[:4]}-{third}-00"
    if _YEAR.match(figures[2:]) and int(first) <= LAST_MONTH:
        return f"{figures[2:]}-{first}-00"
    return form


def _worded(found: list[str], this_year: int) -> str:
    """Return the form of a date with its month in letters, or of a lone year among words."""
    figures = [word for word in found if word.isdecimal()]
    month = next((_MONTHS[word] for word in found if word in _MONTHS), "")
    year = next(filter(_ANY_YEAR.fullmatch, figures), "")
    if not month:
        return f"{year}-00-00" if figures == [year] and _YEAR.fullmatch(year) else ""
    short = [figure for figure in figures if len(figure) <= _SHORT_YEAR]
    if not year and short and int(short[0]) > LAST_DAY:
        year = short.pop(0)
    elif not year and short[1:]:
        year = short.pop(1)
    return _form(year or "0000", month, short[0] if short else "00", this_year)


def _form(year: str, month: str, day: str, this_year: int) -> str:
    """Return the parts joined, a two-digit year with its century."""
    if len(year) <= _SHORT_YEAR:
        century = this_year // 100 - (int(year) > this_year % 100)
        year = f"{century}{year:0>2}"
    return f"{year:0>4}-{month:0>2}-{day:0>2}"


def _is_possible(form: str) -> bool:
    """Tell whether a form is a whole date of 1800 to 2099 that can be."""
    year, month, day = form.split("-")
    if not _YEAR.fullmatch(year) or not 1 <= int(month) <= LAST_MONTH:
        return False
    return 1 <= int(day) <= _LENGTHS[int(month) - 1]
