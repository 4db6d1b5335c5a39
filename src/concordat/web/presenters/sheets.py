"""What goes on paper, in words: one structure for the print view and the PDF."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from concordat.records.queries import EventDetail, PersonSummary, ReportDetail
from concordat.web.formatting import format_datetime
from concordat.web.presenters import events, logged, persons, reports
from concordat.web.presenters.reports import PersonLine, ThingLine

MARKING: Final = "OFFICIAL"
"""The marking of what has none of its own: all that the platform holds is at least this."""

_RIGHTS = (
    "You may ask for a copy of the full record of this search within three months: bring this "
    "receipt, or its number, to any police station of the force. If you are unhappy with how you "
    "were treated you may complain to the force, or to the Independent Office for Police Conduct."
)


@dataclass(frozen=True, kw_only=True)
class SheetTable:
    """A table on paper: the first column in words, the others numbers; the last line their sum."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    has_total: bool = False


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of a sheet: a leading sentence, a table, pairs of a name and a value, paragraphs.

    "" as title: no heading.
    """

    title: str
    lead: str = ""
    table: SheetTable | None = None
    rows: tuple[tuple[str, str], ...] = ()
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A record on paper. `foot` stands on every page, with the number of the journal's entry."""

    marking: str
    caption: str
    title: str
    reference: str
    owner: str
    warnings: tuple[str, ...]
    sections: tuple[Section, ...]
    foot: tuple[str, ...]


def foot(
    *, entry: str, at: str, person: str, organisation: str, purpose: str, recipient: str
) -> tuple[str, ...]:
    """Return the two lines at the foot of every page: who took it for whom, and its entry."""
    return (
        f"Taken {at} by {person}, {organisation}, for {recipient}. Purpose: {purpose.lower()}.",
        f"Disclosure {entry} in the journal. Keep it only as long as you need it.",
    )


def told(rows: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return the rows that say something."""
    return tuple((name, value) for name, value in rows if value)


def marking_of(fields: Mapping[str, str]) -> str:
    """Return the marking that stands on every page: the report’s own, or the ordinary one."""
    return fields.get("marking", "").strip().upper() or MARKING


def event_sheet(
    report: ReportDetail,
    *,
    owner: str,
    people: Sequence[PersonSummary],
    foot: tuple[str, ...],
) -> Sheet:
    """Return a logged event as it is printed."""
    names = {one.id: persons.name_of(one.content) for one in people}
    warnings = tuple(
        f"Warning about {names[one.id]}: {persons.warning_label(warning.code).lower()}"
        for one in people
        for warning in one.warnings
    )
    return Sheet(
        marking=marking_of(report.report.fields),
        caption=report.kind.label,
        title=logged.title(report),
        reference=report.reference,
        owner=owner,
        warnings=warnings,
        sections=tuple(_event_sections(report, names)),
        foot=foot,
    )


def loaded_sheet(event: EventDetail, *, owner: str, foot: tuple[str, ...]) -> Sheet:
    """Return an event that came with a file as it is printed."""
    place = events.place_title(event.place) if event.place else events.NO_PLACE
    rows = (
        ("When", events.when(event)),
        ("Where", place),
        ("Outcome", event.outcome or events.NO_OUTCOME),
        ("Source", event.source.label),
    )
    return Sheet(
        marking=MARKING,
        caption=event.kind.label,
        title=events.what(event.kind, event.category),
        reference=event.reference,
        owner=owner,
        warnings=("The source contradicts itself about this event.",) if event.in_conflict else (),
        sections=(
            Section(title="", rows=rows),
            Section(title="What else was recorded", rows=told(events.details_rows(event))),
        ),
        foot=foot,
    )


def receipt_sheet(
    report: ReportDetail, *, owner: str, people: Sequence[PersonSummary], foot: tuple[str, ...]
) -> Sheet:
    """Return the receipt for whoever was searched: what PACE 1984, section 3, entitles them to.

    It names the officer, the object and grounds of the search and when and where it was, and
    nothing that the register knows of them besides.
    """
    names = {one.id: persons.name_of(one.content) for one in people}
    searched = [
        line
        for line, one in zip(logged.people(report, names), report.report.participants, strict=True)
        if "searched" in one.roles
    ]
    coded = dict(reports.coded_rows(report.kind, report.report.fields))
    rows = (
        ("Name", ", ".join(one.label for one in searched)),
        ("When", " ".join(value for name, value in logged.lead(report) if name == "When")),
        ("Where", "; ".join(text for text, _ in logged.places(report))),
        ("Officer", coded.get("officer", "")),
        ("Object of the search", coded.get("object", "")),
        ("Power", coded.get("power", "")),
        ("Grounds", coded.get("grounds", "")),
        ("Was anything found", coded.get("found", "")),
        ("Outcome", coded.get("outcome", "")),
    )
    return Sheet(
        marking=MARKING,
        caption="Receipt for a stop and search",
        title="You were stopped and searched",
        reference=report.reference,
        owner=owner,
        warnings=(),
        sections=(
            Section(title="", rows=tuple((name, text or "Not recorded") for name, text in rows)),
            Section(title="Your rights", texts=(_RIGHTS,)),
        ),
        foot=foot,
    )


def _event_sections(report: ReportDetail, names: Mapping[UUID, str]) -> Iterable[Section]:
    yield Section(
        title="", rows=told([("What happened", logged.summary(report)), *logged.lead(report)])
    )
    if texts := told(logged.texts(report)):
        yield Section(title="What was written", rows=texts)
    people = logged.people(report, names)
    yield Section(
        title="People",
        rows=tuple((one.label, "\n".join(_person_texts(one))) for one in people),
        texts=() if people else ("Nobody is recorded.",),
    )
    things = logged.things(report)
    if things:
        yield Section(
            title="Vehicles, weapons and other things",
            rows=tuple((one.label, "\n".join(_thing_texts(one))) for one in things),
        )
    places = logged.places(report)
    yield Section(title="Places", texts=tuple(text for text, _ in places) or ("None recorded.",))
    rows = told(logged.rows(report))
    if rows:
        yield Section(title="Everything else that was recorded", rows=rows)
    yield Section(
        title="",
        texts=((f"Version {report.version}, logged {format_datetime(report.recorded_at)} "
               f"by {report.recorded_by}."),),
    )  # fmt: skip


def _person_texts(one: PersonLine) -> Iterable[str]:
    yield one.roles
    if one.categories:
        yield f"{one.categories} (Data Protection Act 2018, section 38)"
    yield f"{one.standing}{f': {one.note}' if one.note else ''}"
    yield from (f"{name}: {value}" for name, value in one.rows)


def _thing_texts(one: ThingLine) -> Iterable[str]:
    yield f"{one.kind}{f': {one.uses.lower()}' if one.uses else ''}"
    yield from (f"{name}: {value}" for name, value in one.rows)
