"""Telling those who watch: once for a watch and an occasion, and no more than they may know.

Each watch is evaluated in a transaction of its own, in which its alert is written. If the worker
dies in between, the fact is delivered again, and what was told already isn't told twice.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection

from concordat.access.rules import THING_KINDS, Level, RecordKind
from concordat.audit.actions import record
from concordat.audit.rules import Operation, Subject
from concordat.base.acting import acting
from concordat.base.actor import Actor, Purpose, Role
from concordat.base.clock import now, today
from concordat.base.ids import new_id
from concordat.identity.queries.together import members_of, near, owners_of_all
from concordat.organisations.queries import actor_of
from concordat.records.queries.links import subject_kind
from concordat.tracing.errors import AlertsNotRaised, NotAllowedToAlert
from concordat.tracing.models import Watch, WatchKey
from concordat.tracing.queries.sight import Sight, sight_of, sight_of_member
from concordat.tracing.queries.touched import EventSeen, events_since
from concordat.tracing.rules.watching import (
    Logged,
    Touched,
    occasion_of,
    place_keys,
    record_key,
    thing_keys,
)

AT_ONCE: Final = 1_000
"""So many records whose identity changed are looked up at a time."""

logger = logging.getLogger(__name__)

# Without naming the columns that clash: to name them the service would have to read alerts.
_INSERT: Final = """
INSERT INTO tracing_alert
    (id, owner_id, kind, watcher_id, watch_id, occasion, level, logged_by_id, about_kind, about_id,
     agreement_id, clause, raised_at)
VALUES (%(id)s, %(owner)s, %(kind)s, %(watcher)s, %(watch)s, %(occasion)s, %(level)s, %(logged_by)s,
        %(about_kind)s, %(about_id)s, %(agreement)s, %(clause)s, %(now)s)
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, kw_only=True)
class _News:
    """What there is to tell one watcher: what was logged, by which body, and how much of it."""

    occasion: UUID
    kind: RecordKind
    id: UUID
    owner_id: int
    logged_by: int
    sight: Sight


def check_can_alert(actor: Actor) -> None:
    """Raise NotAllowedToAlert unless `actor` is the service itself."""
    if not actor.holds(Role.SYSTEM):
        raise NotAllowedToAlert(
            "Alerts are raised by the service itself, when something is logged."
        )


def alert_on_logged(actor: Actor, *, logged: Logged) -> int:
    """Tell those who watch what was touched, as far as they may know, and return how many were.

    Whoever logged it isn't told of it. Called twice it tells nobody twice. Raises
    NotAllowedToAlert, and AlertsNotRaised once all others have been told.
    """
    check_can_alert(actor)
    with acting(actor):
        for touched in logged.touched:
            _follow(touched)
        watches = _watches(_keys(logged.touched))
    return _each(watches, lambda watch: _tell_of_logged(actor, watch, logged))


def alert_on_identified(actor: Actor, *, records: Sequence[UUID]) -> int:
    """Tell those who watch a person of records that are now known to be of them.

    Of a record that came new to a watched person each event since the watch began is told, or, if
    there is none, the record. Only watches of the persons concerned are looked at, however many
    records there are. Raises NotAllowedToAlert, and AlertsNotRaised once all others were told.
    """
    check_can_alert(actor)
    changed = frozenset(records)
    watches: dict[UUID, Watch] = {}
    for first in range(0, len(records), AT_ONCE):
        with acting(actor):
            around = near(records[first : first + AT_ONCE])
            found = _watches(map(record_key, around))
            watches |= {one.id: one for one in found if one.record_kind == RecordKind.PERSON}
    return _each(watches.values(), lambda watch: _tell_of_identified(actor, watch, changed))


def _each(watches: Iterable[Watch], tell: Callable[[Watch], int]) -> int:
    told, failed = 0, 0
    for watch in watches:
        try:
            told += tell(watch)
        except Exception:
            logger.exception("The watch %s could not be evaluated", watch.id)
            failed += 1
    if failed:
        raise AlertsNotRaised(f"{failed} watches could not be evaluated; see the service’s log.")
    return told


def _tell_of_logged(actor: Actor, watch: Watch, logged: Logged) -> int:
    watcher = _watcher_of(watch)
    if watcher is None or watcher.person_id == logged.by:
        return 0
    with acting(actor):
        with acting(watcher):
            seen, touched = sight_of(watcher, watch, logged=logged)
        if touched is None:
            return 0
        if touched.kind is RecordKind.PERSON and seen.level is Level.FULL:
            _remember(watch, [touched.id])
        news = _News(
            occasion=logged.occasion,
            kind=logged.event_kind or touched.kind,
            id=logged.event_id or touched.id,
            owner_id=logged.owner_id if logged.event_id else touched.owner_id,
            logged_by=logged.owner_id,
            sight=seen,
        )
        return _raise(actor, watch, news)


def _tell_of_identified(actor: Actor, watch: Watch, changed: frozenset[UUID]) -> int:
    watcher = _watcher_of(watch)
    if watcher is None:
        return 0
    with acting(actor):
        with acting(watcher):
            members = members_of(watch.record_id)
        fresh = (changed & ({*members} | near([watch.record_id]))) - {*watch.members}
        owners = owners_of_all(fresh)
        told = 0
        for record_id in sorted(fresh & owners.keys()):
            with acting(watcher):
                seen = sight_of_member(
                    watcher, watch, record_id=record_id, owner_id=owners[record_id]
                )
            news = _of_member(watcher, watch, record_id, owners[record_id], seen)
            told += sum(_raise(actor, watch, one) for one in news)
        _remember(watch, members)
    return told


def _remember(watch: Watch, members: Iterable[UUID]) -> None:
    """Note which records of the watched person were told of, so that they aren't news again."""
    known = {*watch.members, *members}
    if known > {*watch.members}:
        watch.members = sorted(known)
        watch.save(update_fields=["members"])


def _of_member(
    watcher: Actor, watch: Watch, record_id: UUID, owner_id: int, seen: Sight
) -> list[_News]:
    """Return the news of one record that came to a watched person: its events, or else itself."""
    if seen.level is Level.NONE:
        return []
    events = events_since(
        watcher, person_id=record_id, owner_id=owner_id, since=watch.since, level=seen.level
    )
    itself = EventSeen(id=record_id, kind=RecordKind.PERSON, owner_id=owner_id)
    return [
        _News(
            occasion=one.id,
            kind=one.kind,
            id=one.id,
            owner_id=one.owner_id,
            logged_by=one.owner_id,
            sight=seen,
        )
        for one in events or [itself]
    ]


def _raise(actor: Actor, watch: Watch, news: _News) -> int:
    """Write one alert and its entry, unless it was written before; return how many were: 0 or 1."""
    if news.sight.level is Level.NONE:
        return 0
    is_whole = news.sight.level is Level.FULL
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            {
                "id": new_id(),
                "owner": watch.owner_id,
                "kind": RecordKind.WATCH.value,
                "watcher": watch.watcher_id,
                "watch": watch.id,
                "occasion": occasion_of(watch.id, news.occasion),
                "level": news.sight.level.value,
                "logged_by": news.logged_by,
                "about_kind": news.kind.value if is_whole else None,
                "about_id": news.id if is_whole else None,
                "agreement": None if is_whole else news.sight.agreement_id,
                "clause": None if is_whole else news.sight.clause,
                "now": now(),
            },
        )
        if not cursor.rowcount:
            return 0
    record(
        actor,
        operation=Operation.DISCLOSURE,
        action="tracing.alert",
        subjects=[Subject(subject_kind(news.kind), news.id, news.owner_id)],
        details={
            "watch": str(watch.id),
            "to": watch.watcher,
            "organisation": watch.owner_id,
            "level": news.sight.level.value,
            "reason": watch.reason,
        },
    )
    return 1


def _watcher_of(watch: Watch) -> Actor | None:
    """Return whoever watches, with the roles they hold now; None if they may no longer act."""
    found = actor_of(watch.watcher_id, purpose=Purpose(watch.purpose), reason=watch.reason)
    return found if found and found.organisation_id == watch.owner_id else None


def _watches(keys: Iterable[str]) -> list[Watch]:
    """Return the watches that hold today and that one of these keys touches."""
    touched = WatchKey.objects.filter(live=True, key__in=list(keys)).values("watch_id")
    rows = Watch.objects.filter(id__in=touched, ended_at=None, until__gte=today())
    return list(rows.order_by("id"))


def _keys(touched: Iterable[Touched]) -> set[str]:
    keys: set[str] = set()
    persons = [one.id for one in touched if one.kind is RecordKind.PERSON]
    if persons:
        keys |= {record_key(one) for one in near(persons)}
    for one in touched:
        keys.add(record_key(one.id))
        if one.kind in THING_KINDS:
            keys |= thing_keys(one.kind, one.keys)
        elif one.kind is RecordKind.PLACE:
            keys |= place_keys(
                text=one.text, latitude=one.latitude, longitude=one.longitude, around=False
            )
    return keys


def _follow(touched: Touched) -> None:
    """Let the watches of a changed thing follow its keys: a mark may have been corrected."""
    if touched.kind not in THING_KINDS or not touched.keys:
        return
    wanted = thing_keys(touched.kind, touched.keys) | {record_key(touched.id)}
    for watch in Watch.objects.filter(record_id=touched.id, ended_at=None):
        rows = WatchKey.objects.filter(watch_id=watch.id, live=True)
        held = set(rows.values_list("key", flat=True))
        if held == wanted:
            continue
        rows.exclude(key__in=wanted).update(live=False)
        WatchKey.objects.filter(watch_id=watch.id, key__in=wanted).update(live=True)
        WatchKey.objects.bulk_create(
            (
                WatchKey(
                    owner_id=watch.owner_id,
                    watcher_id=watch.watcher_id,
                    key=key,
                    watch_id=watch.id,
                )
                for key in sorted(wanted - held)
            ),
            ignore_conflicts=True,
        )
