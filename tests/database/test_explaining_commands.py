"""`concordat agreement explain` and `changes`: in words, and as data for programs."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from concordat.access.rules import Level, RecordKind
from concordat.agreements.actions import draft_agreement
from concordat.records.actions import load_persons
from concordat.records.rules.person_maps import read_map
from concordat.server.commands import app
from tests.persons import MAP, person_row, write_persons
from tests.world import SERVICE, agreement_in_force, person, terms

pytestmark = pytest.mark.usefixtures("own_database")


@pytest.fixture
def drafted(tmp_path: Path) -> str:
    """A draft by which Essex and Kent point persons out to each other; Essex holds two."""
    rows = [person_row(1), person_row(2)]
    path = write_persons(tmp_path / "essex.csv", rows)
    load_persons(SERVICE, paths=[path], force="essex", person_map=read_map(MAP))
    agreed = terms("A", ["essex", "kent"], kinds=[RecordKind.PERSON], level=Level.POINTER)
    return draft_agreement(SERVICE, terms=agreed).reference


def said(*arguments: str, expect: int = 0) -> str:
    answer = CliRunner().invoke(app, ["agreement", *arguments], catch_exceptions=False)
    assert answer.exit_code == expect, answer.output
    return answer.output


def test_the_command_explains_as_data_and_in_words() -> None:
    person("kent", username="kent.officer")
    agreement_in_force("A", ["essex", "kent"], kinds=[RecordKind.CRIME])
    found = json.loads(said("explain", "kent.officer", "essex", "crime", "--json"))
    assert (found["level"], found["by"][0]["reference"], found["missing"]) == ("full", "A", [])
    words = " ".join(said("explain", "kent.officer", "essex", "person").split())
    assert "names no person records in its sharing schedule" in words


def test_the_command_says_what_would_change(drafted: str) -> None:
    found = json.loads(said("changes", drafted, "--json"))
    assert {(one["recipient"], one["owner"], one["records"]) for one in found["changes"]} == {
        ("kent", "essex", 2), ("essex", "kent", 0),
    }  # fmt: skip
    words = " ".join(said("changes", drafted).split())
    assert (
        "Kent Police: everybody who works with records would gain pointers to 2 person records of "
        "Essex Police, not the records themselves, for every policing purpose."
    ) in words


def test_what_is_not_there_is_refused_in_words() -> None:
    person("kent", username="kent.officer")
    assert "There is no record kind" in said("explain", "kent.officer", "essex", "x", expect=2)
