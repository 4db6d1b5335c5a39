"""Numbers in a line that tells what happened: marks, postcodes, phones, and those of persons."""

import re
from collections.abc import Callable
from datetime import date
from typing import Final

from concordat.identity.engine.forms import (
    cro_form,
    cro_is_valid,
    driving_licence_form,
    driving_licence_is_valid,
    email_form,
    nino_form,
    nino_is_valid,
    phone_form,
    pnc_id_form,
    pnc_id_is_valid,
    postcode_form,
    postcode_is_valid,
    registration_mark_is_valid,
)
from concordat.records.rules.identifiers import imei_is_valid
from concordat.records.rules.marks import is_partial, mark_form
from concordat.records.rules.standards import check
from concordat.records.rules.telling_text import Line, Token, word_set

_EMAIL = re.compile(r"(?<![^\s<(,;:])[^\s@<>(),;:]+@[^\s@<>(),;:]+\.[^\W\d_]{2,}")
_HANDLE = re.compile(r"(?<!\S)@(\w[\w.]{1,29})")
_POINT = re.compile(r"(?<![\d.])(-?\d{2}\.\d{3,})\s*,\s*(-?\d{1,2}\.\d{3,})(?![\d.])", re.ASCII)
_IMEI = re.compile(r"(?<![\w/])\d{15}(?![\w/])", re.ASCII)
_PHONE = re.compile(r"(?<![\w/+])(?:\+\d{1,3}|00\d{2}|0)(?:[ ().-]*\d){8,11}(?![\w/])", re.ASCII)
_NINO = re.compile(r"(?<!\w)[A-Z]{2}\s?\d\d\s?\d\d\s?\d\d\s?[A-D]?(?!\w)", re.IGNORECASE | re.ASCII)
_LICENCE = re.compile(
    r"(?<!\w)[A-Z][A-Z9]{4}\s?\d{6}\s?[A-Z9]{2}\s?\d[A-Z]{2}(?:\s?\d\d)?(?!\w)",
    re.IGNORECASE | re.ASCII,
)
_PNC_ID = re.compile(
    r"(?<![\w/])(?:(?:19|20)\d\d|\d\d)/\d{1,7}[A-Z](?![\w/])", re.IGNORECASE | re.ASCII
)
_CRO = re.compile(
    r"(?<![\w/])(?:SF\s?\d\d/\d{1,6}|\d{1,6}/\d\d)[A-Z](?![\w/])", re.IGNORECASE | re.ASCII
)
_POSTCODE = re.compile(r"(?<!\w)[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}(?!\w)", re.IGNORECASE | re.ASCII)
_CURRENT = re.compile(r"(?<![\w/])[A-Z]{2}\d{2}\s?([A-Z]{3})(?![\w/])", re.IGNORECASE | re.ASCII)
_OLDER = re.compile(
    r"(?<![\w/])(?:[A-Z]\d{1,3}\s?[A-Z]{3}|[A-Z]{3}\s?\d{1,3}[A-Z])(?![\w/])", re.ASCII
)
_OLDER_JOINED = re.compile(
    r"(?<![\w/])(?:[a-z]\d{1,3}[a-z]{3}|[a-z]{3}\d{1,3}[a-z])(?![\w/])", re.ASCII
)
_PARTIAL = re.compile(
    r"(?<![\w?*/:.])(?=[A-Z0-9]*[?*])(?=[^A-Z\s]*[A-Z])(?=\D*\d)[A-Z0-9?*]{3,8}(?:\s[A-Z?*]{2,3})?(?![\w?*/])",
    re.ASCII,
)
_NAMED_MARK = re.compile(
    r"(?:part(?:ial)?\s+)?(?:\breg(?:istration)?|\bindex|\bvrm|\bplates?|\bmark)"
    r"(?:\s+(?:number|no\.?|mark|plate|is|of))*[\s:]+([A-Z0-9?*]{2,8}(?:\s(?=[A-Z]*\d|[A-Z]{3}\b)[A-Z0-9?*]{1,4})?)"
    r"(?![\w?*])",
    re.ASCII | re.IGNORECASE,
)


def take_numbers(line: Line, today: date) -> None:
    """Recognise what can be told by its form alone, the surest first."""
    _take(line, "email", _EMAIL, lambda found: email_form(found[0]))
    _take(line, "handle", _HANDLE, lambda found: found[1].rstrip("."))
    _take(line, "point", _POINT, lambda found: _point(found, today))
    _take(line, "imei", _IMEI, lambda found: found[0] if imei_is_valid(found[0]) else "")
    _take(
        line, "driving_licence", _LICENCE, _checked(driving_licence_form, driving_licence_is_valid)
    )
    _take(line, "phone", _PHONE, _phone)
    _take(line, "nino", _NINO, _checked(nino_form, nino_is_valid))
    _take(line, "pnc_id", _PNC_ID, _checked(pnc_id_form, pnc_id_is_valid))
    _take(line, "cro", _CRO, _checked(cro_form, cro_is_valid))
    _take(line, "postcode", _POSTCODE, _postcode)
    for pattern in (_CURRENT, _OLDER, _OLDER_JOINED):
        _take(line, "mark", pattern, _mark)
    _take(line, "mark", _PARTIAL, lambda found: found[0] if is_partial(found[0]) else "")
    _take_named_marks(line)


def find_marks(text: str) -> tuple[Token, ...]:
    """Return the registration marks in a text, whole or in part, with their places in it."""
    line = Line(text)
    _take(line, "postcode", _POSTCODE, _postcode)
    for pattern in (_CURRENT, _OLDER, _OLDER_JOINED):
        _take(line, "mark", pattern, _mark)
    _take(line, "mark", _PARTIAL, lambda found: found[0] if is_partial(found[0]) else "")
    _take_named_marks(line)
    return tuple(line.found("mark"))


def _take(
    line: Line, what: str, pattern: re.Pattern[str], form: Callable[[re.Match[str]], str]
) -> None:
    for found in list(pattern.finditer(line.rest)):
        value = form(found)
        if value:
            line.take(what, *found.span(), value)


def _checked(
    form: Callable[[str], str], is_valid: Callable[[str], bool]
) -> Callable[[re.Match[str]], str]:
    def read(found: re.Match[str]) -> str:
        value = form(found[0])
        return value if is_valid(value) else ""

    return read


def _phone(found: re.Match[str]) -> str:
    form = phone_form(found[0])
    return form if form.startswith("+") else ""


def _postcode(found: re.Match[str]) -> str:
    form = postcode_form(found[0])
    return f"{form[:-3]} {form[-3:]}" if postcode_is_valid(form) else ""


def _point(found: re.Match[str], today: date) -> str:
    latitude, longitude = found[1], found[2]
    checks = (("latitude", latitude), ("longitude", longitude))
    if any(check(name, value, today=today).problem for name, value in checks):
        return ""
    return f"{latitude},{longitude}"


def _mark(found: re.Match[str]) -> str:
    """Return a whole mark. Of two parts the second may be a common word: CO12 AND is no mark."""
    written = found[0]
    parts = written.split()
    if len(parts) > 1 and parts[1].lower() in word_set("not_names"):
        return ""
    form = mark_form(written)
    return _shown(form) if registration_mark_is_valid(form) else ""


_CURRENT_LENGTH: Final = 7


def _shown(form: str) -> str:
    """Return a mark as its plate shows it, if it is a current one."""
    is_current = len(form) == _CURRENT_LENGTH and form[:2].isalpha() and form[2:4].isdecimal()
    return f"{form[:4]} {form[4:]}" if is_current else form


def _take_named_marks(line: Line) -> None:
    """Take what stands after "registration" for a mark, or for a part of one: then with a star."""
    for found in list(_NAMED_MARK.finditer(line.rest)):
        written = found[1].upper()
        if not any(char.isdigit() for char in written):
            continue
        whole = registration_mark_is_valid(mark_form(written)) and "part" not in found[0].lower()
        value = written if whole or is_partial(written) else f"{written}*"
        line.take("mark", found.start(1), found.end(1), value)
