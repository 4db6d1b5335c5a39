"""What one watches, and what one was told: read by whoever watches, and by nobody else."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from concordat.access.rules import EVENT_KINDS, Level, RecordKind
from concordat.agreements.queries import contact_for
from concordat.audit.actions import record
from concordat.audit.rules import Operation, Subject
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.base.clock import today
from concordat.records.queries.labels import Named, named
from concordat.records.queries.links import subject_kind
from concordat.records.rules.logged import RecordRef
from concordat.tracing.models import Alert, Watch

MOST_ALERTS: Final = 50
"""So many alerts an inbox shows, the newest."""

MOST_WATCHES: Final = 200

NOBODY: Final = UUID(int=0)
"""Whose watches the service would ask for: it has none."""


@dataclass(frozen=True, kw_only=True)
class WatchDetail:
    """One watch of one's own. `label` is "" where its record can no longer be read.

    It holds up to and including `until`, unless `ended_at` says that it was ended. `alerts` counts
    what it told, read or not.
    """

    id: UUID
    kind: RecordKind
    record_id: UUID
    owner_id: int
    label: str
    reason: str
    since: datetime
    until: date
    ended_at: datetime | None
    alerts: int

    @property
    def holds(self) -> bool:
        """Whether it still tells of anything."""
        return self.ended_at is None and self.until >= today()


@dataclass(frozen=True, kw_only=True)
class AlertDetail:
    """One alert: what is watched and why, and what was logged, as far as one may read it now.

    `owner_id` is the body that logged. Of a pointer no more is known than that and whom to ask
    (`contact`). `about_id` is what the alert is about: an event, which then is `event_id` too, or
    a record. `is_readable` says that it still may be read; else `title` is "".
    """

    id: UUID
    watch_id: UUID
    record_id: UUID
    record_kind: RecordKind
    record_label: str
    watch_reason: str
    level: Level
    owner_id: int
    event_id: UUID | None
    about_kind: RecordKind | None
    about_id: UUID | None
    kind: RecordKind | None
    title: str
    is_readable: bool
    contact: str
    at: datetime
    read_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Inbox:
    """What one was told, newest first. `unread` counts all that is unread, shown or not."""

    alerts: tuple[AlertDetail, ...]
    unread: int


def my_watches(actor: Actor) -> tuple[WatchDetail, ...]:
    """Return the actor's own watches: those that hold first, then by when they began, newest."""
    with acting(actor):
        rows = list(_mine(actor).order_by("-since")[:MOST_WATCHES])
        told = _named(rows)
        counts = _counts(row.id for row in rows)
        found = [_watch(row, told, counts) for row in rows]
        record(
            actor,
            operation=Operation.CONSULTATION,
            action="tracing.my_watches",
            subjects=_subjects(told),
            details={"watches": len(rows)},
        )
    return tuple(sorted(found, key=lambda one: not one.holds))


def watching(actor: Actor, *, record_id: UUID) -> WatchDetail | None:
    """Return the actor's own watch of a record, if one holds. Its label is left out."""
    with acting(actor):
        rows = _mine(actor).filter(record_id=record_id, ended_at=None, until__gte=today())
        row = rows.first()
        return _watch(row, {}, _counts([row.id])) if row else None


def unread(actor: Actor) -> int:
    """Return how many alerts to the actor are unread."""
    with acting(actor):
        return Alert.objects.filter(watcher_id=actor.person_id or NOBODY, read_at=None).count()


def inbox(actor: Actor) -> Inbox:
    """Return what the actor was told, as far as they may read it now, newest first."""
    with acting(actor):
        rows = list(
            Alert.objects.filter(watcher_id=actor.person_id or NOBODY)
            .select_related("watch")
            .order_by("-raised_at", "-id")[:MOST_ALERTS]
        )
        told = _named([row.watch for row in rows], rows)
        contacts = _contacts(actor, rows)
        found = tuple(_alert(row, told, contacts) for row in rows)
        count = Alert.objects.filter(watcher_id=actor.person_id or NOBODY, read_at=None).count()
        record(
            actor,
            operation=Operation.CONSULTATION,
            action="tracing.inbox",
            subjects=_subjects(told),
            details={"alerts": len(rows)},
        )
    return Inbox(alerts=found, unread=count)


def _mine(actor: Actor) -> QuerySet[Watch]:
    return Watch.objects.filter(watcher_id=actor.person_id or NOBODY)


def _counts(ids: Iterable[UUID]) -> Counter[UUID]:
    return Counter(Alert.objects.filter(watch_id__in=list(ids)).values_list("watch_id", flat=True))


def _contacts(actor: Actor, rows: Sequence[Alert]) -> dict[tuple[UUID, int], str]:
    clauses = {(r.agreement_id, r.clause) for r in rows if r.agreement_id and r.clause is not None}
    return {
        (agreement, clause): contact_for(actor, agreement_id=agreement, clause=clause)
        for agreement, clause in clauses
    }


def _named(watches: Iterable[Watch], alerts: Iterable[Alert] = ()) -> Mapping[UUID, Named]:
    """Return how what is watched, and what was logged, is called; without what can't be read."""
    refs = [RecordRef(RecordKind(row.record_kind), row.record_id) for row in watches]
    refs += [
        RecordRef(RecordKind(row.about_kind), row.about_id)
        for row in alerts
        if row.about_kind and row.about_id
    ]
    return named(refs)


def _subjects(shown: Mapping[UUID, Named]) -> list[Subject]:
    return [Subject(subject_kind(one.kind), one.id, one.owner_id) for one in shown.values()]


def _watch(row: Watch, told: Mapping[UUID, Named], counts: Counter[UUID]) -> WatchDetail:
    return WatchDetail(
        id=row.id,
        kind=RecordKind(row.record_kind),
        record_id=row.record_id,
        owner_id=row.record_owner_id,
        label=told[row.record_id].label if row.record_id in told else "",
        reason=row.reason,
        since=row.since,
        until=row.until,
        ended_at=row.ended_at,
        alerts=counts[row.id],
    )


def _alert(
    row: Alert, told: Mapping[UUID, Named], contacts: Mapping[tuple[UUID, int], str]
) -> AlertDetail:
    about = told.get(row.about_id) if row.about_id else None
    watched = told.get(row.watch.record_id)
    kind = RecordKind(row.about_kind) if row.about_kind else None
    contact = ""
    if row.agreement_id and row.clause is not None:
        contact = contacts[row.agreement_id, row.clause]
    return AlertDetail(
        id=row.id,
        watch_id=row.watch_id,
        record_id=row.watch.record_id,
        record_kind=RecordKind(row.watch.record_kind),
        record_label=watched.label if watched else "",
        watch_reason=row.watch.reason,
        level=Level(row.level),
        owner_id=row.logged_by_id,
        event_id=row.about_id if kind in EVENT_KINDS else None,
        about_kind=kind,
        about_id=row.about_id,
        kind=kind,
        title=about.label if about else "",
        is_readable=about is not None,
        contact=contact,
        at=row.raised_at,
        read_at=row.read_at,
    )
