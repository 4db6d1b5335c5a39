"""Things and people in tests of watches: logged as an officer logs them, and delivered."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from django.db import connection

from concordat.access.rules import RecordKind
from concordat.audit.models import JournalEntry
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.base.clock import today
from concordat.base.outbox import Fact, deliver
from concordat.records.actions import log_event
from concordat.records.queries import report_of
from concordat.records.rules.reports import Participant, Report, Thing, Where
from concordat.server.tasks import HANDLERS
from concordat.tracing.actions import watch
from concordat.tracing.models import Alert
from concordat.tracing.queries import AlertDetail, inbox
from tests.world import SERVICE

HALE = {"given_names": "Robert", "surname": "Quillfeather", "date_of_birth": "1987-05-03"}
MARK = {"mark": "AB12 CDE", "make": "Ford", "colour": "red"}
SHOP = {
    "house": "14",
    "street": "High Street",
    "town": "Colchester",
    "postcode": "CO1 1AA",
    "latitude": "51.8890",
    "longitude": "0.9010",
}


def sighting(
    *,
    who: Mapping[str, str] | UUID | None = None,
    what: Mapping[str, str] | UUID | None = None,
    where: Mapping[str, str] | UUID | None = None,
    kind: RecordKind = RecordKind.SIGHTING,
    thing: RecordKind = RecordKind.VEHICLE,
    owners: Mapping[UUID, int] | None = None,
) -> Report:
    """Return a report of somebody, something and somewhere, each new or known by its id."""

    def told(one: Mapping[str, str] | UUID) -> dict[str, object]:
        if isinstance(one, UUID):
            return {"record_id": one, "owner_id": (owners or {}).get(one)}
        return {"fields": dict(one)}

    return Report(
        kind=kind,
        fields={"occurred_date": today().isoformat(), "summary": "Seen on patrol."},
        participants=(
            (Participant(key="p1", roles=("person_of_interest",), **told(who)),)  # type: ignore[arg-type]
            if who
            else ()
        ),
        things=(
            (Thing(key="t1", kind=thing, uses=("seen",), **told(what)),)  # type: ignore[arg-type]
            if what
            else ()
        ),
        places=(Where(key="w1", **told(where)),) if where else (),  # type: ignore[arg-type]
    )


def logged(actor: Actor, report: Report) -> Report:
    """Log a report, deliver what that sets off, and return it with the ids of its records."""
    event_id = log_event(actor, report=report).event_id
    deliver_all()
    found = report_of(actor, event_id=event_id).report
    assert found is not None
    return found


def deliver_all() -> None:
    """Deliver facts until none are left, those that deliveries put included."""
    while deliver(HANDLERS):
        pass


def watched(actor: Actor, kind: RecordKind, record_id: UUID, *, until: date | None = None) -> UUID:
    """Let somebody watch a record for a month."""
    last = until or today() + timedelta(days=30)
    return watch(actor, kind=kind, record_id=record_id, reason="CR/1/26, expected", until=last)


def alerts(actor: Actor) -> tuple[AlertDetail, ...]:
    """Return what somebody was told."""
    return inbox(actor).alerts


def the_person(report: Report) -> UUID:
    """Return the record of the one person in a report."""
    (one,) = report.participants
    assert one.record_id is not None
    return one.record_id


def the_thing(report: Report) -> UUID:
    """Return the record of the one thing in a report."""
    (one,) = report.things
    assert one.record_id is not None
    return one.record_id


def the_place(report: Report) -> UUID:
    """Return the record of the one place in a report."""
    (one,) = report.places
    assert one.record_id is not None
    return one.record_id


def facts() -> list[Fact]:
    """Return every fact that was put, delivered or not."""
    with acting(SERVICE), connection.cursor() as cursor:
        cursor.execute("SELECT id, kind, subject, body, created_at FROM base_fact ORDER BY id")
        return [
            Fact(id=row[0], kind=row[1], subject=row[2], body=json.loads(row[3]), created_at=row[4])
            for row in cursor.fetchall()
        ]


def rows_of_alerts(of: Actor) -> int:
    """Return how many rows of alerts somebody may read."""
    with acting(of):
        return Alert.objects.count()


def entries(action: str) -> list[JournalEntry]:
    """Return what the journal holds of an action."""
    with acting(SERVICE):
        return list(JournalEntry.objects.filter(action=action))
