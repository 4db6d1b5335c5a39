"""Taking over a register of agreements that others keep. What it records never grants anything."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from django.db import connection

from concordat.agreements.errors import AgreementsError, NotAllowedToTake
from concordat.agreements.models import RegisterProblem, RegisterRow
from concordat.agreements.queries.register import words_of
from concordat.agreements.rules.register import (
    COLUMNS,
    RegisterWords,
    UnreadableRow,
    column_places,
    read_row,
    row_uuid,
)
from concordat.audit.actions import record
from concordat.audit.rules import Operation
from concordat.base.acting import acting
from concordat.base.actor import Actor, Role
from concordat.base.clock import now
from concordat.base.source_files import Line, SourceFile, UnusableFile, split_fields

_LOCK = 5_220_001
"""So that two imports at a time wait for each other."""

_CORRECTED = (*(one.name for one in fields(RegisterWords) if one.name != "row_id"), "line")


@dataclass(frozen=True, kw_only=True)
class RegisterImport:
    """What came of every row of a file: read = new + changed + unchanged + problems.

    `gone` counts rows that an earlier import had and this file has not: they are kept.
    """

    source_file: str
    read: int
    new: int
    changed: int
    unchanged: int
    problems: int
    gone: int


@dataclass
class _Read:
    """A file as it was read: the rows by their identifier, and those that couldn’t be."""

    rows: dict[str, tuple[int, RegisterWords]] = field(default_factory=dict)
    problems: list[tuple[Line, str, str]] = field(default_factory=list)


def import_register(actor: Actor, *, path: Path, source_file: str = "") -> RegisterImport:
    """Record the rows of a register in CSV as history; each row that can’t be read says why.

    `source_file` is the name that the register goes by, the file’s own without it: a row is known
    by it and its row_id, so importing a file again changes nothing, and a corrected one corrects.
    No row is ever deleted. The service and programme staff may. Raises NotAllowedToTake,
    UnusableFile, AgreementsError for a file without the columns of a register.
    """
    if not actor.holds(Role.PROGRAMME, Role.SYSTEM):
        raise NotAllowedToTake("Registers are imported by programme staff or the service.")
    named = source_file.strip() or path.name
    found, digest = _read(path)
    with acting(actor):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        done = _store(named, found)
        record(
            actor,
            operation=Operation.COLLECTION,
            action="agreements.import_register",
            details={**asdict(done), "sha256": digest},
        )
    return done


def _read(path: Path) -> tuple[_Read, str]:
    found = _Read()
    with SourceFile(path) as source:
        lines = source.lines()
        header = next(lines)
        names = split_fields(header.text)
        if header.problem or names is None:
            raise UnusableFile(f"The header of {path.name} can’t be read. Nothing was recorded.")
        try:
            places = column_places(names)
        except UnreadableRow as lacking:
            raise AgreementsError(
                f"{path.name} is not a register of agreements: {lacking}. A register has the "
                f"columns {', '.join(COLUMNS)}. Nothing was recorded."
            ) from lacking
        for line in _filled(lines):
            _take(line, places, len(names), found)
        return found, source.sha256


def _filled(lines: Iterator[Line]) -> Iterator[Line]:
    """Yield the lines that hold anything: an empty line is no row."""
    return (line for line in lines if line.problem or line.text.strip(" ,"))


def _take(line: Line, places: Mapping[str, int], width: int, found: _Read) -> None:
    cells = split_fields(line.text) or []
    place = places["row_id"]
    try:
        words = _words(line, places, width)
        if words.row_id not in found.rows:
            found.rows[words.row_id] = (line.number, words)
            return
        number, _ = found.rows[words.row_id]
        reason = f"its row_id {words.row_id} stands in line {number} already"
    except UnreadableRow as problem:
        reason = str(problem)
    row_id = cells[place].strip() if len(cells) > place else ""
    found.problems.append((line, row_id, reason))


def _words(line: Line, places: Mapping[str, int], width: int) -> RegisterWords:
    if line.problem:
        raise UnreadableRow(line.problem)
    cells = split_fields(line.text)
    if cells is None:
        raise UnreadableRow("its quotation marks don’t pair up")
    return read_row(cells, places=places, width=width)


def _store(source_file: str, found: _Read) -> RegisterImport:
    known = {row.row_id: row for row in RegisterRow.objects.filter(source_file=source_file)}
    moment = now()
    new, changed = [], []
    for row_id, (line, words) in found.rows.items():
        row = RegisterRow(
            id=row_uuid(source_file, row_id),
            source_file=source_file,
            line=line,
            recorded_at=moment,
            **asdict(words),
        )
        if row_id not in known:
            new.append(row)
        elif words_of(known[row_id]) != words:
            changed.append(row)
    RegisterRow.objects.bulk_create(new)
    if changed:
        RegisterRow.objects.bulk_update(changed, fields=_CORRECTED)
    _keep_problems(source_file, found)
    seen = {*found.rows, *(row_id for _, row_id, _ in found.problems)}
    return RegisterImport(
        source_file=source_file,
        read=len(found.rows) + len(found.problems),
        new=len(new),
        changed=len(changed),
        unchanged=len(found.rows) - len(new) - len(changed),
        problems=len(found.problems),
        gone=len(known.keys() - seen),
    )


def _keep_problems(source_file: str, found: _Read) -> None:
    """Keep each problem until a later import of the file has it no more; none is deleted."""
    rows = RegisterProblem.objects.filter(source_file=source_file, settled_at=None)
    still = {(line.number, line.text, reason) for line, _, reason in found.problems}
    known = {(row.line, row.text, row.reason): row.id for row in rows}
    gone = [known[problem] for problem in known.keys() - still]
    RegisterProblem.objects.filter(id__in=gone).update(settled_at=now())
    RegisterProblem.objects.bulk_create(
        RegisterProblem(
            source_file=source_file,
            line=line.number,
            row_id=row_id,
            text=line.text,
            reason=reason,
            found_at=now(),
        )
        for line, row_id, reason in found.problems
        if (line.number, line.text, reason) not in known
    )
