"""The register of agreements: importing one, reading its histories, and the picture of all."""

from importlib.resources import as_file, files
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from concordat.access.queries import grants_in_force
from concordat.agreements.actions import draft_agreement, import_register, propose
from concordat.agreements.errors import AgreementsError, NotAllowedToTake, UnknownAgreement
from concordat.agreements.queries import (
    recorded_agreement,
    recorded_agreements,
    register_entries,
    register_picture,
    register_problems,
)
from concordat.agreements.rules.register import Precision, Weight, row_uuid
from concordat.base.acting import acting
from concordat.base.actor import Role
from concordat.base.ids import new_id
from concordat.base.source_files import UnusableFile
from tests.world import SERVICE, agreement_in_force, person, terms

pytestmark = pytest.mark.django_db

NAME = "s22a_agreement_register.csv"
HEADER = "row_id,function,parties,lead_force,event,date,date_precision,note,source_url"
REGISTER_TABLES = ("agreements_register_row", "agreements_register_problem")
DOGS = "A1,Dog Unit,Essex|Kent,,established,2011-04,month,,https://example.org/dogs"


@pytest.fixture
def real() -> Path:
    with as_file(files("concordat.server") / "demo" / NAME) as path:
        return path


def written(folder: Path, *rows: str, name: str = "register.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


# --- importing ------------------------------------------------------------------------------------


def test_the_real_register_loads_whole(real: Path) -> None:
    done = import_register(SERVICE, path=real)
    assert (done.read, done.new, done.problems) == (52, 52, 0)
    found = recorded_agreements(SERVICE)
    assert len(found) == 39
    assert sum(len(one.lines) for one in found) == 52


def test_importing_again_changes_nothing(real: Path) -> None:
    import_register(SERVICE, path=real)
    before = recorded_agreements(SERVICE)
    again = import_register(SERVICE, path=real)
    assert (again.new, again.changed, again.unchanged, again.gone) == (0, 0, 52, 0)
    assert recorded_agreements(SERVICE) == before


def test_what_is_recorded_grants_nothing(real: Path) -> None:
    import_register(SERVICE, path=real)
    assert grants_in_force(SERVICE) == []


def test_a_bad_row_is_put_aside_with_its_reason_and_spoils_no_other(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        DOGS,
        "A2,Fleet,Essex,,established,2011,year,,",
        'A3,"Fleet,Essex|Kent,,established,2011,year,,',
        "A4,Fleet,Essex|Kent,,established,2011-13,month,,",
        "",
        "A1,Fleet,Essex|Kent,,established,2011,year,,",
        "A5,ICT,Essex|Kent,,established",
        "A6,ICT,Essex|Borsetshire,,signed,,not shown,,",
    )
    done = import_register(SERVICE, path=path)
    assert (done.read, done.new, done.problems) == (7, 2, 5)
    assert [(p.line, p.row_id, p.reason) for p in register_problems(SERVICE)] == [
        (3, "A2", "it names fewer than two parties; they are divided by “|”"),
        (4, "", "its quotation marks don’t pair up"),
        (5, "A4", "its date “2011-13” is none: write 2011-04-30, 2011-04 or 2011"),
        (7, "A1", "its row_id A1 stands in line 2 already"),
        (8, "A5", "it has 5 fields where the header has 9"),
    ]
    (dogs,) = [one for one in recorded_agreements(SERVICE) if one.title == "Dog Unit"]
    assert len(dogs.lines) == 1


def test_a_corrected_row_takes_the_place_of_its_words_and_of_its_problem(tmp_path: Path) -> None:
    wrong = "A2,Major Crime Unit,Essex|Kent,,established,sometime,month,,"
    import_register(SERVICE, path=written(tmp_path, DOGS, wrong))
    right = wrong.replace("sometime,month", "2012,year")
    corrected = DOGS.replace("2011-04,month", "2011-05-06,day")
    done = import_register(SERVICE, path=written(tmp_path, corrected, right))
    assert (done.new, done.changed, done.unchanged, done.problems) == (1, 1, 0, 0)
    assert register_problems(SERVICE) == []
    dates = {one.title: one.lines[0].event.date for one in recorded_agreements(SERVICE)}
    assert dates["Dog Unit"].precision is Precision.DAY
    assert dates["Major Crime Unit"].precision is Precision.YEAR


def test_a_row_that_is_gone_from_a_later_file_is_kept(tmp_path: Path) -> None:
    other = "A2,Fleet,Essex|Kent,,established,2011,year,,"
    import_register(SERVICE, path=written(tmp_path, DOGS, other))
    done = import_register(SERVICE, path=written(tmp_path, other))
    assert done.gone == 1
    assert {one.title for one in recorded_agreements(SERVICE)} == {"Dog Unit", "Fleet"}


def test_two_registers_tell_one_history_together(tmp_path: Path) -> None:
    import_register(SERVICE, path=written(tmp_path, DOGS, name="one.csv"))
    ended = "A1,Dogs,Essex|Kent,,terminated,2015,year,,"
    import_register(SERVICE, path=written(tmp_path, ended, name="two.csv"))
    (dogs,) = recorded_agreements(SERVICE)
    assert [line.event.source_file for line in dogs.lines] == ["one.csv", "two.csv"]
    assert dogs.ended


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", UnusableFile),
        (b"PK\x03\x04 a spreadsheet", UnusableFile),
        (b"name,value\nx,y\n", AgreementsError),
        (b'"row_id,function\n', UnusableFile),
    ],
)
def test_what_is_no_register_is_refused_whole(
    tmp_path: Path, content: bytes, error: type[Exception]
) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(error):
        import_register(SERVICE, path=path)
    assert recorded_agreements(SERVICE) == ()


@pytest.mark.parametrize("role", [Role.OFFICER, Role.FINANCE, Role.SIGNATORY])
def test_only_programme_staff_and_the_service_import(tmp_path: Path, role: Role) -> None:
    path = written(tmp_path, DOGS)
    with pytest.raises(NotAllowedToTake):
        import_register(person("essex", role), path=path)
    assert import_register(person("essex", Role.PROGRAMME), path=path).new == 1


def test_postgresql_lets_nobody_else_write(tmp_path: Path) -> None:
    import_register(SERVICE, path=written(tmp_path, DOGS))
    with acting(person("essex")), connection.cursor() as cursor:
        cursor.execute("UPDATE agreements_register_row SET function = 'x'")
        assert cursor.rowcount == 0


@pytest.mark.parametrize("table", REGISTER_TABLES)
def test_postgresql_lets_nobody_delete(tmp_path: Path, table: str) -> None:
    import_register(SERVICE, path=written(tmp_path, DOGS))
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        acting(SERVICE),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"DELETE FROM {table}")


# --- reading --------------------------------------------------------------------------------------


def test_any_row_leads_to_the_history_it_stands_in(real: Path) -> None:
    import_register(SERVICE, path=real)
    first, _ = recorded_agreement(SERVICE, row_id=row_uuid(NAME, "A001"))
    last, _ = recorded_agreement(SERVICE, row_id=row_uuid(NAME, "A015"))
    assert first == last
    _, near = recorded_agreement(SERVICE, row_id=row_uuid(NAME, "A024"))
    assert {one.title for one in near} == {"Procurement", "Procurement Department"}
    with pytest.raises(UnknownAgreement):
        recorded_agreement(SERVICE, row_id=new_id())


def test_the_picture_tells_agreements_from_what_was_recorded(real: Path) -> None:
    import_register(SERVICE, path=real)
    agreement_in_force("EK-1", ["essex", "kent"])
    officer = person("essex")
    picture = register_picture(officer, about="essex")
    cells = {row.function: row.cells for row in picture.rows}
    codes = [body.code for body in picture.bodies]
    assert codes[0] == "essex"
    assert cells["Crime recording"][0].weight is Weight.IN_FORCE
    assert cells["Serious crime"][codes.index("kent")].weight is Weight.RECORDED
    assert cells["Dogs"][0].weight is None
    live = register_picture(officer, about="essex", with_recorded=False)
    assert [row.function for row in live.rows] == ["Crime recording"]


def test_gaps_are_those_of_the_body_asked_about(real: Path) -> None:
    import_register(SERVICE, path=real)
    picture = register_picture(person("essex"), about="essex")
    missed = {gap.function: gap for gap in picture.gaps}
    assert {lack.body for gap in picture.gaps for lack in gap.lacking} == {"essex"}
    assert missed["Dogs"].shared_by == ("bedfordshire", "cambridgeshire", "hertfordshire")
    assert "Air support" not in missed, "all forces share it"
    assert "Procurement" not in missed, "seven forces share it"


def test_overlaps_name_several_functions_of_the_same_bodies(real: Path) -> None:
    import_register(SERVICE, path=real)
    picture = register_picture(person("suffolk"), about="suffolk")
    pair = next(one for one in picture.same_bodies if one.bodies == ("norfolk", "suffolk"))
    assert len(pair.entries) > 10
    ict = next(one for one in picture.same_function if one.function == "ICT")
    assert {"norfolk", "suffolk"} <= set(ict.bodies)


def test_a_draft_is_not_in_the_register_and_a_proposal_is_coming() -> None:
    draft_agreement(SERVICE, terms=terms("DRAFT-1", ["essex", "kent"]))
    assert register_entries(SERVICE) == ()
    propose(SERVICE, reference="DRAFT-1")
    assert [(e.key, e.weight) for e in register_entries(SERVICE)] == [("DRAFT-1", Weight.COMING)]


def test_a_body_without_any_agreement_is_shown_with_its_neighbours() -> None:
    picture = register_picture(person("cumbria"), about="cumbria")
    assert picture.about is not None
    assert {"lancashire", "durham"} <= {body.code for body in picture.bodies}
    assert register_picture(SERVICE, about="no such body").about is None
