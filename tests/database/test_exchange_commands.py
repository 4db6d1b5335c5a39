"""`concordat force`: what it prints for people and for programs, and its exit codes."""

from datetime import timedelta
from pathlib import Path

import pytest

from concordat.base.clock import today
from concordat.exchange.errors import CannotWrite, ExchangeError
from concordat.records.actions import load_street
from tests.database.test_commands import run, run_json
from tests.files import street_row, write_csv
from tests.world import SERVICE, agreement_in_force

pytestmark = pytest.mark.usefixtures("own_database")


@pytest.fixture
def loaded(tmp_path: Path) -> str:
    """Essex with two events, and an agreement with Kent; its reference."""
    path = write_csv(tmp_path / "2026-01-essex-street.csv", [street_row(1), street_row(2)])
    load_street(SERVICE, paths=[path])
    return agreement_in_force("A", ["essex", "kent"])


def test_a_force_is_taken_out_and_taking_it_in_where_it_is_changes_nothing(
    loaded: str, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    held = {one["table"]: one["rows"] for one in run_json("force", "holdings", "essex")}
    made = run_json("force", "export", "essex", "--out", str(out))
    taken = run_json("force", "import", str(out))

    assert loaded
    assert held["records_event"] == 2
    assert {one["table"]: one["rows"] for one in made["tables"]} == held
    assert (taken["rows"], taken["new"]) == (made["rows"], 0)


def test_people_are_told_what_happened_and_what_to_keep_safe(loaded: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    said = run("force", "export", "essex", "--out", str(out), "--reason", "It leaves").output
    assert "event/events.csv" in said
    assert "all that the force owns" in said
    assert "personal data" in said
    assert "0 of them new here" in run("force", "import", str(out)).output
    assert "event/events" in run("force", "holdings", "essex").output
    assert loaded
    told = (out / "README.md").read_text(encoding="utf-8")
    assert "Essex Police" in told
    assert "| `event/events.csv` | 2 |" in told


def test_a_force_withdraws_on_a_day(loaded: str) -> None:
    day = today() + timedelta(days=10)
    said = run_json("force", "withdraw", "essex", "--because", "It leaves", "--on", str(day))
    assert (said["left"], said["leaves_on"]) == ([loaded], str(day))
    again = run("force", "withdraw", "essex", "--because", "It leaves", "--on", str(day)).output
    assert "out of 0 agreements" in again
    assert run("force", "withdraw", "essex", "--because", "No", "--on", "soon", expect=2)


def test_what_is_refused_says_why(loaded: str, tmp_path: Path) -> None:
    assert loaded
    with pytest.raises(CannotWrite):
        run("force", "export", "essex", "--out", str(tmp_path))
    with pytest.raises(ExchangeError):
        run("force", "import", str(tmp_path))
