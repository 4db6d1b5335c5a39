"""Disclosures: as far as the handling allows, with their quality, and recalled from everybody."""

from functools import partial
from uuid import UUID

import pytest

from concordat.base.actor import Actor, Role
from concordat.base.ids import new_id
from concordat.organisations.queries import organisation
from concordat.records.actions import (
    acknowledge_recall,
    disclose,
    disclose_onward,
    log_event,
    print_event,
    recall,
)
from concordat.records.errors import (
    NotAllowedToDisclose,
    NotAllowedToRecord,
    UnknownRecord,
    WrongDetails,
    WrongState,
)
from concordat.records.queries import disclosure, disclosures_of, disclosures_to, waiting
from concordat.records.rules.reports import Report
from tests import world
from tests.database.logged import entries
from tests.reports import CONDITIONAL, intelligence, theft
from tests.world import agreement_in_force

pytestmark = pytest.mark.django_db

TOLD = {"purpose": "To find the cars", "quality": "Accurate, complete, reliable, of 19 November"}


class Scene:
    """Intelligence staff of four forces that share nothing by agreement."""

    def __init__(self) -> None:
        self.essex, self.kent, self.norfolk, self.suffolk = (
            world.person(force, Role.INTELLIGENCE, username=force)
            for force in ("essex", "kent", "norfolk", "suffolk")
        )

    def logged(self, report: Report) -> UUID:
        """Log a report for Essex."""
        return log_event(self.essex, report=report).event_id

    def give(self, event_id: UUID, to: Actor, *, sanitised: bool = False) -> UUID:
        """Let Essex disclose."""
        return disclose(
            self.essex, event_id=event_id, recipient_id=to.organisation_id, sanitised=sanitised,
            **TOLD,
        )  # fmt: skip

    def pass_on(
        self, by: Actor, disclosure_id: UUID, to: Actor, *, sanitised: bool, agreed: str = ""
    ) -> UUID:
        """Let somebody who got a disclosure pass it on."""
        return disclose_onward(
            by, disclosure_id=disclosure_id, recipient_id=to.organisation_id,
            sanitised=sanitised, originator_agrees=agreed, **TOLD,
        )  # fmt: skip


@pytest.fixture
def scene() -> Scene:
    """Make the scene."""
    return Scene()


def test_its_originator_discloses_a_report_under_conditions_to_one_body(scene: Scene) -> None:
    event_id = scene.logged(intelligence(CONDITIONAL))
    disclosure_id = scene.give(event_id, scene.kent)
    (found,) = disclosures_to(scene.kent)
    assert (found.id, found.title, found.quality) == (
        disclosure_id,
        "Stolen cars at the old quarry",
        TOLD["quality"],
    )
    assert found.codes["action"] == "A1"
    assert "A named source saw two cars." in found.content.values()
    assert "Told to an officer at the quarry." not in found.content.values()
    assert disclosures_to(scene.norfolk) == ()
    for reader in (scene.essex, scene.kent):
        assert len(disclosures_of(reader, event_id=event_id)) == 1
    with pytest.raises(UnknownRecord):
        disclosure(scene.norfolk, disclosure_id=disclosure_id)


def test_a_sanitised_disclosure_holds_the_sanitised_text_alone(scene: Scene) -> None:
    event_id = scene.logged(intelligence(CONDITIONAL))
    scene.give(event_id, scene.kent, sanitised=True)
    (found,) = disclosures_to(scene.kent)
    assert list(found.content.values()) == [
        "Stolen cars at the old quarry",
        "Two cars were seen at the old quarry.",
    ]
    bare = scene.logged(intelligence(CONDITIONAL, sanitised=""))
    with pytest.raises(WrongDetails):
        scene.give(bare, scene.kent, sanitised=True)


def test_officers_of_the_recipient_do_not_read_what_comes_under_conditions(scene: Scene) -> None:
    conditional = scene.give(scene.logged(intelligence(CONDITIONAL)), scene.kent)
    open_ = scene.give(scene.logged(intelligence()), scene.kent)
    officer = world.person("kent", username="officer")
    assert [one.id for one in disclosures_to(officer)] == [open_]
    with pytest.raises(UnknownRecord):
        disclosure(officer, disclosure_id=conditional)
    assert len(disclosures_to(world.person("kent", Role.SUPERVISOR))) == 2


@pytest.mark.parametrize(
    ("code", "sanitised", "agreed", "is_allowed"),
    [
        ("S2", False, "", False),
        ("S2", True, "", False),
        ("S2", False, "DI Blue, 20 November", True),
        ("S2", True, "DI Blue, 20 November", True),
        ("S1", False, "", False),
        ("S1", True, "", True),
        ("S1", False, "DI Blue, 20 November", True),
    ],
)
def test_its_sanitisation_code_decides_whether_a_report_is_passed_on(
    scene: Scene, *, code: str, sanitised: bool, agreed: str, is_allowed: bool
) -> None:
    event_id = scene.logged(intelligence(CONDITIONAL, sanitisation=code))
    got = scene.give(event_id, scene.kent)
    passing = partial(
        scene.pass_on, scene.kent, got, scene.norfolk, sanitised=sanitised, agreed=agreed
    )
    if not is_allowed:
        with pytest.raises(NotAllowedToDisclose):
            passing()
        assert disclosures_to(scene.norfolk) == ()
        return
    passed = passing()
    (found,) = disclosures_to(scene.norfolk)
    assert (found.id, found.onward_of, found.originator_id) == (
        passed,
        got,
        scene.essex.organisation_id,
    )
    assert ("A named source saw two cars." in found.content.values()) is not sanitised


def test_what_came_sanitised_is_passed_on_as_no_more(scene: Scene) -> None:
    event_id = scene.logged(intelligence(CONDITIONAL, sanitisation="S1"))
    got = scene.give(event_id, scene.kent, sanitised=True)
    scene.pass_on(scene.kent, got, scene.norfolk, sanitised=False)
    (found,) = disclosures_to(scene.norfolk)
    assert found.sanitised
    assert "A named source saw two cars." not in found.content.values()


def test_lawful_sharing_permitted_needs_nobodys_leave(scene: Scene) -> None:
    agreement_in_force("EK", ["essex", "kent"])
    event_id = scene.logged(intelligence())
    disclose(
        scene.kent, event_id=event_id, recipient_id=scene.norfolk.organisation_id,
        sanitised=True, **TOLD,
    )  # fmt: skip
    (found,) = disclosures_to(scene.norfolk)
    assert (found.owner_id, found.originator_id) == (
        scene.kent.organisation_id,
        scene.essex.organisation_id,
    )


def test_a_crime_is_disclosed_with_its_own_people_and_things(scene: Scene) -> None:
    event_id = scene.logged(theft())
    scene.give(event_id, scene.kent)
    (found,) = disclosures_to(scene.kent)
    told = dict(found.content)
    assert told["1. Suspect"] == "Robert Invented Hale, born 3 May 1987"
    assert told["3. Used"] == "AB12 CDE, Red Ford Focus"
    assert "1 High Street, Colchester, CO1 1AA" in told.values()


@pytest.mark.parametrize("lacking", ["purpose", "quality"])
def test_a_disclosure_says_what_for_and_how_good_it_is(scene: Scene, lacking: str) -> None:
    event_id = scene.logged(theft())
    with pytest.raises(WrongDetails):
        disclose(
            scene.essex, event_id=event_id, recipient_id=scene.kent.organisation_id,
            sanitised=False, **(TOLD | {lacking: " "}),
        )  # fmt: skip


def test_a_disclosure_goes_to_another_body_that_there_is(scene: Scene) -> None:
    event_id = scene.logged(theft())
    for recipient_id in (scene.essex.organisation_id, 9_999):
        with pytest.raises(WrongDetails):
            disclose(
                scene.essex, event_id=event_id, recipient_id=recipient_id, sanitised=False, **TOLD
            )
    with pytest.raises(UnknownRecord):
        scene.give(new_id(), scene.kent)


def test_who_does_not_work_with_records_discloses_nothing(scene: Scene) -> None:
    event_id = scene.logged(theft())
    with pytest.raises(NotAllowedToDisclose):
        disclose(
            world.person("essex", Role.FINANCE), event_id=event_id,
            recipient_id=organisation("kent").id, sanitised=False, **TOLD,
        )  # fmt: skip


def test_a_recall_reaches_every_recipient_those_of_onward_disclosures_too(scene: Scene) -> None:
    event_id = scene.logged(intelligence(CONDITIONAL, sanitisation="S1"))
    to_kent = scene.give(event_id, scene.kent)
    to_norfolk = scene.pass_on(scene.kent, to_kent, scene.norfolk, sanitised=True)
    to_suffolk = scene.pass_on(scene.norfolk, to_norfolk, scene.suffolk, sanitised=True)
    assert recall(scene.essex, disclosure_id=to_kent, because="The source was wrong") == 3
    for reader, disclosure_id in (
        (scene.kent, to_kent),
        (scene.norfolk, to_norfolk),
        (scene.suffolk, to_suffolk),
    ):
        (found,) = disclosures_to(reader)
        assert (found.id, found.recalled_because) == (disclosure_id, "The source was wrong")
        assert (found.title, found.content) == ("", {})
        assert waiting(reader) == 1
        acknowledge_recall(reader, disclosure_id=disclosure_id)
        assert waiting(reader) == 0
    told = disclosures_of(scene.essex, event_id=event_id)
    assert len(told) == 3
    assert all(one.acknowledged_at for one in told)


def test_a_body_recalls_what_it_passed_on_and_all_that_came_of_it(scene: Scene) -> None:
    event_id = scene.logged(intelligence(CONDITIONAL, sanitisation="S1"))
    to_kent = scene.give(event_id, scene.kent)
    to_norfolk = scene.pass_on(scene.kent, to_kent, scene.norfolk, sanitised=True)
    scene.pass_on(scene.norfolk, to_norfolk, scene.suffolk, sanitised=True)
    assert recall(scene.kent, disclosure_id=to_norfolk, because="Sent to the wrong force") == 2
    assert waiting(scene.suffolk) == 1
    (kept,) = disclosures_to(scene.kent)
    assert kept.recalled_at is None


def test_what_was_recalled_is_neither_passed_on_nor_recalled_again(scene: Scene) -> None:
    got = scene.give(scene.logged(intelligence()), scene.kent)
    recall(scene.essex, disclosure_id=got, because="wrong")
    with pytest.raises(WrongState):
        scene.pass_on(scene.kent, got, scene.norfolk, sanitised=True)
    with pytest.raises(WrongState):
        recall(scene.essex, disclosure_id=got, because="wrong")


def test_whoever_it_did_not_come_from_cannot_recall_it(scene: Scene) -> None:
    got = scene.give(scene.logged(intelligence()), scene.kent)
    with pytest.raises(NotAllowedToDisclose):
        recall(scene.kent, disclosure_id=got, because="no")
    with pytest.raises(UnknownRecord):
        recall(scene.norfolk, disclosure_id=got, because="no")
    with pytest.raises(WrongDetails):
        recall(scene.essex, disclosure_id=got, because=" ")
    with pytest.raises(NotAllowedToRecord):
        recall(world.person("essex", Role.AUDITOR), disclosure_id=got, because="no")


def test_only_a_recall_is_acknowledged_by_its_recipient_once(scene: Scene) -> None:
    got = scene.give(scene.logged(intelligence()), scene.kent)
    with pytest.raises(WrongState):
        acknowledge_recall(scene.kent, disclosure_id=got)
    recall(scene.essex, disclosure_id=got, because="wrong")
    with pytest.raises(UnknownRecord):
        acknowledge_recall(scene.essex, disclosure_id=got)
    acknowledge_recall(scene.kent, disclosure_id=got)
    with pytest.raises(WrongState):
        acknowledge_recall(scene.kent, disclosure_id=got)


def test_every_disclosure_is_journalled_with_its_recipient(scene: Scene) -> None:
    event_id = scene.logged(intelligence(CONDITIONAL, sanitisation="S1"))
    got = scene.give(event_id, scene.kent)
    scene.pass_on(scene.kent, got, scene.norfolk, sanitised=True)
    recall(scene.essex, disclosure_id=got, because="wrong")
    told = [entries(f"records.{name}")[0] for name in ("disclose", "disclose_onward", "recall")]
    assert {entry.operation for entry in told} == {"disclosure"}
    assert [entry.details.get("recipient") for entry in told] == [
        scene.kent.organisation_id,
        scene.norfolk.organisation_id,
        None,
    ]
    assert set(told[2].details["recipients"]) == {
        scene.kent.organisation_id,
        scene.norfolk.organisation_id,
    }
    assert all(entry.subjects[0][1] == str(event_id) for entry in told)


def test_what_is_printed_is_journalled_as_a_disclosure_and_bears_the_entrys_number(
    scene: Scene,
) -> None:
    event_id = scene.logged(theft())
    printed = print_event(scene.essex, event_id=event_id, form="pdf", recipient="The court")
    (entry,) = entries("records.print_event")
    assert printed.report is not None
    assert (printed.entry_id, printed.number) == (entry.id, f"{entry.lane}/{entry.seq}")
    assert (entry.operation, entry.details) == (
        "disclosure",
        {"form": "pdf", "recipient": "The court"},
    )
    assert {kind for kind, _, _ in entry.subjects} == {"event", "person", "item", "place"}
    with pytest.raises(UnknownRecord):
        print_event(scene.kent, event_id=event_id, form="print")
