"""Taking a force in: what another installation took out, checked first, then all or nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg
from django.db import IntegrityError, connection
from psycopg import sql

from concordat.audit.actions import record
from concordat.audit.rules import Operation
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.base.outbox import put
from concordat.exchange.actions.exporting import MANIFEST, SECONDS
from concordat.exchange.actions.folders import sha256_of
from concordat.exchange.errors import DiffersHere, UnusableExport
from concordat.exchange.queries import check_can_move
from concordat.exchange.queries.catalogue import names_of, shape_of, write_alike
from concordat.exchange.rules import EXPORTED, Exported, Force, Manifest, Table, read_manifest
from concordat.identity.actions.observing import OBSERVED
from concordat.organisations.queries import organisations

Progress = Callable[[str, int], None]
"""Told after each file: its place in the folder, and how many of its rows were new."""

_MOVING_LOCK: Final = 0x6D6F7665  # "move", with the force's number
_BLOCK: Final = 1 << 20

_STAGE: Final = sql.SQL("""
DROP TABLE IF EXISTS coming;
CREATE TEMPORARY TABLE coming ON COMMIT DROP AS SELECT {columns} FROM {table} WITH NO DATA
""")
_COPY: Final = sql.SQL("COPY coming ({columns}) FROM STDIN (FORMAT csv, HEADER MATCH, NULL '\\N')")
_NEW: Final = sql.SQL("""
INSERT INTO {table} ({columns})
SELECT {columns} FROM coming EXCEPT ALL SELECT {columns} FROM {table} WHERE {known}
""")


@dataclass(frozen=True, kw_only=True)
class TableImported:
    """What became of one file: how many rows it has, and how many of them were new here."""

    table: str
    file: str
    rows: int
    new: int


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What an import came to."""

    force: Force
    tables: tuple[TableImported, ...]

    @property
    def rows(self) -> int:
        """How many rows there were in all."""
        return sum(table.rows for table in self.tables)

    @property
    def new(self) -> int:
        """How many of them were not here before."""
        return sum(table.new for table in self.tables)


def import_force(actor: Actor, *, folder: Path, progress: Progress | None = None) -> Imported:
    """Take in everything that an export holds; what is here already stays as it is.

    Every hash is checked before anything is written. Then all is written in one transaction, as
    the service that acts for that force: interrupted, nothing is kept, and doing it again changes
    nothing. The worker then decides anew who is who. Raises NotAllowedToMove for people,
    UnusableExport, and DiffersHere if rows of the same keys are here with other contents.
    """
    check_can_move(actor)
    manifest = _checked(folder)
    force = manifest.force
    owner = actor.acting_for(force.id, force.name)
    done = []
    with acting(owner, seconds=SECONDS):
        write_alike()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_MOVING_LOCK, force.id])
        for one, table in _in_order(manifest):
            new = _take_in(one, table, folder, force.id)
            done.append(TableImported(table=one.table, file=table.file, rows=table.rows, new=new))
            if progress:
                progress(table.file, new)
        imported = Imported(force=force, tables=tuple(done))
        _tell_resolver(imported)
        record(
            owner,
            operation=Operation.COLLECTION,
            action="exchange.import_force",
            details={
                "force": force.code,
                "rows": imported.rows,
                "new": imported.new,
                "manifest": sha256_of(folder / MANIFEST),
            },
        )
    return imported


def _checked(folder: Path) -> Manifest:
    """Return the manifest of a whole export for this installation. Raises UnusableExport."""
    try:
        manifest = read_manifest((folder / MANIFEST).read_text(encoding="utf-8"))
        hashes = {table.file: table.sha256 for table in manifest.tables}
        hashes |= {file.file: file.sha256 for file in manifest.files}
        damaged = [file for file, sha256 in hashes.items() if sha256_of(folder / file) != sha256]
    except (OSError, ValueError) as problem:
        raise UnusableExport(f"{folder} is no whole export: {problem}.") from problem
    if damaged:
        raise UnusableExport(
            f"{folder} is damaged: {', '.join(damaged)}. Nothing was taken in; export it again."
        )
    _check_fits(manifest)
    return manifest


def _check_fits(manifest: Manifest) -> None:
    """Raise UnusableExport if a table, a column or a body’s number means something else here."""
    files = {one.table: f"{one.file}.csv" for one in EXPORTED}
    for table in manifest.tables:
        if files.get(table.table) != table.file or (
            set(table.columns) - set(shape_of(table.table).names)
        ):
            raise UnusableExport(
                f"{table.file} comes from a version of Concordat that this one doesn’t know. "
                "Bring this installation up to that version first."
            )
    codes = {body.id: body.code for body in organisations()}
    for body in (*manifest.bodies, manifest.force):
        if codes.get(body.id) != body.code:
            raise UnusableExport(
                f"The body number {body.id}, {body.name}, is not here under that number. "
                "Bring this installation’s reference files up to date: `concordat migrate`."
            )


def _in_order(manifest: Manifest) -> list[tuple[Exported, Table]]:
    tables = {table.table: table for table in manifest.tables}
    return [(one, tables[one.table]) for one in EXPORTED if one.table in tables]


def _take_in(one: Exported, table: Table, folder: Path, force_id: int) -> int:
    """Take one file in and return how many of its rows were new."""
    columns = names_of(table.columns)
    named = {"table": sql.Identifier(one.table), "columns": columns}
    with connection.cursor() as cursor:
        cursor.execute(_STAGE.format(**named))
        try:
            with (
                (folder / table.file).open("rb") as file,
                cursor.copy(_COPY.format(**named)) as copy,
            ):
                while block := file.read(_BLOCK):
                    copy.write(block)
        except psycopg.DataError as problem:
            raise UnusableExport(f"{table.file} can’t be read: {problem}") from problem
        _check_coming(one, table, force_id)
        if one.table == "identity_feature":
            cursor.execute(
                "SELECT concordat.continue_feature_numbers((SELECT max(id) FROM coming))"
            )
        try:
            cursor.execute(
                _NEW.format(**named, known=sql.SQL(one.known or one.taken)), {"force": force_id}
            )
        except IntegrityError as problem:
            raise DiffersHere(
                f"Rows of {table.file} are here already with other contents, or under keys that "
                f"are taken: {str(problem).splitlines()[-1]} Nothing was taken in."
            ) from problem
        return int(cursor.rowcount)


def _check_coming(one: Exported, table: Table, force_id: int) -> None:
    """Raise UnusableExport unless the rows are as many as told, and all of this force."""
    is_own = "true" if one.known else one.taken
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), count(*) FILTER (WHERE {is_own}) FROM coming",  # noqa: S608
            {"force": force_id},
        )
        rows, own = cursor.fetchone()
    if (rows, own) != (table.rows, table.rows):
        raise UnusableExport(
            f"{table.file} holds {rows:,} rows, {own:,} of them the force’s own; the manifest "
            f"says {table.rows:,}. Nothing was taken in."
        )


def _tell_resolver(imported: Imported) -> None:
    """Let the worker decide who the people are that came, and derive their clusters."""
    features = sum(one.new for one in imported.tables if one.table == "identity_feature")
    if features:
        put(kind=OBSERVED, subject=OBSERVED, body={"many": features})
