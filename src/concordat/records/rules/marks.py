"""Registration marks of vehicles: as written, half remembered, and with look-alike characters.

Source: POLE data standard v1.1, DS_065 (1 to 11 letters and digits, no spaces); DVLA INF104 for
the patterns of the United Kingdom. Compared without spaces, in upper case.
"""

import re
from datetime import date
from typing import Final

from concordat.identity.engine.forms import registration_mark_form, registration_mark_is_valid
from concordat.identity.engine.forms.text import alphanumerics

LONGEST: Final = 11

_LOOK_ALIKES: Final = str.maketrans("OISB", "0158")
_WILD: Final = re.compile(r"[?*]")
_NOT_PATTERN: Final = re.compile(r"[^A-Z0-9?*]")
_LEAST_KNOWN: Final = 2
"""Characters of a partial mark that must be known."""

_CURRENT: Final = re.compile(r"[A-Z]{2}(\d\d)[A-Z]{3}")
_MILLENNIUM: Final = 2000
_MARCH, _SEPTEMBER = 3, 9
_FIRST_MARCH: Final = 2
_LAST_MARCH: Final = 50


def mark_form(text: str) -> str:
    """Return a mark as it is compared: upper case, no spaces, evident look-alikes mended.

    >>> mark_form("ab51 xyz"), mark_form("AB5I XYZ")
    ('AB51XYZ', 'AB51XYZ')
    """
    return registration_mark_form(text)


def is_partial(text: str) -> bool:
    """Whether a mark is known in part: "?" stands for one character, "*" for any number."""
    return _WILD.search(text) is not None and len(alphanumerics(text)) >= _LEAST_KNOWN


def look_alike_form(text: str) -> str:
    """Return a mark with O as 0, I as 1, S as 5 and B as 8: alike marks have one such form.

    Of a partial mark "?" and "*" stay.

    >>> look_alike_form("AB12 CDE"), look_alike_form("so1? *")
    ('A812CDE', '501?*')
    """
    return _NOT_PATTERN.sub("", text.upper()).translate(_LOOK_ALIKES)


def matches_partial(pattern: str, mark: str) -> bool:
    """Whether `mark` may be the one that `pattern` half remembers, look-alikes being equal.

    >>> matches_partial("AB1? *", "AB12 CDE"), matches_partial("AB1?", "AB12CDE")
    (True, False)
    """
    wanted = _NOT_PATTERN.sub("", pattern.upper()).translate(_LOOK_ALIKES)
    if not wanted:
        return False
    likes = "".join({"?": ".", "*": ".*"}.get(char, char) for char in wanted)
    return re.fullmatch(likes, look_alike_form(mark)) is not None


def mark_problem(form: str, *, today: date) -> str:
    """Return what is wrong with a mark in its standard form; "" if nothing is."""
    if not form:
        return "holds no letter or digit"
    if len(form) > LONGEST:
        return f"is longer than {LONGEST} characters"
    if not registration_mark_is_valid(form):
        return "has no pattern of the United Kingdom; if it is foreign, it can stay"
    found = _CURRENT.fullmatch(form)
    return _age_problem(int(found[1]), today) if found else ""


def _age_problem(age: int, today: date) -> str:
    """Return why a current mark can't have this age.

    02 to 50 are of the years' Marches, 51 to 99 of their Septembers.
    """
    if age < _FIRST_MARCH:
        return f"has the age {age:02}, which was never issued"
    if age > _LAST_MARCH:
        issued = date(_MILLENNIUM + age - _LAST_MARCH, _SEPTEMBER, 1)
    else:
        issued = date(_MILLENNIUM + age, _MARCH, 1)
    return f"would be issued in {issued:%B %Y}" if issued > today else ""
