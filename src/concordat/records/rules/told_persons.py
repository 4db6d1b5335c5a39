"""A person as a form tells them: flat texts by their code in the catalogue, and back again.

A record holds more than a form shows: further names, addresses, numbers. What a form changes is the
first of each; what it doesn't show stays.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from concordat.records.rules import person_fields as single
from concordat.records.rules.persons import (
    MAIN,
    Address,
    Contact,
    FieldNotice,
    Identifier,
    PersonContent,
    PersonName,
)

_CODED: Final = ("sex", "gender", "ethnicity_self_defined", "ethnicity_observed")
_PLAIN: Final = ("nationality", "birth_place", "occupation")
_ADDRESS: Final = ("house", "street", "town", "postcode")
_NUMBERS: Final = ("pnc_id", "cro", "nino", "driving_licence", "passport")
_TEXT: Final = "description"
_KNOWN: Final = frozenset(
    ("given_names", "surname", "alias", "date_of_birth", *_CODED, *_PLAIN, *_ADDRESS, "phone",
     "email", *_NUMBERS, _TEXT)
)  # fmt: skip
_LONGEST_SHOWN: Final = 100
_WHOLE_DAY: Final = 10


def person_content(fields: Mapping[str, str], *, today: date) -> PersonContent:
    """Return what a form tells of somebody new. Whatever is wrong is kept, with a notice."""
    return amended(PersonContent(), fields, today=today)


def amended(content: PersonContent, fields: Mapping[str, str], *, today: date) -> PersonContent:
    """Return a person after a form has told these fields of them; "" takes one away."""
    told = {code: text.strip() for code, text in fields.items()}
    shown = person_fields(content)
    changed = {code: text for code, text in told.items() if text != shown.get(code, "")}
    made = replace(
        content,
        notices=[notice for notice in content.notices if notice.field not in _noticed(changed)],
        description=dict(content.description),
    )
    _tell_names(made, shown | told, changed)
    _tell_birth(made, changed, today)
    _tell_codes(made, changed)
    _tell_numbers(made, changed)
    _tell_address(made, shown | told, changed)
    _tell_contacts(made, changed)
    for code in changed.keys() - _KNOWN | changed.keys() & {_TEXT}:
        _put(made.description, "text" if code == _TEXT else code, changed[code])
    return made


def person_fields(content: PersonContent) -> dict[str, str]:
    """Return what a form shows of a person: flat texts, without those that are empty."""
    name = content.names[0] if content.names else PersonName()
    given, surname = (name.forenames, name.surname) if not name.full else name.parts
    address = content.addresses[0] if content.addresses else Address()
    alias = next((one.text for one in content.names[1:] if one.kind == "alias"), "")
    shown = {
        "given_names": given,
        "surname": surname,
        "alias": alias,
        "date_of_birth": content.date_of_birth,
        **{code: getattr(content, code) for code in (*_CODED, *_PLAIN)},
        **{code: getattr(address, code) for code in _ADDRESS},
        "phone": content.phones[0].value if content.phones else "",
        "email": content.emails[0].value if content.emails else "",
        **{code: _number(content, code) for code in _NUMBERS},
        **{code: text for code, text in content.description.items() if code != "text"},
        _TEXT: content.description.get("text", ""),
    }
    return {code: text for code, text in shown.items() if text}


def person_label(content: PersonContent) -> str:
    """Return how a person is named in a line: "Robert Hale, born 3 May 1987"."""
    return label_of(content.names[0].text if content.names else "", content.date_of_birth_form)


def label_of(name: str, date_of_birth_form: str) -> str:
    """Return a name with the day of birth, where the whole day is known."""
    name = name or "Somebody without a name"
    if len(date_of_birth_form) == _WHOLE_DAY and "-00" not in date_of_birth_form:
        born = date.fromisoformat(date_of_birth_form)
        return f"{name}, born {born.day} {born:%B %Y}"
    return name


def content_fingerprint(content: PersonContent) -> str:
    """Return 32 hexadecimal digits made of all that is told of a person."""
    told = {
        name: [part.as_json() for part in value] if isinstance(value, list) else value
        for name, value in ((name, getattr(content, name)) for name in content.__slots__)
        if name != "notices"
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]


def _noticed(changed: Mapping[str, str]) -> set[str]:
    """Return the fields of notices that no longer hold once these codes are told anew."""
    names = {"given_names": "forename", "phone": "phones", "email": "emails"}
    return {names.get(code, code) for code in changed}


def _tell_names(
    content: PersonContent, told: Mapping[str, str], changed: Mapping[str, str]
) -> None:
    names = list(content.names)
    if changed.keys() & {"given_names", "surname"}:
        first, _, middle = told.get("given_names", "").partition(" ")
        main = PersonName(
            kind=names[0].kind if names else MAIN,
            forename=first,
            middle_names=middle.strip(),
            surname=told.get("surname", ""),
        )
        names[:1] = [main] if main.text else []
        for field, value in (("forename", told.get("given_names", "")), ("surname", main.surname)):
            problem = single.name_problem(value) if value else ""
            if problem and not single.says_nothing(value):
                _notice(content, field, value, problem)
    if "alias" in changed:
        others = [one for one in names[1:] if one.kind == "alias"]
        kept = [one for one in names if one not in others[:1]]
        told_alias = [PersonName(kind="alias", full=changed["alias"])] if changed["alias"] else []
        names = [*kept[:1], *told_alias, *kept[1:]]
    content.names = names


def _tell_birth(content: PersonContent, changed: Mapping[str, str], today: date) -> None:
    if "date_of_birth" not in changed:
        return
    value = changed["date_of_birth"]
    content.date_of_birth, content.date_of_birth_form = value, ""
    if value:
        form, problem = single.read_date_of_birth(value, "dmy", today)
        content.date_of_birth_form = form
        if problem and not single.says_nothing(value):
            _notice(content, "date_of_birth", value, problem)


def _tell_codes(content: PersonContent, changed: Mapping[str, str]) -> None:
    for code in _CODED:
        if code in changed:
            form, problem = single.read_code(code, changed[code]) if changed[code] else ("", "")
            setattr(content, code, form)
            if problem:
                _notice(content, code, changed[code], problem)
    for code in _PLAIN:
        if code in changed:
            setattr(content, code, changed[code])


def _tell_numbers(content: PersonContent, changed: Mapping[str, str]) -> None:
    numbers = list(content.identifiers)
    for kind in _NUMBERS:
        if kind not in changed:
            continue
        value, rule = changed[kind], single.NUMBERS[kind]
        place = next((at for at, one in enumerate(numbers) if one.kind == kind), len(numbers))
        form = rule.form(value)
        valid = rule.is_valid(form)
        numbers[place : place + 1] = (
            [Identifier(kind=kind, value=value, form=form, valid=valid)] if value else []
        )
        if value and not valid and not single.says_nothing(value):
            _notice(content, kind, value, rule.problem)
    content.identifiers = numbers


def _tell_address(
    content: PersonContent, told: Mapping[str, str], changed: Mapping[str, str]
) -> None:
    if not changed.keys() & set(_ADDRESS):
        return
    before = content.addresses[0] if content.addresses else Address()
    address = replace(before, **{code: told.get(code, "") for code in _ADDRESS})
    address.postcode_form, problem = (
        single.read_postcode(address.postcode) if address.postcode else ("", "")
    )
    if problem:
        _notice(content, "postcode", address.postcode, problem)
    content.addresses = [*([address] if address.text else []), *content.addresses[1:]]


def _tell_contacts(content: PersonContent, changed: Mapping[str, str]) -> None:
    lists: tuple[tuple[str, str, Callable[[str], single.Read]], ...] = (
        ("phone", "phones", single.read_phone),
        ("email", "emails", single.read_email),
    )
    for code, name, read in lists:
        if code not in changed:
            continue
        kept = list(getattr(content, name))
        value = changed[code]
        form, problem = read(value) if value else ("", "")
        kept[:1] = [Contact(value=value, form=form)] if value else []
        setattr(content, name, kept)
        if problem:
            _notice(content, name, value, problem)


def _number(content: PersonContent, kind: str) -> str:
    return next((one.value for one in content.identifiers if one.kind == kind), "")


def _put(into: dict[str, str], key: str, value: str) -> None:
    if value:
        into[key] = value
    else:
        into.pop(key, None)


def _notice(content: PersonContent, field: str, value: str, problem: str) -> None:
    content.notices.append(FieldNotice(field=field, value=value[:_LONGEST_SHOWN], problem=problem))
