"""Opening an installation: its database running, its schema current, Django set up.

Every command goes through here. With the embedded server all of it happens by itself; another
server is migrated only when its administrator says `concordat migrate`.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import django
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from concordat.server import configuration
from concordat.server.database import (
    BACKUP,
    OWNER,
    SERVING,
    DatabaseProblem,
    after_migrating,
    as_role,
    provision_roles,
)
from concordat.server.embedded import EmbeddedPostgres

DATABASE_NAME = "concordat"

Say = Callable[[str], None]


@contextmanager
def opened(*, migrated: bool = True, say: Say = lambda _: None) -> Iterator[None]:
    """Run the block with the installation's database at hand and Django set up.

    With `migrated` the schema is brought up to date first where the server is the embedded one,
    and checked where it isn't. Raises DatabaseProblem or EmbeddedPostgresError, saying what to do.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "concordat.server.settings")
    configuration.secret_key(create=True)
    with ExitStack() as stack:
        embedded = "CONCORDAT_DATABASE_URL" not in os.environ
        if embedded and "CONCORDAT_SERVING_URL" not in os.environ:
            stack.enter_context(_embedded_server())
        elif not embedded:
            _name_roles(os.environ["CONCORDAT_DATABASE_URL"])
        django.setup()
        if migrated and "CONCORDAT_DATABASE_URL" in os.environ:
            if pending():
                if not embedded:
                    raise DatabaseProblem(
                        "The database’s schema is not up to date: run `concordat migrate` first."
                    )
                migrate(say=say)
        try:
            yield
        finally:
            connections.close_all()


def pending() -> list[str]:
    """Return the names of the migrations that the database still lacks."""
    executor = MigrationExecutor(connections["owner"])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def migrate(*, say: Say = lambda _: None) -> list[str]:
    """Bring the schema, the roles' rights, the key and the reference files up to date."""
    from concordat.base.actor import Actor  # noqa: PLC0415 (Django must be set up first)
    from concordat.organisations.actions import load_reference  # noqa: PLC0415

    url = os.environ["CONCORDAT_DATABASE_URL"]
    if "CONCORDAT_EMBEDDED" not in os.environ:
        provision_roles(url)
    applied = pending()
    say("Preparing the database …")
    call_command("migrate", database="owner", verbosity=0, interactive=False)
    after_migrating(url)
    load_reference(Actor.service(reason="concordat migrate"))
    return applied


@contextmanager
def _embedded_server() -> Iterator[None]:
    server = EmbeddedPostgres(configuration.home())
    with server as address:
        admin = address.url("postgres")
        owner = as_role(address.url(DATABASE_NAME), OWNER)
        provision_roles(admin, owner_of=DATABASE_NAME)
        inherited = {
            "CONCORDAT_DATABASE_URL": owner,
            "CONCORDAT_EMBEDDED": "1",
        }
        os.environ.update(inherited)
        _name_roles(owner)
        try:
            yield
        finally:
            for name in (*inherited, "CONCORDAT_SERVING_URL", "CONCORDAT_BACKUP_URL"):
                os.environ.pop(name, None)


def _name_roles(owner_url: str) -> None:
    os.environ.setdefault("CONCORDAT_SERVING_URL", as_role(owner_url, SERVING))
    os.environ.setdefault("CONCORDAT_BACKUP_URL", as_role(owner_url, BACKUP))
