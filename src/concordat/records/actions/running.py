"""What every load has in common, whatever it loads: who may, its heading, its report."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from concordat.access.queries import grants_in_force
from concordat.access.rules import RecordKind
from concordat.audit.actions import record
from concordat.audit.rules import Operation
from concordat.base.acting import acting
from concordat.base.actor import Actor, Role
from concordat.base.clock import now
from concordat.base.ids import new_id
from concordat.base.source_files import SourceFile
from concordat.organisations.queries import OrganisationSummary
from concordat.records.errors import NotAllowedToLoad
from concordat.records.models import Load, LoadFile
from concordat.records.rules.loads import Account, Layout

TOKEN_SECONDS = 6 * 3600

Progress = Callable[[str, int], None]
"""Told the name of the file being read and how many of its rows were read so far."""


@dataclass(kw_only=True)
class FileReport:
    """What became of one file. `problem` is why it was refused whole; it then brought nothing."""

    name: str
    account: Account = field(default_factory=Account)
    notices: list[str] = field(default_factory=list)
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class LoadReport:
    """What became of every row of every file of one load."""

    load_id: UUID
    layout: Layout
    files: tuple[FileReport, ...]
    seconds: float

    @property
    def total(self) -> Account:
        """The sum over all files."""
        return Account.total(report.account for report in self.files)

    @property
    def refused(self) -> tuple[FileReport, ...]:
        """The files that could not be read at all."""
        return tuple(report for report in self.files if report.problem)


@dataclass(frozen=True, kw_only=True)
class Stored:
    """What one transaction of a load brings of one file for one owner."""

    owner: OrganisationSummary
    source: SourceFile
    header: str
    account: Account
    notices: Sequence[str]


def check_can_load(actor: Actor) -> None:
    """Raise NotAllowedToLoad, with the reason, unless `actor` may load files."""
    if not actor.holds(Role.SYSTEM, Role.DATA_QUALITY):
        raise NotAllowedToLoad(
            f"{actor.person_name} does not hold the role of data quality, which loads files."
        )


class LoadRun:
    """A load under way: its heading is written when it begins and completed when it ends."""

    def __init__(self, actor: Actor, layout: Layout, paths: Sequence[Path]) -> None:
        """Write the heading and a journal entry. Raises NotAllowedToLoad."""
        check_can_load(actor)
        self.actor = actor
        self.layout = layout
        self.action = f"records.load_{layout.name.lower()}"
        started = now()
        self._load = Load(
            id=new_id(),
            layout=layout,
            started_at=started,
            last_progress_at=started,
            started_by=f"{actor.person_name}, {actor.organisation_name}",
            files=len(paths),
        )
        with acting(actor):
            self._load.save(force_insert=True)
            record(
                actor,
                operation=Operation.COLLECTION,
                action=self.action,
                details={"load": str(self._load.id), "files": len(paths), "step": "started"},
            )
        self._sharing = {
            kind: frozenset(grant.owner_id for grant in grants_in_force(actor, kind=kind))
            for kind in (None, RecordKind.PERSON)
        }

    def acting_for(self, owner: OrganisationSummary) -> Actor:
        """Return who stores rows of this owner: a person, or the service acting for the owner."""
        if self.actor.holds(Role.SYSTEM):
            return self.actor.acting_for(owner.id, owner.name)
        return self.actor

    def progressed(self) -> None:
        """Note that the load is alive."""
        with acting(self.actor):
            Load.objects.filter(id=self._load.id).update(last_progress_at=now())

    def notices_about(self, owner: OrganisationSummary) -> list[str]:
        """Return what an owner should know of the agreements about what is loaded."""
        is_persons = self.layout is Layout.PERSONS
        if owner.id in self._sharing[RecordKind.PERSON if is_persons else None]:
            return []
        what = "person records" if is_persons else "records"
        notice = (
            f"No agreement in force shares the {what} of {owner.name}, so nobody outside it "
            "sees them."
        )
        return [notice]

    def file_row(self, stored: Stored) -> UUID:
        """Write what a file brings for one owner, in the caller's transaction; return its id."""
        file_id = new_id()
        LoadFile(
            id=file_id,
            load=self._load,
            owner_id=stored.owner.id,
            kind=RecordKind.LOAD,
            name=stored.source.path.name,
            sha256=stored.source.sha256,
            bytes=stored.source.size,
            header=stored.header,
            read=stored.account.read,
            notices=list(stored.notices),
            recorded_at=now(),
            **stored.account.verdicts(),
        ).save(force_insert=True)
        return file_id

    def journal_file(self, actor: Actor, stored: Stored) -> None:
        """Write the journal entry of what a file brought for one owner."""
        record(
            actor,
            operation=Operation.COLLECTION,
            action=self.action,
            details={
                "load": str(self._load.id),
                "file": stored.source.path.name,
                "sha256": stored.source.sha256,
                **stored.account.as_dict(),
            },
        )

    def finish(self, reports: Iterable[FileReport]) -> LoadReport:
        """Complete the heading and return the report of the whole load."""
        load, files = self._load, tuple(reports)
        load.refused = [{"name": r.name, "problem": r.problem} for r in files if r.problem]
        load.finished_at = load.last_progress_at = now()
        with acting(self.actor):
            load.save(update_fields=["finished_at", "last_progress_at", "refused"])
        return LoadReport(
            load_id=load.id,
            layout=self.layout,
            files=files,
            seconds=(load.finished_at - load.started_at).total_seconds(),
        )
