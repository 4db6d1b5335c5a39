"""Reading a row of persons: what it tells, what is kept with a notice, what can't be recorded."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concordat.identity.engine.meanings import Meaning
from concordat.records.rules.events import Unreadable
from concordat.records.rules.person_codes import (
    ETHNICITY_OBSERVED,
    ETHNICITY_SELF_DEFINED,
    GENDERS,
    STANDARD_WORDS,
)
from concordat.records.rules.person_maps import PersonMap, guess_map, read_map
from concordat.records.rules.person_rows import PersonReader
from concordat.records.rules.persons import (
    FACET_LIMIT,
    Address,
    Contact,
    Identifier,
    Missing,
    PersonContent,
    PersonName,
    ReadPerson,
    facets_of,
    identifies,
    missing_for_minimum,
)
from tests.persons import COLUMNS, MAP, person_row

TODAY = date(2026, 11, 21)
BLANK = dict.fromkeys([column.lower() for column in COLUMNS], "")


def read(**changes: str) -> ReadPerson:
    reader = PersonReader(read_map(MAP), COLUMNS, today=TODAY)
    return reader.read(person_row(**changes))


def read_by(found: PersonMap, **told: str) -> ReadPerson:
    return PersonReader(found, list(told), today=TODAY).read(list(told.values()))


def problems(told: ReadPerson) -> list[tuple[str, str]]:
    return [(notice.field, notice.problem) for notice in told.person.notices]


# --- what a row tells -----------------------------------------------------------------------------


def test_everything_that_is_mapped_is_told() -> None:
    told = read(
        aka="Annie Birch; Spider", pnc="81/34U", warn="VI;WE - knives", warn_date="01/02/2020"
    )
    person = told.person
    assert told.identity == "N1"
    assert [(name.kind, name.text) for name in person.names] == [
        ("main", "Ann Alder"),
        ("alias", "Annie Birch"),
        ("alias", "Spider"),
    ]
    assert (person.date_of_birth, person.date_of_birth_form) == ("03/05/1987", "1987-05-03")
    assert person.sex == "Female"
    assert person.identifiers == [
        Identifier(kind="pnc_id", value="81/34U", form="1981/0000034U", valid=True)
    ]
    assert person.addresses[0].text == "14 Invented Street, Nowhere, SS99 9ZZ"
    assert person.phones == [Contact(value="07700 900123", form="+447700900123")]
    assert [(w.code, w.text, w.since) for w in told.warnings] == [
        ("VI", "Violent", "2020-02-01"),
        ("WE", "knives", "2020-02-01"),
    ]
    assert (person.notices, missing_for_minimum(person)) == ([], ())


def test_a_maiden_name_and_a_nickname_take_the_place_of_the_part_they_replace() -> None:
    found = guess_map(["forename", "surname", "maiden_name", "nickname"])
    told = read_by(found, forename="Ann", surname="Alder", maiden_name="Birch", nickname="Nan")
    assert [(name.kind, name.text) for name in told.person.names] == [
        ("main", "Ann Alder"),
        ("maiden", "Ann Birch"),
        ("nickname", "Nan Alder"),
    ]


@pytest.mark.parametrize(
    ("recorded", "order", "form"),
    [
        ("03/05/87", "dmy", "1987-05-03"),
        ("03/05/87", "mdy", "1987-03-05"),
        ("1987-05-03", "mdy", "1987-05-03"),
        ("May 1987", "dmy", "1987-05-00"),
        ("1987", "dmy", "1987-00-00"),
    ],
)
def test_a_date_of_birth_is_as_precise_as_recorded(recorded: str, order: str, form: str) -> None:
    found = read_map(f"[columns]\nsurname='s'\ndate_of_birth='d'\n[dates]\norder='{order}'")
    person = read_by(found, s="Alder", d=recorded).person
    assert (person.date_of_birth, person.date_of_birth_form) == (recorded, form)


@pytest.mark.parametrize(
    ("recorded", "problem"),
    [
        ("21/11/2026", "is today"),
        ("22/11/2026", "lies in the future"),
        ("01/01/1899", "lies more than 120 years ago"),
        ("31/02/1987", "is a day that doesn’t exist"),
        ("soon", "is not a date"),
    ],
)
def test_a_date_that_cant_be_one_of_birth_is_kept_as_recorded_and_not_used(
    recorded: str, problem: str
) -> None:
    told = read(dob=recorded)
    assert (told.person.date_of_birth, told.person.date_of_birth_form) == (recorded, "")
    assert problems(told) == [("date_of_birth", problem)]
    assert "date of birth" in missing_for_minimum(told.person)


@pytest.mark.parametrize(
    ("change", "field", "problem"),
    [
        ({"last": "A" * 36}, "surname", "is longer than 35 characters"),
        ({"last": "Alder  Birch"}, "surname", "holds two spaces in a row"),
        ({"first": "Mr Tesco"}, "forename", "begins with a title"),
        ({"first": "Ann3"}, "forename", "holds more than letters, hyphens and apostrophes"),
        ({"sex": "7"}, "sex", "is not one of the standard’s values"),
        ({"postcode": "QQ1 1AA"}, "postcode", "is not a postcode"),
        ({"mobile": "12345678901234567890"}, "phones", "is not a telephone number"),
        ({"pnc": "81/34V"}, "pnc_id", "has a wrong check letter or form"),
        ({"warn": "VI", "warn_date": "soon"}, "warning since", "is not a whole day"),
    ],
)
def test_a_bad_field_is_kept_as_recorded_with_a_notice(
    change: dict[str, str], field: str, problem: str
) -> None:
    told = read(**change)
    assert problems(told) == [(field, problem)]
    assert told.person.notices[0].value in change.values()


@pytest.mark.parametrize("name", ["O'Neill", "O’Neill", "Smith-Jones", "van der Berg", "Łukasz"])
def test_names_of_the_real_world_are_in_order(name: str) -> None:
    assert problems(read(last=name)) == []


@pytest.mark.parametrize("target", STANDARD_WORDS)
def test_every_standard_code_is_read_as_itself(target: str) -> None:
    codes = {
        "sex": ("Male", "Female"),
        "gender": GENDERS,
        "ethnicity_self_defined": tuple(ETHNICITY_SELF_DEFINED),
        "ethnicity_observed": tuple(ETHNICITY_OBSERVED),
    }[target]
    assert set(STANDARD_WORDS[target].values()) <= set(codes)
    for code in codes:
        told = read_by(guess_map(["surname", target]), **{"surname": "Alder", target: code})
        assert getattr(told.person, target) == code
        assert problems(told) == []


# --- whom nothing identifies ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"nominal_id": "N1"},
        {"sex": "1"},
        {"first": "unknown", "last": "N/K"},
        {"house": "14", "town": "Nowhere"},
        {"mobile": "none"},
        {"warn": "VI"},
    ],
    ids=str,
)
def test_a_row_that_says_nothing_of_who_it_is_about_cant_be_recorded(told: dict[str, str]) -> None:
    with pytest.raises(Unreadable, match="nothing in the row says who this is"):
        read(**BLANK | told)


@pytest.mark.parametrize(
    "told",
    [{"last": "Alder"}, {"dob": "1987"}, {"pnc": "81/34U"}, {"postcode": "SS99 9ZZ"}],
    ids=str,
)
def test_a_row_that_says_one_identifying_thing_is_recorded(told: dict[str, str]) -> None:
    assert identifies(read(**BLANK | told).person)


def test_four_physical_attributes_make_an_unknown_person() -> None:
    seen = {"sex": "male", "build": "slim", "hair": "brown", "eyes": "blue"}
    found = read_map("[columns]\nsurname='n'\n" + "\n".join(f"{k}='{k}'" for k in seen))
    assert identifies(read_by(found, n="", **seen).person)
    with pytest.raises(Unreadable):
        read_by(found, n="", **seen | {"eyes": "unknown"})


def test_a_reference_too_long_for_any_index_is_refused() -> None:
    with pytest.raises(Unreadable, match="the reference is longer than 200 characters"):
        read(nominal_id="9" * 201)


# --- the minimum ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"first": ""}, "given name"),
        ({"first": "unknown"}, "given name"),
        ({"last": ""}, "surname"),
        ({"dob": "May 1987"}, "date of birth"),
        ({"sex": ""}, "gender"),
        ({"postcode": "", "street": "", "mobile": ""}, "contact"),
    ],
)
def test_what_is_missing_for_the_minimum_is_named(change: dict[str, str], missing: str) -> None:
    assert missing_for_minimum(read(**change).person) == (missing,)


@pytest.mark.parametrize(
    "contact",
    [{"mobile": "07700 900123"}, {"postcode": "SS99 9ZZ"}, {"pnc": "81/34U"}],
    ids=str,
)
def test_one_contact_of_any_kind_is_enough(contact: dict[str, str]) -> None:
    none = {"postcode": "", "street": "", "mobile": ""}
    assert missing_for_minimum(read(**none | contact).person) == ()


def test_the_numbers_of_the_parts_never_change() -> None:
    assert [(part.value, part.label) for part in Missing] == [
        (1, "given name"),
        (2, "surname"),
        (4, "date of birth"),
        (8, "gender"),
        (16, "contact"),
    ]


# --- content --------------------------------------------------------------------------------------


def test_content_depends_on_what_is_read_and_on_nothing_else() -> None:
    first = read()
    assert read(shoe_size="9").content == first.content
    assert read(first="  Ann ").content == first.content
    assert read(sex="female").content == first.content
    order = list(reversed(COLUMNS))
    row = dict(zip(COLUMNS, person_row(), strict=True))
    reader = PersonReader(read_map(MAP), order, today=TODAY)
    assert reader.read([row[column] for column in order]).content == first.content


@pytest.mark.parametrize(
    "column", [c.lower() for c in COLUMNS if c not in ("SHOE_SIZE", "WARN_DATE")]
)
def test_content_changes_with_every_column_that_is_read(column: str) -> None:
    if column == "nominal_id":
        return  # the reference is what a person is known by, no part of what is told
    value = {"dob": "04/05/1987", "sex": "1", "warn": "VI"}.get(column, "Birch")
    assert read(**{column: value}).content != read().content


# --- facets ---------------------------------------------------------------------------------------


def test_facets_give_each_name_with_each_fact_once() -> None:
    told = read(aka="Annie Birch;Nan Elm", pnc="81/34U")
    facets = facets_of(told.person)
    assert [f.get("full_name") or f["forename"] + " " + f["surname"] for f in facets] == [
        "Ann Alder",
        "Annie Birch",
        "Nan Elm",
    ]
    for facet in facets:
        assert facet["date_of_birth"] == "1987-05-03"
        assert facet["pnc_id"] == "1981/0000034U"
        assert facet["postcode"] == "SS999ZZ"
        assert {Meaning(name) for name in facet}


def test_further_addresses_and_phones_make_facets_of_their_own() -> None:
    person = PersonContent(
        names=[PersonName(forename="Ann", surname="Alder")],
        addresses=[Address(postcode="SS99 9ZZ"), Address(postcode="SS99 9ZY")],
        phones=[Contact(value=f"07700 90012{n}", form=f"+44770090012{n}") for n in range(3)],
    )
    facets = facets_of(person)
    assert [facet["postcode"] for facet in facets] == ["SS99 9ZZ", "SS99 9ZY", "SS99 9ZZ"]
    assert [facet["phone"][-1] for facet in facets] == ["0", "1", "2"]
    assert {facet["forename"] for facet in facets} == {"Ann"}


@given(
    names=st.lists(
        st.builds(PersonName, forename=st.text(max_size=5), surname=st.text(max_size=5))
    ),
    phones=st.lists(st.builds(Contact, value=st.text(max_size=300))),
    numbers=st.lists(
        st.builds(Identifier, kind=st.sampled_from(["pnc_id", "cro", "passport"]), value=st.text())
    ),
    born=st.sampled_from(["", "1987"]),
)
def test_facets_are_few_and_hold_no_blanks(
    names: list[PersonName], phones: list[Contact], numbers: list[Identifier], born: str
) -> None:
    person = PersonContent(names=names, phones=phones, identifiers=numbers, date_of_birth=born)
    facets = facets_of(person)
    assert 1 <= len(facets) <= FACET_LIMIT
    for facet in facets:
        assert all(0 < len(value) <= 200 for value in facet.values())
        assert facet.keys() <= {meaning.value for meaning in Meaning}


@given(st.lists(st.text(max_size=30), min_size=len(COLUMNS), max_size=len(COLUMNS)))
def test_any_row_is_understood_or_said_to_be_unreadable(row: list[str]) -> None:
    reader = PersonReader(read_map(MAP), COLUMNS, today=TODAY)
    told = _told(reader, row)
    if isinstance(told, ReadPerson):
        assert identifies(told.person)
    assert _told(reader, row) == told


def _told(reader: PersonReader, row: list[str]) -> ReadPerson | str:
    try:
        return reader.read(row)
    except Unreadable as problem:
        return str(problem)
