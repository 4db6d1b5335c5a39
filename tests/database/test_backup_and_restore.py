"""A backup taken, the installation lost, the backup restored: nothing is missing."""

import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from concordat.agreements.queries import what_would_change
from concordat.audit.queries import verify
from concordat.records.actions import load_street
from concordat.server.backup import BackupProblem, back_up, restore
from concordat.server.embedded import EmbeddedPostgres
from tests.conftest import Server, pointed_at
from tests.files import street_row, write_csv
from tests.world import SERVICE, agreement_in_force, person


@pytest.fixture
def filled(own_database: str, tmp_path: Path) -> str:
    """A database with people, an agreement, events and a journal; its name."""
    person("essex")
    agreement_in_force("A", ["essex", "kent"])
    rows = [street_row(number) for number in range(20)] + [street_row(None)] * 3
    load_street(SERVICE, paths=[write_csv(tmp_path / "2026-01-essex-street.csv", rows)])
    return own_database


@pytest.fixture
def empty(server: Server) -> Iterator[str]:
    """A database without a schema, as on an empty machine; its name."""
    name = "concordat_restored"
    server.create(name)
    yield name
    server.drop(name)


def test_a_restore_gives_the_same_counts_and_a_verifying_journal(
    filled: str, empty: str, server: Server, tmp_path: Path
) -> None:
    manifest = back_up(tmp_path / "backup.tar")
    server.drop(filled)

    with pointed_at(server, empty):
        assert restore(tmp_path / "backup.tar") == manifest
        found = verify(SERVICE)
        counted = what_would_change(SERVICE, reference="A").changes

    assert manifest["counts"]["records_event"] == 23
    assert max(change.records or 0 for change in counted) == 20
    assert found.holds, found.problem
    assert found.anchors > 0


def test_a_backup_holds_neither_the_signing_key_nor_sessions(filled: str, tmp_path: Path) -> None:
    manifest = back_up(tmp_path / "backup.tar")

    assert filled
    assert not {"base_signing_key", "django_session"} & manifest["counts"].keys()
    assert (tmp_path / "backup.tar").stat().st_mode & 0o077 == 0


def test_a_database_that_holds_something_is_left_alone(filled: str, tmp_path: Path) -> None:
    back_up(tmp_path / "backup.tar")

    with pytest.raises(BackupProblem, match="left as it is"):
        restore(tmp_path / "backup.tar")
    assert verify(SERVICE).holds
    assert filled


def test_a_damaged_backup_is_refused_before_anything_is_restored(
    filled: str, empty: str, server: Server, tmp_path: Path
) -> None:
    back_up(tmp_path / "backup.tar")
    folder = tmp_path / "unpacked"
    with tarfile.open(tmp_path / "backup.tar") as archive:
        archive.extractall(folder, filter="data")
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["sha256"]["database.dump"] = "0" * 64
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with tarfile.open(tmp_path / "damaged.tar", "w") as archive:
        for part in folder.iterdir():
            archive.add(part, part.name)

    with pointed_at(server, empty), pytest.raises(BackupProblem, match="damaged"):
        restore(tmp_path / "damaged.tar")
    assert filled


def test_a_failed_backup_leaves_the_old_one_as_it_was(
    filled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "backup.tar"
    path.write_bytes(b"yesterday's")
    monkeypatch.setenv("CONCORDAT_POSTGRES_BIN", str(_broken_programs(tmp_path)))

    with pytest.raises(BackupProblem, match="pg_dump failed"):
        back_up(path)
    assert path.read_bytes() == b"yesterday's"
    assert [part.name for part in tmp_path.glob(".backup*")] == []
    assert filled


def test_a_whole_installation_moves_to_an_empty_home(tmp_path: Path) -> None:
    """The two commands, each in a home of its own with its own embedded server."""
    first, second = tmp_path / "first", tmp_path / "second"
    file = tmp_path / "moved.tar"
    try:
        _concordat(first, "agreement", "list", "--json")
        made = json.loads(_concordat(first, "backup", str(file), "--json"))
        moved = json.loads(_concordat(second, "restore", str(file), "--json"))
        verified = json.loads(_concordat(second, "audit", "verify", "--json"))
    finally:
        _destroy(first)
        _destroy(second)
    assert moved["counts"] == made["counts"]
    assert moved["journal_holds"]
    assert verified["holds"]


def _concordat(home: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "concordat.server.main", *arguments],
        env=_environment(home),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CONCORDAT_")}
    return {**kept, "CONCORDAT_HOME": str(home)}


def _destroy(home: Path) -> None:
    EmbeddedPostgres(home).destroy()


def _broken_programs(folder: Path) -> Path:
    programs = folder / "bin"
    programs.mkdir()
    for name in ("postgres", "initdb", "pg_ctl", "pg_dump", "pg_restore", "psql"):
        script = programs / name
        script.write_text(
            "#!/bin/sh\n[ \"$1\" = --version ] && echo 'x (PostgreSQL) 18.6' && exit\nexit 1\n"
        )
        script.chmod(0o755)
    return programs
