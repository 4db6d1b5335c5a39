"""One use of every action and query of watching, and calls that must leave nothing."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from concordat.access.rules import RecordKind
from concordat.base.clock import today
from concordat.base.ids import new_id
from concordat.identity.actions import judge
from concordat.identity.engine import Meaning
from concordat.identity.rules.judgements import Verdict
from concordat.records.errors import UnknownRecord
from concordat.tracing.actions import (
    alert_on_identified,
    alert_on_logged,
    end_watch,
    mark_all_read,
    mark_read,
    watch,
)
from concordat.tracing.errors import (
    NotAllowedToAlert,
    NotAllowedToWatch,
    UnknownAlert,
    UnknownWatch,
    WrongWatch,
)
from concordat.tracing.queries import candidates, find_things, inbox, my_watches
from concordat.tracing.queries.people import people_like
from concordat.tracing.rules import PersonReading, ThingReading
from concordat.tracing.rules.watching import Logged
from tests.architecture.examples import Example, Failure, Scene
from tests.database.identities import ROBERT
from tests.world import SERVICE

ROBERT_READ = PersonReading(
    partial={Meaning(name): text for name, text in ROBERT.items()},
    parts=(),
    age=None,
    is_certain=True,
    owner_ids=(),
)


def watched(scene: Scene, record_id: UUID, *, reason: str = "CR/1/26") -> UUID:
    """Let the officer watch a person."""
    until = today() + timedelta(days=30)
    return watch(
        scene.officer, kind=RecordKind.PERSON, record_id=record_id, reason=reason, until=until
    )


def alerted(scene: Scene, record_id: UUID) -> int:
    """Tell whoever watches a person that something of them was changed."""
    owner = scene.officer.organisation_id
    touched = [{"kind": RecordKind.PERSON.value, "id": str(record_id), "owner": owner}]
    told = Logged.from_body({"owner": owner, "touched": touched}, fact_id=1)
    return alert_on_logged(SERVICE, logged=told)


def told(scene: Scene) -> UUID:
    """Return an alert to the officer."""
    watched(scene, scene.person_id)
    assert alerted(scene, scene.person_id) == 1
    return inbox(scene.officer).alerts[0].id


def watched_and_judged(scene: Scene) -> UUID:
    """Let the officer watch one of two records, and then find that they are of one person."""
    one, other = scene.both_persons
    watch_id = watched(scene, one)
    judge(scene.officer, left=one, right=other, verdict=Verdict.SAME)
    return watch_id


def _the_alert(scene: Scene) -> UUID:
    return inbox(scene.officer).alerts[0].id


EXAMPLES_OF_TRACING: Mapping[str, Example] = {
    "tracing.actions.watch": Example(
        lambda s: watched(s, s.person_id), given=lambda s: (s.officer, s.person_id)
    ),
    "tracing.actions.end_watch": Example(
        lambda s: end_watch(s.officer, watch_id=my_watches(s.officer)[0].id),
        given=lambda s: watched(s, s.person_id),
    ),
    "tracing.actions.alert_on_logged": Example(
        lambda s: alerted(s, s.person_id),
        given=lambda s: watched(s, s.person_id),
        journalled_as="tracing.alert",
    ),
    "tracing.actions.alert_on_identified": Example(
        lambda s: alert_on_identified(SERVICE, records=s.both_persons),
        given=watched_and_judged,
        journalled_as="tracing.alert",
    ),
    "tracing.actions.mark_read": Example(
        lambda s: mark_read(s.officer, alert_id=_the_alert(s)), given=told
    ),
    "tracing.actions.mark_all_read": Example(lambda s: mark_all_read(s.officer), given=told),
    "tracing.queries.my_watches": Example(
        lambda s: my_watches(s.officer), given=lambda s: watched(s, s.person_id)
    ),
    "tracing.queries.inbox": Example(lambda s: inbox(s.officer), given=told),
    "tracing.queries.candidates": Example(
        lambda s: candidates(s.officer, kind=RecordKind.VEHICLE, text="AB12 CDE"),
        given=lambda s: s.officer,
        journalled_as="records.find_items",
    ),
    "tracing.queries.people_like": Example(
        lambda s: people_like(s.officer, reading=ROBERT_READ),
        given=lambda s: s.officer,
        journalled_as="identity.who_is",
    ),
    "tracing.queries.find_things": Example(
        lambda s: find_things(
            s.officer,
            reading=ThingReading(
                kind=RecordKind.VEHICLE, text="AB12 CDE", parts=(), is_certain=True
            ),
        ),
        given=lambda s: s.officer,
        journalled_as="records.find_items",
    ),
}

FAILURES_OF_TRACING: Mapping[str, Failure] = {
    "watching without a role that works with records": Failure(
        NotAllowedToWatch,
        lambda s: watch(
            s.auditor, kind=RecordKind.PERSON, record_id=new_id(), reason="CR/1/26", until=today()
        ),
        given=lambda s: s.auditor,
    ),
    "watching without a reason": Failure(
        WrongWatch,
        lambda s: watched(s, s.person_id, reason=" "),
        given=lambda s: (s.officer, s.person_id),
    ),
    "watching a thing that isn't there": Failure(
        UnknownRecord,
        lambda s: watch(
            s.officer, kind=RecordKind.VEHICLE, record_id=new_id(), reason="CR/1/26", until=today()
        ),
        given=lambda s: s.officer,
    ),
    "ending a watch that isn't there": Failure(
        UnknownWatch,
        lambda s: end_watch(s.officer, watch_id=new_id()),
        given=lambda s: s.officer,
    ),
    "reading an alert that isn't there": Failure(
        UnknownAlert,
        lambda s: mark_read(s.officer, alert_id=new_id()),
        given=lambda s: s.officer,
    ),
    "raising alerts as a person": Failure(
        NotAllowedToAlert,
        lambda s: alert_on_identified(s.officer, records=[new_id()]),
        given=lambda s: s.officer,
    ),
}
