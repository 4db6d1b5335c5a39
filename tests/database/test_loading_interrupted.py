"""Loads side by side, and loads that are killed: whole files only, and a rerun completes them."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from time import monotonic

import psycopg
import pytest

from concordat.audit.queries import verify
from concordat.records.actions import load_street
from concordat.records.rules.loads import Account
from tests.conftest import Server, pointed_at
from tests.files import street_row, write_csv
from tests.world import SERVICE, register

KENT_ROW = {"reported_by": "Kent Police", "falls_within": "Kent Police"}

LOADER = """
import sys
from pathlib import Path
import django
django.setup()
from concordat.base.actor import Actor
from concordat.records.actions import load_street

def progress(name, rows):
    print(name, rows, flush=True)
    sys.stdin.readline()

load_street(Actor.service(), paths=[Path(name) for name in sys.argv[1:]], progress=progress)
"""


def month_files(tmp_path: Path, *, rows: int) -> list[Path]:
    return [
        write_csv(
            tmp_path / f"2026-0{month}-essex-street.csv",
            [street_row(rows * month + n, month=f"2026-0{month}") for n in range(rows - 1)]
            + [street_row(None, month=f"2026-0{month}")],
        )
        for month in (1, 2, 3)
    ]


@pytest.mark.usefixtures("own_database")
def test_files_with_the_same_rows_can_be_loaded_side_by_side(tmp_path: Path) -> None:
    rows = [street_row(number) for number in range(2_500)]
    kent = [street_row(number, **KENT_ROW) for number in range(2_500)]
    paths = [
        write_csv(tmp_path / "2026-01-essex-street.csv", rows),
        write_csv(tmp_path / "copy.csv", [*kent, *rows]),
        write_csv(tmp_path / "2026-01-kent-street.csv", [*rows, *kent]),
    ]
    report = load_street(SERVICE, paths=paths)
    assert report.total == Account(new=5_000, unchanged=7_500)
    assert [file.name for file in report.files] == [path.name for path in paths]


@pytest.mark.parametrize("killed_at", ["reading", "storing"])
def test_a_killed_load_leaves_whole_files_only_and_a_rerun_completes_it(
    own_database: str, server: Server, template: str, tmp_path: Path, killed_at: str
) -> None:
    paths = month_files(tmp_path, rows=4_500)
    with psycopg.connect(server.superuser_url(own_database), autocommit=True) as watcher:
        kill_in_second_file(watcher, paths, while_storing=killed_at == "storing")
        wait_until_alone(watcher)
        files = watcher.execute("SELECT name FROM records_load_file").fetchall()
        assert files == [(paths[0].name,)]
        for table in ("records_event", "records_event_version"):
            assert watcher.execute(f"SELECT count(*) FROM {table}").fetchone() == (4_500,)
    completed = load_street(SERVICE, paths=paths)
    assert completed.total == Account(unchanged=4_500, new=9_000)
    assert verify(SERVICE).holds
    after_kill = register("essex")
    server.create("concordat_clean", template=template)
    try:
        with pointed_at(server, "concordat_clean"):
            assert load_street(SERVICE, paths=paths).total == Account(new=13_500)
            assert register("essex") == after_kill
    finally:
        server.drop("concordat_clean")


def kill_in_second_file(
    watcher: psycopg.Connection, paths: Sequence[Path], *, while_storing: bool
) -> None:
    """Load the files in a process of its own and kill it in the middle of the second one.

    Every 2,000 rows, and at a file's end, it tells how far it is and waits for an answer.
    """
    command = [sys.executable, "-c", LOADER, *map(str, paths)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as loader:
        assert loader.stdin is not None
        assert loader.stdout is not None
        try:
            for step in loader.stdout:
                if step.split() == [paths[1].name, "4500" if while_storing else "2000"]:
                    break
                loader.stdin.write("\n")
                loader.stdin.flush()
            if while_storing:
                with watcher.transaction():  # the places get stored, the events have to wait
                    watcher.execute("LOCK TABLE records_event IN SHARE MODE")
                    loader.stdin.write("\n")
                    loader.stdin.flush()
                    wait_until(
                        watcher,
                        "SELECT count(*) = 1 FROM pg_locks "
                        "WHERE relation = 'records_event'::regclass AND NOT granted",
                    )
                    loader.kill()
                    loader.wait()
        finally:
            loader.kill()


def wait_until_alone(watcher: psycopg.Connection) -> None:
    wait_until(
        watcher,
        "SELECT count(*) = 0 FROM pg_stat_activity WHERE usename = 'concordat_app' "
        "AND datname = current_database() AND pid IN (SELECT pid FROM pg_locks)",
    )


def wait_until(watcher: psycopg.Connection, question: str) -> None:
    deadline = monotonic() + 30
    while watcher.execute(question).fetchone() != (True,):
        assert monotonic() < deadline, question
