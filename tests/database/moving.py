"""A world in which every table of Essex holds something, for taking the force out and in."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from uuid import UUID

import psycopg
import pytest
from pytest_django import DjangoDbBlocker

from concordat.access.rules import PROTECTED_KINDS, RecordKind
from concordat.base.actor import Actor, Role
from concordat.exchange.actions import export_force
from concordat.exchange.rules import Manifest
from concordat.identity.actions import judge, retire
from concordat.identity.rules.judgements import Verdict
from concordat.organisations.queries import organisation
from concordat.records import actions
from concordat.records.rules.logged import RecordRef
from concordat.records.rules.person_maps import read_map
from tests.conftest import Server, pointed_at
from tests.database.watching import (
    MARK,
    deliver_all,
    logged,
    sighting,
    the_person,
    the_thing,
    watched,
)
from tests.files import street_row, write_csv
from tests.persons import MAP, person_row, write_persons
from tests.reports import intelligence, theft
from tests.world import SERVICE, agreement_in_force, person

WORLD, COPY, FRESH = "concordat_world", "concordat_world_copy", "concordat_fresh"

AWKWARD: Final = 'Zoë said "\\N", then \\. and, a comma;\nand {a,b}\ton a second line: 東京 🚓'
"""A text that tempts every way of writing a table to lose something."""

TOLD: Final = {"purpose": "To find the car", "quality": "Accurate and current"}


@dataclass(frozen=True, kw_only=True)
class World:
    """The people who made the world, and the records that Kent has tied to Essex’s."""

    essex: Actor
    kent: Actor
    norfolk: Actor
    agreement: str
    kent_car: UUID
    kent_link: UUID
    essex_car: UUID
    essex_event: UUID


def make_world(folder: Path) -> World:
    """Let Essex load, log, tie, judge, watch, hand over and disclose; and its partners a little."""
    roles = (Role.OFFICER, Role.SUPERVISOR, Role.INTELLIGENCE, Role.DATA_QUALITY)
    essex, kent, norfolk = (person(force, *roles) for force in ("essex", "kent", "norfolk"))
    agreement = agreement_in_force("S22A-3", ["essex", "kent", "norfolk"])
    _load(folder)
    theirs = logged(kent, sighting(what=MARK, who={"surname": "Quillfeather"}))
    ours = logged(essex, sighting(what=MARK, who={"surname": "Quillfeather", "alias": AWKWARD}))
    logged(norfolk, sighting(what={"mark": "ZZ99 ZZZ"}))
    event_id = actions.log_event(essex, report=theft(mo=AWKWARD)).event_id
    _work_on(essex, event_id, the_thing(ours))
    _tie(essex, the_person(ours), the_thing(theirs), over=False)
    _tie(essex, the_person(ours), the_thing(ours), over=True)
    kent_link = _tie(kent, the_person(theirs), the_thing(ours), over=False)
    _judge(essex, the_person(ours), the_person(theirs))
    actions.add_warning(essex, person_id=the_person(ours), code="VI", evidence=AWKWARD)
    watched(essex, RecordKind.VEHICLE, the_thing(theirs))
    logged(kent, sighting(what=MARK))
    deliver_all()
    return World(
        essex=essex,
        kent=kent,
        norfolk=norfolk,
        agreement=agreement,
        kent_car=the_thing(theirs),
        kent_link=kent_link,
        essex_car=the_thing(ours),
        essex_event=event_id,
    )


def _load(folder: Path) -> None:
    """Load files of two forces in one run, with rows that contradict others or can’t be read."""
    for force, name in (("essex", "Essex Police"), ("kent", "Kent Police")):
        whose = {"reported_by": name, "falls_within": name}
        told = [
            street_row(1, **whose),
            street_row(1, crime_type="Drugs", **whose),
            street_row(None, **whose),
            street_row(2, month="no month", **whose),
            street_row(2, month="no month", **whose),
        ]
        write_csv(folder / f"2026-01-{force}-street.csv", told)
    actions.load_street(SERVICE, paths=sorted(folder.glob("*-street.csv")))
    told = [person_row(1, warn="VI"), person_row(1, last="Otherwise"), person_row(2, aka="Zoë")]
    file = write_persons(folder / "persons.csv", told)
    actions.load_persons(SERVICE, paths=[file], force="essex", person_map=read_map(MAP))


def _work_on(essex: Actor, event_id: UUID, car: UUID) -> None:
    actions.start_draft(essex, telling=AWKWARD)
    actions.log_event(essex, report=intelligence())
    actions.log_event(essex, report=intelligence(handling_code="C", action="A1", sanitisation="S2"))
    actions.amend_event(essex, event_id=event_id, base_version=1, fields={"notes": AWKWARD})
    actions.move_item(essex, item_id=car, to_whom="Lab", where="Hut 3")
    kent = organisation("kent").id
    actions.offer_transfer(essex, event_id=event_id, to_id=kent, because="It was there")
    for _ in range(2):
        disclosure_id = actions.disclose(
            essex, event_id=event_id, recipient_id=kent, sanitised=False, **TOLD
        )
    actions.recall(essex, disclosure_id=disclosure_id, because="It is wrong")


def _tie(by: Actor, who: UUID, what: UUID, *, over: bool) -> UUID:
    left, right = RecordRef(RecordKind.PERSON, who), RecordRef(RecordKind.VEHICLE, what)
    link_id: UUID = actions.add_link(by, left=left, right=right, reason="owner")
    if over:
        actions.end_link(by, link_id=link_id, because="Sold")
    return link_id


def _judge(by: Actor, one: UUID, other: UUID) -> None:
    judgement_id = judge(by, left=one, right=other, verdict=Verdict.UNSURE, reason=AWKWARD)
    retire(by, judgement_id=judgement_id, reason="Looked again")
    judge(by, left=one, right=other, verdict=Verdict.SAME, reason="")


def tables_of(url: str, condition: str) -> dict[str, tuple[int, str]]:
    """Return how many rows of each owned table there are, and a hash of their content.

    As the superuser sees them, whom no policy binds. `condition` is on the owner, as "= 15".
    Numbers that an installation gives out itself are left out of the content.
    """
    found = {}
    with psycopg.connect(url) as superuser:
        superuser.execute("SET TimeZone = 'UTC'")
        for table in sorted({one.table for one in PROTECTED_KINDS}):
            numbered = superuser.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass "
                "AND attidentity <> ''",
                [table],
            ).fetchall()
            content = " - ".join(["to_jsonb(t)", *(f"'{name}'" for (name,) in numbered)])
            rows = superuser.execute(
                f"SELECT ({content})::text FROM {table} t WHERE owner_id {condition} ORDER BY 1"
            ).fetchall()
            digest = hashlib.sha256("\n".join(text for (text,) in rows).encode()).hexdigest()
            found[table] = (len(rows), digest)
    return found


def without(manifest: Manifest) -> Manifest:
    """Return what of a manifest doesn’t say when and where it was made."""
    return replace(manifest, made_at="", files=())


@pytest.fixture(scope="module")
def made(
    server: Server,
    template: str,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    """The world, in a database of its module alone that no test changes."""
    server.create(WORLD, template=template)
    with django_db_blocker.unblock(), pointed_at(server, WORLD):
        world = make_world(tmp_path_factory.mktemp("files"))
    yield world
    server.drop(WORLD)


@pytest.fixture
def world(server: Server, made: World, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """The world in a database of this test alone."""
    server.create(COPY, template=WORLD)
    with django_db_blocker.unblock(), pointed_at(server, COPY):
        yield made
    server.drop(COPY)


@pytest.fixture
def fresh(server: Server, template: str) -> Iterator[str]:
    """A fresh installation’s database; its name."""
    server.create(FRESH, template=template)
    yield FRESH
    server.drop(FRESH)


@pytest.fixture
def exported(world: World, tmp_path: Path) -> Manifest:
    """Essex, taken out to the folder "out"."""
    assert world
    return export_force(SERVICE, force="essex", out=tmp_path / "out")
