"""What was logged before somebody comes to a browser: invented, and of no real person."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from uuid import UUID

from concordat.access.rules import RecordKind
from concordat.base.actor import Actor, Purpose
from concordat.base.clock import today
from concordat.organisations.queries import actor_of, person_summary
from concordat.records.actions import log_event
from concordat.records.queries import ReportDetail, report_of
from concordat.records.rules.reports import Participant, Report, Thing, Where

PLACE = {"house": "9", "street": "Ropewalk", "town": "Harwich", "postcode": "CO12 3XX"}


def somebody(username: str, purpose: Purpose = Purpose.INVESTIGATION) -> Actor:
    """Return a member of the demo's staff as an actor."""
    actor = actor_of(person_summary(username).id, purpose=purpose, reason="browser tests")
    assert actor is not None
    return actor


def logged(username: str, report: Report) -> ReportDetail:
    """Log a report as somebody, and return it as it stands in the register."""
    actor = somebody(username)
    return report_of(actor, event_id=log_event(actor, report=report).event_id)


def theft(
    *,
    mark: str = "EX26 ABC",
    suspect: UUID | None = None,
    owner_id: int | None = None,
    **fields: str,
) -> Report:
    """Return a theft of a vehicle by somebody known or new; its victim has a Polish name."""
    told = (
        {"record_id": suspect, "owner_id": owner_id}
        if suspect
        else {
            "fields": {"given_names": "Ezra", "surname": "Marlspike", "date_of_birth": "1991-02-03"}
        }
    )
    return Report(
        kind=RecordKind.CRIME,
        fields={
            "summary": "A car was taken from a drive overnight.",
            "occurred_date": today().isoformat(),
            "occurred_time": "02:10",
            "ho_class": "48",
            "outcome": "0",
            "mo": "Keys were fished through the letter box with a wire.",
            "officer": "Asha Pennyfeather 9001",
            **fields,
        },
        participants=(
            Participant(
                key="p1", roles=("suspect",), assessment=True, note="Named by a neighbour.",
                **told,
            ),
            Participant(
                key="p2", roles=("victim", "witness"),
                fields={"given_names": "Łukasz", "surname": "Wałęsa-Thornapple",
                        "phone": "07700 900321"},
            ),
        ),
        things=(
            Thing(key="t1", kind=RecordKind.VEHICLE, uses=("stolen",),
                  fields={"mark": mark, "make": "Ford", "model": "Focus", "colour": "Red"}),
        ),
        places=(Where(key="w1", fields=PLACE),),
    )  # fmt: skip


def sighting(mark: str, **fields: str) -> Report:
    """Return a sighting of a vehicle by its mark."""
    return Report(
        kind=RecordKind.SIGHTING,
        fields={"summary": "Passed the camera.", "occurred_date": today().isoformat(), **fields},
        things=(Thing(key="t1", kind=RecordKind.VEHICLE, uses=("seen",), fields={"mark": mark}),),
        places=(Where(key="w1", fields={"street": "Harbour Road", "town": "Folkestone"}),),
    )


def seized_knife() -> Report:
    """Return the seizure of a knife."""
    return Report(
        kind=RecordKind.SEIZURE,
        fields={
            "summary": "A lock knife was taken from a rucksack.",
            "occurred_date": today().isoformat(),
            "power": "PACE 1984, section 19",
            "exhibit": "AP/1",
        },
        things=(
            Thing(
                key="t1", kind=RecordKind.WEAPON, uses=("seized",),
                fields={"weapon_type": "knife", "make": "Opinel", "serial": "X-77120",
                        "description": "Lock knife, 12 cm, wooden grip"},
            ),
        ),
        places=(Where(key="w1", fields=PLACE),),
    )  # fmt: skip


def stop_and_search() -> Report:
    """Return a stop and search with a receipt."""
    return Report(
        kind=RecordKind.STOP_SEARCH,
        fields={
            "summary": "Stopped after a call about bicycle thefts.",
            "occurred_date": today().isoformat(),
            "occurred_time": "23:40",
            "object": "Stolen goods",
            "power": "PACE 1984, section 1",
            "grounds": "Carried bolt cutters beside a row of bicycles.",
            "found": "no",
            "receipt": "given",
            "officer": "Asha Pennyfeather 9001",
        },
        participants=(
            Participant(key="p1", roles=("searched",),
                        fields={"given_names": "Jory", "surname": "Pettifer-Bright"}),
        ),
        places=(Where(key="w1", fields=PLACE),),
    )  # fmt: skip


def intelligence(**codes: str) -> Report:
    """Return an intelligence report under handling code C, sanitised freely unless told."""
    told = {"handling_code": "C", "action": "A3", "action_use": "Stop the vehicle.",
            "sanitisation": "S1", **codes}  # fmt: skip
    return Report(
        kind=RecordKind.INTELLIGENCE_CONDITIONAL,
        fields={
            "title": "Plates sold at a yard",
            "source_evaluation": "2",
            "assessment": "B",
            "marking": "OFFICIAL-SENSITIVE",
            "information": "The source saw plates being made at night.",
            "sanitised": "Plates are made and sold at a yard in Harwich.",
            "intelligence_date": today().isoformat(),
            **told,
        },
    )


def thing_of(event: ReportDetail) -> UUID:
    """Return the record of the first thing in an event."""
    found = event.report.things[0].record_id
    assert found is not None
    return found


def person_of(event: ReportDetail, key: str = "p1") -> UUID:
    """Return the record of somebody in an event."""
    found = {one.key: one.record_id for one in event.report.participants}[key]
    assert found is not None
    return found


def changed(report: Report, **fields: str) -> Mapping[str, str]:
    """Return a report's fields with some of them changed."""
    return {**report.fields, **fields}


@contextmanager
def worker() -> Iterator[None]:
    """Run the command `concordat worker` while the block does."""
    command = [sys.executable, "-m", "concordat.server.main", "worker"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)
