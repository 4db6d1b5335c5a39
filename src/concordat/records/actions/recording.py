"""What all logging has in common: who may, rows that aren't read back, the fact that tells."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db import connection, models

from concordat.access.rules import EVENT_KINDS, RECORDING_ROLES, RecordKind
from concordat.audit.rules import Subject
from concordat.base.actor import NO_ORGANISATION, Actor
from concordat.base.outbox import put
from concordat.records.errors import NotAllowedToRecord
from concordat.records.queries.links import subject_kind

LOGGED: Final = "records.logged"
"""The fact that something was logged, amended, linked or moved, and which records it touched."""


@dataclass(frozen=True, kw_only=True)
class Touched:
    """A record that something logged touches. `more` is what the fact says of it besides."""

    kind: RecordKind
    id: UUID
    owner_id: int
    more: Mapping[str, object] = field(default_factory=dict)

    @property
    def subject(self) -> Subject:
        """The record as the journal names it."""
        return Subject(subject_kind(self.kind), self.id, self.owner_id)


def check_can_record(actor: Actor) -> None:
    """Raise NotAllowedToRecord, with the reason, unless `actor` logs and amends records."""
    if actor.organisation_id == NO_ORGANISATION:
        raise NotAllowedToRecord("A record has an owner: say for which force you act.")
    if not actor.holds(*RECORDING_ROLES):
        raise NotAllowedToRecord(
            f"{actor.person_name} holds none of the roles that work with records."
        )


def can_record(actor: Actor) -> bool:
    """Whether `actor` logs and amends records of their force."""
    return actor.organisation_id != NO_ORGANISATION and actor.holds(*RECORDING_ROLES)


def check_can_amend(actor: Actor, *, owner_id: int) -> None:
    """Raise NotAllowedToRecord unless `actor` amends the records of this owner: their own force."""
    check_can_record(actor)
    if owner_id != actor.organisation_id:
        raise NotAllowedToRecord(
            "A force owns what it logged: nobody else changes it. Ask its owner to."
        )


def can_amend(actor: Actor, *, owner_id: int) -> bool:
    """Whether `actor` amends the records of this owner."""
    return can_record(actor) and owner_id == actor.organisation_id


def signature(by: Actor) -> str:
    """Return how a record names who wrote it."""
    return f"{by.person_name}, {by.organisation_name}"


def insert(model: type[models.Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows by the names of their columns or fields, all with the same ones.

    Without reading anything back, as Django would: whoever logs intelligence under conditions may
    not read it.
    """
    if not rows:
        return
    meta = model._meta  # noqa: SLF001 (Django's own name for what a model is)
    by_name = {one.name: one for one in meta.concrete_fields}
    by_name |= {one.attname: one for one in meta.concrete_fields}
    fields = [by_name[name] for name in rows[0]]
    quoted = ", ".join(connection.ops.quote_name(one.column) for one in fields)
    places = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {meta.db_table} ({quoted}) VALUES ({places})",  # noqa: S608 (names)
            [
                [one.get_db_prep_save(row[name], connection)
                 for name, one in zip(row, fields, strict=True)]
                for row in rows
            ],
        )  # fmt: skip


def tell(
    by: Actor,
    *,
    touched: Iterable[Touched],
    event_id: UUID | None = None,
    kind: RecordKind | None = None,
) -> None:
    """Put the fact that something touches these records, for whoever watches them.

    `event_id` and `kind` are of the event, if it was one. To be called inside `acting`.
    """
    records = list(touched)
    if not records and event_id is None:
        return
    put(
        kind=LOGGED,
        subject=str(event_id or records[0].id),
        body={
            "event": str(event_id) if event_id else None,
            "kind": kind.value if kind else None,
            "owner": by.organisation_id,
            "by": str(by.person_id) if by.person_id else None,
            "touched": [
                {"kind": one.kind.value, "id": str(one.id), "owner": one.owner_id, **one.more}
                for one in records
                if one.kind not in EVENT_KINDS
            ],
        },
    )
