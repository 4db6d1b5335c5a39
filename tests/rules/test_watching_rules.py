"""What a watch notices, and for how long: the pure part."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concordat.access.rules import EVENT_KINDS, RecordKind
from concordat.base.actor import Role
from concordat.base.ids import new_id
from concordat.tracing.rules.watching import (
    LONGEST_DAYS,
    NEAR_METRES,
    WATCHABLE,
    WATCHERS,
    Logged,
    Touched,
    address_key,
    is_at,
    metres_between,
    occasion_of,
    place_keys,
    problem_with,
    record_key,
    thing_keys,
)

TODAY = date(2026, 11, 22)
HERE = (51.889, 0.901)
NORTH = 1 / 111_195  # a metre, in degrees of latitude


@pytest.mark.parametrize(
    ("reason", "days", "is_right"),
    [
        ("CR/1/26, burglaries", 0, True),
        ("CR/1/26, burglaries", LONGEST_DAYS, True),
        ("CR/1/26, burglaries", LONGEST_DAYS + 1, False),
        ("CR/1/26, burglaries", -1, False),
        ("  x ", 10, False),
        ("", 10, False),
        ("x" * 251, 10, False),
    ],
)
def test_a_watch_has_a_reason_and_an_end_within_a_year(
    reason: str, days: int, is_right: bool
) -> None:
    problem = problem_with(reason=reason, until=TODAY + timedelta(days=days), today=TODAY)
    assert (problem == "") is is_right


def test_the_service_watches_nothing_and_no_event_is_watched() -> None:
    assert Role.SYSTEM not in WATCHERS
    assert not set(WATCHABLE) & set(EVENT_KINDS)


def test_a_thing_is_noticed_by_its_exact_keys_and_only_among_its_kind() -> None:
    keys = thing_keys(
        RecordKind.VEHICLE, ["mark:AB12CDE", "like:A812CDE", "tail:EDC218A", "vin:WF0X", "name:x"]
    )
    assert keys == {"vehicle:mark:AB12CDE", "vehicle:vin:WF0X"}
    serial = ["serial:12345"]
    assert not thing_keys(RecordKind.WEAPON, serial) & thing_keys(RecordKind.PROPERTY, serial)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("14 High Street, Colchester CO1 1AA", "14, High St, co11aa"),
        ("Flat 2, 14a High Street, CO1 1AA", "FLAT 2 14 A HIGH STREET COLCHESTER CO1 1AA"),
        ("Rose Cottage, Church Lane, CO1 1AA", "rose  cottage, CO1 1AA"),
    ],
)
def test_one_address_has_one_key_however_it_is_written(one: str, other: str) -> None:
    assert address_key(one) == address_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("14 High Street, CO1 1AA", "15 High Street, CO1 1AA"),
        ("14 High Street, CO1 1AA", "14 High Street, CO1 1AB"),
        ("Flat 2, 14 High Street, CO1 1AA", "14 High Street, CO1 1AA"),
    ],
)
def test_other_addresses_have_other_keys(one: str, other: str) -> None:
    assert address_key(one) != address_key(other)


@pytest.mark.parametrize("text", ["", "On or near High Street", "High Street CO1", "CO1 1AA"])
def test_what_names_no_house_is_no_address(text: str) -> None:
    assert address_key(text) == ""


@given(
    st.floats(50, 58), st.floats(-6, 1.7), st.floats(-1, 1), st.floats(-1, 1), st.floats(0, 0.999)
)
def test_whatever_is_near_enough_is_looked_up_by_a_key_of_the_watched_place(
    latitude: float, longitude: float, north: float, east: float, share: float
) -> None:
    length = max((north**2 + east**2) ** 0.5, 0.001)
    metres = share * NEAR_METRES / length
    there = (latitude + north * metres * NORTH, longitude + east * metres * NORTH)
    watched = place_keys(text="", latitude=latitude, longitude=longitude, around=True)
    logged = place_keys(text="", latitude=there[0], longitude=there[1], around=False)
    assert metres_between((latitude, longitude), there) <= NEAR_METRES
    assert logged & watched


@pytest.mark.parametrize(("metres", "is_near"), [(0, True), (49, True), (51, False)])
def test_a_place_is_touched_within_fifty_metres(metres: int, is_near: bool) -> None:
    touched = Touched(
        kind=RecordKind.PLACE,
        id=new_id(),
        owner_id=21,
        latitude=HERE[0] + metres * NORTH,
        longitude=HERE[1],
    )
    assert is_at(touched, watched=HERE, keys=frozenset()) is is_near


def test_a_place_without_a_point_is_touched_by_its_address_or_by_itself() -> None:
    place = Touched(kind=RecordKind.PLACE, id=new_id(), owner_id=21, text="14 High Street, CO1 1AA")
    nowhere = (None, None)
    assert is_at(place, watched=nowhere, keys=frozenset({address_key(place.text)}))
    assert is_at(place, watched=nowhere, keys=frozenset({record_key(place.id)}))
    assert not is_at(place, watched=nowhere, keys=frozenset({"address:15@CO1 1AA"}))
    assert not is_at(place, watched=HERE, keys=frozenset())


def test_an_occasion_is_the_same_for_the_same_and_another_for_another() -> None:
    watch, event = new_id(), new_id()
    assert occasion_of(watch, event) == occasion_of(watch, event)
    assert len({occasion_of(watch, event), occasion_of(event, watch), watch, event}) == 4


def test_a_fact_without_an_event_is_an_occasion_of_its_own_each_time() -> None:
    item, officer = new_id(), new_id()
    body = {
        "event": None,
        "kind": None,
        "owner": 21,
        "by": str(officer),
        "touched": [
            {"kind": 30, "id": str(item), "owner": 21, "keys": ["mark:AB12CDE"]},
            {"kind": 20, "id": str(item), "owner": 21, "latitude": 51.5, "longitude": 0.5},
        ],
    }
    first, again = Logged.from_body(body, fact_id=1), Logged.from_body(body, fact_id=1)
    assert first == again
    assert first.occasion != Logged.from_body(body, fact_id=2).occasion
    assert (first.event_id, first.event_kind, first.by) == (None, None, officer)
    assert first.touched[0].keys == ("mark:AB12CDE",)
    assert first.touched[1].latitude == 51.5


def test_a_fact_about_an_event_is_that_event_whenever_it_comes() -> None:
    event = new_id()
    body = {"event": str(event), "kind": 1, "owner": 21, "by": None, "touched": []}
    told = Logged.from_body(body, fact_id=1)
    assert told.occasion == event == Logged.from_body(body, fact_id=2).occasion
    assert told.event_kind is RecordKind.CRIME
    assert isinstance(told.event_id, UUID)
