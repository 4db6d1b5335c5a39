"""How a vehicle, a weapon, a phone or an account is read out of what was typed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concordat.access.rules import RecordKind
from concordat.records.rules.item_keys import item_keys
from concordat.tracing.rules import (
    Fit,
    ThingReading,
    fit_of,
    listed,
    read,
    read_person,
    read_thing,
)

FORCES = {"essex": 14, "kent": 21}


def thing_in(text: str) -> ThingReading | None:
    return read_thing(text, events=read(text, forces=FORCES))


@pytest.mark.parametrize(
    ("text", "kind", "asked"),
    [
        ("AB12 CDE", RecordKind.VEHICLE, "AB12 CDE"),
        ("ab12cde", RecordKind.VEHICLE, "AB12CDE"),
        ("burglary AB12CDE kent", RecordKind.VEHICLE, "AB12CDE"),
        ("A123 BCD", RecordKind.VEHICLE, "A123 BCD"),
        ("ABC 123D", RecordKind.VEHICLE, "ABC 123D"),
        ("reg 24 MAY", RecordKind.VEHICLE, "24 MAY"),
        ("vrm: AB1?", RecordKind.VEHICLE, "AB1?"),
        ("AB1? *", RecordKind.VEHICLE, "AB1? *"),
        ("*CDE", RecordKind.VEHICLE, "*CDE"),
        ("AB?2 C?E", RecordKind.VEHICLE, "AB?2 C?E"),
        ("07700 900123", RecordKind.PHONE, "07700 900123"),
        ("+44 7700 900123", RecordKind.PHONE, "+44 7700 900123"),
        ("35 209900 176148 1", RecordKind.PHONE, "35 209900 176148 1"),
        ("r.hale@example.org", RecordKind.ACCOUNT, "r.hale@example.org"),
        ("serial BRT-4471", None, "BRT-4471"),
        ("s/n: BRT 4471", None, "BRT 4471"),
        ("BRT4471X", None, "BRT4471X"),
    ],
)
def test_a_thing_is_read(text: str, kind: RecordKind | None, asked: str) -> None:
    reading = thing_in(text)
    assert reading is not None
    assert (reading.kind, reading.text) == (kind, asked)
    assert reading.parts


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bob smith",
        "burglary A12 and M25",
        "theft CO12 and CM1",
        "CO1 1AA",
        "SW1A 1AA",
        "burglary in March 2024",
        "24 May",
        "what?",
        "?",
        "E01021000",
        "within 5 km of CO1 1AA",
        "3/5/87",
        "theft 2026-01",
    ],
)
def test_what_is_no_thing_is_not_read_as_one(text: str) -> None:
    reading = thing_in(text)
    assert reading is None or not reading.is_certain


def test_a_number_that_may_be_anything_does_not_push_events_aside() -> None:
    reading = thing_in("BRT4471X")
    assert reading is not None
    assert not reading.is_certain


def test_a_phone_is_looked_for_among_people_and_among_phones() -> None:
    events = read("07700 900123", forces=FORCES)
    person = read_person("07700 900123", events=events, forces=FORCES, today=date(2026, 11, 21))
    assert person is not None
    assert read_thing("07700 900123", events=events) is not None


@pytest.mark.parametrize(
    ("asked", "mark", "fit"),
    [
        ("ab12 cde", "AB12 CDE", Fit.EXACT),
        ("AB1? *", "AB12 CDE", Fit.PARTLY),
        ("A812 CDE", "AB12 CDE", Fit.ALIKE),
        ("AB12", "AB12 CDE", Fit.BEGINS),
    ],
)
def test_it_is_said_how_well_a_mark_fits(asked: str, mark: str, fit: Fit) -> None:
    assert fit_of(asked, item_keys(RecordKind.VEHICLE, {"mark": mark})) is fit
    assert fit.words


@given(st.text(max_size=60))
def test_no_text_is_too_odd_to_read(text: str) -> None:
    thing_in(text)


def test_names_are_listed_as_a_sentence_has_them() -> None:
    assert listed([]) == ""
    assert listed(["Essex"]) == "Essex"
    assert listed(["Essex", "Kent", "Suffolk"]) == "Essex, Kent and Suffolk"
