"""Giving an event out on paper, as a file or as a receipt: a disclosure, journalled as such."""

from dataclasses import dataclass
from uuid import UUID

from concordat.audit.actions import record
from concordat.audit.rules import Operation, Subject
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.records.queries.events import EventDetail, event
from concordat.records.queries.links import subject_kind
from concordat.records.queries.reports import ReportDetail, read_report
from concordat.records.rules.events import Source


@dataclass(frozen=True, kw_only=True)
class Printed:
    """What is given out, and the journal's entry of it. `number` is how people call the entry.

    `report` is None for an event that was loaded from a file.
    """

    report: ReportDetail | None
    event: EventDetail
    entry_id: UUID
    number: str


def print_event(actor: Actor, *, event_id: UUID, form: str, recipient: str = "") -> Printed:
    """Return an event to be given out in a form ("print", "pdf", "receipt"), to a recipient.

    Raises UnknownRecord.
    """
    with acting(actor):
        detail = event(actor, event_id=event_id)
        report, subjects = None, []
        if detail.source is Source.CONCORDAT:
            report, names = read_report(actor, event_id)
            subjects = [
                Subject(subject_kind(one.kind), one.id, one.owner_id) for one in names.values()
            ]
        position = record(
            actor,
            operation=Operation.DISCLOSURE,
            action="records.print_event",
            subjects=[Subject("event", detail.id, detail.owner_id), *subjects],
            details={"form": form, "recipient": recipient},
        )
    return Printed(
        report=report,
        event=detail,
        entry_id=position.entry_id,
        number=f"{position.lane}/{position.seq}",
    )
