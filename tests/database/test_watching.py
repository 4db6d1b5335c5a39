"""Watches: what touches a vehicle, a weapon, a phone, a place or a person that is watched."""

import pytest

from concordat.access.rules import SHAREABLE_KINDS, Level, RecordKind
from concordat.base.actor import Actor, Role
from concordat.identity.actions import judge
from concordat.identity.rules.judgements import Verdict
from concordat.records.actions import add_link, amend_item
from concordat.records.queries import event
from concordat.records.rules.logged import Confidence, RecordRef
from tests.database.watching import (
    HALE,
    MARK,
    SHOP,
    alerts,
    deliver_all,
    logged,
    sighting,
    the_person,
    the_place,
    the_thing,
    watched,
)
from tests.world import agreement_in_force, person

pytestmark = pytest.mark.django_db

BUT_PERSONS = [kind for kind in SHAREABLE_KINDS if kind is not RecordKind.PERSON]


@pytest.fixture
def essex(db: None) -> Actor:  # noqa: ARG001 (needed first)
    return person("essex")


@pytest.fixture
def kent(db: None) -> Actor:  # noqa: ARG001 (needed first)
    return person("kent")


# Things


def test_whoever_watches_a_vehicle_is_told_when_another_force_logs_its_mark(
    essex: Actor, kent: Actor
) -> None:
    agreement_in_force("A", ["essex", "kent"])
    car = the_thing(logged(essex, sighting(what=MARK)))
    watch_id = watched(essex, RecordKind.VEHICLE, car)
    logged(kent, sighting(what={"mark": "ab12cde"}))

    (alert,) = alerts(essex)
    assert (alert.watch_id, alert.level, alert.owner_id) == (
        watch_id,
        Level.FULL,
        kent.organisation_id,
    )
    assert alert.event_id is not None
    assert event(essex, event_id=alert.event_id).owner_id == kent.organisation_id
    assert alert.kind is RecordKind.SIGHTING
    assert "AB12 CDE" in alert.record_label
    assert alert.is_readable
    assert alert.title
    assert alert.read_at is None


def test_a_look_alike_mark_touches_nothing(essex: Actor, kent: Actor) -> None:
    agreement_in_force("A", ["essex", "kent"])
    car = the_thing(logged(essex, sighting(what={"mark": "AB12 CDO"})))
    watched(essex, RecordKind.VEHICLE, car)
    logged(kent, sighting(what={"mark": "A812 CD0"}))
    logged(kent, sighting(what={"mark": "AB1? CDO"}))
    assert alerts(essex) == ()


def test_a_phone_is_followed_by_its_number_and_a_weapon_by_its_serial(
    essex: Actor, kent: Actor
) -> None:
    agreement_in_force("A", ["essex", "kent"])
    for kind, told, again in (
        (RecordKind.PHONE, {"number": "07700 900123"}, {"number": "+44 7700 900123"}),
        (
            RecordKind.WEAPON,
            {"weapon_type": "firearm", "serial": "BRT-4471"},
            {"weapon_type": "firearm", "serial": "brt 4471"},
        ),
    ):
        thing = the_thing(logged(essex, sighting(what=told, thing=kind)))
        watched(essex, kind, thing)
        logged(kent, sighting(what=again, thing=kind))
    assert len(alerts(essex)) == 2


def test_a_corrected_mark_is_followed_from_then_on(essex: Actor, kent: Actor) -> None:
    agreement_in_force("A", ["essex", "kent"])
    car = the_thing(logged(essex, sighting(what=MARK)))
    watched(essex, RecordKind.VEHICLE, car)
    amend_item(
        person("essex", username="colleague"),
        item_id=car,
        base_version=1,
        fields=MARK | {"mark": "XY51 ZZZ"},
    )
    deliver_all()
    told = len(alerts(essex))  # that it was corrected
    logged(kent, sighting(what=MARK))
    assert len(alerts(essex)) == told
    logged(kent, sighting(what={"mark": "XY51 ZZZ"}))
    assert len(alerts(essex)) == told + 1


def test_a_new_link_to_what_is_watched_is_told(essex: Actor, kent: Actor) -> None:
    agreement_in_force("A", ["essex", "kent"])
    car = the_thing(logged(essex, sighting(what=MARK)))
    watched(essex, RecordKind.VEHICLE, car)
    driver = the_person(logged(kent, sighting(who=HALE)))
    add_link(
        kent,
        left=RecordRef(RecordKind.PERSON, driver),
        right=RecordRef(RecordKind.VEHICLE, car),
        reason="driver",
        since=None,
        until=None,
        stated_by="PC Invented",
        confidence=Confidence.HIGH,
        assessment=False,
    )
    deliver_all()
    (alert,) = alerts(essex)
    assert (alert.event_id, alert.about_id, alert.owner_id) == (None, car, kent.organisation_id)


# Places


def test_a_place_is_watched_with_what_lies_within_fifty_metres(essex: Actor, kent: Actor) -> None:
    agreement_in_force("A", ["essex", "kent"])
    shop = the_place(logged(essex, sighting(where=SHOP)))
    watched(essex, RecordKind.PLACE, shop)
    apart = {"house": "", "street": "Long Lane", "town": "", "postcode": ""}
    logged(kent, sighting(where=SHOP | apart | {"latitude": "51.8893"}))  # 33 metres
    assert len(alerts(essex)) == 1
    logged(kent, sighting(where=SHOP | apart | {"latitude": "51.8897"}))  # 78 metres
    assert len(alerts(essex)) == 1


def test_a_place_without_a_point_is_watched_by_its_address(essex: Actor, kent: Actor) -> None:
    agreement_in_force("A", ["essex", "kent"])
    known = SHOP | {"latitude": "", "longitude": ""}
    shop = the_place(logged(essex, sighting(where=known)))
    watched(essex, RecordKind.PLACE, shop)
    logged(kent, sighting(where=known | {"street": "High St"}))
    assert len(alerts(essex)) == 1


# People


def test_whoever_watches_a_person_is_told_when_another_force_logs_them(
    essex: Actor, kent: Actor
) -> None:
    agreement_in_force("A", ["essex", "kent"])
    hale = the_person(logged(essex, sighting(who=HALE)))
    watched(essex, RecordKind.PERSON, hale)
    logged(kent, sighting(who=HALE | {"given_names": "Bob"}))
    (alert,) = alerts(essex)
    assert alert.owner_id == kent.organisation_id
    assert alert.event_id is not None
    assert "Quillfeather" in alert.record_label


def test_an_event_that_links_the_watched_record_itself_is_told(essex: Actor, kent: Actor) -> None:
    agreement_in_force("A", ["essex", "kent"])
    hale = the_person(logged(essex, sighting(who=HALE)))
    watched(essex, RecordKind.PERSON, hale)
    logged(kent, sighting(who=hale, owners={hale: essex.organisation_id}))
    assert [alert.owner_id for alert in alerts(essex)] == [kent.organisation_id]


def test_a_stranger_of_the_same_force_touches_no_watch(essex: Actor, kent: Actor) -> None:
    agreement_in_force("A", ["essex", "kent"])
    hale = the_person(logged(essex, sighting(who=HALE)))
    watched(essex, RecordKind.PERSON, hale)
    logged(kent, sighting(who={"given_names": "Agnieszka", "surname": "Wojciechowska"}))
    assert alerts(essex) == ()


def test_a_link_of_identity_made_later_tells_of_what_was_logged_since(
    essex: Actor, kent: Actor
) -> None:
    agreement_in_force("A", ["essex", "kent"])
    hale = the_person(logged(essex, sighting(who=HALE)))
    watched(essex, RecordKind.PERSON, hale)
    stranger = the_person(
        logged(kent, sighting(who={"given_names": "Agnieszka", "surname": "Wojciechowska"}))
    )
    assert alerts(essex) == ()

    judge(
        person("essex", Role.INTELLIGENCE),
        left=hale,
        right=stranger,
        verdict=Verdict.SAME,
        reason="Fingerprints",
    )
    deliver_all()
    (alert,) = alerts(essex)
    assert alert.kind is RecordKind.SIGHTING
    assert alert.owner_id == kent.organisation_id


def test_a_record_that_comes_to_a_watched_person_without_an_event_is_told_once(
    essex: Actor, kent: Actor
) -> None:
    agreement_in_force("A", ["essex", "kent"])
    stranger = the_person(
        logged(kent, sighting(who={"given_names": "Agnieszka", "surname": "Wojciechowska"}))
    )
    hale = the_person(logged(essex, sighting(who=HALE)))
    watched(essex, RecordKind.PERSON, hale)
    judge_as = person("essex", Role.INTELLIGENCE)
    for reason in ("Fingerprints", "Fingerprints, again"):
        judge(judge_as, left=hale, right=stranger, verdict=Verdict.SAME, reason=reason)
        deliver_all()
    (alert,) = alerts(essex)
    assert (alert.event_id, alert.about_id) == (None, stranger)
    assert alert.about_kind is RecordKind.PERSON


def test_a_namesake_whom_people_keep_apart_touches_no_watch(essex: Actor, kent: Actor) -> None:
    agreement_in_force("A", ["essex", "kent"])
    hale = the_person(logged(essex, sighting(who=HALE)))
    other = the_person(logged(kent, sighting(who=HALE)))
    judge(person("essex", Role.INTELLIGENCE), left=hale, right=other, verdict=Verdict.DIFFERENT)
    deliver_all()
    watched(essex, RecordKind.PERSON, hale)
    logged(kent, sighting(who=other))
    assert alerts(essex) == ()
