"""One line that tells what happened becomes the beginning of a report, and no word is lost."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concordat.access.rules import EVENT_KINDS, THING_KINDS, RecordKind
from concordat.records.rules.catalogue import ROLE_BY_CODE, choices, fields_of, uses_of
from concordat.records.rules.reports import Participant, Report, Thing, Where
from concordat.records.rules.standard_tables import table
from concordat.records.rules.telling import Told, kind_of, read_part, read_telling

TODAY = date(2026, 11, 21)  # a Saturday
LINE = (
    "Theft of a phone from Mary Quill by Robert Hale b 3/5/87 in AB12 CDE at CO1 1AA "
    "yesterday 22:15"
)


def told(text: str) -> Told:
    return read_telling(text, today=TODAY)


def people(text: str) -> dict[str, str]:
    """Return who is named in a line, with their roles."""
    return {one.label: " ".join(one.roles) for one in told(text).participants}


def things(text: str) -> list[tuple[str, str, str]]:
    """Return kind, values and uses of the things in a line."""
    return [
        (one.kind.code, " ".join(one.fields.values()), " ".join(one.uses))
        for one in told(text).things
    ]


def places(text: str) -> list[str]:
    return [" ".join(one.fields.values()) for one in told(text).places]


def test_one_line_tells_a_theft() -> None:
    read = told(LINE)
    assert read.kind is RecordKind.CRIME
    assert read.fields == {
        "summary": LINE,
        "ho_class": "39",
        "crime_type": "Theft from the person",
        "occurred_date": "2026-11-20",
        "occurred_time": "22:15",
    }
    victim, suspect = read.participants
    assert (victim.key, victim.roles) == ("p1", ("victim",))
    assert victim.fields == {"given_names": "Mary", "surname": "Quill"}
    assert (suspect.key, suspect.roles) == ("p2", ("suspect",))
    assert suspect.fields == {
        "given_names": "Robert",
        "surname": "Hale",
        "date_of_birth": "1987-05-03",
    }
    assert things(LINE) == [("property", "phone", "stolen"), ("vehicle", "AB12 CDE", "used")]
    assert [(one.key, one.fields) for one in read.places] == [("w1", {"postcode": "CO1 1AA"})]


@pytest.mark.parametrize(
    ("text", "kind", "ho_class"),
    [
        ("theft of bike", "crime", "44"),
        ("Car stolen from drive", "crime", "48"),
        ("theft from a car", "crime", "45"),
        ("shoplifter detained", "crime", "46"),
        ("burglary overnight", "crime", "28E"),
        ("burglary at an office", "crime", "30C"),
        ("attempted burglary", "crime", "28F"),
        ("robbery on the way home", "crime", "34B"),
        ("robbery of a shop", "crime", "34A"),
        ("assault outside the pub", "crime", "105A"),
        ("assault, broken nose", "crime", "8N"),
        ("stabbing", "crime", "5D"),
        ("sexual assault", "crime", ""),
        ("criminal damage to a van", "crime", "58C"),
        ("graffiti on a wall", "crime", "58D"),
        ("attempted murder", "crime", "2"),
        ("fraud", "crime", ""),
        ("suspect arrested for theft", "arrest", ""),
        ("theft, suspect arrested later", "crime", "49"),
        ("stolen car seen on the A12", "sighting", ""),
        ("stop and search, nothing found", "stop-search", ""),
        ("child missing from home", "missing-person", ""),
        ("sudden death", "sudden-death", ""),
        ("man found dead", "sudden-death", ""),
        ("intel about drug dealing", "intelligence", ""),
        ("knife seized", "seizure", ""),
        ("loud music, nuisance", "anti-social-behaviour", ""),
        ("two-car collision", "incident", ""),
        ("nothing that anybody would know", None, ""),
        ("", None, ""),
    ],
)
def test_the_kind_and_the_class_are_read(text: str, kind: str | None, ho_class: str) -> None:
    found, code = kind_of(text)
    assert (found.code if found else None) == kind
    if found is RecordKind.CRIME:
        assert code == ho_class


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("suspect Robert Hale, victim Mary Quill",
         {"Robert Hale": "suspect", "Mary Quill": "victim"}),
        ("theft by suspect robert hale of victim mary quill",
         {"Robert Hale": "suspect", "Mary Quill": "victim"}),
        ("ROBBERY BY SUSPECT ROBERT HALE", {"Robert Hale": "suspect"}),
        ("Robert Hale assaulted Mary Quill", {"Robert Hale": "suspect", "Mary Quill": "victim"}),
        ("Mary Quill was assaulted by Robert Hale",
         {"Mary Quill": "victim", "Robert Hale": "suspect"}),
        ("Robert Hale and John Smith assaulted Ann Quill",
         {"Robert Hale": "suspect", "John Smith": "suspect", "Ann Quill": "victim"}),
        ("Theft, witness Tom Brown, reported by Mrs White",
         {"Tom Brown": "witness", "White": "reporting_person"}),
        ("Kwame Mensah arrested by PC 1234 John Smith for theft", {"Kwame Mensah": "arrested"}),
        ("PC John Smith arrested HALE, Robert", {"Robert Hale": "arrested"}),
        ("Stop search of Kwame Mensah in Luton", {"Kwame Mensah": "searched"}),
        ("Missing child Sam Quill, reported by mother Mary Quill",
         {"Sam Quill": "missing", "Mary Quill": "reporting_person"}),
        ("Found dead: Alan West, found by wife Jane West",
         {"Alan West": "deceased", "Jane West": "reporting_person"}),
        ("Robert Hale seen by Ann O'Brien",
         {"Robert Hale": "person_of_interest", "Ann O'Brien": "witness"}),
        ("Handgun seized from Robert Hale", {"Robert Hale": "suspect"}),
        ("Theft of bike from Jan van der Berg", {"Jan van der Berg": "victim"}),
        ("Theft from Wilhelmina Quillstone b 4/4/1950 by Barnaby Thistlewick b 3/5/87",
         {"Wilhelmina Quillstone": "victim", "Barnaby Thistlewick": "suspect"}),
        ("Theft from Mark Brown by May Green", {"Mark Brown": "victim", "May Green": "suspect"}),
        ("victim Quill, suspect HALE", {"Quill": "victim", "Hale": "suspect"}),
        ("Shoplifting at Tesco Express", {}),
        ("theft of garden tools from shed by unknown male", {}),
        ("Burglary in Great Yarmouth, High Street", {}),
        ("Ford Focus stolen on Monday in May", {}),
    ],
)  # fmt: skip
def test_people_are_read_with_their_roles(text: str, named: dict[str, str]) -> None:
    assert people(text) == named


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("Robert Hale b 3/5/87", {"date_of_birth": "1987-05-03"}),
        ("Robert Hale born 3 May 1987", {"date_of_birth": "1987-05-03"}),
        ("Robert Hale (dob 03.05.1987)", {"date_of_birth": "1987-05-03"}),
        ("Robert Hale, 3/5/87,", {"date_of_birth": "1987-05-03"}),
        ("Robert Hale b 1987", {"date_of_birth": "1987"}),
        ("Robert Hale aged 39", {"age": "39"}),
        ("Robert Hale (39)", {"age": "39"}),
        ("Robert Hale, 39, seen", {"age": "39"}),
        ("Robert Hale aka Bobby", {"alias": "Bobby"}),
        ("Robert Hale 07700 900123", {"phone": "+447700900123"}),
        ("Robert Hale b@example.org", {"email": "b@example.org"}),
        ("Robert Hale pnc 1981/0000034U", {"pnc_id": "1981/0000034U"}),
        ("Robert Hale of 12 High Street, Ipswich IP1 1AA",
         {"house": "12", "street": "High Street", "town": "Ipswich", "postcode": "IP1 1AA"}),
    ],
)  # fmt: skip
def test_what_stands_beside_a_name_is_said_of_that_person(
    text: str, fields: dict[str, str]
) -> None:
    read = told(f"Sighting of {text}")
    name = {"given_names": "Robert", "surname": "Hale"}
    assert [one.fields for one in read.participants] == [{**name, **fields}]
    assert read.places == ()
    assert read.things == ()


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("theft yesterday 22:15", {"occurred_date": "2026-11-20", "occurred_time": "22:15"}),
        ("theft today at noon", {"occurred_date": "2026-11-21", "occurred_time": "12:00"}),
        ("theft on 3/5/26", {"occurred_date": "2026-05-03"}),
        ("theft on 3 May", {"occurred_date": "2026-05-03"}),
        ("theft on 3rd December at 10pm",
         {"occurred_date": "2025-12-03", "occurred_time": "22:00"}),
        ("theft Monday 2215hrs", {"occurred_date": "2026-11-16", "occurred_time": "22:15"}),
        ("theft on Saturday", {"occurred_date": "2026-11-21"}),
        ("theft last Saturday", {"occurred_date": "2026-11-14"}),
        ("theft two days ago", {"occurred_date": "2026-11-19"}),
        ("theft between 22:00 and 06:00 on Monday",
         {"occurred_date": "2026-11-16", "occurred_time": "22:00",
          "occurred_until_date": "2026-11-17", "occurred_until_time": "06:00"}),
        ("theft between 3 May and 5 May 2026",
         {"occurred_date": "2026-05-03", "occurred_until_date": "2026-05-05"}),
        ("theft 20/11/26-21/11/26",
         {"occurred_date": "2026-11-20", "occurred_until_date": "2026-11-21"}),
        ("theft on 3/5/26, reported today at 0700hrs",
         {"occurred_date": "2026-05-03", "reported_date": "2026-11-21", "reported_time": "07:00"}),
        ("theft on 31/2/26", {}),
        ("theft next year 3/5/2027", {}),
        ("theft of £12.50, sat on a wall", {}),
    ],
)  # fmt: skip
def test_days_and_times_are_read(text: str, when: dict[str, str]) -> None:
    read = told(text).fields
    assert {
        code: value for code, value in read.items() if "_date" in code or "_time" in code
    } == when


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("blue Ford Fiesta AB12 CDE seen", [("vehicle", "Ford Fiesta blue AB12 CDE", "seen")]),
        ("stolen: blue ford focus ab12cde", [("vehicle", "Ford Focus blue AB12 CDE", "stolen")]),
        ("white Transit van on cloned plates AB12 CDE seen",
         [("vehicle", "Transit van white AB12 CDE", "cloned_suspected seen")]),
        ("theft of a car", [("vehicle", "car", "stolen")]),
        ("seen near partial plate AB1?", [("vehicle", "AB1?", "seen")]),
        ("criminal damage to car AB12 CDE", [("vehicle", "car AB12 CDE", "damaged")]),
        ("met in car park at bus station", []),
        ("robbery with a knife", [("weapon", "knife knife", "used")]),
        ("handgun seized", [("weapon", "firearm handgun", "seized")]),
        ("sawn-off shotgun recovered", [("weapon", "firearm sawn-off shotgun", "recovered")]),
        ("theft of a phone and a wallet",
         [("property", "phone", "stolen"), ("property", "wallet", "stolen")]),
        ("bag and purse stolen on train",
         [("property", "bag", "stolen"), ("property", "purse", "stolen")]),
        ("seized cannabis from a flat", [("property", "cannabis", "seized")]),
        ("threats from 07700 900999", [("phone", "+447700900999", "")]),
        ("harassment on Snapchat by @bobby_h", [("account", "online bobby_h", "")]),
        ("fraud by a.b@example.org", [("account", "email a.b@example.org", "")]),
        ("Shoplifting at Tesco Express", [("business", "Tesco Express", "victim")]),
        ("Assault outside the Red Lion Pub", [("business", "Red Lion Pub", "scene")]),
    ],
)  # fmt: skip
def test_things_are_read_with_their_use(text: str, found: list[tuple[str, str, str]]) -> None:
    assert things(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Theft at 12 High Street, Colchester CO1 1AA", ["12 High Street Colchester CO1 1AA"]),
        ("theft at 12 high street colchester co1 1aa", ["12 high street colchester CO1 1AA"]),
        ("Assault near Harlow railway station", ["Harlow railway station"]),
        ("Stolen car seen on the A12 near Chelmsford", ["A12 Chelmsford"]),
        ("Theft in Bishop's Stortford", ["Bishop's Stortford"]),
        ("Sighting at 51.8892, 0.9012", ["51.8892 0.9012"]),
        ("Theft at CO1 1AA then seen at CM20 1AA", ["CO1 1AA", "CM20 1AA"]),
        ("Fight in Robert Hale's garden", []),
        ("theft on the way home, close to a court", []),
    ],
)
def test_places_are_read(text: str, found: list[str]) -> None:
    assert places(text) == found


def test_where_they_headed_is_no_place_of_the_event() -> None:
    read = told("Robert Hale seen in Harlow heading towards Bishop's Stortford")
    assert places(read.fields["summary"]) == ["Harlow"]
    assert read.fields["direction"] == "Bishop's Stortford"


def test_what_the_kind_asks_for_in_fields_of_its_own_is_filled() -> None:
    missing = told(
        "Missing child Sam Quill, high risk, last seen at Clacton Pier today 15:00"
    ).fields
    assert (missing["last_seen_date"], missing["last_seen_time"]) == ("2026-11-21", "15:00")
    assert (missing["last_seen_where"], missing["risk"]) == ("Clacton Pier", "high")
    assert told("Intel from yesterday").fields["intelligence_date"] == "2026-11-20"
    search = told("Stop and search for drugs, nothing found, receipt refused").fields
    assert (search["object"], search["found"], search["receipt"]) == (
        "Controlled drugs",
        "no",
        "refused",
    )
    assert told("racist graffiti").fields["hate_crime"] == "race"


def test_the_kind_that_was_picked_is_kept() -> None:
    read = read_telling(LINE, today=TODAY, kind=RecordKind.INCIDENT)
    assert read.kind is RecordKind.INCIDENT
    assert "ho_class" not in read.fields


WORDS = """theft robbery of from by suspect victim Robert Hale HALE, b born 3/5/87 3/5/26 31/2
    AB12 CDE AB1? CO1 1AA 22:15 yesterday Monday 07700 900123 a@b.org the a stolen car red Ford
    Focus knife at in 12 High Street Harlow and , ( ) . : 's aka aged 34 PC Mrs missing seized"""
SAID = st.lists(
    st.one_of(st.text(max_size=12), st.sampled_from([*WORDS.split(), "\x00", "\n"])), max_size=25
).map(" ".join)


@settings(max_examples=400, deadline=None)
@given(text=SAID)
def test_no_line_breaks_it_and_no_word_is_lost(text: str) -> None:
    read = told(text)
    assert read.fields.get("summary", "").split() == text.replace("\x00", " ").split()
    assert read.kind is None or read.kind in EVENT_KINDS
    known = {field.code for field in fields_of(read.kind or RecordKind.INCIDENT)}
    assert set(read.fields) <= known | {"summary"}
    parts: list[Participant | Thing | Where] = [*read.participants, *read.things, *read.places]
    keys = [one.key for one in parts]
    assert len(set(keys)) == len(keys)
    for person in read.participants:
        assert set(person.roles) <= set(ROLE_BY_CODE)
        assert set(person.fields) <= {field.code for field in fields_of(RecordKind.PERSON)}
    for thing in read.things:
        assert set(thing.fields) <= {field.code for field in fields_of(thing.kind)}
        assert set(thing.uses) <= {use.code for use in uses_of(thing.kind)}
    for place in read.places:
        assert set(place.fields) <= {field.code for field in fields_of(RecordKind.PLACE)}
        assert all(place.fields.values())


@given(text=st.text(max_size=200))
def test_whatever_is_typed_becomes_a_report_that_can_be_kept(text: str) -> None:
    read = told(text)
    report = Report(
        kind=read.kind or RecordKind.INCIDENT,
        fields=read.fields,
        participants=read.participants,
        things=read.things,
        places=read.places,
    )
    assert Report.from_json(report.as_json()) == report


def test_a_very_long_line_is_read_quickly_and_kept_whole() -> None:
    line = f"{LINE} " * 2_000
    read = told(line)
    assert read.fields["summary"] == line.strip()
    assert len(read.participants) <= 20


@pytest.mark.parametrize(
    ("kind", "text", "fields"),
    [
        (RecordKind.PERSON, "Robert Hale b 3/5/87",
         {"given_names": "Robert", "surname": "Hale", "date_of_birth": "1987-05-03"}),
        (RecordKind.PERSON, "hale, robert 39 male 07700 900123 12 high street CO1 1AA",
         {"given_names": "Robert", "surname": "Hale", "age": "39", "sex": "Male",
          "phone": "+447700900123", "house": "12", "street": "high street", "postcode": "CO1 1AA"}),
        (RecordKind.PERSON, "Mrs Quill", {"surname": "Quill"}),
        (RecordKind.PERSON, "tall with a red beard 2m",
         {"description": "tall with a red beard 2m"}),
        (RecordKind.VEHICLE, "AB12 CDE red Ford",
         {"mark": "AB12 CDE", "make": "Ford", "colour": "red"}),
        (RecordKind.VEHICLE, "AB1? red", {"mark": "AB1?", "colour": "red"}),
        (RecordKind.PLACE, "12 High Street, Colchester CO1 1AA",
         {"house": "12", "street": "High Street", "town": "Colchester", "postcode": "CO1 1AA"}),
        (RecordKind.PLACE, "woods north of the pier", {"area": "woods north of the pier"}),
        (RecordKind.PHONE, "07700 900123", {"number": "+447700900123"}),
        (RecordKind.ACCOUNT, "snapchat @bob",
         {"account_type": "online", "address": "bob", "platform": "snapchat"}),
        (RecordKind.ACCOUNT, "bobby_h", {"address": "bobby_h"}),
        (RecordKind.WEAPON, "Glock pistol serial ABC123",
         {"weapon_type": "firearm", "serial": "ABC123", "description": "Glock pistol"}),
        (RecordKind.PROPERTY, "gold ring", {"description": "gold ring"}),
        (RecordKind.BUSINESS, "Tesco Express 01632 960123",
         {"name": "Tesco Express", "phone": "+441632960123"}),
    ],
)  # fmt: skip
def test_what_was_typed_of_one_part_is_not_typed_again(
    kind: RecordKind, text: str, fields: dict[str, str]
) -> None:
    assert read_part(kind, text, today=TODAY) == fields


@settings(max_examples=300, deadline=None)
@given(kind=st.sampled_from([*THING_KINDS, RecordKind.PERSON, RecordKind.PLACE]), text=SAID)
def test_nothing_that_is_typed_of_a_part_breaks_it_or_vanishes(kind: RecordKind, text: str) -> None:
    read = read_part(kind, text, today=TODAY)
    assert set(read) <= {field.code for field in fields_of(kind)}
    assert read or not any(char.isalnum() for char in text)


def test_the_words_by_which_lines_are_read_lead_to_what_there_is() -> None:
    classes = {choice.code for choice in choices("ho_classes")} | {""}
    for row in table("telling_kinds"):
        assert RecordKind.from_code(row["kind"]) in EVENT_KINDS
        assert row["ho_class"] in classes
    assert {row["role"] for row in table("telling_roles")} <= set(ROLE_BY_CODE)
    for row in table("telling_fields"):
        codes = {field.code: field for field in fields_of(RecordKind.from_code(row["kind"]))}
        known = {choice.code for choice in choices(codes[row["field"]].choices)}
        assert row["value"] in known
