"""Loading files of events: any number, any force, each file in one transaction.

A file's rows are copied into a temporary table and judged there in sets. Every row gets exactly
one verdict. If the process dies, the files already committed stay and a rerun completes the rest;
loading anything twice changes nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection

from concordat.base.acting import acting
from concordat.base.actor import Actor, Role
from concordat.base.source_files import Line, SourceFile, UnusableFile
from concordat.organisations.queries import (
    OrganisationSummary,
    force_ids_by_name,
    names_by_id,
    organisation,
)
from concordat.organisations.rules import normal_name
from concordat.records.actions.running import (
    TOKEN_SECONDS,
    FileReport,
    LoadReport,
    LoadRun,
    Progress,
    Stored,
)
from concordat.records.actions.staging import Areas, Staging
from concordat.records.rules.events import ReadEvent, Source, Unreadable
from concordat.records.rules.loads import Account, Layout, column_places
from concordat.records.rules.source_rows import RowReader, force_in_file_name
from concordat.records.rules.source_tables import SourceTable

WORKERS = 3
"""Files loaded side by side: while some are being read, PostgreSQL stores the others."""

_TELL_EVERY = 2_000
_SOURCES = {
    Layout.STREET: Source.POLICE_UK_STREET,
    Layout.STOP_SEARCH: Source.POLICE_UK_STOP_SEARCH,
}


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


def _load(
    actor: Actor,
    layout: Layout,
    paths: Sequence[Path],
    force: str | None,
    progress: Progress | None,
) -> LoadReport:
    run = LoadRun(actor, layout, paths)
    return run.finish(_load_all(_Order(run, force, progress), paths))


@dataclass(frozen=True)
class _Order:
    """What was asked for: as which load, for which force."""

    run: LoadRun
    force: str | None
    progress: Progress | None
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
                order.run.progressed()
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
        self._load = order.run
        self._actor = order.run.actor
        self._layout = order.run.layout
        self._path = path
        self._progress = order.progress
        self._bodies = order.bodies
        self._areas = order.areas
        named = order.force or force_in_file_name(path.name)
        self._own_force = order.forces.get(normal_name(named)) if named else None
        self._reader = RowReader(self._layout, forces=order.forces, own_force=self._own_force)
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
            notices = [*staging.notices(), *self._load.notices_about(owner)]
            account = self._store(staging, owner, source, notices)
            report.account = Account.total([report.account, account])
            report.notices += [notice for notice in notices if notice not in report.notices]
        if not source.ends_with_newline and report.account.quarantined:
            report.notices.append("The file seems to be cut off: its last line has no end.")

    def _rows(self, source: SourceFile) -> Iterator[tuple[Line, ReadEvent | str]]:
        """Yield every row that isn't blank: what it says, or why it can't be understood."""
        table = SourceTable(source)
        self._header = table.header
        places = column_places(self._layout, table.columns, self._path.name)
        for line, fields in table.rows():
            self._read += 1
            if self._progress and self._read % _TELL_EVERY == 0:
                self._progress(self._path.name, self._read)
            told = fields if isinstance(fields, str) else self._understand(fields, places)
            if isinstance(told, str) and not self._owners:
                self._problems[told] += 1
            yield line, told
        if self._progress:
            self._progress(self._path.name, self._read)

    def _understand(self, fields: list[str], places: list[int]) -> ReadEvent | str:
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

    def _store(
        self,
        staging: Staging,
        owner: OrganisationSummary,
        source: SourceFile,
        notices: list[str],
    ) -> Account:
        actor = self._load.acting_for(owner)
        with acting(actor, seconds=TOKEN_SECONDS):
            stored = Stored(
                owner=owner,
                source=source,
                header=self._header,
                account=staging.judge(owner.id),
                notices=notices,
            )
            staging.store(owner.id, self._load.file_row(stored), stored.account)
            self._load.journal_file(actor, stored)
        return stored.account
