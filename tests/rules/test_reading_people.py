"""How a person is read out of what was typed, and what several records tell of them."""

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concordat.identity.engine import Meaning
from concordat.records.rules.persons import Address, Contact, Identifier, PersonContent, PersonName
from concordat.tracing.rules import PersonReading, age_on, facts_of, read, read_person

FORCES = {"essex": 14, "kent": 21}
TODAY = date(2026, 11, 21)


def person_in(text: str) -> PersonReading | None:
    return read_person(text, events=read(text, forces=FORCES), forces=FORCES, today=TODAY)


def partial(text: str) -> Mapping[str, str]:
    reading = person_in(text)
    return {str(meaning): told for meaning, told in reading.partial.items()} if reading else {}


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("barnaby thistlewick", {"full_name": "barnaby thistlewick"}),
        ("Thistlewick, Barnaby", {"full_name": "Thistlewick, Barnaby"}),
        ("O'Brien-Smith Siân", {"full_name": "O'Brien-Smith Siân"}),
        ("bob smith 3/5/87", {"full_name": "bob smith", "date_of_birth": "1987-05-03"}),
        ("3 May 1987 bob smith", {"full_name": "bob smith", "date_of_birth": "1987-05-03"}),
        ("bob smith 1987-05-03", {"full_name": "bob smith", "date_of_birth": "1987-05-03"}),
        ("bob 03.05.2011", {"full_name": "bob", "date_of_birth": "2011-05-03"}),
        ("smith born 1987", {"full_name": "smith", "date_of_birth": "1987-00-00"}),
        ("dob: 3-5-1987 smith", {"full_name": "smith", "date_of_birth": "1987-05-03"}),
        ("bob smith May 1987", {"full_name": "bob smith", "date_of_birth": "1987-05-00"}),
        ("bob smith male", {"full_name": "bob smith", "sex": "male"}),
        ("smith CO1 1AA", {"full_name": "smith", "postcode": "CO1 1AA"}),
        ("07700 900123", {"phone": "07700 900123"}),
        ("+44 7700 900123 smith", {"phone": "+44 7700 900123", "full_name": "smith"}),
        ("81/34U", {"pnc_id": "1981/0000034U"}),
        ("pnc 1981/0000034u", {"pnc_id": "1981/0000034U"}),
        ("SF83/50058Z", {"cro": "SF83/50058Z"}),
        ("MORGA657054SM9IJ", {"driving_licence": "MORGA657054SM9IJ"}),
        ("JG 10 37 59 A", {"nino": "JG103759"}),
        ("a.b@example.org", {"email": "a.b@example.org"}),
        ("clark kent", {"full_name": "clark kent"}),
    ],
)
def test_a_person_is_read(text: str, read_as: dict[str, str]) -> None:
    assert partial(text) == read_as


@pytest.mark.parametrize(
    "text",
    [
        "",
        "smith",
        "burglary high street",
        "high street",
        "shoplifting within 5 km of CO1 1AA",
        "CO1 1AA",
        "E01021681",
        "January 2026",
        "burglary kent",
        "elsewhere",
        "3/5/1987",
        '"bob smith"',
        "ab" * 32,
    ],
)
def test_what_is_no_person_is_read_as_none(text: str) -> None:
    assert person_in(text) is None


@pytest.mark.parametrize("typed", ["aged 39", "39 years old", "39yo", "39", "age 39"])
def test_an_age_is_read_and_narrows_the_answer_alone(typed: str) -> None:
    reading = person_in(f"bob smith {typed}")
    assert reading is not None
    assert reading.age == 39
    assert reading.partial == {Meaning.FULL_NAME: "bob smith"}


def test_a_force_beside_a_whole_name_is_a_force() -> None:
    reading = person_in("robert smith kent")
    assert reading is not None
    assert reading.owner_ids == (21,)
    assert reading.partial == {Meaning.FULL_NAME: "robert smith"}


@pytest.mark.parametrize("born", ["31/2/1987", "3/5/2087", "1/1/1850"])
def test_what_is_no_birth_is_none(born: str) -> None:
    assert Meaning.DATE_OF_BIRTH not in (partial(f"bob smith {born}") or {})


@given(st.text(max_size=80))
def test_any_text_is_read_and_leaves_the_events_as_they_were(text: str) -> None:
    events = read(text, forces=FORCES)
    read_person(text, events=events, forces=FORCES, today=TODAY)
    assert read(text, forces=FORCES) == events


@pytest.mark.parametrize(
    ("birth", "span"),
    [
        ("1987-11-21", (39, 39)),
        ("1987-11-22", (38, 38)),
        ("1987-05-00", (39, 39)),
        ("1987-11-00", (38, 39)),
        ("1987-00-00", (38, 39)),
        ("", None),
    ],
)
def test_ages(birth: str, span: tuple[int, int] | None) -> None:
    assert age_on(TODAY, birth) == span


def content(name: str, **told: object) -> PersonContent:
    return PersonContent(names=[PersonName(full=name)], **told)  # type: ignore[arg-type]


def test_facts_say_who_tells_what_and_where_records_differ() -> None:
    facts = {
        fact.name: fact
        for fact in facts_of(
            [
                content("Robert Smith", date_of_birth_form="1987-05-03", sex="Male",
                        identifiers=[Identifier(kind="pnc_id", value="x", form="1901/0000042K")]),
                content("Smith Robert", date_of_birth_form="1987-03-05",
                        addresses=[Address(house="1", street="Ropewalk", town="Ely")]),
            ]
        )
    }  # fmt: skip
    assert not facts["Name"].differs, "the same words in another order"
    assert facts["Born"].differs
    assert [told.values for told in facts["Sex"].told] == [("Male",), ()]
    assert not facts["Sex"].differs, "silence contradicts nothing"
    assert facts["PNC ID"].told[0].values == ("1901/0000042K",)
    assert "Phone" not in facts


def test_people_who_moved_differ_as_people_do() -> None:
    one = content("A B", phones=[Contact(value="07700 900001", form="+447700900001")])
    other = content("A B", phones=[Contact(value="07700 900002", form="+447700900002")])
    (phone,) = [fact for fact in facts_of([one, other]) if fact.name == "Phone"]
    assert phone.differs
    assert phone.of_contact
