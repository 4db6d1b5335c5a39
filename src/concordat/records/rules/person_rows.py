"""Reading one row of a force's own extract into a person, by a map.

A bad field never costs the row: it is kept as recorded, with a notice. Only a row that says
nothing at all of who somebody is can't be recorded.
"""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date

from concordat.identity.engine.forms.identifiers import identifier_form
from concordat.records.rules import person_fields as fields
from concordat.records.rules.events import Unreadable
from concordat.records.rules.person_codes import WARNINGS
from concordat.records.rules.person_maps import ADDRESS, SCALARS, PersonMap
from concordat.records.rules.persons import (
    Address,
    Contact,
    FieldNotice,
    Identifier,
    PersonContent,
    PersonName,
    ReadPerson,
    WarningTold,
    identifies,
)

LONGEST_REFERENCE = 200
LONGEST_CODE = 40
_SEPARATOR = "\x1f"
_CODED = ("sex", "gender", "ethnicity_self_defined", "ethnicity_observed")
_PLAIN = ("nationality", "birth_place", "occupation")
_SEEN = ("height", "build", "hair", "eyes", "complexion", "marks")
_OTHER_NAMES = {"aliases": "alias", "maiden_names": "maiden", "nicknames": "nickname"}
_LONGEST_SHOWN = 100


class PersonReader:
    """Reads the rows of one file by `found`, a map that fits its `header`."""

    def __init__(self, found: PersonMap, header: Sequence[str], *, today: date) -> None:
        self._today = today
        self._order = found.date_order
        self._values = found.values
        self._warnings = found.warnings
        places = {name.strip().casefold(): place for place, name in enumerate(header)}

        def at(columns: Sequence[str]) -> tuple[int, ...]:
            return tuple(places[column.casefold()] for column in columns)

        self._scalars = [
            (target, at(found.columns[target])) for target in SCALARS if target in found.columns
        ]
        self._addresses = [
            [(part, at(address[part])) for part in ADDRESS if part in address]
            for address in found.addresses
        ]
        self._lists = sorted(
            (target, at(spread.columns), spread) for target, spread in found.lists.items()
        )
        self._warning_places = (
            {part: at([column])[0] for part, column in _warning_columns(found)}
            if found.warnings
            else {}
        )

    def read(self, values: Sequence[str]) -> ReadPerson:
        """Return what a row says; `values` stand in the file's own order.

        Raises Unreadable with the reason in plain words.
        """
        told = self._scalar_values(values)
        lists = {
            target: _list_values(values, places, spread.separator)
            for target, places, spread in self._lists
        }
        reference = told.pop("reference", "")
        if len(reference) > LONGEST_REFERENCE:
            raise Unreadable(f"the reference is longer than {LONGEST_REFERENCE} characters")
        notices: list[FieldNotice] = []
        person = PersonContent(notices=notices)
        self._tell_names(person, told, lists)
        self._tell_birth(person, told)
        self._tell_codes(person, told)
        self._tell_numbers(person, lists)
        self._tell_addresses(person, values)
        self._tell_contacts(person, lists)
        if not identifies(person):
            raise Unreadable(
                "nothing in the row says who this is or what they look like "
                "(a name, date of birth, identifier, contact or description)"
            )
        warnings = self._warnings_told(values, notices) if self._warnings else []
        return ReadPerson(
            identity=reference,
            content=self._content(told, lists, person, warnings),
            person=person,
            warnings=warnings,
        )

    def _scalar_values(self, values: Sequence[str]) -> dict[str, str]:
        told = {}
        for target, places in self._scalars:
            if len(places) == 1:
                value = values[places[0]].strip()
            else:
                value = " ".join(filter(None, (values[place].strip() for place in places)))
            if value and target in self._values:
                value = self._values[target].get(value.casefold(), value)
            if value:
                told[target] = value
        return told

    def _tell_names(
        self, person: PersonContent, told: dict[str, str], lists: dict[str, list[str]]
    ) -> None:
        parts = {part: told.get(part, "") for part in ("forename", "middle_names", "surname")}
        full = told.get("full_name", "")
        if full or any(parts.values()):
            person.names.append(PersonName(full=full, **parts))
        for target, kind in _OTHER_NAMES.items():
            for value in lists.get(target, ()):
                person.names.append(_other_name(kind, value, parts))
        for part, value in parts.items():
            problem = fields.name_problem(value) if value else ""
            if problem and not fields.says_nothing(value):
                _notice(person.notices, part, value, problem)

    def _tell_birth(self, person: PersonContent, told: dict[str, str]) -> None:
        value = told.get("date_of_birth", "")
        if value:
            person.date_of_birth = value
            form, problem = fields.read_date_of_birth(value, self._order, self._today)
            person.date_of_birth_form = form
            if problem and not fields.says_nothing(value):
                _notice(person.notices, "date_of_birth", value, problem)

    def _tell_codes(self, person: PersonContent, told: dict[str, str]) -> None:
        for target in _CODED:
            if target in told:
                code, problem = fields.read_code(target, told[target])
                setattr(person, target, code)
                if problem:
                    _notice(person.notices, target, told[target], problem)
        for target in _PLAIN:
            if target in told:
                setattr(person, target, told[target])
        for target in _SEEN:
            if target in told:
                person.description[target] = told[target]
        if "description" in told:
            person.description["text"] = told["description"]

    def _tell_numbers(self, person: PersonContent, lists: dict[str, list[str]]) -> None:
        for kind, rule in fields.NUMBERS.items():
            for value in lists.get(kind, ()):
                form = rule.form(value)
                valid = rule.is_valid(form)
                person.identifiers.append(
                    Identifier(kind=kind, value=value, form=form, valid=valid)
                )
                if not valid and not fields.says_nothing(value):
                    _notice(person.notices, kind, value, rule.problem)
        for value in lists.get("identifiers", ()):
            person.identifiers.append(
                Identifier(kind="other", value=value, form=identifier_form(value))
            )

    def _tell_addresses(self, person: PersonContent, values: Sequence[str]) -> None:
        for spread in self._addresses:
            told = {}
            for part, places in spread:
                value = ", ".join(filter(None, (values[place].strip() for place in places)))
                if value:
                    told[part] = value
            if not told.keys() - {"since", "until", "region"}:
                continue
            address = Address(**told)
            if address.postcode:
                address.postcode_form, problem = fields.read_postcode(address.postcode)
                if problem:
                    _notice(person.notices, "postcode", address.postcode, problem)
            person.addresses.append(address)

    def _tell_contacts(self, person: PersonContent, lists: dict[str, list[str]]) -> None:
        for target, read, kept in (
            ("phones", fields.read_phone, person.phones),
            ("emails", fields.read_email, person.emails),
        ):
            for value in lists.get(target, ()):
                form, problem = read(value)
                kept.append(Contact(value=value, form=form))
                if problem:
                    _notice(person.notices, target, value, problem)

    def _warnings_told(
        self, values: Sequence[str], notices: list[FieldNotice]
    ) -> list[WarningTold]:
        told = {part: values[place].strip() for part, place in self._warning_places.items()}
        codes = told.pop("column")
        separator = self._warnings.separator if self._warnings else ""
        days = {}
        for part, name in (("since", "since"), ("review", "review_date")):
            value = told.pop(part, "")
            days[name], problem = fields.read_day(value, self._order) if value else ("", "")
            if problem and codes:
                _notice(notices, f"warning {part}", value, problem)
        found: dict[str, WarningTold] = {}
        for part in codes.split(separator) if separator else [codes]:
            code, text = self._warning(part.strip())
            if code and not fields.says_nothing(code):
                said = {"text": text or WARNINGS.get(code, "")} | {
                    k: v for k, v in told.items() if v
                }
                found.setdefault(code, WarningTold(code=code, **said, **days))
        return list(found.values())

    def _warning(self, recorded: str) -> tuple[str, str]:
        """Return the code of a warning and its text: "VI", "VI - Violent" and "VI: Violent"."""
        recorded = self._values.get("warning_markers", {}).get(recorded.casefold(), recorded)
        head, _, text = recorded.replace(":", " ").replace("-", " ").partition(" ")
        if head.upper() in WARNINGS:
            return head.upper(), text.strip()
        if len(recorded) > LONGEST_CODE:
            return recorded[:LONGEST_CODE].strip(), recorded
        return recorded, ""

    def _content(
        self,
        told: dict[str, str],
        lists: dict[str, list[str]],
        person: PersonContent,
        warnings: list[WarningTold],
    ) -> str:
        """Return the fingerprint of what was read: of nothing else in the row, in any order."""
        parts = [f"{target}={value}" for target, value in told.items()]
        parts.append(person.date_of_birth_form)
        parts += [f"{target}={value}" for target, found in lists.items() for value in found]
        for address in person.addresses:
            parts += [_SEPARATOR.join(f"{k}={v}" for k, v in address.as_json().items())]
        for warning in warnings:
            parts += [_SEPARATOR.join(f"{k}={v}" for k, v in warning.as_json().items())]
        return hashlib.sha256(_SEPARATOR.join(parts).encode()).hexdigest()[:32]


def _list_values(values: Sequence[str], places: Sequence[int], separator: str) -> list[str]:
    """Return each value of a list once, in order."""
    parts = [values[place] for place in places]
    if separator:
        parts = [part for recorded in parts for part in recorded.split(separator)]
    if not any(parts):
        return []
    return list(dict.fromkeys(filter(None, map(str.strip, parts))))


def _warning_columns(found: PersonMap) -> Iterator[tuple[str, str]]:
    if found.warnings:
        for part in ("column", "text", "evidence", "since", "review"):
            column = getattr(found.warnings, part)
            if column:
                yield part, column


def _other_name(kind: str, value: str, main: dict[str, str]) -> PersonName:
    """Return another name: a whole one as recorded, or one word put in its place in the main one.

    A maiden name replaces the surname, a nickname the given name; any other single word stands
    alone, since nothing says which it is.
    """
    if kind == "maiden" and main["forename"] and " " not in value:
        return PersonName(kind=kind, **{**main, "surname": value})
    if kind == "nickname" and main["surname"] and " " not in value:
        return PersonName(kind=kind, forename=value, surname=main["surname"])
    return PersonName(kind=kind, full=value)


def _notice(notices: list[FieldNotice], field: str, value: str, problem: str) -> None:
    notices.append(FieldNotice(field=field, value=value[:_LONGEST_SHOWN], problem=problem))
