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
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, reverse

from concordat.access.rules import RecordKind
from concordat.base.acting import acting
from concordat.base.actor import Actor, Role
from concordat.base.ids import new_id
from concordat.identity.actions import judge, resolve_pending
from concordat.identity.engine import Meaning
from concordat.identity.queries import who_is
from concordat.identity.rules.judgements import Verdict
from concordat.records.actions import load_persons, log_event, start_draft
from concordat.records.queries import report_of
from concordat.records.rules.person_maps import read_map
from concordat.records.rules.reports import Participant, Report, Thing
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
    "zz26qlf",
)
MARK = "ZZ26 QLF"
THEFT = Report(
    kind=RecordKind.CRIME,
    fields={"summary": "Driven off.", "ho_class": "48", "occurred_date": "2026-01-02"},
    participants=(
        Participant(
            key="p1",
            roles=("suspect",),
            fields={"given_names": "Robert", "surname": "Quillfeather", "phone": "07700 900777"},
        ),
    ),
    things=(Thing(key="t1", kind=RecordKind.VEHICLE, uses=("stolen",), fields={"mark": MARK}),),
)
NOT_READ = ("sign-in", "sign-out", "health", "export", "judgement-retire", "log-discard")
OF_PERSONS = ("person", "pair", "review", "quality", "quality-of", "progress", "looked")
_TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]+')
_TIME = re.compile(rb"\b\d\d:\d\d\b")


def load(force: str, folder: Path, numbers: range) -> None:
    """Load some of the people as a force's own records, and decide who they are."""
    rows = [person_row(number, **PEOPLE[number % len(PEOPLE)]) for number in numbers]
    path = write_persons(folder / f"{force}.csv", rows)
    load_persons(SERVICE, paths=[path], force=force, person_map=read_map(MAP))


@dataclass(frozen=True)
class Shown:
    """Records of forces that share with each other, and their reader's draft."""

    persons: list[UUID]
    event: UUID
    car: UUID
    draft: UUID
    nothing: UUID
    """Neither an alert nor a place nor a load."""

    def address(self, pattern: URLPattern, hidden: str) -> str:
        """Return an address of this pattern."""
        told: dict[str, UUID | str] = {
            "record_id": self.persons[0],
            "one": self.persons[0],
            "other": self.persons[1],
            "event_id": self.event,
            "item_id": self.car,
            "draft_id": self.draft,
            "kind": "person",
            "section": "person",
            "reference": "ALL OTHERS",
            "version": "1",
            "line": "1",
            "warning": "VI",
            "part": "texts",
        }
        asked = pattern.pattern.converters
        of_hidden = hidden if pattern.name in ("force", "quality-of") else "VI"
        others = {"code": of_hidden} if "code" in asked else {}
        return reverse(
            str(pattern.name),
            kwargs={name: (told | others).get(name, self.nothing) for name in asked},
        )


def addresses(shown: Shown, hidden: str, *, every: bool) -> Iterator[str]:
    """Yield every address that can be read, or those that are made of person records."""
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        if pattern.name in NOT_READ or not (every or pattern.name in OF_PERSONS):
            continue
        yield shown.address(pattern, hidden)
    yield from (reverse("results", query={"q": text}) for text in SEARCHES[: None if every else 2])


def walk(client: Client, shown: Shown, hidden: str, *, every: bool) -> dict[str, bytes]:
    """Return what each page sends, without tokens and times of day."""
    said = {}

    def keep(name: str, answer: Any) -> None:
        content = _TIME.sub(b"00:00", _TOKEN.sub(rb"\1", answer.content))
        said[name] = b"%d %s %s" % (
            answer.status_code,
            answer.get("Location", "").encode(),
            content,
        )

    for address in addresses(shown, hidden, every=every):
        keep(address, client.get(address))
    form = {"verdict": "same", "from": "queue"}
    keep("judged", client.post(reverse("pair", args=shown.persons[:2]), form))
    typed = {"add-person": SEARCHES[0], "add-thing": MARK, "add-thing-kind": "vehicle"}
    for section in ("person", "thing"):
        keep(section, client.post(reverse("log-candidates", args=[section]), typed))
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
    judge(readers[others[0]], left=seen[0], right=seen[1], verdict=Verdict.DIFFERENT, reason="x")
    in_turn = FORCES[(FORCES.index(hidden) + 1) % len(FORCES)]
    shown = _logged(readers[in_turn], seen)
    resolve_pending(SERVICE)
    clients = {force: signed_in(f"{force}.reader") for force in others}

    # when each of them walks through all pages
    def all_walk() -> dict[str, dict[str, bytes]]:
        return {
            force: walk(client, shown, hidden, every=force == in_turn)
            for force, client in clients.items()
        }

    with undone():
        before = all_walk()
    assert b"Quillfeather" in before[in_turn][reverse("person", args=[seen[0]])]
    assert b"Quillfeather" in before[in_turn][reverse("results", query={"q": SEARCHES[0]})]
    assert MARK.encode() in before[in_turn][reverse("thing", args=[shown.car])]
    # and again when the one holds the same people, and has logged the same car
    load(hidden, tmp_path, range(2 * len(PEOPLE)))
    log_event(_reader(hidden), report=THEFT)
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


def _logged(reader: Actor, seen: list[UUID]) -> Shown:
    """Log a theft as the reader, and begin to log another."""
    event = log_event(reader, report=THEFT).event_id
    (car,) = report_of(reader, event_id=event).report.things
    assert car.record_id is not None
    begun = start_draft(reader, telling=f"Theft from Robert Quillfeather b 3/5/87 in {MARK}")
    return Shown(persons=seen, event=event, car=car.record_id, draft=begun.id, nothing=new_id())


def _seen(reader: Actor) -> list[UUID]:
    asked = {Meaning.FULL_NAME: "robert quillfeather", Meaning.DATE_OF_BIRTH: "3/5/87"}
    with acting(reader):
        found = who_is(reader, partial=asked, limit=50)
    return sorted(candidate.record_id for one in found for candidate in one.records)
