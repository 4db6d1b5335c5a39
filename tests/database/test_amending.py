"""Amending: each change is a version, changes merge, and none is overwritten unseen."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from concordat.access.rules import RecordKind
from concordat.base.actor import Role
from concordat.base.ids import new_id
from concordat.identity.engine import Meaning
from concordat.identity.queries import who_is
from concordat.organisations.queries import organisation
from concordat.records.actions import (
    add_link,
    add_warning,
    amend_event,
    amend_item,
    amend_person,
    end_link,
    end_warning,
    load_persons,
    log_event,
    move_item,
)
from concordat.records.errors import (
    EditConflict,
    NotAllowedToRecord,
    NotReady,
    UnknownRecord,
    WrongDetails,
    WrongState,
)
from concordat.records.queries import (
    find_items,
    item,
    links_of,
    person,
    person_fields,
    report_of,
    timeline,
    warning_markers,
)
from concordat.records.rules.logged import RecordRef
from concordat.records.rules.person_maps import read_map
from concordat.records.rules.reports import Report
from tests import world
from tests.database.logged import entries, facts, rows
from tests.persons import MAP, person_row, write_persons
from tests.reports import CAR, CONDITIONAL, intelligence, theft
from tests.world import SERVICE, agreement_in_force

pytestmark = pytest.mark.django_db


class Scene:
    """A theft that an officer of Essex logged; a colleague, and an officer of Kent who reads it."""

    def __init__(self) -> None:
        agreement_in_force("EK", ["essex", "kent"])
        self.officer = world.person("essex", username="officer")
        self.colleague = world.person("essex", username="colleague")
        self.kent = world.person("kent", username="kent")
        self.event_id = log_event(self.officer, report=theft()).event_id
        report = self.report
        self.hale, self.quill = (_id(one.record_id) for one in report.participants)
        self.car = _id(report.things[0].record_id)

    @property
    def report(self) -> Report:
        """The theft as it is now."""
        return report_of(self.officer, event_id=self.event_id).report


def _id(record_id: UUID | None) -> UUID:
    assert record_id
    return record_id


@pytest.fixture
def scene() -> Scene:
    """Make the scene."""
    return Scene()


def test_an_amendment_is_a_version_and_the_one_before_stays(scene: Scene) -> None:
    fields = {"outcome": "1", "notes": "Charged at the station."}
    amended = amend_event(scene.colleague, event_id=scene.event_id, base_version=1, fields=fields)
    assert amended.version == 2
    detail = report_of(scene.officer, event_id=scene.event_id)
    assert (detail.version, detail.outcome) == (2, "Charged or summonsed")
    assert [one.recorded_by for one in detail.versions] == [
        "Officer, Essex Police",
        "Colleague, Essex Police",
    ]
    assert "notes" not in detail.versions[0].fields
    assert detail.recorded_by == "Officer, Essex Police"
    assert detail.report.participants[0].label.startswith("Robert")


def test_two_who_change_different_fields_both_have_their_way(scene: Scene) -> None:
    amend_event(scene.officer, event_id=scene.event_id, base_version=1, fields={"notes": "one"})
    amend_event(
        scene.colleague, event_id=scene.event_id, base_version=1, fields={"status": "filed"}
    )
    fields = scene.report.fields
    assert (fields["notes"], fields["status"]) == ("one", "filed")


def test_the_second_to_change_a_field_is_shown_what_changed(scene: Scene) -> None:
    amend_event(scene.officer, event_id=scene.event_id, base_version=1, fields={"mo": "A" * 30})
    with pytest.raises(EditConflict) as conflict:
        amend_event(
            scene.colleague,
            event_id=scene.event_id,
            base_version=1,
            fields={"mo": "B" * 30, "notes": "mine"},
        )
    (found,) = conflict.value.merged.conflicts
    assert (found.code, found.mine, found.theirs) == ("mo", "B" * 30, "A" * 30)
    assert conflict.value.version == 2
    assert "notes" not in scene.report.fields
    settled = {**conflict.value.merged.values, "mo": "B" * 30}
    amend_event(scene.colleague, event_id=scene.event_id, base_version=2, fields=settled)
    fields = scene.report.fields
    assert (fields["mo"], fields["notes"]) == ("B" * 30, "mine")


def test_what_changes_nothing_makes_no_version(scene: Scene) -> None:
    same = {"mo": scene.report.fields["mo"]}
    assert amend_event(
        scene.officer, event_id=scene.event_id, base_version=1, fields=same
    ).version == 1  # fmt: skip
    assert entries("records.amend_event") == []


def test_nobody_amends_another_forces_records(scene: Scene) -> None:
    for refused in (
        lambda: amend_event(scene.kent, event_id=scene.event_id, base_version=1, fields={}),
        lambda: amend_person(scene.kent, person_id=scene.hale, base_version=1, fields={}),
        lambda: amend_item(scene.kent, item_id=scene.car, base_version=1, fields={}),
        lambda: move_item(scene.kent, item_id=scene.car, to_whom="Kent", where="Maidstone"),
        lambda: add_warning(scene.kent, person_id=scene.hale, code="VI", evidence="seen"),
    ):
        with pytest.raises(NotAllowedToRecord):
            refused()
    stranger = world.person("norfolk")
    with pytest.raises(UnknownRecord):
        amend_event(stranger, event_id=scene.event_id, base_version=1, fields={})
    with pytest.raises(NotAllowedToRecord):
        amend_event(
            world.person("essex", Role.AUDITOR), event_id=scene.event_id, base_version=1, fields={}
        )


def test_a_contradiction_is_refused_and_a_gap_is_not(scene: Scene) -> None:
    with pytest.raises(NotReady):
        amend_event(
            scene.officer, event_id=scene.event_id, base_version=1, fields={"outcome": "18"}
        )
    amend_event(scene.officer, event_id=scene.event_id, base_version=1, fields={"mo": ""})
    assert "mo" not in scene.report.fields


def test_a_version_that_there_is_not_is_refused(scene: Scene) -> None:
    with pytest.raises(WrongDetails):
        amend_event(scene.officer, event_id=scene.event_id, base_version=7, fields={"mo": "x"})


def test_the_withheld_part_of_intelligence_stays_withheld_when_it_is_amended(scene: Scene) -> None:
    logged = log_event(scene.officer, report=intelligence())
    told = {"information": "The source was there twice.", "title": "Cars at the quarry"}
    amend_event(scene.officer, event_id=logged.event_id, base_version=1, fields=told)
    own = report_of(scene.officer, event_id=logged.event_id)
    theirs = report_of(scene.kent, event_id=logged.event_id)
    assert own.report.fields["information"] == "The source was there twice."
    assert own.versions[0].fields["information"] == "A named source saw two cars."
    assert own.report.fields["provenance"]
    assert theirs.report.fields["title"] == "Cars at the quarry"
    assert not theirs.report.fields.keys() & {"information", "provenance"}


def test_the_handling_code_is_not_changed_behind_its_readers_backs(scene: Scene) -> None:
    logged = log_event(scene.officer, report=intelligence())
    change = {code: text for code, text in CONDITIONAL.items() if code != "information"}
    with pytest.raises(WrongDetails):
        amend_event(scene.officer, event_id=logged.event_id, base_version=1, fields=change)


# Persons


def test_a_person_is_amended_and_found_by_the_new_name(scene: Scene) -> None:
    editable = person_fields(scene.colleague, person_id=scene.hale)
    assert (editable.version, editable.fields["given_names"]) == (1, "Robert Invented")
    amend_person(
        scene.colleague,
        person_id=scene.hale,
        base_version=1,
        fields={"surname": "Hail", "email": "hale@example.org"},
    )
    detail = person(scene.officer, person_id=scene.hale)
    assert detail.current.content.names[0].text == "Robert Invented Hail"
    assert detail.current.content.names[0].middle_names == "Invented"
    assert [one.content.names[0].surname for one in detail.versions] == ["Hale", "Hail"]
    asked = {Meaning.SURNAME: "Hail", Meaning.FORENAME: "Robert",
             Meaning.DATE_OF_BIRTH: "1987-05-03"}  # fmt: skip
    assert scene.hale in {
        one.record_id for found in who_is(scene.officer, partial=asked) for one in found.records
    }


def test_a_field_of_a_person_that_is_emptied_is_gone_and_kept_in_its_version(scene: Scene) -> None:
    amend_person(scene.officer, person_id=scene.hale, base_version=1, fields={"phone": ""})
    detail = person(scene.officer, person_id=scene.hale)
    assert detail.current.content.phones == []
    assert detail.versions[0].content.phones[0].value == "07700 900123"


def test_two_who_change_a_person_merge_or_learn_of_each_other(scene: Scene) -> None:
    amend_person(scene.officer, person_id=scene.hale, base_version=1, fields={"sex": "Male"})
    amend_person(scene.colleague, person_id=scene.hale, base_version=1, fields={"alias": "Bob"})
    shown = person_fields(scene.officer, person_id=scene.hale).fields
    assert (shown["sex"], shown["alias"]) == ("Male", "Bob")
    with pytest.raises(EditConflict):
        amend_person(scene.colleague, person_id=scene.hale, base_version=1, fields={"sex": "F"})


def test_a_loaded_person_is_amended_and_a_later_load_of_the_same_changes_nothing(
    scene: Scene, tmp_path: Path
) -> None:
    rows_ = [person_row(1, aka="Annie Two;Annie Three", mobile="07700 900123")]
    path = write_persons(tmp_path / "persons.csv", rows_)
    load_persons(SERVICE, paths=[path], force="essex", person_map=read_map(MAP))
    ((loaded,),) = rows(scene.officer, "SELECT id FROM records_person WHERE source <> 'concordat'")
    amend_person(scene.officer, person_id=loaded, base_version=1, fields={"town": "Somewhere"})
    content = person(scene.officer, person_id=loaded).current.content
    assert content.addresses[0].town == "Somewhere"
    assert [one.text for one in content.names[1:]] == ["Annie Two", "Annie Three"]
    again = load_persons(SERVICE, paths=[path], force="essex", person_map=read_map(MAP))
    assert (again.total.unchanged, again.total.changed) == (1, 0)
    assert person(scene.officer, person_id=loaded).current.version == 2


# Things


def test_a_thing_is_amended_and_found_by_its_new_mark_alone(scene: Scene) -> None:
    amend_item(scene.colleague, item_id=scene.car, base_version=1, fields={"mark": "XY34 ZZZ"})
    detail = item(scene.officer, item_id=scene.car)
    assert (detail.version, detail.label) == (2, "XY34 ZZZ, Red Ford Focus")
    assert detail.versions[0].content == CAR
    assert [one.id for one in find_items(scene.officer, text="XY34ZZZ")] == [scene.car]
    assert find_items(scene.officer, text="AB12CDE") == []


def test_two_who_change_a_thing_merge_or_learn_of_each_other(scene: Scene) -> None:
    amend_item(scene.officer, item_id=scene.car, base_version=1, fields={"colour": "blue"})
    amend_item(scene.colleague, item_id=scene.car, base_version=1, fields={"vin": "X" * 17})
    content = item(scene.officer, item_id=scene.car).content
    assert (content["colour"], content["vin"]) == ("blue", "X" * 17)
    with pytest.raises(EditConflict):
        amend_item(scene.colleague, item_id=scene.car, base_version=1, fields={"colour": "black"})


def test_a_chain_of_custody_grows_and_names_who_had_it_before(scene: Scene) -> None:
    assert move_item(scene.officer, item_id=scene.car, to_whom="PC Blue", where="Yard") == 1
    assert move_item(scene.colleague, item_id=scene.car, to_whom="Lab", where="Hut 3",
                     seal="S123", note="For paint") == 2  # fmt: skip
    steps = item(scene.officer, item_id=scene.car).continuity
    assert [(one.number, one.from_whom, one.to_whom, one.seal) for one in steps] == [
        (1, "", "PC Blue", ""),
        (2, "PC Blue", "Lab", "S123"),
    ]
    assert steps[1].recorded_by == "Colleague, Essex Police"
    with pytest.raises(WrongDetails):
        move_item(scene.officer, item_id=scene.car, to_whom=" ", where="")


def test_every_change_puts_the_fact_of_what_it_touched(scene: Scene) -> None:
    before = len(facts("records.logged"))
    amend_event(scene.officer, event_id=scene.event_id, base_version=1, fields={"notes": "n"})
    amend_person(scene.officer, person_id=scene.hale, base_version=1, fields={"alias": "Bob"})
    amend_item(scene.officer, item_id=scene.car, base_version=1, fields={"colour": "blue"})
    move_item(scene.officer, item_id=scene.car, to_whom="Lab", where="")
    told = facts("records.logged")[before:]
    assert [fact["event"] for fact in told] == [str(scene.event_id), None, None, None]
    assert [len(fact["touched"]) for fact in told] == [4, 1, 1, 1]
    assert "mark:AB12CDE" in told[2]["touched"][0]["keys"]


# Links and warnings


def test_a_link_is_ended_by_its_force_alone_and_stays_on_record(scene: Scene) -> None:
    one, other = (RecordRef(RecordKind.PERSON, one) for one in (scene.hale, scene.quill))
    link_id = add_link(scene.officer, left=one, right=other, reason="partner")
    with pytest.raises(NotAllowedToRecord):
        end_link(scene.kent, link_id=link_id, because="no")
    end_link(scene.colleague, link_id=link_id, because="They never met")
    found = {link.id: link for link in links_of(scene.kent, record_id=scene.hale,
                                                kind=RecordKind.PERSON)}  # fmt: skip
    assert found[link_id].ended_because == "They never met"
    with pytest.raises(WrongState):
        end_link(scene.officer, link_id=link_id, because="again")
    with pytest.raises(UnknownRecord):
        end_link(scene.officer, link_id=new_id(), because="none")


def test_a_force_ties_anothers_records_and_owns_the_link(scene: Scene) -> None:
    one, other = (RecordRef(RecordKind.PERSON, one) for one in (scene.hale, scene.quill))
    link_id = add_link(scene.kent, left=one, right=other, reason="associate", assessment=True)
    found = {link.id: link for link in links_of(scene.officer, record_id=scene.quill,
                                                kind=RecordKind.PERSON)}  # fmt: skip
    assert found[link_id].owner_id == scene.kent.organisation_id
    assert found[link_id].assessment
    assert len(timeline(scene.officer, ids=[scene.hale])) == 1


def test_a_warning_needs_its_evidence_and_every_state_of_it_is_kept(scene: Scene) -> None:
    with pytest.raises(WrongDetails):
        add_warning(scene.officer, person_id=scene.hale, code="VI", evidence=" ")
    add_warning(
        scene.officer, person_id=scene.hale, code="VI", evidence="Hit an officer",
        since=date(2026, 1, 1), review_date=date(2027, 1, 1),
    )  # fmt: skip
    add_warning(scene.colleague, person_id=scene.hale, code="VI", evidence="And another")
    (holding,) = warning_markers(scene.kent, person_ids=[scene.hale])
    assert (holding.text, holding.evidence, holding.version) == ("Violent", "And another", 2)
    end_warning(scene.officer, person_id=scene.hale, code="VI", because="Mistaken")
    assert warning_markers(scene.kent, person_ids=[scene.hale]) == []
    assert len(person(scene.officer, person_id=scene.hale).warning_history) == 3
    with pytest.raises(WrongState):
        end_warning(scene.officer, person_id=scene.hale, code="VI", because="again")


def test_a_load_does_not_end_a_warning_that_somebody_added(scene: Scene, tmp_path: Path) -> None:
    told = {"force": "essex", "person_map": read_map(MAP)}
    first = write_persons(tmp_path / "one.csv", [person_row(1, warn="WE")])
    load_persons(SERVICE, paths=[first], **told)  # type: ignore[arg-type]
    ((loaded,),) = rows(scene.officer, "SELECT id FROM records_person WHERE source <> 'concordat'")
    add_warning(scene.officer, person_id=loaded, code="VI", evidence="Hit an officer")
    second = write_persons(tmp_path / "two.csv", [person_row(1, last="Birch")])
    load_persons(SERVICE, paths=[second], **told)  # type: ignore[arg-type]
    held = warning_markers(scene.officer, person_ids=[loaded])
    assert [one.code for one in held] == ["VI"]


def test_nothing_is_amended_in_the_name_of_a_force_one_is_not_of(scene: Scene) -> None:
    kent = organisation("kent")
    stranger = replace(scene.officer, organisation_id=kent.id, organisation_name=kent.name)
    with pytest.raises(NotAllowedToRecord):
        amend_item(stranger, item_id=scene.car, base_version=1, fields={"colour": "blue"})
