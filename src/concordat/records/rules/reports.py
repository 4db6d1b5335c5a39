"""What somebody logs: one event with its people, things and places, before it is records.

A report is made of texts as they were typed. Nobody is asked twice: whoever or whatever the
register already knows is named by its record, and has no fields.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from concordat.access.rules import RecordKind

SCHEMA: Final = 1
"""The form of the JSON; another number means another form."""


@dataclass(frozen=True, kw_only=True)
class Participant:
    """A person in an event. `key` names them inside the report and stays ("p1").

    `roles` are codes of `catalogue.ROLES`. A known person has `record_id` and `owner_id`; of
    somebody new `fields` tells what was typed. `assessment` marks the roles as somebody's
    assessment rather than a fact (DPA 2018, section 38(2)); `note` says on what it rests.
    """

    key: str
    roles: tuple[str, ...] = ()
    record_id: UUID | None = None
    owner_id: int | None = None
    label: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    assessment: bool = False
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Thing:
    """A vehicle, weapon, phone or another thing in an event, and how it was used (`uses`)."""

    key: str
    kind: RecordKind
    uses: tuple[str, ...] = ()
    record_id: UUID | None = None
    owner_id: int | None = None
    label: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Where:
    """A place of an event: the first is where it happened."""

    key: str
    record_id: UUID | None = None
    owner_id: int | None = None
    label: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Report:
    """One event as it was told. `fields` are texts by their code in the catalogue."""

    kind: RecordKind
    fields: Mapping[str, str] = field(default_factory=dict)
    participants: tuple[Participant, ...] = ()
    things: tuple[Thing, ...] = ()
    places: tuple[Where, ...] = ()

    def value(self, code: str) -> str:
        """Return what a field says, without blanks around it; "" if it says nothing."""
        return self.fields.get(code, "").strip()

    def with_role(self, *roles: str) -> tuple[Participant, ...]:
        """Return the participants in at least one of these roles."""
        return tuple(one for one in self.participants if not set(roles).isdisjoint(one.roles))

    def as_json(self) -> dict[str, Any]:
        """Return the report as JSON can hold it."""
        return {
            "schema": SCHEMA,
            "kind": self.kind.code,
            "fields": dict(self.fields),
            "participants": [
                {
                    **_part(one),
                    "roles": list(one.roles),
                    "assessment": one.assessment,
                    "note": one.note,
                }
                for one in self.participants
            ],
            "things": [
                {**_part(one), "kind": one.kind.code, "uses": list(one.uses)} for one in self.things
            ],
            "places": [_part(one) for one in self.places],
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Report":
        """Return the report that `as_json` wrote. Raises ValueError if it is of another form."""
        if told.get("schema") != SCHEMA:
            raise ValueError(f"A report of the form {told.get('schema')!r} can’t be read.")
        return cls(
            kind=RecordKind.from_code(told["kind"]),
            fields=dict(told["fields"]),
            participants=tuple(
                Participant(
                    **_read(one),
                    roles=tuple(one["roles"]),
                    assessment=one["assessment"],
                    note=one["note"],
                )
                for one in told["participants"]
            ),
            things=tuple(
                Thing(**_read(one), kind=RecordKind.from_code(one["kind"]), uses=tuple(one["uses"]))
                for one in told["things"]
            ),
            places=tuple(Where(**_read(one)) for one in told["places"]),
        )


def _part(one: Participant | Thing | Where) -> dict[str, Any]:
    return {
        "key": one.key,
        "record_id": str(one.record_id) if one.record_id else None,
        "owner_id": one.owner_id,
        "label": one.label,
        "fields": dict(one.fields),
    }


def _read(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "key": one["key"],
        "record_id": UUID(one["record_id"]) if one["record_id"] else None,
        "owner_id": one["owner_id"],
        "label": one["label"],
        "fields": dict(one["fields"]),
    }
