"""Reading the journal: who looked, what somebody did, and whether the chain still holds."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from concordat.audit.actions import record
from concordat.audit.errors import NotAllowedToReadJournal
from concordat.audit.models import JournalEntry, JournalSubject
from concordat.audit.rules import LANES, Operation, Subject
from concordat.base.acting import acting
from concordat.base.actor import Actor, Role

READERS = (Role.AUDITOR, Role.SYSTEM)
"""Who may read the journal: reading who looked is itself a role."""

_ANCHOR_BATCH = 5_000


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One journal entry as an auditor reads it."""

    id: UUID
    recorded_at: datetime
    operation: Operation
    action: str
    person_name: str
    organisation_id: int
    roles: tuple[str, ...]
    purpose: str
    reason: str
    details: dict[str, Any]
    subject_count: int
    subject_id: UUID | None
    """The record, where the operation touched exactly one."""
    lane: int
    seq: int


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What a walk along the whole chain found. `problem` is empty when every link holds."""

    entries: int
    anchors: int
    problem: str = ""
    broken_entry: UUID | None = None

    @property
    def holds(self) -> bool:
        """Whether the journal is as it was written."""
        return not self.problem


def check_can_read_journal(actor: Actor) -> None:
    """Raise NotAllowedToReadJournal, with the reason, unless `actor` may see who looked."""
    if not actor.holds(*READERS):
        raise NotAllowedToReadJournal(
            f"{actor.person_name} does not hold the role of auditor, "
            "which is needed to see who looked at a record."
        )


def can_read_journal(actor: Actor) -> bool:
    """Whether `actor` may see who looked."""
    return actor.holds(*READERS)


def who_looked(actor: Actor, *, subject_id: UUID, limit: int = 200) -> list[Entry]:
    """Return the entries that touched one record, newest first; the reading is journalled too.

    An auditor sees entries about records of their own force, whoever looked, and entries of
    their own force's staff. Raises NotAllowedToReadJournal for anyone without the role.
    """
    check_can_read_journal(actor)
    with acting(actor):
        touching = JournalSubject.objects.filter(subject_id=subject_id).values("entry_id")
        rows = JournalEntry.objects.filter(id__in=touching)
        entries = [_entry(row) for row in rows.order_by("-recorded_at")[:limit]]
        record(
            actor,
            operation=Operation.CONSULTATION,
            action="audit.who_looked",
            subjects=[Subject("journal", subject_id, actor.organisation_id)],
            details={"entries": len(entries)},
        )
    return entries


def recent(
    actor: Actor, *, person_id: UUID | None = None, action: str = "", limit: int = 200
) -> list[Entry]:
    """Return the latest entries that `actor` may see, newest first, narrowed as asked."""
    check_can_read_journal(actor)
    with acting(actor):
        rows = JournalEntry.objects.all()
        if person_id:
            rows = rows.filter(person_id=person_id)
        if action:
            rows = rows.filter(action=action)
        entries = [_entry(row) for row in rows.order_by("-recorded_at")[:limit]]
        record(
            actor,
            operation=Operation.CONSULTATION,
            action="audit.recent",
            details={"entries": len(entries), "person": str(person_id or ""), "action": action},
        )
    return entries


def verify(actor: Actor, *, anchor_file: Path | None = None) -> Verification:
    """Walk every lane from its first entry, recompute each hash, and hold it against the anchors.

    Names the first broken link: an entry that was altered, removed or inserted, a list of subjects
    that no longer agrees with its entry, or an anchored entry that is gone or differs.
    Raises NotAllowedToReadJournal without the role.
    """
    check_can_read_journal(actor)
    path = anchor_file or Path(settings.CONCORDAT_ANCHOR_FILE)
    with acting(actor, seconds=3600):
        with connection.cursor() as cursor:
            cursor.execute("SELECT entries, broken, problem FROM concordat.journal_verify()")
            entries, broken, problem = cursor.fetchone()
        anchors = 0
        if not problem:
            anchors, problem, broken = _verify_anchors(path)
        record(
            actor,
            operation=Operation.CONSULTATION,
            action="audit.verify",
            details={"entries": entries, "anchors": anchors, "problem": problem},
        )
    return Verification(entries=entries, anchors=anchors, problem=problem, broken_entry=broken)


def _verify_anchors(path: Path) -> tuple[int, str, UUID | None]:
    checked = 0
    for batch in _batches(_anchors(path)):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT lane, seq, id, encode(hash, 'hex') "
                "FROM concordat.journal_hashes(%s::smallint[], %s::bigint[])",
                [[a[0] for a in batch], [a[1] for a in batch]],
            )
            found = {(lane, seq): (id_, digest) for lane, seq, id_, digest in cursor.fetchall()}
        for lane, seq, digest in batch:
            if (lane, seq) not in found:
                return checked, f"entry {seq} of lane {lane} is anchored outside but gone", None
            if found[lane, seq][1] != digest:
                problem = f"entry {seq} of lane {lane} differs from its anchor outside"
                return checked, problem, found[lane, seq][0]
            checked += 1
    return checked, "", None


def _anchors(path: Path) -> Iterator[tuple[int, int, str]]:
    if not path.exists():
        return
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            try:
                parsed = json.loads(line)
                yield int(parsed["lane"]) % LANES, int(parsed["seq"]), str(parsed["hash"])
            except (ValueError, KeyError, TypeError):
                continue  # a line cut short by a crash anchors nothing


def _batches(
    anchors: Iterator[tuple[int, int, str]],
) -> Iterator[list[tuple[int, int, str]]]:
    while batch := list(islice(anchors, _ANCHOR_BATCH)):
        yield batch


def _entry(row: JournalEntry) -> Entry:
    return Entry(
        id=row.id,
        recorded_at=row.recorded_at,
        operation=Operation(row.operation),
        action=row.action,
        person_name=row.person_name,
        organisation_id=row.organisation_id,
        roles=tuple(row.roles),
        purpose=row.purpose,
        reason=row.reason,
        details=row.details,
        subject_count=len(row.subjects),
        subject_id=UUID(row.subjects[0][1]) if len(row.subjects) == 1 else None,
        lane=row.lane,
        seq=row.seq,
    )
