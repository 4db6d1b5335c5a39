"""The journal: written in the operation's transaction, chained, anchored, and read by few."""

import json
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from uuid import UUID

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from pytest_django import DjangoDbBlocker

from concordat.audit.actions import record
from concordat.audit.errors import NotAllowedToReadJournal
from concordat.audit.models import JournalEntry
from concordat.audit.queries import recent, verify, who_looked
from concordat.audit.rules import Operation, Position, Subject
from concordat.base.acting import acting, sign
from concordat.base.actor import Actor, Purpose, Role
from concordat.base.ids import new_id
from concordat.organisations.queries import organisation
from concordat.server.database import SERVING
from tests.conftest import Server, pointed_at
from tests.world import SERVICE

DATABASE = "concordat_journal"
FAR_FUTURE = 4_000_000_000
ESSEX = 14


def write(action: str = "tests.write", *, subjects: int = 0, actor: Actor = SERVICE) -> Position:
    """Write one entry in its own transaction and return where it stands."""
    with acting(actor):
        return record(
            actor,
            operation=Operation.CONSULTATION,
            action=action,
            subjects=[Subject("event", new_id(), ESSEX) for _ in range(subjects)],
            details={"asked": "Invented Street", "shares": [0.5, 1]},
        )


def somebody(force: str, *roles: Role, purpose: Purpose = Purpose.INVESTIGATION) -> Actor:
    """Return a person of a force as an actor, without an account."""
    body = organisation(force)
    return Actor(
        person_id=new_id(),
        person_name=f"Somebody of {body.name}",
        organisation_id=body.id,
        organisation_name=body.name,
        roles=frozenset(roles or {Role.OFFICER}),
        purpose=purpose,
        reason="CR/1/26",
    )


def anchored(path: Path) -> list[tuple[int, int, str]]:
    """Return the lane, number and hash of each line of an anchor file."""
    if not path.exists():
        return []
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [(line["lane"], line["seq"], line["hash"]) for line in lines]


# ---- the chain holds --------------------------------------------------------------------------


def test_the_chain_holds_after_many_entries(own_database: str, anchor_file: Path) -> None:
    assert own_database
    for number in range(100):
        write(subjects=number % 4)
    found = verify(SERVICE)
    assert found.holds, found.problem
    assert found.anchors == 100
    assert len(anchored(anchor_file)) == 101  # verifying was journalled too


@pytest.mark.parametrize(("writers", "transactions"), [(8, 25), (16, 12)])
def test_many_may_write_at_the_same_time_without_breaking_the_chain_or_a_deadlock(
    own_database: str, anchor_file: Path, writers: int, transactions: int
) -> None:
    """Each transaction writes two entries, so that it holds a lane while it asks for another."""
    assert own_database
    ready = Barrier(writers)

    def work() -> list[Position]:
        written = []
        try:
            ready.wait()
            for _ in range(transactions):
                with acting(SERVICE):
                    written.append(write(subjects=1))
                    written.append(write(subjects=2))
        finally:
            connection.close()
        return written

    with ThreadPoolExecutor(writers) as pool:
        jobs = [pool.submit(work) for _ in range(writers)]
        written = [position for job in jobs for position in job.result()]
    assert len({(position.lane, position.seq) for position in written}) == len(written)
    assert len({position.lane for position in written}) > 1
    assert sorted(anchored(anchor_file)) == sorted((p.lane, p.seq, p.hash) for p in written)
    found = verify(SERVICE)
    assert found.holds, found.problem
    assert found.anchors == writers * transactions * 2


# ---- tampering is found -----------------------------------------------------------------------


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


# ---- the anchors outside ----------------------------------------------------------------------

_RECOMPUTE = """
DO $$
DECLARE
    entry public.audit_entry;
    before bytea;
BEGIN
    FOR entry IN SELECT * FROM audit_entry ORDER BY lane, seq LOOP
        IF entry.seq = 1 THEN
            before := sha256(convert_to('concordat journal lane ' || entry.lane, 'UTF8'));
        END IF;
        entry.hash := concordat.journal_digest(before, entry);
        UPDATE audit_entry SET previous_hash = before, hash = entry.hash WHERE id = entry.id;
        UPDATE audit_chain_head SET seq = entry.seq, hash = entry.hash WHERE lane = entry.lane;
        before := entry.hash;
    END LOOP;
END $$
"""


def test_a_whole_recomputed_chain_is_caught_by_the_anchors(
    server: Server, own_database: str
) -> None:
    written = [write(f"tests.write_{number}") for number in range(5)]
    with psycopg.connect(server.superuser_url(own_database)) as superuser:
        superuser.execute(
            "UPDATE audit_entry SET person_name = 'Nobody' WHERE id = %s", [written[2].entry_id]
        )
        superuser.execute(_RECOMPUTE)
    found = verify(SERVICE)
    assert not found.holds
    assert found.broken_entry == written[2].entry_id
    assert "differs from its anchor outside" in found.problem
    assert f"entry {written[2].seq} of lane {written[2].lane}" in found.problem


def test_a_last_entry_removed_together_with_the_head_is_caught_by_the_anchors(
    server: Server, own_database: str
) -> None:
    written = [write() for _ in range(3)]
    last = written[-1]
    with psycopg.connect(server.superuser_url(own_database)) as superuser:
        superuser.execute("DELETE FROM audit_entry WHERE id = %s", [last.entry_id])
        superuser.execute(_RECOMPUTE)
    assert verify(SERVICE).problem == (
        f"entry {last.seq} of lane {last.lane} is anchored outside but gone"
    )


def test_a_copy_of_the_anchors_kept_elsewhere_can_be_held_against_the_journal(
    own_database: str, anchor_file: Path, tmp_path: Path
) -> None:
    assert own_database
    write()
    elsewhere = tmp_path / "shipped elsewhere.jsonl"
    elsewhere.write_bytes(anchor_file.read_bytes() + b'{"lane": 1, "se')  # cut short by a crash
    anchor_file.unlink()
    found = verify(SERVICE, anchor_file=elsewhere)
    assert found.holds, found.problem
    assert found.anchors == 1


def test_an_auditor_of_one_force_verifies_the_entries_of_all(own_database: str) -> None:
    assert own_database
    auditor = somebody("essex", Role.AUDITOR)
    write(actor=somebody("kent"))
    found = verify(auditor)
    assert found.holds, found.problem
    assert found.anchors == 1


def test_an_anchor_is_written_when_the_entry_is_committed_and_not_before(
    own_database: str, anchor_file: Path
) -> None:
    assert own_database
    with acting(SERVICE):
        first, second = write(), write()
        assert anchored(anchor_file) == []
    assert anchored(anchor_file) == [(p.lane, p.seq, p.hash) for p in (first, second)]


def test_what_is_rolled_back_leaves_no_entry_and_no_anchor(
    own_database: str, anchor_file: Path
) -> None:
    assert own_database

    def undone() -> None:
        with acting(SERVICE):
            write("tests.undone")
            raise LookupError

    with pytest.raises(LookupError):
        undone()
    with acting(SERVICE):
        kept = write("tests.kept")
        with pytest.raises(LookupError):
            undone()  # an inner block: only it is undone
    assert anchored(anchor_file) == [(kept.lane, kept.seq, kept.hash)]
    with acting(SERVICE):
        assert not JournalEntry.objects.filter(action="tests.undone").exists()
    assert verify(SERVICE).holds


def test_an_anchor_file_that_cannot_be_written_fails_no_request_but_is_logged(
    own_database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert own_database
    monkeypatch.setattr(settings, "CONCORDAT_ANCHOR_FILE", str(tmp_path))  # a folder
    with caplog.at_level(logging.ERROR, logger="concordat.audit.actions"):
        written = write("tests.unanchored")
    assert "anchor could not be written" in caplog.text
    with acting(SERVICE):
        assert JournalEntry.objects.get(id=written.entry_id).action == "tests.unanchored"


# ---- who writes, who reads --------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO audit_entry DEFAULT VALUES",
        "UPDATE audit_entry SET reason = ''",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry CASCADE",
        "INSERT INTO audit_subject DEFAULT VALUES",
        "UPDATE audit_subject SET owner_id = 1",
        "DELETE FROM audit_subject",
        "UPDATE audit_chain_head SET seq = 0",
        "SELECT * FROM audit_chain_head",
        "ALTER TABLE audit_entry DISABLE ROW LEVEL SECURITY",
    ],
)
def test_the_serving_role_does_not_touch_the_journals_tables(
    server: Server, chained: tuple[str, Victim], statement: str
) -> None:
    assert chained
    token = sign(SERVICE, expires=FAR_FUTURE, key=settings.CONCORDAT_SIGNING_KEY)
    with psycopg.connect(server.url(DATABASE, SERVING), autocommit=True) as serving:
        serving.execute("SELECT set_config('concordat.actor', %s, false)", [token])
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            serving.execute(statement.encode())


@pytest.mark.django_db
def test_an_entry_names_who_really_acts_whatever_the_caller_says() -> None:
    kent = somebody("kent", Role.OFFICER, Role.SUPERVISOR, purpose=Purpose.SAFEGUARDING)
    pretended = somebody("essex", Role.AUDITOR, purpose=Purpose.AUDIT)
    with acting(kent):
        position = write(actor=kent)
        pretence = record(pretended, operation=Operation.ERASURE, action="tests.pretence")
    with acting(SERVICE):
        for entry_id in (position.entry_id, pretence.entry_id):
            entry = JournalEntry.objects.get(id=entry_id)
            assert entry.person_id == kent.person_id
            assert entry.organisation_id == kent.organisation_id
            assert entry.roles == ["officer", "supervisor"]
            assert entry.purpose == "safeguarding"


@pytest.mark.django_db
def test_nothing_is_journalled_without_an_actor() -> None:
    with pytest.raises(DatabaseError, match="no valid actor"), transaction.atomic():
        record(SERVICE, operation=Operation.ERASURE, action="tests.nobody")


@pytest.fixture
def seen_from_kent(db: None) -> UUID:
    """Let a Kent officer look at a record of Essex, and return that record's id."""
    assert db is None
    kent = somebody("kent")
    seen = new_id()
    with acting(kent):
        record(
            kent,
            operation=Operation.CONSULTATION,
            action="records.event",
            subjects=[Subject("event", seen, organisation("essex").id)],
        )
    return seen


def test_an_auditor_of_the_owning_force_sees_who_looked_from_another(
    seen_from_kent: UUID,
) -> None:
    (entry,) = who_looked(somebody("essex", Role.AUDITOR), subject_id=seen_from_kent)
    assert entry.person_name == "Somebody of Kent Police"
    assert entry.organisation_id == organisation("kent").id
    assert entry.purpose == Purpose.INVESTIGATION
    assert entry.reason == "CR/1/26"


def test_an_auditor_sees_what_staff_of_their_own_force_looked_at_elsewhere(
    seen_from_kent: UUID,
) -> None:
    (entry,) = who_looked(somebody("kent", Role.AUDITOR), subject_id=seen_from_kent)
    assert entry.action == "records.event"


def test_an_auditor_of_a_third_force_sees_nothing(seen_from_kent: UUID) -> None:
    auditor = somebody("norfolk", Role.AUDITOR)
    assert who_looked(auditor, subject_id=seen_from_kent) == []
    assert "records.event" not in {entry.action for entry in recent(auditor)}


def test_reading_who_looked_is_journalled_as_well(seen_from_kent: UUID) -> None:
    auditor = somebody("essex", Role.AUDITOR)
    who_looked(auditor, subject_id=seen_from_kent)
    newest, _ = who_looked(auditor, subject_id=seen_from_kent)
    assert newest.action == "audit.who_looked"
    assert newest.person_name == auditor.person_name


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.AUDITOR, Role.SYSTEM)])
def test_nobody_but_an_auditor_reads_the_journal(seen_from_kent: UUID, role: Role) -> None:
    reader = somebody("essex", role)
    with pytest.raises(NotAllowedToReadJournal, match="auditor"):
        who_looked(reader, subject_id=seen_from_kent)
    with pytest.raises(NotAllowedToReadJournal, match="auditor"):
        recent(reader)
    with pytest.raises(NotAllowedToReadJournal, match="auditor"):
        verify(reader)
    with acting(reader):
        assert not JournalEntry.objects.exists()
