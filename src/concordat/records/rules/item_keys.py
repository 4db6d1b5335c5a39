"""The keys by which things are found, over all forces: a mark, a serial number, an address.

Keys are compared by equality or by how they begin, which b-trees can answer under row security.
An exact key is of the same thing wherever it stands; the others help whoever half remembers.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from concordat.access.rules import RecordKind
from concordat.identity.engine.forms import email_form, phone_form
from concordat.identity.engine.forms.text import alphanumerics
from concordat.records.rules.catalogue import field_of, label_of
from concordat.records.rules.marks import is_partial, look_alike_form, mark_form
from concordat.records.rules.words import words

EXACT: Final = ("mark", "vin", "serial", "imei", "phone", "account", "number")
"""The first words of keys that two records share only if they are of one thing."""

_LEAST: Final = 4
"""Characters of a serial or other number that tell things apart."""
_BEGINNING: Final = 3
"""Characters that are looked up as the beginning of a mark or name."""
_REMEMBERED: Final = 2
_LONGEST: Final = 200
_LITERAL: Final = re.compile(r"[A-Z0-9]*")
_SHOWN: Final[Mapping[RecordKind, tuple[str, ...]]] = {
    RecordKind.VEHICLE: ("mark", "colour", "make", "model", "body", "vin"),
    RecordKind.WEAPON: ("make", "model", "weapon_type", "calibre", "serial", "description"),
    RecordKind.PHONE: ("number", "imei"),
    RecordKind.ACCOUNT: ("address", "platform"),
    RecordKind.PROPERTY: ("description", "make", "serial"),
    RecordKind.DOCUMENT: ("document_type", "number", "country"),
    RecordKind.BUSINESS: ("name", "trading_as", "number"),
}


@dataclass(frozen=True)
class Asked:
    """What a text may mean as keys: exact ones, alike ones, and beginnings of keys."""

    exact: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()
    beginnings: tuple[str, ...] = ()
    pattern: str = ""
    """A half remembered mark, by which what was found is narrowed."""


def item_keys(kind: RecordKind, fields: Mapping[str, str]) -> tuple[str, ...]:
    """Return every key by which a thing of these fields is found, in order."""
    return tuple(dict.fromkeys(key[:_LONGEST] for key in _keys(kind, fields)))


def exact_keys(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of the keys that only records of one thing share."""
    return tuple(key for key in keys if key.partition(":")[0] in EXACT)


def _keys(kind: RecordKind, fields: Mapping[str, str]) -> Iterator[str]:
    told = {code: text.strip() for code, text in fields.items()}
    if kind is RecordKind.VEHICLE:
        yield from _mark_keys(told.get("mark", ""))
        yield from _number_keys("vin", told.get("vin", ""))
    elif kind in (RecordKind.WEAPON, RecordKind.PROPERTY):
        yield from _number_keys("serial", told.get("serial", ""))
    elif kind is RecordKind.PHONE:
        yield from _phone_keys(told.get("number", ""))
        yield from _number_keys("imei", told.get("imei", ""))
    elif kind is RecordKind.ACCOUNT:
        if address := _account_form(told.get("address", "")):
            yield f"account:{address}"
    elif kind is RecordKind.DOCUMENT:
        yield from _number_keys("number", told.get("number", ""))
    elif kind is RecordKind.BUSINESS:
        yield from _number_keys("number", told.get("number", ""))
        yield from _phone_keys(told.get("phone", ""))
        for code in ("name", "trading_as"):
            if name := " ".join(words(told.get(code, ""))):
                yield f"name:{name}"


def _mark_keys(text: str) -> Iterator[str]:
    alike = look_alike_form(text)
    if not alike:
        return
    if not is_partial(text):
        yield f"mark:{mark_form(text)}"
    yield f"like:{alike}"
    yield f"tail:{alike[::-1]}"


def _number_keys(name: str, text: str) -> Iterator[str]:
    form = alphanumerics(text.upper())
    if len(form) >= _LEAST:
        yield f"{name}:{form}"


def _phone_keys(text: str) -> Iterator[str]:
    form = phone_form(text)
    if len(form) >= _LEAST:
        yield f"phone:{form}"


def _account_form(text: str) -> str:
    email = email_form(text)
    return email if "@" in email else text.casefold().replace(" ", "").lstrip("@")


def asked_keys(text: str) -> Asked:
    """Return by which keys a thing is asked for: "AB1? CDE", "07700 900123", "Tesco Express"."""
    if is_partial(text):
        return _asked_partly(text)
    form = alphanumerics(text.upper())
    exact, alike, beginnings = [], [], []
    if form:
        exact.append(f"mark:{mark_form(text)}")
        alike.append(f"like:{look_alike_form(text)}")
    if len(form) >= _LEAST:
        exact += [f"{name}:{form}" for name in ("vin", "serial", "imei", "number")]
        if any(char.isdecimal() for char in form):
            exact.append(f"phone:{phone_form(text)}")
    if account := _account_form(text):
        exact.append(f"account:{account}")
    if name := " ".join(words(text)):
        exact.append(f"name:{name}")
        if len(name) >= _BEGINNING:
            beginnings.append(f"name:{name}")
    if len(form) >= _BEGINNING:
        beginnings += [f"like:{look_alike_form(text)}", f"serial:{form}"]
    return Asked(tuple(dict.fromkeys(exact)), tuple(alike), tuple(dict.fromkeys(beginnings)))


def _asked_partly(text: str) -> Asked:
    alike = look_alike_form(text)
    known = [_literal(alike), _literal(alike[::-1])]
    ways = [
        f"{name}:{part}"
        for name, part in zip(("like", "tail"), known, strict=True)
        if len(part) >= _REMEMBERED
    ]
    longest = max(ways, key=len, default="")
    return Asked(beginnings=(longest,) if longest else (), pattern=text)


def _literal(pattern: str) -> str:
    found = _LITERAL.match(pattern)
    return found[0] if found else ""


def item_label(kind: RecordKind, fields: Mapping[str, str]) -> str:
    """Return how a thing is named in a line: "AB12 CDE, red Ford Focus"."""
    parts = [_shown(kind, code, fields.get(code, "").strip()) for code in _SHOWN[kind]]
    if kind is RecordKind.VEHICLE:
        look = " ".join(filter(None, parts[1:4]))
        return ", ".join(filter(None, (parts[0].upper(), look or parts[4]))) or (
            f"A vehicle, number {parts[5]}" if parts[5] else "A vehicle of which no mark is known"
        )
    return ", ".join(filter(None, parts)) or f"{kind.label}, not described"


def _shown(kind: RecordKind, code: str, value: str) -> str:
    field = field_of(kind, code)
    if value and field and field.choices:
        return label_of(field.choices, value)
    return value
