"""Every address, read and written to, by a stranger and by somebody without the right."""

from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from concordat.base.actor import Purpose, Role
from concordat.base.ids import new_id
from concordat.identity.actions import judge
from concordat.identity.engine import Meaning
from concordat.identity.queries import who_is
from concordat.identity.rules.judgements import Verdict
from concordat.records.actions import load_persons, load_street
from concordat.records.queries import find_events, loads
from concordat.records.rules.person_maps import read_map
from concordat.records.rules.questions import Question
from concordat.server.urls import urlpatterns
from tests.files import street_row, write_csv
from tests.persons import MAP, person_row, write_persons
from tests.world import PASSWORD, SERVICE, agreement_in_force, person

pytestmark = pytest.mark.django_db

OPEN_TO_STRANGERS = {"health", "sign-in"}
NAMES = [str(pattern.name) for pattern in urlpatterns if isinstance(pattern, URLPattern)]

# What somebody who is signed in, but holds no role for it, gets from an address. Everything not
# named here answers 200 with nothing in it that they may not see.
DENIED = {
    "journal": 403,
    "looked": 403,
    "agreement-end": 403,
    "event": 404,
    "place": 404,
    "load": 404,
    "quarantine": 404,
    "person": 404,
    "pair": 404,
    "review": 403,
}
POST_ONLY = {"sign-out", "export", "judgement-retire"}


class World:
    """Essex's event, place, load and two persons judged one; nothing is shared with Norfolk."""

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

    def address(self, name: str) -> str:
        """Return an address of this world by its name."""
        arguments: dict[str, dict[str, str | UUID]] = {
            "event": {"event_id": self.event},
            "place": {"place_id": new_id()},
            "force": {"code": "essex"},
            "agreement": {"reference": "A"},
            "agreement-end": {"reference": "A"},
            "load": {"load_id": self.load},
            "quarantine": {"load_id": self.load},
            "looked": {"record_id": self.event},
            "person": {"record_id": self.one},
            "pair": {"one": self.one, "other": self.other},
            "judgement-retire": {"judgement_id": self.judgement},
            "quality-of": {"code": "essex"},
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


@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
@pytest.mark.parametrize("name", sorted(set(NAMES) - OPEN_TO_STRANGERS))
def test_a_stranger_gets_nowhere_but_to_sign_in(world: World, name: str, method: str) -> None:
    answer = getattr(Client(), method)(world.address(name))

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("sign-in"))
    assert world.secret.encode() not in answer.content


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

    assert find_events(kent, question=Question()).total == 1
