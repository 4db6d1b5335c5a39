"""What is damaged, foreign, interrupted or not allowed leaves nothing behind."""

import csv
import errno
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from concordat.base.actor import Actor
from concordat.exchange.actions import (
    export_force,
    folders,
    import_force,
    withdraw_force,
)
from concordat.exchange.errors import (
    CannotWrite,
    DiffersHere,
    ExchangeError,
    NotAllowedToMove,
    UnusableExport,
)
from concordat.exchange.queries import holdings
from concordat.exchange.rules import Manifest
from concordat.organisations.errors import UnknownOrganisation
from concordat.organisations.queries import organisation
from concordat.records.actions import log_event
from tests.conftest import Server, pointed_at
from tests.database.moving import (
    COPY,
    World,
    exported,
    fresh,
    made,
    without,
    world,
)
from tests.fingerprints import every_table
from tests.reports import theft
from tests.tables import read_rows
from tests.world import SERVICE

__all__ = ["exported", "fresh", "made", "world"]  # fixtures

EXPORTER = """
import sys, os, signal
from pathlib import Path
import django
django.setup()
from concordat.base.actor import Actor
from concordat.exchange.actions import export_force

def progress(file, rows):
    if file.endswith("persons.csv"):
        os.kill(os.getpid(), signal.SIGKILL)

export_force(Actor.service(), force="essex", out=Path(sys.argv[1]), progress=progress)
"""


def rewrite(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change a manifest, as somebody might by hand."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    change(manifest)
    path.write_text(json.dumps(manifest), encoding="utf-8")


def forge(folder: Path, file: str, column: str, value: str) -> None:
    """Give every row of a file another value in one column, and the file the hash it now has."""
    path = folder / file
    told = [{**row, column: value} for row in read_rows(path)]
    with path.open("w", encoding="utf-8", newline="") as written:
        writer = csv.DictWriter(written, fieldnames=list(told[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(told)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()

    def change(manifest: dict[str, Any]) -> None:
        next(one for one in manifest["tables"] if one["file"] == file)["sha256"] = digest

    rewrite(folder, change)


def refused(server: Server, database: str, folder: Path, match: str) -> None:
    """Expect that an import is refused, and that the database stays as it was to the byte."""
    before = every_table(server.superuser_url(database))
    with pointed_at(server, database), pytest.raises(UnusableExport, match=match):
        import_force(SERVICE, folder=folder)
    assert every_table(server.superuser_url(database)) == before


# What an import refuses


def test_one_wrong_byte_anywhere_is_found_before_anything_is_written(
    exported: Manifest, fresh: str, server: Server, tmp_path: Path
) -> None:
    for file in ("event/events.csv", "administration/journal.csv", "schema/records_person.json"):
        path = tmp_path / "out" / file
        whole = path.read_bytes()
        path.write_bytes(whole[:-2] + bytes([whole[-2] ^ 1]) + whole[-1:])
        refused(server, fresh, tmp_path / "out", f"damaged: {file}")
        path.write_bytes(whole)
    assert exported


def test_a_missing_file_a_foreign_folder_and_another_format_are_refused(
    exported: Manifest, fresh: str, server: Server, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    refused(server, fresh, tmp_path, "no whole export")
    (out / "event" / "links.csv").rename(tmp_path / "links.csv")
    refused(server, fresh, out, "no whole export")
    (tmp_path / "links.csv").rename(out / "event" / "links.csv")
    rewrite(out, lambda manifest: manifest.update(format=2))
    refused(server, fresh, out, "not of format 1")
    assert exported


def test_rows_that_were_made_another_force_s_are_refused(
    exported: Manifest, fresh: str, server: Server, tmp_path: Path
) -> None:
    kent = str(organisation("kent").id)
    forge(tmp_path / "out", "administration/watches.csv", "owner_id", kent)
    refused(server, fresh, tmp_path / "out", "0 of them the force’s own")
    assert exported


def test_an_installation_that_numbers_bodies_otherwise_is_refused(
    exported: Manifest, fresh: str, server: Server, tmp_path: Path
) -> None:
    rewrite(tmp_path / "out", lambda manifest: manifest["bodies"][3].update(code="another"))
    refused(server, fresh, tmp_path / "out", "not here under that number")
    assert exported


def test_a_column_or_table_of_a_later_version_is_refused(
    exported: Manifest, fresh: str, server: Server, tmp_path: Path
) -> None:
    rewrite(tmp_path / "out", lambda manifest: manifest["tables"][5]["columns"].append("later"))
    refused(server, fresh, tmp_path / "out", "doesn’t know")
    assert exported


def test_a_file_is_looked_for_where_its_table_belongs_and_nowhere_else(
    exported: Manifest, fresh: str, server: Server, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_bytes((tmp_path / "out" / exported.tables[3].file).read_bytes())
    rewrite(tmp_path / "out", lambda told: told["tables"][3].update(file="../secret.csv"))
    refused(server, fresh, tmp_path / "out", "doesn’t know")


def test_what_has_changed_here_since_is_not_overwritten(
    exported: Manifest, server: Server, world: World, tmp_path: Path
) -> None:
    """An old export never takes an installation back."""
    with psycopg.connect(server.superuser_url(COPY)) as superuser:
        superuser.execute("UPDATE records_event SET outcome = 'Changed since' WHERE owner_id = 14")
    log_event(world.essex, report=theft())
    before = every_table(server.superuser_url(COPY))
    with pytest.raises(DiffersHere, match=r"event/events\.csv are here already"):
        import_force(SERVICE, folder=tmp_path / "out")
    assert every_table(server.superuser_url(COPY)) == before
    assert exported


def test_an_interrupted_import_leaves_nothing_and_a_rerun_completes_it(
    exported: Manifest, fresh: str, server: Server, tmp_path: Path
) -> None:
    def give_up(file: str, _rows: int) -> None:
        if file == "event/links.csv":
            raise KeyboardInterrupt

    before = every_table(server.superuser_url(fresh))
    with pointed_at(server, fresh):
        with pytest.raises(KeyboardInterrupt):
            import_force(SERVICE, folder=tmp_path / "out", progress=give_up)
        assert every_table(server.superuser_url(fresh)) == before
        assert import_force(SERVICE, folder=tmp_path / "out").new == exported.rows


# What an export leaves behind


def test_a_folder_that_is_there_is_never_written_to(world: World, tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match="is there already"):
        export_force(SERVICE, force="essex", out=tmp_path)
    (tmp_path / "out.partial").mkdir()
    (tmp_path / "out.partial" / "mine").touch()
    with pytest.raises(CannotWrite, match="in the way"):
        export_force(SERVICE, force="essex", out=tmp_path / "out")
    assert (tmp_path / "out.partial" / "mine").exists()
    with pytest.raises(CannotWrite, match="no folder"):
        export_force(SERVICE, force="essex", out=tmp_path / "nowhere" / "out")
    assert world


def test_a_killed_export_leaves_no_folder_that_looks_whole_and_a_rerun_makes_it(
    world: World, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    killed = subprocess.run(
        [sys.executable, "-c", EXPORTER, str(out)], check=False, capture_output=True, text=True
    )
    assert killed.returncode == -9, killed.stderr
    assert not out.exists()
    assert (tmp_path / "out.partial" / "UNFINISHED").exists()
    assert not (tmp_path / "out.partial" / "manifest.json").exists()

    (tmp_path / "out.partial" / "person" / "left over.csv").touch()
    export_force(SERVICE, force="essex", out=out)
    assert not (tmp_path / "out.partial").exists()
    assert not (out / "person" / "left over.csv").exists()
    assert not (out / "UNFINISHED").exists()
    assert world


def test_a_full_disk_leaves_nothing(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(folders.HashedFile, "write", full)
    with pytest.raises(CannotWrite, match="No space left on device"):
        export_force(SERVICE, force="essex", out=tmp_path / "out")
    assert list(tmp_path.glob("out*")) == []
    assert world


def test_two_exports_to_one_place_don_t_meet(world: World, tmp_path: Path) -> None:
    def again(_file: str, _rows: int) -> None:
        with pytest.raises(CannotWrite, match="Another export"):
            export_force(SERVICE, force="kent", out=tmp_path / "out")

    essex = export_force(SERVICE, force="essex", out=tmp_path / "out", progress=again)
    assert essex.force.code == "essex"
    assert world


def test_an_export_can_be_read_by_nobody_but_whoever_made_it(
    exported: Manifest, tmp_path: Path
) -> None:
    assert exported
    for path in (tmp_path / "out", *(tmp_path / "out").rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path


def test_what_is_written_meanwhile_is_not_half_in_it(world: World, tmp_path: Path) -> None:
    def log_more(_file: str, _rows: int) -> None:
        command = [sys.executable, "-c", LOGGER, str(world.essex.person_id)]
        if _file == "event/events.csv":
            subprocess.run(command, check=True)

    quiet = export_force(SERVICE, force="essex", out=tmp_path / "quiet")
    busy = export_force(SERVICE, force="essex", out=tmp_path / "busy", progress=log_more)
    after = export_force(SERVICE, force="essex", out=tmp_path / "after")
    assert without(busy) == without(quiet)
    assert after.rows > busy.rows


LOGGER = """
import sys
from uuid import UUID
import django
django.setup()
from concordat.base.actor import Purpose
from concordat.organisations.queries import actor_of
from concordat.records.actions import log_event
from tests.reports import theft
from tests.tables import read_rows
log_event(actor_of(UUID(sys.argv[1]), purpose=Purpose.INVESTIGATION), report=theft())
"""


# Who may


def test_nobody_but_the_service_moves_a_force(world: World, tmp_path: Path) -> None:
    for actor in (world.essex, replace(world.essex, roles=frozenset())):
        moves: tuple[Callable[[Actor], object], ...] = (
            lambda a: export_force(a, force="essex", out=tmp_path / "out"),
            lambda a: import_force(a, folder=tmp_path / "out"),
            lambda a: withdraw_force(a, force="essex", because="No"),
            lambda a: holdings(a, force="essex"),
        )
        for move in moves:
            with pytest.raises(NotAllowedToMove):
                move(actor)
    assert list(tmp_path.glob("out*")) == []


def test_an_unknown_force_and_a_withdrawal_without_reason_are_refused(
    world: World, tmp_path: Path
) -> None:
    with pytest.raises(UnknownOrganisation):
        export_force(SERVICE, force="atlantis", out=tmp_path / "out")
    with pytest.raises(ExchangeError, match="Say why"):
        withdraw_force(SERVICE, force="essex", because=" ")
    assert world
