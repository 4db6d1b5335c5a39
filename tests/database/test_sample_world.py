"""The stories of the sample world: each keeps its promise, as an officer would find it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from uuid import UUID

import pytest
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from concordat.access.rules import EVENT_KINDS, THING_KINDS, RecordKind
from concordat.base.acting import acting
from concordat.base.actor import Actor, Purpose
from concordat.base.clock import today
from concordat.base.outbox import deliver
from concordat.organisations.queries import names_by_id, organisation
from concordat.records.queries import (
    ItemDetail,
    ItemSummary,
    disclosures_to,
    find_items,
    item,
    links_of,
    my_drafts,
    review_queue,
    sent_back,
    timeline,
    transfers,
)
from concordat.records.rules.catalogue import ROLE_BY_CODE, field_of, uses_of
from concordat.records.rules.logged import TransferState
from concordat.records.rules.readiness import readiness
from concordat.records.rules.reports import Report
from concordat.records.rules.standards import check
from concordat.server.demo import make_persons, tell_stories
from concordat.server.demo.sharing import make_agreements
from concordat.server.demo.staff import make_staff
from concordat.server.demo.stories import ORDER
from concordat.server.demo.stories.reading import Known, Step, read_report, read_story
from concordat.server.demo.stories.telling import officer
from concordat.server.tasks import HANDLERS
from concordat.tracing.queries import IdentityPage, candidates, identity_page, inbox
from tests.conftest import Server, pointed_at
from tests.world import SERVICE

INTENDED = {("norfolk sighting", "is known in part")}
"""What of the stories a standard check notices, because it is their point."""

NO_DISTRICTS = {"MK99", "CB99", "CO99", "SG99", "ME99", "NR99", "IP99"}
"""Postcode districts that there aren't."""

NEVER_ISSUED = {"J", "T", "U"}
"""Letters with which no mark of the current pattern was ever issued."""

PARTS = ("people", "things", "places")
STEPS = [step for name in ORDER for step in read_story(name)]
REPORTS = [step for step in STEPS if step.do == "log"]


@pytest.fixture(scope="module")
def world(server: Server, template: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The demo's staff, agreements, persons and stories, in a database of this module alone."""
    name = "concordat_sample"
    server.create(name, template=template)
    with django_db_blocker.unblock(), pointed_at(server, name):
        with acting(SERVICE), override_settings(PASSWORD_HASHERS=["tests.world.QuickArgon2"]):
            make_staff(SERVICE)
            make_agreements(SERVICE)
        make_persons(SERVICE)
        tell_stories(SERVICE)
        yield
    server.drop(name)


def read(step: Step) -> Report:
    """The report of a step, in which whoever is known already is a record."""
    known = UUID(int=1)

    def look(kind: RecordKind, told: object) -> Known | None:
        told_of = told if isinstance(told, dict) else {}
        is_known = not told_of.keys().isdisjoint({"is", "find"})
        return Known(kind=kind, id=known, owner_id=1) if is_known else None

    return read_report(step, until=today(), look=look)


def found(username: str, text: str, purpose: Purpose = Purpose.INVESTIGATION) -> IdentityPage:
    """The page of the person whom an officer finds who types this."""
    actor = officer(username, purpose)
    first = candidates(actor, kind=RecordKind.PERSON, text=text)[0]
    return identity_page(actor, record_id=first.record_id)


def thing(actor: Actor, text: str, owner: str) -> ItemDetail:
    """The page of a thing of a force, found by what is on it."""
    of_owner = organisation(owner).id
    every = find_items(actor, text=text)
    return item(actor, item_id=next(one.id for one in every if one.owner_id == of_owner))


def forces(owner_ids: Iterable[int]) -> set[str]:
    """The codes of bodies by their numbers."""
    bodies = names_by_id()
    return {bodies[one].code for one in owner_ids}


def as_what(actor: Actor, page: IdentityPage) -> set[tuple[str, str, str]]:
    """What a person was in which kind of event of which force."""
    told = timeline(actor, ids=[one for one, _ in page.identity.records])
    bodies = names_by_id()
    return {
        (bodies[one.owner_id].code, one.kind.label, label) for one in told for label in one.as_what
    }


@pytest.mark.parametrize("step", REPORTS, ids=lambda step: f"{step.story}: {step.text('as')}")
def test_a_report_of_a_story_tells_all_that_is_wanted_and_nothing_wrong(step: Step) -> None:
    report = replace(read(step), fields={"officer": "as it is signed", **read(step).fields})

    ready = readiness(report, today=today())

    assert [one.what for one in ready.missing] == []
    noticed = {(step.text("as"), one.problem) for one in ready.notices}
    assert noticed <= INTENDED


@pytest.mark.parametrize("step", REPORTS, ids=lambda step: f"{step.story}: {step.text('as')}")
def test_a_story_uses_no_word_that_the_catalogue_lacks(step: Step) -> None:
    report = read(step)
    parts: list[tuple[RecordKind, Iterable[str]]] = [(report.kind, report.fields)]
    parts += [(RecordKind.PERSON, one.fields) for one in report.participants]
    parts += [(one.kind, one.fields) for one in report.things]
    parts += [(RecordKind.PLACE, one.fields) for one in report.places]

    unknown = [(kind, code) for kind, codes in parts for code in codes if not field_of(kind, code)]
    assert unknown == []
    assert {role for one in report.participants for role in one.roles} <= ROLE_BY_CODE.keys()
    for one in report.things:
        assert set(one.uses) <= {use.code for use in uses_of(one.kind)}


def test_everybody_and_everything_is_invented() -> None:
    told = [one for step in STEPS for name in PARTS for one in step.told.get(name, ())]

    def every(code: str) -> set[str]:
        return {str(one[code]) for one in told if code in one}

    phones = {form for one in every("phone") if (form := check_of("telephone", one))}
    assert all(re.fullmatch(r"\+44(1632960|7700900)\d{3}", one) for one in phones)
    assert {one[:4] for one in every("postcode")} <= NO_DISTRICTS
    assert {one[0] for one in every("mark")} <= NEVER_ISSUED
    assert {one[:4] for one in every("pnc_id")} <= {"1901"}
    assert all(one.endswith(".example") for one in every("email"))


def test_the_stories_bring_what_the_register_can_hold() -> None:
    kinds = {read(step).kind for step in REPORTS}
    things = {one.kind for step in REPORTS for one in read(step).things}

    assert kinds >= {
        RecordKind.CRIME,
        RecordKind.INCIDENT,
        RecordKind.STOP_SEARCH,
        RecordKind.ARREST,
        RecordKind.SIGHTING,
        RecordKind.INTELLIGENCE_CONDITIONAL,
        RecordKind.SEIZURE,
        RecordKind.MISSING_PERSON,
    }
    assert kinds <= set(EVENT_KINDS)
    assert things >= {RecordKind.VEHICLE, RecordKind.WEAPON, RecordKind.PROPERTY, RecordKind.PHONE}
    assert things <= set(THING_KINDS)


@pytest.mark.usefixtures("world")
def test_the_burglar_of_two_spellings_is_one_person_of_essex_and_kent() -> None:
    essex = officer("essex.officer")
    page = found("essex.officer", "barnaby thistlewick 3/5/1987")
    spelt = {one.current.content.names[0].text for one in page.records}

    assert forces(owner for _, owner in page.identity.records) == {"essex", "kent"}
    assert spelt == {"Barnaby Thistlewick", "Barney Thistlewik"}
    assert as_what(essex, page) >= {
        ("essex", "Crime", "Suspect"),
        ("kent", "Crime", "Suspect"),
        ("kent", "Stop and search", "Searched"),
        ("kent", "Arrest", "Arrested"),
    }


@pytest.mark.usefixtures("world")
def test_the_clock_stolen_in_essex_was_recovered_in_kent() -> None:
    kent = officer("kent.officer")
    clock = thing(kent, "TF-20417", "essex")
    told = timeline(kent, ids=[clock.id])

    assert forces(one.owner_id for one in told) == {"essex", "kent"}
    assert {label for one in told for label in one.as_what} >= {"Stolen", "Recovered"}


@pytest.mark.usefixtures("world")
def test_father_and_son_of_one_name_stay_two_people() -> None:
    father = found("essex.officer", "barnaby george thistlewick 30/11/1959")
    son = found("essex.officer", "barnaby thistlewick 3/5/1987")
    essex = officer("essex.officer")

    assert {one for one, _ in father.identity.records}.isdisjoint(
        {one for one, _ in son.identity.records}
    )
    assert father.best.id in {one.id for one in son.apart}
    ties = links_of(essex, record_id=father.best.id, kind=RecordKind.PERSON)
    assert "is a parent of" in {one.label for one in ties}
    assert ("essex", "Crime", "Victim") in as_what(essex, father)
    assert ("essex", "Crime", "Suspect") not in as_what(essex, father)


@pytest.mark.usefixtures("world")
def test_the_cloned_plates_were_seen_in_four_counties() -> None:
    kent = officer("kent.officer")
    every = [thing(kent, "UJ23 WHR", "kent").id, *_ids(thing(kent, "UJ23 WHR", "kent").same)]
    seen = {
        names_by_id()[one.owner_id].code
        for one in timeline(kent, ids=every)
        if one.kind is not RecordKind.INCIDENT
    }
    half = find_items(kent, text="UJ23 W?R")

    assert seen == {"essex", "kent", "cambridgeshire"}
    assert "norfolk" in forces(one.owner_id for one in half)


@pytest.mark.usefixtures("world")
def test_the_recovered_car_is_the_one_stolen_in_suffolk() -> None:
    suffolk = officer("suffolk.officer")
    stolen = thing(suffolk, "TU70 FEN", "suffolk")

    assert forces(one.owner_id for one in stolen.same) == {"kent"}
    assert "UJ23 WHR" in stolen.same[0].label


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("username", ["essex.officer", "norfolk.officer"])
def test_the_pistol_s_page_shows_essex_and_norfolk(username: str) -> None:
    actor = officer(username)
    pistol = thing(actor, "cd58213x", "essex")
    told = timeline(actor, ids=[pistol.id, *_ids(pistol.same)])
    labels = {(names_by_id()[one.owner_id].code, what) for one in told for what in one.as_what}

    assert forces(one.owner_id for one in pistol.same) == {"norfolk"}
    assert labels >= {("essex", "Stolen"), ("essex", "Used"), ("norfolk", "Seized")}


@pytest.mark.usefixtures("world")
def test_the_seized_pistol_has_a_whole_chain_of_custody() -> None:
    pistol = thing(officer("essex.officer"), "CD-58213-X", "norfolk")

    assert [one.number for one in pistol.continuity] == [1, 2, 3]
    assert [one.from_whom for one in pistol.continuity[1:]] == [
        one.to_whom for one in pistol.continuity[:-1]
    ]


@pytest.mark.usefixtures("world")
def test_the_watch_on_the_pistol_told_norfolk_s_intelligence_of_the_seizure() -> None:
    watcher = officer("norfolk.intelligence", Purpose.INTELLIGENCE)
    told = inbox(watcher).alerts

    assert RecordKind.SEIZURE in {one.kind for one in told}
    assert {one.kind for one in told if one.owner_id == organisation("essex").id} <= {
        RecordKind.CRIME,
        RecordKind.WEAPON,
    }


@pytest.mark.usefixtures("world")
def test_the_victim_of_cambridgeshire_is_the_witness_of_suffolk() -> None:
    cambridgeshire = officer("cambridgeshire.officer", Purpose.SAFEGUARDING)
    page = found("cambridgeshire.officer", "perpetua lindenwood 14/9/1985", Purpose.SAFEGUARDING)

    assert forces(owner for _, owner in page.identity.records) == {"cambridgeshire", "suffolk"}
    assert as_what(cambridgeshire, page) >= {
        ("cambridgeshire", "Crime", "Victim"),
        ("suffolk", "Crime", "Witness"),
    }


@pytest.mark.usefixtures("world")
def test_the_missing_child_was_seen_by_another_force_and_her_officer_told() -> None:
    bedfordshire = officer("bedfordshire.officer", Purpose.SAFEGUARDING)
    page = found("bedfordshire.officer", "juniper applestrand", Purpose.SAFEGUARDING)

    assert as_what(bedfordshire, page) >= {
        ("bedfordshire", "Missing person", "Missing"),
        ("hertfordshire", "Sighting", "Person of interest"),
    }
    told = inbox(bedfordshire).alerts
    assert [(one.kind, one.owner_id) for one in told] == [
        (RecordKind.SIGHTING, organisation("hertfordshire").id)
    ]


@pytest.mark.usefixtures("world")
def test_there_is_work_on_every_desk() -> None:
    essex = officer("essex.officer")

    assert [one.title for one in review_queue(officer("essex.supervisor"))]
    assert [one.note for one in sent_back(essex)]
    assert [one.report.value("ho_class") for one in my_drafts(essex)] == ["44"]
    (offered,) = transfers(officer("essex.supervisor"))
    assert forces([offered.owner_id]) == {"kent"}
    assert offered.state is TransferState.OFFERED


@pytest.mark.usefixtures("world")
def test_suffolk_got_the_report_under_c_sanitised_and_norfolk_a_recall() -> None:
    (told,) = disclosures_to(officer("suffolk.intelligence", Purpose.INTELLIGENCE))
    (recalled,) = disclosures_to(officer("norfolk.intelligence", Purpose.INTELLIGENCE))

    assert told.sanitised
    assert (told.codes["handling_code"], told.codes["sanitisation"]) == ("C", "S2")
    assert "asked four hundred pounds" not in str(told.content)
    assert recalled.recalled_because
    assert not recalled.content
    assert recalled.acknowledged_at is None


@pytest.mark.usefixtures("world")
def test_told_again_the_stories_change_nothing() -> None:
    before = _counts()

    tell_stories(SERVICE)

    assert _counts() == before
    assert deliver(HANDLERS) == 0


def _ids(found_items: Iterable[ItemSummary]) -> list[UUID]:
    return [one.id for one in found_items]


def _counts() -> list[int]:
    essex = officer("essex.supervisor")
    return [
        len(review_queue(essex)),
        len(transfers(essex)),
        len(find_items(essex, text="UJ23 WHR")),
        len(my_drafts(officer("essex.officer"))),
    ]


def check_of(name: str, text: str) -> str:
    """The standard form of a value."""
    return check(name, text, today=today()).form
