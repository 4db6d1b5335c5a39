"""Loading persons: a force's own extract, any columns, by a map.

The whole file is read and judged first, then stored in parts, one transaction each. If the process
dies, whole parts stay, and a rerun finds them unchanged and stores the rest.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from functools import partial
from pathlib import Path

from concordat.base.acting import acting
from concordat.base.actor import Actor, Role
from concordat.base.clock import today
from concordat.base.source_files import Line, SourceFile, UnusableFile
from concordat.identity.actions import observe
from concordat.organisations.queries import OrganisationSummary, organisation
from concordat.records.actions.person_shares import SHARES, Shares, turn_of
from concordat.records.actions.person_staging import (
    PersonStaging,
    StagedRow,
    Terms,
    staged,
)
from concordat.records.actions.running import (
    TOKEN_SECONDS,
    FileReport,
    LoadReport,
    LoadRun,
    Stored,
    check_can_load,
)
from concordat.records.errors import NotAllowedToLoad
from concordat.records.rules.events import Unreadable
from concordat.records.rules.loads import Account, Layout
from concordat.records.rules.person_maps import PersonMap, described, fitted
from concordat.records.rules.person_rows import PersonReader
from concordat.records.rules.persons import ReadPerson
from concordat.records.rules.source_tables import SourceTable

PART_ROWS = 25_000
"""Rows of a file that are stored in one transaction, about; so many are in memory at a time."""

CHUNK_ROWS = 5_000
"""Rows of a share that are read into its table at a time."""

_TELL_EVERY = 2_000
_NOTICES_TOLD = 20


class Step(StrEnum):
    """What a load of persons is doing."""

    READING = "reading"
    STORING = "storing"


Row = tuple[Line, ReadPerson | str]
StepProgress = Callable[[Step, str, int, int], None]
"""Told the step, the file's name, how many of its rows are done, and of how many (0: unknown)."""


def load_persons(
    actor: Actor,
    *,
    paths: Sequence[Path],
    force: str,
    person_map: PersonMap | None = None,
    progress: StepProgress | None = None,
) -> LoadReport:
    """Load files of persons (CSV, plain or gzipped) of one force, by a map or by guessing.

    `force` is a name or code; a person in data quality loads for their own force only. Raises
    NotAllowedToLoad, and UnknownOrganisation for a `force` that there isn't.
    """
    check_can_load(actor)
    owner = organisation(force)
    if not actor.holds(Role.SYSTEM) and owner.id != actor.organisation_id:
        raise NotAllowedToLoad(
            f"Only {owner.name} may load its persons, not {actor.organisation_name}."
        )
    run = LoadRun(actor, Layout.PERSONS, paths)
    reports = []
    for path in paths:
        reports.append(_PersonFile(run, owner, path, person_map, progress).run())
        run.progressed()
    return run.finish(reports)


class _PersonFile:
    """One file of persons on its way into the register."""

    def __init__(
        self,
        run: LoadRun,
        owner: OrganisationSummary,
        path: Path,
        asked: PersonMap | None,
        progress: StepProgress | None,
    ) -> None:
        self._load = run
        self._owner = owner
        self._actor = run.acting_for(owner)
        self._path = path
        self._asked = asked
        self._progress = progress
        self._notices: Counter[str] = Counter()
        self._read = 0
        self._stored = 0

    def run(self) -> FileReport:
        """Load the file in parts, or refuse it whole and say why."""
        try:
            with SourceFile(self._path) as source:
                return self._run(source)
        except UnusableFile as problem:
            return FileReport(name=self._path.name, problem=str(problem))

    def _run(self, source: SourceFile) -> FileReport:
        table = SourceTable(source)
        found = fitted(self._asked, table.columns, self._path.name)
        terms = Terms(
            owner_id=self._owner.id,
            source=found.source,
            tells_warnings=found.warnings is not None,
            part_lines=PART_ROWS * SHARES,
        )
        with Shares(self._actor, terms) as shares:
            self._fill(shares, self._rows(table, PersonReader(found, table.columns, today=today())))
            notices = [described(found, table.columns), *self._told()]
            account = self._store(shares, source, table.header, notices)
        if not source.ends_with_newline and account.quarantined:
            notices.append("The file seems to be cut off: its last line has no end.")
        return FileReport(name=self._path.name, account=account, notices=notices)

    def _fill(self, shares: Shares, rows: Iterator[Row]) -> None:
        """Divide the rows among the shares, a chunk at a time."""
        chunks: list[list[StagedRow]] = [[] for _ in shares]
        for line, told in rows:
            reference = told if isinstance(told, str) else told.identity or told.content
            number = shares.number_of(reference)
            chunks[number].append(staged(line, told))
            if len(chunks[number]) == CHUNK_ROWS:
                shares.do(number, partial(self._fill_chunk, chunks[number]))
                chunks[number] = []
        for number, chunk in enumerate(chunks):
            shares.do(number, partial(self._fill_chunk, chunk))
        shares.wait()
        if not self._read:
            raise UnusableFile(
                f"{self._path.name} has a header and no rows. Nothing of it was loaded."
            )

    def _fill_chunk(self, chunk: list[StagedRow], staging: PersonStaging) -> None:
        with acting(self._actor, seconds=TOKEN_SECONDS):
            staging.fill(chunk)

    def _rows(self, table: SourceTable, reader: PersonReader) -> Iterator[Row]:
        for line, fields in table.rows():
            self._read += 1
            if self._read % _TELL_EVERY == 0:
                self._tell(Step.READING, self._read, 0)
                if self._read % PART_ROWS == 0:
                    self._load.progressed()
            yield line, fields if isinstance(fields, str) else self._understand(reader, fields)

    def _understand(self, reader: PersonReader, fields: list[str]) -> ReadPerson | str:
        try:
            told = reader.read(fields)
        except Unreadable as problem:
            return str(problem)
        for notice in told.person.notices:
            self._notices[f"{notice.field.replace('_', ' ')} {notice.problem}"] += 1
        return told

    def _told(self) -> list[str]:
        """Return what the owner should know: fields kept although something is wrong, sharing."""
        kept = [
            f"{count:,} {'row' if count == 1 else 'rows'}: {what}; kept as recorded."
            for what, count in self._notices.most_common(_NOTICES_TOLD)
        ]
        return [*kept, *self._load.notices_about(self._owner)]

    def _store(
        self, shares: Shares, source: SourceFile, header: str, notices: Sequence[str]
    ) -> Account:
        """Judge every row, then store the parts; the first of them carries the notices."""
        judged: dict[int, dict[int, Account]] = {}
        with turn_of(self._owner.id):
            for number in range(len(shares)):
                shares.do(number, partial(self._judge, judged, number))
            shares.wait()
            parts = [
                (part, number, judged[number][part]) for number in judged for part in judged[number]
            ]
            for part, number, account in sorted(parts, key=lambda told: told[:2]):
                stored = Stored(
                    owner=self._owner,
                    source=source,
                    header=header,
                    account=account,
                    notices=notices,
                )
                shares.do(number, partial(self._store_part, part, stored))
                notices = ()
            shares.wait()
        return Account.total(account for _, _, account in parts)

    def _judge(
        self, judged: dict[int, dict[int, Account]], number: int, staging: PersonStaging
    ) -> None:
        with acting(self._actor, seconds=TOKEN_SECONDS):
            judged[number] = staging.judge()

    def _store_part(self, part: int, stored: Stored, staging: PersonStaging) -> None:
        with acting(self._actor, seconds=TOKEN_SECONDS):
            staging.store(part, self._load.file_row(stored), stored.account)
            if stored.account.new or stored.account.changed:
                observe(self._actor, records=staging.observed(part))
            self._load.journal_file(self._actor, stored)
        self._load.progressed()
        self._stored += stored.account.read
        self._tell(Step.STORING, self._stored, self._read)

    def _tell(self, step: Step, done: int, total: int) -> None:
        if self._progress:
            self._progress(step, self._path.name, done, total)
