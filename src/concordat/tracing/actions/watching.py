"""Watching a person, a thing or a place, with a reason and an end; and no longer."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from concordat.access.rules import RecordKind
from concordat.audit.actions import record
from concordat.audit.rules import Operation, Subject
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.base.clock import now, today
from concordat.base.ids import new_id
from concordat.identity.queries import identity_of
from concordat.records.queries import item, place
from concordat.records.queries.links import subject_kind
from concordat.tracing.errors import (
    AlreadyWatched,
    NotAllowedToWatch,
    NotWatchable,
    UnknownWatch,
    WrongWatch,
)
from concordat.tracing.models import Watch, WatchKey
from concordat.tracing.queries.watching import NOBODY
from concordat.tracing.rules.watching import (
    WATCHABLE,
    WATCHERS,
    place_keys,
    problem_with,
    record_key,
    thing_keys,
)


@dataclass(frozen=True, kw_only=True)
class _Watched:
    """What is watched: its owner, its keys, and of a person or a place what else is compared."""

    owner_id: int
    keys: frozenset[str]
    members: tuple[UUID, ...] = ()
    latitude: float | None = None
    longitude: float | None = None


def check_can_watch(actor: Actor) -> None:
    """Raise NotAllowedToWatch, with the reason, unless `actor` works with records."""
    if actor.person_id is None:
        raise NotAllowedToWatch("A watch is somebody’s: say whose, with --as.")
    if not actor.holds(*WATCHERS):
        raise NotAllowedToWatch(
            f"{actor.person_name} holds no role that works with records, so that there would be "
            "nothing to tell."
        )


def can_watch(actor: Actor) -> bool:
    """Whether `actor` may watch records."""
    return actor.person_id is not None and actor.holds(*WATCHERS)


def watch(actor: Actor, *, kind: RecordKind, record_id: UUID, reason: str, until: date) -> UUID:
    """Let `actor` be told when any force logs something that touches this record; return its id.

    Up to and including the day `until`, for the purpose they have now, and with the rights they
    have at that moment. Raises NotAllowedToWatch, NotWatchable, WrongWatch for a reason or an end
    that can't be, AlreadyWatched, and UnknownPerson or UnknownRecord for what they may not read.
    """
    check_can_watch(actor)
    if kind not in WATCHABLE:
        raise NotWatchable(f"{kind.label}: such a record can’t be watched.")
    if problem := problem_with(reason=reason, until=until, today=today()):
        raise WrongWatch(problem)
    watch_id = new_id()
    with acting(actor):
        watched = _watched(actor, kind, record_id)
        _end_lapsed(actor, record_id)
        _store(actor, watch_id, kind, record_id, watched, reason=reason.strip(), until=until)
        record(
            actor,
            operation=Operation.COLLECTION,
            action="tracing.watch",
            subjects=[Subject(subject_kind(kind), record_id, watched.owner_id)],
            details={"watch": str(watch_id), "reason": reason.strip(), "until": until.isoformat()},
        )
    return watch_id


def end_watch(actor: Actor, *, watch_id: UUID) -> None:
    """End a watch at once. Raises UnknownWatch for one that isn't `actor`'s, or has ended."""
    with acting(actor):
        row = _mine(actor).filter(id=watch_id, ended_at=None).first()
        if row is None:
            raise UnknownWatch("There is no such watch of yours that still holds.")
        _end([row])
        record(
            actor,
            operation=Operation.ALTERATION,
            action="tracing.end_watch",
            subjects=[_subject(row)],
            details={"watch": str(watch_id)},
        )


def _subject(row: Watch) -> Subject:
    kind = subject_kind(RecordKind(row.record_kind))
    return Subject(kind, row.record_id, row.record_owner_id)


def _watched(actor: Actor, kind: RecordKind, record_id: UUID) -> _Watched:
    own = record_key(record_id)
    if kind is RecordKind.PERSON:
        owners = dict(identity_of(actor, record_id=record_id).records)
        return _Watched(
            owner_id=owners[record_id], keys=frozenset({own}), members=tuple(sorted(owners))
        )
    if kind is RecordKind.PLACE:
        at = place(actor, place_id=record_id)
        keys = place_keys(
            text=at.location, latitude=at.latitude, longitude=at.longitude, around=True
        )
        return _Watched(
            owner_id=at.owner_id,
            keys=keys | {own},
            latitude=at.latitude,
            longitude=at.longitude,
        )
    thing = item(actor, item_id=record_id)
    return _Watched(owner_id=thing.owner_id, keys=thing_keys(thing.kind, thing.keys) | {own})


def _store(
    actor: Actor,
    watch_id: UUID,
    kind: RecordKind,
    record_id: UUID,
    watched: _Watched,
    *,
    reason: str,
    until: date,
) -> None:
    owned = {"owner_id": actor.organisation_id, "watcher_id": actor.person_id}
    try:
        with transaction.atomic():
            Watch(
                **owned,
                id=watch_id,
                watcher=actor.person_name,
                record_kind=kind.value,
                record_id=record_id,
                record_owner_id=watched.owner_id,
                purpose=actor.purpose.value,
                reason=reason,
                since=now(),
                until=until,
                members=list(watched.members),
                latitude=watched.latitude,
                longitude=watched.longitude,
            ).save(force_insert=True)
    except IntegrityError as problem:
        raise AlreadyWatched(
            "You watch this already. To watch it longer or for another reason, end that watch "
            "first."
        ) from problem
    WatchKey.objects.bulk_create(
        WatchKey(**owned, key=key, watch_id=watch_id) for key in sorted(watched.keys)
    )


def _end_lapsed(actor: Actor, record_id: UUID) -> None:
    lapsed = _mine(actor).filter(record_id=record_id, ended_at=None, until__lt=today())
    _end(list(lapsed))


def _end(rows: list[Watch]) -> None:
    ids = [row.id for row in rows]
    Watch.objects.filter(id__in=ids).update(ended_at=now())
    WatchKey.objects.filter(watch_id__in=ids, live=True).update(live=False)


def _mine(actor: Actor) -> QuerySet[Watch]:
    return Watch.objects.filter(watcher_id=actor.person_id or NOBODY)
