"""Loading persons: the same guarantees as for events, and more than a row holds."""

import gzip
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from concordat.access.rules import RecordKind
from concordat.base.acting import acting
from concordat.base.actor import Actor, Role
from concordat.base.clock import today
from concordat.organisations.errors import UnknownOrganisation
from concordat.organisations.queries import organisation
from concordat.records.actions import LoadReport, load_persons
from concordat.records.actions import persons as loading
from concordat.records.errors import NotAllowedToLoad, UnknownRecord
from concordat.records.queries import (
    PersonDetail,
    completeness,
    load_detail,
    persons,
    quarantine_file,
    quarantined_rows,
    warning_markers,
)
from concordat.records.queries import (
    person as one_person,
)
from concordat.records.rules.person_maps import PersonMap, read_map
from tests.files import write_csv
from tests.persons import COLUMNS, MAP, invented_rows, person_row, write_persons
from tests.world import SERVICE, agreement_in_force, person

pytestmark = pytest.mark.django_db

THE_MAP = read_map(MAP)
ROWS = [person_row(1), person_row(2, first="Bob", sex="1"), person_row("", last="Birch")]


def load(
    path: Path,
    rows: Sequence[Sequence[str]],
    *,
    actor: Actor = SERVICE,
    force: str = "essex",
    person_map: PersonMap | None = THE_MAP,
) -> LoadReport:
    return load_persons(
        actor, paths=[write_persons(path, rows)], force=force, person_map=person_map
    )


def counts(report: LoadReport) -> dict[str, int]:
    """Return the verdicts that were given at all, and that they sum up to the rows read."""
    verdicts = {name: count for name, count in report.total.as_dict().items() if count}
    assert verdicts.pop("read", 0) == sum(verdicts.values())
    return verdicts


def of_force(force: str = "essex") -> Actor:
    body = organisation(force)
    return SERVICE.acting_for(body.id, body.name)


def rows_of(query: str, force: str = "essex") -> list[tuple[Any, ...]]:
    with acting(of_force(force)), connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def person_register(force: str = "essex") -> dict[str, list[tuple[Any, ...]]]:
    """Return all that is registered of persons, without ids, times, files and lines."""
    told = "t.kind, t.names, t.date_of_birth_form, t.sex, t.phones, t.missing, t.content"
    return {
        "person": rows_of(
            f"SELECT source, reference, version, in_conflict, {told} FROM records_person t "
            "ORDER BY source, reference", force
        ),
        "version": rows_of(
            f"SELECT p.reference, t.version, {told} FROM records_person_version t "
            "JOIN records_person p ON p.id = t.person_id ORDER BY 1, 2", force
        ),
        "conflict": rows_of(
            f"SELECT p.reference, {told} FROM records_person_conflict t "
            "JOIN records_person p ON p.id = t.person_id ORDER BY 1, t.content", force
        ),
        "warning": rows_of(
            "SELECT p.reference, w.code, w.version, w.text, w.since, w.ended_on "
            "FROM records_warning_marker w JOIN records_person p ON p.id = w.person_id "
            "ORDER BY 1, 2, 3", force
        ),
    }  # fmt: skip


def ids(force: str = "essex") -> dict[str, Any]:
    return dict(rows_of("SELECT reference, id FROM records_person", force))


def detail(reference: str = "N1") -> PersonDetail:
    return one_person(of_force(), person_id=ids()[reference])


# --- loading it again -----------------------------------------------------------------------------


def test_new_rows_are_counted_and_can_be_read(tmp_path: Path) -> None:
    report = load(tmp_path / "p.csv", ROWS)
    assert counts(report) == {"new": 3}
    (found,) = persons(of_force(), ids=[ids()["N1"]])
    assert found.content.names[0].text == "Ann Alder"
    assert (found.source, found.reference, found.version) == ("Invented nominals", "N1", 1)
    assert (found.file_name, found.line, found.missing) == ("p.csv", 2, ())


def test_loading_twice_changes_nothing(tmp_path: Path) -> None:
    blank = ["N9", *[""] * (len(COLUMNS) - 1)]
    rows = [*ROWS, person_row(1), person_row(2, last="Elm"), blank, person_row(3, warn="VI;WE")]
    first = load(tmp_path / "p.csv", rows)
    before = person_register()
    again = load(tmp_path / "p.csv", rows)
    same = {"duplicate": 1, "conflict": 1, "quarantined": 1}
    assert counts(first) == {"new": 4} | same
    assert counts(again) == {"unchanged": 4} | same
    assert person_register() == before


@pytest.mark.parametrize("how", ["shuffled", "CRLF", "gzipped", "other columns", "quoted"])
def test_the_same_rows_supplied_otherwise_change_nothing(tmp_path: Path, how: str) -> None:
    load(tmp_path / "p.csv", ROWS)
    before = person_register()
    again = load_persons(
        SERVICE, paths=[resupplied(tmp_path, how)], force="essex", person_map=THE_MAP
    )
    assert counts(again) == {"unchanged": 3}
    assert person_register() == before


def resupplied(folder: Path, how: str) -> Path:
    """Write the same rows as somebody else might supply them."""
    path = folder / "again.csv"
    match how:
        case "shuffled":
            return write_persons(path, ROWS[::-1])
        case "CRLF":
            return write_csv(path, ROWS, columns=COLUMNS, newline="\r\n")
        case "gzipped":
            return write_persons(folder / "again.csv.gz", ROWS)
        case "other columns":
            rows = [[*reversed(row), "extra"] for row in ROWS]
            return write_csv(path, rows, columns=[*reversed(COLUMNS), "Extra"])
        case _:
            lines = [",".join(f'"{cell}"' for cell in row) for row in [COLUMNS, *ROWS]]
            path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
            return path


def test_equal_rows_without_a_reference_are_separate_records(tmp_path: Path) -> None:
    same = person_row("")
    assert counts(load(tmp_path / "p.csv", [same, same])) == {"new": 2}
    assert counts(load(tmp_path / "p.csv", [same, same, same])) == {"unchanged": 2, "new": 1}
    (content,) = {reference.partition("#")[0] for reference in ids()}
    assert set(ids()) == {f"{content}#{number}" for number in (1, 2, 3)}


def test_the_same_reference_of_two_systems_or_forces_is_not_one_person(tmp_path: Path) -> None:
    load(tmp_path / "p.csv", [person_row(1)])
    other = read_map(MAP.replace("Invented nominals", "Another system"))
    assert counts(load(tmp_path / "p.csv", [person_row(1)], person_map=other)) == {"new": 1}
    assert counts(load(tmp_path / "p.csv", [person_row(1)], force="kent")) == {"new": 1}
    assert [len(person_register(force)["person"]) for force in ("essex", "kent")] == [2, 1]


# --- versions, conflicts --------------------------------------------------------------------------


def test_a_changed_row_makes_a_new_version_and_the_old_one_is_kept(tmp_path: Path) -> None:
    load(tmp_path / "old.csv", ROWS)
    report = load(tmp_path / "new.csv", [person_row(1, last="Birch"), *ROWS[1:]])
    assert counts(report) == {"changed": 1, "unchanged": 2}
    told = detail()
    assert told.current.version == 2
    assert told.current.content.names[0].surname == "Birch"
    assert [(v.number, v.content.names[0].surname, v.file_name) for v in told.versions] == [
        (1, "Alder", "old.csv"),
        (2, "Birch", "new.csv"),
    ]


def test_content_that_a_record_once_had_is_no_news(tmp_path: Path) -> None:
    for last in ("Alder", "Birch"):
        load(tmp_path / "p.csv", [person_row(1, last=last)])
    before = person_register()
    assert counts(load(tmp_path / "p.csv", [person_row(1)])) == {"unchanged": 1}
    assert person_register() == before


def test_a_contradiction_is_flagged_and_kept_whatever_the_order_of_rows(tmp_path: Path) -> None:
    rows = [person_row(1, last=last) for last in ("Alder", "Birch", "Cedar")]
    results = []
    for order in (rows, rows[::-1], [rows[1], rows[2], rows[0]]):
        with transaction.atomic():
            assert counts(load(tmp_path / "p.csv", order)) == {"new": 1, "conflict": 2}
            results.append(person_register())
            transaction.set_rollback(True)
    assert results[0] == results[1] == results[2]
    assert results[0]["person"][0][3] is True, "the record is flagged"


def test_a_contradiction_never_overwrites_what_is_registered(tmp_path: Path) -> None:
    load(tmp_path / "p.csv", [person_row(1)])
    rows = [person_row(1, last=last) for last in ("Birch", "Alder", "Cedar")]
    assert counts(load(tmp_path / "p.csv", rows)) == {"unchanged": 1, "conflict": 2}
    told = detail()
    assert (told.current.content.names[0].surname, told.current.in_conflict) == ("Alder", True)
    assert {v.content.names[0].surname for v in told.conflicts} == {"Birch", "Cedar"}


# --- warnings -------------------------------------------------------------------------------------


def test_warnings_are_rows_of_their_own_that_begin_change_and_end(tmp_path: Path) -> None:
    def codes() -> list[tuple[str, str]]:
        return [(w.code, str(w.since or "")) for w in detail().current.warnings]

    load(tmp_path / "1.csv", [person_row(1, warn="VI;WE", warn_date="01/02/2020")])
    assert codes() == [("VI", "2020-02-01"), ("WE", "2020-02-01")]
    load(tmp_path / "2.csv", [person_row(1, warn="VI", warn_date="01/02/2020")])
    assert codes() == [("VI", "2020-02-01")]
    load(tmp_path / "3.csv", [person_row(1, warn="VI;WE;DR", warn_date="03/02/2021")])
    assert codes() == [("DR", "2021-02-03"), ("VI", "2021-02-03"), ("WE", "2021-02-03")]
    history = [(w.code, w.version, w.ended_on, w.file_name) for w in detail().warning_history]
    assert history == [
        ("DR", 1, None, "3.csv"),
        ("VI", 1, None, "1.csv"),
        ("VI", 2, None, "3.csv"),
        ("WE", 1, None, "1.csv"),
        ("WE", 2, today(), "2.csv"),
        ("WE", 3, None, "3.csv"),
    ]


def test_a_file_without_warnings_ends_none(tmp_path: Path) -> None:
    load(tmp_path / "1.csv", [person_row(1, warn="VI")])
    silent = read_map("\n".join(line for line in MAP.splitlines() if "warning" not in line))
    assert counts(load(tmp_path / "2.csv", [person_row(1, last="Birch")], person_map=silent)) == {
        "changed": 1
    }
    (warning,) = warning_markers(of_force(), person_ids=[ids()["N1"]])
    assert (warning.code, warning.text, warning.ended_on) == ("VI", "Violent", None)


def test_warnings_are_shared_by_a_clause_of_their_own(tmp_path: Path) -> None:
    load(tmp_path / "p.csv", [person_row(1, warn="VI")])
    kent, person_id = person("kent"), ids()["N1"]
    assert persons(kent, ids=[person_id]) == []
    assert warning_markers(kent, person_ids=[person_id]) == []
    agreement_in_force("PERSONS", ["essex", "kent"], kinds=[RecordKind.PERSON])
    (found,) = persons(kent, ids=[person_id])
    assert (found.content.names[0].text, found.warnings, found.file_name) == ("Ann Alder", (), "")
    agreement_in_force("MARKERS", ["essex", "kent"], kinds=[RecordKind.WARNING_MARKER])
    (found,) = persons(kent, ids=[person_id])
    assert [warning.code for warning in found.warnings] == ["VI"]


# --- fields, quarantine, files --------------------------------------------------------------------


def test_a_bad_field_is_kept_with_a_notice_and_a_bad_row_is_quarantined(tmp_path: Path) -> None:
    path = write_persons(
        tmp_path / "p.csv",
        [person_row(1, dob="31/02/1987"), person_row(2, dob="30/02/1987"), ["N3"] + [""] * 15],
    )
    with path.open("ab") as file:
        file.write(b'"odd,quotation\na,b\n')
    report = load_persons(SERVICE, paths=[path], force="essex", person_map=THE_MAP)
    assert counts(report) == {"new": 2, "quarantined": 3}
    assert "2 rows: date of birth is a day that doesn’t exist; kept as recorded." in (
        report.files[0].notices
    )
    assert [notice.value for notice in detail().current.content.notices] == ["31/02/1987"]
    kept = quarantined_rows(of_force(), load_id=report.load_id)
    assert [(line, reason[:40]) for _, line, reason, _ in kept] == [
        (4, "nothing in the row says who this is or w"),
        (5, "the quotation marks of the row don’t pai"),
        (6, "the row has 2 fields where the header ha"),
    ]
    text = quarantine_file(of_force(), load_id=report.load_id)
    corrected = tmp_path / "corrected.csv"
    corrected.write_text(text.replace("N3,,,", "N3,Cora,,Cedar"), encoding="utf-8")
    again = load_persons(SERVICE, paths=[corrected], force="essex", person_map=THE_MAP)
    assert again.total.new == 1


def test_without_a_map_the_guess_is_told(tmp_path: Path) -> None:
    columns = ("Ref", "Surname", "Forenames", "DOB", "Size")
    path = write_csv(tmp_path / "p.csv", [["7", "Alder", "Ann", "1987", "9"]], columns=columns)
    report = load_persons(SERVICE, paths=[path], force="essex")
    assert counts(report) == {"new": 1}
    assert report.files[0].notices[0] == (
        "Columns were guessed from their names: reference from “Ref”; surname from “Surname”; "
        "forename from “Forenames”; date of birth from “DOB”. Not read: “Size”. "
        "A file given by --map can say otherwise."
    )


def test_unusable_files_are_refused_with_clear_text_while_the_others_load(tmp_path: Path) -> None:
    good = write_persons(tmp_path / "good.csv", ROWS)
    zipped = gzip.compress(good.read_bytes() * 500)
    contents = {
        "columns.csv": b"Month,Place\n2026-01,here\n",
        "binary.csv": good.read_bytes() + b"\0\1\2\n",
        "cut.csv.gz": zipped[: len(zipped) // 2],
        "empty.csv": b"",
        "header.csv": good.read_bytes().splitlines(keepends=True)[0],
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    paths = [tmp_path / name for name in contents]
    report = load_persons(
        SERVICE, paths=[*paths[:3], good, *paths[3:]], force="essex", person_map=THE_MAP
    )
    assert counts(report) == {"new": 3}
    assert len(ids()) == 3, "nothing of the others is half-loaded"
    reasons = ("no column “FIRST”", "binary data", "cut short", "is empty", "no rows")
    for refused, reason in zip(report.refused, reasons, strict=True):
        assert reason in refused.problem


def test_a_large_file_is_stored_in_parts_and_shown_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "PART_ROWS", 10)
    monkeypatch.setattr(loading, "CHUNK_ROWS", 7)
    rows = [*invented_rows(45), person_row(1, last="Contradicted"), ["N99"] + [""] * 15]
    steps: list[tuple[str, int, int]] = []
    report = load_persons(
        SERVICE,
        paths=[write_persons(tmp_path / "p.csv", rows)],
        force="essex",
        person_map=THE_MAP,
        progress=lambda step, _, done, total: steps.append((step.value, done, total)),
    )
    assert counts(report) == {"new": 45, "conflict": 1, "quarantined": 1}
    assert len(rows_of("SELECT FROM records_load_file")) == 3
    assert steps[-1] == ("storing", 47, 47)
    shown = load_detail(of_force(), load_id=report.load_id)
    assert [(file.name, file.account) for file in shown.files] == [("p.csv", report.total)]
    assert list(shown.files[0].notices) == report.files[0].notices
    again = load(tmp_path / "again.csv", rows)
    assert counts(again) == {"unchanged": 45, "conflict": 1, "quarantined": 1}


# --- who may --------------------------------------------------------------------------------------


def test_a_person_in_data_quality_loads_for_their_own_force_only(tmp_path: Path) -> None:
    essex = person("essex", Role.DATA_QUALITY)
    assert counts(load(tmp_path / "p.csv", ROWS, actor=essex)) == {"new": 3}
    with pytest.raises(NotAllowedToLoad, match="Only Kent Police may load its persons"):
        load(tmp_path / "p.csv", ROWS, actor=essex, force="kent")
    with pytest.raises(UnknownOrganisation):
        load(tmp_path / "p.csv", ROWS, force="nowhere")


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.DATA_QUALITY, Role.SYSTEM}))
def test_other_roles_load_no_persons(tmp_path: Path, role: Role) -> None:
    actor = SERVICE.acting_for(organisation("essex").id, "Essex Police")
    object.__setattr__(actor, "roles", frozenset({role}))
    with pytest.raises(NotAllowedToLoad, match="data quality"):
        load(tmp_path / "p.csv", ROWS, actor=actor)


def test_a_record_that_isnt_shared_is_as_if_it_werent_there(tmp_path: Path) -> None:
    load(tmp_path / "p.csv", ROWS)
    kent = person("kent")
    with pytest.raises(UnknownRecord):
        one_person(kent, person_id=ids()["N1"])
    assert completeness(kent, owner_id=organisation("essex").id).total == 0


# --- completeness ---------------------------------------------------------------------------------


def test_completeness_counts_what_each_record_lacks(tmp_path: Path) -> None:
    rows = [
        person_row(1),
        person_row(2, dob="1987"),
        person_row(3, dob="", sex=""),
        person_row(4, mobile="", postcode="", street=""),
    ]
    load(tmp_path / "p.csv", rows)
    found = completeness(of_force(), owner_id=organisation("essex").id)
    assert (found.total, found.complete) == (4, 1)
    assert found.lacking == {
        "given name": 0,
        "surname": 0,
        "date of birth": 2,
        "gender": 1,
        "contact": 1,
    }


# --- every row accounted for ----------------------------------------------------------------------

readable = st.builds(
    lambda number, last, warn: person_row(number, last=last, warn=warn),
    st.sampled_from(["", 1, 2, 3]),
    st.sampled_from(["Alder", "Birch"]),
    st.sampled_from(["", "VI"]),
)
unreadable = st.sampled_from([["N7"] + [""] * 15, ["too", "short"]])


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    good=st.lists(readable, max_size=12),
    bad=st.lists(unreadable, min_size=1, max_size=4),
    seed=st.randoms(),
)
def test_every_row_is_accounted_for(
    tmp_path: Path, good: list[list[str]], bad: list[list[str]], seed: random.Random
) -> None:
    rows = seed.sample([*good, *bad], len(good) + len(bad))
    identified = {tuple(row) for row in good if row[0]}
    known = {row[0] for row in identified}
    without = sum(not row[0] for row in good)
    with transaction.atomic():
        first = load(tmp_path / "p.csv", rows)
        assert first.total.new == len(known) + without
        assert first.total.conflict == len(identified) - len(known)
        assert first.total.duplicate == len(good) - without - len(identified)
        assert first.total.quarantined == len(bad)
        before = person_register()
        again = load(tmp_path / "p.csv", seed.sample(rows, len(rows))).total
        assert (again.new, again.changed) == (0, 0)
        assert again.unchanged == first.total.new
        assert person_register() == before
        transaction.set_rollback(True)
