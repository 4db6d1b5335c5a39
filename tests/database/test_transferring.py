"""Transfers: the event goes over with its people and things, and both ends stay tied."""

from dataclasses import replace
from uuid import UUID

import pytest

from concordat.access.rules import RecordKind
from concordat.base.actor import Actor, Role
from concordat.base.ids import new_id
from concordat.identity.actions import resolve_pending
from concordat.identity.queries import identity_of
from concordat.organisations.queries import organisation, organisations
from concordat.records.actions import (
    accept_transfer,
    add_warning,
    decline_transfer,
    log_event,
    offer_transfer,
)
from concordat.records.errors import (
    NotAllowedToRecord,
    NotAllowedToReview,
    UnknownRecord,
    WrongDetails,
    WrongState,
)
from concordat.records.queries import (
    item,
    links_of,
    person,
    report_of,
    transfer,
    transfers,
    transfers_of,
    waiting,
)
from concordat.records.rules.logged import TransferState
from tests import world
from tests.database.logged import count, entries, facts
from tests.reports import CONDITIONAL, intelligence, theft
from tests.world import SERVICE, agreement_in_force

pytestmark = pytest.mark.django_db


class Scene:
    """A theft that Essex logged and that happened in Kent; the two share nothing."""

    def __init__(self) -> None:
        self.officer = world.person("essex", username="officer")
        self.essex = world.person("essex", Role.SUPERVISOR, username="essex")
        self.kent = world.person("kent", Role.SUPERVISOR, username="kent")
        self.kent_officer = world.person("kent", username="kent.officer")
        self.logged = log_event(self.officer, report=theft())

    def offer(self, to: Actor | None = None) -> UUID:
        """Offer the theft to Kent."""
        return offer_transfer(
            self.essex,
            event_id=self.logged.event_id,
            to_id=(to or self.kent).organisation_id,
            because="It happened in Maidstone",
        )


@pytest.fixture
def scene() -> Scene:
    """Make the scene."""
    return Scene()


def test_an_offer_waits_at_both_ends_and_shows_what_is_offered(scene: Scene) -> None:
    transfer_id = scene.offer()
    for reader in (scene.officer, scene.essex, scene.kent, scene.kent_officer):
        (found,) = transfers(reader)
        assert (found.id, found.state, found.reference) == (
            transfer_id,
            TransferState.OFFERED,
            scene.logged.reference,
        )
    offered = transfer(scene.kent, transfer_id=transfer_id).report
    assert offered.participants[0].fields["surname"] == "Hale"
    assert offered.things[0].fields["mark"] == "AB12 CDE"
    assert transfers(world.person("norfolk", Role.SUPERVISOR)) == ()
    with pytest.raises(UnknownRecord):
        transfer(world.person("norfolk", Role.SUPERVISOR, username="n"), transfer_id=transfer_id)
    assert (waiting(scene.kent), waiting(scene.kent_officer), waiting(scene.essex)) == (1, 0, 0)


def test_accepted_it_is_an_event_of_the_other_force_with_records_of_its_own(scene: Scene) -> None:
    made = accept_transfer(scene.kent, transfer_id=scene.offer())
    detail = report_of(scene.kent_officer, event_id=made.event_id)
    assert detail.owner_id == scene.kent.organisation_id
    assert detail.reference == "46/26/C000001"
    assert [one.label for one in detail.report.participants] == [
        "Robert Invented Hale, born 3 May 1987",
        "Mary Quill, born 11 February 1990",
    ]
    owners = [one.owner_id for one in detail.report.participants]
    assert [*owners, detail.report.things[0].owner_id] == [scene.kent.organisation_id] * 3
    hale = detail.report.participants[0].record_id
    car = detail.report.things[0].record_id
    assert hale
    assert car
    content = person(scene.kent, person_id=hale).current.content
    assert content.phones[0].form == "+447700900123"
    assert item(scene.kent, item_id=car).content["colour"] == "red"
    assert detail.place is not None
    assert detail.place.location == "1 High Street, Colchester, CO1 1AA"
    (link,) = links_of(scene.kent, record_id=hale, kind=RecordKind.PERSON)
    assert (link.reason, link.assessment) == ("suspect", True)
    assert detail.report.fields == report_of(
        scene.officer, event_id=scene.logged.event_id
    ).report.fields  # fmt: skip


def test_each_end_names_the_others_reference(scene: Scene) -> None:
    made = accept_transfer(scene.kent, transfer_id=scene.offer())
    (from_essex,) = transfers_of(scene.officer, event_id=scene.logged.event_id)
    (from_kent,) = transfers_of(scene.kent_officer, event_id=made.event_id)
    assert from_essex == from_kent
    assert (from_essex.reference, from_essex.new_reference) == (
        scene.logged.reference,
        made.reference,
    )
    origin = report_of(scene.kent, event_id=made.event_id).transferred_from
    assert (origin["reference"], origin["event"]) == (
        scene.logged.reference,
        str(scene.logged.event_id),
    )
    assert report_of(scene.officer, event_id=scene.logged.event_id).version == 1


def test_the_same_person_at_both_ends_is_known_to_be_one(scene: Scene) -> None:
    made = accept_transfer(scene.kent, transfer_id=scene.offer())
    agreement_in_force("EK", ["essex", "kent"])
    resolve_pending(SERVICE)
    ours = report_of(scene.officer, event_id=scene.logged.event_id).report.participants[0]
    theirs = report_of(scene.kent, event_id=made.event_id).report.participants[0]
    assert ours.record_id
    found = identity_of(scene.officer, record_id=ours.record_id).records
    assert {one for one, _ in found} == {ours.record_id, theirs.record_id}


def test_of_the_accepting_forces_own_record_no_second_is_made(scene: Scene) -> None:
    agreement_in_force("EK", ["essex", "kent"])
    theirs = report_of(
        scene.kent, event_id=log_event(scene.kent, report=theft()).event_id
    ).report.participants
    logged = log_event(scene.officer, report=replace(theft(), participants=theirs))
    transfer_id = offer_transfer(
        scene.essex, event_id=logged.event_id, to_id=scene.kent.organisation_id, because="theirs"
    )
    before = count(scene.kent, "records_person", scene.kent.organisation_id)
    made = accept_transfer(scene.kent, transfer_id=transfer_id)
    assert count(scene.kent, "records_person", scene.kent.organisation_id) == before
    kept = report_of(scene.kent, event_id=made.event_id).report.participants
    assert [one.record_id for one in kept] == [one.record_id for one in theirs]


def test_nothing_of_a_third_forces_record_is_passed_on(scene: Scene) -> None:
    agreement_in_force("EN", ["essex", "norfolk"])
    norfolk = world.person("norfolk")
    theirs = report_of(
        norfolk, event_id=log_event(norfolk, report=theft()).event_id
    ).report.participants
    logged = log_event(scene.officer, report=replace(theft(summary="A theft"), participants=theirs))
    transfer_id = offer_transfer(
        scene.essex, event_id=logged.event_id, to_id=scene.kent.organisation_id, because="theirs"
    )
    assert "Hale" not in str(transfer(scene.kent, transfer_id=transfer_id))
    made = accept_transfer(scene.kent, transfer_id=transfer_id)
    kept = report_of(scene.kent, event_id=made.event_id).report.participants
    assert [one.roles for one in kept] == [("suspect",), ("victim", "witness")]
    assert count(scene.kent, "records_person") == 0


def test_declined_it_stays_where_it_is_with_the_reason(scene: Scene) -> None:
    transfer_id = scene.offer()
    with pytest.raises(WrongDetails):
        decline_transfer(scene.kent, transfer_id=transfer_id, because=" ")
    decline_transfer(scene.kent, transfer_id=transfer_id, because="It was in Essex")
    (found,) = transfers(scene.officer)
    assert (found.state, found.answer) == (TransferState.DECLINED, "It was in Essex")
    assert count(scene.kent, "records_event") == 0
    assert scene.offer()


def test_an_offer_is_answered_once(scene: Scene) -> None:
    transfer_id = scene.offer()
    accept_transfer(scene.kent, transfer_id=transfer_id)
    with pytest.raises(WrongState):
        accept_transfer(scene.kent, transfer_id=transfer_id)
    with pytest.raises(WrongState):
        decline_transfer(scene.kent, transfer_id=transfer_id, because="no")
    assert count(scene.kent, "records_event") == 1


def test_an_event_is_offered_to_one_force_at_a_time(scene: Scene) -> None:
    scene.offer()
    with pytest.raises(WrongState):
        scene.offer(world.person("norfolk"))


def test_supervisors_of_its_own_force_offer_and_of_the_other_answer(scene: Scene) -> None:
    agreement_in_force("EK", ["essex", "kent"])
    for by, error in (
        (scene.officer, NotAllowedToReview),
        (scene.kent, NotAllowedToRecord),
    ):
        with pytest.raises(error):
            offer_transfer(
                by, event_id=scene.logged.event_id,
                to_id=organisation("norfolk").id, because="there",
            )  # fmt: skip
    transfer_id = scene.offer()
    for by in (scene.kent_officer, scene.essex):
        with pytest.raises(NotAllowedToReview):
            accept_transfer(by, transfer_id=transfer_id)
    with pytest.raises(UnknownRecord):
        accept_transfer(world.person("norfolk", Role.SUPERVISOR), transfer_id=transfer_id)
    with pytest.raises(UnknownRecord):
        accept_transfer(scene.kent, transfer_id=new_id())


@pytest.mark.parametrize("to", ["essex", "essex fire", "nobody"])
def test_an_event_goes_to_another_force_that_there_is(scene: Scene, to: str) -> None:
    fire = next(one.id for one in organisations() if "fire" in one.code)
    to_id = {"essex": scene.essex.organisation_id, "essex fire": fire, "nobody": 9_999}[to]
    with pytest.raises(WrongDetails):
        offer_transfer(
            scene.essex, event_id=scene.logged.event_id, to_id=to_id, because="It is theirs"
        )


def test_intelligence_under_conditions_is_not_transferred_and_other_without_its_source(
    scene: Scene,
) -> None:
    conditional = log_event(scene.essex, report=intelligence(CONDITIONAL))
    told = {"to_id": scene.kent.organisation_id, "because": "It is theirs"}
    with pytest.raises(WrongDetails):
        offer_transfer(scene.essex, event_id=conditional.event_id, **told)  # type: ignore[arg-type]
    open_ = log_event(scene.essex, report=intelligence())
    transfer_id = offer_transfer(scene.essex, event_id=open_.event_id, **told)  # type: ignore[arg-type]
    fields = transfer(scene.kent, transfer_id=transfer_id).report.fields
    assert not fields.keys() & {"information", "provenance"}


def test_a_transfer_is_journalled_as_the_disclosure_it_is_and_told_of(scene: Scene) -> None:
    made = accept_transfer(scene.kent, transfer_id=scene.offer())
    (offered,) = entries("records.offer_transfer")
    assert offered.operation == "disclosure"
    assert offered.details["to"] == scene.kent.organisation_id
    assert {kind for kind, _, _ in offered.subjects} == {"event", "person", "item", "place"}
    assert facts("records.logged")[-1]["event"] == str(made.event_id)


def test_a_warning_is_not_transferred_with_a_person(scene: Scene) -> None:
    """Warnings have a lawful basis of their own: an agreement shares them, or nobody does."""
    hale = report_of(scene.officer, event_id=scene.logged.event_id).report.participants[0].record_id
    assert hale
    add_warning(scene.officer, person_id=hale, code="VI", evidence="Hit an officer")
    made = accept_transfer(scene.kent, transfer_id=scene.offer())
    theirs = report_of(scene.kent, event_id=made.event_id).report.participants[0].record_id
    assert theirs
    assert person(scene.kent, person_id=theirs).warning_history == ()
