"""Backups: everything in one file, and back again on an empty machine.

A backup is a tar archive of PostgreSQL's own dump, the journal's anchors, and a manifest with the
count of every table and the hashes of the parts. It is written beside its place and moved there
when it is whole. The installation's secret is not in it.
"""

import hashlib
import json
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from concordat.base.clock import now
from concordat.server import configuration
from concordat.server.database import (
    after_migrating,
    connected,
    missing_roles,
    provision_roles,
)
from concordat.server.embedded import locate_binaries

DUMP, ANCHORS, MANIFEST = "database.dump", "journal-anchors.jsonl", "manifest.json"
_NOT_COUNTED = ("django_session", "procrastinate_", "base_signing_key", "audit_chain_head")


class BackupProblem(Exception):
    """A backup can't be made or restored; the message says what was kept and what to do."""


def back_up(path: Path) -> dict[str, Any]:
    """Write a backup to `path` and return its manifest.

    Reads as the backup role, in one snapshot. Raises BackupProblem; `path` is then untouched.
    """
    url = backup_url()
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
        parts = Path(folder)
        with _snapshot(url) as (connection, snapshot):
            counts = _counts(connection)
            _run("pg_dump", url, "--format=custom", f"--snapshot={snapshot}", "--no-owner",
                 f"--file={parts / DUMP}", "--exclude-table-data=base_signing_key",
                 "--exclude-table-data=django_session")  # fmt: skip
        anchors = configuration.anchor_file()
        (parts / ANCHORS).write_bytes(anchors.read_bytes() if anchors.exists() else b"")
        manifest = {
            "format": 1,
            "made_at": now().isoformat(),
            "counts": counts,
            "sha256": {name: _sha256(parts / name) for name in (DUMP, ANCHORS)},
        }
        (parts / MANIFEST).write_text(json.dumps(manifest, indent=2), encoding="utf-8")
        with tarfile.open(parts / "backup.tar", "w") as archive:
            for name in (MANIFEST, DUMP, ANCHORS):
                archive.add(parts / name, name)
        (parts / "backup.tar").chmod(0o600)
        (parts / "backup.tar").replace(path)
    return manifest


def backup_url() -> str:
    """Return the database's URL for the backup role. Raises BackupProblem if none is known."""
    url = os.environ.get("CONCORDAT_BACKUP_URL")
    if url is None:
        raise BackupProblem(
            "A backup needs CONCORDAT_BACKUP_URL, or CONCORDAT_DATABASE_URL to make it from."
        )
    return url


def restore(path: Path) -> dict[str, Any]:
    """Restore a backup into an installation without a schema, and return its manifest.

    Raises BackupProblem if the file is damaged, if the database already holds something (which is
    then left alone), or if the counts afterwards are not those of the manifest.
    """
    url = os.environ["CONCORDAT_DATABASE_URL"]
    with tempfile.TemporaryDirectory() as folder:
        parts = Path(folder)
        manifest = _unpack(path, parts)
        with connected(url) as connection:
            if connection.execute("SELECT to_regclass('django_migrations')").fetchone() != (None,):
                raise BackupProblem(
                    "This installation already has a database; it was left as it is. Restore "
                    "into an empty CONCORDAT_HOME or an empty database."
                )
        if missing_roles(url):
            provision_roles(url)
        _run("pg_restore", url, "--no-owner", "--single-transaction", "--exit-on-error",
             str(parts / DUMP))  # fmt: skip
        after_migrating(url)
        _restore_anchors(parts / ANCHORS)
    with connected(backup_url()) as connection:
        found = _counts(connection)
    if found != manifest["counts"]:
        differ = [name for name in found if found[name] != manifest["counts"].get(name)]
        raise BackupProblem(f"After the restore these tables differ: {', '.join(differ)}.")
    return manifest


def _unpack(path: Path, folder: Path) -> dict[str, Any]:
    try:
        with tarfile.open(path) as archive:
            archive.extractall(folder, filter="data")
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        damaged = [n for n, digest in manifest["sha256"].items() if _sha256(folder / n) != digest]
    except (OSError, tarfile.TarError, ValueError, KeyError) as problem:
        raise BackupProblem(f"{path} is no whole backup of Concordat: {problem}.") from problem
    if damaged:
        raise BackupProblem(f"{path} is damaged: {', '.join(damaged)}. Nothing was restored.")
    return manifest


def _restore_anchors(saved: Path) -> None:
    """Put the anchors back; what stood in the file before is kept beside it."""
    anchors = configuration.anchor_file()
    if anchors.exists():
        anchors.rename(anchors.with_name(f"{anchors.name}.before-{now():%Y%m%dT%H%M%S}"))
    anchors.write_bytes(saved.read_bytes())
    anchors.chmod(0o600)


@contextmanager
def _snapshot(url: str) -> Iterator[tuple[psycopg.Connection, str]]:
    """Give a read-only view of one moment, shared by the counts and the dump."""
    with connected(url) as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        if row is None:
            raise BackupProblem("PostgreSQL gave no snapshot; try again.")
        yield connection, row[0]
        connection.execute("COMMIT")


def _counts(connection: psycopg.Connection) -> dict[str, int]:
    tables = connection.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' "
        "AND relnamespace = 'public'::regnamespace ORDER BY relname"
    ).fetchall()
    return {
        name: _one(connection, sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name)))
        for (name,) in tables
        if not name.startswith(_NOT_COUNTED)
    }


def _one(connection: psycopg.Connection, query: sql.Composed) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


def _run(program: str, url: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs; the password travels in the environment."""
    parts = psycopg.conninfo.conninfo_to_dict(url)
    environment = {**os.environ, "PGPASSWORD": str(parts.pop("password", ""))}
    place = psycopg.conninfo.make_conninfo(**{name: str(part) for name, part in parts.items()})
    command = [str(locate_binaries().program(program)), f"--dbname={place}", *arguments]
    done = subprocess.run(  # noqa: S603 (our own program and arguments)
        command, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackupProblem(f"{program} failed: {done.stderr.strip()[-500:]}")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
