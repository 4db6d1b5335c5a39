"""The database that hostile SQL is sent to: three forces, of which two share."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

from concordat.access.rules import PROTECTED_KINDS, Level, RecordKind
from concordat.base.acting import acting, sign
from concordat.base.actor import Actor, Role
from concordat.base.clock import today
from concordat.base.outbox import deliver
from concordat.identity.actions import judge
from concordat.identity.rules.judgements import Verdict
from concordat.organisations.queries import organisation
from concordat.records.actions import (
    LOGGED,
    add_warning,
    amend_item,
    disclose,
    load_persons,
    load_stop_search,
    load_street,
    log_event,
    move_item,
    offer_transfer,
    start_draft,
)
from concordat.records.queries import report_of
from concordat.records.rules.loads import STOP_SEARCH_COLUMNS
from concordat.records.rules.person_maps import read_map
from concordat.server.database import SERVING
from concordat.server.tasks import HANDLERS
from concordat.tracing.actions import watch
from tests.conftest import Server, pointed_at
from tests.files import stop_search_row, street_row, write_csv
from tests.persons import MAP, person_row, write_persons
from tests.reports import intelligence, theft
from tests.world import SERVICE, agreement_in_force, person

DATABASE = "concordat_hostile"
TABLES = [protected.table for protected in PROTECTED_KINDS]

Counts = dict[tuple[str, int, int], int]
"""How many rows there are of each table, owner and kind."""


@dataclass(frozen=True)
class World:
    """A database with records of three forces.

    Kent shares everything with Essex and with Norfolk; Norfolk and Essex share pointers alone.
    """

    server: Server
    essex: Actor
    essex_id: int
    kent_id: int
    norfolk_id: int
    counts: Counts = field(repr=False)

    @contextmanager
    def connected(self, token: str | None = None) -> Iterator[psycopg.Connection]:
        """Open a session of the serving role that claims to act by `token`."""
        url = self.server.url(DATABASE, SERVING)
        with psycopg.connect(url, autocommit=True) as session:
            if token is not None:
                session.execute("SELECT set_config('concordat.actor', %s, false)", [token])
            yield session

    def count(self, table: str, owner_id: int, kinds: frozenset[int] | None = None) -> int:
        """Return how many rows a force has in a table, of these kinds or of all."""
        return sum(
            count
            for (name, owner, kind), count in self.counts.items()
            if name == table and owner == owner_id and (kinds is None or kind in kinds)
        )


def _load_records(folder: Path) -> None:
    """Load, for each force, rows that fill every protected table: conflicts and quarantine too."""
    for number, (force, lsoa) in enumerate(
        [("Essex Police", "Colchester 007A"), ("Kent Police", "Maidstone 001A"),
         ("Norfolk Constabulary", "Norwich 001A")]
    ):  # fmt: skip
        code = force.split()[0].lower()
        told = {"reported_by": force, "falls_within": force, "lsoa_name": lsoa}
        rows = [
            street_row(100 * number + 1, crime_type="Burglary", **told),
            street_row(100 * number + 1, crime_type="Robbery", **told),
            street_row(100 * number + 2, crime_type=f"Told by {code}", **told),
            street_row(None, **told),
            street_row(100 * number + 3, month="no month", **told),
        ]
        street = write_csv(folder / f"2026-01-{code}-street.csv", rows)
        search = folder / f"2026-01-{code}-stop-and-search.csv"
        write_csv(search, [stop_search_row()], columns=STOP_SEARCH_COLUMNS)
        assert not load_street(SERVICE, paths=[street]).refused
        assert not load_stop_search(SERVICE, paths=[search]).refused
        persons = [person_row(1), person_row(1, last="Birch"), person_row(2, warn="VI")]
        told_of = [write_persons(folder / f"{code}-persons.csv", persons)]
        assert not load_persons(
            SERVICE, paths=told_of, force=code, person_map=read_map(MAP)
        ).refused


def _judge(actor: Actor) -> None:
    """Let somebody judge two persons of their own force to be different."""
    with acting(actor), connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT record_id FROM identity_feature WHERE owner_id = %s ORDER BY 1",
            [actor.organisation_id],
        )
        one, other, *_ = (row[0] for row in cursor.fetchall())
    judge(actor, left=one, right=other, verdict=Verdict.DIFFERENT)


def _log(officer: Actor) -> None:
    """Let an officer do all that logging can: events, things, a draft, a watch that is alerted.

    What goes to another body goes to Suffolk, which nobody else here shares with.
    """
    event_id = log_event(officer, report=theft()).event_id
    withheld = log_event(officer, report=intelligence()).event_id
    report = report_of(officer, event_id=event_id).report
    car, hale = report.things[0].record_id, report.participants[0].record_id
    assert car
    assert hale
    add_warning(officer, person_id=hale, code="VI", evidence="Seen to hit")
    move_item(officer, item_id=car, to_whom="Yard", where="Hut 3")
    start_draft(officer, telling="Theft of a phone")
    suffolk = organisation("suffolk").id
    supervisor = replace(officer, roles=frozenset({Role.SUPERVISOR}))
    offer_transfer(supervisor, event_id=event_id, to_id=suffolk, because="It was there")
    disclose(
        officer,
        event_id=withheld,
        recipient_id=suffolk,
        purpose="To find the cars",
        sanitised=True,
        quality="Accurate and current",
    )
    watch(
        officer,
        kind=RecordKind.VEHICLE,
        record_id=car,
        reason="It was stolen",
        until=today() + timedelta(days=30),
    )
    amend_item(officer, item_id=car, base_version=1, fields={"colour": "blue"})


@contextmanager
def attacked(server: Server, template: str, folder: Path) -> Iterator[World]:
    """Make the database, and remove it afterwards. Needs Django's database unblocked."""
    server.create(DATABASE, template=template)
    with pointed_at(server, DATABASE):
        _load_records(folder)
        agreement_in_force("EK", ["essex", "kent"])
        agreement_in_force("KN", ["kent", "norfolk"])
        agreement_in_force("EN", ["essex", "norfolk"], level=Level.POINTER)
        essex = person("essex", Role.OFFICER)
        for officer in (essex, person("kent"), person("norfolk")):
            _judge(replace(officer, roles=frozenset({Role.DATA_QUALITY})))
            _log(officer)
        deliver({LOGGED: HANDLERS[LOGGED]})
        ids = [organisation(code).id for code in ("essex", "kent", "norfolk")]
    counts: Counts = {}
    with psycopg.connect(server.superuser_url(DATABASE)) as superuser:
        for table in TABLES:
            query = sql.SQL("SELECT owner_id, kind, count(*) FROM {} GROUP BY 1, 2")
            for owner, kind, count in superuser.execute(query.format(sql.Identifier(table))):
                counts[table, owner, kind] = count
    yield World(server, essex, ids[0], ids[1], ids[2], counts)
    server.drop(DATABASE)


def token(actor: Actor, *, seconds: int = 60, key: bytes | None = None) -> str:
    """Return what makes a session act as somebody, signed by this installation or by `key`."""
    return sign(
        actor, expires=int(time.time()) + seconds, key=key or settings.CONCORDAT_SIGNING_KEY
    )


def everything(session: psycopg.Connection, table: str) -> list[tuple[Any, ...]]:
    """Return owner and kind of every row of a table that a session reads."""
    query = sql.SQL("SELECT owner_id, kind FROM {}").format(sql.Identifier(table))
    return session.execute(query).fetchall()


def plant(
    session: psycopg.Connection, table: str, owner_id: int, *, condition: str = "true"
) -> None:
    """Insert a copy of one visible row, as if `owner_id` owned it; without one, an empty row."""
    columns = [
        row[0]
        for row in session.execute(
            "SELECT column_name FROM information_schema.columns "
            "WHERE table_name = %s AND is_generated = 'NEVER'",
            [table],
        )
    ]
    values: list[sql.Composable] = [
        sql.Literal(owner_id) if name == "owner_id" else sql.Identifier("copied", name)
        for name in columns
    ]
    statement = sql.SQL(
        "INSERT INTO {table} ({columns}) SELECT {values} "
        "FROM (SELECT 1) AS one LEFT JOIN {table} AS copied ON {condition} "
        "ORDER BY copied.owner_id LIMIT 1"  # Essex has the smallest number
    )
    session.execute(
        statement.format(
            table=sql.Identifier(table),
            columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
            values=sql.SQL(", ").join(values),
            condition=sql.SQL(condition),  # words of our own
        )
    )
