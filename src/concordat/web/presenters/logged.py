"""A logged event in words: what happened, who was in it, and what became of it since."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from django.urls import reverse

from concordat.access.rules import RecordKind
from concordat.organisations.queries import OrganisationSummary
from concordat.records.queries import (
    DisclosureDetail,
    LinkDetail,
    ReportDetail,
    ReviewStep,
    TransferDetail,
)
from concordat.records.rules import catalogue
from concordat.records.rules.logged import ReviewState, TransferState
from concordat.web.formatting import format_datetime
from concordat.web.presenters import events, reports
from concordat.web.presenters.relations import Version
from concordat.web.presenters.reports import PersonLine, ThingLine

Bodies = Mapping[int, OrganisationSummary]

INTELLIGENCE: Final = (RecordKind.INTELLIGENCE, RecordKind.INTELLIGENCE_CONDITIONAL)
COLOURS: Final = {
    ReviewState.WAITING: "blue",
    ReviewState.SENT_BACK: "yellow",
    ReviewState.APPROVED: "green",
    ReviewState.ALLOCATED: "green",
}

_WHEN = ("occurred_date", "occurred_time", "occurred_until_date", "occurred_until_time")
_LEAD = (
    *("ho_class", "outcome", "status", "object", "risk"),
    *("marking", "source_evaluation", "assessment", "handling_code", "action", "sanitisation"),
)
_SHOWN_ELSEWHERE = ("title", "summary")


def title(event: ReportDetail) -> str:
    """Return what an event is called."""
    own = event.report.value("title")
    return own or events.what(event.kind, event.category)


def is_intelligence(kind: RecordKind) -> bool:
    """Whether events of a kind are intelligence reports, which are disclosed one by one."""
    return kind in INTELLIGENCE


def gives_receipt(kind: RecordKind) -> bool:
    """Whether whoever was searched gets a receipt."""
    return kind is RecordKind.STOP_SEARCH


def lead(event: ReportDetail) -> list[tuple[str, str]]:
    """Return the answer first: when, and what decides how to read the rest."""
    told = {code: text for code, text in event.report.fields.items() if code in (*_WHEN, *_LEAD)}
    rows = reports.field_rows(event.kind, told)
    is_told = any(code.startswith("occurred") for code in told)
    return rows if is_told or is_intelligence(event.kind) else [("When", ""), *rows]


def texts(event: ReportDetail) -> list[tuple[str, str]]:
    """Return what was written at length: name and text."""
    return [
        (field.label, event.report.value(field.code))
        for field in catalogue.fields_of(event.kind)
        if field.long and field.code not in _SHOWN_ELSEWHERE and event.report.value(field.code)
    ]


def rows(event: ReportDetail) -> list[tuple[str, str]]:
    """Return everything else that was recorded, by the catalogue’s labels."""
    long = {field.code for field in catalogue.fields_of(event.kind) if field.long}
    rest = {
        code: text
        for code, text in event.report.fields.items()
        if code not in long and code not in (*_WHEN, *_LEAD, *_SHOWN_ELSEWHERE)
    }
    return reports.field_rows(event.kind, rest)


def summary(event: ReportDetail) -> str:
    """Return what happened, as whoever logged it put it."""
    return event.report.value("summary")


def people(event: ReportDetail, names: Mapping[UUID, str]) -> list[PersonLine]:
    """Return who was in it, each with roles, category and standing."""
    return reports.person_lines(event.report, names)


def things(event: ReportDetail) -> list[ThingLine]:
    """Return what was in it, and how."""
    return reports.thing_lines(event.report)


def places(event: ReportDetail) -> list[tuple[str, str]]:
    """Return where it was: text, and the address of the place’s page or ""."""
    return [
        (
            one.label
            or ", ".join(value for _, value in reports.field_rows(RecordKind.PLACE, one.fields))
            or reports.NOT_SHARED,
            reverse("place", args=[one.record_id]) if one.record_id and one.label else "",
        )
        for one in event.report.places
    ]


def versions(event: ReportDetail) -> Sequence[Version]:
    """Return every version of the event’s own fields."""
    return [
        Version(number=one.number, fields=one.fields, by=one.recorded_by, at=one.recorded_at)
        for one in event.versions
    ]


def further_links(event: ReportDetail, links: Iterable[LinkDetail]) -> list[LinkDetail]:
    """Return the links of an event but those to who and what was in it, who stand above."""
    report = event.report
    shown = {
        *(one.record_id for one in report.participants),
        *(one.record_id for one in report.things),
        *(one.record_id for one in report.places),
    }
    return [one for one in links if one.event_id != event.id or one.other_id not in shown]


def standing(history: Sequence[ReviewStep]) -> dict[str, str]:
    """Return how far its supervision is: tag, colour, and the last note; empty for none."""
    if not history:
        return {}
    last = history[-1]
    return {
        "tag": last.state.label,
        "colour": COLOURS[last.state],
        "text": _review_text(last),
        "note": last.note,
        "sent_back": "yes" if last.state is ReviewState.SENT_BACK else "",
    }


def review_rows(history: Iterable[ReviewStep]) -> list[list[object]]:
    """Return the steps of its supervision as cells."""
    return [
        [format_datetime(one.at), _review_text(one), one.note or "No note"]
        for one in reversed(list(history))
    ]


def transfer_rows(found: Iterable[TransferDetail], bodies: Bodies) -> list[list[object]]:
    """Return its transfers as cells: when, from whom to whom, why, what became of it."""
    return [
        [
            {
                "text": format_datetime(one.offered_at),
                "href": reverse("transfer", args=[one.id]),
            },
            f"{bodies[one.owner_id].name} ({one.reference}) to {bodies[one.to_id].name}",
            one.reason,
            _transfer_text(one),
        ]
        for one in found
    ]


def disclosure_rows(found: Iterable[DisclosureDetail], bodies: Bodies) -> list[list[object]]:
    """Return to whom it was disclosed, as cells."""
    return [
        [
            {
                "text": format_datetime(one.disclosed_at),
                "href": reverse("disclosure", args=[one.id]),
            },
            bodies[one.recipient_id].name,
            "Sanitised text" if one.sanitised else "Whole report",
            one.purpose,
            disclosure_standing(one),
        ]
        for one in found
    ]


def disclosure_standing(one: DisclosureDetail) -> str:
    """Return what became of a disclosure."""
    if one.recalled_at is None:
        return "Holds"
    if one.acknowledged_at is None:
        return f"Recalled {format_datetime(one.recalled_at)}, not acknowledged yet"
    return (
        f"Recalled {format_datetime(one.recalled_at)}, acknowledged by {one.acknowledged_by} "
        f"{format_datetime(one.acknowledged_at)}"
    )


def _transfer_text(one: TransferDetail) -> str:
    if one.state is TransferState.OFFERED:
        return one.state.label
    text = f"{one.state.label} {format_datetime(one.answered_at)} by {one.answered_by}"
    if one.new_reference:
        return f"{text}, there as {one.new_reference}"
    return f"{text}: {one.answer}" if one.answer else text


def _review_text(one: ReviewStep) -> str:
    to = f" to {one.to}" if one.to else ""
    return f"{one.state.label}{to}, {one.by}" if one.by else f"{one.state.label}{to}"
