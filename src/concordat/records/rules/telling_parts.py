"""Reading what was typed of one person, thing or place into its fields.

Whoever looks for "robert hale b 3/5/87" and finds nobody goes on with what is typed already.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from concordat.access.rules import RecordKind
from concordat.records.rules.catalogue import choices, field_of
from concordat.records.rules.standard_tables import table
from concordat.records.rules.telling_numbers import take_numbers
from concordat.records.rules.telling_people import named
from concordat.records.rules.telling_places import fields_of_place, take_streets
from concordat.records.rules.telling_text import TAKEN, Line, alternatives, phrases, word_list
from concordat.records.rules.telling_things import take_vehicles
from concordat.records.rules.telling_times import take_times

_CUES = re.compile(
    r"(?<!\w)(?:d\.?o\.?b\.?|date of birth|born(?: on| in)?|b|age|aged|tel|telephone|phone|mobile"
    r"|mob|e-?mail|pnc(?: id)?|cro|nino|ni number|driving licence|licence|lives at|address|imei"
    r"|reg|registration|index|vrm|mark|plate)(?!\w)[.:]*",
    re.IGNORECASE,
)
_TITLE = re.compile(rf"^\s*(?:{alternatives(word_list('titles'))})\.?\s+", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\w)(?:19|20)\d\d(?!\w)", re.ASCII)
_AGE = re.compile(
    r"(?<!\w)(\d{1,3})\s*(?:years?(?:[\s-]old)?|yrs?|yo|y/o)?(?!\w)", re.IGNORECASE | re.ASCII
)
_SEX = re.compile(r"(?<!\w)(?:(?P<f>female|woman|girl)|(?P<m>male|man|boy))(?!\w)", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_][^\W\d_'’.-]*(?:['’.-][^\W\d_]*)*(,?)")
_SERIAL = re.compile(
    r"(?<!\w)(?:serial|s/n)(?:\s+(?:number|no))?[.:\s]+([\w/-]*\d[\w/-]*)", re.IGNORECASE
)
_NUMBER = re.compile(r"(?<!\w)(?=\w*\d)[A-Za-z0-9]{5,}(?!\w)", re.ASCII)
_OLDEST: Final = 120
_PERSON_NUMBERS: Final = (
    "phone", "email", "pnc_id", "cro", "nino", "driving_licence", "postcode",
)  # fmt: skip
_DOCUMENTS: Final = (
    ("passport", "passport*"),
    ("driving_licence", "driving licence|licence|license"),
    ("identity_card", "identity card|id card"),
    ("bank_card", "bank card|credit card|debit card"),
    ("vehicle_document", "v5|v5c|log book|logbook"),
)
_MAIN_FIELDS: Final[Mapping[RecordKind, str]] = {
    RecordKind.PERSON: "description",
    RecordKind.PLACE: "area",
    RecordKind.BUSINESS: "name",
    RecordKind.ACCOUNT: "address",
}
"""The field that takes what can't be read; elsewhere it is the description."""


def read_part(kind: RecordKind, text: str, *, today: date) -> Mapping[str, str]:
    """Return what somebody typed of one person, thing or place, as fields of that kind.

    What can't be read stands in the field that says most of such a thing, so that nothing is lost.
    Nothing is raised for what is in the text.
    """
    line = Line(" ".join(text.replace("\x00", " ").split()))
    take_numbers(line, today)
    read = {RecordKind.PERSON: _person, RecordKind.PLACE: _place}.get(kind)
    told = read(line, today) if read else _thing(kind, line, today)
    told = {code: value for code, value in told.items() if value and field_of(kind, code)}
    main = _MAIN_FIELDS.get(kind, "description")
    if not field_of(kind, main):
        return told
    left = _left(line, told) if told else " ".join(text.replace("\x00", " ").split())
    if main in told and field_of(kind, "description"):
        main = "description"
    if left:
        told[main] = ", ".join(filter(None, (told.get(main, ""), left)))
    return told


def _left(line: Line, told: Mapping[str, str]) -> str:
    """Return what wasn't recognised, or has no field, without the marks between."""
    for token in line.tokens:
        if not set(fields_of_place(token).values()) <= set(told.values()):
            said = line.between(token.start, token.end)
            line.rest = line.rest[: token.start] + said + line.rest[token.end :]
    words = line.rest.replace(TAKEN, " ").split()
    return " ".join(word for word in words if any(char.isalnum() for char in word)).strip(" ,;")


def _person(line: Line, today: date) -> dict[str, str]:
    take_times(line, today)
    take_streets(line)
    told = {one.what: one.value for one in line.found(*_PERSON_NUMBERS)}
    for one in line.found("street"):
        told.update(fields_of_place(one))
    births = line.found("date", "year")
    if births:
        told["date_of_birth"] = births[0].value
    line.rest = _CUES.sub(_blank, line.rest)
    sex = _SEX.search(line.rest)
    if sex:
        told["sex"] = "Female" if sex["f"] else "Male"
        line.blank(*sex.span())
    year = None if births else _YEAR.search(line.rest)
    if year and int(year[0]) <= today.year:
        told["date_of_birth"] = year[0]
        line.blank(*year.span())
    age = _AGE.search(line.rest)
    if age and int(age[1]) <= _OLDEST:
        told["age"] = str(int(age[1]))
        line.blank(*age.span())
    return {**_name(line), **told}


def _blank(found: re.Match[str]) -> str:
    return TAKEN * len(found[0])


def _name(line: Line) -> dict[str, str]:
    """Return the name that is left, if nothing but a name is left in one piece."""
    title = _TITLE.match(line.rest)
    if title:
        line.blank(*title.span())
    pieces = [piece.strip(" ,;()") for piece in line.rest.split(TAKEN)]
    name = next((piece for piece in pieces if piece), "")
    words = name.split()
    others = [piece for piece in pieces if piece != name and any(map(str.isalpha, piece))]
    if len(words) == 1 and others:
        return {}
    if not words or not all(_NAME.fullmatch(word) for word in words):
        return {}
    start = line.rest.index(name)
    line.blank(start, start + len(name))
    return named([word.rstrip(",") for word in words], "," if words[0].endswith(",") else "")


def _place(line: Line, _: date) -> dict[str, str]:
    take_streets(line)
    told: dict[str, str] = {}
    for token in line.found("postcode", "point", "street", "area"):
        told = {**fields_of_place(token), **told}
    left = _left(line, told)
    if left and told.keys() & {"street", "postcode"} and not any(map(str.isdigit, left)):
        told["town"] = left
        line.forget()
    return told


def _thing(kind: RecordKind, line: Line, today: date) -> dict[str, str]:
    told: dict[str, str] = {}
    serial = _SERIAL.search(line.rest)
    if serial and field_of(kind, "serial"):
        told["serial"] = serial[1]
        line.blank(*serial.span())
    if kind is RecordKind.VEHICLE:
        return _vehicle(line)
    if kind is RecordKind.WEAPON:
        rows = (row for row in table("telling_things") if row["kind"] == "weapon")
        told["weapon_type"] = next(
            (row["value"] for row in rows if phrases(row["words"]).search(line.text)), ""
        )
    elif kind in (RecordKind.PHONE, RecordKind.BUSINESS):
        code = "number" if kind is RecordKind.PHONE else "phone"
        told.update((code, one.value) for one in line.found("phone")[:1])
        told.update((one.what, one.value) for one in line.found("imei")[:1])
        line.rest = _CUES.sub(_blank, line.rest) if told else line.rest
    elif kind is RecordKind.ACCOUNT:
        told.update(_account(line))
    elif kind is RecordKind.DOCUMENT:
        told.update(_document(line, today))
    else:
        line.tokens.clear()
        line.rest = line.text
    return told


def _vehicle(line: Line) -> dict[str, str]:
    vehicles = take_vehicles(line, RecordKind.SIGHTING, "")
    told = dict(vehicles[0].fields) if vehicles else {}
    line.rest = _CUES.sub(_blank, line.rest)
    colour = phrases("|".join(choice.code for choice in choices("colours"))).search(line.rest)
    if colour and "colour" not in told:
        told["colour"] = colour[0].lower()
        line.blank(*colour.span())
    left = _left(line, told)
    if not told and left and any(map(str.isdigit, left)) and len(left) <= len("AB12 CDE9999"):
        told["mark"] = left.upper()
        line.forget()
    return told


def _account(line: Line) -> dict[str, str]:
    tokens = line.found("email", "handle")
    if not tokens:
        return {}
    is_email = tokens[0].what == "email"
    told = {"account_type": "email" if is_email else "online", "address": tokens[0].value}
    platform = phrases(word_list("platforms")).search(line.rest)
    if platform:
        told["platform"] = platform[0]
        line.blank(*platform.span())
    return told


def _document(line: Line, _: date) -> dict[str, str]:
    kinds = (code for code, words in _DOCUMENTS if phrases(words).search(line.text))
    number = _NUMBER.search(line.text)
    line.tokens.clear()
    line.rest = line.text
    return {"document_type": next(kinds, ""), "number": number[0] if number else ""}
