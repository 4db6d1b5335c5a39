"""Watches: told once and in time, until they end, and at a cost that doesn’t grow with others."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from concordat.access.rules import SHAREABLE_KINDS, RecordKind
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.base.clock import today
from concordat.base.ids import new_id
from concordat.records.actions import LOGGED, log_event
from concordat.tracing import handlers
from concordat.tracing.actions import (
    alert_on_identified,
    alert_on_logged,
    end_watch,
)
from concordat.tracing.errors import (
    UnknownWatch,
)
from concordat.tracing.models import Watch
from concordat.tracing.queries import my_watches, watching
from concordat.tracing.rules.watching import Logged
from tests.database.watching import (
    HALE,
    MARK,
    SHOP,
    alerts,
    deliver_all,
    entries,
    facts,
    logged,
    rows_of_alerts,
    sighting,
    the_person,
    the_thing,
    watched,
)
from tests.world import SERVICE, agreement_in_force, person

pytestmark = pytest.mark.django_db

BUT_PERSONS = [kind for kind in SHAREABLE_KINDS if kind is not RecordKind.PERSON]


@pytest.fixture
def essex(db: None) -> Actor:  # noqa: ARG001 (needed first)
    return person("essex")


@pytest.fixture
def kent(db: None) -> Actor:  # noqa: ARG001 (needed first)
    return person("kent")


def test_a_handler_called_twice_tells_once(essex: Actor, kent: Actor) -> None:
    agreement_in_force("A", ["essex", "kent"])
    report = logged(essex, sighting(who=HALE, what=MARK))
    watched(essex, RecordKind.VEHICLE, the_thing(report))
    watched(essex, RecordKind.PERSON, the_person(report))
    logged(kent, sighting(who=HALE, what=MARK))
    assert len(alerts(essex)) == 2  # one for each watch
    written = len(entries("tracing.alert"))

    for fact in facts():
        for handle in handlers.HANDLERS.get(fact.kind, ()):
            handle(fact)
    assert rows_of_alerts(essex) == 2
    assert len(entries("tracing.alert")) == written == 2


def test_one_watch_that_cannot_be_evaluated_does_not_keep_others_waiting(
    essex: Actor, kent: Actor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    agreement_in_force("A", ["essex", "kent"])
    car = the_thing(logged(essex, sighting(what=MARK)))
    colleague = person("essex", username="colleague")
    watched(essex, RecordKind.VEHICLE, car)
    broken = watched(colleague, RecordKind.VEHICLE, car)
    true = alert_on_logged.__globals__["_tell_of_logged"]

    def failing(actor: Actor, row: Watch, what: Logged) -> int:
        if row.id == broken:
            raise RuntimeError("not now")
        return int(true(actor, row, what))

    monkeypatch.setitem(alert_on_logged.__globals__, "_tell_of_logged", failing)
    log_event(kent, report=sighting(what=MARK))
    with caplog.at_level("CRITICAL"):
        deliver_all()
    assert (rows_of_alerts(essex), rows_of_alerts(colleague)) == (1, 0)
    monkeypatch.undo()
    deliver_all()
    assert (rows_of_alerts(essex), rows_of_alerts(colleague)) == (1, 1)


def test_a_watch_ends_with_its_last_day(
    essex: Actor, kent: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreement_in_force("A", ["essex", "kent"])
    car = the_thing(logged(essex, sighting(what=MARK)))
    watched(essex, RecordKind.VEHICLE, car, until=today())
    logged(kent, sighting(what=MARK))
    assert rows_of_alerts(essex) == 1
    with time_of("concordat.tracing.actions.alerting", monkeypatch):
        logged(kent, sighting(what=MARK))
    assert rows_of_alerts(essex) == 1


@contextmanager
def time_of(module: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let a module think that it is tomorrow."""
    with monkeypatch.context() as patched:
        patched.setattr(f"{module}.today", lambda: today() + timedelta(days=1))
        yield


def test_a_watch_that_has_lapsed_can_be_made_anew(
    essex: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    car = the_thing(logged(essex, sighting(what=MARK)))
    first = watched(essex, RecordKind.VEHICLE, car, until=today())
    with time_of("concordat.tracing.actions.watching", monkeypatch):
        second = watched(essex, RecordKind.VEHICLE, car)
    assert [(one.id, one.holds) for one in my_watches(essex)] == [(second, True), (first, False)]


def test_a_watch_that_was_ended_tells_nothing_more(essex: Actor, kent: Actor) -> None:
    agreement_in_force("A", ["essex", "kent"])
    car = the_thing(logged(essex, sighting(what=MARK)))
    watch_id = watched(essex, RecordKind.VEHICLE, car)
    assert watching(essex, record_id=car) is not None
    end_watch(essex, watch_id=watch_id)
    assert watching(essex, record_id=car) is None
    logged(kent, sighting(what=MARK))
    assert rows_of_alerts(essex) == 0
    with pytest.raises(UnknownWatch):
        end_watch(essex, watch_id=watch_id)
    watched(essex, RecordKind.VEHICLE, car)


def test_nobody_is_told_of_what_they_logged_themselves(essex: Actor) -> None:
    car = the_thing(logged(essex, sighting(what=MARK)))
    watched(essex, RecordKind.VEHICLE, car)
    logged(essex, sighting(what=MARK))
    assert rows_of_alerts(essex) == 0
    logged(person("essex", username="colleague"), sighting(what=MARK))
    assert rows_of_alerts(essex) == 1


def test_watches_that_have_nothing_to_do_with_it_cost_nothing(essex: Actor, kent: Actor) -> None:
    agreement_in_force("A", ["essex", "kent"])
    report = logged(essex, sighting(who=HALE, what=MARK, where=SHOP))
    watched(essex, RecordKind.VEHICLE, the_thing(report))
    told = Logged.from_body(_fact_of(kent), fact_id=1)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            alert_on_logged(SERVICE, logged=told)
        return len(captured)

    queries()
    before = queries()
    for number in range(20):
        other = logged(essex, sighting(who=stranger(number), what={"mark": f"XY5{number}"}))
        watched(essex, RecordKind.VEHICLE, the_thing(other))
        watched(essex, RecordKind.PERSON, the_person(other))
    assert queries() == before


def stranger(number: int) -> dict[str, str]:
    return {"given_names": "Agnieszka", "surname": f"Wojciechowska{'abcdefghijklmnopqrst'[number]}"}


def _fact_of(kent: Actor) -> dict[str, object]:
    log_event(kent, report=sighting(what=MARK))
    return next(dict(fact.body) for fact in reversed(facts()) if fact.kind == LOGGED)


def test_many_records_whose_identity_changed_evaluate_the_watches_of_theirs_alone(
    essex: Actor, kent: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreement_in_force("A", ["essex", "kent"])
    hale = the_person(logged(essex, sighting(who=HALE)))
    watched(essex, RecordKind.PERSON, hale)
    for number in range(5):
        other = logged(essex, sighting(who=stranger(number)))
        watched(essex, RecordKind.PERSON, the_person(other))
    evaluated: list[UUID] = []
    true = alert_on_identified.__globals__["_tell_of_identified"]

    def counting(actor: Actor, row: Watch, changed: frozenset[UUID]) -> int:
        evaluated.append(row.record_id)
        return int(true(actor, row, changed))

    monkeypatch.setitem(alert_on_identified.__globals__, "_tell_of_identified", counting)
    log_event(kent, report=sighting(who=HALE))
    deliver_all()
    evaluated.clear()
    found = next(fact for fact in reversed(facts()) if fact.kind == "identity.resolved")
    records = [UUID(one) for one in found.body["records"]] + [new_id() for _ in range(2_500)]
    assert alert_on_identified(SERVICE, records=records) == 0
    assert evaluated == [hale]


def test_watches_are_looked_up_by_their_keys_in_the_index(db: None) -> None:  # noqa: ARG001
    """Row security lets only conditions that can't leak into an index: equality of texts can't."""
    with acting(SERVICE), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT watch_id FROM tracing_watch_key WHERE live AND key IN ('a', 'b')"
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "tracing_watch_key_live" in plan
    assert "Index Cond: (key = ANY" in plan
