"""The database of an installation: its roles, its schema, its signing key.

Four roles: the owner migrates; `concordat_app` serves and is bound by every row policy;
`concordat_backup` reads all of it for backups; `concordat_resolver` can't sign in and reads the few
columns that pointer look-ups need.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from concordat.base.acting import signing_pads
from concordat.server import configuration

MINIMUM_VERSION = 15
OWNER, SERVING, BACKUP, RESOLVER = (
    "concordat_owner",
    "concordat_app",
    "concordat_backup",
    "concordat_resolver",
)

_PROVISIONING_LOCK = 0x636F6E63  # "conc": two commands never provision at the same time

_FOR_A_SUPERUSER = """\
The owner of the schema may not create roles. Let a superuser do it once, with passwords of your own
that CONCORDAT_SERVING_URL and CONCORDAT_BACKUP_URL then name:
  CREATE ROLE concordat_app LOGIN PASSWORD '…';
  CREATE ROLE concordat_backup LOGIN BYPASSRLS PASSWORD '…';
  CREATE ROLE concordat_resolver NOLOGIN;
  GRANT concordat_resolver TO <the schema's owner>;"""

_AFTER_MIGRATING = """
GRANT USAGE ON SCHEMA public, concordat TO concordat_app, concordat_backup, concordat_resolver;
GRANT SELECT, INSERT, UPDATE, DELETE ON django_session TO concordat_app;
GRANT SELECT ON django_migrations TO concordat_app;
GRANT SELECT, INSERT, UPDATE ON organisations_organisation, organisations_serves,
    organisations_figure, organisations_district, organisations_lsoa, organisations_postcode_point,
    organisations_person, organisations_person_role TO concordat_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON procrastinate_jobs, procrastinate_events,
    procrastinate_periodic_defers, procrastinate_workers TO concordat_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO concordat_app;
REVOKE ALL ON audit_chain_head, base_signing_key FROM concordat_app;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO concordat_backup;
GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO concordat_backup;
GRANT CREATE ON SCHEMA concordat TO concordat_resolver;
ALTER FUNCTION concordat.event_pointers(text) OWNER TO concordat_resolver;
ALTER FUNCTION concordat.person_pointers(bigint[]) OWNER TO concordat_resolver;
ALTER FUNCTION concordat.link_stubs(uuid) OWNER TO concordat_resolver;
ALTER FUNCTION concordat.count_of(integer[], smallint[]) OWNER TO concordat_resolver;
GRANT EXECUTE ON FUNCTION concordat.count_of(integer[], smallint[]) TO CURRENT_USER;
REVOKE CREATE ON SCHEMA concordat FROM concordat_resolver;
"""


class DatabaseProblem(Exception):
    """The database can't be used as it is; the message says what to do."""


def as_role(url: str, role: str) -> str:
    """Return the URL of the same database for one of the service's own roles."""
    parts = urlsplit(url)
    place = f"{parts.hostname or 'localhost'}:{parts.port or 5432}"
    login = f"{quote(role)}:{quote(configuration.role_password(role))}"
    return urlunsplit((parts.scheme, f"{login}@{place}", parts.path, parts.query, ""))


@contextmanager
def connected(url: str) -> Iterator[psycopg.Connection]:
    """Connect, committing each statement. Raises DatabaseProblem if the server can't be reached."""
    try:
        connection = psycopg.connect(url, autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as problem:
        raise DatabaseProblem(
            f"PostgreSQL can’t be reached: {str(problem).strip().splitlines()[-1]}. Check "
            "CONCORDAT_DATABASE_URL and that the server runs."
        ) from problem
    with connection:
        yield connection


def provision_roles(admin_url: str, *, owner_of: str | None = None) -> None:
    """Make the service's roles, and the database `owner_of` with its owner if it is given.

    Needs a superuser, or a role that may create roles; the backup role needs BYPASSRLS, which
    only a superuser can give. Raises DatabaseProblem with the SQL that a superuser can run instead.
    """
    with connected(admin_url) as connection:
        _check_version(connection)
        connection.execute("SELECT pg_advisory_lock(%s)", [_PROVISIONING_LOCK])
        try:
            _ensure_role(connection, SERVING, "LOGIN NOBYPASSRLS", ours=bool(owner_of))
            _ensure_role(connection, RESOLVER, "NOLOGIN NOBYPASSRLS", ours=bool(owner_of))
        except psycopg.errors.InsufficientPrivilege as problem:
            raise DatabaseProblem(_FOR_A_SUPERUSER) from problem
        try:
            _ensure_role(connection, BACKUP, "LOGIN BYPASSRLS", ours=bool(owner_of))
        except psycopg.errors.InsufficientPrivilege:
            _ensure_role(connection, BACKUP, "LOGIN", ours=bool(owner_of))
        if owner_of:
            _ensure_role(connection, OWNER, "LOGIN NOBYPASSRLS CREATEROLE", ours=True)
            connection.execute(f"GRANT {RESOLVER} TO {OWNER}")
            _ensure_database(connection, owner_of)
        else:
            connection.execute(f"GRANT {RESOLVER} TO CURRENT_USER")


def after_migrating(owner_url: str) -> None:
    """Give the roles their rights and put the signing key of this installation in its place."""
    inner, outer = signing_pads(configuration.derived_key("actor tokens"))
    with connected(owner_url) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_PROVISIONING_LOCK])
        connection.execute(_AFTER_MIGRATING)
        connection.execute(
            "INSERT INTO base_signing_key VALUES (1, %s, %s) ON CONFLICT (id) DO UPDATE "
            "SET inner_pad = EXCLUDED.inner_pad, outer_pad = EXCLUDED.outer_pad",
            [inner, outer],
        )


def signing_key_is_current(owner_url: str) -> bool:
    """Whether the database verifies the tokens that this installation's secret signs."""
    inner, outer = signing_pads(configuration.derived_key("actor tokens"))
    with connected(owner_url) as connection:
        kept = connection.execute("SELECT inner_pad, outer_pad FROM base_signing_key").fetchone()
    return kept is not None and (bytes(kept[0]), bytes(kept[1])) == (inner, outer)


def missing_roles(owner_url: str) -> list[str]:
    """Return the service's own roles that the server lacks."""
    with connected(owner_url) as connection:
        _check_version(connection)
        rows = connection.execute("SELECT rolname FROM pg_roles").fetchall()
    return [role for role in (SERVING, BACKUP, RESOLVER) if (role,) not in rows]


def _check_version(connection: psycopg.Connection) -> None:
    version = connection.info.server_version // 10_000
    if version < MINIMUM_VERSION:
        raise DatabaseProblem(
            f"The server is PostgreSQL {version}; Concordat needs {MINIMUM_VERSION} or later."
        )


def _ensure_role(connection: psycopg.Connection, role: str, attributes: str, *, ours: bool) -> None:
    """Make a role; on a server of `ours` bring an existing one up to date, elsewhere leave it."""
    exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    if exists and not ours:
        return
    verb = "ALTER" if exists else "CREATE"
    statement = sql.SQL("{} ROLE {} WITH {} PASSWORD {}").format(
        sql.SQL(verb),
        sql.Identifier(role),
        sql.SQL(attributes),
        sql.Literal(configuration.role_password(role) if "NOLOGIN" not in attributes else None),
    )
    connection.execute(statement)


def _ensure_database(connection: psycopg.Connection, name: str) -> None:
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(
                sql.Identifier(name), sql.Identifier(OWNER)
            )
        )
