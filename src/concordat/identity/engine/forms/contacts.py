"""Standard forms of telephone numbers, e-mail addresses, and of a person's sex.

POLE data standard v1.1: DS_053 telephone numbers are E.164 (`+441234567890`); DS_037 gender is
Male, Female, Trans Male, Trans Female, Non-Binary, Intersex, Not Specified or Not Known. Codes of
ISO/IEC 5218 (0, 1, 2, 9) and of the PNC (M, F, U) are read too. Numbers that are not of the
ordinary British forms are read by `phonenumbers`, the Python port of Google's libphonenumber.
"""

import re
from typing import Final

import phonenumbers

from concordat.identity.engine.forms.text import NOTHING_BUT_A_NAME, plain_digits

REGION: Final = "GB"
"""Numbers without a country's prefix are British."""

LEAST_DIGITS: Final = 6
"""Shorter numbers than a local one tell nobody apart."""

MOST_DIGITS: Final = 15
"""The most digits E.164 gives a number; a field with more holds several, the first counts."""

_SEPARATORS: Final = str.maketrans(dict.fromkeys(" -().[]/\t\u00a0\u2013\u2010\u2011"))
_ORDINARY: Final = re.compile(r"(?:(?:\+|00)?440?|0|(?=7\d{9}$))([1237]\d{9}|1\d{8})")
_SEVERAL: Final = re.compile(r"[/;,|&]|\bor\b")
_NOT_DIGITS: Final = re.compile(r"\D+")
_ADDRESS: Final = re.compile(r"(?:mailto:)?([^@\s<>]+@[^@\s<>]+)")
_LIKE_AN_ADDRESS: Final = re.compile(r"[^\s.]{2,}(?:\.[^\s.]{2,})+")
_NO_ADDRESS: Final = frozenset(
    {"none", "noemail", "nomail", "no", "unknown", "na", "n/a", "noreply", "no-reply", "refused"}
)
_SEXES: Final = {
    **dict.fromkeys(
        ("m", "male", "1", "man", "boy", "trans male", "trans man", "transmale", "mr"), "m"
    ),
    **dict.fromkeys(
        ("f", "female", "2", "woman", "girl", "trans female", "trans woman", "transfemale",
         "fem", "mrs", "miss", "ms"),
        "f",
    ),
    **dict.fromkeys(
        ("x", "non binary", "nonbinary", "nb", "enby", "intersex", "i", "indeterminate", "other",
         "o", "trans", "transgender", "gender fluid", "genderfluid", "genderqueer", "agender",
         "third gender", "mx"),
        "x",
    ),
}  # fmt: skip


def phone_form(value: str) -> str:
    """Return a telephone number in E.164, its bare digits if it can't be read, '' for nothing.

    >>> phone_form("(07700) 900-123"), phone_form("0044 (0)1632 960123"), phone_form("ext 12")
    ('+447700900123', '+441632960123', '')
    """
    value = plain_digits(value)
    bare = value.translate(_SEPARATORS)
    ordinary = _ORDINARY.fullmatch(bare)
    if ordinary:
        national = ordinary[1]
        return "" if len(set(national[1:])) == 1 else "+44" + national
    digits = _NOT_DIGITS.sub("", value)
    if len(digits) < LEAST_DIGITS or len(set(digits)) == 1:
        return ""
    pieces = _SEVERAL.split(value)
    if len(digits) > MOST_DIGITS and len(pieces) > 1:
        return next(filter(None, map(phone_form, pieces)), "")
    return _read(value) or _read(digits) or digits


def _read(value: str) -> str:
    """Return what libphonenumber makes of a number, '' when it could not be one."""
    try:
        number = phonenumbers.parse(value, REGION)
    except phonenumbers.NumberParseException:
        return ""
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason != phonenumbers.ValidationResult.IS_POSSIBLE:
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def email_form(value: str) -> str:
    """Return an e-mail address in lower case; dots and what follows a plus are kept.

    What lacks its @ is kept if it could be a slip; text that is no address says nothing.

    >>> email_form(" <Jo.Smith+x@Example.COM> "), email_form("no email")
    ('jo.smith+x@example.com', '')
    """
    text = value.strip().lower()
    if text in NOTHING_BUT_A_NAME:
        return ""
    found = _ADDRESS.search(text)
    if found:
        local, _, domain = found[1].strip(".,;:'\"()").partition("@")
        return f"{local}@{domain}" if local and domain and local not in _NO_ADDRESS else ""
    return text if _LIKE_AN_ADDRESS.fullmatch(text) else ""


def sex_form(value: str) -> str:
    """Return `m`, `f`, `x` (stated to be neither) or '' (not known, not stated).

    >>> sex_form("Male"), sex_form("2"), sex_form("Non-Binary"), sex_form("U")
    ('m', 'f', 'x', '')
    """
    found = _SEXES.get(value)
    if found is None:
        text = " ".join(value.lower().replace("-", " ").replace("_", " ").replace(".", " ").split())
        found = _SEXES.get(text, "")
    return found
