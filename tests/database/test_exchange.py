"""A force taken out and in again: nothing is lost, nothing is anybody else’s, twice is once."""

import csv
import json
from pathlib import Path

import psycopg
import pytest

from concordat.access.rules import PROTECTED_KINDS
from concordat.base.actor import Purpose
from concordat.exchange.actions import export_force, import_force
from concordat.exchange.queries import holdings
from concordat.exchange.rules import EXPORTED, Manifest
from concordat.identity.actions import resolve_all, resolve_pending
from concordat.identity.queries import identity_of
from concordat.organisations.actions import sign_in
from concordat.organisations.errors import OrganisationsError
from concordat.organisations.queries import actor_of, organisation, people
from concordat.records.actions import log_event
from concordat.records.queries import report_of
from tests.conftest import Server, pointed_at
from tests.database.moving import (
    COPY,
    World,
    exported,
    fresh,
    made,
    tables_of,
    without,
    world,
)
from tests.fingerprints import every_table
from tests.reports import theft
from tests.tables import read_rows
from tests.world import PASSWORD, SERVICE

__all__ = ["exported", "fresh", "made", "world"]  # fixtures


def test_every_protected_table_is_taken_out() -> None:
    assert {one.table for one in EXPORTED} >= {kind.table for kind in PROTECTED_KINDS}
    assert len({one.file for one in EXPORTED}) == len(EXPORTED)


def test_an_export_holds_every_row_of_the_force_and_none_of_another(
    exported: Manifest, server: Server, tmp_path: Path
) -> None:
    essex = organisation("essex").id
    counts = {table.table: table.rows for table in exported.tables}
    for name, (rows, _) in tables_of(server.superuser_url(COPY), f"= {essex}").items():
        if name != "identity_judgement":
            assert counts[name] == rows, name
        assert counts[name] > 0, f"the world has no {name}"
    with psycopg.connect(server.superuser_url(COPY)) as superuser:
        judged = superuser.execute(
            "SELECT count(*) FROM identity_judgement WHERE owner_id = %s "
            "AND judged_by_id IS NOT NULL",
            [essex],
        ).fetchone()
    assert (counts["identity_judgement"],) == judged
    for table in exported.tables:
        told = read_rows(tmp_path / "out" / table.file)
        assert len(told) == table.rows
        if "owner_id" in table.columns:
            assert {row["owner_id"] for row in told} == {str(essex)}, table.file


def test_elsewhere_it_gives_the_same_counts_and_hashes_and_twice_is_once(
    exported: Manifest, fresh: str, server: Server, tmp_path: Path
) -> None:
    """The exit drill’s second half: another installation, nothing lost on the way."""
    essex = f"= {organisation('essex').id}"
    before = tables_of(server.superuser_url(COPY), f"{essex}")
    with pointed_at(server, fresh):
        first = import_force(SERVICE, folder=tmp_path / "out")
        assert first.new == first.rows == exported.rows
        after = tables_of(server.superuser_url(fresh), essex)
        again = export_force(SERVICE, force="essex", out=tmp_path / "again")
        assert without(again) == without(exported)
        held = {one.table: one.rows for one in holdings(SERVICE, force="essex")}
        assert held == {table.table: table.rows for table in exported.tables}

        there = every_table(server.superuser_url(fresh))
        second = import_force(SERVICE, folder=tmp_path / "out")
        assert (second.new, second.rows) == (0, exported.rows)
        changed = {
            name
            for name, found in every_table(server.superuser_url(fresh)).items()
            if found != there[name]
        }
    assert {name: after[name] for name in after if name != "identity_judgement"} == {
        name: before[name] for name in before if name != "identity_judgement"
    }
    assert changed == {"audit_entry", "audit_chain_head"}
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["force"]["code"] == "essex"


def test_work_goes_on_elsewhere_where_it_stopped_here(
    exported: Manifest, world: World, fresh: str, server: Server, tmp_path: Path
) -> None:
    """Staff keep their roles but no password; numbers go on; who is who is decided anew."""
    officer = world.essex.person_id
    assert officer is not None
    with pointed_at(server, fresh):
        import_force(SERVICE, folder=tmp_path / "out")
        resolve_all(SERVICE)
        resolved = export_force(SERVICE, force="essex", out=tmp_path / "resolved")
        assert without(resolved) == without(exported)

        actor = actor_of(officer, purpose=Purpose.INVESTIGATION)
        assert actor is not None
        assert actor.roles == world.essex.roles
        with pytest.raises(OrganisationsError):
            sign_in(
                SERVICE,
                username=next(one.username for one in people() if one.id == officer),
                password=PASSWORD,
                purpose=Purpose.INVESTIGATION,
            )
        logged = log_event(actor, report=theft())
        assert logged.reference not in {
            row["reference"] for row in read_rows(tmp_path / "out" / "event" / "events.csv")
        }
        suspect = report_of(actor, event_id=logged.event_id).report.participants[0].record_id
        assert suspect is not None
        resolve_pending(SERVICE)
        page = identity_of(actor, record_id=suspect)
        assert len(page.records) > 1, "the same suspect as before the move"


def test_a_file_says_what_its_columns_hold(exported: Manifest, tmp_path: Path) -> None:
    for table in exported.tables:
        path = tmp_path / "out" / "schema" / f"{table.table}.json"
        schema = json.loads(path.read_text(encoding="utf-8"))
        with (tmp_path / "out" / table.file).open(encoding="utf-8", newline="") as file:
            assert next(csv.reader(file)) == schema["required"] == list(table.columns)
        assert list(schema["properties"]) == schema["required"]
        assert set(schema["x-key"]) <= set(table.columns)
        for name, told in schema["properties"].items():
            assert told.get("type"), name


def test_nothing_that_opens_an_account_is_taken_out(exported: Manifest, tmp_path: Path) -> None:
    told = (tmp_path / "out" / "administration" / "staff.csv").read_text(encoding="utf-8")
    assert "username" in told
    for path in (tmp_path / "out").rglob("*"):
        assert path.is_dir() or b"argon2" not in path.read_bytes(), path
    assert exported


def test_the_journal_and_the_agreements_come_along_to_be_read(
    exported: Manifest, world: World, tmp_path: Path
) -> None:
    entries = read_rows(tmp_path / "out" / "administration" / "journal.csv")
    looked = {entry["action"] for entry in entries}
    assert {"records.log_event", "exchange.export_force"} <= looked
    ours = {row["id"] for row in read_rows(tmp_path / "out" / "event" / "events.csv")}
    theirs = {str(world.kent_car)}
    named = {one for entry in entries for _, one in json.loads(entry["subjects"])}
    assert named & ours
    assert not named & theirs
    text = (tmp_path / "out" / "administration" / "agreements.json").read_text(encoding="utf-8")
    (agreed,) = json.loads(text)
    assert (agreed["reference"], agreed["version"]) == (world.agreement, 1)
    assert agreed["parties"] == ["essex", "kent", "norfolk"]
    assert agreed["terms"]["sharing"]
    assert exported
