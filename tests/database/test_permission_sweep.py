"""Every address, read and written to, by a stranger and by somebody without the right."""

import re
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from concordat.access.rules import RecordKind
from concordat.agreements.queries import agreements, notices
from concordat.base.actor import Actor, Purpose, Role
from concordat.base.clock import today
from concordat.base.ids import new_id
from concordat.identity.actions import judge
from concordat.identity.engine import Meaning
from concordat.identity.queries import who_is
from concordat.identity.rules.judgements import Verdict
from concordat.organisations.queries import organisation
from concordat.records.actions import (
    disclose,
    load_persons,
    load_street,
    log_event,
    offer_transfer,
    start_draft,
)
from concordat.records.queries import (
    disclosure,
    draft,
    find_events,
    item,
    links_of,
    loads,
    person_fields,
    report_of,
    review_history,
    transfer,
)
from concordat.records.rules.person_maps import read_map
from concordat.records.rules.questions import Question
from concordat.records.rules.reports import Participant, Report, Thing, Where
from concordat.server.urls import urlpatterns
from concordat.tracing.actions import watch
from concordat.tracing.queries import my_watches
from tests.files import street_row, write_csv
from tests.persons import MAP, person_row, write_persons
from tests.world import PASSWORD, SERVICE, agreement_in_force, person

pytestmark = pytest.mark.django_db

OPEN_TO_STRANGERS = {"health", "sign-in", "notices", "notice"}
NAMES = [str(pattern.name) for pattern in urlpatterns if isinstance(pattern, URLPattern)]

READ_BY_ALL = {"agreement", "agreement-version", "agreement-changes", "agreement-costs"}
STEPS = {name for name in NAMES if name.startswith("agreement-")} - READ_BY_ALL
STATEMENTS = ("statement", "statement-pdf", "statement-xlsx")

# What somebody who is signed in, but holds no role for it, gets from an address. Everything not
# named here answers 200 with nothing in it that they may not see.
DENIED = {
    "journal": 403,
    "looked": 403,
    **dict.fromkeys((*STEPS, "statement-new", *STATEMENTS), 403),
    "event": 404,
    "place": 404,
    "load": 404,
    "quarantine": 404,
    "person": 404,
    "pair": 404,
    "review": 403,
    "register-entry": 404,
    **dict.fromkeys(
        (
            *("event-edit", "event-review", "event-transfer", "event-disclose"),
            *("thing", "thing-edit", "thing-custody", "person-edit", "warning-add", "warning-end"),
            *("alert", "transfer", "disclosure", "disclosure-onward", "disclosure-recall"),
            *("log-draft", "log-done", "log-hand-over", "log-discard"),
        ),
        404,
    ),
    "work": 403,
}
POST_ONLY = {
    *("sign-out", "export", "judgement-retire", "event-print", "event-pdf", "event-receipt"),
    *("watch-end", "alert-read", "inbox-read", "disclosure-acknowledge"),
    *("log-save", "log-candidates"),
}

SOON = today() + timedelta(days=30)

OF_ANY_STEP = {
    "reference": "B", "title": "x", "kind": "section_22a", "text": "x", "how_much": "whole",
    "because": "x", "board": "x", "body": "essex", "reasons": "x", "have_read": "on",
    "ends_on_day": f"{SOON.day}", "ends_on_month": f"{SOON.month}",
    "ends_on_year": f"{SOON.year}", "leaves_on_day": f"{SOON.day}",
    "leaves_on_month": f"{SOON.month}", "leaves_on_year": f"{SOON.year}",
}  # fmt: skip
"""What is sent to whatever page of an agreement's life: each takes of it what it asks for."""

# What changes or gives away a record: the address, and a form that its owner's staff could send.
WRITTEN: dict[str, dict[str, str]] = {
    "event-edit": {"base_version": "1", "base": "{}", "summary": "Changed by a stranger"},
    "event-print": {"recipient": "a stranger"},
    "event-pdf": {"recipient": "a stranger"},
    "event-receipt": {},
    "event-review": {"decision": "approve", "approve-note": ""},
    "event-transfer": {"to": "16", "because": "Ours"},
    "event-disclose": {
        "recipient": "16", "purpose": "x", "text": "whole", "quality": "x",
    },
    "thing-edit": {"base_version": "1", "base": "{}", "make": "Changed by a stranger"},
    "thing-custody": {"to_whom": "A stranger", "where": "Elsewhere"},
    "person-edit": {"base_version": "1", "base": "{}", "surname": "Changed by a stranger"},
    "warning-add": {
        "code": "VI", "evidence": "x",
        "since_day": "1", "since_month": "1", "since_year": "2026",
        "review_date_day": "1", "review_date_month": "1", "review_date_year": "2027",
    },
    "warning-end": {"because": "x"},
    "watch-start": {
        "reason": "Stolen", "until_day": f"{SOON.day}", "until_month": f"{SOON.month}",
        "until_year": f"{SOON.year}",
    },
    "watch-end": {},
    "alert-read": {},
    "transfer": {"decision": "accept"},
    "disclosure-onward": {
        "recipient": "16", "purpose": "x", "text": "whole", "quality": "x",
        "originator_agrees": "",
    },
    "disclosure-recall": {"because": "x"},
    "disclosure-acknowledge": {},
    "link-end": {"because": "x"},
    "log-draft": {},
    "log-save": {},
    "log-hand-over": {"colleague": ""},
    "log-discard": {},
    **dict.fromkeys(STEPS, OF_ANY_STEP),
}  # fmt: skip


OF_EVENTS = [name for name in NAMES if name.startswith("event-")]
OF_DISCLOSURES = [name for name in NAMES if re.match("disclosure(-|$)", name)]
OF_DRAFTS = [name for name in NAMES if name.startswith("log-") and name != "log-candidates"]
REPORT = Report(
    kind=RecordKind.CRIME,
    fields={
        "summary": "Taken from Invented Street.",
        "ho_class": "48",
        "occurred_date": "2026-01-02",
    },
    participants=(
        Participant(key="p1", roles=("suspect",), fields={"given_names": "Bo", "surname": "Alder"}),
    ),
    things=(
        Thing(key="t1", kind=RecordKind.VEHICLE, uses=("stolen",), fields={"mark": "EX26 ALD"}),
    ),
    places=(Where(key="w1", fields={"street": "Invented Street", "town": "Nowhere"}),),
)
INTELLIGENCE = Report(
    kind=RecordKind.INTELLIGENCE,
    fields={
        "title": "Alder of Invented Street", "source_evaluation": "2", "assessment": "B",
        "handling_code": "P", "marking": "OFFICIAL", "sanitised": "Alder sells plates.",
    },
)  # fmt: skip


class World:
    """Essex's event, place, load and two persons judged one; nothing is shared with Norfolk.

    And what Essex logged, watches, drafts, discloses to Kent and offers to Kent.
    """

    def __init__(self, folder: Path) -> None:
        street = write_csv(folder / "2026-01-essex-street.csv", [street_row(1)])
        load_street(SERVICE, paths=[street])
        load_persons(
            SERVICE,
            paths=[write_persons(folder / "nominals.csv", [person_row(1), person_row(2)])],
            force="essex",
            person_map=read_map(MAP),
        )
        essex = person("essex", Role.OFFICER, Role.DATA_QUALITY, username="essex")
        agreement_in_force("A", ["essex", "kent"])
        (event,) = find_events(essex, question=Question()).rows
        self.event = event.id
        self.load = loads(essex)[0].id
        self.secret = event.reference
        asked = {Meaning.FORENAME: "Ann", Meaning.SURNAME: "Alder", Meaning.DATE_OF_BIRTH: "3/5/87"}
        found = who_is(essex, partial=asked)
        self.one, self.other = (
            candidate.record_id for person in found for candidate in person.records
        )
        self.judgement = judge(essex, left=self.one, right=self.other, verdict=Verdict.SAME)
        self._log(essex)

    def _log(self, essex: Actor) -> None:
        """Log an event of Essex, watch its car, start a draft, disclose and offer something."""
        self.essex = essex
        boss = person("essex", Role.SUPERVISOR, username="boss")
        kent = organisation("kent").id
        event_id = log_event(essex, report=REPORT).event_id
        self.logged = report_of(essex, event_id=event_id)
        (car,) = self.logged.report.things
        (self.suspect,) = (one.record_id for one in self.logged.report.participants)
        assert car.record_id is not None
        self.car = car.record_id
        until = today() + timedelta(days=30)
        self.watch = watch(
            essex, kind=RecordKind.VEHICLE, record_id=self.car, reason="Stolen", until=until
        )
        self.draft = start_draft(essex, telling="Theft from Ann Alder in Invented Street").id
        report = log_event(essex, report=INTELLIGENCE).event_id
        self.disclosure = disclose(
            essex, event_id=report, recipient_id=kent, purpose="x", sanitised=True, quality="x"
        )
        self.transfer = offer_transfer(boss, event_id=event_id, to_id=kent, because="x")
        self.link = links_of(essex, record_id=event_id, kind=RecordKind.CRIME)[0].id

    def state(self) -> list[object]:
        """Return what a stranger must not be able to change."""
        car = item(self.essex, item_id=self.car)
        return [
            report_of(self.essex, event_id=self.logged.id),
            (car.version, car.continuity, car.links),
            person_fields(self.essex, person_id=self._suspect()),
            review_history(self.essex, event_id=self.logged.id),
            transfer(self.essex, transfer_id=self.transfer),
            disclosure(self.essex, disclosure_id=self.disclosure),
            draft(self.essex, draft_id=self.draft),
            my_watches(self.essex),
            agreements(self.essex),
            notices(),
        ]

    def _suspect(self) -> UUID:
        assert self.suspect is not None
        return self.suspect

    def address(self, name: str) -> str:
        """Return an address of this world by its name."""
        arguments: dict[str, dict[str, str | UUID]] = {
            "event": {"event_id": self.event},
            "place": {"place_id": new_id()},
            "force": {"code": "essex"},
            **{name: {"reference": "A"} for name in ("agreement", "agreement-costs", *STEPS)},
            "agreement-new": {},
            "agreement-edit-section": {"reference": "A", "section": "basics"},
            "agreement-version": {"reference": "A", "version": "1"},
            "agreement-changes": {"reference": "A", "version": "1"},
            "statement-new": {"reference": "A", "line": "1", "kind": "budget"},
            **{name: {"statement_id": new_id()} for name in STATEMENTS},
            "notice": {"notice_id": new_id()},
            "load": {"load_id": self.load},
            "quarantine": {"load_id": self.load},
            "looked": {"record_id": self.event},
            "person": {"record_id": self.one},
            "pair": {"one": self.one, "other": self.other},
            "judgement-retire": {"judgement_id": self.judgement},
            "quality-of": {"code": "essex"},
            "register-entry": {"row_id": new_id()},
            "register-file": {"part": "matrix"},
            "transfer": {"transfer_id": self.transfer},
            "link-add": {"kind": "person", "record_id": self.one},
            "link-end": {"link_id": self.link},
            "watch-start": {"kind": "vehicle", "record_id": self.car},
            "watch-end": {"watch_id": self.watch},
            "person-edit": {"record_id": self._suspect()},
            "warning-add": {"record_id": self._suspect()},
            "warning-end": {"record_id": self._suspect(), "code": "VI"},
            **{name: {"alert_id": new_id()} for name in ("alert", "alert-read")},
            **{name: {"event_id": self.logged.id} for name in OF_EVENTS},
            **{name: {"item_id": self.car} for name in ("thing", "thing-edit", "thing-custody")},
            **{name: {"disclosure_id": self.disclosure} for name in OF_DISCLOSURES},
            **{name: {"draft_id": self.draft} for name in OF_DRAFTS},
            "log-candidates": {"section": "person"},
        }
        return reverse(name, kwargs=arguments.get(name))


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("files"))


def signed_in(username: str, purpose: Purpose = Purpose.INVESTIGATION) -> Client:
    """Return a client in which somebody signed in through the page itself."""
    client = Client()
    form = {"username": username, "password": PASSWORD, "purpose": purpose.value}
    assert client.post(reverse("sign-in"), form).status_code == 302
    return client


@pytest.mark.parametrize("name", sorted(set(NAMES) - OPEN_TO_STRANGERS))
def test_a_stranger_gets_nowhere_but_to_sign_in(world: World, name: str) -> None:
    for method in ("get", "post", "put", "delete"):
        answer = getattr(Client(), method)(world.address(name))

        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("sign-in"))
        assert world.secret.encode() not in answer.content


def test_a_part_of_a_page_is_not_answered_with_the_sign_in_page(world: World) -> None:
    answer = Client().get(world.address("inbox-count"), headers={"HX-Request": "true"})

    assert answer.status_code == 401
    assert answer.content == b""


@pytest.mark.parametrize("name", sorted(set(NAMES) - OPEN_TO_STRANGERS - POST_ONLY))
def test_an_officer_of_a_force_that_nothing_is_shared_with_sees_none_of_it(
    world: World, name: str
) -> None:
    person("norfolk", username="outsider")

    answer = signed_in("outsider").get(world.address(name))

    assert answer.status_code == DENIED.get(name, 200)
    assert world.secret.encode() not in answer.content
    assert b"Invented Street" not in answer.content
    assert b"Alder" not in answer.content


@pytest.mark.parametrize("force", ["norfolk", "essex"])
@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_nobody_without_the_right_changes_or_takes_away_what_was_logged(
    world: World, name: str, force: str
) -> None:
    # an officer and supervisor of another force; in Essex itself somebody who keeps its books
    roles = (Role.OFFICER, Role.SUPERVISOR, Role.INTELLIGENCE) if force == "norfolk" else ()
    person(force, *(roles or (Role.FINANCE,)), username="outsider")
    before = world.state()

    answer = signed_in("outsider").post(world.address(name), WRITTEN[name])

    assert answer.status_code in (403, 404), answer.status_code
    assert b"Alder" not in answer.content
    assert world.state() == before


@pytest.mark.parametrize("role", [Role.FINANCE, Role.RESOURCE_MANAGER, Role.ADMINISTRATOR])
def test_a_role_that_does_not_work_with_records_sees_none_of_its_own_force_s(
    world: World, role: Role
) -> None:
    person("essex", role, username="other.role")
    client = signed_in("other.role")

    assert client.get(world.address("event")).status_code == 404
    assert world.secret.encode() not in client.get(reverse("results"), {"q": ""}).content


@pytest.mark.parametrize("role", [Role.OFFICER, Role.FINANCE, Role.AUDITOR])
def test_nobody_judges_who_is_who_without_the_role_for_it(world: World, role: Role) -> None:
    person("essex", role, username="no.judge")
    client = signed_in("no.judge")
    form = {"verdict": "different", "reason": "x"}

    assert client.post(world.address("pair"), form).status_code == 403
    retired = {"record": str(world.one), "reason": "x"}
    assert client.post(world.address("judgement-retire"), retired).status_code == 403


def test_a_judge_of_another_force_cannot_judge_what_is_not_shared(world: World) -> None:
    person("norfolk", Role.DATA_QUALITY, username="outsider")
    client = signed_in("outsider")
    form = {"verdict": "different", "reason": "x"}

    assert client.post(world.address("pair"), form).status_code == 404
    retired = {"record": str(world.one), "reason": "x"}
    assert client.post(world.address("judgement-retire"), retired).status_code == 404
    assert b"Alder" not in client.get(world.address("review")).content


def test_an_export_gives_nobody_more_than_their_search_does(world: World) -> None:
    person("norfolk", username="outsider")

    answer = signed_in("outsider").post(reverse("export"), {"q": ""})

    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert world.secret.encode() not in content
    assert content.count(b"\n") == 1  # the header alone


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"health"}))
def test_no_form_is_taken_without_its_token(world: World, name: str) -> None:
    person("essex", Role.PROGRAMME, username="programme")
    client = signed_in("programme")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies

    assert strict.post(world.address(name)).status_code in (403, 405)


def test_an_agreement_is_ended_by_no_one_but_a_party_s_programme_team(world: World) -> None:
    today = {"ends_on_day": "1", "ends_on_month": "1", "ends_on_year": "2026"}
    for username, force, role in (
        ("officer", "essex", Role.OFFICER),
        ("third", "norfolk", Role.PROGRAMME),
    ):
        person(force, role, username=username)
        signed_in(username, Purpose.ADMINISTRATION).post(world.address("agreement-end"), today)
    kent = person("kent")

    crimes = Question(reference=world.secret)
    assert find_events(kent, question=crimes).total == 1
