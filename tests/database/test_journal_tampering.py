"""Whatever a superuser changes in the journal, verification names the entry or its lane.

The tampering happens in a transaction of the superuser's that is rolled back, with triggers and
policies out of force.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from pytest_django import DjangoDbBlocker

from concordat.base.acting import sign
from concordat.base.ids import new_id
from tests.conftest import Server, pointed_at
from tests.database.journal import FAR_FUTURE, write
from tests.world import SERVICE

DATABASE = "concordat_journal"


@dataclass(frozen=True)
class Victim:
    """An entry with three subjects in the middle of the longest lane, and its neighbours."""

    lane: int
    seq: int
    id: UUID
    following_id: UUID
    last_seq: int


@pytest.fixture(scope="module")
def chained(
    server: Server, template: str, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[str, Victim]]:
    """Make a database with a journal of several lanes; tests change it and roll back."""
    server.create(DATABASE, template=template)
    url = server.superuser_url(DATABASE)
    with django_db_blocker.unblock(), pointed_at(server, DATABASE):
        for _ in range(3):
            for _ in range(9):
                write(subjects=3)
            connection.close()  # the next connection has a lane of its own
    with psycopg.connect(url) as superuser:
        lanes = superuser.execute(
            "SELECT lane, array_agg(id ORDER BY seq) FROM audit_entry GROUP BY lane "
            "ORDER BY count(*) DESC LIMIT 1"
        ).fetchone()
    assert lanes is not None
    lane, ids = lanes
    middle = len(ids) // 2
    yield url, Victim(lane, middle + 1, ids[middle], ids[middle + 1], len(ids))
    server.drop(DATABASE)


@pytest.fixture
def superuser(chained: tuple[str, Victim]) -> Iterator[psycopg.Connection]:
    """Open a transaction of the superuser, whom no trigger and no policy stops; rolled back."""
    token = sign(SERVICE, expires=FAR_FUTURE, key=settings.CONCORDAT_SIGNING_KEY)
    with psycopg.connect(chained[0]) as superuser:
        superuser.execute("SET LOCAL session_replication_role = replica")
        superuser.execute("SELECT set_config('concordat.actor', %s, true)", [token])
        yield superuser
        superuser.rollback()


@pytest.fixture
def victim(chained: tuple[str, Victim]) -> Victim:
    """Return the entry that is tampered with."""
    return chained[1]


def broken(superuser: psycopg.Connection) -> tuple[UUID | None, str]:
    """Return the entry that verification names, and what it says of it."""
    row = superuser.execute("SELECT broken, problem FROM concordat.journal_verify()").fetchone()
    assert row is not None
    return row[0], row[1]


ALTERED_ENTRY = {
    "id": "gen_random_uuid()",
    "recorded_at": "recorded_at + interval '1 microsecond'",
    "lane": "99",
    "seq": "seq + 1000",
    "operation": "'disclosure'",
    "action": "action || ' '",
    "person_id": "gen_random_uuid()",
    "person_name": "'Somebody Else'",
    "organisation_id": "organisation_id + 1",
    "roles": "roles || 'auditor'::text",
    "purpose": "'audit'",
    "reason": "'another reason'",
    "details": """details || '{"asked": "Another Street"}'""",
    "subjects": "subjects - 0",
    "previous_hash": "sha256(previous_hash)",
    "hash": "sha256(hash)",
}
"""What each column of an entry is changed to."""

ALTERED_SUBJECT = {
    "id": "id + 1000000",
    "kind": "'place'",
    "subject_id": "gen_random_uuid()",
    "owner_id": "owner_id + 1",
    "organisation_id": "organisation_id + 1",
}
"""What each column of an entry's first subject is changed to."""


@pytest.mark.parametrize(
    ("table", "altered"),
    [("audit_entry", ALTERED_ENTRY), ("audit_subject", {**ALTERED_SUBJECT, "entry_id": ""})],
    ids=["entry", "subject"],
)
def test_every_column_of_the_journal_is_tampered_with_below(
    superuser: psycopg.Connection, table: str, altered: dict[str, str]
) -> None:
    query = "SELECT column_name FROM information_schema.columns WHERE table_name = %s"
    assert {row[0] for row in superuser.execute(query, [table])} == set(altered)


def test_an_untouched_journal_has_nothing_broken(superuser: psycopg.Connection) -> None:
    assert broken(superuser) == (None, "")


@pytest.mark.parametrize("column", ALTERED_ENTRY)
def test_altering_any_column_of_an_entry_names_that_entry(
    superuser: psycopg.Connection, victim: Victim, column: str
) -> None:
    changed = superuser.execute(
        f"UPDATE audit_entry SET {column} = {ALTERED_ENTRY[column]} WHERE id = %s "
        "RETURNING id, lane, seq".encode(),
        [victim.id],
    ).fetchone()
    assert changed is not None
    named, problem = broken(superuser)
    assert named == changed[0]
    assert f"entry {changed[2]} of lane {changed[1]}" in problem


@pytest.mark.parametrize("column", ALTERED_SUBJECT)
def test_altering_any_column_of_a_subject_names_its_entry(
    superuser: psycopg.Connection, victim: Victim, column: str
) -> None:
    superuser.execute(
        f"UPDATE audit_subject SET {column} = {ALTERED_SUBJECT[column]} "
        "WHERE id = (SELECT min(id) FROM audit_subject WHERE entry_id = %s)".encode(),
        [victim.id],
    )
    named, problem = broken(superuser)
    assert named == victim.id
    assert problem == f"the subjects of entry {victim.seq} of lane {victim.lane} were altered"


SUBJECTS_TAMPERED = {
    "deleting one": "DELETE FROM audit_subject WHERE id = (SELECT min(id) FROM of_victim)",
    "deleting all": "DELETE FROM audit_subject WHERE id IN (SELECT id FROM of_victim)",
    "swapping two": (
        "UPDATE audit_subject s SET subject_id = o.subject_id FROM of_victim o "
        "WHERE s.entry_id = o.entry_id AND s.id <> o.id "
        "AND s.id <> (SELECT max(id) FROM of_victim) AND o.id <> (SELECT max(id) FROM of_victim)"
    ),
    "moving one to the next entry": (
        "UPDATE audit_subject SET entry_id = %(following)s "
        "WHERE id = (SELECT min(id) FROM of_victim)"
    ),
    "repeating one": (
        "INSERT INTO audit_subject (entry_id, kind, subject_id, owner_id, organisation_id) "
        "SELECT entry_id, kind, subject_id, owner_id, organisation_id FROM of_victim LIMIT 1"
    ),
    "adding one": (
        "INSERT INTO audit_subject (entry_id, kind, subject_id, owner_id, organisation_id) "
        "SELECT entry_id, kind, gen_random_uuid(), owner_id, organisation_id "
        "FROM of_victim LIMIT 1"
    ),
}


@pytest.mark.parametrize("tampering", SUBJECTS_TAMPERED)
def test_tampering_with_an_entrys_subjects_names_that_entry(
    superuser: psycopg.Connection, victim: Victim, tampering: str
) -> None:
    changed = superuser.execute(
        "WITH of_victim AS (SELECT * FROM audit_subject WHERE entry_id = %(victim)s) "
        f"{SUBJECTS_TAMPERED[tampering]}".encode(),
        {"victim": victim.id, "following": victim.following_id},
    )
    assert changed.rowcount > 0
    named, problem = broken(superuser)
    assert named == victim.id
    assert problem == f"the subjects of entry {victim.seq} of lane {victim.lane} were altered"


def test_removing_an_entry_from_the_middle_names_the_one_that_followed(
    superuser: psycopg.Connection, victim: Victim
) -> None:
    superuser.execute("DELETE FROM audit_subject WHERE entry_id = %s", [victim.id])
    superuser.execute("DELETE FROM audit_entry WHERE id = %s", [victim.id])
    named, problem = broken(superuser)
    assert named == victim.following_id
    assert f"entry {victim.seq + 1} of lane {victim.lane} does not follow" in problem
    assert "removed" in problem


def test_removing_an_entry_and_renumbering_the_rest_names_the_first_renumbered(
    superuser: psycopg.Connection, victim: Victim
) -> None:
    superuser.execute("DELETE FROM audit_subject WHERE entry_id = %s", [victim.id])
    superuser.execute("DELETE FROM audit_entry WHERE id = %s", [victim.id])
    for seq in range(victim.seq + 1, victim.last_seq + 1):
        superuser.execute(
            "UPDATE audit_entry SET seq = seq - 1 WHERE lane = %s AND seq = %s", [victim.lane, seq]
        )
    named, problem = broken(superuser)
    assert named == victim.following_id
    assert f"entry {victim.seq} of lane {victim.lane} does not continue" in problem


@pytest.mark.parametrize("how_many", [1, 3, None])
def test_removing_the_last_entries_names_their_lane(
    superuser: psycopg.Connection, victim: Victim, how_many: int | None
) -> None:
    kept = 0 if how_many is None else victim.last_seq - how_many
    superuser.execute("DELETE FROM audit_entry WHERE lane = %s AND seq > %s", [victim.lane, kept])
    assert broken(superuser) == (
        None,
        f"lane {victim.lane} ends before its head: its last entries were removed",
    )


def test_swapping_two_entries_names_the_first(
    superuser: psycopg.Connection, victim: Victim
) -> None:
    for old, new in ((victim.seq, 0), (victim.seq + 1, victim.seq), (0, victim.seq + 1)):
        superuser.execute(
            "UPDATE audit_entry SET seq = %s WHERE lane = %s AND seq = %s", [new, victim.lane, old]
        )
    named, problem = broken(superuser)
    assert named == victim.id
    assert f"lane {victim.lane}" in problem


def _forge(superuser: psycopg.Connection, lane: int, seq: int) -> UUID:
    """Insert an entry that continues the lane with a right hash, and return its id."""
    forged = new_id()
    superuser.execute(
        "INSERT INTO audit_entry SELECT (e).* FROM ("
        "  SELECT jsonb_populate_record(last, jsonb_build_object('id', %s::uuid, 'seq', %s,"
        "    'person_name', 'Nobody', 'subjects', '[]'::jsonb)) AS e"
        "  FROM audit_entry last WHERE lane = %s ORDER BY seq DESC LIMIT 1) AS made",
        [forged, seq, lane],
    )
    superuser.execute(
        "UPDATE audit_entry e SET previous_hash = b.hash, "
        "recorded_at = b.recorded_at + interval '1 s' FROM audit_entry b "
        "WHERE e.id = %s AND b.lane = e.lane AND b.seq = %s",
        [forged, seq - 1],
    )
    superuser.execute(
        "UPDATE audit_entry e SET hash = concordat.journal_digest(previous_hash, e) WHERE id = %s",
        [forged],
    )
    return forged


def test_a_forged_entry_at_the_end_names_its_lane(
    superuser: psycopg.Connection, victim: Victim
) -> None:
    _forge(superuser, victim.lane, victim.last_seq + 1)
    _, problem = broken(superuser)
    assert f"lane {victim.lane} " in problem


def test_a_forged_entry_in_the_middle_names_the_one_after_it(
    superuser: psycopg.Connection, victim: Victim
) -> None:
    superuser.execute(
        "UPDATE audit_entry SET seq = seq + 1000 WHERE lane = %s AND seq >= %s",
        [victim.lane, victim.seq],
    )
    superuser.execute(
        "UPDATE audit_entry SET seq = seq - 999 WHERE lane = %s AND seq >= 1000", [victim.lane]
    )
    _forge(superuser, victim.lane, victim.seq)
    named, problem = broken(superuser)
    assert named == victim.id
    assert f"lane {victim.lane}" in problem
