"""Alerts by real workers: within two seconds, and exactly once though one is killed in between."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connection, connections
from procrastinate.contrib.django import app

from concordat.access.rules import RecordKind
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.base.outbox import Fact, deliver, is_under_way
from concordat.records.actions import LOGGED, log_event
from concordat.server.tasks import HANDLERS, free_abandoned, free_deliveries
from concordat.tracing.queries import inbox, unread
from tests.database.watching import HALE, MARK, logged, sighting, the_person, the_thing, watched
from tests.world import SERVICE, agreement_in_force, person

PATIENCE = 60

AT_ONCE = 25
"""Seconds in which a worker starts and delivers, without waiting for a heartbeat to be missed."""

STOPPING = """
import sys

import django

django.setup()

from concordat.server import tasks
from concordat.tracing import handlers

moment = sys.argv[1]


def stop():
    print("now", flush=True)
    sys.stdin.read()


def on_logged(fact):
    if moment == "before":
        stop()
    handlers.on_logged(fact)
    stop()


tasks.HANDLERS = {**tasks.HANDLERS, handlers.LOGGED: (on_logged,)}
tasks.run_worker()
"""
"""A worker that stops before or after it tells whoever watches, and waits to be killed."""


@pytest.fixture
def watchers(own_database: str) -> tuple[Actor, Actor]:
    """Somebody of Essex who watches a car and its driver, and somebody of Kent."""
    assert own_database
    agreement_in_force("A", ["essex", "kent"])
    essex, kent = person("essex"), person("kent")
    report = logged(essex, sighting(who=HALE, what=MARK))
    watched(essex, RecordKind.VEHICLE, the_thing(report))
    watched(essex, RecordKind.PERSON, the_person(report))
    return essex, kent


@pytest.mark.parametrize(("moment", "told"), [("before", 0), ("after", 1)])
def test_a_worker_killed_in_the_middle_of_telling_tells_exactly_once(
    watchers: tuple[Actor, Actor], moment: str, told: int
) -> None:
    essex, kent = watchers
    log_and_kill(kent, moment)
    assert unread(essex) == told
    assert undelivered()
    assert under_way() == 1  # by name: it bars all deliveries that follow

    began = time.monotonic()
    with worker():
        until(lambda: not undelivered())
    assert time.monotonic() - began < AT_ONCE
    assert unread(essex) == 1
    assert len(inbox(essex).alerts) == 1


def test_an_alert_comes_within_two_seconds_of_what_is_logged(
    watchers: tuple[Actor, Actor],
) -> None:
    essex, kent = watchers
    with worker():
        log_event(kent, report=sighting(who=HALE, what=MARK))
        until(lambda: unread(essex) == 2)  # it is up: one for each watch
        for count, report in (
            (3, sighting(what=MARK)),
            (4, sighting(who=HALE)),  # nobody knows yet who this is
        ):
            log_event(kent, report=report)
            began = time.monotonic()
            until(lambda wanted=count: unread(essex) == wanted)  # type: ignore[misc]
            assert time.monotonic() - began < 2.0


def test_what_a_worker_that_died_had_begun_is_given_back_to_those_that_live(
    watchers: tuple[Actor, Actor],
) -> None:
    essex, kent = watchers
    log_and_kill(kent, "before")
    with acting(SERVICE), connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 h'")
    with ThreadPoolExecutor(1) as elsewhere:  # browser tests leave an event loop in this thread
        elsewhere.submit(asyncio.run, give_back()).result()
    assert under_way() == 0
    assert deliver(HANDLERS) == 1
    assert unread(essex) == 1


async def give_back() -> None:
    """Do what the worker does every minute."""
    with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
        async with app.open_async():
            await free_abandoned(0)


def test_what_is_under_way_is_not_given_back(watchers: tuple[Actor, Actor]) -> None:
    _, kent = watchers
    log_and_kill(kent, "before")
    freed: list[int] = []
    with ThreadPoolExecutor(1) as elsewhere:

        def freeing(_: Fact) -> None:
            freed.append(elsewhere.submit(free_and_close).result())

        assert deliver({LOGGED: (freeing,)})
    assert freed == [0]
    assert free_deliveries() == 1
    assert free_deliveries() == 0


def free_and_close() -> int:
    """Free deliveries as another process would, over a connection of its own."""
    try:
        return free_deliveries()
    finally:
        connections.close_all()


def log_and_kill(kent: Actor, moment: str) -> None:
    """Log what is watched, and kill -9 the worker at this moment of its telling."""
    command = [sys.executable, "-W", "ignore", "-c", STOPPING, moment]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "concordat.server.settings"}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as stopping:
        try:
            log_event(kent, report=sighting(what=MARK))
            assert stopping.stdout is not None
            assert stopping.stdout.readline() == "now\n"
        finally:
            stopping.kill()
    until(lambda: not is_under_way())  # PostgreSQL has seen that it is gone


@contextmanager
def worker() -> Iterator[None]:
    """Run the command `concordat worker` while the block does."""
    command = [sys.executable, "-m", "concordat.server.main", "worker"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.kill()


def under_way() -> int:
    """Return how many jobs are being done, as far as their names on the list tell."""
    with acting(SERVICE), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'")
        return int(cursor.fetchone()[0])


def undelivered() -> int:
    """Return how many facts wait."""
    with acting(SERVICE), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM base_fact WHERE delivered_at IS NULL")
        return int(cursor.fetchone()[0])


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.02)  # between two looks at another process
