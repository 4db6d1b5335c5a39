"""The command `concordat`: what it prints for people and for programs, and its exit codes."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from concordat.agreements.errors import AgreementsError
from concordat.base.actor import Role
from concordat.server import configuration
from concordat.server.commands import app
from tests.files import street_row, write_csv
from tests.persons import MAP, person_row, write_persons
from tests.world import SERVICE, agreement_in_force, person

pytestmark = pytest.mark.usefixtures("own_database")

VERDICTS = ("new", "unchanged", "changed", "duplicate", "conflict", "quarantined")


def run(*arguments: str, stdin: str = "", expect: int = 0) -> Result:
    """Run one command in this process and check its exit code."""
    result = CliRunner().invoke(app, list(arguments), input=stdin, catch_exceptions=False)
    assert result.exit_code == expect, result.output
    return result


def run_json(*arguments: str, stdin: str = "", expect: int = 0) -> Any:
    """Run one command with --json and return what it printed."""
    return json.loads(run(*arguments, "--json", stdin=stdin, expect=expect).stdout)


@pytest.fixture
def essex_file(tmp_path: Path) -> Path:
    """Four rows of Essex: two crimes, a contradiction of the first, and one that can't be read."""
    rows = [
        street_row(1),
        street_row(2, lsoa_name="Medway 001A", lsoa_code="E01016001"),
        street_row(1, crime_type="Robbery"),
        street_row(3, month="January"),
    ]
    return write_csv(tmp_path / "2026-01-essex-street.csv", rows)


def test_a_load_reports_every_verdict_in_total_and_for_each_file(essex_file: Path) -> None:
    report = run_json("load", "street", str(essex_file), str(essex_file))

    for counts in (report["total"], *report["files"]):
        assert counts["read"] == sum(counts[verdict] for verdict in VERDICTS)
    assert report["total"]["read"] == 8
    assert [file["new"] for file in report["files"]] == [2, 0]


def test_a_refused_file_gives_exit_code_1_and_the_others_are_loaded(
    essex_file: Path, tmp_path: Path
) -> None:
    wrong = write_csv(tmp_path / "wrong.csv", [["a", "b"]], columns=["One", "Two"])

    report = run_json("load", "street", str(wrong), str(essex_file), expect=1)

    assert report["total"]["new"] == 2
    assert "no column" in report["files"][0]["problem"]


def test_rows_in_quarantine_can_be_written_out_corrected_and_loaded(
    essex_file: Path, tmp_path: Path
) -> None:
    report = run_json("load", "street", str(essex_file))
    out = tmp_path / "2026-01-essex-street-corrected.csv"

    run("load", "quarantine", report["load"], "--force", "essex", "--out", str(out))
    out.write_text(out.read_text().replace("January", "2026-01"))

    assert run_json("load", "street", str(out))["total"]["new"] == 1


def test_persons_are_loaded_by_a_map_and_every_row_is_accounted_for(tmp_path: Path) -> None:
    file = write_persons(tmp_path / "nominals.csv", [person_row(1), person_row(2, dob="soon")])
    by_map = tmp_path / "map.toml"
    by_map.write_text(MAP)
    command = ("load", "persons", str(file), "--force", "essex", "--map", str(by_map))

    report = run_json(*command)

    assert (report["total"]["read"], report["total"]["new"]) == (2, 2)
    assert "1 row: date of birth is not a date; kept as recorded." in report["files"][0]["notices"]
    assert run_json(*command)["total"]["unchanged"] == 2


def test_without_a_map_what_each_column_was_taken_for_is_shown(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "p.csv", [["7", "Alder", "1987"]], columns=("ID", "Surname", "DOB"))

    shown = run("load", "persons", str(file), "--force", "essex").stdout

    assert "surname from “Surname”; date of birth from “DOB”" in " ".join(shown.split())


def test_a_wrong_map_is_refused_naming_the_nearest_right_one(tmp_path: Path) -> None:
    file = write_persons(tmp_path / "nominals.csv", [person_row(1)])
    by_map = tmp_path / "map.toml"
    by_map.write_text("[columns]\nsurnam = 'LAST'")

    done = _as_a_process("load", "persons", str(file), "--force", "essex", "--map", str(by_map))

    assert done.returncode == 2
    assert "Did you mean “surname”?" in done.stderr


def test_the_search_finds_people_and_says_who_and_why(tmp_path: Path) -> None:
    file = write_persons(tmp_path / "nominals.csv", [person_row(1, warn="VI")])
    by_map = tmp_path / "map.toml"
    by_map.write_text(MAP)
    run("load", "persons", str(file), "--force", "essex", "--map", str(by_map))
    person("essex", username="essex")

    found = run_json("search", "--as", "essex", "alder", "anne", "3/5/87")

    (one,) = found["people"]
    assert (one["name"], one["date_of_birth"]) == ("Ann Alder", "1987-05-03")
    assert (one["warnings"], one["forces"]) == (["VI"], ["Essex Police"])
    assert "birth" in one["why"]
    shown = run("search", "--as", "essex", "alder", "anne", "3/5/87").stdout
    assert "1 person" in shown


def test_events_elsewhere_can_be_searched_and_written_out(essex_file: Path, tmp_path: Path) -> None:
    person("kent", username="kent")
    agreement_in_force("A", ["essex", "kent"])
    run("load", "street", str(essex_file))
    question = ("search", "--as", "kent", "--elsewhere", "--area", "kent")

    found = run_json(*question)
    run(*question, "--out", str(tmp_path / "out.csv"))

    assert found["total"] == 1
    assert found["events"][0]["owner"] == "Essex Police"
    assert found["events"][0]["area"] == "Kent Police"
    assert (tmp_path / "out.csv").read_text().count("\n") == 2


def test_conflicts_can_be_listed(essex_file: Path) -> None:
    person("essex", username="essex")
    run("load", "street", str(essex_file))

    assert run_json("search", "--as", "essex", "--conflicts")["total"] == 1


def test_who_looked_at_an_event_is_shown_to_the_command_line_auditor(essex_file: Path) -> None:
    person("essex", username="essex")
    run("load", "street", str(essex_file))
    event = run_json("search", "--as", "essex")["events"][0]["id"]

    entries = run_json("audit", "show", "--subject", event)

    assert [entry["action"] for entry in entries] == ["records.find_events"]
    assert entries[0]["organisation"] == "Essex Police"


def test_verifying_the_journal_says_that_it_holds(essex_file: Path) -> None:
    run("load", "street", str(essex_file))

    assert run_json("audit", "verify")["holds"]
    assert "The journal holds" in run("audit", "verify").stdout


def test_people_are_added_listed_given_roles_and_closed() -> None:
    added = run_json(
        "user", "add", "new.person", "--name", "New Person", "--force", "essex", "--collar", "77",
        "--role", "officer", "--role", "auditor", "--password-stdin",
        stdin="three invented words\n",
    )  # fmt: skip
    assert added[0]["roles"] == ["auditor", "officer"]

    assert run_json("user", "roles", "new.person", "--role", "finance")[0]["roles"] == ["finance"]
    run("user", "password", "new.person", "--password-stdin", stdin="three other words\n")
    assert not run_json("user", "close", "new.person")[0]["active"]
    assert [row["username"] for row in run_json("user", "list")] == ["new.person"]


def test_an_agreement_is_drafted_from_its_own_example_started_and_ended(tmp_path: Path) -> None:
    file = tmp_path / "agreement.toml"
    file.write_text(run("agreement", "example").stdout)

    assert run_json("agreement", "draft", str(file))["state"] == "draft"
    assert run_json("agreement", "start", "S22A-2026-01")["state"] == "in_force"
    assert run_json("agreement", "end", "S22A-2026-01")["state"] == "ended"
    assert [row["state"] for row in run_json("agreement", "list")] == ["ended"]


def test_a_proposal_says_at_the_command_line_on_whom_it_waits(tmp_path: Path) -> None:
    file = tmp_path / "agreement.toml"
    file.write_text(run("agreement", "example").stdout)
    run("agreement", "draft", str(file))

    assert run_json("agreement", "propose", "S22A-2026-01")["state"] == "proposed"
    waits = {row["body"] for row in run_json("agreement", "waiting")}
    assert waits == {"essex", "essex-pfcc", "kent", "kent-pcc"}
    assert "Essex Police" in run("agreement", "waiting").output


def test_notice_leaving_and_succession_can_be_entered_at_the_command_line() -> None:
    agreement_in_force("A", ["essex", "kent", "norfolk"])
    left = run_json("agreement", "leave", "A", "kent", "--because", "Its own way")
    assert left["state"] == "in_force"
    with pytest.raises(AgreementsError, match="is not the successor of Essex Police"):
        run("agreement", "succeed", "A", "essex", "norfolk")
    given = run_json("agreement", "notice", "A", "--because", "Done", "--on", "2099-01-01")
    assert (given["state"], given["ends_on"]) == ("notice", "2099-01-01")


def test_an_unreadable_agreement_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "agreement.toml"
    file.write_text("kind = ")

    run("agreement", "draft", str(file), expect=2)


def test_doctor_finds_nothing_wrong_with_the_database_and_lists_every_variable() -> None:
    found = run_json("doctor", expect=_code_of_doctor())

    database = {"PostgreSQL", "Schema", "Serving role", "Backup role", "Row security"}
    assert database <= {finding["what"] for finding in found["findings"] if finding["good"]}
    assert [row["name"] for row in found["variables"]] == [
        variable.name for variable in configuration.VARIABLES
    ]
    assert os.environ["CONCORDAT_SECRET_KEY"] not in json.dumps(found)


def test_what_is_refused_is_said_in_one_sentence_with_exit_code_2() -> None:
    done = _as_a_process("search", "--as", "nobody.here", "burglary")

    assert done.returncode == 2
    assert "Nobody has the username" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_out_of_reach_gives_exit_code_3(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE", "SERVING"):
        monkeypatch.setenv(f"CONCORDAT_{name}_URL", "postgresql://nobody@127.0.0.1:1/none")

    done = _as_a_process("user", "list")

    assert done.returncode == 3
    assert "Traceback" not in done.stderr


def test_nobody_reads_by_the_command_line_without_naming_who_they_are() -> None:
    assert "--as" in _as_a_process("search", "burglary").stderr
    assert SERVICE.organisation_id == 0
    assert Role.SYSTEM in SERVICE.roles


def _code_of_doctor() -> int:
    built = (configuration.PACKAGE / "web" / "served" / "staticfiles.json").exists()
    return 0 if built else 1


def _as_a_process(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "concordat.server.main", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
