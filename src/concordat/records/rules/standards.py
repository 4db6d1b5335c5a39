"""The standard’s checks of single values, by name: the standard form, and what is wrong.

Sources: NPCC Minimum POLE Data Standards Dictionary 1.1 (the DS numbers below); Royal Mail's rules
for postcodes as in `identity.engine.forms`; ISO 8601, ISO 3166-1 alpha-3, E.164. A value with a
problem is kept as it was typed, with a notice: nothing here refuses to store anything.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final, NamedTuple

from concordat.identity.engine.forms import date_form
from concordat.identity.engine.forms.text import alphanumerics, plain_digits
from concordat.records.rules import identifiers, marks
from concordat.records.rules.catalogue import choices, offence_classes
from concordat.records.rules.person_fields import (
    NUMBERS,
    OLDEST,
    name_problem,
    read_code,
    read_date_of_birth,
    read_email,
    read_phone,
    read_postcode,
    says_nothing,
)

LEAST_MO, MOST_MO = 20, 300
"""Characters of a method (DS_088)."""
LONGEST_COLLAR: Final = 10
LONGEST_UPRN: Final = 12
LATITUDES: Final = (49.0, 61.5)
LONGITUDES: Final = (-9.0, 2.5)
"""Degrees (WGS 84) between which the United Kingdom lies."""

_TIME = re.compile(r"(\d{1,2})(?:[:.]?(\d\d))?\s*(am|pm|a\.m\.|p\.m\.|hrs?|hours|h)?")
_WORDED_TIMES: Final = {"midnight": "00:00", "noon": "12:00", "midday": "12:00"}
_NOON: Final = 12
_HOURS, _MINUTES = 24, 60
_DETAILED_CLASS = re.compile(r"\d{3}/\d{2}")
_COLLAR = re.compile(r"[A-Z0-9]{1,10}")
_MONEY = re.compile(r"£?\s*(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2}))?")
_YES_NO: Final = {"yes": "yes", "y": "yes", "true": "yes", "no": "no", "n": "no", "false": "no"}


class Checked(NamedTuple):
    """A value's standard form, "" if it has none, and what is wrong with it, "" if nothing is.

    The problem continues the name of the field: "Postcode *is not a postcode*".
    """

    form: str
    problem: str = ""


def check(name: str, text: str, *, today: date) -> Checked:
    """Return what a standard check makes of a value. A blank one has no form and no problem.

    Raises KeyError if there is no check of this name; "" is the one that checks nothing.
    """
    checked = CHECKS[name]
    value = " ".join(text.split())
    if not value or (name not in _TAKE_ALL and says_nothing(value)):
        return Checked("")
    return checked(value, today)


def _date(value: str, today: date) -> Checked:
    """DS_001: a whole day, in ISO form."""
    form = date_form(value, "dmy", this_year=today.year)
    if not form:
        return Checked("", "is not a date")
    try:
        return Checked(date.fromisoformat(form).isoformat())
    except ValueError:
        partial = "-00" in form or form.startswith("0000")
        return Checked("", "is not a whole day" if partial else "is a day that doesn’t exist")


def _past_date(value: str, today: date) -> Checked:
    checked = _date(value, today)
    if checked.form > today.isoformat():
        return Checked(checked.form, "lies in the future")
    return checked


def _dob(value: str, today: date) -> Checked:
    """DS_034: not in the future, not today, and nobody is older than 120."""
    return Checked(*read_date_of_birth(value, "dmy", today))


def _time(value: str, _: date) -> Checked:
    lowered = plain_digits(value.lower())
    if lowered in _WORDED_TIMES:
        return Checked(_WORDED_TIMES[lowered])
    found = _TIME.fullmatch(lowered)
    if not found or not (found[2] or found[3]):
        return Checked("", "is not a time of day")
    hour, minute = int(found[1]), int(found[2] or 0)
    half = (found[3] or "").replace(".", "")
    if half in ("am", "pm"):
        if not 1 <= hour <= _NOON:
            return Checked("", "is not a time of day")
        hour = hour % _NOON + _NOON * (half == "pm")
    if hour >= _HOURS or minute >= _MINUTES:
        return Checked("", "is not a time of day")
    return Checked(f"{hour:02}:{minute:02}")


def _postcode(value: str, _: date) -> Checked:
    """DS_010."""
    return Checked(*read_postcode(value))


def _uprn(value: str, _: date) -> Checked:
    """DS_011: up to 12 digits; leading zeros make no difference."""
    form = "".join(plain_digits(value).split()).lstrip("0")
    if form.isdecimal() and len(form) <= LONGEST_UPRN:
        return Checked(form)
    return Checked(form, f"is not a number of up to {LONGEST_UPRN} digits")


def _given_names(value: str, _: date) -> Checked:
    """DS_031: each of the given names by itself."""
    problems = (name_problem(name) for name in value.split())
    titled = name_problem(value) if len(value.split()) > 1 else ""
    own = "begins with a title" if "title" in titled else ""
    return Checked(value, own or next(filter(None, problems), ""))


def _surname(value: str, _: date) -> Checked:
    """DS_032."""
    return Checked(value, name_problem(value))


def _collar(value: str, _: date) -> Checked:
    """DS_070: unique only inside a force."""
    form = alphanumerics(value)
    fits = _COLLAR.fullmatch(form)
    return Checked(form, "" if fits else f"is not 1 to {LONGEST_COLLAR} letters and digits")


def _number(name: str) -> Callable[[str, date], Checked]:
    """Return the check of a kind of identifier that persons have."""

    def checked(value: str, _: date) -> Checked:
        rule = NUMBERS[name]
        form = rule.form(value)
        if rule.is_valid(form):
            return Checked(form)
        right = _LETTERS[name](form) if name in _LETTERS else ""
        return Checked(form, _wrong_letter(form, right) or rule.problem)

    return checked


_LETTERS: Final[Mapping[str, Callable[[str], str]]] = {
    "pnc_id": identifiers.pnc_id_letter,
    "cro": identifiers.cro_letter,
}


def _wrong_letter(form: str, right: str) -> str:
    if not right or right == form[-1]:
        return ""
    return f"has the check letter {form[-1]}, but {right} is right"


def _asn(value: str, _: date) -> Checked:
    """DS_073."""
    form = identifiers.asn_form(value)
    right = identifiers.asn_letter(form)
    if not right:
        return Checked(form, "is not an arrest summons number")
    return Checked(form, _wrong_letter(form, right))


def _offence_class(value: str, _: date) -> Checked:
    """DS_074: a class of the counting rules, or a detailed one (NNN/NN)."""
    form = value.upper()
    if form in offence_classes() or _DETAILED_CLASS.fullmatch(form):
        return Checked(form)
    return Checked(form, "is not a Home Office class")


def _by_form(valid: Callable[[str], bool], problem: str) -> Callable[[str, date], Checked]:
    """Return the check of a number that is compared by its letters and digits."""

    def checked(value: str, _: date) -> Checked:
        form = alphanumerics(value)
        return Checked(form, "" if valid(form) else problem)

    return checked


def _country(value: str, _: date) -> Checked:
    """DS_059: ISO 3166-1 alpha-3; a country's name is understood, too."""
    for country in choices("countries"):
        if value.casefold() in (country.code.casefold(), country.label.casefold()):
            return Checked(country.code)
    return Checked(value, "is not a country’s code of three letters")


def _vrm(value: str, today: date) -> Checked:
    """DS_065. A mark known in part has no form of its own: it is searched as a pattern."""
    if marks.is_partial(value):
        return Checked("", "is known in part")
    form = marks.mark_form(value)
    return Checked(form, marks.mark_problem(form, today=today))


def _mo(value: str, _: date) -> Checked:
    """DS_088."""
    if len(value) < LEAST_MO:
        return Checked(value, f"is shorter than {LEAST_MO} characters")
    return Checked(value, f"is longer than {MOST_MO} characters" if len(value) > MOST_MO else "")


def _coded(name: str) -> Callable[[str, date], Checked]:
    return lambda value, _: Checked(*read_code(name, value))


def _degrees(limits: tuple[float, float]) -> Callable[[str, date], Checked]:
    def checked(value: str, _: date) -> Checked:
        try:
            degrees = float(value)
        except ValueError:
            return Checked("", "is not a number of degrees")
        if not limits[0] <= degrees <= limits[1]:
            return Checked(value, "lies outside the United Kingdom")
        return Checked(value)

    return checked


def _age(value: str, _: date) -> Checked:
    form = plain_digits(value)
    if form.isdecimal() and int(form) <= OLDEST:
        return Checked(str(int(form)))
    return Checked("", f"is not a number of years up to {OLDEST}")


def _money(value: str, _: date) -> Checked:
    found = _MONEY.fullmatch(value)
    if not found:
        return Checked("", "is not an amount in pounds")
    pounds = found[1].replace(",", "")
    return Checked(f"{pounds}.{found[2]:0<2}" if found[2] else pounds)


def _yes_no(value: str, _: date) -> Checked:
    form = _YES_NO.get(value.casefold(), "")
    return Checked(form, "" if form else "is neither yes nor no")


def _text(value: str, _: date) -> Checked:
    return Checked(value)


CHECKS: Final[Mapping[str, Callable[[str, date], Checked]]] = {
    "": _text,
    "text": _text,
    "date": _date,
    "past_date": _past_date,
    "dob": _dob,
    "time": _time,
    "postcode": _postcode,
    "uprn": _uprn,
    "given_name": _given_names,
    "surname": _surname,
    "telephone": lambda value, _: Checked(*read_phone(value)),
    "email": lambda value, _: Checked(*read_email(value)),
    "country": _country,
    **{name: _number(name) for name in ("passport", "nino", "driving_licence", "cro", "pnc_id")},
    "vrm": _vrm,
    "collar": _collar,
    "asn": _asn,
    "ho_class": _offence_class,
    "offence_code": _by_form(identifiers.offence_code_is_valid, "is not a CJS offence code"),
    "imei": _by_form(identifiers.imei_is_valid, "is not 15 digits with the right check digit"),
    "vin": _by_form(identifiers.vin_is_valid, "is not 17 letters and digits without I, O and Q"),
    "mo": _mo,
    **{
        name: _coded(name)
        for name in ("sex", "gender", "ethnicity_self_defined", "ethnicity_observed")
    },
    "latitude": _degrees(LATITUDES),
    "longitude": _degrees(LONGITUDES),
    "age": _age,
    "money": _money,
    "yes_no": _yes_no,
}
"""Every check there is, by name."""

_TAKE_ALL: Final = frozenset({"", "text", "mo", "yes_no"})
"""Checks of words: "none" and "no" say something there."""
