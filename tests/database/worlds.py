"""Random worlds: one record of every kind and force, grants of every sort, actors of every sort."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection
from psycopg import sql
from psycopg.types.json import Jsonb
from psycopg.types.range import TimestamptzRange

from concordat.access.rules import (
    EVENT_KINDS,
    SHAREABLE_KINDS,
    THING_KINDS,
    Level,
    RecordKind,
)
from concordat.agreements.actions import (
    draft_agreement,
    end_agreement,
    give_notice,
    leave,
    save_draft,
    start_agreement,
    vary,
)
from concordat.agreements.errors import AgreementsError
from concordat.agreements.rules import RECORD_ROLES, AgreementKind, SharingTerms
from concordat.base.acting import acting
from concordat.base.actor import POLICING_PURPOSES, Actor, Purpose, Role
from concordat.base.clock import now, today
from concordat.base.ids import new_id
from tests.world import SERVICE, terms

TABLES: dict[str, Sequence[RecordKind]] = {
    "records_event": EVENT_KINDS,
    "records_person": (RecordKind.PERSON,),
    "records_warning_marker": (RecordKind.WARNING_MARKER,),
    "records_item": THING_KINDS,
    "records_place": (RecordKind.PLACE,),
    "records_load_file": (RecordKind.LOAD,),
}
"""Where the records lie whose own policy asks for their compartment and nothing else."""

_ID = {"records_warning_marker": "person_id"}
"""What tells a record of a table from others, where that is not its id."""

_READ = " UNION ALL ".join(f"SELECT {_ID.get(table, 'id')} FROM {table}" for table in TABLES)
_POINTED = (
    "SELECT reference FROM unnest(%s::text[]) AS reference "
    "WHERE EXISTS (SELECT FROM concordat.event_pointers(reference))"
)
_HOURS = (-9000, -30, -2, -1, 1, 2, 30, 9000)


@dataclass(frozen=True)
class Planted:
    """A record that stands in the register."""

    id: UUID
    owner_id: int
    kind: RecordKind
    reference: str


def plant(superuser: psycopg.Connection, owners: Sequence[int]) -> list[Planted]:
    """Put one record of every kind and owner into the register, past all policies."""
    planted = []
    superuser.execute("SET session_replication_role = replica")  # no triggers, no foreign keys
    for table, kinds in TABLES.items():
        columns = _columns(superuser, table)
        for owner in owners:
            for kind in kinds:
                row = {name: _anything(form) for name, form in columns.items()}
                record_id = new_id()
                row |= {_ID.get(table, "id"): record_id, "owner_id": owner, "kind": kind.value}
                if "source" in row:
                    row["source"] = "concordat"
                _insert(superuser, table, row)
                reference = row["reference"] if table == "records_event" else ""
                planted.append(Planted(record_id, owner, kind, reference))
    superuser.execute("SET session_replication_role = DEFAULT")
    return planted


def _columns(superuser: psycopg.Connection, table: str) -> dict[str, str]:
    """Return the columns that must be given, with their types."""
    rows = superuser.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s "
        "AND table_schema = 'public' AND is_nullable = 'NO' AND is_generated = 'NEVER' "
        "AND column_default IS NULL",
        [table],
    )
    return dict(rows.fetchall())


def _anything(form: str) -> Any:
    values: dict[str, Any] = {
        "text": new_id().hex,
        "uuid": new_id(),
        "timestamp with time zone": now(),
        "date": now().date(),
        "jsonb": Jsonb({}),
        "boolean": False,
        "ARRAY": [],
    }
    return values.get(form, 0)


def _insert(superuser: psycopg.Connection, table: str, row: dict[str, Any]) -> None:
    superuser.execute(
        sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, row)),
            sql.SQL(", ").join(sql.Placeholder() * len(row)),
        ),
        list(row.values()),
    )


def grant_at_random(superuser: psycopg.Connection, random: Random, owners: Sequence[int]) -> int:
    """Replace all grants by random ones, past all policies, and return how many there are."""
    superuser.execute("TRUNCATE access_grant")
    superuser.execute("SET session_replication_role = replica")
    count = random.choice((0, 5, 40, 200, 400))
    moment = now()
    with superuser.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO access_grant (id, agreement_id, agreement_version, clause, owner_id, "
            "recipient_id, kind, level, roles, purposes, valid, retired_at) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [_grant(random, owners, moment) for _ in range(count)],
        )
    superuser.execute("SET session_replication_role = DEFAULT")
    return count


def _grant(random: Random, owners: Sequence[int], moment: datetime) -> list[Any]:
    owner, recipient = random.sample(owners, 2)
    # Kinds that no agreement names are there as well: PostgreSQL would not be asked for them.
    kind = random.choice((*SHAREABLE_KINDS, RecordKind.INTELLIGENCE_CONDITIONAL, RecordKind.LOAD))
    begins, ends = sorted(random.sample(_HOURS, 2))
    until = moment + timedelta(hours=ends) if random.random() < 0.6 else None
    valid = TimestamptzRange(moment + timedelta(hours=begins), until)
    if random.random() < 0.05:  # ended before it began
        valid = TimestamptzRange(empty=True)
    return [
        new_id(),
        UUID(int=random.randint(1, 9)),
        random.randint(1, 3),
        random.randint(1, 20),
        owner,
        recipient,
        kind.value,
        random.choice((Level.FULL, Level.FULL, Level.POINTER)).value,
        [role.value for role in random.sample(list(Role), random.randint(1, 6))],
        [purpose.value for purpose in random.sample(list(Purpose), random.randint(1, 6))],
        valid,
        moment - timedelta(hours=random.randint(0, 50)) if random.random() < 0.15 else None,
    ]


def actor_at_random(random: Random, organisations: Sequence[int]) -> Actor:
    """Return somebody of one of these bodies, or a job of the service."""
    purpose = random.choice(list(Purpose))
    if random.random() < 0.05:
        return random.choice((Actor.service(purpose=purpose), Actor.resolver()))
    roles = random.sample(
        [role for role in Role if role is not Role.RESOLVER], random.randint(1, 3)
    )
    organisation = random.choice(organisations)
    return Actor(
        person_id=new_id(),
        person_name="Somebody",
        organisation_id=organisation,
        organisation_name="Some body",
        roles=frozenset(roles),
        purpose=purpose,
    )


def worker_at_random(random: Random, organisations: Sequence[int]) -> Actor:
    """Return somebody who works with records, for a policing purpose."""
    somebody = actor_at_random(random, organisations)
    return replace(
        somebody,
        organisation_id=random.choice(organisations),
        person_id=new_id(),
        roles=frozenset(random.sample(RECORD_ROLES, random.randint(1, 2))),
        purpose=random.choice(POLICING_PURPOSES),
    )


def read_by(actor: Actor) -> set[UUID]:
    """Return every record that PostgreSQL really gives this actor."""
    with acting(actor), connection.cursor() as cursor:
        cursor.execute(_READ)
        return {row[0] for row in cursor.fetchall()}


def pointed_out_to(actor: Actor, references: Sequence[str]) -> set[str]:
    """Return of which of these references PostgreSQL tells this actor who holds it."""
    with acting(actor), connection.cursor() as cursor:
        cursor.execute(_POINTED, [list(references)])
        return {row[0] for row in cursor.fetchall()}


@contextmanager
def superuser_of(url: str) -> Iterator[psycopg.Connection]:
    """Connect as PostgreSQL's superuser, whom no policy binds."""
    with psycopg.connect(url, autocommit=True) as superuser:
        yield superuser


def agree_at_random(random: Random, bodies: Sequence[str], *, reference: str) -> None:
    """Make an agreement of some of these bodies, start it, and let something become of it."""
    parties = random.sample(bodies, random.randint(2, min(4, len(bodies))))
    agreed = terms(reference, parties, form=AgreementKind.INFORMATION_SHARING)
    draft_agreement(SERVICE, terms=replace(agreed, sharing=_sharing(random)))
    starts = today() + timedelta(days=random.choice((-400, -30, -1, 0, 0, 1, 30)))
    lasts = random.choice((None, None, 1, 31, 500))
    ends = starts + timedelta(days=lasts) if lasts else None
    start_agreement(SERVICE, reference=reference, starts_on=starts, ends_on=ends)
    with suppress(AgreementsError):  # not everything can become of every agreement
        _become(random, reference, random.choice(parties))


def _sharing(random: Random) -> list[SharingTerms]:
    return [
        SharingTerms(
            kind=kind,
            level=random.choice((Level.FULL, Level.POINTER, Level.POINTER, Level.NONE)),
            lawful_basis="Data Protection Act 2018, section 35(2)(b)",
            assessment="DPIA-1",
            contact="Data protection officer, telephone 01632 960001",
            roles=random.sample(RECORD_ROLES, random.randint(1, 4)),
            purposes=random.sample(POLICING_PURPOSES, random.randint(1, 4)),
            with_fire=random.random() < 0.5,
        )
        for kind in random.sample(SHAREABLE_KINDS, random.randint(1, 12))
    ]


def _become(random: Random, reference: str, party: str) -> None:
    """Let notice be given, a party leave, an end come, or a new version take its place."""
    later = today() + timedelta(days=random.choice((0, 0, 1, 40)))
    what = random.choice(("nothing", "notice", "leave", "end", "vary", "vary and leave"))
    if what == "notice":
        give_notice(SERVICE, reference=reference, because="No use", ends_on=later)
    if what == "end":
        end_agreement(SERVICE, reference=reference, ends_on=later)
    if what.startswith("vary"):
        draft = vary(SERVICE, reference=reference)
        changed = replace(draft.terms, sharing=_sharing(random))
        save_draft(SERVICE, reference=reference, revision=draft.revision, terms=changed)
        start_agreement(SERVICE, reference=reference, starts_on=later)
    if what.endswith("leave"):
        leave(SERVICE, reference=reference, body=party, because="Elsewhere", leaves_on=later)
