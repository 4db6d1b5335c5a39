"""Raw SQL against what is logged: an officer writes for their own force, and decides nothing."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from psycopg import errors
from pytest_django import DjangoDbBlocker

from concordat.access.rules import RecordKind
from concordat.base.ids import new_id
from tests.conftest import Server
from tests.database.attacked import TABLES, World, attacked, everything, plant, token

WATCHING = ("tracing_watch", "tracing_watch_key", "tracing_alert")
"""Tables of which everybody reads their own rows."""

NOT_LOGGED = (
    "records_event_conflict",
    "records_person_conflict",
    "records_load_file",
    "records_quarantine",
    "identity_judgement",
    "records_transfer",
    "tracing_alert",
)
"""Tables that an officer writes no row of: what comes from files, and what others decide."""

FROM_FILES = (
    "records_event",
    "records_event_version",
    "records_person",
    "records_person_version",
    "records_warning_marker",
)
"""Tables of which an officer writes what they log, and nothing that claims to be from a file."""


@pytest.fixture(scope="module")
def world(
    server: Server,
    template: str,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    """Make the database that is attacked."""
    with (
        django_db_blocker.unblock(),
        attacked(server, template, tmp_path_factory.mktemp("hostile")) as world,
    ):
        yield world


@pytest.mark.parametrize("table", WATCHING)
def test_what_somebody_watches_and_was_told_is_their_own(world: World, table: str) -> None:
    colleague = replace(world.essex, person_id=new_id())
    with world.connected(token(colleague)) as connection:
        assert everything(connection, table) == []
    with world.connected(token(world.essex)) as connection:
        assert len(everything(connection, table)) == world.count(table, world.essex_id)


@pytest.mark.parametrize("table", NOT_LOGGED)
def test_an_officer_inserts_nothing_that_is_not_theirs_to_record(world: World, table: str) -> None:
    with (
        world.connected(token(world.essex)) as connection,
        pytest.raises(errors.InsufficientPrivilege, match="row-level security"),
    ):
        plant(connection, table, world.essex_id)


@pytest.mark.parametrize("table", sorted({*TABLES} - {*NOT_LOGGED}))
def test_an_officer_records_for_their_own_force_what_claims_no_file(
    world: World, table: str
) -> None:
    logged = "copied.load_file_id IS NULL" if table in FROM_FILES else "true"
    with world.connected(token(world.essex)) as connection:
        with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
            plant(connection, table, world.kent_id, condition=logged)
        with pytest.raises(errors.UniqueViolation):  # it passes the policy, but is there
            plant(connection, table, world.essex_id, condition=logged)


@pytest.mark.parametrize("table", FROM_FILES)
def test_an_officer_writes_nothing_that_claims_to_be_from_a_file(world: World, table: str) -> None:
    with (
        world.connected(token(world.essex)) as connection,
        pytest.raises(errors.InsufficientPrivilege, match="row-level security"),
    ):
        plant(connection, table, world.essex_id, condition="copied.load_file_id IS NOT NULL")


def test_an_officer_changes_no_event_that_came_from_a_file(world: World) -> None:
    change = "UPDATE records_event SET outcome = outcome WHERE owner_id = %s AND source <> %s"
    with world.connected(token(world.essex)) as connection:
        assert connection.execute(change, [world.essex_id, "concordat"]).rowcount == 0


def test_an_officer_ties_nothing_that_they_may_not_read(world: World) -> None:
    hidden = str(world.norfolk_id * 100 + RecordKind.PERSON)
    link = (
        "INSERT INTO records_link (id, owner_id, kind, left_kind, left_id, left_compartment, "
        "right_kind, right_id, right_compartment, reason, stated_by, confidence, assessment, "
        "recorded_at, recorded_by, ended_by, ended_because) VALUES (gen_random_uuid(), %s, 92, 4, "
        "gen_random_uuid(), %s, 4, gen_random_uuid(), %s, 'sibling', '', 'high', false, now(), "
        "'', '', '')"
    )
    own = str(world.essex_id * 100 + RecordKind.PERSON)
    with world.connected(token(world.essex)) as connection:
        connection.execute(link, [world.essex_id, own, own])
        for ends in ([own, hidden], [hidden, own]):
            with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
                connection.execute(link, [world.essex_id, *ends])
        connection.execute("UPDATE records_link SET ended_at = now(), ended_by = 'x' "
                           "WHERE reason = 'sibling'")  # fmt: skip


def test_an_officer_decides_nothing_that_is_for_supervisors(world: World) -> None:
    approve = (
        "INSERT INTO records_review (owner_id, kind, event_id, event_compartment, number, state, "
        'note, by_id, by, to_id, "to", recorded_by_id, recorded_by, at, is_current) '
        "SELECT owner_id, kind, event_id, event_compartment, 99, 'approved', '', NULL, '', NULL, "
        "'', NULL, '', now(), false FROM records_review WHERE owner_id = %s LIMIT 1"
    )
    with world.connected(token(world.essex)) as connection:
        with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
            connection.execute(approve, [world.essex_id])
        answer = "UPDATE records_transfer SET state = 'declined', answered_at = now()"
        assert connection.execute(answer).rowcount == 0


def test_nobody_reads_the_draft_of_a_colleague(world: World) -> None:
    colleague = replace(world.essex, person_id=new_id())
    with world.connected(token(colleague)) as connection:
        assert everything(connection, "records_draft") == []
