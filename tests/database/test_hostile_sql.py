"""Raw SQL as the serving role, as an attacker inside the application would send it.

What remains visible and is accepted: the planner's estimates (EXPLAIN, `pg_class.reltuples`) and
the sequences tell roughly how many rows a table has, of all forces together.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import psycopg
import pytest
from django.db import connection as served
from psycopg import errors, sql
from pytest_django import DjangoDbBlocker

from concordat.access.rules import PROTECTED_KINDS, SHAREABLE_KINDS, ProtectedKind, RecordKind
from concordat.base.acting import acting
from concordat.base.actor import Purpose, Role
from concordat.server.database import BACKUP, OWNER, RESOLVER, SERVING
from tests.conftest import Server, pointed_at
from tests.database.attacked import DATABASE, TABLES, World, attacked, everything, plant, token
from tests.world import SERVICE

ANOTHER_KEY = b"the key of another installation."
SHARED = frozenset(kind.value for kind in (*SHAREABLE_KINDS, RecordKind.JUDGEMENT, RecordKind.LINK))
"""The kinds of which Essex reads Kent's rows: judgements and links are read with both records."""

WATCHING = ("tracing_watch", "tracing_watch_key", "tracing_alert")
"""Tables of which everybody reads their own rows, and the service looks up whom to tell."""

KEPT_BY_FORCES = [table for table in TABLES if table not in WATCHING]


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


def _forged(token: str, place: int, value: str) -> str:
    parts = token.split("|")
    parts[place] = value
    return "|".join(parts)


def _later() -> str:
    return str(int(time.time()) + 9_999)


FALSE_TOKENS: Mapping[str, Callable[[str, World], str | None]] = {
    "none": lambda _, __: None,
    "empty": lambda _, __: "",
    "garbage": lambda _, __: "' OR true --",
    "only separators": lambda _, __: "|||||",
    "too few parts": lambda valid, _: valid.rpartition("|")[0],
    "too many parts": lambda valid, _: f"{valid}|{valid.rpartition('|')[2]}",
    "no signature": lambda valid, _: _forged(valid, 5, ""),
    "another person": lambda valid, _: _forged(valid, 0, ""),
    "another organisation": lambda valid, world: _forged(valid, 1, str(world.kent_id)),
    "another role": lambda valid, _: _forged(valid, 2, "officer,system"),
    "another purpose": lambda valid, _: _forged(valid, 3, "safeguarding"),
    "a later expiry": lambda valid, _: _forged(valid, 4, _later()),
    "claims moved over a separator": lambda valid, _: valid.replace("|officer|", "officer||", 1),
    "signature in capitals": lambda valid, _: _forged(valid, 5, valid.rpartition("|")[2].upper()),
    "another installation's key": lambda _, world: token(world.essex, key=ANOTHER_KEY),
    "an empty key": lambda _, world: token(world.essex, key=b"\0"),
    "expired": lambda _, world: token(world.essex, seconds=-1),
}
"""Tokens that must be worth nothing, made from a valid one or anew."""


def _false_token(name: str, world: World) -> str | None:
    return FALSE_TOKENS[name](token(world.essex), world)


def test_every_force_has_rows_in_every_protected_table(world: World) -> None:
    for table in TABLES:
        for force in (world.essex_id, world.kent_id, world.norfolk_id):
            assert world.count(table, force) > 0


@pytest.mark.parametrize("name", FALSE_TOKENS)
def test_without_a_valid_token_no_protected_row_is_read(world: World, name: str) -> None:
    with world.connected(_false_token(name, world)) as connection:
        for table in TABLES:
            assert everything(connection, table) == []


@pytest.mark.parametrize("name", FALSE_TOKENS)
@pytest.mark.parametrize("table", ["access_grant", "agreements_agreement", "audit_entry"])
def test_without_a_valid_token_neither_agreements_nor_the_journal_are_read(
    world: World, name: str, table: str
) -> None:
    with world.connected(_false_token(name, world)) as connection:
        count = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
        assert connection.execute(count).fetchone() == (0,)


@pytest.mark.parametrize("name", FALSE_TOKENS)
def test_without_a_valid_token_nothing_is_written_and_nothing_journalled(
    world: World, name: str
) -> None:
    with world.connected(_false_token(name, world)) as connection:
        with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
            plant(connection, "records_load_file", world.essex_id)
        with pytest.raises(errors.RaiseException, match="no valid actor"):
            connection.execute(
                "SELECT concordat.journal(gen_random_uuid(), 'erasure', 'x', 'x', '', '{}', '[]')"
            )


@pytest.mark.parametrize("protected", PROTECTED_KINDS, ids=lambda protected: protected.table)
def test_an_officer_reads_what_their_force_owns_and_what_is_granted_and_no_more(
    world: World, protected: ProtectedKind
) -> None:
    expected = {
        world.essex_id: world.count(protected.table, world.essex_id),
        world.kent_id: world.count(protected.table, world.kent_id, SHARED),
        world.norfolk_id: 0,
    }
    with world.connected(token(world.essex)) as connection:
        owners = [owner for owner, _ in everything(connection, protected.table)]
    assert {force: owners.count(force) for force in expected} == expected
    assert len(owners) == sum(expected.values())


@pytest.mark.parametrize("table", TABLES)
def test_a_purpose_that_no_clause_names_opens_nothing_of_another_force(
    world: World, table: str
) -> None:
    actor = replace(world.essex, purpose=Purpose.QUALITY)
    with world.connected(token(actor)) as connection:
        owners = [owner for owner, _ in everything(connection, table)]
    assert owners == [world.essex_id] * world.count(table, world.essex_id)


@pytest.mark.parametrize(
    "role", [Role.AUDITOR, Role.ADMINISTRATOR, Role.PROGRAMME, Role.FINANCE, Role.RESOURCE_MANAGER]
)
def test_a_role_that_does_not_work_with_records_reads_none(world: World, role: Role) -> None:
    actor = replace(world.essex, roles=frozenset({role}))
    with world.connected(token(actor)) as connection:
        assert not any(everything(connection, table) for table in KEPT_BY_FORCES)


def test_the_service_acting_for_nobody_reads_no_record(world: World) -> None:
    with world.connected(token(SERVICE)) as connection:
        assert not any(everything(connection, table) for table in KEPT_BY_FORCES)


@pytest.mark.parametrize("table", KEPT_BY_FORCES)
def test_the_service_acting_for_a_force_reads_that_forces_rows_alone(
    world: World, table: str
) -> None:
    actor = SERVICE.acting_for(world.norfolk_id, "Norfolk Constabulary")
    with world.connected(token(actor)) as connection:
        owners = [owner for owner, _ in everything(connection, table)]
    assert owners == [world.norfolk_id] * world.count(table, world.norfolk_id)


@pytest.mark.parametrize("table", TABLES)
def test_nobody_inserts_a_row_that_another_force_would_own(world: World, table: str) -> None:
    roles = {Role.OFFICER, Role.DATA_QUALITY, Role.SUPERVISOR}
    recorder = replace(world.essex, roles=frozenset(roles))
    with world.connected(token(recorder)) as connection:
        with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
            plant(connection, table, world.kent_id)
        if table == "tracing_alert":  # only the service writes those
            return
        with pytest.raises(errors.UniqueViolation):  # its own passes the policy, but is there
            plant(connection, table, world.essex_id)


def test_a_visible_row_of_another_force_cannot_be_changed(world: World) -> None:
    recorder = replace(world.essex, roles=frozenset({Role.OFFICER, Role.DATA_QUALITY}))
    with world.connected(token(recorder)) as connection:
        change = "UPDATE records_event SET outcome = outcome WHERE owner_id = %s"
        own = world.count("records_event", world.essex_id)
        assert connection.execute(change, [world.essex_id]).rowcount == own
        assert connection.execute(change, [world.kent_id]).rowcount == 0


def test_a_row_cannot_be_given_to_another_force_nor_taken_by_a_conflicting_key(
    world: World,
) -> None:
    recorder = replace(world.essex, roles=frozenset({Role.OFFICER, Role.DATA_QUALITY}))
    with world.connected(token(recorder)) as connection:
        with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
            connection.execute(
                "UPDATE records_event SET owner_id = %s WHERE owner_id = %s",
                [world.kent_id, world.essex_id],
            )
        with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
            connection.execute(
                "INSERT INTO records_event (id, source, reference, version, in_conflict, owner_id, "
                "kind, category, outcome, occurred_from, occurred_until, precision, details, "
                "content, load_file_id, line, recorded_at) "
                "SELECT id, source, reference, version, in_conflict, %s, kind, category, outcome, "
                "occurred_from, occurred_until, precision, details, content, load_file_id, line, "
                "recorded_at FROM records_event WHERE owner_id = %s "
                "ON CONFLICT (id) DO UPDATE SET owner_id = EXCLUDED.owner_id",
                [world.essex_id, world.kent_id],
            )


def test_a_row_cannot_slip_among_another_forces_by_a_number_that_is_no_kind(world: World) -> None:
    """Owner and kind make one number, the compartment: kind 101 of one would be 1 of the next."""
    recorder = replace(world.essex, roles=frozenset({Role.OFFICER, Role.DATA_QUALITY}))
    with world.connected(token(recorder)) as connection:
        for kind in (0, -1, 100, 101):
            with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
                connection.execute("UPDATE records_event SET kind = %s", [kind])


CURRENT = {
    "records_event",
    "records_person",
    "records_item",
    "records_draft",
    "identity_feature",
}
"""Tables that hold what is true now; what was true before is kept beside them."""

APPEND_ONLY = [table for table in TABLES if table not in CURRENT]


@pytest.mark.parametrize("table", [*APPEND_ONLY, "audit_entry", "audit_subject"])
def test_what_is_append_only_cannot_be_updated(world: World, table: str) -> None:
    statement = sql.SQL("UPDATE {} SET owner_id = owner_id")
    if table == "audit_entry":
        statement = sql.SQL("UPDATE {} SET person_name = 'nobody'")
    with (
        world.connected(token(SERVICE)) as connection,
        pytest.raises(errors.InsufficientPrivilege, match="permission denied"),
    ):
        connection.execute(statement.format(sql.Identifier(table)))


@pytest.mark.parametrize("verb", ["DELETE FROM", "TRUNCATE"])
@pytest.mark.parametrize("table", [*TABLES, "access_grant", "agreements_agreement", "audit_entry"])
def test_nothing_can_be_deleted(world: World, table: str, verb: str) -> None:
    with (
        world.connected(token(SERVICE)) as connection,
        pytest.raises(errors.InsufficientPrivilege, match="permission denied"),
    ):
        connection.execute(sql.SQL(f"{verb} {{}}").format(sql.Identifier(table)))


def test_an_officer_cannot_write_a_grant_or_an_agreement(world: World) -> None:
    grant = (
        "INSERT INTO access_grant (id, agreement_id, agreement_version, clause, owner_id, "
        "recipient_id, kind, level, roles, purposes, valid) VALUES (gen_random_uuid(), "
        "gen_random_uuid(), 1, 1, %s, %s, 1, 'full', '{officer}', '{investigation}', "
        "tstzrange(now() - interval '1 day', NULL))"
    )
    agreement = (
        "INSERT INTO agreements_agreement (id, reference, version, title, kind, purpose, "
        "functions, state, created_at, terms, revision, digest, party_ids, round) VALUES "
        "(gen_random_uuid(), 'X', 1, 'x', 'section_22a', 'x', '{}', 'draft', now(), '{}', 1, '', "
        "'{}', 0)"
    )
    with world.connected(token(world.essex)) as connection:
        change = "UPDATE access_grant SET valid = tstzrange(NULL, NULL), recipient_id = owner_id"
        with pytest.raises(errors.InsufficientPrivilege, match="permission denied"):
            connection.execute(grant, [world.norfolk_id, world.essex_id])
        with pytest.raises(errors.InsufficientPrivilege, match="permission denied"):
            connection.execute(change)
        with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
            connection.execute(agreement)
        change = "UPDATE agreements_agreement SET state = 'draft', starts_on = NULL, ends_on = NULL"
        assert connection.execute(change).rowcount == 0


def test_an_officer_neither_writes_the_journals_tables_nor_reads_them(world: World) -> None:
    with world.connected(token(world.essex)) as connection:
        for table in ("audit_entry", "audit_subject"):
            name = sql.Identifier(table)
            count = sql.SQL("SELECT count(*) FROM {}").format(name)
            assert connection.execute(count).fetchone() == (0,)
            with pytest.raises(errors.InsufficientPrivilege, match="permission denied"):
                connection.execute(sql.SQL("INSERT INTO {} DEFAULT VALUES").format(name))
        with pytest.raises(errors.RaiseException, match="role of auditor"):
            connection.execute("SELECT concordat.journal_verify()")


def test_an_entry_written_by_injected_sql_still_names_who_really_acted(world: World) -> None:
    with world.connected(token(world.essex)) as connection:
        connection.execute(
            "SELECT concordat.journal(%s, 'consultation', 'x', 'Somebody Else', '', '{}', '[]')",
            ["00000000-0000-7000-8000-000000000001"],
        )
    with psycopg.connect(world.server.superuser_url(DATABASE)) as superuser:
        entry = superuser.execute(
            "SELECT person_id, organisation_id, roles FROM audit_entry WHERE id = %s",
            ["00000000-0000-7000-8000-000000000001"],
        ).fetchone()
    assert entry == (world.essex.person_id, world.essex_id, ["officer"])


_CLAIM_EVERYTHING = (
    "FUNCTION {}.actor_claims() RETURNS text[] LANGUAGE sql "
    "AS $$ SELECT ARRAY['', '14', 'officer', 'investigation'] $$"
)
_SPYING_TRIGGER = (
    "CREATE TRIGGER spy BEFORE INSERT ON records_event "
    "EXECUTE FUNCTION procrastinate_unlink_periodic_defers_v1()"
)

ATTEMPTS = (
    *(f"SET ROLE {role}" for role in (OWNER, BACKUP, RESOLVER, "postgres", "pg_read_all_data")),
    *(f"SET SESSION AUTHORIZATION {role}" for role in (OWNER, BACKUP, "postgres")),
    "SET session_replication_role = replica",
    "ALTER ROLE concordat_app BYPASSRLS",
    "ALTER ROLE concordat_app SUPERUSER",
    "GRANT concordat_backup TO concordat_app",
    "CREATE ROLE accomplice BYPASSRLS",
    "ALTER TABLE records_event DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE records_event NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE records_event OWNER TO concordat_app",
    "CREATE POLICY all_of_it ON records_event USING (true)",
    "ALTER POLICY read_what_is_shared ON records_event USING (true)",
    "DROP POLICY read_what_is_shared ON records_event",
    _SPYING_TRIGGER,
    "CREATE INDEX spy ON records_event (category)",
    "CREATE TABLE public.loot AS SELECT 1",
    "CREATE VIEW public.spy AS SELECT * FROM records_event",
    "CREATE SCHEMA loot",
    "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE FUNCTION concordat.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    f"CREATE OR REPLACE {_CLAIM_EVERYTHING.format('concordat')}",
    "ALTER FUNCTION concordat.actor_claims() SECURITY INVOKER",
    "CREATE FUNCTION pg_temp.f(text) RETURNS bool LANGUAGE sql LEAKPROOF AS 'SELECT true'",
    "CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE internal AS 'pg_backend_pid'",
    "SELECT * FROM base_signing_key",
    "SELECT * FROM audit_chain_head",
    "UPDATE base_signing_key SET inner_pad = ''",
    "UPDATE audit_chain_head SET seq = 0",
    "SELECT setval('audit_subject_id_seq', 1)",
    "COPY records_event TO PROGRAM 'cat'",
    "COPY records_event TO '/tmp/loot'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_read_file('postgresql.conf')",
    "SELECT rolpassword FROM pg_authid",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres'",
)


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_the_serving_role_cannot_raise_itself(world: World, attempt: str) -> None:
    with (
        world.connected(token(SERVICE)) as connection,
        pytest.raises(errors.InsufficientPrivilege),
    ):
        connection.execute(attempt.encode())


@pytest.mark.parametrize("table", TABLES)
def test_switching_row_security_off_is_an_error_and_not_a_way_in(world: World, table: str) -> None:
    with world.connected(token(world.essex)) as connection:
        connection.execute("SET row_security = off")
        with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
            everything(connection, table)


def test_look_alikes_in_the_temporary_schema_deceive_no_policy(world: World) -> None:
    with world.connected(token(world.essex, key=ANOTHER_KEY)) as connection:
        for statement in (
            "CREATE TEMPORARY TABLE base_signing_key (id int, inner_pad bytea, outer_pad bytea)",
            "CREATE TEMPORARY TABLE access_grant (owner_id int, recipient_id int)",
            f"CREATE {_CLAIM_EVERYTHING.format('pg_temp')}",
            "CREATE FUNCTION pg_temp.sha256(bytea) RETURNS bytea LANGUAGE sql AS 'SELECT $1'",
            "CREATE FUNCTION pg_temp.encode(bytea, text) RETURNS text LANGUAGE sql AS 'SELECT $2'",
            "SET search_path = pg_temp, concordat, public, pg_catalog",
        ):
            connection.execute(statement.encode())
        for table in TABLES:
            query = sql.SQL("SELECT * FROM public.{}").format(sql.Identifier(table))
            assert connection.execute(query).fetchall() == []


def test_a_cheap_talkative_function_is_shown_no_hidden_row(world: World) -> None:
    heard: list[str] = []
    with world.connected(token(world.essex)) as connection:
        connection.add_notice_handler(lambda notice: heard.append(notice.message_primary or ""))
        connection.execute(
            "CREATE FUNCTION pg_temp.tell(owner integer, category text) RETURNS boolean "
            "LANGUAGE plpgsql COST 0.0000001 AS "
            "$$ BEGIN RAISE NOTICE 'told % %', owner, category; RETURN true; END $$"
        )
        connection.execute("SELECT * FROM records_event WHERE pg_temp.tell(owner_id, category)")
    owners = {int(message.split()[1]) for message in heard if message.startswith("told ")}
    assert owners == {world.essex_id, world.kent_id}


@pytest.mark.parametrize(
    ("category", "is_hidden"),
    [("Told by essex", False), ("Told by kent", False), ("Told by norfolk", True)],
)
def test_an_error_provoked_by_a_rows_content_tells_nothing_of_hidden_rows(
    world: World, *, category: str, is_hidden: bool
) -> None:
    probe = (
        "SELECT count(*) FROM records_event "
        "WHERE 1 / (CASE WHEN category = %s THEN 0 ELSE 1 END) = 1"
    )
    with world.connected(token(world.essex)) as connection:
        if is_hidden:
            connection.execute(probe, [category])
        else:
            with pytest.raises(errors.DivisionByZero):
                connection.execute(probe, [category])


def test_the_planners_statistics_show_no_value_of_a_protected_table(world: World) -> None:
    with psycopg.connect(world.server.superuser_url(DATABASE), autocommit=True) as superuser:
        superuser.execute("ANALYZE")
        query = "SELECT count(*) FROM pg_stats WHERE tablename = ANY (%s)"
        gathered = superuser.execute(query, [TABLES]).fetchone()
        assert gathered != (0,)
    with world.connected(token(world.essex)) as connection:
        assert connection.execute(query, [TABLES]).fetchone() == (0,)


def test_a_token_never_stands_in_the_text_of_a_statement(
    world: World, django_db_blocker: DjangoDbBlocker
) -> None:
    """Sessions of one role see each other's statements, and could borrow what stands in them."""
    with (
        django_db_blocker.unblock(),
        pointed_at(world.server, DATABASE),
        acting(world.essex),
        world.connected() as spy,
    ):
        served.ensure_connection()
        seen = spy.execute(
            "SELECT query FROM pg_stat_activity WHERE usename = %s AND pid <> pg_backend_pid() "
            "AND query LIKE '%%concordat.actor%%'",
            [SERVING],
        ).fetchall()
    assert seen
    assert not [query for (query,) in seen if str(world.essex.person_id) in query]
