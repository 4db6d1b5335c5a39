"""What a person record tells, whatever file told it; and how much of the minimum it lacks.

Source of the minimum ("4+1"): NPCC Minimum POLE Data Standards Dictionary 1.1. Given name, surname,
date of birth and gender, and at least one contact.
"""

from collections.abc import Mapping
from dataclasses import Field, dataclass, field
from enum import IntFlag
from typing import Any, ClassVar, Self

from concordat.identity.engine.forms.names import split_full_name
from concordat.identity.engine.meanings import Meaning
from concordat.records.rules.person_codes import NOT_TOLD
from concordat.records.rules.person_fields import says_nothing

MAIN = "main"
FACET_LIMIT = 8
"""Rows at most by which one record enters the comparison; the record itself keeps every name."""

_LONGEST_COMPARED = 200
_PHYSICAL = 4
"""How many physical attributes describe a person of whom nothing else is known (POLE P_007)."""


class Missing(IntFlag):
    """The parts of the POLE minimum; the number is stored and never changes its meaning."""

    GIVEN_NAME = 1
    SURNAME = 2
    DATE_OF_BIRTH = 4
    GENDER = 8
    CONTACT = 16

    @property
    def label(self) -> str:
        """The part in plain English."""
        return (self.name or "").lower().replace("_", " ")


class _Told:
    """Something told of a person that is stored as an object of JSON: what is empty is left out."""

    __slots__ = ()
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def as_json(self) -> dict[str, Any]:
        """Return what isn't empty, by name."""
        return {
            name: value
            for name in self.__dataclass_fields__
            if (value := getattr(self, name)) not in ("", None)
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Return what `as_json` gave."""
        known = cls.__dataclass_fields__
        return cls(**{name: value for name, value in stored.items() if name in known})


@dataclass(slots=True, kw_only=True)
class PersonName(_Told):
    """One name: `kind` is main, alias, maiden or nickname.

    `full` is the name as recorded where the source has it in one column.
    """

    kind: str = MAIN
    forename: str = ""
    middle_names: str = ""
    surname: str = ""
    full: str = ""

    @property
    def forenames(self) -> str:
        """Every given name."""
        return f"{self.forename} {self.middle_names}".strip()

    @property
    def parts(self) -> tuple[str, str]:
        """A given name and the surname, "" where nothing is said of it."""
        if self.full:
            forename, _, surname = split_full_name(self.full)
            return forename, surname
        first, last = self.forename, self.surname
        return "" if says_nothing(first) else first, "" if says_nothing(last) else last

    @property
    def text(self) -> str:
        """The name as it is written."""
        return self.full or " ".join(filter(None, (self.forenames, self.surname)))


@dataclass(slots=True, kw_only=True)
class Identifier(_Told):
    """A number that should be one person's alone. `kind` is pnc_id, cro and so on, or "other".

    `value` is as recorded; `form` is its standard form. `valid` is None where a number of this
    kind has no rule to be checked by.
    """

    kind: str
    value: str
    form: str = ""
    valid: bool | None = None


@dataclass(slots=True, kw_only=True)
class Address(_Told):
    """An address as recorded, with the standard form of its postcode. Days are as recorded."""

    house: str = ""
    street: str = ""
    town: str = ""
    region: str = ""
    postcode: str = ""
    postcode_form: str = ""
    since: str = ""
    until: str = ""

    @property
    def is_told(self) -> bool:
        """Whether it says a place: a postcode, or a street and town."""
        return bool(self.postcode_form) or not (
            says_nothing(self.street) or says_nothing(self.town)
        )

    @property
    def text(self) -> str:
        """The address in one line."""
        house = f"{self.house} {self.street}".strip()
        return ", ".join(filter(None, (house, self.town, self.region, self.postcode)))


@dataclass(slots=True, kw_only=True)
class Contact(_Told):
    """A telephone number or an email address: as recorded, and its standard form if it has one."""

    value: str
    form: str = ""


@dataclass(slots=True, kw_only=True)
class FieldNotice(_Told):
    """A field that was kept as recorded although something is wrong with it."""

    field: str
    value: str
    problem: str


@dataclass(slots=True, kw_only=True)
class WarningTold(_Told):
    """A warning that a source row gives. Days are ISO dates, empty where not told."""

    code: str
    text: str = ""
    evidence: str = ""
    since: str = ""
    review_date: str = ""


@dataclass(slots=True, kw_only=True)
class PersonContent:
    """What is told of a person. The first name is the main one, if there is a main one.

    `date_of_birth_form` is `YYYY-MM-DD` with zeros for what is unknown, as precise as the source;
    empty if what is recorded can't be used. `description` has height, build, hair, eyes,
    complexion, marks and text.
    """

    names: list[PersonName] = field(default_factory=list)
    date_of_birth: str = ""
    date_of_birth_form: str = ""
    sex: str = ""
    gender: str = ""
    ethnicity_self_defined: str = ""
    ethnicity_observed: str = ""
    nationality: str = ""
    birth_place: str = ""
    occupation: str = ""
    identifiers: list[Identifier] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    phones: list[Contact] = field(default_factory=list)
    emails: list[Contact] = field(default_factory=list)
    description: dict[str, str] = field(default_factory=dict)
    notices: list[FieldNotice] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class ReadPerson:
    """A source row that was understood.

    `identity` is the source's own reference, "" if it gives none. `content` is made of every value
    that was read (32 hexadecimal digits), so that two rows of equal content tell the same.
    """

    identity: str
    content: str
    person: PersonContent
    warnings: list[WarningTold] = field(default_factory=list)


# Plain numbers: one sum is made for each of millions of rows.
_NO_GIVEN, _NO_SURNAME, _NO_DATE, _NO_GENDER, _NO_CONTACT = (part.value for part in Missing)


def missing_parts(person: PersonContent) -> int:
    """Return which parts of the POLE minimum are missing: the number of a `Missing`.

    A date of birth counts if it is a whole day. A PNC ID or CRO number counts as a contact, as the
    standard says for offenders.
    """
    missing = 0
    given, surname = person.names[0].parts if person.names else ("", "")
    if not given:
        missing |= _NO_GIVEN
    if not surname:
        missing |= _NO_SURNAME
    if not person.date_of_birth_form or "-00" in person.date_of_birth_form:
        missing |= _NO_DATE
    gender = person.gender or person.sex
    if gender in NOT_TOLD or says_nothing(gender):
        missing |= _NO_GENDER
    if not _has_contact(person):
        missing |= _NO_CONTACT
    return missing


def _has_contact(person: PersonContent) -> bool:
    return (
        any(contact.form for contact in (*person.phones, *person.emails))
        or any(address.is_told for address in person.addresses)
        or any(number.form and number.kind in ("pnc_id", "cro") for number in person.identifiers)
    )


def missing_for_minimum(person: PersonContent) -> tuple[str, ...]:
    """Return which parts of the POLE minimum ("4+1") are missing, in plain words."""
    return tuple(part.label for part in Missing(missing_parts(person)))


def identifies(person: PersonContent) -> bool:
    """Whether anything says who this is, or at least what they look like.

    The standard: "Do not create a person with no identifying data or physical attributes."
    """
    if (
        any(any(name.parts) for name in person.names)
        or not says_nothing(person.date_of_birth)
        or any(number.form for number in person.identifiers)
        or any(contact.form for contact in (*person.phones, *person.emails))
        or any(address.is_told for address in person.addresses)
    ):
        return True
    seen = (person.sex or person.gender, person.ethnicity_observed, *person.description.values())
    return sum(not says_nothing(attribute) for attribute in seen) >= _PHYSICAL


def facets_of(person: PersonContent) -> tuple[dict[str, str], ...]:
    """Return the rows by which a record is compared with others: meaning to recorded value.

    Facet k has name k, address k, telephone k and so on, or the first where there are fewer; all
    have the same date of birth and sex. Dates of birth and identifiers are in their standard form
    where they have one. There are at most `FACET_LIMIT`; blank values are left out.
    """
    numbers: dict[str, list[str]] = {}
    for number in person.identifiers:
        meaning = number.kind if number.kind in _OWN_MEANING else _IDENTIFIER
        numbers.setdefault(meaning, []).append(number.form or number.value)
    lists: list[list[dict[str, str]]] = [
        [_name_facet(name) for name in person.names],
        [_place_facet(address) for address in person.addresses],
        [{_PHONE: phone.form or phone.value} for phone in person.phones],
        [{_EMAIL: email.form or email.value} for email in person.emails],
        *([{meaning: value} for value in values] for meaning, values in numbers.items()),
    ]
    common = {
        _DATE: person.date_of_birth_form or person.date_of_birth,
        _SEX: person.sex or person.gender,
        _BIRTH_PLACE: person.birth_place,
        _OCCUPATION: person.occupation,
    }
    count = min(FACET_LIMIT, max(1, *map(len, lists)))
    return tuple(_facet(common, lists, k) for k in range(count))


# Plain texts: an enumeration's values are slow to ask for, a dozen times for each of millions.
_FORENAME, _MIDDLE_NAMES, _FAMILY_NAME = (
    Meaning.FORENAME.value,
    Meaning.MIDDLE_NAMES.value,
    Meaning.SURNAME.value,
)
_FULL_NAME, _DATE, _SEX = (
    Meaning.FULL_NAME.value,
    Meaning.DATE_OF_BIRTH.value,
    Meaning.SEX.value,
)
_HOUSE, _STREET, _TOWN, _REGION, _POSTCODE = (
    Meaning.HOUSE.value,
    Meaning.STREET.value,
    Meaning.TOWN.value,
    Meaning.REGION.value,
    Meaning.POSTCODE.value,
)
_PHONE, _EMAIL, _IDENTIFIER = (
    Meaning.PHONE.value,
    Meaning.EMAIL.value,
    Meaning.IDENTIFIER.value,
)
_BIRTH_PLACE, _OCCUPATION = Meaning.BIRTH_PLACE.value, Meaning.OCCUPATION.value
_OWN_MEANING = frozenset(
    kind.value for kind in (Meaning.PNC_ID, Meaning.CRO, Meaning.DRIVING_LICENCE, Meaning.NINO)
)


def _facet(
    common: dict[str, str], lists: list[list[dict[str, str]]], number: int
) -> dict[str, str]:
    facet = dict(common)
    for told in lists:
        if told:
            facet.update(told[number] if number < len(told) else told[0])
    return {meaning: value[:_LONGEST_COMPARED] for meaning, value in facet.items() if value}


def _name_facet(name: PersonName) -> dict[str, str]:
    if name.full:
        return {_FULL_NAME: name.full}
    return {_FORENAME: name.forename, _MIDDLE_NAMES: name.middle_names, _FAMILY_NAME: name.surname}


def _place_facet(address: Address) -> dict[str, str]:
    return {
        _HOUSE: address.house,
        _STREET: address.street,
        _TOWN: address.town,
        _REGION: address.region,
        _POSTCODE: address.postcode_form or address.postcode,
    }
