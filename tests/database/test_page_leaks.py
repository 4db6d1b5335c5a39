"""No page tells anything of person records that their force does not share with the reader.

For every pair of forces without an agreement: the reader walks through all pages, twice, from the
same state of the register, once without and once with persons of the other force, who are the very
same people. What they are sent must be the same, byte for byte; tokens of forms and times of day
alone may differ. One force in turn walks through every page that there is, the others through all
that are made of person records.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, reverse

from concordat.base.acting import acting
from concordat.base.actor import Actor, Role
from concordat.base.ids import new_id
from concordat.identity.actions import judge, resolve_pending
from concordat.identity.engine import Meaning
from concordat.identity.queries import who_is
from concordat.identity.rules.judgements import Verdict
from concordat.records.actions import load_persons
from concordat.records.rules.person_maps import read_map
from concordat.server.urls import urlpatterns
from tests.database.test_permission_sweep import signed_in
from tests.persons import MAP, person_row, write_persons
from tests.world import SERVICE, agreement_in_force, person

pytestmark = pytest.mark.django_db

FORCES = (
    "essex",
    "kent",
    "norfolk",
    "suffolk",
    "bedfordshire",
    "cambridgeshire",
    "hertfordshire",
)
ROBERT = {"first": "Robert", "last": "Quillfeather", "dob": "03/05/1987", "sex": "1"}
PEOPLE = (
    ROBERT | {"pnc": "1901/0000042K", "warn": "VI"},
    ROBERT | {"first": "Bob", "dob": "05/03/1987", "street": "Elsewhere", "postcode": "NR99 4XX"},
    ROBERT | {"first": "Roberta", "sex": "2", "dob": "30/11/1991", "warn": "DR"},
    ROBERT | {"dob": "", "mobile": "07700 900777"},
    ROBERT | {"dob": "", "mobile": "", "street": "Invented Street"},
)  # fmt: skip
SEARCHES = (
    "robert quillfeather",
    "quilfeather bob 3/5/87",
    "1901/0000042K",
    "07700 900777",
    "quillfeather robert aged 39",
)
OF_PERSONS = ("person", "pair", "review", "quality", "quality-of", "progress", "looked")
_TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]+')
_TIME = re.compile(rb"\b\d\d:\d\d\b")


def load(force: str, folder: Path, numbers: range) -> None:
    """Load some of the people as a force's own records, and decide who they are."""
    rows = [person_row(number, **PEOPLE[number % len(PEOPLE)]) for number in numbers]
    path = write_persons(folder / f"{force}.csv", rows)
    load_persons(SERVICE, paths=[path], force=force, person_map=read_map(MAP))


def addresses(seen: list[UUID], judgement: UUID, hidden: str, *, every: bool) -> Iterator[str]:
    """Yield every address that can be read, or those that are made of person records."""
    of_record = {"person": "record_id", "looked": "record_id"}
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        name = str(pattern.name)
        if not every and name not in OF_PERSONS:
            continue
        if name in of_record:
            yield reverse(name, kwargs={of_record[name]: seen[0]})
        elif name == "pair":
            yield reverse(name, args=seen[:2])
        elif name in ("force", "quality-of"):
            yield reverse(name, kwargs={"code": hidden})
        elif name in ("load", "quarantine", "place", "event"):
            yield reverse(name, args=[judgement])
        elif name in ("agreement", "agreement-end"):
            yield reverse(name, args=["ALL OTHERS"])
        elif name not in ("sign-in", "sign-out", "health", "export", "judgement-retire"):
            yield reverse(name)
    yield from (reverse("results", query={"q": text}) for text in SEARCHES[: None if every else 2])


def walk(
    client: Client, seen: list[UUID], judgement: UUID, hidden: str, *, every: bool
) -> dict[str, bytes]:
    """Return what each page sends, without tokens and times of day."""
    said = {}
    for address in addresses(seen, judgement, hidden, every=every):
        answer = client.get(address)
        content = _TIME.sub(b"00:00", _TOKEN.sub(rb"\1", answer.content))
        said[address] = b"%d %s" % (answer.status_code, content)
    form = {"verdict": "same", "from": "queue"}
    answer = client.post(reverse("pair", args=seen[:2]), form)
    said["judged"] = b"%d %s" % (answer.status_code, answer.get("Location", "").encode())
    return said


@contextmanager
def undone() -> Iterator[None]:
    """Take back whatever the block writes."""
    mark = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(mark)


@pytest.mark.parametrize("hidden", FORCES)
def test_persons_that_are_not_shared_change_no_page(hidden: str, tmp_path: Path) -> None:
    # given forces that share with each other, and one that has an agreement with none of them
    others = [force for force in FORCES if force != hidden]
    agreement_in_force("ALL OTHERS", others)
    for number, force in enumerate(others):
        load(force, tmp_path, range(number, number + 2))
    resolve_pending(SERVICE)
    readers = {force: _reader(force) for force in others}
    seen = _seen(readers[others[0]])
    judgement = judge(
        readers[others[0]], left=seen[0], right=seen[1], verdict=Verdict.DIFFERENT, reason="x"
    )
    in_turn = FORCES[(FORCES.index(hidden) + 1) % len(FORCES)]
    clients = {force: signed_in(f"{force}.reader") for force in others}

    # when each of them walks through all pages
    def all_walk() -> dict[str, dict[str, bytes]]:
        return {
            force: walk(client, seen, judgement, hidden, every=force == in_turn)
            for force, client in clients.items()
        }

    with undone():
        before = all_walk()
    assert b"Quillfeather" in before[in_turn][reverse("person", args=[seen[0]])]
    assert b"Quillfeather" in before[in_turn][reverse("results", query={"q": SEARCHES[0]})]
    # and again when the one holds the same people
    load(hidden, tmp_path, range(2 * len(PEOPLE)))
    resolve_pending(SERVICE)
    after = all_walk()
    # then they are sent the same
    for force in others:
        changed = [page for page in before[force] if before[force][page] != after[force][page]]
        assert changed == [], f"{force} learns of {hidden}"


def test_a_hidden_person_and_one_that_is_not_there_are_answered_alike(tmp_path: Path) -> None:
    load("essex", tmp_path, range(1))
    load("norfolk", tmp_path, range(1))
    resolve_pending(SERVICE)
    own = _seen(_reader("norfolk"))[0]
    hidden = _seen(_reader("essex"))[0]
    client = signed_in("norfolk.reader")

    def answers(record: UUID) -> list[tuple[int, bytes]]:
        form = {"verdict": "same", "from": "queue"}
        said = [
            client.get(reverse("person", args=[record])),
            client.get(reverse("pair", args=[own, record])),
            client.post(reverse("pair", args=[own, record]), form),
            client.get(reverse("review", query={"after": f"{own},{record}"})),
        ]
        return [(answer.status_code, _TOKEN.sub(rb"\1", answer.content)) for answer in said]

    assert answers(hidden) == answers(new_id())
    assert {status for status, _ in answers(hidden)} == {404}


def _reader(force: str) -> Actor:
    roles = (Role.OFFICER, Role.DATA_QUALITY, Role.AUDITOR)
    return person(force, *roles, username=f"{force}.reader")


def _seen(reader: Actor) -> list[UUID]:
    asked = {Meaning.FULL_NAME: "robert quillfeather", Meaning.DATE_OF_BIRTH: "3/5/87"}
    with acting(reader):
        found = who_is(reader, partial=asked, limit=50)
    return sorted(candidate.record_id for one in found for candidate in one.records)
