"""The standard's checks accept and refuse what the standard says, and name the right letter."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concordat.access.rules import EVENT_KINDS, THING_KINDS, RecordKind
from concordat.records.rules import catalogue
from concordat.records.rules.identifiers import asn_shown
from concordat.records.rules.references import event_reference, read_reference
from concordat.records.rules.standard_tables import table
from concordat.records.rules.standards import CHECKS, check

TODAY = date(2026, 11, 21)
KINDS = (*EVENT_KINDS, *THING_KINDS, RecordKind.PERSON, RecordKind.PLACE)


@pytest.mark.parametrize(
    ("name", "text", "form"),
    [
        ("pnc_id", "1981/0000034U", "1981/0000034U"),
        ("pnc_id", "81/34u", "1981/0000034U"),
        ("pnc_id", "2002/0073319Z", "2002/0073319Z"),
        ("pnc_id", "2000/0000223R", "2000/0000223R"),
        ("pnc_id", "1979/0163001B", "1979/0163001B"),
        ("pnc_id", "2003/0000003Y", "2003/0000003Y"),
        ("pnc_id", "1967/9893091D", "1967/9893091D"),
        ("cro", "65656/91h", "065656/91H"),
        ("cro", "SF05/482703J", "SF05/482703J"),
        ("cro", "SF83/50058Z", "SF83/50058Z"),
        ("asn", "2202XC0200000000021R", "2202XC0200000000021R"),
        ("asn", "97/0000/00/123456K", "9700000000000123456K"),
        ("asn", "22FD112200001234560X", "22FD112200001234560X"),
        ("nino", "JG 10 37 59 A", "JG103759"),
        ("driving_licence", "morga 657054 sm9ij", "MORGA657054SM9IJ"),
        ("passport", "523456789", "523456789"),
        ("passport", "A123456", "A123456"),
        ("date", "21/11/2026", "2026-11-21"),
        ("date", "2027-01-01", "2027-01-01"),
        ("past_date", "3 May 1987", "1987-05-03"),
        ("dob", "3/5/87", "1987-05-03"),
        ("dob", "1987", "1987-00-00"),
        ("time", "22:15", "22:15"),
        ("time", "2215hrs", "22:15"),
        ("time", "10.15 pm", "22:15"),
        ("time", "12am", "00:00"),
        ("time", "noon", "12:00"),
        ("postcode", "co1 1aa", "CO11AA"),
        ("postcode", "GIR 0AA", "GIR0AA"),
        ("uprn", "000012345678", "12345678"),
        ("given_name", "Anne-Marie Louise", "Anne-Marie Louise"),
        ("surname", "O’Hara", "O’Hara"),
        ("telephone", "01632 960123", "+441632960123"),
        ("email", "A.B@Example.org", "a.b@example.org"),
        ("country", "gbr", "GBR"),
        ("country", "France", "FRA"),
        ("vrm", "ab12 cde", "AB12CDE"),
        ("vrm", "A123 BCD", "A123BCD"),
        ("vrm", "ABC 123D", "ABC123D"),
        ("vrm", "101 D 101", "101D101"),
        ("collar", "pc 1234", "PC1234"),
        ("ho_class", "28e", "28E"),
        ("ho_class", "028/03", "028/03"),
        ("offence_code", "TH68001", "TH68001"),
        ("offence_code", "COML025A", "COML025A"),
        ("imei", "49-015420-323751-8", "490154203237518"),
        ("mo", "Forced the rear door with a tool", "Forced the rear door with a tool"),
        ("ethnicity_self_defined", "w1", "W1"),
        ("ethnicity_observed", "IC3", "3"),
        ("gender", "trans male", "Trans Male"),
        ("money", "£1,200.5", "1200.50"),
    ],
)
def test_what_the_standard_accepts_has_its_standard_form(name: str, text: str, form: str) -> None:
    assert check(name, text, today=TODAY) == (form, "")


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("pnc_id", "90/570L", "has the check letter L, but N is right"),
        ("cro", "85227/65G", "has the check letter G, but L is right"),
        ("cro", "SF83/50058B", "has the check letter B, but Z is right"),
        ("asn", "97/0000/00/123456L", "has the check letter L, but K is right"),
        ("asn", "nonsense", "is not an arrest summons number"),
        ("nino", "QQ123456A", "is not a National Insurance number"),
        ("passport", "12345", "is not a United Kingdom passport number"),
        ("date", "31/2/2026", "is a day that doesn’t exist"),
        ("date", "May 2026", "is not a whole day"),
        ("past_date", "22/11/2026", "lies in the future"),
        ("dob", "21/11/2026", "is today"),
        ("dob", "22/11/2026", "lies in the future"),
        ("dob", "1/1/1900", "lies more than 120 years ago"),
        ("time", "25:00", "is not a time of day"),
        ("time", "13pm", "is not a time of day"),
        ("postcode", "QX1 1AA", "is not a postcode"),
        ("postcode", "CO1 1CI", "is not a postcode"),
        ("uprn", "1234567890123", "is not a number of up to 12 digits"),
        ("given_name", "Mr Robert", "begins with a title"),
        ("surname", "Smith2", "holds more than letters, hyphens and apostrophes"),
        ("surname", "x" * 36, "is longer than 35 characters"),
        ("telephone", "12", "is not a telephone number"),
        ("email", "nobody", "is not an email address"),
        ("country", "Atlantis", "is not a country’s code of three letters"),
        ("vrm", "AB01 CDE", "has the age 01, which was never issued"),
        ("vrm", "AB77 CDE", "would be issued in September 2027"),
        ("vrm", "AB12CDEF", "has no pattern of the United Kingdom; if it is foreign, it can stay"),
        ("vrm", "AB1?", "is known in part"),
        ("collar", "12345678901", "is not 1 to 10 letters and digits"),
        ("ho_class", "28Z", "is not a Home Office class"),
        ("offence_code", "T68001", "is not a CJS offence code"),
        ("imei", "490154203237519", "is not 15 digits with the right check digit"),
        ("mo", "Too short", "is shorter than 20 characters"),
        ("mo", "x" * 301, "is longer than 300 characters"),
        ("latitude", "1.5", "lies outside the United Kingdom"),
        ("ethnicity_observed", "12", "is not one of the standard’s values"),
    ],
)
def test_what_the_standard_refuses_is_told_why(name: str, text: str, problem: str) -> None:
    assert check(name, text, today=TODAY).problem == problem


def test_an_arrest_summons_number_is_shown_with_slashes() -> None:
    assert asn_shown("9700000000000123456K") == "97/0000/00/123456K"
    assert asn_shown("2202XC0200000000021R") == "22/02XC/02/21R"


@pytest.mark.parametrize("name", sorted(CHECKS))
@given(text=st.text(max_size=60))
def test_no_value_breaks_a_check(name: str, text: str) -> None:
    form, problem = check(name, text, today=TODAY)
    assert isinstance(form, str)
    assert not problem or not problem.endswith(".")


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_a_blank_value_has_no_problem(name: str) -> None:
    assert check(name, "  ", today=TODAY) == ("", "")


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_has_an_input_a_known_check_and_known_choices(kind: RecordKind) -> None:
    fields = catalogue.fields_of(kind)
    assert fields
    assert len({field.code for field in fields}) == len(fields)
    for field in fields:
        assert field.label
        assert field.input in catalogue.INPUTS
        assert field.check in CHECKS
        assert (field.input in ("choice", "yes_no")) == bool(field.choices)
        assert not field.choices or catalogue.choices(field.choices)
        assert field.long == (field.input == "long")


def test_every_kind_of_event_is_offered_with_a_letter_of_its_own() -> None:
    assert {kind.kind for kind in catalogue.KINDS} == set(EVENT_KINDS)
    assert len({kind.letter for kind in catalogue.KINDS}) == len(EVENT_KINDS)
    for kind in catalogue.KINDS:
        assert kind.phrase
        assert kind.hint
        assert catalogue.roles_for(kind.kind)


def test_every_role_falls_into_one_of_the_four_categories_of_the_act() -> None:
    assert {role.category for role in catalogue.ROLES} == set(catalogue.CATEGORIES)


def test_every_thing_can_be_something_to_an_event() -> None:
    assert all(catalogue.uses_of(kind) for kind in THING_KINDS)


def test_every_offence_class_counts_as_a_published_type_of_crime() -> None:
    published = {choice.code for choice in catalogue.choices("crime_types")}
    assert {one.category for one in catalogue.offence_classes().values()} <= published
    assert catalogue.crime_type_of("28e") == "Burglary"
    assert catalogue.crime_type_of("999") == ""


def test_every_link_reason_can_be_read_from_both_ends() -> None:
    for reason in catalogue.REASONS:
        assert reason.label
        assert reason.inverse
        assert reason.left
        assert reason.right
    codes = [one.code for one in catalogue.reasons_between(RecordKind.PERSON, RecordKind.VEHICLE)]
    assert "keeper" in codes
    assert "lives_at" not in codes


def test_tables_name_only_what_there_is() -> None:
    kinds = {row["kind"] for row in table("uses")}
    assert kinds == {kind.code for kind in THING_KINDS}
    for row in (*table("fields"), *table("requirements"), *table("telling_fields")):
        assert catalogue.kinds_in(row["kind"])
    with pytest.raises(KeyError):
        catalogue.choices("no such list")


@given(
    number=st.integers(min_value=1, max_value=999_999_999),
    year=st.integers(min_value=2000, max_value=2099),
    kind=st.sampled_from(EVENT_KINDS),
)
def test_a_reference_is_read_as_it_was_written(number: int, year: int, kind: RecordKind) -> None:
    reference = event_reference("42", year, number, kind)
    read = read_reference(f" {reference.lower()} ")
    assert read is not None
    assert (read.force_code, read.year, read.number, read.kind) == ("42", year, number, kind)


def test_a_reference_is_short_and_says_its_kind() -> None:
    assert event_reference("42", 2026, 123, RecordKind.CRIME) == "42/26/C000123"
    assert read_reference("065656/91H") is None
    assert read_reference("42/26/X1") is None
