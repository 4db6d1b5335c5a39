"""Things: one with its history, links and chain of custody; finding them by what is known."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

from concordat.access.rules import RECORDING_ROLES, RecordKind
from concordat.audit.actions import record
from concordat.audit.rules import Operation, Subject
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.records.errors import UnknownRecord
from concordat.records.models import Continuity, Item, ItemVersion
from concordat.records.queries.links import LinkDetail, read_links
from concordat.records.rules.item_keys import Asked, asked_keys, exact_keys, item_keys
from concordat.records.rules.marks import matches_partial

SAME_AT_MOST: Final = 50
_TRIED: Final = 200
"""Keys that are read at most for one way of asking."""

_OWNED: Final = """
SELECT item_id FROM records_item_key
WHERE owner_id = ANY (ARRAY(SELECT DISTINCT c / 100
                            FROM unnest(concordat.readable_compartments()) AS c
                            WHERE c %% 100 BETWEEN 30 AND 36))
"""
_BY_KEYS: Final = f"{_OWNED} AND key = ANY (%s) LIMIT %s"
_BY_BEGINNING: Final = f"{_OWNED} AND key >= %s AND key < %s LIMIT %s"


@dataclass(frozen=True, kw_only=True)
class ItemSummary:
    """A thing as it is now. `content` holds texts by their code in the catalogue."""

    id: UUID
    owner_id: int
    kind: RecordKind
    label: str
    content: dict[str, str]
    keys: tuple[str, ...]
    version: int
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True, kw_only=True)
class ItemVersionDetail:
    """One state that a thing's record has had."""

    number: int
    content: dict[str, str]
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, kw_only=True)
class Custody:
    """One step of a chain of custody."""

    number: int
    at: datetime
    from_whom: str
    to_whom: str
    where: str
    seal: str
    note: str
    recorded_by: str


@dataclass(frozen=True, kw_only=True)
class ItemDetail(ItemSummary):
    """A thing with all that is known of it.

    `same` are other records that bear an exact key of it: the same mark, serial or number.
    """

    versions: tuple[ItemVersionDetail, ...]
    links: tuple[LinkDetail, ...]
    continuity: tuple[Custody, ...]
    same: tuple[ItemSummary, ...]
    may_edit: bool


def item(actor: Actor, *, item_id: UUID) -> ItemDetail:
    """Return one thing with its history, links and custody, and journal that `actor` looked.

    Raises UnknownRecord alike for a record that isn't there and one that `actor` may not read.
    """
    with acting(actor):
        row = Item.objects.filter(id=item_id).first()
        if row is None:
            raise UnknownRecord("There is no such record, or it is not shared with you.")
        current = _summary(row)
        same = _same(current)
        detail = ItemDetail(
            **vars(current),
            versions=_versions(row),
            links=read_links([item_id]),
            continuity=_custody(row),
            same=same,
            may_edit=actor.organisation_id == row.owner_id and actor.holds(*RECORDING_ROLES),
        )
        record(
            actor,
            operation=Operation.CONSULTATION,
            action="records.item",
            subjects=_subjects([current, *same]),
        )
    return detail


def items(actor: Actor, *, ids: Sequence[UUID]) -> list[ItemSummary]:
    """Return those of these things that `actor` may read, in the order of `ids`."""
    with acting(actor):
        found = _read(ids)
        record(
            actor,
            operation=Operation.CONSULTATION,
            action="records.items",
            subjects=_subjects(found),
            details={"asked": len(ids)},
        )
    return found


def find_items(
    actor: Actor, *, text: str, kind: RecordKind | None = None, limit: int = 20
) -> list[ItemSummary]:
    """Return things that `text` may mean: exact keys first, then look-alikes, then beginnings.

    A whole or half remembered mark ("AB1? CDE"), a serial, IMEI, telephone number, e-mail address,
    the name of a business.
    """
    with acting(actor):
        found = _found(asked_keys(text), kind, limit)
        record(
            actor,
            operation=Operation.CONSULTATION,
            action="records.find_items",
            subjects=_subjects(found),
            details={"asked": text, "kind": kind.code if kind else ""},
        )
    return found


def _found(asked: Asked, kind: RecordKind | None, limit: int) -> list[ItemSummary]:
    found: dict[UUID, ItemSummary] = {}
    for ids, keys, beginning in _ways(asked):
        for one in _read([id_ for id_ in ids if id_ not in found]):
            if kind not in (None, one.kind):
                continue
            holds = any(
                key in keys if keys else key.startswith(beginning) for key in one.keys
            )  # a key of an earlier version says nothing of what is current
            if holds and (not asked.pattern or _fits(asked.pattern, one)):
                found[one.id] = one
        if len(found) >= limit:
            break
    return list(found.values())[:limit]


def _ways(asked: Asked) -> Iterable[tuple[list[UUID], Sequence[str], str]]:
    with connection.cursor() as cursor:
        for keys in (asked.exact, asked.alike):
            if keys:
                cursor.execute(_BY_KEYS, [list(keys), _TRIED])
                yield [row[0] for row in cursor.fetchall()], keys, ""
        for beginning in asked.beginnings:
            end = beginning[:-1] + chr(ord(beginning[-1]) + 1)
            cursor.execute(_BY_BEGINNING, [beginning, end, _TRIED])
            yield [row[0] for row in cursor.fetchall()], (), beginning


def _fits(pattern: str, one: ItemSummary) -> bool:
    return matches_partial(pattern, one.content.get("mark", ""))


def _same(current: ItemSummary) -> tuple[ItemSummary, ...]:
    """Return the other records that bear an exact key of this one."""
    keys = exact_keys(current.keys)
    if not keys:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(_BY_KEYS, [list(keys), SAME_AT_MOST])
        ids = [row[0] for row in cursor.fetchall() if row[0] != current.id]
    return tuple(
        one for one in _read(ids) if one.kind is current.kind and not set(keys).isdisjoint(one.keys)
    )


def _read(ids: Sequence[UUID]) -> list[ItemSummary]:
    rows: Mapping[UUID, Item] = {row.id: row for row in Item.objects.filter(id__in=ids)}
    return [_summary(rows[id_]) for id_ in dict.fromkeys(ids) if id_ in rows]


def _summary(row: Item) -> ItemSummary:
    kind = RecordKind(row.kind)
    return ItemSummary(
        id=row.id,
        owner_id=row.owner_id,
        kind=kind,
        label=row.label,
        content=dict(row.content),
        keys=item_keys(kind, row.content),
        version=row.version,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
    )


def _versions(row: Item) -> tuple[ItemVersionDetail, ...]:
    versions = ItemVersion.objects.filter(owner_id=row.owner_id, item_id=row.id)
    return tuple(
        ItemVersionDetail(
            number=version.version,
            content=dict(version.content),
            recorded_by=version.recorded_by,
            recorded_at=version.recorded_at,
        )
        for version in versions.order_by("version")
    )


def _custody(row: Item) -> tuple[Custody, ...]:
    steps = Continuity.objects.filter(owner_id=row.owner_id, item_id=row.id)
    return tuple(
        Custody(
            number=step.number,
            at=step.at,
            from_whom=step.from_whom,
            to_whom=step.to_whom,
            where=step.where,
            seal=step.seal,
            note=step.note,
            recorded_by=step.recorded_by,
        )
        for step in steps.order_by("number")
    )


def _subjects(found: Iterable[ItemSummary]) -> list[Subject]:
    return [Subject("item", one.id, one.owner_id) for one in found]
