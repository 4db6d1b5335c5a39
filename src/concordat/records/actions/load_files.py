"""Loading files of events: any number, any force, each file in one transaction.

A file's rows are copied into a temporary table and judged there in sets. Every row gets exactly
one verdict. If the process dies, the files already committed stay and a rerun completes the rest;
loading anything twice changes nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from django.db import connection

from concordat.access.queries import grants_in_force
from concordat.access.rules import RecordKind
from concordat.audit.actions import record
from concordat.audit.rules import Operation
from concordat.base.acting import acting
from concordat.base.actor import Actor, Role
from concordat.base.clock import now
from concordat.base.ids import new_id
from concordat.base.source_files import Line, SourceFile, UnusableFile, split_fields
from concordat.organisations.queries import (
    OrganisationSummary,
    force_ids_by_name,
    names_by_id,
    organisation,
)
from concordat.organisations.rules import normal_name
from concordat.records.actions.staging import Areas, Staging
from concordat.records.errors import NotAllowedToLoad
from concordat.records.models import Load, LoadFile
from concordat.records.rules.events import ReadEvent, Source, Unreadable
from concordat.records.rules.loads import Account, Layout, column_places
from concordat.records.rules.source_rows import RowReader, force_in_file_name

WORKERS = 3
"""Files loaded side by side: while some are being read, PostgreSQL stores the others."""

TOKEN_SECONDS = 6 * 3600
_TELL_EVERY = 2_000
_SOURCES = {
    Layout.STREET: Source.POLICE_UK_STREET,
    Layout.STOP_SEARCH: Source.POLICE_UK_STOP_SEARCH,
}

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


def load_street(
    actor: Actor, *, paths: Sequence[Path], progress: Progress | None = None
) -> LoadReport:
    """Load data.police.uk street-level files (CSV, plain or gzipped) of any forces.

    The service loads for every force that a row names. A person in data quality loads rows of
    their own force; rows of others are quarantined. Raises NotAllowedToLoad for other roles.
    """
    return _load(actor, Layout.STREET, paths, None, progress)


def load_stop_search(
    actor: Actor,
    *,
    paths: Sequence[Path],
    force: str | None = None,
    progress: Progress | None = None,
) -> LoadReport:
    """Load data.police.uk stop-and-search files.

    Their rows name no force: it is `force` (a name or code), or stands in the file's name, as in
    `2019-01-essex-stop-and-search.csv.gz`. Raises NotAllowedToLoad for other roles and
    UnknownOrganisation for a `force` that there isn't.
    """
    if force is not None:
        organisation(force)
    return _load(actor, Layout.STOP_SEARCH, paths, force, progress)


def check_can_load(actor: Actor) -> None:
    """Raise NotAllowedToLoad, with the reason, unless `actor` may load files."""
    if not actor.holds(Role.SYSTEM, Role.DATA_QUALITY):
        raise NotAllowedToLoad(
            f"{actor.person_name} does not hold the role of data quality, which loads files."
        )


def _load(
    actor: Actor,
    layout: Layout,
    paths: Sequence[Path],
    force: str | None,
    progress: Progress | None,
) -> LoadReport:
    check_can_load(actor)
    started = now()
    load = Load(
        id=new_id(),
        layout=layout,
        started_at=started,
        last_progress_at=started,
        started_by=f"{actor.person_name}, {actor.organisation_name}",
        files=len(paths),
    )
    with acting(actor):
        load.save(force_insert=True)
        record(
            actor,
            operation=Operation.COLLECTION,
            action=f"records.load_{layout.name.lower()}",
            details={"load": str(load.id), "files": len(paths), "step": "started"},
        )
    sharing = frozenset(grant.owner_id for grant in grants_in_force(actor))
    reports = _load_all(_Order(actor, load, layout, force, progress, sharing), paths)
    load.refused = [{"name": r.name, "problem": r.problem} for r in reports if r.problem]
    load.finished_at = load.last_progress_at = now()
    with acting(actor):
        load.save(update_fields=["finished_at", "last_progress_at", "refused"])
    seconds = (load.finished_at - started).total_seconds()
    return LoadReport(load_id=load.id, layout=layout, files=tuple(reports), seconds=seconds)


@dataclass(frozen=True)
class _Order:
    """What was asked for: by whom, as which load, in which layout, for which force."""

    actor: Actor
    load: Load
    layout: Layout
    force: str | None
    progress: Progress | None
    sharing: frozenset[int]
    """The owners of which some agreement in force shares something."""
    forces: dict[str, int] = field(default_factory=force_ids_by_name)
    bodies: dict[int, OrganisationSummary] = field(default_factory=names_by_id)
    areas: Areas = field(default_factory=Areas)


def _load_all(order: _Order, paths: Sequence[Path]) -> list[FileReport]:
    """Load the files of different forces side by side, those of one force one after another.

    Two forces' rows never meet, so neither waits for the other; two files of one force would.
    Inside a caller's transaction everything happens in it, one file after another.
    """
    if connection.in_atomic_block:
        return [_FileLoad(order, path).run() for path in paths]
    queues: dict[str | None, list[int]] = defaultdict(list)
    for place, path in enumerate(paths):
        queues[force_in_file_name(path.name)].append(place)
    reports: dict[int, FileReport] = {}

    def work(places: list[int]) -> None:
        try:
            for place in places:
                reports[place] = _FileLoad(order, paths[place]).run()
                with acting(order.actor):
                    Load.objects.filter(id=order.load.id).update(last_progress_at=now())
        finally:
            connection.close()

    largest_first = sorted(
        queues.values(), key=lambda places: -sum(_size(paths[place]) for place in places)
    )
    with ThreadPoolExecutor(max_workers=WORKERS) as pool:
        for done in [pool.submit(work, places) for places in largest_first]:
            done.result()
    return [reports[place] for place in range(len(paths))]


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


class _FileLoad:
    """One file on its way into the register."""

    def __init__(self, order: _Order, path: Path) -> None:
        self._actor = order.actor
        self._load = order.load
        self._layout = order.layout
        self._path = path
        self._progress = order.progress
        self._bodies = order.bodies
        self._areas = order.areas
        self._sharing = order.sharing
        named = order.force or force_in_file_name(path.name)
        self._own_force = order.forces.get(normal_name(named)) if named else None
        self._reader = RowReader(order.layout, forces=order.forces, own_force=self._own_force)
        self._owners: Counter[int] = Counter()
        self._problems: Counter[str] = Counter()
        self._read = 0
        self._header = ""

    def run(self) -> FileReport:
        """Load the file in one transaction, or refuse it whole and say why."""
        report = FileReport(name=self._path.name)
        try:
            with acting(self._actor, seconds=TOKEN_SECONDS), SourceFile(self._path) as source:
                self._run(source, report)
        except UnusableFile as problem:
            return FileReport(name=self._path.name, problem=str(problem))
        return report

    def _run(self, source: SourceFile, report: FileReport) -> None:
        staging = Staging(_SOURCES[self._layout], self._areas)
        staging.fill(self._rows(source))
        owners = self._owning_forces()
        staging.settle(main_owner=owners[0].id)
        staging.take_turn([owner.id for owner in owners])
        for owner in owners:
            notices = [*staging.notices(), *self._notices_about(owner)]
            account = self._store(staging, owner, source, notices)
            report.account = Account.total([report.account, account])
            report.notices += [notice for notice in notices if notice not in report.notices]
        if not source.ends_with_newline and report.account.quarantined:
            report.notices.append("The file seems to be cut off: its last line has no end.")

    def _rows(self, source: SourceFile) -> Iterator[tuple[Line, ReadEvent | str]]:
        """Yield every row that isn't blank: what it says, or why it can't be understood."""
        lines = source.lines()
        self._header = next(lines).text
        columns = split_fields(self._header) or []
        places = column_places(self._layout, columns, self._path.name)
        width = len(columns)
        for line in lines:
            if not line.text.strip() and not line.problem:
                continue
            self._read += 1
            if self._progress and self._read % _TELL_EVERY == 0:
                self._progress(self._path.name, self._read)
            told = self._understand(line, places, width)
            if isinstance(told, str) and not self._owners:
                self._problems[told] += 1
            yield line, told
        if self._progress:
            self._progress(self._path.name, self._read)

    def _understand(self, line: Line, places: list[int], width: int) -> ReadEvent | str:
        if line.problem:
            return line.problem
        fields = split_fields(line.text)
        if fields is None:
            return "the quotation marks of the row don’t pair up"
        if len(fields) != width:
            return f"the row has {len(fields)} fields where the header has {width}"
        try:
            event = self._reader.read([fields[place].strip() for place in places])
        except Unreadable as problem:
            return str(problem)
        if not self._may_load_for(event.owner_id):
            return (
                f"only the force that recorded it may load it, not {self._actor.organisation_name}"
            )
        self._owners[event.owner_id] += 1
        return event

    def _may_load_for(self, owner_id: int) -> bool:
        return self._actor.holds(Role.SYSTEM) or owner_id == self._actor.organisation_id

    def _owning_forces(self) -> list[OrganisationSummary]:
        """Return whose rows these are, the commonest first; unreadable rows go to the first."""
        ids = [owner for owner, _ in self._owners.most_common()]
        if not ids and self._own_force is not None and self._may_load_for(self._own_force):
            ids = [self._own_force]
        if not ids:
            raise UnusableFile(self._why_nobodys())
        return [self._bodies[id_] for id_ in ids]

    def _why_nobodys(self) -> str:
        """Return why not one row, nor the file's name, says whose the file is."""
        name = self._path.name
        if not self._problems:
            return f"{name} has a header and no rows. Nothing of it was loaded."
        if self._layout is Layout.STOP_SEARCH and self._own_force is None:
            return (
                f"{name} doesn’t say whose it is: name the force with --force. Nothing was loaded."
            )
        reasons = "; ".join(
            f"{reason} ({count:,})" for reason, count in self._problems.most_common(3)
        )
        return f"Not one row of {name} could be read: {reasons}. Nothing of it was loaded."

    def _notices_about(self, owner: OrganisationSummary) -> list[str]:
        if owner.id in self._sharing:
            return []
        notice = (
            f"No agreement in force shares the records of {owner.name}, so nobody outside it "
            "sees them."
        )
        return [notice]

    def _store(
        self,
        staging: Staging,
        owner: OrganisationSummary,
        source: SourceFile,
        notices: list[str],
    ) -> Account:
        actor = (
            self._actor.acting_for(owner.id, owner.name)
            if self._actor.holds(Role.SYSTEM)
            else self._actor
        )
        with acting(actor, seconds=TOKEN_SECONDS):
            file_id = new_id()
            account = staging.judge(owner.id)
            LoadFile(
                id=file_id,
                load=self._load,
                owner_id=owner.id,
                kind=RecordKind.LOAD,
                name=self._path.name,
                sha256=source.sha256,
                bytes=source.size,
                header=self._header,
                read=account.read,
                notices=notices,
                recorded_at=now(),
                **account.verdicts(),
            ).save(force_insert=True)
            staging.store(owner.id, file_id, account)
            record(
                actor,
                operation=Operation.COLLECTION,
                action=f"records.load_{self._layout.name.lower()}",
                details={
                    "load": str(self._load.id),
                    "file": self._path.name,
                    "sha256": source.sha256,
                    **account.as_dict(),
                },
            )
        return account
