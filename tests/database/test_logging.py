"""Logging an event: everything in it becomes a record or a link, at once, and nothing is lost."""

from dataclasses import replace
from unittest import mock
from uuid import UUID

import pytest

from concordat.access.rules import THING_KINDS, RecordKind
from concordat.base.actor import Actor, Role
from concordat.base.ids import new_id
from concordat.identity.actions import resolve_pending
from concordat.identity.queries import identity_of
from concordat.organisations.queries import organisation
from concordat.records.actions import add_link, log_event, logging
from concordat.records.errors import NotAllowedToRecord, NotReady, UnknownRecord, WrongDetails
from concordat.records.queries import (
    event,
    event_lines,
    find_events,
    find_items,
    find_places,
    item,
    items,
    links_of,
    person,
    report_of,
    timeline,
)
from concordat.records.rules.catalogue import fields_of
from concordat.records.rules.logged import RecordRef
from concordat.records.rules.questions import Question
from concordat.records.rules.reports import Participant, Report, Thing, Where
from tests import world
from tests.database.logged import count, entries, facts, ids, rows
from tests.reports import CAR, CONDITIONAL, HALE, PLACE, intelligence, theft
from tests.world import SERVICE, agreement_in_force

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> Actor:
    """An officer of Essex who has no other role."""
    return world.person("essex", username="officer")


def logged_report(by: Actor, report: Report) -> Report:
    """Log a report and return it as it is kept."""
    return report_of(by, event_id=log_event(by, report=report).event_id).report


def test_one_report_makes_an_event_its_people_its_things_and_its_place(officer: Actor) -> None:
    logged = log_event(officer, report=theft())
    detail = report_of(officer, event_id=logged.event_id)
    assert (detail.reference, detail.version, detail.state) == ("42/26/C000001", 1, "waiting")
    assert detail.category == "Theft from the person"
    suspect, victim = detail.report.participants
    (car,) = detail.report.things
    assert (suspect.label, victim.label, car.label) == (
        "Robert Invented Hale, born 3 May 1987",
        "Mary Quill, born 11 February 1990",
        "AB12 CDE, Red Ford Focus",
    )
    assert suspect.record_id
    content = person(officer, person_id=suspect.record_id).current.content
    assert (content.names[0].forename, content.names[0].middle_names) == ("Robert", "Invented")
    assert content.date_of_birth_form == "1987-05-03"
    assert content.phones[0].form == "+447700900123"
    assert detail.place is not None
    assert detail.place.location == "1 High Street, Colchester, CO1 1AA"
    assert detail.area_id == officer.organisation_id


def test_each_role_is_a_link_and_an_assessment_stays_one(officer: Actor) -> None:
    report = logged_report(officer, theft())
    suspect, victim = report.participants
    assert suspect.record_id
    assert victim.record_id
    told = links_of(officer, record_id=victim.record_id, kind=RecordKind.PERSON)
    assert {(link.reason, link.assessment) for link in told} == {
        ("victim", False),
        ("witness", False),
    }
    (link,) = links_of(officer, record_id=suspect.record_id, kind=RecordKind.PERSON)
    assert (link.label, link.assessment, link.other_kind) == ("Suspect", True, RecordKind.CRIME)
    (line,) = timeline(officer, ids=[victim.record_id])
    assert set(line.as_what) == {"Victim", "Witness"}
    assert line.place == "1 High Street, Colchester, CO1 1AA"


def test_what_is_known_is_linked_and_not_made_again(officer: Actor) -> None:
    first = logged_report(officer, theft())
    again = replace(theft(), participants=first.participants, things=first.things,
                    places=first.places)  # fmt: skip
    second = logged_report(officer, again)
    assert ids(*(one.record_id for one in second.participants)) == ids(
        *(one.record_id for one in first.participants)
    )
    assert [count(officer, f"records_{name}") for name in ("person", "item", "place")] == [2, 1, 1]
    suspect = first.participants[0].record_id
    assert suspect
    assert len(timeline(officer, ids=[suspect])) == 2


def test_of_another_forces_record_only_the_link_is_made(officer: Actor) -> None:
    agreement_in_force("EK", ["essex", "kent"])
    kent = world.person("kent", username="kent")
    theirs = logged_report(kent, theft())
    ours = logged_report(officer, replace(theft(), participants=theirs.participants,
                                          things=theirs.things))  # fmt: skip
    assert count(officer, "records_person", officer.organisation_id) == 0
    assert count(officer, "records_item", officer.organisation_id) == 0
    assert [one.label for one in ours.participants] == [one.label for one in theirs.participants]
    suspect = theirs.participants[0].record_id
    assert suspect
    for reader in (officer, kent):
        assert len(timeline(reader, ids=[suspect])) == 2


def test_what_one_may_not_read_is_neither_linked_nor_named(officer: Actor) -> None:
    kent = world.person("kent", username="kent")
    theirs = logged_report(kent, theft())
    named = tuple(replace(one, label="Robert Hale") for one in theirs.participants)
    ours = logged_report(officer, replace(theft(), participants=named))
    assert [one.label for one in ours.participants] == ["", ""]
    assert count(officer, "records_person") == 0


def test_an_event_that_is_shared_without_its_people_does_not_name_them(officer: Actor) -> None:
    agreement_in_force("EK", ["essex", "kent"], kinds=[RecordKind.CRIME])
    kent = world.person("kent", username="kent")
    logged = log_event(officer, report=theft(summary="Theft of a phone."))
    detail = report_of(kent, event_id=logged.event_id)
    assert [one.label for one in detail.report.participants] == ["", ""]
    assert detail.place is None
    stored = str(rows(kent, "SELECT details FROM records_event"))
    assert not [name for name in ("Hale", "Focus", "High Street") if name in stored]


def test_who_says_nothing_of_who_they_are_stays_in_the_report(officer: Actor) -> None:
    stranger = Participant(key="p1", roles=("suspect",), fields={"description": "Tall, a hood"})
    report = logged_report(officer, replace(theft(), participants=(stranger,)))
    assert report.participants[0].record_id is None
    assert report.participants[0].fields == {"description": "Tall, a hood"}
    assert count(officer, "records_person") == 0


def test_values_that_are_wrong_are_kept_as_they_were_typed(officer: Actor) -> None:
    wrong = HALE | {"date_of_birth": "31/02/1987", "pnc_id": "1990/0000570L", "phone": "12",
                    "shoe_size": "44"}  # fmt: skip
    car = CAR | {"mark": "not a mark at all"}
    place = PLACE | {"latitude": "far north", "postcode": "no code", "uprn": "x"}
    report = replace(
        theft(occurred_date="the day before", occurred_time="late"),
        participants=(Participant(key="p1", roles=("suspect",), fields=wrong),),
        things=(Thing(key="t1", kind=RecordKind.VEHICLE, uses=("used",), fields=car),),
        places=(Where(key="w1", fields=place),),
    )
    kept = logged_report(officer, report)
    assert kept.fields["occurred_date"] == "the day before"
    assert kept.participants[0].record_id
    content = person(officer, person_id=kept.participants[0].record_id).current.content
    assert content.date_of_birth == "31/02/1987"
    assert content.description == {"shoe_size": "44"}
    assert {notice.field for notice in content.notices} == {"date_of_birth", "pnc_id", "phones"}
    assert kept.things[0].record_id
    assert item(officer, item_id=kept.things[0].record_id).content == car
    assert kept.places[0].fields == {"latitude": "far north", "uprn": "x"}


@pytest.mark.parametrize("kind", THING_KINDS, ids=lambda kind: kind.code)
def test_every_kind_of_thing_keeps_every_field_and_is_found(
    officer: Actor, kind: RecordKind
) -> None:
    fields = {field.code: f"{field.code[:3].upper()}12345" for field in fields_of(kind)}
    fields |= {code: "07700 900123" for code in ("number", "phone") if code in fields}
    thing = Thing(key="t1", kind=kind, fields=fields)
    report = logged_report(officer, replace(theft(), things=(thing,)))
    assert report.things[0].record_id
    detail = item(officer, item_id=report.things[0].record_id)
    assert (detail.kind, detail.content, detail.may_edit) == (kind, fields, True)
    exact = next(key for key in detail.keys if key.partition(":")[0] not in ("like", "tail"))
    found = find_items(officer, text=exact.partition(":")[2], kind=kind)
    assert [one.id for one in found] == [detail.id]


@pytest.mark.parametrize("asked", ["AB12CDE", "ab12 cde", "A8I2 CDE", "AB1? CDE", "*CDE", "AB12"])
def test_a_mark_is_found_whole_half_remembered_and_by_look_alikes(
    officer: Actor, asked: str
) -> None:
    log_event(officer, report=theft())
    assert [one.label for one in find_items(officer, text=asked)] == ["AB12 CDE, Red Ford Focus"]
    assert find_items(officer, text=asked, kind=RecordKind.WEAPON) == []


def test_things_with_one_mark_are_shown_together_over_forces(officer: Actor) -> None:
    agreement_in_force("EK", ["essex", "kent"])
    kent = world.person("kent", username="kent")
    ours = logged_report(officer, theft()).things[0].record_id
    theirs = logged_report(kent, theft()).things[0].record_id
    assert ours
    assert theirs
    assert [one.id for one in item(officer, item_id=ours).same] == [theirs]
    assert [one.id for one in items(officer, ids=[theirs, new_id(), ours])] == [theirs, ours]


@pytest.mark.parametrize("asked", ["high street colchester", "CO1 1AA", "1 high str"])
def test_a_place_is_found_by_its_words_and_its_postcode(officer: Actor, asked: str) -> None:
    log_event(officer, report=theft())
    assert [one.location for one in find_places(officer, text=asked)] == [
        "1 High Street, Colchester, CO1 1AA"
    ]
    assert find_places(officer, text=f"{asked} norwich") == []


def test_people_are_handed_to_identity_and_meet_their_like(officer: Actor) -> None:
    agreement_in_force("EK", ["essex", "kent"])
    kent = world.person("kent", username="kent")
    ours = logged_report(officer, theft()).participants[0].record_id
    theirs = logged_report(kent, theft()).participants[0].record_id
    assert ours
    assert theirs
    resolve_pending(SERVICE)
    assert {one for one, _ in identity_of(officer, record_id=ours).records} == {ours, theirs}


def test_the_fact_names_everything_that_was_touched(officer: Actor) -> None:
    logged = log_event(officer, report=theft())
    report = report_of(officer, event_id=logged.event_id).report
    fact = facts("records.logged")[-1]
    assert (fact["event"], fact["kind"], fact["owner"], fact["by"]) == (
        str(logged.event_id),
        RecordKind.CRIME,
        officer.organisation_id,
        str(officer.person_id),
    )
    touched = {UUID(one["id"]): one for one in fact["touched"]}
    assert touched.keys() == ids(
        *(one.record_id for one in report.participants),
        *(one.record_id for one in report.things),
        *(one.record_id for one in report.places),
    )
    assert {key for one in fact["touched"] for key in one.get("keys", ())} >= {"mark:AB12CDE"}
    assert [one["text"] for one in fact["touched"] if "text" in one] == [
        "1 High Street, Colchester, CO1 1AA"
    ]


def test_the_journal_names_everybody_in_it_once(officer: Actor) -> None:
    logged = log_event(officer, report=theft())
    (entry,) = entries("records.log_event")
    assert (entry.operation, entry.details["reference"]) == ("collection", logged.reference)
    kinds = [kind for kind, _, _ in entry.subjects]
    assert sorted(kinds) == ["event", "item", "person", "person", "place"]


def test_numbers_of_a_force_count_up_and_each_force_has_its_own(officer: Actor) -> None:
    kent = world.person("kent", username="kent")
    made = [log_event(by, report=theft()).reference for by in (officer, officer, kent)]
    assert made == ["42/26/C000001", "42/26/C000002", "46/26/C000001"]
    found = find_events(officer, question=Question(reference="42/26/C000002"))
    assert [row.reference for row in found.rows] == ["42/26/C000002"]


def test_a_failure_in_the_middle_leaves_nothing(officer: Actor) -> None:
    with (
        mock.patch.object(logging, "observe", side_effect=RuntimeError("the power fails")),
        pytest.raises(RuntimeError),
    ):
        log_event(officer, report=theft())
    for table in ("event", "person", "item", "item_key", "link", "place", "review", "numbering"):
        assert count(officer, f"records_{table}") == 0
    assert facts("records.logged") == []


def test_an_outcome_that_forbids_a_suspect_does_not_stand_beside_one(officer: Actor) -> None:
    with pytest.raises(NotReady) as refused:
        log_event(officer, report=theft(outcome="18"))
    assert any(one.blocks for one in refused.value.missing)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.FINANCE, Role.PROGRAMME, Role.ADMINISTRATOR])
def test_only_who_works_with_records_logs(role: Role) -> None:
    with pytest.raises(NotAllowedToRecord):
        log_event(world.person("essex", role), report=theft())


def test_the_service_logs_for_a_force_and_not_for_nobody() -> None:
    essex = organisation("essex")
    logged = log_event(SERVICE.acting_for(essex.id, essex.name), report=theft())
    assert logged.reference == "42/26/C000001"
    with pytest.raises(NotAllowedToRecord):
        log_event(SERVICE, report=theft())


# Intelligence


def test_intelligence_under_conditions_is_for_intelligence_staff_and_supervisors(
    officer: Actor,
) -> None:
    agreement_in_force("EK", ["essex", "kent"])
    logged = log_event(officer, report=intelligence(CONDITIONAL))
    for reader in (
        officer,
        world.person("essex", Role.DATA_QUALITY),
        world.person("kent", Role.INTELLIGENCE),
        world.person("kent", Role.SUPERVISOR),
    ):
        with pytest.raises(UnknownRecord):
            report_of(reader, event_id=logged.event_id)
        with pytest.raises(UnknownRecord):
            event(reader, event_id=logged.event_id)
        assert event_lines(reader, ids=[logged.event_id]) == []
    for reader in (
        world.person("essex", Role.INTELLIGENCE),
        world.person("essex", Role.SUPERVISOR),
    ):
        detail = report_of(reader, event_id=logged.event_id)
        assert detail.kind is RecordKind.INTELLIGENCE_CONDITIONAL
        assert detail.report.participants[0].label == "Robert Invented Hale, born 3 May 1987"


def test_who_is_named_in_a_report_under_conditions_becomes_no_record_that_is_shared(
    officer: Actor,
) -> None:
    log_event(officer, report=intelligence(CONDITIONAL))
    assert count(officer, "records_person") == 0
    assert count(officer, "records_link") == 0
    assert count(officer, "records_withheld") == 0


def test_known_people_are_tied_to_a_report_under_conditions_for_those_alone_who_may_read_it(
    officer: Actor,
) -> None:
    known = logged_report(officer, theft()).participants[0]
    assert known.record_id
    cleared = world.person("essex", Role.INTELLIGENCE)
    report = replace(intelligence(CONDITIONAL), participants=(known,))
    log_event(officer, report=report)
    assert len(links_of(officer, record_id=known.record_id, kind=RecordKind.PERSON)) == 1
    assert len(links_of(cleared, record_id=known.record_id, kind=RecordKind.PERSON)) == 2
    assert len(timeline(officer, ids=[known.record_id])) == 1
    assert len(timeline(cleared, ids=[known.record_id])) == 2


def test_shared_intelligence_comes_without_what_reveals_its_source(officer: Actor) -> None:
    agreement_in_force("EK", ["essex", "kent"])
    logged = log_event(officer, report=intelligence())
    own = report_of(officer, event_id=logged.event_id).report.fields
    theirs = report_of(world.person("kent"), event_id=logged.event_id).report.fields
    assert own["information"] == "A named source saw two cars."
    assert own.keys() - theirs.keys() == {"information", "provenance"}
    kept = rows(world.person("kent", username="k2"), "SELECT details::text FROM records_event")
    assert "named source" not in str(kept)


@pytest.mark.parametrize("marking", ["SECRET", "TOP SECRET"])
def test_what_is_marked_higher_than_the_platform_may_hold_is_refused(
    officer: Actor, marking: str
) -> None:
    with pytest.raises(NotReady):
        log_event(officer, report=intelligence(marking=marking))


@pytest.mark.parametrize(
    ("action", "other_grounds", "is_allowed"),
    [
        ("A1", "yes", False),
        ("A1", "no", False),
        ("A2", "no", False),
        ("A2", "yes", True),
        ("A3", "no", True),
    ],
)
def test_an_arrest_cites_intelligence_only_as_its_action_code_permits(
    *, action: str, other_grounds: str, is_allowed: bool
) -> None:
    cleared = world.person("essex", Role.INTELLIGENCE, username="cleared")
    source = log_event(
        cleared, report=intelligence(CONDITIONAL, action=action, action_use="Search the quarry")
    )
    for cited in (str(source.event_id), source.reference):
        arrest = Report(
            kind=RecordKind.ARREST,
            fields={"citations": cited, "other_grounds": other_grounds, "grounds": "Seen there"},
            participants=(Participant(key="p1", roles=("arrested",), fields=HALE),),
        )
        if is_allowed:
            assert log_event(cleared, report=arrest)
        else:
            with pytest.raises(NotReady) as refused:
                log_event(cleared, report=arrest)
            assert [one.where for one in refused.value.missing] == ["field-citations"]


def test_what_one_may_not_read_cannot_be_cited(officer: Actor) -> None:
    source = log_event(officer, report=intelligence(CONDITIONAL))
    arrested = Participant(key="p1", roles=("arrested",), fields=HALE)
    cited = {"citations": source.reference, "grounds": "Seen there", "other_grounds": "yes"}
    arrest = Report(kind=RecordKind.ARREST, fields=cited, participants=(arrested,))
    with pytest.raises(NotReady):
        log_event(officer, report=arrest)
    words = replace(arrest, fields=cited | {"citations": "the sergeant's note"})
    assert log_event(officer, report=words)


# Links


def test_a_link_is_seen_by_whoever_may_read_both_ends(officer: Actor) -> None:
    agreement_in_force("EK", ["essex", "kent"], kinds=[RecordKind.PERSON])
    kent = world.person("kent", username="kent")
    report = logged_report(officer, theft())
    hale, quill = (one.record_id for one in report.participants)
    car = report.things[0].record_id
    assert hale
    assert quill
    assert car
    one, other = RecordRef(RecordKind.PERSON, hale), RecordRef(RecordKind.PERSON, quill)
    vehicle = RecordRef(RecordKind.VEHICLE, car)
    add_link(officer, left=one, right=other, reason="sibling", stated_by="The victim")
    add_link(officer, left=one, right=vehicle, reason="keeper")
    own = links_of(officer, record_id=hale, kind=RecordKind.PERSON)
    assert {link.reason for link in own} == {"suspect", "sibling", "keeper"}
    theirs = links_of(kent, record_id=hale, kind=RecordKind.PERSON)
    assert [(link.reason, link.stated_by) for link in theirs] == [("sibling", "The victim")]
    (from_car, *_) = links_of(officer, record_id=car, kind=RecordKind.VEHICLE)
    assert (from_car.label, from_car.other_label) == (
        "is kept by",
        "Robert Invented Hale, born 3 May 1987",
    )


def test_a_reason_that_does_not_fit_ties_nothing(officer: Actor) -> None:
    report = logged_report(officer, theft())
    hale, car = report.participants[0].record_id, report.things[0].record_id
    assert hale
    assert car
    one, vehicle = RecordRef(RecordKind.PERSON, hale), RecordRef(RecordKind.VEHICLE, car)
    for reason in ("sibling", "no reason"):
        with pytest.raises(WrongDetails):
            add_link(officer, left=one, right=vehicle, reason=reason)
    with pytest.raises(WrongDetails):
        add_link(officer, left=one, right=one, reason="sibling")
    with pytest.raises(UnknownRecord):
        add_link(officer, left=one, right=RecordRef(RecordKind.PERSON, new_id()), reason="sibling")
