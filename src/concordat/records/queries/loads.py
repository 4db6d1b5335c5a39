"""Load reports: what became of every row, and the rows that await correction."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from concordat.audit.actions import record
from concordat.audit.rules import Operation
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.base.clock import now
from concordat.records.errors import UnknownRecord
from concordat.records.models import Load, LoadFile, QuarantinedRow
from concordat.records.rules.csv_files import correction_lines
from concordat.records.rules.loads import Account, Layout

STILL_RUNNING = timedelta(minutes=10)
"""A load that hasn't ended and shows no progress for this long was interrupted."""


@dataclass(frozen=True, kw_only=True)
class FileAccount:
    """What one file brought for one owner."""

    id: UUID
    name: str
    owner_id: int
    account: Account
    notices: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class LoadSummary:
    """One load, with the files of those owners whose reports `actor` may read."""

    id: UUID
    layout: Layout
    started_at: datetime
    finished_at: datetime | None
    interrupted: bool
    started_by: str
    asked_files: int
    files: tuple[FileAccount, ...]
    refused: tuple[tuple[str, str], ...]

    @property
    def total(self) -> Account:
        """The sum over the files shown."""
        return Account.total(file.account for file in self.files)


def loads(actor: Actor, *, limit: int = 50) -> list[LoadSummary]:
    """Return the latest loads that brought records of `actor`'s force, newest first.

    The service sees every load, but of force-owned reports only what it acts for.
    """
    with acting(actor):
        rows = Load.objects.order_by("-started_at")
        if actor.organisation_id:
            rows = rows.filter(id__in=LoadFile.objects.values("load_id"))
        found = [_summary(row) for row in rows[:limit]]
        _journal(actor, "records.loads", loads=len(found))
    return found


def load_detail(actor: Actor, *, load_id: UUID) -> LoadSummary:
    """Return one load. Raises UnknownRecord unless it brought records of `actor`'s force."""
    with acting(actor):
        row = Load.objects.filter(id=load_id).first()
        summary = _summary(row) if row else None
        if summary is None or not summary.files:
            raise UnknownRecord("There is no such load, or it brought nothing of your force.")
        _journal(actor, "records.load_detail", load=str(load_id))
    return summary


def quarantined_rows(actor: Actor, *, load_id: UUID) -> list[tuple[str, int, str, str]]:
    """Return the rows of a load that await correction: file, line, reason, and the row as it came.

    They are the actor's own force's. Raises UnknownRecord as `load_detail` does.
    """
    with acting(actor):
        load_detail(actor, load_id=load_id)
        names = dict(LoadFile.objects.filter(load=load_id).values_list("id", "name"))
        rows = QuarantinedRow.objects.filter(load_file_id__in=names)
        found = [(names[row.load_file_id], row.line, row.reason, row.raw) for row in rows]
        found.sort(key=lambda row: row[:2])
        _journal(actor, "records.quarantined_rows", load=str(load_id), rows=len(found))
    return found


def quarantine_file(actor: Actor, *, load_id: UUID) -> str:
    """Return the rows that await correction as the text of a file to correct and load again.

    Each row stands as it came behind the reason why it was refused, under the header of its file;
    another header begins where the next file had another. A disclosure. Raises UnknownRecord as
    `load_detail` does.
    """
    with acting(actor):
        load_detail(actor, load_id=load_id)
        rows = QuarantinedRow.objects.filter(load_file__load=load_id)
        ordered = rows.select_related("load_file").order_by(
            "load_file__header", "load_file__name", "line", "id"
        )
        lines: list[str] = []
        count = ordered.count()
        for header, alike in groupby(ordered, key=lambda row: row.load_file.header):
            told = ((row.load_file.name, row.line, row.reason, row.raw) for row in alike)
            lines += correction_lines(header, told)
        record(
            actor,
            operation=Operation.DISCLOSURE,
            action="records.quarantine_file",
            details={"load": str(load_id), "rows": count},
        )
    return "".join(lines)


def _summary(row: Load) -> LoadSummary:
    return LoadSummary(
        id=row.id,
        layout=Layout(row.layout),
        started_at=row.started_at,
        finished_at=row.finished_at,
        interrupted=row.finished_at is None and now() - row.last_progress_at > STILL_RUNNING,
        started_by=row.started_by,
        asked_files=row.files,
        files=tuple(_files(row)),
        refused=tuple((refusal["name"], refusal["problem"]) for refusal in row.refused),
    )


def _files(load: Load) -> Iterator[FileAccount]:
    """Yield what each file brought for each owner; a large one was stored in several parts."""
    parts = LoadFile.objects.filter(load=load).order_by("name", "owner_id", "sha256", "id")
    for _, alike in groupby(parts, key=lambda part: (part.name, part.owner_id, part.sha256)):
        told = list(alike)
        yield FileAccount(
            id=told[0].id,
            name=told[0].name,
            owner_id=told[0].owner_id,
            account=Account.total(_account(part) for part in told),
            notices=tuple(notice for part in told for notice in part.notices),
        )


def _account(part: LoadFile) -> Account:
    return Account(
        new=part.new,
        unchanged=part.unchanged,
        changed=part.changed,
        duplicate=part.duplicate,
        conflict=part.conflict,
        quarantined=part.quarantined,
    )


def _journal(actor: Actor, action: str, **details: object) -> None:
    record(actor, operation=Operation.CONSULTATION, action=action, details=details)
