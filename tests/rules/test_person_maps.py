"""Maps of a force's own columns: what they say, what is wrong with them, what is guessed."""

import pytest

from concordat.base.source_files import UnusableFile
from concordat.records.errors import WrongMap
from concordat.records.rules.person_maps import (
    ListColumns,
    PersonMap,
    WarningColumns,
    described,
    fitted,
    guess_map,
    read_map,
)
from tests.persons import COLUMNS, MAP

HEADER = list(COLUMNS)


def test_a_map_says_what_each_column_means() -> None:
    found = read_map(MAP)
    assert (found.source, found.date_order, found.guessed) == ("Invented nominals", "dmy", False)
    assert found.columns["reference"] == ("NOMINAL_ID",)
    assert found.addresses == (
        {
            "house": ("HOUSE",),
            "street": ("STREET",),
            "town": ("TOWN",),
            "postcode": ("POSTCODE",),
        },
    )
    assert found.lists["aliases"] == ListColumns(columns=("AKA",), separator=";")
    assert found.warnings == WarningColumns(column="WARN", separator=";", since="WARN_DATE")
    assert found.values["sex"] == {"1": "male", "2": "female"}
    assert fitted(found, HEADER, "f.csv") == found


def test_several_columns_are_joined_or_listed_and_addresses_may_be_many() -> None:
    found = read_map("""
        [columns]
        forename = ["FIRST", "SECOND"]
        surname = "LAST"
        aliases = ["AKA1", "AKA2"]
        phones = { columns = ["TEL", "MOB"] }
        warning_markers = "FLAGS"
        [[addresses]]
        street = ["LINE1", "LINE2"]
        since = "FROM"
        [[addresses]]
        street = "OLD"
    """)
    assert found.columns["forename"] == ("FIRST", "SECOND")
    assert found.lists["phones"] == ListColumns(columns=("TEL", "MOB"))
    assert found.lists["aliases"] == ListColumns(columns=("AKA1", "AKA2"))
    assert found.warnings == WarningColumns(column="FLAGS")
    assert found.told()["street 1"] == ("LINE1", "LINE2")
    assert found.told()["since 1"] == ("FROM",)
    assert found.told()["street 2"] == ("OLD",)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[columns", "is not TOML"),
        ("[colums]\nsurname='X'", "no section “colums”. Did you mean “columns”?"),
        ("[columns]\nsurnam = 'X'", "no target “surnam” in [columns]. Did you mean “surname”?"),
        ("[columns]\nDOB = 'X'", "Did you mean “date_of_birth”?"),
        ("[columns]\nsurname = 3", "“surname” needs the name of a column"),
        ("[columns]\nsurname = []", "“surname” needs the name of a column"),
        ("[columns]\naliases = {colum='A'}", "“aliases” has no part “colum”"),
        ("[columns]\naliases = {separator=';'}", "“aliases” needs the name of a column"),
        ("[columns]\naliases = {column='A', separator=1}", "“separator” must be text"),
        ("[columns]\nwarning_markers = 3", "“warning_markers” needs"),
        ("[columns]\nwarning_markers = {column='W', seperator=';'}", "Did you mean “separator”?"),
        ("[columns]\ntown='A'\n[[addresses]]\ntown='B'", "gives “town” twice"),
        ("[[addresses]]\nstreets='B'", "An address has no part “streets”. Did you mean “street”?"),
        ("addresses = 'x'", "“addresses” must be given as sections"),
        ("columns = 'x'", "“columns” must be a section"),
        ("[dates]\norder='ydm'", "“ydm” is no order of dates. There are: dmy, mdy, ymd"),
        ("[dates]\nformat='dmy'", "[dates] has no part “format”"),
        ("[values.sexes]\n1='m'", "no target “sexes” in [values]. Did you mean “sex”?"),
        ("[values.sex]\n1=1", "[values.sex] needs lines such as"),
        ("source = ''", "“source” needs the name of the system"),
    ],
)
def test_a_wrong_map_is_refused_naming_what_to_correct(text: str, reason: str) -> None:
    with pytest.raises(WrongMap) as refused:
        read_map(text)
    assert reason in str(refused.value)


def test_a_column_that_is_not_there_is_named_with_the_nearest() -> None:
    found = read_map("[columns]\nsurname = 'LAST_NAM'")
    with pytest.raises(UnusableFile) as refused:
        fitted(found, ["ID", "LAST_NAME"], "f.csv")
    assert "f.csv has no column “LAST_NAM”, from which the map reads surname." in str(refused.value)
    assert "Did you mean “LAST_NAME”? Its columns are “ID”, “LAST_NAME”." in str(refused.value)


def test_columns_are_found_whatever_their_case() -> None:
    found = read_map("[columns]\nsurname = 'last_name'")
    assert fitted(found, [" LAST_NAME "], "f.csv") == found


def test_without_a_map_columns_are_guessed_by_their_names() -> None:
    header = ["Unique_ID", "First Name", "surname", "D.O.B.", "Address_1", "address_2", "Mobile",
              "Tel2", "AKA1", "Alias 2", "PNC-ID", "Warnings", "shoe size"]  # fmt: skip
    found = guess_map(header)
    assert found.columns == {
        "reference": ("Unique_ID",),
        "forename": ("First Name",),
        "surname": ("surname",),
        "date_of_birth": ("D.O.B.",),
    }
    assert found.addresses == ({"street": ("Address_1", "address_2")},)
    assert found.lists["phones"].columns == ("Mobile", "Tel2")
    assert found.lists["aliases"].columns == ("AKA1", "Alias 2")
    assert found.lists["pnc_id"].columns == ("PNC-ID",)
    assert found.warnings == WarningColumns(column="Warnings")
    words = described(found, header)
    assert words.startswith("Columns were guessed from their names: reference from “Unique_ID”;")
    assert "Not read: “shoe size”." in words


def test_a_whole_name_is_not_read_beside_its_parts() -> None:
    assert "full_name" not in guess_map(["Name", "Forename", "Surname"]).columns
    assert guess_map(["Name", "DOB"]).columns["full_name"] == ("Name",)


def test_a_file_in_which_nothing_says_who_anybody_is_is_refused() -> None:
    with pytest.raises(UnusableFile, match="no column was recognised as a name"):
        fitted(None, ["shoe size", "town"], "f.csv")
    with pytest.raises(UnusableFile, match="no column was recognised as a name"):
        fitted(PersonMap(columns={"sex": ("S",)}), ["S"], "f.csv")
