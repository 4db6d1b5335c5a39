"""The outbox: facts live and die with the transaction that put them, and reach their handlers."""

import asyncio
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, connections, transaction
from procrastinate.contrib.django import app

from concordat.base.acting import acting
from concordat.base.actor import Actor, Role
from concordat.base.outbox import Fact, NotYet, deliver, put
from concordat.identity import handlers
from concordat.identity.actions import observing, resolve_pending, resolving
from concordat.identity.queries import identity_of, progress
from concordat.server.tasks import HANDLERS
from tests.database.identities import ROBERT, recorded, recorded_all
from tests.world import SERVICE, agreement_in_force, person


@pytest.mark.django_db
def test_a_fact_reaches_each_of_its_handlers_once_and_in_order() -> None:
    heard: list[tuple[str, int]] = []

    def first(fact: Fact) -> None:
        heard.append(("first", fact.body["number"]))

    def second(fact: Fact) -> None:
        heard.append(("second", fact.body["number"]))

    with acting(SERVICE):
        for number in range(3):
            put(kind="tests.said", subject="one", body={"number": number})
        put(kind="tests.unheard", subject="one", body={})

    assert deliver({"tests.said": (first, second)}) == 4
    assert heard == [(name, number) for number in range(3) for name in ("first", "second")]
    assert deliver({"tests.said": (first, second)}) == 0


@pytest.mark.django_db
def test_a_fact_that_fails_stays_and_holds_back_its_subject_alone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    heard: list[str] = []
    broken = True

    def handle(fact: Fact) -> None:
        if broken and fact.body["text"] == "first":
            raise RuntimeError("not now")
        heard.append(fact.body["text"])

    with acting(SERVICE):
        for subject, text in (("a", "first"), ("a", "second"), ("b", "third")):
            put(kind="tests.said", subject=subject, body={"text": text})

    with caplog.at_level(logging.CRITICAL):
        assert deliver({"tests.said": (handle,)}) == 1
    assert heard == ["third"]
    with acting(SERVICE), connection.cursor() as cursor:
        cursor.execute("SELECT attempts, problem FROM base_fact WHERE delivered_at IS NULL")
        assert cursor.fetchall()[0] == (1, "RuntimeError: not now")
    broken = False
    assert deliver({"tests.said": (handle,)}) == 2
    assert heard == ["third", "first", "second"]


@pytest.mark.django_db
def test_a_fact_of_a_transaction_that_is_undone_was_never_put() -> None:
    with acting(SERVICE):
        put(kind="tests.said", subject="one", body={})
        transaction.set_rollback(True)
    assert deliver({}) == 0


@pytest.mark.django_db
def test_nobody_but_the_service_reads_facts() -> None:
    recorded("essex", ROBERT)
    for actor in (person("essex", Role.DATA_QUALITY), Actor.resolver()):
        with acting(actor), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM base_fact")
            assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_what_is_observed_is_resolved_by_the_handlers() -> None:
    agreement_in_force("A", ["essex", "kent"])
    one, other = recorded("essex", ROBERT), recorded("kent", ROBERT)
    assert deliver(HANDLERS) == 3  # both, and then that they are together
    assert {record for record, _ in identity_of(person("essex"), record_id=one).records} == {
        one,
        other,
    }


@pytest.mark.django_db
def test_a_handler_may_say_not_yet() -> None:
    early = True

    def handle(_: Fact) -> None:
        if early:
            raise NotYet

    with acting(SERVICE):
        put(kind="tests.said", subject="one", body={})
    assert deliver({"tests.said": (handle,)}) == 0
    early = False
    assert deliver({"tests.said": (handle,)}) == 1


@pytest.mark.django_db
def test_a_bulk_load_is_resolved_once_and_when_it_is_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(observing, "FEW", 1)
    agreement_in_force("A", ["essex", "kent"])
    (one, _), _ = recorded_all("essex", [ROBERT] * 2), recorded_all("kent", [ROBERT] * 2)
    essex = person("essex")

    assert deliver(HANDLERS) == 1  # the first batch, which leaves it to the second
    assert len(_records_of(essex, one)) == 1
    monkeypatch.setattr(handlers, "QUIET", timedelta(0))
    assert deliver(HANDLERS) == 2  # the second batch, and then who is together
    assert len(_records_of(essex, one)) == 4


@pytest.mark.django_db
def test_where_very_many_wait_the_whole_register_is_resolved(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(resolving, "MANY", 2)
    recorded_all("essex", [ROBERT] * 3)
    assert resolve_pending(SERVICE).appended == 3
    finished = progress(SERVICE)
    assert finished is not None
    assert finished.facts["records"] == 3


def _records_of(actor: Actor, record_id: UUID) -> set[UUID]:
    return {one for one, _ in identity_of(actor, record_id=record_id).records}


async def _work_off() -> None:
    """Do the jobs that wait as the worker does, and close what they opened."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
    with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
        async with app.open_async():
            await app.run_worker_async(
                wait=False, install_signal_handlers=False, listen_notify=False
            )
    await asyncio.to_thread(connections.close_all)
    await sync_to_async(connections.close_all)()


def test_the_worker_resolves_what_is_committed(own_database: str) -> None:
    assert own_database
    agreement_in_force("A", ["essex", "kent"])
    essex = person("essex")
    one, other = recorded("essex", ROBERT), recorded("kent", ROBERT)
    assert _records_of(essex, one) == {one}

    began = time.monotonic()
    with ThreadPoolExecutor(1) as elsewhere:  # browser tests leave an event loop in this thread
        elsewhere.submit(asyncio.run, _work_off()).result()

    assert _records_of(essex, one) == {one, other}
    assert time.monotonic() - began < 30
