"""Loads of persons that are killed, or run side by side: whole parts only; a rerun completes."""

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic

import psycopg
import pytest
from django.db import connection

from concordat.audit.queries import verify
from concordat.records.actions import load_persons
from concordat.records.actions import persons as loading
from concordat.records.rules.loads import Account
from concordat.records.rules.person_maps import read_map
from tests.conftest import Server, pointed_at
from tests.database.test_loading_persons import person_register
from tests.persons import MAP, invented_rows, person_row, write_persons
from tests.world import SERVICE

THE_MAP = read_map(MAP)
PARTS = "SELECT count(*), coalesce(sum(read), 0) FROM records_load_file"

LOADER = """
import sys
from pathlib import Path
import django
django.setup()
from concordat.base.actor import Actor
from concordat.records.actions import load_persons, persons
from concordat.records.rules.person_maps import read_map
from tests.persons import MAP

persons.PART_ROWS = 100

def progress(step, name, done, total):
    print(step.value, done, flush=True)
    sys.stdin.readline()

load_persons(Actor.service(), paths=[Path(sys.argv[1])], force="essex", person_map=read_map(MAP),
             progress=progress)
"""


def test_a_killed_load_leaves_whole_parts_only_and_a_rerun_completes_it(
    own_database: str,
    server: Server,
    template: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(loading, "PART_ROWS", 100)
    rows = [*invented_rows(2_500), person_row(7, last="Contradicted"), person_row("")]
    path = write_persons(tmp_path / "p.csv", rows)
    with psycopg.connect(server.superuser_url(own_database), autocommit=True) as watcher:
        kill_while_storing(path)
        wait_until_alone(watcher)
        parts, stored = one_row(watcher, PARTS)
        assert 1 <= parts < 26
        told = "SELECT (SELECT count(*) FROM records_person), count(*) FROM records_person_version"
        assert one_row(watcher, told) in {(stored, stored), (stored - 1, stored - 1)}
        features = one_row(watcher, "SELECT count(DISTINCT record_id) FROM identity_feature")
        assert features[0] in {stored, stored - 1}
    completed = load_persons(SERVICE, paths=[path], force="essex", person_map=THE_MAP).total
    assert completed.new + completed.unchanged == 2_501
    assert (completed.conflict, completed.changed) == (1, 0)
    assert completed.unchanged > 0
    assert verify(SERVICE).holds
    after_kill = person_register()
    server.create("concordat_clean", template=template)
    try:
        with pointed_at(server, "concordat_clean"):
            clean = load_persons(SERVICE, paths=[path], force="essex", person_map=THE_MAP)
            assert clean.total == Account(new=2_501, conflict=1)
            assert person_register() == after_kill
    finally:
        server.drop("concordat_clean")


@pytest.mark.usefixtures("own_database")
def test_two_loads_of_the_same_persons_at_once_call_each_new_once(tmp_path: Path) -> None:
    path = write_persons(tmp_path / "p.csv", list(invented_rows(1_500)))

    def work(_: int) -> Account:
        try:
            return load_persons(SERVICE, paths=[path], force="essex", person_map=THE_MAP).total
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        totals = list(pool.map(work, range(2)))
    assert Account.total(totals) == Account(new=1_500, unchanged=1_500)
    assert {total.read for total in totals} == {1_500}


@pytest.mark.usefixtures("own_database")
def test_what_fails_in_a_thread_is_raised_and_nothing_of_it_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> int:
        raise RuntimeError("identity is away")

    monkeypatch.setattr(loading, "observe", fail)
    path = write_persons(tmp_path / "p.csv", list(invented_rows(50)))
    with pytest.raises(RuntimeError, match="identity is away"):
        load_persons(SERVICE, paths=[path], force="essex", person_map=THE_MAP)
    assert person_register()["person"] == []


def kill_while_storing(path: Path) -> None:
    """Load the file in a process of its own and kill it once a part of it is stored."""
    command = [sys.executable, "-c", LOADER, str(path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as loader:
        assert loader.stdin is not None
        assert loader.stdout is not None
        try:
            for step in loader.stdout:
                if step.startswith("storing"):
                    break
                loader.stdin.write("\n")
                loader.stdin.flush()
        finally:
            loader.kill()


def one_row(watcher: psycopg.Connection, question: str) -> tuple[int, ...]:
    row = watcher.execute(question.encode()).fetchone()
    assert row is not None
    return tuple(int(value) for value in row)


def wait_until_alone(watcher: psycopg.Connection) -> None:
    others: Sequence[int] = (1,)
    deadline = monotonic() + 30
    while others != (0,):
        assert monotonic() < deadline
        others = one_row(
            watcher,
            "SELECT count(*) FROM pg_stat_activity WHERE usename = 'concordat_app' "
            "AND datname = current_database() AND pid IN (SELECT pid FROM pg_locks)",
        )
