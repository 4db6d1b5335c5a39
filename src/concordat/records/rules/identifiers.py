"""Numbers with a check of their own: summonses, offences, phones, vehicles; and right letters.

Sources: POLE data standard v1.1, DS_073 arrest summons number and DS_080 offence code; 3GPP TS
23.003 (IMEI, Luhn's check digit); ISO 3779 (vehicle identification number). PNC IDs and CRO
numbers are checked by `identity.engine.forms`; here it is only said which letter would be right.
"""

import re
from typing import Final

from concordat.identity.engine.forms.identifiers import check_letter
from concordat.identity.engine.forms.text import alphanumerics

_ASN: Final = re.compile(
    r"(?P<year>\d\d)(?:[A-Z0-9]?)(?P<force>[A-Z0-9]{2})[A-Z0-9]{2}(?P<system>[A-Z0-9]{2})"
    r"(?P<number>\d{11})(?P<letter>[A-Z])"
)
_ASN_SHOWN: Final = re.compile(r"(\d\d)/([A-Z0-9]{4,5})/([A-Z0-9]{2})/(\d{1,11})([A-Z])")
_ASN_NUMBER_LENGTH: Final = 11
_PNC_ID: Final = re.compile(r"\d\d(\d\d)/(\d{7})[A-Z]")
_CRO: Final = re.compile(r"(\d{6})/(\d\d)[A-Z]")
_CRO_FILE: Final = re.compile(r"SF(\d\d)/(\d{1,6})[A-Z]")
_OFFENCE_CODE: Final = re.compile(r"(?:[A-Z]{2}\d{5}|COML\d{3}|XX00\d{3})[ABCI]?")
_IMEI: Final = re.compile(r"\d{15}", re.ASCII)
_VIN: Final = re.compile(r"[A-HJ-NPR-Z0-9]{17}")


def asn_form(text: str) -> str:
    """Return an arrest summons number without slashes, its 11 digits filled up with zeros.

    What is no such number keeps its letters and digits.

    >>> asn_form("97/0000/00/123456k")
    '9700000000000123456K'
    """
    shown = _ASN_SHOWN.fullmatch("".join(text.upper().split()))
    if shown:
        year, force, system, number, letter = shown.groups()
        return f"{year}{force}{system}{number:0>{_ASN_NUMBER_LENGTH}}{letter}"
    return alphanumerics(text)


def asn_letter(form: str) -> str:
    """Return the check letter that an arrest summons number should have, "" if it is none.

    Divided by 23 are the codes of force and system, where they are figures, with the year and the
    11 digits.

    >>> asn_letter("2202XC0200000000021R")
    'R'
    """
    found = _ASN.fullmatch(form)
    if not found:
        return ""
    codes = (code for code in (found["force"], found["system"]) if code.isdecimal())
    return check_letter(int("".join(codes) + found["year"] + found["number"]))


def asn_shown(form: str) -> str:
    """Return an arrest summons number as it is written: with slashes, without leading zeros.

    >>> asn_shown("9700000000000123456K")
    '97/0000/00/123456K'
    """
    if not asn_letter(form):
        return form
    number = form[-1 - _ASN_NUMBER_LENGTH : -1].lstrip("0") or "0"
    codes = form[2 : -1 - _ASN_NUMBER_LENGTH]
    return f"{form[:2]}/{codes[:-2]}/{codes[-2:]}/{number}{form[-1]}"


def pnc_id_letter(form: str) -> str:
    """Return the check letter that a PNC ID in standard form should have, "" if it is none.

    >>> pnc_id_letter("1990/0000570L")
    'N'
    """
    found = _PNC_ID.fullmatch(form)
    return check_letter(int(found[1] + found[2])) if found else ""


def cro_letter(form: str) -> str:
    """Return the check letter that a CRO number in standard form should have, "" if it is none.

    >>> cro_letter("085227/65G"), cro_letter("SF83/50058B")
    ('L', 'Z')
    """
    found = _CRO.fullmatch(form)
    if found:
        return check_letter(int(found[2] + found[1]))
    found = _CRO_FILE.fullmatch(form)
    return check_letter(int(found[1] + found[2])) if found else ""


def offence_code_is_valid(form: str) -> bool:
    """Whether an offence code has the form of the criminal justice system's (TH68001, COML025)."""
    return _OFFENCE_CODE.fullmatch(form) is not None


def imei_is_valid(form: str) -> bool:
    """Whether the number of a handset has 15 digits and the right check digit.

    >>> imei_is_valid("490154203237518"), imei_is_valid("490154203237519")
    (True, False)
    """
    if not _IMEI.fullmatch(form):
        return False
    doubled = (int(digit) * 2 for digit in form[-2::-2])
    return (sum(map(int, form[::-2])) + sum(n // 10 + n % 10 for n in doubled)) % 10 == 0


def vin_is_valid(form: str) -> bool:
    """Whether a vehicle identification number has 17 letters and digits, none of them I, O or Q."""
    return _VIN.fullmatch(form) is not None
