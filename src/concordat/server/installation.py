"""Opening an installation: its database running, its schema current, Django pointed at it.

Every command goes through here. With the embedded server all of it happens by itself; another
server is migrated only when its administrator says `concordat migrate`.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from concordat.base.actor import Actor
from concordat.organisations.actions import load_reference
from concordat.server import configuration
from concordat.server.database import (
    BACKUP,
    OWNER,
    SERVING,
    DatabaseProblem,
    after_migrating,
    as_role,
    missing_roles,
    provision_roles,
    signing_key_is_current,
)
from concordat.server.embedded import EmbeddedPostgres
from concordat.server.settings import database as database_settings

DATABASE_NAME = "concordat"

Say = Callable[[str], None]


@contextmanager
def opened(*, migrated: bool = True, say: Say = lambda _: None) -> Iterator[None]:
    """Run the block with the installation's database at hand and Django pointed at it.

    With `migrated` the schema is brought up to date first where the server is the embedded one,
    and checked where it isn't. Raises DatabaseProblem or EmbeddedPostgresError, saying what to do.
    """
    embedded = uses_embedded_server()
    with ExitStack() as stack:
        if embedded:
            stack.enter_context(_embedded_server())
        if "CONCORDAT_DATABASE_URL" in os.environ:
            _name_roles(os.environ["CONCORDAT_DATABASE_URL"])
            _point("owner", os.environ["CONCORDAT_DATABASE_URL"])
        _point("default", os.environ["CONCORDAT_SERVING_URL"])
        stack.callback(connections.close_all)
        if migrated and "CONCORDAT_DATABASE_URL" in os.environ:
            _bring_up_to_date(embedded=embedded, say=say)
        yield


def _bring_up_to_date(*, embedded: bool, say: Say) -> None:
    """Migrate the embedded database if it lacks anything; of another one, say what it lacks."""
    if pending():
        if not embedded:
            raise DatabaseProblem(
                "The database’s schema is not up to date: run `concordat migrate` first."
            )
        migrate(say=say)
    elif not signing_key_is_current(os.environ["CONCORDAT_DATABASE_URL"]):
        if not embedded:
            raise DatabaseProblem(
                "The secret key has changed, so the database trusts nobody: run `concordat "
                "migrate`, which gives it the new one, or bring the old secret back."
            )
        migrate(say=say)


def uses_embedded_server() -> bool:
    """Whether the installation's database is the embedded one: no variable names another."""
    return not {"CONCORDAT_DATABASE_URL", "CONCORDAT_SERVING_URL"} & os.environ.keys()


def pending() -> list[str]:
    """Return the names of the migrations that the database still lacks."""
    executor = MigrationExecutor(connections["owner"])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def migrate(*, say: Say = lambda _: None) -> list[str]:
    """Bring the schema, the roles' rights, the key and the reference files up to date.

    Returns the names of the migrations that were applied.
    """
    url = os.environ.get("CONCORDAT_DATABASE_URL")
    if url is None:
        raise DatabaseProblem("Migrating needs CONCORDAT_DATABASE_URL, as the schema’s owner.")
    if missing_roles(url):
        provision_roles(url)
    applied = pending()
    say("Preparing the database …")
    call_command("migrate", database="owner", verbosity=0, interactive=False)
    after_migrating(url)
    load_reference(Actor.service(reason="concordat migrate"))
    return applied


@contextmanager
def _embedded_server() -> Iterator[None]:
    configuration.secret_key(create=True)
    with EmbeddedPostgres(configuration.home()) as address:
        provision_roles(address.url("postgres"), owner_of=DATABASE_NAME)
        os.environ["CONCORDAT_DATABASE_URL"] = as_role(address.url(DATABASE_NAME), OWNER)
        try:
            yield
        finally:
            for name in ("DATABASE", "SERVING", "BACKUP"):
                os.environ.pop(f"CONCORDAT_{name}_URL", None)


def _name_roles(owner_url: str) -> None:
    os.environ.setdefault("CONCORDAT_SERVING_URL", as_role(owner_url, SERVING))
    os.environ.setdefault("CONCORDAT_BACKUP_URL", as_role(owner_url, BACKUP))


def _point(alias: str, url: str) -> None:
    connections[alias].close()
    connections.databases[alias].update(database_settings(url))
    connections[alias].settings_dict.update(
        {k: v for k, v in database_settings(url).items() if k != "ENGINE"}
    )
