"""A supervisor's work in words: what waits, transfers, gaps."""

from collections.abc import Iterable, Mapping

from django.urls import reverse

from concordat.base.clock import today
from concordat.organisations.queries import OrganisationSummary
from concordat.records.queries import ReportDetail, ReviewLine, TransferDetail, TransferOffer
from concordat.records.rules.logged import ReviewState, TransferState
from concordat.records.rules.readiness import readiness
from concordat.web.formatting import format_datetime
from concordat.web.presenters import reports

Bodies = Mapping[int, OrganisationSummary]


def waiting(lines: Iterable[ReviewLine]) -> list[list[object]]:
    """Return what waits for review as cells."""
    return [
        [
            {"text": one.reference, "href": reverse("event-review", args=[one.event_id])},
            one.kind.label,
            one.title,
            one.recorded_by,
            format_datetime(one.waiting_since),
            one.state.label if one.state is not ReviewState.WAITING else "For the first time",
        ]
        for one in lines
    ]


def gaps(event: ReportDetail) -> list[tuple[str, str]]:
    """Return what the event still lacks: what, and why it is wanted."""
    found = readiness(event.report, today=today())
    return [(one.what, one.why) for one in found.missing]


def offered(found: Iterable[TransferDetail], bodies: Bodies, *, own: int) -> list[list[object]]:
    """Return the transfers that wait for this force’s answer, as cells."""
    return [
        [
            {"text": one.reference, "href": reverse("transfer", args=[one.id])},
            one.title,
            bodies[one.owner_id].name,
            one.reason,
            format_datetime(one.offered_at),
        ]
        for one in found
        if one.to_id == own and one.state is TransferState.OFFERED
    ]


def answered(found: Iterable[TransferDetail], bodies: Bodies, *, own: int) -> list[list[object]]:
    """Return every other transfer from or to this force, as cells."""
    return [
        [
            {"text": one.reference, "href": reverse("transfer", args=[one.id])},
            one.title,
            f"{bodies[one.owner_id].name} to {bodies[one.to_id].name}",
            one.state.label,
            format_datetime(one.answered_at) or "Not answered yet",
        ]
        for one in found
        if one.to_id != own or one.state is not TransferState.OFFERED
    ]


def transfer_facts(one: TransferDetail, bodies: Bodies) -> list[tuple[str, str]]:
    """Return a transfer as pairs."""
    rows = [
        ("From", bodies[one.owner_id].name),
        ("To", bodies[one.to_id].name),
        ("Offered", f"{format_datetime(one.offered_at)} by {one.offered_by}"),
        ("Why", one.reason),
        ("Standing", one.state.label),
    ]
    if one.answered_at:
        rows.append(("Answered", f"{format_datetime(one.answered_at)} by {one.answered_by}"))
    if one.answer:
        rows.append(("Answer", one.answer))
    if one.new_reference:
        rows.append(("Reference there", one.new_reference))
    return rows


def transfer_fields(one: TransferOffer) -> list[tuple[str, str]]:
    """Return what is offered, by the catalogue’s labels."""
    return reports.field_rows(one.report.kind, one.report.fields)


def transfer_people(one: TransferOffer) -> list[list[object]]:
    """Return the people and things of what is offered, as cells: who or what, as what, and more."""
    people: list[list[object]] = [
        [
            line.label,
            line.roles,
            "; ".join(f"{name}: {value}" for name, value in line.rows) or line.standing,
        ]
        for line in reports.person_lines(one.report, {})
    ]
    things: list[list[object]] = [
        [
            f"{line.kind}: {line.label}",
            line.uses or "Not recorded",
            "; ".join(f"{name}: {value}" for name, value in line.rows),
        ]
        for line in reports.thing_lines(one.report)
    ]
    return [*people, *things]


def event_href(one: TransferDetail, *, own: int) -> str:
    """Return the address of the reader’s own end of a transfer; "" if there is none."""
    if one.owner_id == own:
        return reverse("event", args=[one.event_id])
    return reverse("event", args=[one.new_event_id]) if one.new_event_id else ""
