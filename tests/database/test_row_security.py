"""What PostgreSQL's own catalogue says of the walls between forces."""

import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from concordat.access.rules import PROTECTED_KINDS, ProtectedKind, RecordKind
from concordat.server.database import BACKUP, OWNER, RESOLVER, SERVING
from tests.conftest import SHARED, Server

TABLES = [protected.table for protected in PROTECTED_KINDS]

CHANGEABLE = {
    "base_fact",  # whether it has been delivered
    "identity_cluster",  # derived: by the resolver alone
    "identity_feature",  # a record's current standard forms
    "identity_judgement",  # retired, and nothing else
    "identity_model",  # which of them is in use
    "identity_run",  # its progress
    "identity_run_facts",
    "agreements_agreement",  # drafted, proposed, ended; a trigger knows which steps there are
    "agreements_signatory",  # decided, by the signatory alone
    "agreements_register_row",  # corrected by its source
    "agreements_register_problem",  # settled
    "records_event",  # its current state; every state it had is a version
    "records_person",  # its current state; every state it had is a version
    "records_item",  # its current state; every state it had is a version
    "records_link",  # ended, and nothing else
    "records_draft",  # saved, handed over, submitted or discarded by its holder
    "records_numbering",  # the last number given
    "records_review",  # whether it is the last step
    "records_transfer",  # answered by the force it is offered to
    "records_disclosure",  # recalled by whom it came from, acknowledged by whom it reached
    "records_load",  # its progress
    "organisations_organisation",
    "organisations_serves",
    "organisations_figure",
    "organisations_district",
    "organisations_lsoa",
    "organisations_postcode_point",
    "organisations_person",
    "organisations_person_role",
    "organisations_credential",
    "tracing_watch",  # ended; which records of a person it has told of
    "tracing_watch_key",  # whether it still counts
    "tracing_alert",  # read
}
"""The domain's tables of which the serving role may change rows; all others only grow."""

COUNTED = ("person", "warning_marker", "item", "place")
"""What the resolver counts by owner and kind, beside events, for those who decide on agreements."""

NUMBERED = {
    "records_event_conflict_pkey",
    "records_person_conflict_pkey",
    "records_quarantine_pkey",
}
"""Keys that are numbers from a sequence: they give away how many rows there are, and no more."""

HARMLESS = {
    "concordat.actor_claims()",  # what the caller's own token says, if it is valid
    "concordat.readable_compartments()",  # what that token may read
    "concordat.recording_organisation()",  # in whose name it may log
    "concordat.writable_organisation()",  # whose rows it may write
}
"""SECURITY DEFINER functions that every role may call: without a token they say nothing."""


@pytest.fixture(scope="module")
def catalogue(server: Server, django_db_setup: None) -> Iterator[psycopg.Connection]:
    """Connect to a migrated database as the superuser, who sees the whole catalogue."""
    assert django_db_setup is None
    with psycopg.connect(server.superuser_url(SHARED), autocommit=True) as connection:
        yield connection


def _rows(catalogue: psycopg.Connection, query: str, *parameters: object) -> list[tuple[Any, ...]]:
    return catalogue.execute(query, parameters).fetchall()


def _names(catalogue: psycopg.Connection, query: str, *parameters: object) -> set[str]:
    return {str(row[0]) for row in _rows(catalogue, query, *parameters)}


def _domain_tables(catalogue: psycopg.Connection) -> set[str]:
    return _names(
        catalogue,
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
        "AND relkind IN ('r', 'p') AND relname !~ '^(django|procrastinate)_'",
    )


def _granted(catalogue: psycopg.Connection, privilege: str) -> set[str]:
    """Return the domain's tables on which the serving role has a privilege, columns included."""
    anything = "has_table_privilege" if privilege in ("DELETE", "TRUNCATE", "TRIGGER") else ""
    check = anything or "has_any_column_privilege"
    return {
        table
        for table in _domain_tables(catalogue)
        if _rows(catalogue, f"SELECT {check}(%s, %s, %s)", SERVING, table, privilege)[0][0]
    }


@pytest.mark.parametrize("protected", PROTECTED_KINDS, ids=lambda protected: protected.table)
def test_row_security_of_a_protected_table_is_enabled_and_forced(
    catalogue: psycopg.Connection, protected: ProtectedKind
) -> None:
    assert _rows(
        catalogue,
        "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = to_regclass(%s)",
        f"public.{protected.table}",
    ) == [(True, True)]


@pytest.mark.parametrize("protected", PROTECTED_KINDS, ids=lambda protected: protected.table)
def test_a_protected_table_always_says_who_owns_a_row_and_what_may_read_it(
    catalogue: psycopg.Connection, protected: ProtectedKind
) -> None:
    columns = _rows(
        catalogue,
        "SELECT attname, attnotnull FROM pg_attribute WHERE attrelid = to_regclass(%s) "
        "AND attname IN (%s, 'kind') ORDER BY attname DESC",
        protected.table,
        protected.owner_column,
    )
    assert columns == [(protected.owner_column, True), ("kind", True)]
    assert _rows(
        catalogue,
        "SELECT generation_expression FROM information_schema.columns "
        "WHERE table_name = %s AND column_name = 'compartment' AND is_generated = 'ALWAYS'",
        protected.table,
    ) == [(f"concordat.compartment({protected.owner_column}, kind)",)]


@pytest.mark.parametrize("table", TABLES)
def test_a_protected_table_has_one_policy_each_for_reading_inserting_and_updating(
    catalogue: psycopg.Connection, table: str
) -> None:
    policies = _rows(
        catalogue,
        "SELECT cmd, policyname FROM pg_policies WHERE tablename = %s AND %s = ANY (roles) "
        "ORDER BY cmd",
        table,
        SERVING,
    )
    assert policies == [
        ("INSERT", "owner_inserts"),
        ("SELECT", "read_what_is_shared"),
        ("UPDATE", "owner_updates"),
    ]


def test_no_policy_of_a_protected_table_is_for_everybody(catalogue: psycopg.Connection) -> None:
    others = _names(
        catalogue,
        "SELECT DISTINCT unnest(roles) FROM pg_policies WHERE tablename = ANY (%s)",
        TABLES,
    )
    assert others == {SERVING, RESOLVER}


def test_the_resolver_reads_keys_ends_of_links_and_what_it_counts_and_no_other_column(
    catalogue: psycopg.Connection,
) -> None:
    readable = _names(
        catalogue,
        "SELECT attrelid::regclass || '.' || attname FROM pg_attribute JOIN pg_class c "
        "ON c.oid = attrelid WHERE relnamespace = 'public'::regnamespace AND attnum > 0 "
        "AND relname = ANY (%s) AND has_column_privilege(%s, attrelid, attnum, 'SELECT')",
        TABLES,
        RESOLVER,
    )
    keys = ("id", "owner_id", "kind", "compartment", "reference", "source")
    ends = ("left_id", "left_compartment", "right_id", "right_compartment")
    said = ("owner_id", "recorded_at", "recorded_by", "ended_at")
    assert readable == {
        *(f"records_event.{column}" for column in keys),
        *(f"identity_key.{column}" for column in ("owner_id", "kind", "key")),
        *(f"records_link.{column}" for column in (*ends, *said)),
        *(f"records_{table}.{column}" for table in COUNTED for column in ("owner_id", "kind")),
    }


def test_every_table_with_an_owner_is_in_the_registry(catalogue: psycopg.Connection) -> None:
    owned = _names(
        catalogue,
        "SELECT table_name FROM information_schema.columns "
        "WHERE table_schema = 'public' AND column_name IN ('owner_id', 'compartment')",
    )
    assert {name for name in owned if not re.match("audit_|access_grant$", name)} == set(TABLES)


def test_every_record_kind_has_a_table() -> None:
    assert {kind for protected in PROTECTED_KINDS for kind in protected.kinds} == set(RecordKind)


def test_nobody_but_the_owner_and_the_backup_role_is_let_past_the_policies(
    catalogue: psycopg.Connection,
) -> None:
    roles = _rows(
        catalogue,
        "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles "
        "WHERE rolname LIKE 'concordat%%' ORDER BY rolname",
    )
    assert roles == [
        (SERVING, False, False),
        (BACKUP, False, True),
        (OWNER, False, False),
        (RESOLVER, False, False),
    ]


def test_the_serving_role_can_create_no_role_and_no_database(
    catalogue: psycopg.Connection,
) -> None:
    assert _rows(
        catalogue,
        "SELECT rolcreaterole, rolcreatedb, rolreplication FROM pg_roles WHERE rolname = %s",
        SERVING,
    ) == [(False, False, False)]


def test_the_serving_role_is_a_member_of_no_other_role(catalogue: psycopg.Connection) -> None:
    assert not _names(
        catalogue,
        "SELECT rolname FROM pg_roles WHERE rolname <> %s AND pg_has_role(%s, oid, 'MEMBER')",
        SERVING,
        SERVING,
    )


def test_the_serving_role_owns_nothing_that_lasts(catalogue: psycopg.Connection) -> None:
    # But for temporary tables, which each session has for itself. Databases of other tests are on
    # the same server: what is named there by number can be looked up only from there.
    assert not _rows(
        catalogue,
        "SELECT d.classid::regclass, d.objid FROM pg_shdepend d "
        "WHERE d.refobjid = %s::regrole AND d.deptype = 'o' AND d.dbid IN "
        "(0, (SELECT oid FROM pg_database WHERE datname = current_database())) AND NOT EXISTS "
        "(SELECT FROM pg_class c WHERE c.oid = d.objid AND c.relpersistence = 't')",
        SERVING,
    )


def test_the_serving_role_creates_nothing_in_any_lasting_schema(
    catalogue: psycopg.Connection,
) -> None:
    assert not _names(
        catalogue,
        "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_temp|^pg_toast' "
        "AND has_schema_privilege(%s, oid, 'CREATE')",
        SERVING,
    )
    assert _rows(
        catalogue, "SELECT has_database_privilege(%s, current_database(), 'CREATE')", SERVING
    ) == [(False,)]


@pytest.mark.parametrize("privilege", ["DELETE", "TRUNCATE", "TRIGGER", "REFERENCES"])
def test_the_serving_role_cannot_remove_or_hang_anything_on_a_table(
    catalogue: psycopg.Connection, privilege: str
) -> None:
    assert _granted(catalogue, privilege) == set()


def test_the_serving_role_updates_only_what_is_meant_to_change(
    catalogue: psycopg.Connection,
) -> None:
    assert _granted(catalogue, "UPDATE") == CHANGEABLE


def test_the_serving_role_writes_the_journal_only_through_its_function(
    catalogue: psycopg.Connection,
) -> None:
    assert not {name for name in _granted(catalogue, "INSERT") if name.startswith("audit_")}


def test_the_signing_key_and_the_heads_of_the_journal_are_out_of_reach(
    catalogue: psycopg.Connection,
) -> None:
    unreadable = _domain_tables(catalogue) - _granted(catalogue, "SELECT")
    assert unreadable == {"audit_chain_head", "base_signing_key"}


def test_of_all_roles_only_the_owner_and_the_backup_role_read_the_signing_key(
    catalogue: psycopg.Connection,
) -> None:
    assert _names(
        catalogue,
        "SELECT rolname FROM pg_roles WHERE NOT rolsuper AND rolname LIKE 'concordat%%' "
        "AND has_any_column_privilege(rolname, 'base_signing_key', 'SELECT')",
    ) <= {OWNER, BACKUP}


@pytest.mark.parametrize("table", TABLES)
def test_unique_keys_begin_with_the_owner_or_are_random(
    catalogue: psycopg.Connection, table: str
) -> None:
    keys = _rows(
        catalogue,
        "SELECT i.indexrelid::regclass::text, array_agg(a.attname || ' ' || t.typname "
        "ORDER BY k.place) FROM pg_index i "
        "CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place) "
        "JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum "
        "JOIN pg_type t ON t.oid = a.atttypid "
        "WHERE i.indrelid = to_regclass(%s) AND i.indisunique GROUP BY 1",
        table,
    )
    assert keys
    telling = {
        name
        for name, columns in keys
        if not columns[0].startswith("owner_id ") and columns != ["id uuid"]
    }
    assert telling <= NUMBERED


def test_functions_with_the_rights_of_their_owner_look_nothing_up_on_the_callers_path(
    catalogue: psycopg.Connection,
) -> None:
    paths = _rows(
        catalogue,
        "SELECT p.oid::regprocedure::text, proconfig FROM pg_proc p "
        "WHERE prosecdef AND pronamespace IN ('public'::regnamespace, 'concordat'::regnamespace)",
    )
    assert len(paths) >= len(HARMLESS)
    assert {tuple(config or ()) for _, config in paths} == {("search_path=pg_catalog, pg_temp",)}


def test_functions_with_the_rights_of_their_owner_are_not_for_everybody(
    catalogue: psycopg.Connection,
) -> None:
    open_to_all = _names(
        catalogue,
        "SELECT p.oid::regprocedure FROM pg_proc p WHERE prosecdef "
        "AND pronamespace IN ('public'::regnamespace, 'concordat'::regnamespace) "
        "AND EXISTS (SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner))) AS acl "
        "            WHERE acl.grantee = 0 AND acl.privilege_type = 'EXECUTE')",
    )
    assert open_to_all == HARMLESS


def test_no_view_reads_protected_tables_with_the_rights_of_its_owner(
    catalogue: psycopg.Connection,
) -> None:
    assert not _names(
        catalogue,
        "SELECT relname FROM pg_class WHERE relkind IN ('v', 'm') "
        "AND relnamespace IN ('public'::regnamespace, 'concordat'::regnamespace)",
    )
