"""Loading street-level files: every row accounted for, nothing changed by loading it again."""

import csv
import gzip
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from concordat.base.actor import PERSONAL_ROLES, Actor, Role
from concordat.organisations.queries import organisation
from concordat.records.actions import LoadReport, load_street
from concordat.records.errors import NotAllowedToLoad, UnknownRecord
from concordat.records.queries import event, load_detail, quarantined_rows
from concordat.records.rules.loads import STREET_COLUMNS
from concordat.records.rules.questions import EventRow
from concordat.tracing.queries import Filters, search
from tests.files import crime_id, stop_search_row, street_row, write_csv
from tests.world import SERVICE, agreement_in_force, person, register

pytestmark = pytest.mark.django_db

NAME = "2026-01-essex-street.csv"
KENT_ROW = {"reported_by": "Kent Police", "falls_within": "Kent Police"}
IN_KENT = {"lsoa_code": "E01024000", "lsoa_name": "Canterbury 001A"}
ROWS = [street_row(1), street_row(2, crime_type="Robbery"), street_row(None), street_row(None)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def load(path: Path, rows: Sequence[Sequence[str]], actor: Actor = SERVICE) -> LoadReport:
    return load_street(actor, paths=[write_csv(path, rows)])


def counts(report: LoadReport) -> dict[str, int]:
    """Return the verdicts that were given at all, and that they sum up to the rows read."""
    verdicts = {name: count for name, count in report.total.as_dict().items() if count}
    assert verdicts.pop("read", 0) == sum(verdicts.values())
    return verdicts


def essex_events(text: str = "", filters: Filters | None = None) -> tuple[EventRow, ...]:
    body = organisation("essex")
    return search(SERVICE.acting_for(body.id, body.name), text=text, filters=filters).answer.rows


def kept_rows(report: LoadReport, force: str = "essex") -> list[tuple[str, int, str, str]]:
    body = organisation(force)
    return quarantined_rows(SERVICE.acting_for(body.id, body.name), load_id=report.load_id)


# --- loading it again -----------------------------------------------------------------------------


def test_new_rows_are_counted_and_can_be_found(folder: Path) -> None:
    report = load(folder / NAME, ROWS)
    assert counts(report) == {"new": 4}
    assert (report.files[0].name, report.refused) == (NAME, ())
    assert len(essex_events()) == 4
    assert {row.location for row in essex_events()} == {"On or near Invented Street"}


def test_loading_twice_changes_nothing(folder: Path) -> None:
    rows = [*ROWS, street_row(1, context="Differs"), street_row(2, month="x")]
    first = load(folder / NAME, rows)
    before = register("essex")
    again = load(folder / NAME, rows)
    assert counts(first) == {"new": 4, "conflict": 1, "quarantined": 1}
    assert counts(again) == {"unchanged": 4, "conflict": 1, "quarantined": 1}
    assert register("essex") == before


def test_a_file_given_twice_in_one_go_is_loaded_once(folder: Path) -> None:
    paths = [write_csv(folder / NAME, ROWS), write_csv(folder / "copy.csv", ROWS)]
    assert counts(load_street(SERVICE, paths=paths)) == {"new": 4, "unchanged": 4}


def resupplied(folder: Path, how: str) -> Path:
    """Write the same rows as somebody else might supply them."""
    shuffled = random.Random(7).sample(ROWS, len(ROWS))  # noqa: S311 (no secret)
    columns = list(reversed(STREET_COLUMNS))
    match how:
        case "shuffled":
            return write_csv(folder / "again.csv", shuffled)
        case "CRLF":
            return write_csv(folder / "again.csv", ROWS, newline="\r\n")
        case "gzipped":
            return write_csv(folder / "again.csv.gz", ROWS)
        case "other columns":
            return write_csv(
                folder / "again.csv",
                [[*reversed(row), "extra"] for row in ROWS],
                columns=[*columns, "Extra"],
            )
        case _:
            path = folder / "again.csv"
            with path.open("w", encoding="utf-8-sig", newline="") as file:
                csv.writer(file, quoting=csv.QUOTE_ALL).writerows([STREET_COLUMNS, *ROWS])
            return path


@pytest.mark.parametrize("how", ["shuffled", "CRLF", "gzipped", "other columns", "quoted"])
def test_the_same_rows_supplied_otherwise_change_nothing(folder: Path, how: str) -> None:
    load(folder / NAME, ROWS)
    before = register("essex")
    again = load_street(SERVICE, paths=[resupplied(folder, how)])
    assert counts(again) == {"unchanged": 4}
    assert register("essex") == before


# --- equal and contradicting rows -----------------------------------------------------------------


def test_equal_rows_without_an_identifier_are_separate_and_numbered(folder: Path) -> None:
    load(folder / NAME, [street_row(None)] * 3)
    references = [row.reference for row in essex_events()]
    content = references[0].partition("#")[0]
    assert sorted(references) == [f"{content}#{number}" for number in (1, 2, 3)]
    fourth = load(folder / NAME, [street_row(None)] * 4)
    assert counts(fourth) == {"unchanged": 3, "new": 1}


def test_an_exact_repeat_with_an_identifier_is_a_duplicate(folder: Path) -> None:
    assert counts(load(folder / NAME, [street_row(1)] * 3)) == {"new": 1, "duplicate": 2}
    assert counts(load(folder / NAME, [street_row(1)] * 3)) == {"unchanged": 1, "duplicate": 2}


def test_a_contradiction_is_flagged_and_kept_whatever_the_order_of_rows(folder: Path) -> None:
    rows = [street_row(1), street_row(1, crime_type="Robbery"), street_row(1, crime_type="Drugs")]
    results = []
    for order in (rows, rows[::-1], [rows[1], rows[2], rows[0]]):
        with transaction.atomic():
            assert counts(load(folder / NAME, order)) == {"new": 1, "conflict": 2}
            results.append(register("essex", with_lines=False))
            transaction.set_rollback(True)
    assert results[0] == results[1] == results[2]
    assert Counter(row["what"] for row in results[0]) == {"event": 1, "version": 1, "conflict": 2}
    told = {row["category"] for row in results[0] if row["what"] != "version"}
    assert told == {"Burglary", "Robbery", "Drugs"}


def test_a_contradiction_never_overwrites_what_is_registered(folder: Path) -> None:
    load(folder / NAME, [street_row(1)])
    rows = [street_row(1, crime_type=kind) for kind in ("Robbery", "Burglary", "Drugs")]
    assert counts(load(folder / NAME, rows)) == {"unchanged": 1, "conflict": 2}
    (found,) = essex_events(filters=Filters(in_conflict=True))
    assert (found.category, found.in_conflict) == ("Burglary", True)
    detail = event(person("essex"), event_id=found.id)
    assert detail.version == 1
    assert [part.category for part in detail.conflicts] == ["Robbery", "Drugs"]


def test_one_identifier_of_two_forces_is_two_events(folder: Path) -> None:
    report = load(folder / NAME, [street_row(1), street_row(1, **KENT_ROW)])
    assert counts(report) == {"new": 2}


# --- versions -------------------------------------------------------------------------------------


def test_a_later_outcome_is_a_new_version_and_the_old_one_is_kept(folder: Path) -> None:
    load(folder / NAME, [street_row(1)])
    later = street_row(1, last_outcome_category="Offender sent to prison", month="2026-02")
    assert counts(load(folder / "2026-02-essex-street.csv", [later])) == {"changed": 1}
    (found,) = essex_events()
    detail = event(person("essex"), event_id=found.id)
    assert (detail.outcome, detail.version) == ("Offender sent to prison", 2)
    assert [(part.number, part.outcome, part.file_name) for part in detail.versions] == [
        (1, "Under investigation", NAME),
        (2, "Offender sent to prison", "2026-02-essex-street.csv"),
    ]


def test_an_older_file_loaded_late_does_not_become_current(folder: Path) -> None:
    load(folder / "2026-02-essex-street.csv", [street_row(1, month="2026-02", context="Late")])
    assert counts(load(folder / NAME, [street_row(1)])) == {"changed": 1}
    (found,) = essex_events("2026-02")
    detail = event(person("essex"), event_id=found.id)
    assert (detail.version, detail.details) == (1, {"context": "Late"})
    assert [part.number for part in detail.versions] == [1, 2]


def test_a_row_equal_to_an_old_version_is_unchanged(folder: Path) -> None:
    old, current = street_row(1), street_row(1, last_outcome_category="Local resolution")
    for row in (old, current):
        load(folder / NAME, [row])
    before = register("essex")
    assert counts(load(folder / NAME, [old])) == {"unchanged": 1}
    assert register("essex") == before


# --- whose rows, and who may load them ------------------------------------------------------------


def test_each_force_owns_its_rows_of_a_mixed_file(folder: Path) -> None:
    report = load(folder / "mixed.csv", [*ROWS, street_row(9, **KENT_ROW)])
    assert counts(report) == {"new": 5}
    per_force = {force: len(register(force)) for force in ("essex", "kent")}
    assert per_force == {"essex": 8, "kent": 2}, "an event and its first version for each row"


def test_a_row_of_an_unknown_force_is_quarantined(folder: Path) -> None:
    report = load(folder / NAME, [*ROWS, street_row(9, reported_by="Police of Nowhere")])
    assert counts(report) == {"new": 4, "quarantined": 1}
    (kept,) = kept_rows(report)
    assert kept[2] == "“Police of Nowhere” is not the name of a force"


def test_a_force_outside_every_agreement_loads_as_any_other(folder: Path) -> None:
    load(folder / "2026-01-cumbria-street.csv", [street_row(1, reported_by="Cumbria Constabulary")])
    assert len(register("cumbria")) == 2
    assert essex_events() == ()


def test_a_person_in_data_quality_loads_their_own_forces_rows_only(folder: Path) -> None:
    essex = person("essex", Role.DATA_QUALITY)
    report = load(folder / "mixed.csv", [*ROWS, street_row(9, **KENT_ROW)], essex)
    assert counts(report) == {"new": 4, "quarantined": 1}
    (kept,) = quarantined_rows(essex, load_id=report.load_id)
    assert kept[2] == "only the force that recorded it may load it, not Essex Police"
    assert register("kent") == []


def test_a_file_of_another_force_brings_a_person_nothing(folder: Path) -> None:
    kent = person("kent", Role.DATA_QUALITY)
    report = load(folder / NAME, ROWS, kent)
    assert counts(report) == {}
    assert "only the force that recorded it may load it" in report.refused[0].problem
    assert register("essex", "kent") == []


@pytest.mark.parametrize("role", sorted(set(PERSONAL_ROLES) - {Role.DATA_QUALITY}))
def test_other_roles_load_nothing(folder: Path, role: Role) -> None:
    with pytest.raises(NotAllowedToLoad, match="data quality"):
        load(folder / NAME, ROWS, person("essex", role))


def test_a_load_report_is_its_own_forces_alone(folder: Path) -> None:
    report = load(folder / NAME, [*ROWS, street_row(9, month="x")])
    agreement_in_force("A", ["essex", "kent"])
    assert load_detail(person("essex"), load_id=report.load_id).total == report.total
    for reading in (load_detail, quarantined_rows):
        with pytest.raises(UnknownRecord):
            reading(person("kent", username=reading.__name__), load_id=report.load_id)


# --- quarantine and notices -----------------------------------------------------------------------


def test_a_quarantined_row_keeps_its_line_reason_and_text_and_can_be_corrected(
    folder: Path,
) -> None:
    path = write_csv(folder / NAME, [street_row(1), street_row(2, month="2026-1")])
    with path.open("ab") as file:
        file.write(b'\n"odd,quotation\nZo\xeb\na,b\n' + b"x" * 70_000 + b"\n")
    report = load_street(SERVICE, paths=[path])
    assert counts(report) == {"new": 1, "quarantined": 5}
    kept = kept_rows(report)
    assert [(row[0], row[1], row[2]) for row in kept] == [
        (NAME, 3, "“2026-1” is not a month such as 2024-01"),
        (NAME, 5, "the quotation marks of the row don’t pair up"),
        (NAME, 6, "the line holds bytes that are not UTF-8 text"),
        (NAME, 7, "the row has 2 fields where the header has 12"),
        (NAME, 8, "the line is longer than 65,536 bytes"),
    ]
    assert next(csv.reader([kept[0][3]])) == street_row(2, month="2026-1")
    corrected = next(csv.reader([kept[0][3].replace("2026-1,", "2026-01,")]))
    assert counts(load(folder / "corrected.csv", [corrected])) == {"new": 1}


def test_a_value_never_seen_before_is_kept_and_noticed(folder: Path) -> None:
    agreement_in_force("A", ["essex", "kent"])
    report = load(folder / NAME, [street_row(1, last_outcome_category="Sent to the Moon")] * 2)
    assert report.files[0].notices == [
        "“Sent to the Moon” has never been seen before (2 rows); it was kept as it came."
    ]
    assert essex_events()[0].outcome == "Sent to the Moon"


def test_a_row_without_coordinates_is_an_event_without_a_point(folder: Path) -> None:
    nowhere = {"location": "No Location", "lsoa_code": "", "lsoa_name": ""}
    no_point = {"longitude": "", "latitude": ""}
    report = load(folder / NAME, [street_row(1, **no_point), street_row(2, **nowhere, **no_point)])
    assert counts(report) == {"new": 2}
    found = {row.reference: row for row in essex_events()}
    assert found[crime_id(1)].location == "On or near Invented Street"
    assert found[crime_id(1)].latitude is None
    assert event(person("essex"), event_id=found[crime_id(2)].id).place is None


def test_every_area_is_looked_up_by_its_own_name_even_without_a_code(folder: Path) -> None:
    names = ("Colchester 007A", "Canterbury 001A", "Nowhere 001A")
    rows = [
        street_row(number, lsoa_code="", lsoa_name=name) for number, name in enumerate(names, 1)
    ]
    load(folder / NAME, rows)
    areas = {row.lsoa_name: row.area_id for row in essex_events()}
    essex, kent = organisation("essex").id, organisation("kent").id
    assert areas == dict(zip(names, (essex, kent, None), strict=True))


def test_an_event_in_anothers_area_is_found_from_both_sides_under_an_agreement(
    folder: Path,
) -> None:
    load(folder / NAME, [street_row(1), street_row(2, **IN_KENT)])
    essex, kent = person("essex"), person("kent")
    in_kent = Filters(area_ids=[kent.organisation_id])
    assert search(kent, text="", filters=in_kent).answer.total == 0
    agreement_in_force("A", ["essex", "kent"])
    for actor, text, filters in ((essex, "elsewhere", None), (kent, "", in_kent)):
        (found,) = search(actor, text=text, filters=filters).answer.rows
        assert found.reference == crime_id(2)
        assert (found.owner_id, found.area_id) == (essex.organisation_id, kent.organisation_id)
        assert found.lies_elsewhere


# --- files refused whole --------------------------------------------------------------------------


def test_unusable_files_are_refused_with_clear_text_while_the_others_load(folder: Path) -> None:
    good = write_csv(folder / NAME, ROWS)
    zipped = gzip.compress(good.read_bytes() * 50)
    contents = {
        "columns.csv": b"Month,Place\n2026-01,here\n",
        "binary.csv": good.read_bytes() + b"\0\1\2\n",
        "cut.csv.gz": zipped[: len(zipped) // 2],
        "empty.csv": b"",
        "book.csv": b"PK\x03\x04...",
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    (folder / "folder.csv").mkdir()
    (folder / "dangling.csv").symlink_to(folder / "nothing")
    names = [*contents, "folder.csv", "dangling.csv"]
    paths = [folder / name for name in names]
    report = load_street(SERVICE, paths=[*paths[:3], good, *paths[3:]])
    assert counts(report) == {"new": 4}
    assert len(essex_events()) == 4, "nothing of the others is half-loaded"
    reasons = (
        "has no column “Crime ID”, “Reported by”",
        "is not a text file (line 6 holds binary data)",
        "is cut short or damaged",
        "is empty",
        "is a ZIP archive or a spreadsheet",
        "is a folder, not a file",
        "can’t be opened: No such file or directory",
    )
    for refused, name, reason in zip(report.refused, names, reasons, strict=True):
        assert refused.problem.startswith(f"{name} ")
        assert reason in refused.problem
        assert refused.account.read == 0


def test_a_file_of_no_rows_is_loaded_and_brings_nothing(folder: Path) -> None:
    report = load(folder / NAME, [])
    assert (counts(report), report.refused) == ({}, ())
    assert "a header and no rows" in load(folder / "unnamed.csv", []).refused[0].problem


def test_a_file_cut_off_in_its_last_line_says_so(folder: Path) -> None:
    agreement_in_force("A", ["essex", "kent"])
    path = write_csv(folder / NAME, ROWS)
    path.write_bytes(path.read_bytes()[:-80])
    report = load_street(SERVICE, paths=[path])
    assert counts(report) == {"new": 3, "quarantined": 1}
    assert report.files[0].notices == ["The file seems to be cut off: its last line has no end."]


def test_a_stop_and_search_file_is_no_street_file(folder: Path) -> None:
    report = load(folder / NAME, [stop_search_row()[:12]])
    assert counts(report) == {"quarantined": 1}, "no value of it was taken for another"


# --- every row accounted for ----------------------------------------------------------------------

readable = st.builds(
    lambda number, outcome, force: street_row(number, last_outcome_category=outcome, **force),
    st.none() | st.integers(1, 3),
    st.sampled_from(["", "Local resolution", "Never seen"]),
    st.sampled_from([{}, KENT_ROW]),
)
unreadable = st.sampled_from(
    [
        street_row(1, month="soon"),
        street_row(2, reported_by="Police of Nowhere"),
        street_row(3, latitude=""),
        ["too", "short"],
    ]
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    good=st.lists(readable, max_size=12), bad=st.lists(unreadable, max_size=4), seed=st.randoms()
)
def test_every_row_is_accounted_for(
    folder: Path, good: list[list[str]], bad: list[list[str]], seed: random.Random
) -> None:
    rows = seed.sample([*good, *bad], len(good) + len(bad))
    identified = Counter((row[2], row[0], row[10]) for row in good if row[0])
    events = len({key[:2] for key in identified})
    expected = Counter(
        new=events + sum(not row[0] for row in good),
        conflict=len(identified) - events,
        duplicate=identified.total() - len(identified),
        quarantined=len(bad),
    )
    with transaction.atomic():
        first = load(folder / NAME, rows)
        assert counts(first) == +expected
        before = register("essex", "kent")
        kinds = Counter(row["what"] for row in before)
        assert kinds["event"] == kinds["version"] == expected["new"]
        assert kinds["conflict"] == expected["conflict"]
        again = asdict(load(folder / NAME, seed.sample(rows, len(rows))).total)
        assert again == asdict(first.total) | {"new": 0, "unchanged": expected["new"]}
        assert register("essex", "kent") == before
        transaction.set_rollback(True)


def test_a_force_that_is_no_party_is_told_that_nobody_else_sees_its_records(tmp_path: Path) -> None:
    agreement_in_force("A", ["essex", "kent"])
    surrey = street_row(1, reported_by="Surrey Police", falls_within="Surrey Police")
    path = write_csv(tmp_path / "mixed.csv", [street_row(2), surrey])

    report = load_street(SERVICE, paths=[path])

    assert report.total.new == 2
    (notice,) = report.files[0].notices
    assert notice.startswith("No agreement in force shares the records of Surrey Police")
