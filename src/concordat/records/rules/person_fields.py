"""Single fields of a person record: their standard forms, and what is wrong with them.

Sources: NPCC Minimum POLE Data Standards Dictionary 1.1 (names DS_031 and DS_032, date of birth
DS_034, telephone DS_053, identifiers DS_060, DS_061, DS_071 and DS_072, postcode DS_010).
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from concordat.identity.engine.forms import contacts, dates, identifiers, places
from concordat.identity.engine.forms.names import TITLES
from concordat.identity.engine.forms.text import NOTHING
from concordat.records.rules.person_codes import STANDARD_WORDS

LONGEST_NAME = 35
OLDEST = 120
"""Years: whoever is recorded as older was recorded wrongly."""

_REMEMBERED = 65_536
_NAME = re.compile(r"[^\W\d_]+(?:[-'’ ][^\W\d_]+)*['’]?")


class Read(NamedTuple):
    """A field's standard form, "" if it has none, and what is wrong with it, "" if nothing is."""

    form: str
    problem: str = ""


def says_nothing(value: str) -> bool:
    """Whether a field is blank or says that nothing is known ("N/K", "unknown")."""
    return value.casefold() in NOTHING


def name_problem(name: str) -> str:
    """Return what is wrong with one given name or surname; "" if nothing is."""
    if _NAME.fullmatch(name):
        if len(name) > LONGEST_NAME:
            return f"is longer than {LONGEST_NAME} characters"
        return "begins with a title" if " " in name and _is_titled(name) else ""
    if "  " in name:
        return "holds two spaces in a row"
    return "holds more than letters, hyphens and apostrophes"


def _is_titled(name: str) -> bool:
    return name.partition(" ")[0].casefold() in TITLES


@lru_cache(maxsize=_REMEMBERED)
def read_date_of_birth(value: str, order: str, today: date) -> Read:
    """Return a date of birth as `YYYY-MM-DD`, unknown parts as zeros.

    What can't be a date of birth has no form: it is kept as recorded and not used as a date.
    """
    form = dates.date_form(value, order, this_year=today.year)
    if not form:
        return Read("", "is not a date")
    problem = _birth_problem(form, today)
    return Read("" if problem else form, problem)


def _birth_problem(form: str, today: date) -> str:
    """Return why a date can't be one of birth; a partial one is taken at its earliest."""
    year, month, day = (int(part) for part in form.split("-"))
    if not year:
        return "has no year"
    try:
        earliest = date(year, month or 1, day or 1)
    except ValueError:
        return "is a day that doesn’t exist"
    if earliest >= today:
        return "is today" if earliest == today else "lies in the future"
    return f"lies more than {OLDEST} years ago" if year < today.year - OLDEST else ""


@lru_cache(maxsize=_REMEMBERED)
def read_day(value: str, order: str) -> Read:
    """Return a whole day as an ISO date."""
    form = dates.date_form(value, order)
    try:
        return Read(date.fromisoformat(form).isoformat())
    except ValueError:
        return Read("", "is not a whole day")


@lru_cache(maxsize=_REMEMBERED)
def read_code(target: str, value: str) -> Read:
    """Return the standard code of a coded field, or the value as recorded if it has none."""
    code = STANDARD_WORDS[target].get(value.casefold())
    if code is not None:
        return Read(code)
    return Read(value, "" if says_nothing(value) else "is not one of the standard’s values")


@lru_cache(maxsize=_REMEMBERED)
def read_postcode(value: str) -> Read:
    """Return a postcode in its standard form."""
    form = places.postcode_form(value)
    if not form or places.postcode_is_valid(form):
        return Read(form)
    return Read(form, "is not a postcode")


def read_phone(value: str) -> Read:
    """Return a telephone number in E.164, or its digits."""
    form = contacts.phone_form(value)
    if form.startswith("+") or says_nothing(value):
        return Read(form)
    return Read(form, "is not a telephone number")


def read_email(value: str) -> Read:
    """Return an email address in lower case."""
    form = contacts.email_form(value)
    return Read(form, "" if "@" in form or says_nothing(value) else "is not an email address")


class NumberRule(NamedTuple):
    """How numbers of one kind are standardised and checked."""

    form: Callable[[str], str]
    is_valid: Callable[[str], bool]
    problem: str


def _passport_is_valid(form: str) -> bool:
    return re.fullmatch(r"\d{9}|[A-Z]\d{6}|\d{6}[A-Z]", form) is not None


NUMBERS: Mapping[str, NumberRule] = {
    "pnc_id": NumberRule(
        identifiers.pnc_id_form, identifiers.pnc_id_is_valid, "has a wrong check letter or form"
    ),
    "cro": NumberRule(
        identifiers.cro_form, identifiers.cro_is_valid, "has a wrong check letter or form"
    ),
    "driving_licence": NumberRule(
        identifiers.driving_licence_form,
        identifiers.driving_licence_is_valid,
        "is not a driving licence number of Great Britain",
    ),
    "nino": NumberRule(
        identifiers.nino_form, identifiers.nino_is_valid, "is not a National Insurance number"
    ),
    "passport": NumberRule(
        identifiers.identifier_form, _passport_is_valid, "is not a United Kingdom passport number"
    ),
}
"""The kinds of identifier that can be checked."""
