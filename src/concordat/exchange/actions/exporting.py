"""Taking a force out: every row that it owns, as files, in one moment’s state."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from django.db import connection, transaction
from psycopg import sql

from concordat.audit.actions import record
from concordat.audit.rules import Operation
from concordat.base.acting import acting
from concordat.base.actor import Actor, Role
from concordat.base.clock import now
from concordat.exchange.actions.agreed import agreements_of
from concordat.exchange.actions.folders import HashedFile, check_can_write, sha256_of, whole_folder
from concordat.exchange.queries import check_can_move
from concordat.exchange.queries.catalogue import Shape, shape_of, taken_rows, write_alike
from concordat.exchange.rules import (
    AGREEMENTS,
    EXPORTED,
    JOURNAL,
    Exported,
    File,
    Force,
    Manifest,
    Table,
    as_json,
    json_schema,
    readme,
)
from concordat.organisations.queries import organisation, organisations

Progress = Callable[[str, int], None]
"""Told after each file: its place in the folder, and how many rows it holds."""

SECONDS: Final = 24 * 3600

_COPY: Final = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv, HEADER, NULL '\\N')")

# Read as an auditor of the force reads it. Of the records that an entry touched only its own are
# named: whose others it touched is not the force’s to take.
_ENTRIES: Final = sql.SQL("""
SELECT e.id, e.recorded_at, e.operation, e.action, e.person_id, e.person_name, e.organisation_id,
       e.roles, e.purpose, e.reason, e.details,
       (SELECT coalesce(jsonb_agg(jsonb_build_array(s.kind, s.subject_id) ORDER BY s.id), '[]')
        FROM audit_subject s WHERE s.entry_id = e.id AND s.owner_id = {}) AS subjects,
       e.lane, e.seq, encode(e.hash, 'hex') AS hash
FROM audit_entry e ORDER BY e.recorded_at, e.id
""")


def export_force(
    actor: Actor, *, force: str, out: Path, progress: Progress | None = None
) -> Manifest:
    """Write everything that a force owns into the new folder `out`, and return its manifest.

    `force` is a code or name. The rows are read under row security as the service that acts for
    that force, so that no other’s can be among them; memory doesn’t grow with them. Journalled
    when it begins, and with its counts before the folder gets its name. Raises NotAllowedToMove
    for people, UnknownOrganisation, and CannotWrite.
    """
    check_can_move(actor)
    body = organisation(force)
    check_can_write(out)
    owner = actor.acting_for(body.id, body.name)
    taken = Force(id=body.id, code=body.code, name=body.name)
    with whole_folder(out) as folder:
        _journal(owner, "exchange.export_force", {"force": body.code, "to": out.name})
        with _one_moment(owner):
            manifest = _write(owner, taken, folder, progress or (lambda _file, _rows: None))
        _journal(
            owner,
            "exchange.exported",
            {"force": body.code, "rows": manifest.rows, "manifest": sha256_of(folder / MANIFEST)},
        )
    return manifest


MANIFEST: Final = "manifest.json"


def _journal(owner: Actor, action: str, details: dict[str, Any]) -> None:
    with acting(owner):
        record(owner, operation=Operation.DISCLOSURE, action=action, details=details)


@contextmanager
def _one_moment(owner: Actor) -> Iterator[None]:
    """Let all reading in the block see the state of one moment, whatever is written meanwhile."""
    nested = connection.in_atomic_block
    with transaction.atomic():
        if not nested:  # inside another transaction it is for that one to choose
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        with acting(owner, seconds=SECONDS):
            write_alike()
            yield


def _write(owner: Actor, force: Force, folder: Path, tell: Progress) -> Manifest:
    tables = []
    for one in EXPORTED:
        table = _write_table(one, shape_of(one.table), folder, force.id)
        tables.append(table)
        tell(table.file, table.rows)
    files = [_write_journal(owner, folder), _write_text(folder, AGREEMENTS, agreements_of(owner))]
    manifest = Manifest(
        force=force,
        made_at=now().isoformat(),
        tables=tuple(tables),
        files=tuple(files),
        bodies=tuple(Force(id=b.id, code=b.code, name=b.name) for b in organisations()),
    )
    described = [_write_text(folder, f"schema/{t.table}.json", _schema(t)) for t in tables]
    described.append(_write_text(folder, "README.md", readme(manifest)))
    manifest = replace(manifest, files=(*manifest.files, *described))
    _write_text(folder, MANIFEST, as_json(manifest))
    return manifest


def _write_table(one: Exported, shape: Shape, folder: Path, force_id: int) -> Table:
    file = f"{one.file}.csv"
    with HashedFile(folder / file) as written:
        rows = _copy_out(taken_rows(one, shape), force_id, written)
    return Table(table=one.table, file=file, rows=rows, sha256=written.sha256, columns=shape.names)


def _write_journal(owner: Actor, folder: Path) -> File:
    auditor = replace(owner, roles=frozenset({Role.AUDITOR}))
    query = _ENTRIES.format(sql.Literal(owner.organisation_id))
    with HashedFile(folder / JOURNAL) as written, acting(auditor, seconds=SECONDS):
        _copy_out(query, owner.organisation_id, written)
    return File(file=JOURNAL, sha256=written.sha256)


def _copy_out(query: sql.Composed, force_id: int, written: HashedFile) -> int:
    """Write what a query finds as CSV, block by block, and return how many rows that were."""
    with connection.cursor() as cursor:
        with cursor.copy(_COPY.format(query), {"force": force_id}) as copy:
            for block in copy:
                written.write(block)
        return int(cursor.rowcount)


def _write_text(folder: Path, file: str, text: str) -> File:
    with HashedFile(folder / file) as written:
        written.write(text.encode())
    return File(file=file, sha256=written.sha256)


def _schema(table: Table) -> str:
    one = next(one for one in EXPORTED if one.table == table.table)
    shape = shape_of(table.table)
    found = json_schema(file=table.file, about=one.about, columns=shape.columns, key=shape.key)
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"
