"""What columns are taken for: by their names, by their values, and as a map says."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pytest

from concordat.identity.engine.meanings import Meaning
from concordat.identity.engine.tables.columns import guess, map_columns, people_table, read_map
from concordat.identity.engine.tables.errors import WrongColumns
from concordat.identity.engine.tables.spellings import KNOWN, NEVER, PARTS, spelled

VALUES = {
    Meaning.FORENAME: ["Zoë", "John"],
    Meaning.MIDDLE_NAMES: ["Ann", "J"],
    Meaning.SURNAME: ["O’Brien", "Smith"],
    Meaning.FULL_NAME: ["Zoë O’Brien", "Smith, John"],
    Meaning.DATE_OF_BIRTH: ["03/05/87", "1987-05-03"],
    Meaning.SEX: ["F", "male"],
    Meaning.POSTCODE: ["CO1 1AA", "90210"],
    Meaning.HOUSE: ["12a", "Rose Cottage"],
    Meaning.STREET: ["High Street", "12 Mill Lane"],
    Meaning.TOWN: ["Colchester", "Ely"],
    Meaning.REGION: ["Essex", "VIC"],
    Meaning.PHONE: ["07700 900123", "+44 1206 555 555"],
    Meaning.EMAIL: ["a@b.example", "c@d.example"],
    Meaning.PNC_ID: ["2001/1234567L", "97/1234567K"],
    Meaning.CRO: ["123456/97K", "SF12345/80A"],
    Meaning.DRIVING_LICENCE: ["MORGA657054SM9IJ", "JONES 710238 HA8TA"],
    Meaning.NINO: ["AB123456C", "QQ 12 34 56 A"],
    Meaning.IDENTIFIER: ["6988048", "123-45-6789"],
    Meaning.BIRTH_PLACE: ["Norwich", "Kent"],
    Meaning.OCCUPATION: ["Baker", "Clerk"],
}


def meanings(**columns: Sequence[str | None]) -> dict[str, str]:
    return {choice.column: choice.word for choice in guess(pa.table(columns)).choices}


def guessed(*names: str) -> list[str]:
    """Return what columns of these names are taken for, their values being right."""
    table = {}
    for name in names:
        spelling, _ = spelled(name)
        known = ["1987", "5"] if spelling in PARTS else VALUES[KNOWN[spelling]]
        table[name] = known
    made = guess(pa.table({**table, "e-mail of theirs": ["a@b.c", "d@e.f"]}), never=())
    return [choice.word for choice in made.choices][:-1]


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (["first_name", "last_name", "dob"], ["forename", "surname", "date_of_birth"]),
        (["Given Nm", "Family Name", "D.O.B."], ["forename", "surname", "date_of_birth"]),
        (["fname", "lname", "birthDate"], ["forename", "surname", "date_of_birth"]),
        (["ChristianName", "SURNAME", "Born"], ["forename", "surname", "date_of_birth"]),
        (["fname_c1", "lname_c1", "by", "bm", "bd"],
         ["forename", "surname", "date_of_birth.year", "date_of_birth.month", "date_of_birth.day"]),
        ([" given_name", " surname", " street_number", " address_1", " address_2", " suburb",
          " postcode", " state", " date_of_birth", " soc_sec_id"],
         ["forename", "surname", "house", "street", "street", "town", "postcode", "region",
          "date_of_birth", "identifier"]),
        (["Forename(s)", "person_surname", "Sex", "PNC-ID", "CRO No.", "NI Number"],
         ["forename", "surname", "sex", "pnc_id", "cro", "nino"]),
        (["Forename", "Surname", "home phone", "E-Mail", "ZipCode", "gender_code"],
         ["forename", "surname", "phone", "email", "postcode", "sex"]),
        (["Forename", "Surname", "res_city_desc", "pob", "job", "DrivingLicence"],
         ["forename", "surname", "town", "birth_place", "occupation", "driving_licence"]),
    ],
)  # fmt: skip
def test_columns_are_known_by_many_spellings(names: list[str], wanted: list[str]) -> None:
    found = guessed("surname" if "surname" in names else names[0], *names[1:])
    assert found == wanted


@pytest.mark.parametrize(
    "name",
    ["unique_id", "rec_id", "cluster", "id", "ID", "PersonID", "entity_id", "truth", "row",
     "household_id", "simulant_id", "source", "address_id", "mother_surname", "alias", ""],
)  # fmt: skip
def test_ids_truths_and_other_persons_names_are_never_taken(name: str) -> None:
    assert meanings(**{"surname": ["A", "B"], name: ["Smith", "1"]})[name] == "not used"


def test_every_spelling_is_of_one_meaning() -> None:
    assert not NEVER & (set(KNOWN) | set(PARTS))
    assert set(KNOWN) & set(PARTS) == {"birthday"}


def test_a_birthday_is_a_date_or_a_day_as_its_values_tell() -> None:
    names: list[str] = ["A", "B"]
    assert meanings(surname=names, birthday=["1987-05-03", "x"])["birthday"] == "date_of_birth"
    found = meanings(surname=names, birthday=["3", "14"], yob=["1987", "1988"])
    assert found["birthday"] == "date_of_birth.day"


@pytest.mark.parametrize("meaning", Meaning)
def test_right_values_are_believed_and_empty_columns_are_not_used(meaning: Meaning) -> None:
    name = next(spelling for spelling, known in KNOWN.items() if known is meaning)
    other = "dob" if meaning is Meaning.EMAIL else "email"
    beside: dict[str, Sequence[str | None]] = {other: VALUES[KNOWN[other]]}
    assert meanings(**beside, **{name: VALUES[meaning]})[name] == meaning
    assert meanings(**beside, **{name: [None, " "]})[name] == "not used"


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("dob", ["Smith", "Jones"]),
        ("postcode", ["yes", "no"]),
        ("phone", ["iPhone", "Nokia"]),
        ("email", ["yes", "no"]),
        ("sex", ["Smith", "Jones"]),
        ("forename", ["123", "456"]),
        ("nino", ["1", "2"]),
        ("house", ["-", "!"]),
        ("birth_month", ["5", "6"]),
    ],
)
def test_a_name_is_not_believed_against_the_values(name: str, values: list[str]) -> None:
    assert meanings(surname=["A", "B"], **{name: values})[name] == "not used"


def test_split_names_are_preferred_to_the_whole() -> None:
    found = meanings(name=["A B", "C D"], first=["A", "C"], last=["B", "D"])
    assert found == {"name": "not used", "first": "forename", "last": "surname"}


def test_a_name_of_single_words_is_what_the_other_columns_lack() -> None:
    words: list[str] = ["Ann", "Bob"]
    born: list[str] = ["1987-05-03", "1988-05-03"]
    assert meanings(name=words, surname=words)["name"] == "forename"
    assert meanings(name=words, forename=words)["name"] == "surname"
    assert meanings(name=words, dob=born)["name"] == "not used"
    assert meanings(name=["Ann Lee", "Bob Roy"], dob=born)["name"] == "full_name"


def test_a_bare_number_is_what_it_looks_like() -> None:
    names: list[str] = ["A", "B"]
    assert meanings(surname=names, number=["12", "7a"])["number"] == "house"
    assert meanings(surname=names, number=["07700900123", "07700900124"])["number"] == "phone"
    assert meanings(surname=names, number=["%", "?"])["number"] == "not used"


def test_of_two_columns_the_plainer_and_fuller_is_used() -> None:
    found = meanings(
        surname=["A", "B"],
        home_phone=["07700900123", "07700900124"],
        mobile=["07700900123", None],
        phone=["07700900123", "07700900124"],
    )
    assert found == {
        "surname": "surname", "home_phone": "not used", "mobile": "not used", "phone": "phone",
    }  # fmt: skip


def test_a_date_of_birth_in_parts_becomes_one_as_far_as_it_is_known() -> None:
    table = pa.table(
        {
            "surname": ["A"] * 4,
            "birth_year": ["1987", "1987", "1987", ""],
            "birth_month": ["5", "05", None, "5"],
            "birth_day": ["3", "", "3", "3"],
        }
    )
    people, columns = people_table(table, guess(table))
    name = next(name for name, meaning in columns.items() if meaning is Meaning.DATE_OF_BIRTH)
    assert people.column(name).to_pylist() == ["1987-05-03", "1987-05", "1987", None]


def test_of_very_long_values_only_the_beginning_is_compared() -> None:
    table = pa.table({"surname": ["Smith", "é" * 100_000], "dob": ["1987", "1988"]})
    people, _ = people_table(table, guess(table))
    assert people.column("surname").to_pylist() == ["Smith", "é" * 500]


def test_without_a_telling_column_the_answer_says_what_was_found() -> None:
    with pytest.raises(WrongColumns, match=r"needed. The columns are “Smith”, “1987”.*header"):
        guess(pa.table({"Smith": ["Jones"], "1987": ["1988"]}))
    with pytest.raises(WrongColumns, match="Only sex can be used"):
        guess(pa.table({"sex": ["F"], "q": ["1"]}))


# --- maps -----------------------------------------------------------------------------------------

TABLE = pa.table({"Given Nm": ["A"], "Fam": ["B"], "When": ["1987"]})


def test_a_map_says_all_and_what_it_leaves_out_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "map.toml"
    path.write_text('[columns]\n"given nm" = "Forename"\nFam = "surname"\n')
    found = read_map(path, TABLE)
    assert [choice.word for choice in found.choices] == ["forename", "surname", "not used"]


def test_a_guess_written_as_a_map_reads_back_as_itself(tmp_path: Path) -> None:
    awkward = pa.table({'sur"name\n\\': ["A"], "surname": ["B"], "dob": ["1987-05-03"], "q": ["x"]})
    made = guess(awkward)
    path = tmp_path / "map.toml"
    path.write_text(made.as_toml())
    assert [c.word for c in read_map(path, awkward).choices] == [c.word for c in made.choices]


@pytest.mark.parametrize(
    ("mapped", "said"),
    [
        ({"Given": "forename"}, "“Given”, which is not there. The nearest are: Given Nm"),
        ({"Given Nm": "forname"}, "no meaning. The nearest are: forename"),
        ({"Given Nm": "first name"}, "no meaning. The nearest are: forename"),
        ({"Given Nm": "zzz"}, "They are: forename, middle_names"),
        ({"Given Nm": "surname", "Fam": "surname"}, "both mapped as surname"),
        ({"Given Nm": "date_of_birth", "Fam": "date_of_birth.year"}, "both whole and in parts"),
        ({"Given Nm": "sex"}, "No column tells persons apart"),
    ],
)
def test_a_wrong_map_is_refused_with_the_nearest_right_words(
    mapped: dict[str, object], said: str
) -> None:
    with pytest.raises(WrongColumns) as caught:
        map_columns(mapped, TABLE)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no toml", "is not TOML"),
        ("x = 1", "no table"),
        ("[columns]", "no table"),
        (None, "opened"),
    ],
)
def test_a_file_that_is_no_map_is_refused(tmp_path: Path, text: str | None, said: str) -> None:
    path = tmp_path / "map.toml"
    if text is not None:
        path.write_text(text)
    with pytest.raises(WrongColumns, match=said):
        read_map(path, TABLE)


def test_several_columns_may_be_streets() -> None:
    table = pa.table({"surname": ["A"], "address_1": ["High St"], "address_2": ["Old Town"]})
    assert list(people_table(table, guess(table))[1].values()) == [
        Meaning.SURNAME, Meaning.STREET, Meaning.STREET,
    ]  # fmt: skip
