"""How much somebody may be told of a kind of record: PostgreSQL's own answer, without a look at it.

These run inside `acting(…)` of whoever it is about.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection

from concordat.access.queries import grants_in_force
from concordat.access.rules import THING_KINDS, Level, RecordKind
from concordat.base.actor import Actor
from concordat.identity.queries.together import agree_exactly, members_of
from concordat.tracing.models import Watch, WatchKey
from concordat.tracing.rules.watching import (
    Logged,
    Touched,
    is_at,
    record_key,
    thing_keys,
)

_READS: Final = (
    "SELECT concordat.compartment(%s, %s::smallint) = ANY (concordat.readable_compartments())"
)


@dataclass(frozen=True, kw_only=True)
class Sight:
    """How much may be told, and of a pointer the clause that says so."""

    level: Level
    agreement_id: UUID | None = None
    clause: int | None = None


NOTHING: Final = Sight(level=Level.NONE)
ALL: Final = Sight(level=Level.FULL)


def sight(watcher: Actor, *, owner_id: int, kind: RecordKind) -> Sight:
    """Return how much `watcher`, who is acting, may be told of one owner's records of a kind."""
    with connection.cursor() as cursor:
        cursor.execute(_READS, [owner_id, kind.value])
        if cursor.fetchone()[0]:
            return ALL
    for grant in grants_in_force(
        watcher, owner_id=owner_id, recipient_id=watcher.organisation_id, kind=kind
    ):
        held = not watcher.roles.isdisjoint(grant.roles) and watcher.purpose in grant.purposes
        if grant.level is Level.POINTER and held:
            return Sight(level=Level.POINTER, agreement_id=grant.agreement_id, clause=grant.clause)
    return NOTHING


def sight_of(watcher: Actor, watch: Watch, *, logged: Logged) -> tuple[Sight, Touched | None]:
    """Return how much of what was logged `watcher` may be told, and by which record it touches.

    No more than of that record. Nothing, too, where they may no longer read what they watch, or
    it isn't touched after all.
    """
    watched = sight(watcher, owner_id=watch.record_owner_id, kind=RecordKind(watch.record_kind))
    if watched.level is not Level.FULL:
        return NOTHING, None
    event = ALL
    if logged.event_id is not None and logged.event_kind is not None:
        event = sight(watcher, owner_id=logged.owner_id, kind=logged.event_kind)
    if event.level is Level.NONE:
        return NOTHING, None
    touches = [(_touch(watcher, watch, one), one) for one in logged.touched]
    for level in (Level.FULL, Level.POINTER):
        for touch, touched in touches:
            if touch.level is level:
                return (touch if event.level is Level.FULL else event), touched
    return NOTHING, None


def sight_of_member(watcher: Actor, watch: Watch, *, record_id: UUID, owner_id: int) -> Sight:
    """Return how much `watcher` may be told of a person record that may be of whom they watch."""
    members = members_of(watch.record_id)
    if record_id in members:
        return ALL
    if not members:
        return NOTHING
    known = sight(watcher, owner_id=owner_id, kind=RecordKind.PERSON)
    # What can be read but isn't of this person, as far as the watcher sees, is of somebody else.
    if known.level is not Level.POINTER or not agree_exactly(members, other=record_id):
        return NOTHING
    return known


def _touch(watcher: Actor, watch: Watch, touched: Touched) -> Sight:
    if touched.kind is RecordKind.PERSON and watch.record_kind == RecordKind.PERSON:
        return sight_of_member(watcher, watch, record_id=touched.id, owner_id=touched.owner_id)
    keys = frozenset(
        WatchKey.objects.filter(watch_id=watch.id, live=True).values_list("key", flat=True)
    )
    found = record_key(touched.id) in keys
    if touched.kind in THING_KINDS:
        found = found or bool(thing_keys(touched.kind, touched.keys) & keys)
    elif touched.kind is RecordKind.PLACE:
        found = is_at(touched, watched=(watch.latitude, watch.longitude), keys=keys)
    if not found:
        return NOTHING
    return sight(watcher, owner_id=touched.owner_id, kind=touched.kind)
