"""Loading stop-and-search files, whose rows name neither a force nor themselves."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from concordat.access.rules import RecordKind
from concordat.base.actor import Actor, Role
from concordat.organisations.queries import organisation
from concordat.records.actions import LoadReport, load_stop_search
from concordat.records.errors import NotAllowedToLoad
from concordat.records.queries import event
from concordat.records.rules.events import Precision
from concordat.records.rules.loads import STOP_SEARCH_COLUMNS
from concordat.tracing.queries import search
from tests.files import stop_search_row, street_row, write_csv
from tests.world import SERVICE, person, register

pytestmark = pytest.mark.django_db

NAME = "2026-01-essex-stop-and-search.csv"
ROWS = [
    stop_search_row(),
    stop_search_row(),
    stop_search_row(type="Vehicle search", object_of_search="Stolen goods"),
    stop_search_row(latitude="", longitude="", outcome=""),
]


def load(
    path: Path, rows: Sequence[Sequence[str]], actor: Actor = SERVICE, force: str | None = None
) -> LoadReport:
    written = write_csv(path, rows, columns=STOP_SEARCH_COLUMNS)
    return load_stop_search(actor, paths=[written], force=force)


def counts(report: LoadReport) -> dict[str, int]:
    verdicts = {name: count for name, count in report.total.as_dict().items() if count}
    assert verdicts.pop("read", 0) == sum(verdicts.values())
    return verdicts


def test_every_row_is_an_event_of_its_second_even_when_equal(tmp_path: Path) -> None:
    assert counts(load(tmp_path / NAME, ROWS)) == {"new": 4}
    essex = person("essex")
    found = search(essex, text="stop and search controlled drugs").answer
    assert found.total == 3
    detail = event(essex, event_id=found.rows[0].id)
    assert (detail.kind, detail.precision) == (RecordKind.STOP_SEARCH, Precision.SECOND)
    assert detail.details["legislation"] == "Misuse of Drugs Act 1971 (section 23)"


@pytest.mark.parametrize("name", [NAME, f"{NAME}.gz"])
def test_loading_again_in_another_order_changes_nothing(tmp_path: Path, name: str) -> None:
    load(tmp_path / NAME, ROWS)
    before = register("essex")
    assert counts(load(tmp_path / name, ROWS[::-1])) == {"unchanged": 4}
    assert register("essex") == before


@pytest.mark.parametrize("force", ["kent", "Kent Police"])
def test_a_named_force_counts_more_than_the_files_name(tmp_path: Path, force: str) -> None:
    assert counts(load(tmp_path / NAME, ROWS, force=force)) == {"new": 4}
    assert len(register("kent")) == 8
    assert register("essex") == []


def test_a_file_that_says_not_whose_it_is_is_refused(tmp_path: Path) -> None:
    report = load(tmp_path / "searches.csv", ROWS)
    assert counts(report) == {}
    assert "doesn’t say whose it is: name the force with --force" in report.refused[0].problem


def test_a_street_file_is_refused(tmp_path: Path) -> None:
    path = write_csv(tmp_path / NAME, [street_row(1)])
    (refused,) = load_stop_search(SERVICE, paths=[path]).refused
    assert "is not a stop and search file of data.police.uk: it has no column" in refused.problem


def test_bad_rows_are_quarantined_with_their_reason(tmp_path: Path) -> None:
    bad = [stop_search_row(date="today"), stop_search_row(type=""), stop_search_row(longitude="")]
    assert counts(load(tmp_path / NAME, [*ROWS, *bad])) == {"new": 4, "quarantined": 3}


def test_an_outcome_recorded_later_is_a_search_of_its_own(tmp_path: Path) -> None:
    """Without an identifier nobody can tell that the two rows are of one search."""
    load(tmp_path / NAME, [stop_search_row(outcome="")])
    assert counts(load(tmp_path / NAME, [stop_search_row(outcome="Arrest")])) == {"new": 1}


def test_a_person_in_data_quality_loads_their_own_forces_searches_only(tmp_path: Path) -> None:
    kent, essex = (person(force, Role.DATA_QUALITY) for force in ("kent", "essex"))
    assert load(tmp_path / NAME, ROWS, kent).refused
    assert load(tmp_path / NAME, ROWS, kent, force="essex").refused
    assert counts(load(tmp_path / NAME, ROWS, essex)) == {"new": 4}
    assert {row["owner_id"] for row in register("essex")} == {organisation("essex").id}
    with pytest.raises(NotAllowedToLoad):
        load(tmp_path / NAME, ROWS, person("essex"))
