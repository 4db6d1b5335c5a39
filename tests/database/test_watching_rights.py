"""Watches: how much of what is logged may be told, and who sees a watch."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import ProgrammingError

from concordat.access.rules import SHAREABLE_KINDS, Level, RecordKind
from concordat.agreements.actions import end_agreement
from concordat.base.acting import acting
from concordat.base.actor import Actor, Purpose, Role
from concordat.base.clock import today
from concordat.base.ids import new_id
from concordat.identity.errors import UnknownPerson
from concordat.organisations.actions import change_roles, close_account
from concordat.records.actions import log_event
from concordat.records.errors import UnknownRecord
from concordat.tracing.actions import (
    alert_on_identified,
    alert_on_logged,
    can_watch,
    end_watch,
    mark_all_read,
    mark_read,
    watch,
)
from concordat.tracing.errors import (
    AlreadyWatched,
    NotAllowedToAlert,
    NotAllowedToWatch,
    NotWatchable,
    UnknownAlert,
    UnknownWatch,
    WrongWatch,
)
from concordat.tracing.models import Alert, Watch, WatchKey
from concordat.tracing.queries import inbox, my_watches, unread
from concordat.tracing.rules.watching import Logged
from tests.database.watching import (
    HALE,
    MARK,
    SHOP,
    alerts,
    deliver_all,
    entries,
    logged,
    rows_of_alerts,
    sighting,
    the_person,
    the_place,
    the_thing,
    watched,
)
from tests.world import SERVICE, agreement_in_force, person

pytestmark = pytest.mark.django_db

BUT_PERSONS = [kind for kind in SHAREABLE_KINDS if kind is not RecordKind.PERSON]


@pytest.fixture
def essex(db: None) -> Actor:  # noqa: ARG001 (needed first)
    return person("essex")


@pytest.fixture
def kent(db: None) -> Actor:  # noqa: ARG001 (needed first)
    return person("kent")


def test_nobody_is_told_of_what_no_agreement_shares(essex: Actor, kent: Actor) -> None:
    car = the_thing(logged(essex, sighting(what=MARK)))
    hale = the_person(logged(essex, sighting(who=HALE)))
    watched(essex, RecordKind.VEHICLE, car)
    watched(essex, RecordKind.PERSON, hale)
    logged(kent, sighting(who=HALE, what=MARK))
    assert rows_of_alerts(essex) == 0
    assert entries("tracing.alert") == []


@pytest.mark.parametrize("kind", [RecordKind.VEHICLE, RecordKind.PERSON])
def test_a_pointer_tells_who_logged_and_whom_to_ask_and_nothing_else(
    essex: Actor, kent: Actor, kind: RecordKind
) -> None:
    agreement_in_force("A", ["essex", "kent"], level=Level.POINTER)
    report = logged(essex, sighting(who=HALE, what=MARK))
    record_id = the_thing(report) if kind is RecordKind.VEHICLE else the_person(report)
    watched(essex, kind, record_id)
    event_id = log_event(kent, report=sighting(who=HALE, what=MARK)).event_id
    deliver_all()

    (alert,) = alerts(essex)
    assert alert.level is Level.POINTER
    assert alert.owner_id == kent.organisation_id
    assert alert.contact == "Data protection officer, telephone 01632 960001"
    assert (alert.event_id, alert.about_id, alert.kind, alert.title) == (None, None, None, "")
    with acting(essex):
        (row,) = Alert.objects.values()
    assert str(event_id) not in str(row)


def test_a_pointer_to_a_person_needs_what_a_pointer_look_up_needs(
    essex: Actor, kent: Actor
) -> None:
    agreement_in_force("A", ["essex", "kent"], level=Level.POINTER)
    hale = the_person(logged(essex, sighting(who=HALE | {"postcode": "CO1 1AA"})))
    watched(essex, RecordKind.PERSON, hale)
    like_him = {"given_names": "Bob", "surname": "Quillfeather", "date_of_birth": "1987-03-05"}
    logged(kent, sighting(who=like_him | {"postcode": "CO1 1AA"}))
    assert rows_of_alerts(essex) == 0


def test_of_an_event_shared_in_full_with_a_person_who_is_not_no_more_is_told_than_of_the_person(
    essex: Actor, kent: Actor
) -> None:
    agreement_in_force("A", ["essex", "kent"], kinds=BUT_PERSONS)
    agreement_in_force("B", ["essex", "kent"], kinds=[RecordKind.PERSON], level=Level.POINTER)
    hale = the_person(logged(essex, sighting(who=HALE)))
    watched(essex, RecordKind.PERSON, hale)
    logged(kent, sighting(who=HALE))
    assert [alert.level for alert in alerts(essex)] == [Level.POINTER]


def test_an_event_of_a_kind_that_is_not_shared_is_not_told_by_its_vehicle(
    essex: Actor, kent: Actor
) -> None:
    agreement_in_force("A", ["essex", "kent"], kinds=[RecordKind.VEHICLE, RecordKind.CRIME])
    car = the_thing(logged(essex, sighting(what=MARK)))
    watched(essex, RecordKind.VEHICLE, car)
    logged(kent, sighting(what=MARK))
    assert rows_of_alerts(essex) == 0


def test_once_the_agreement_has_ended_nobody_is_told(essex: Actor, kent: Actor) -> None:
    agreement_in_force("A", ["essex", "kent"])
    car = the_thing(logged(essex, sighting(what=MARK)))
    watched(essex, RecordKind.VEHICLE, car)
    end_agreement(SERVICE, reference="A")
    logged(kent, sighting(what=MARK))
    assert rows_of_alerts(essex) == 0


def test_what_was_told_is_shown_only_as_long_as_it_may_be_read(essex: Actor, kent: Actor) -> None:
    agreement_in_force("A", ["essex", "kent"])
    car = the_thing(logged(essex, sighting(what=MARK)))
    watched(essex, RecordKind.VEHICLE, car)
    logged(kent, sighting(what=MARK))
    assert alerts(essex)[0].title
    end_agreement(SERVICE, reference="A")
    (alert,) = alerts(essex)
    assert not alert.is_readable
    assert alert.title == ""


def test_whoever_can_no_longer_read_what_they_watch_is_not_told(essex: Actor, kent: Actor) -> None:
    agreement_in_force("A", ["essex", "kent"])
    agreement_in_force("B", ["essex", "norfolk"])
    norfolk = person("norfolk")
    car = the_thing(logged(kent, sighting(what=MARK)))
    watched(essex, RecordKind.VEHICLE, car)
    end_agreement(SERVICE, reference="A")
    logged(norfolk, sighting(what=MARK))
    assert rows_of_alerts(essex) == 0


def test_a_closed_account_is_not_told(essex: Actor, kent: Actor) -> None:
    agreement_in_force("A", ["essex", "kent"])
    car = the_thing(logged(essex, sighting(what=MARK)))
    watched(essex, RecordKind.VEHICLE, car)
    close_account(SERVICE, username="essex.officer")
    logged(kent, sighting(what=MARK))
    assert rows_of_alerts(essex) == 0


def test_whoever_changed_roles_is_told_what_the_new_ones_allow(essex: Actor, kent: Actor) -> None:
    agreement_in_force("A", ["essex", "kent"])
    car = the_thing(logged(essex, sighting(what=MARK)))
    watched(essex, RecordKind.VEHICLE, car)
    change_roles(SERVICE, username="essex.officer", roles=[Role.FINANCE])
    logged(kent, sighting(what=MARK))
    assert rows_of_alerts(essex) == 0


def test_intelligence_under_conditions_is_told_to_no_officer_and_no_other_force(
    essex: Actor, kent: Actor
) -> None:
    agreement_in_force("A", ["essex", "kent"])
    analyst = person("kent", Role.INTELLIGENCE)
    car = the_thing(logged(kent, sighting(what=MARK)))
    for watcher in (essex, kent, person("kent", Role.SUPERVISOR)):
        watched(watcher, RecordKind.VEHICLE, car)
    log_event(
        analyst,
        report=replace(
            sighting(what=car, kind=RecordKind.INTELLIGENCE_CONDITIONAL),
            fields={
                "title": "A red Ford",
                "information": "It is used at night.",
                "source_evaluation": "2",
                "assessment": "B",
                "handling_code": "C",
                "action": "A1",
                "sanitisation": "S2",
            },
        ),
    )
    deliver_all()
    assert rows_of_alerts(essex) == 0
    assert rows_of_alerts(kent) == 0
    with acting(SERVICE):
        supervisor = Watch.objects.get(watcher__startswith="Kent Supervisor")
    told = {entry.details["watch"] for entry in entries("tracing.alert")}
    assert told == {str(supervisor.id)}


def test_a_watch_needs_a_reason_an_end_and_a_record_that_one_may_read(
    essex: Actor, kent: Actor
) -> None:
    report = logged(kent, sighting(who=HALE, what=MARK, where=SHOP))
    day = today() + timedelta(days=1)
    for kind, record_id, error in (
        (RecordKind.VEHICLE, the_thing(report), UnknownRecord),
        (RecordKind.PERSON, the_person(report), UnknownPerson),
        (RecordKind.PLACE, the_place(report), UnknownRecord),
        (RecordKind.VEHICLE, new_id(), UnknownRecord),
        (RecordKind.CRIME, new_id(), NotWatchable),
    ):
        with pytest.raises(error):
            watch(essex, kind=kind, record_id=record_id, reason="CR/1/26", until=day)
    with pytest.raises(WrongWatch):
        watch(kent, kind=RecordKind.VEHICLE, record_id=the_thing(report), reason=" ", until=day)
    with acting(SERVICE):
        assert not Watch.objects.exists()
        assert not WatchKey.objects.exists()


@pytest.mark.parametrize("role", [Role.FINANCE, Role.AUDITOR, Role.ADMINISTRATOR])
def test_whoever_does_not_work_with_records_watches_none(role: Role) -> None:
    actor = person("essex", role)
    assert not can_watch(actor)
    with pytest.raises(NotAllowedToWatch):
        watched(actor, RecordKind.VEHICLE, new_id())
    with pytest.raises(NotAllowedToWatch):
        watched(SERVICE, RecordKind.VEHICLE, new_id())


def test_the_same_record_is_watched_once_by_the_same_person(essex: Actor) -> None:
    car = the_thing(logged(essex, sighting(what=MARK)))
    watched(essex, RecordKind.VEHICLE, car)
    with pytest.raises(AlreadyWatched):
        watched(essex, RecordKind.VEHICLE, car)
    watched(person("essex", username="colleague"), RecordKind.VEHICLE, car)


def test_a_watch_is_journalled_with_its_reason_and_so_is_what_it_told(
    essex: Actor, kent: Actor
) -> None:
    agreement_in_force("A", ["essex", "kent"])
    car = the_thing(logged(essex, sighting(what=MARK)))
    watch_id = watched(essex, RecordKind.VEHICLE, car)
    (made,) = entries("tracing.watch")
    assert made.details["reason"] == "CR/1/26, expected"
    assert made.person_id == essex.person_id

    logged(kent, sighting(what=MARK))
    (told,) = entries("tracing.alert")
    assert told.operation == "disclosure"
    assert told.details["watch"] == str(watch_id)
    assert told.details["to"] == essex.person_name


def test_nobody_but_the_watcher_sees_a_watch_or_an_alert(essex: Actor, kent: Actor) -> None:
    agreement_in_force("A", ["essex", "kent"])
    car = the_thing(logged(essex, sighting(what=MARK)))
    watch_id = watched(essex, RecordKind.VEHICLE, car)
    logged(kent, sighting(what=MARK))
    (alert,) = alerts(essex)
    others = (
        person("essex", username="colleague"),
        person("essex", Role.SUPERVISOR, Role.AUDITOR, Role.ADMINISTRATOR),
        kent,
        replace(essex, organisation_id=kent.organisation_id),
    )
    for other in others:
        assert my_watches(other) == ()
        assert alerts(other) == ()
        assert unread(other) == 0
        with acting(other):
            assert not Watch.objects.exists()
            assert not WatchKey.objects.exists()
            assert not Alert.objects.exists()
        with pytest.raises(UnknownWatch):
            end_watch(other, watch_id=watch_id)
        with pytest.raises(UnknownAlert):
            mark_read(other, alert_id=alert.id)
    assert rows_of_alerts(SERVICE) == 0  # it tells, and doesn't read


def test_nobody_but_the_service_raises_alerts(essex: Actor) -> None:
    with pytest.raises(NotAllowedToAlert):
        alert_on_identified(essex, records=[new_id()])
    nothing = Logged.from_body({"owner": 1, "touched": []}, fact_id=1)
    with pytest.raises(NotAllowedToAlert):
        alert_on_logged(essex, logged=nothing)
    car = the_thing(logged(essex, sighting(what=MARK)))
    watch_id = watched(essex, RecordKind.VEHICLE, car)
    with pytest.raises(ProgrammingError, match="row-level security"), acting(essex):
        Alert(
            id=new_id(),
            owner_id=essex.organisation_id,
            watcher_id=essex.person_id or new_id(),
            watch_id=watch_id,
            occasion=new_id(),
            level=Level.FULL.value,
            logged_by_id=essex.organisation_id,
            about_kind=1,
            about_id=new_id(),
            raised_at="2026-11-22T00:00Z",
        ).save(force_insert=True)


def test_alerts_are_read_one_by_one_or_all_at_once(essex: Actor, kent: Actor) -> None:
    agreement_in_force("A", ["essex", "kent"])
    car = the_thing(logged(essex, sighting(what=MARK)))
    watched(essex, RecordKind.VEHICLE, car)
    for _ in range(3):
        logged(kent, sighting(what=MARK))
    assert unread(essex) == inbox(essex).unread == 3
    mark_read(essex, alert_id=alerts(essex)[0].id)
    assert unread(essex) == 2
    assert mark_all_read(essex) == 2
    assert unread(essex) == 0
    assert all(alert.read_at for alert in alerts(essex))


def test_a_watch_is_for_the_purpose_that_it_was_made_for(kent: Actor) -> None:
    agreement_in_force("A", ["essex", "kent"])
    quality = person("essex", Role.OFFICER, purpose=Purpose.QUALITY, username="quality")
    car = the_thing(logged(quality, sighting(what=MARK)))
    watched(quality, RecordKind.VEHICLE, car)
    logged(kent, sighting(what=MARK))
    assert rows_of_alerts(quality) == 0
