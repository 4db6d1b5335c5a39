"""The events that a watch has to tell of, once it is known whose record was in them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from concordat.access.rules import EVENT_KINDS, Level, RecordKind
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.organisations.queries import names_by_id
from concordat.records.queries.links import read_links
from concordat.tracing.queries.sight import sight

MOST_EVENTS: Final = 20
"""Of so many events, the newest, a watch tells when a record comes to the watched person."""


@dataclass(frozen=True, kw_only=True)
class EventSeen:
    """One event, or the record itself where there is none."""

    id: UUID
    kind: RecordKind
    owner_id: int


def events_since(
    watcher: Actor, *, person_id: UUID, owner_id: int, since: datetime, level: Level
) -> list[EventSeen]:
    """Return the events that a person record came to be in since then, that may be told of.

    Where it is told of whole, those that `watcher` may read. Where by a pointer alone, those of
    the record's owner, looked up by the service in the owner's name, of whose kind they may know.
    """
    asks = watcher
    if level is Level.POINTER:
        owner = names_by_id()[owner_id]
        asks = Actor.service(reason=watcher.reason).acting_for(owner_id, owner.name)
    with acting(asks):
        seen = {
            link.other_id: EventSeen(
                id=link.other_id, kind=link.other_kind, owner_id=link.other_owner_id
            )
            for link in read_links([person_id])
            if link.other_kind in EVENT_KINDS and link.recorded_at >= since
        }
    newest = list(seen.values())[:MOST_EVENTS]
    if level is Level.FULL:
        return newest
    with acting(watcher):
        return [
            one
            for one in newest
            if sight(watcher, owner_id=one.owner_id, kind=one.kind).level is not Level.NONE
        ]
