"""The journal: written in the operation's transaction, chained, anchored, and read by few."""

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from uuid import UUID

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from concordat.audit.actions import record
from concordat.audit.errors import NotAllowedToReadJournal
from concordat.audit.models import JournalEntry
from concordat.audit.queries import recent, verify, who_looked
from concordat.audit.rules import Operation, Position, Subject
from concordat.base.acting import acting, sign
from concordat.base.actor import PERSONAL_ROLES, Actor, Purpose, Role
from concordat.base.ids import new_id
from concordat.organisations.queries import organisation
from concordat.server.database import SERVING
from tests.conftest import SHARED, Server
from tests.database.journal import FAR_FUTURE, write
from tests.world import SERVICE


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
    server: Server, django_db_setup: None, statement: str
) -> None:
    assert django_db_setup is None
    token = sign(SERVICE, expires=FAR_FUTURE, key=settings.CONCORDAT_SIGNING_KEY)
    with psycopg.connect(server.url(SHARED, SERVING), autocommit=True) as serving:
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


@pytest.mark.parametrize("role", sorted(set(PERSONAL_ROLES) - {Role.AUDITOR}))
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
