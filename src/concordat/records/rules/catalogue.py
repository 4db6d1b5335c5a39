"""What the standard asks of every kind of record: its fields, choices, roles, uses, links, gaps.

All of it is data, in the tables of the folder `standard`, which says what each column means. The
minimum is that of the NPCC Minimum POLE Data Standards Dictionary 1.1; kinds it lacks (weapons,
sightings, seizures) follow its manner.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, cast

from concordat.access.rules import EVENT_KINDS, THING_KINDS, RecordKind
from concordat.records.rules.outcomes import OUTCOMES
from concordat.records.rules.person_codes import (
    ETHNICITY_OBSERVED,
    ETHNICITY_SELF_DEFINED,
    GENDERS,
    SEXES,
    WARNINGS,
)
from concordat.records.rules.standard_tables import listed, table
from concordat.records.rules.vocabulary import (
    CRIME_TYPES,
    OBJECTS_OF_SEARCH,
    STOP_SEARCH_OUTCOMES,
)

Input = Literal["text", "long", "choice", "yes_no", "date", "time", "number"]
Level = Literal["blocks", "wanted"]
INPUTS: Final = ("text", "long", "choice", "yes_no", "date", "time", "number")
CATEGORIES: Final[Mapping[str, str]] = {
    "suspected": "Suspected of an offence, or about to commit one",
    "convicted": "Convicted of an offence",
    "victim": "Victim, or suspected to be one",
    "witness_or_other": "Witness, or another who has information about an offence",
}
"""The categories of data subject of the Data Protection Act 2018, section 38(3)."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of event as it is offered to whoever logs something."""

    kind: RecordKind
    letter: str
    phrase: str
    hint: str


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of a form. `choices` names a list; `check` a standard check, "" for none."""

    code: str
    label: str
    input: Input
    choices: str = ""
    check: str = ""
    hint: str = ""

    @property
    def long(self) -> bool:
        """Whether it takes several lines."""
        return self.input == "long"


@dataclass(frozen=True)
class Choice:
    """One value that a field can take, and what it means."""

    code: str
    label: str


@dataclass(frozen=True, kw_only=True)
class PersonRole:
    """What somebody is in an event. `category` is one of `CATEGORIES`."""

    code: str
    label: str
    category: str


@dataclass(frozen=True, kw_only=True)
class LinkReason:
    """Why two records are linked: "Hale *drives* AB12 CDE", read from the other end `inverse`.

    `left` and `right` are the kinds that can stand at each end.
    """

    code: str
    label: str
    inverse: str
    left: tuple[RecordKind, ...]
    right: tuple[RecordKind, ...]


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """Something that a report should hold. `readiness` reads `when` and `what`."""

    when: str
    what: str
    level: Level
    why: str
    by_whom: str
    source: str


@dataclass(frozen=True, kw_only=True)
class OffenceClass:
    """A Home Office class of offence. `category` is its type of crime at data.police.uk."""

    code: str
    label: str
    group: str
    subgroup: str
    category: str


KINDS: Final[tuple[Kind, ...]] = tuple(
    Kind(
        kind=RecordKind.from_code(row["kind"]),
        letter=row["letter"],
        phrase=row["phrase"],
        hint=row["hint"],
    )
    for row in sorted(table("kinds"), key=lambda row: int(row["place_in_list"]))
)
"""Every kind of event, in the order in which they are offered."""

ROLES: Final[tuple[PersonRole, ...]] = tuple(
    PersonRole(code=row["code"], label=row["label"], category=row["category"])
    for row in table("roles")
)
ROLE_BY_CODE: Final[Mapping[str, PersonRole]] = {role.code: role for role in ROLES}

_GROUPS: Final[Mapping[str, tuple[RecordKind, ...]]] = {
    "event": EVENT_KINDS,
    "event-after": EVENT_KINDS,
    "thing": THING_KINDS,
    "any": (*EVENT_KINDS, RecordKind.PERSON, RecordKind.PLACE, *THING_KINDS),
}


def kinds_in(cell: str) -> tuple[RecordKind, ...]:
    """Return the kinds that a cell names, by code or as event, thing or any."""
    found: dict[RecordKind, None] = {}
    for name in listed(cell):
        found.update(dict.fromkeys(_GROUPS.get(name) or (RecordKind.from_code(name),)))
    return tuple(found)


REASONS: Final[tuple[LinkReason, ...]] = tuple(
    LinkReason(
        code=row["code"],
        label=row["label"],
        inverse=row["inverse"],
        left=kinds_in(row["left"]),
        right=kinds_in(row["right"]),
    )
    for row in table("link_reasons")
)
REASON_BY_CODE: Final[Mapping[str, LinkReason]] = {reason.code: reason for reason in REASONS}


@cache
def fields_of(kind: RecordKind) -> tuple[Field, ...]:
    """Return the fields of a kind in their order; none for a kind that nobody types."""
    rows = [row for row in table("fields") if kind in kinds_in(row["kind"])]
    rows.sort(key=lambda row: row["kind"] == "event-after")
    return tuple(
        Field(
            code=row["code"],
            label=row["label"],
            input=cast("Input", row["input"]),
            choices=row["choices"],
            check=row["check"],
            hint=row["hint"],
        )
        for row in rows
    )


def field_of(kind: RecordKind, code: str) -> Field | None:
    """Return one field of a kind, None if it has no such field."""
    return next((field for field in fields_of(kind) if field.code == code), None)


@cache
def offence_classes() -> Mapping[str, OffenceClass]:
    """Return the Home Office classes by code."""
    return {
        row["code"]: OffenceClass(
            code=row["code"],
            label=row["label"],
            group=row["group"],
            subgroup=row["subgroup"],
            category=row["category"],
        )
        for row in table("ho_classes")
    }


def crime_type_of(ho_class: str) -> str:
    """Return the type of crime that a class is counted as at data.police.uk, "" if unknown."""
    found = offence_classes().get(ho_class.strip().upper())
    return found.category if found else ""


@cache
def choices(name: str) -> tuple[Choice, ...]:
    """Return a list of choices in its order. Raises KeyError if there is no such list."""
    own = tuple(
        Choice(row["code"], row["label"]) for row in table("choices") if row["list"] == name
    )
    return own or _elsewhere()[name]


@cache
def _elsewhere() -> Mapping[str, tuple[Choice, ...]]:
    """Return the lists that other rules and tables hold."""
    told: dict[str, Mapping[str, str]] = {
        "outcomes": {one.code: f"{one.code}: {one.label}" for one in OUTCOMES},
        "ho_classes": {one.code: f"{one.label} ({one.code})" for one in offence_classes().values()},
        "crime_types": {value: value for value in CRIME_TYPES},
        "objects_of_search": {value: value for value in OBJECTS_OF_SEARCH},
        "stop_outcomes": {value: value for value in STOP_SEARCH_OUTCOMES},
        "genders": {value: value for value in GENDERS},
        "sexes": {value: value for value in SEXES},
        "ethnicity_self_defined": ETHNICITY_SELF_DEFINED,
        "ethnicity_observed": ETHNICITY_OBSERVED,
        "warnings": WARNINGS,
        "countries": {row["code"]: row["label"] for row in table("countries")},
    }
    return {
        name: tuple(Choice(code, label) for code, label in values.items())
        for name, values in told.items()
    }


def label_of(name: str, code: str) -> str:
    """Return what a code of a list means, the code itself if the list doesn't know it."""
    return next((choice.label for choice in choices(name) if choice.code == code), code)


def roles_for(kind: RecordKind) -> tuple[PersonRole, ...]:
    """Return the roles that people usually have in events of a kind; the others are possible."""
    return tuple(
        ROLE_BY_CODE[row["code"]] for row in table("roles") if kind in kinds_in(row["kinds"])
    )


@cache
def uses_of(kind: RecordKind) -> tuple[Choice, ...]:
    """Return what a thing of this kind can be to an event."""
    return tuple(
        Choice(row["code"], row["label"]) for row in table("uses") if row["kind"] == kind.code
    )


def reasons_between(left: RecordKind, right: RecordKind) -> tuple[LinkReason, ...]:
    """Return the reasons for which two kinds can be linked, in this direction."""
    return tuple(one for one in REASONS if left in one.left and right in one.right)


@cache
def requirements(kind: RecordKind) -> tuple[Requirement, ...]:
    """Return what a record of this kind should hold, in the order of the table."""
    return tuple(
        Requirement(
            when=row["when"],
            what=row["what"],
            level=cast("Level", row["level"]),
            why=row["why"],
            by_whom=row["by_whom"],
            source=row["source"],
        )
        for row in table("requirements")
        if kind in kinds_in(row["kind"])
    )
