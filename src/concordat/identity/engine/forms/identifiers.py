"""Standard forms and check letters of the numbers police records carry.

PNC identity number, CRO number: POLE data standard v1.1, DS_071 and DS_072, and the CJS data
standards; the check letter is the remainder of the division by 23 in `ZABCDEFGHJKLMNPQRTUVWXY`.
National Insurance number: DS_060 (HMRC NIM39110). Driving licence: DS_061 (DVLA). Registration
mark: DS_065 (DVLA INF104). A number that fails its check keeps its cleaned form, for it may be a
slip; an evident dummy (all zeros, 123456) says nothing.
"""

import re
from typing import Final

from concordat.identity.engine.forms.dates import THIS_YEAR
from concordat.identity.engine.forms.text import NOTHING_BUT_A_NAME, alphanumerics

CHECK_LETTERS: Final = "ZABCDEFGHJKLMNPQRTUVWXY"
"""The check letter for each remainder modulo 23: no I, O or S."""

YOUNGEST_DRIVER: Final = 15
"""Age, in years, from which a provisional licence can be asked for."""

_DIGITS: Final = str.maketrans("OIS", "015")
_LETTERS: Final = str.maketrans("015", "OIS")
_DUMMIES: Final = frozenset({"123456", "1234567", "12345678", "123456789", "0123456789", "0"})
_ENDS_IN_LETTER: Final = re.compile(r"[A-Z0-9]+[A-Z]")
_PNC: Final = re.compile(r"(\d{4})/(\d{7})([A-Z])")
_PNC_SLASHED: Final = re.compile(r"(\d{4}|\d{2})/(\d{1,7})")
_YEAR_LENGTHS: Final = (2, 4)
_SERIAL_LENGTH: Final = 7
_NO_SERIAL: Final = "0" * _SERIAL_LENGTH
_CRO: Final = re.compile(r"(\d{1,6})/(\d{2})([A-Z])")
_CRO_FIGURES: Final = re.compile(r"(?P<serial>\d{1,6})(?:/|/19|/20)?(?P<year>\d{2})")
_CRO_FILE_FIGURES: Final = re.compile(r"(?P<year>\d{2})/?(?P<serial>\d{1,6})")
_CRO_FILE: Final = re.compile(r"SF(\d{2})/(\d{1,6})([A-Z])")
_NINO: Final = re.compile(
    r"(?!GB|BG|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}([A-D]?)"
)
_LICENCE: Final = re.compile(
    r"(?:[A-Z]{5}|[A-Z]{4}9|[A-Z]{3}99|[A-Z]{2}999|[A-Z]9999)"
    r"\d(?:[05][1-9]|[16][0-2])(?:0[1-9]|[12]\d|3[01])\d[A-Z9]{2}[A-Z0-9][A-Z]{2}"
)
_WOMEN_ADD: Final = 50  # to the month in a driver number
_MARK: Final = re.compile(
    r"[A-HJ-PR-Y]{2}\d{2}[A-HJ-PR-Z]{3}"  # current, 2001
    r"|[A-Z]\d{1,3}[A-Z]{3}|[A-Z]{3}\d{1,3}[A-Z]"  # prefix, suffix
    r"|\d{1,4}[A-Z]{1,3}|[A-Z]{1,3}\d{1,4}"  # dateless, Northern Ireland
    r"|\d{3}[DX]\d{3}|\d{5}|\d{2}[A-Z]{2}\d{2}"  # diplomatic, trade, military
)

_MARK_LIKE: Final = re.compile(r"[A-Z015]{2}[0-9OIS]{2}[A-Z015]{3}")


def check_letter(number: int) -> str:
    """Return the check letter of a PNC identity, CRO or arrest summons number.

    >>> check_letter(810000034)
    'U'
    """
    return CHECK_LETTERS[number % 23]


def identifier_form(value: str) -> str:
    """Return any other reference: its letters and digits in upper case, '' for a dummy.

    >>> identifier_form(" ab-12/345 "), identifier_form("0000000")
    ('AB12345', '')
    """
    if value.strip().lower() in NOTHING_BUT_A_NAME:
        return ""
    form = alphanumerics(value)
    if form in _DUMMIES or (len(form) > 1 and form == form[0] * len(form)):
        return ""
    return "" if form.lower() in NOTHING_BUT_A_NAME else form


def pnc_id_form(value: str, *, this_year: int = THIS_YEAR) -> str:
    """Return a PNC identity number as `YYYY/NNNNNNND`.

    Short forms (`81/34U`, `8134U`) are filled up; a two-digit year later than `this_year` is of
    the 1900s. What is no such number keeps its letters and digits.

    >>> pnc_id_form("81/34u"), pnc_id_form("19810000034U")
    ('1981/0000034U', '1981/0000034U')
    """
    if pnc_id_is_valid(value):
        return value
    cleaned = identifier_form(value)
    letter, figures = cleaned[-1:], cleaned[:-1].translate(_DIGITS)
    if not _ENDS_IN_LETTER.fullmatch(cleaned) or not figures.isdecimal():
        return cleaned
    slashed = _PNC_SLASHED.fullmatch(_with_slashes(value)[:-1].translate(_DIGITS))
    if slashed:
        parts = [(slashed[1], slashed[2])]
    else:
        parts = [(figures[:length], figures[length:]) for length in _YEAR_LENGTHS]
    readings = [_pnc(year, serial, letter, this_year) for year, serial in parts]
    fitting = [form for form in readings if form]
    form = next(filter(pnc_id_is_valid, fitting), fitting[0] if fitting else cleaned)
    return "" if form[5:12] == _NO_SERIAL else form


def _with_slashes(value: str) -> str:
    """Return the letters and digits of `value`, and the slashes that part them."""
    return "/".join(map(alphanumerics, value.split("/")))


def _pnc(year: str, serial: str, letter: str, this_year: int) -> str:
    """Return the parts of a PNC identity number filled up and joined, '' if they don't fit."""
    if len(year) == _YEAR_LENGTHS[0]:
        year = f"{this_year // 100 - (int(year) > this_year % 100)}{year}"
    if not 1 <= len(serial) <= _SERIAL_LENGTH or not year.startswith(("19", "20")):
        return ""
    return f"{year}/{serial:0>7}{letter}"


def pnc_id_is_valid(form: str) -> bool:
    """Tell whether a PNC identity number has its right check letter.

    >>> pnc_id_is_valid("1979/0163001B"), pnc_id_is_valid("2000/0410770Y")
    (True, False)
    """
    found = _PNC.fullmatch(form)
    if not found or found[2] == _NO_SERIAL:
        return False
    return found[3] == check_letter(int(found[1][2:] + found[2]))


def cro_form(value: str) -> str:
    """Return a CRO number as `NNNNNN/YYD`, or `SFYY/ND` for a file without prints.

    >>> cro_form("65656/91h"), cro_form("sf 83/50058z")
    ('065656/91H', 'SF83/50058Z')
    """
    cleaned = identifier_form(value)
    if not _ENDS_IN_LETTER.fullmatch(cleaned):
        return cleaned
    is_file = cleaned.startswith("SF")
    pattern = _CRO_FILE_FIGURES if is_file else _CRO_FIGURES
    written = _with_slashes(value)
    figures = written[2 * is_file : -1].translate(_DIGITS)
    found = pattern.fullmatch(figures)
    if not found:
        # A slash elsewhere stays: without it the figures would read as another number.
        return written if pattern.fullmatch(figures.replace("/", "")) else cleaned
    serial = found["serial"].lstrip("0")
    if not serial:
        return ""
    number = f"SF{found['year']}/{serial}" if is_file else f"{serial:0>6}/{found['year']}"
    return number + cleaned[-1]


def cro_is_valid(form: str) -> bool:
    """Tell whether a CRO number has its right check letter; the serial of SF files is not padded.

    >>> cro_is_valid("065656/91H"), cro_is_valid("085227/65G"), cro_is_valid("SF83/50058Z")
    (True, False, True)
    """
    found = _CRO.fullmatch(form)
    if found:
        return found[3] == check_letter(int(f"{found[2]}{found[1]:0>6}"))
    found = _CRO_FILE.fullmatch(form)
    return found is not None and found[3] == check_letter(int(found[1] + found[2]))


def driving_licence_form(value: str) -> str:
    """Return a GB driver number of 16 characters, its issue number cut off.

    Letters for digits are mended where only digits can stand.

    >>> driving_licence_form("morga 657054 sm9ij 35")
    'MORGA657054SM9IJ'
    """
    cleaned = identifier_form(value)
    if len(cleaned) not in {16, 18}:
        return cleaned
    number = cleaned[:16]
    mended = number[:5] + number[5:11].translate(_DIGITS) + number[11:]
    return mended if driving_licence_is_valid(mended) else cleaned


def driving_licence_is_valid(form: str) -> bool:
    """Tell whether a driver number has DVLA's pattern; it has no check letter that is public.

    >>> driving_licence_is_valid("MORGA657054SM9IJ"), driving_licence_is_valid("MORGA637054SM9IJ")
    (True, False)
    """
    return _LICENCE.fullmatch(form) is not None


def licence_surname_and_birth(form: str, *, this_year: int = THIS_YEAR) -> tuple[str, str, str]:
    """Return what a driver number says: how the surname begins, the date of birth and the sex.

    The surname is cut at five letters, and DVLA writes MC for Mac. Drivers are 15 or older, which
    tells the century. Three empty strings when the number has not DVLA's pattern.

    >>> licence_surname_and_birth("MORGA657054SM9IJ")
    ('morga', '1964-07-05', 'f')
    """
    if not driving_licence_is_valid(form):
        return "", "", ""
    tens, month, day, units = form[5], int(form[6:8]), form[8:10], form[10]
    is_woman = month > _WOMEN_ADD
    latest = this_year - YOUNGEST_DRIVER
    century = latest // 100 - (int(tens + units) > latest % 100)
    birth = f"{century}{tens}{units}-{month - _WOMEN_ADD * is_woman:02}-{day}"
    return form[:5].rstrip("9").lower(), birth, "f" if is_woman else "m"


def nino_form(value: str) -> str:
    """Return a National Insurance number without its suffix, which tells nothing of the person.

    >>> nino_form("JG 10 37 59 a")
    'JG103759'
    """
    cleaned = identifier_form(value)
    mended = cleaned[:2] + cleaned[2:8].translate(_DIGITS) + cleaned[8:]
    if not _NINO.fullmatch(mended):
        return cleaned
    return "" if len(set(mended[2:8])) == 1 else mended[:8]


def nino_is_valid(form: str) -> bool:
    """Tell whether a National Insurance number has a pattern HMRC gives out.

    >>> nino_is_valid("JG103759"), nino_is_valid("QQ123456")
    (True, False)
    """
    return _NINO.fullmatch(form) is not None


def registration_mark_form(value: str) -> str:
    """Return a vehicle's registration mark without spaces, look-alike characters mended.

    Mended only where the mark fits no British pattern as written and fits the current one then.

    >>> registration_mark_form("ab5i xyz"), registration_mark_form("a 1")
    ('AB51XYZ', 'A1')
    """
    cleaned = identifier_form(value)
    if _MARK.fullmatch(cleaned) or not _MARK_LIKE.fullmatch(cleaned):
        return cleaned
    mended = (
        cleaned[:2].translate(_LETTERS)
        + cleaned[2:4].translate(_DIGITS)
        + cleaned[4:].translate(_LETTERS)
    )
    return mended if _MARK.fullmatch(mended) else cleaned


def registration_mark_is_valid(form: str) -> bool:
    """Tell whether a mark has a British pattern: current, prefix, suffix, dateless or special.

    >>> registration_mark_is_valid("AB51XYZ"), registration_mark_is_valid("AB51XYZ9")
    (True, False)
    """
    return _MARK.fullmatch(form) is not None


def identifier_is_valid(form: str) -> bool:
    """Tell whether a reference of unknown kind is worth comparing: two characters or more."""
    return len(form) > 1
