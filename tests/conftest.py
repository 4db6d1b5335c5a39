"""Fixtures for every test: a real PostgreSQL, its schema, and databases made from it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql
from pytest_django import DjangoDbBlocker
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from concordat.base.actor import Actor
from concordat.organisations.actions import load_reference
from concordat.server import configuration
from concordat.server.database import (
    BACKUP,
    OWNER,
    SERVING,
    after_migrating,
    as_role,
    provision_roles,
)
from concordat.server.embedded import EmbeddedPostgres
from concordat.server.settings import database as database_settings
from tests.environment import HOME

_PLACE = ("HOST", "PORT", "NAME", "USER", "PASSWORD")

TEMPLATE = "concordat_template"
SHARED = "concordat_shared"


_BROWSER = "tests/browser/"
_WITHOUT_THE_WORLD = ("test_demo_process.py", "test_linking_report.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the tests with a browser come first: together they take longest."""
    items.sort(key=lambda item: not item.nodeid.startswith(_BROWSER))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Spread the tests over the processes of a run by the worlds that they share."""
    return ByWorld(config, log)


class ByWorld(LoadScopeScheduling):  # type: ignore[misc] # xdist tells no types
    """Keeps in one process what shares a world: each file, and all tests of the sample world."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        shares = file.startswith(_BROWSER) and not file.endswith(_WITHOUT_THE_WORLD)
        return _BROWSER if shares else file


@dataclass(frozen=True)
class Server:
    """The PostgreSQL of this test run. URLs are of a database by name, for one role."""

    admin_url: str

    def url(self, database: str, role: str) -> str:
        """Return the URL of a database for one of the service's own roles."""
        return as_role(self.admin_url.rsplit("/", 1)[0] + f"/{database}", role)

    def superuser_url(self, database: str) -> str:
        """Return the URL of a database for PostgreSQL's superuser, whom no policy binds."""
        return self.admin_url.rsplit("/", 1)[0] + f"/{database}"

    def execute(self, statement: sql.Composed) -> None:
        """Run one statement on the server as its superuser."""
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            connection.execute(statement)

    def create(self, name: str, *, template: str | None = None) -> None:
        """Make a database, empty or as a copy of another."""
        self.drop(name)
        statement = sql.SQL("CREATE DATABASE {} OWNER {}")
        parts = [sql.Identifier(name), sql.Identifier(OWNER)]
        if template:
            statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY FILE_COPY")
            parts.append(sql.Identifier(template))
        self.execute(statement.format(*parts))

    def drop(self, name: str) -> None:
        """Remove a database, whoever is connected."""
        self.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )


@contextmanager
def pointed_at(server: Server, database: str) -> Iterator[None]:
    """Let Django's connections and the environment mean this database while the block runs."""
    urls = {
        "default": server.url(database, SERVING),
        "owner": server.url(database, OWNER),
    }
    before = {alias: dict(connections[alias].settings_dict) for alias in urls}
    variables = {
        "CONCORDAT_SERVING_URL": urls["default"],
        "CONCORDAT_DATABASE_URL": urls["owner"],
        "CONCORDAT_BACKUP_URL": server.url(database, BACKUP),
    }
    outside = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    for alias, url in urls.items():
        connections[alias].close()
        place = {key: value for key, value in database_settings(url).items() if key in _PLACE}
        connections[alias].settings_dict.update(place)
    try:
        yield
    finally:
        for alias, saved in before.items():
            connections[alias].close()
            connections[alias].settings_dict.update(saved)
        for name, value in outside.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server of this test run alone, with the service's roles."""
    with EmbeddedPostgres(HOME, durable=False) as address:
        admin_url = address.url("postgres")
        provision_roles(admin_url, owner_of=TEMPLATE)
        yield Server(admin_url)
    EmbeddedPostgres(HOME, durable=False).destroy()


@pytest.fixture(scope="session")
def template(server: Server, django_db_blocker: DjangoDbBlocker) -> str:
    """The name of a migrated database with the reference files, to be copied, never used."""
    with django_db_blocker.unblock(), pointed_at(server, TEMPLATE):
        call_command("migrate", database="owner", verbosity=0, interactive=False)
        after_migrating(server.url(TEMPLATE, OWNER))
        load_reference(Actor.service(reason="tests"))
    return TEMPLATE


@pytest.fixture(scope="session")
def django_db_setup(
    server: Server, template: str, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """What `db` stands on: one shared database in which every test's work is rolled back."""
    server.create(SHARED, template=template)
    with django_db_blocker.unblock(), pointed_at(server, SHARED):
        yield


@pytest.fixture
def own_database(
    server: Server, template: str, django_db_blocker: DjangoDbBlocker
) -> Iterator[str]:
    """A database of this test alone, for what commits: threads, commands, restarts. Its name."""
    name = "concordat_own"
    server.create(name, template=template)
    with django_db_blocker.unblock(), pointed_at(server, name):
        yield name
    server.drop(name)


@pytest.fixture(autouse=True)
def anchor_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The journal's anchors of this test alone."""
    path = tmp_path / "anchors.jsonl"
    monkeypatch.setattr(settings, "CONCORDAT_ANCHOR_FILE", str(path))
    monkeypatch.setattr(configuration, "anchor_file", lambda: path)
    return path
