"""Days and times in a line that tells what happened: "yesterday 22:15", "between 3 and 4 May"."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Final

from concordat.identity.engine.forms import date_form
from concordat.records.rules.standards import check
from concordat.records.rules.telling_text import Line, Token

_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_FULL = re.compile(
    r"(?<![\w./])(?:\d{4}-\d\d-\d\d|\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d\d))(?![\w/]|[.-]\d(?!\d?[/.]))",
    re.ASCII,
)
_WORDED = re.compile(
    rf"(?<!\w)(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+(?P<m>{_MONTH})(?!\w)"
    rf"(?:,?\s+(?P<y>\d{{4}}|\d\d(?![:\d])))?",
    re.IGNORECASE | re.ASCII,
)
_MONTH_FIRST = re.compile(
    rf"(?<!\w)(?P<m>{_MONTH})\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?![\w:])(?:,?\s+(?P<y>\d{{4}}))?",
    re.IGNORECASE | re.ASCII,
)
_DAY_AND_MONTH = re.compile(r"(?<=\bon )(\d{1,2})/(\d{1,2})(?![\w/])", re.IGNORECASE | re.ASCII)
_BORN_IN = re.compile(
    r"(?<=[\s(])(?:b|b\.|born|dob)(?:\s+in)?[\s:]+((?:19|20)\d\d)(?!\w)", re.IGNORECASE | re.ASCII
)
_RELATIVE = re.compile(
    r"(?<!\w)(the day before yesterday|yesterday|last night|today|tonight"
    r"|(?:earlier )?this (?:morning|afternoon|evening))(?!\w)",
    re.IGNORECASE,
)
_AGO = re.compile(
    r"(?<!\w)(\d{1,2}|a|one|two|three|four|five|six)\s+(day|week)s?\s+ago(?!\w)", re.IGNORECASE
)
_WEEKDAY = re.compile(
    r"(?<!\w)(?:(last)\s+|on\s+)?(mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?"
    r"|fri(?:day)?|sat(?:urday)?|sun(?:day)?)(?!\w)",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?<![\w:£.])(?:"
    r"\d{1,2}[:.]\d\d\s*(?:am|pm|a\.m\.|p\.m\.)|\d{1,2}:\d\d(?:\s*(?:hrs|hours|h)(?!\w))?"
    r"|\d{1,2}\s*(?:am|pm)|\d{4}\s*(?:hrs|hours|h)|\d{1,2}\.\d\d\s*(?:hrs|hours)"
    r"|(?<=\bat )\d{4}|(?<=\bat )\d{1,2}\.\d\d"
    r"|midnight|noon|midday"
    r")(?![\w:])",
    re.IGNORECASE | re.ASCII,
)
_NUMBERS: Final = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEK: Final = 7
_INTERVAL = re.compile(
    r"\s*(?:hrs|hours)?\s*(?:-|–|and|to|until|till)\s*(?:on\s+|at\s+)?", re.IGNORECASE
)
_INTERVAL_DAYS = re.compile(
    r"[\s\x00]*(?:-|–|and|to|until|till)\s*(?:on\s+)?[\s\x00]*", re.IGNORECASE
)
_REPORTED = re.compile(r"(?<!\w)reported(?:\s+(?:on|at))?\s*$", re.IGNORECASE)


def take_times(line: Line, today: date) -> None:
    """Recognise every day ("date"), year of birth ("year") and time ("time") in a line."""
    _take(line, "date", _FULL, lambda found: _written(found[0], today))
    for pattern in (_WORDED, _MONTH_FIRST):
        _take(line, "date", pattern, lambda found: _worded(found, today))
    _take(line, "date", _DAY_AND_MONTH, lambda found: _recent(found[1], found[2], today))
    _take(line, "relative", _RELATIVE, lambda found: _relative(found[1], today))
    _take(line, "relative", _AGO, lambda found: _ago(found, today))
    _take(line, "relative", _WEEKDAY, lambda found: _weekday(found, today))
    for found in list(_BORN_IN.finditer(line.rest)):
        if int(found[1]) <= today.year:
            line.take("year", found.start(1), found.end(1), found[1])
    for found in list(_TIME.finditer(line.rest)):
        form = check("time", found[0], today=today).form
        if form:
            line.take("time", *found.span(), form)


def _take(
    line: Line, what: str, pattern: re.Pattern[str], read: Callable[[re.Match[str]], date | None]
) -> None:
    for found in list(pattern.finditer(line.rest)):
        try:
            day = read(found)
        except (ValueError, OverflowError):
            continue
        if day is not None:
            line.take(what, *found.span(), day.isoformat(), day)


def _written(text: str, today: date) -> date:
    return date.fromisoformat(date_form(text, "dmy", this_year=today.year))


def _worded(found: re.Match[str], today: date) -> date | None:
    if not found["y"]:
        return _recent(found["d"], found["m"], today)
    return _written(f"{found['d']} {found['m']} {found['y']}", today)


def _recent(day: str, month: str, today: date) -> date:
    """Return the last such day there was."""
    separator = "/" if month.isdecimal() else " "
    this_year = _written(separator.join((day, month, str(today.year))), today)
    if this_year <= today:
        return this_year
    return _written(separator.join((day, month, str(today.year - 1))), today)


def _relative(said: str, today: date) -> date:
    words = said.lower()
    if "before" in words:
        return today - timedelta(days=2)
    return today - timedelta(days=1) if words in ("yesterday", "last night") else today


def _ago(found: re.Match[str], today: date) -> date:
    number = found[1].lower()
    count = _NUMBERS.get(number) or int(number)
    return today - timedelta(days=count * (_WEEK if found[2].lower() == "week" else 1))


def _weekday(found: re.Match[str], today: date) -> date | None:
    """Return the last such weekday: today if it is one, unless "last" was said.

    A short name by itself may be something else ("sat", "wed"): it must stand with "on" or "last",
    or have its capital.
    """
    name = found[2]
    is_led = found[0].lower().startswith(("last", "on"))
    if not (name.lower().endswith("day") or is_led or name[0].isupper()):
        return None
    back = (today.weekday() - _WEEKDAYS.index(name[:3].lower())) % _WEEK
    return today - timedelta(days=back or (_WEEK if found[1] else 0))


def occurred(line: Line, today: date) -> dict[str, str]:
    """Return when it happened and was reported, from the days and times that are no births.

    What lies in the future isn't taken for the day of an event.
    """
    fields: dict[str, str] = {}
    days = [one for one in line.found("date", "relative") if one.day and one.day <= today]
    times = line.found("time")
    for what, tokens in (("date", days), ("time", times)):
        for token in list(tokens):
            if _REPORTED.search(line.rest[: token.start].replace("\x00", " ")):
                fields.setdefault(f"reported_{what}", token.value)
                tokens.remove(token)
    fields.update(_interval(line, "date", days))
    fields.update(_interval(line, "time", times))
    return dict(_over_midnight(fields))


def _interval(line: Line, what: str, tokens: list[Token]) -> Iterator[tuple[str, str]]:
    """Yield the first of some days or times, and the one that ends the interval it begins."""
    if not tokens:
        return
    first = tokens[0]
    yield f"occurred_{what}", first.value
    pattern = _INTERVAL_DAYS if what == "date" else _INTERVAL
    for second in tokens[1:2]:
        gap = line.rest[first.end : second.start]
        plain = gap.replace("\x00", " ") if what == "time" else gap
        if pattern.fullmatch(plain) and (what == "time" or second.value > first.value):
            yield f"occurred_until_{what}", second.value


def _over_midnight(fields: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the fields; what ends at an earlier time than it began ended on the next day."""
    yield from fields.items()
    begun, ended = fields.get("occurred_time"), fields.get("occurred_until_time")
    day = fields.get("occurred_date")
    if begun and ended and day and ended < begun and "occurred_until_date" not in fields:
        following = date.fromisoformat(day) + timedelta(days=1)
        yield "occurred_until_date", following.isoformat()
