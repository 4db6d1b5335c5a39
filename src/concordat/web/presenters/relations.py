"""What ties records together, in words: links, what happened, what changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from concordat.access.rules import RecordKind
from concordat.organisations.queries import OrganisationSummary
from concordat.records.queries import LinkDetail, LinkStub, TimelineEntry
from concordat.web.formatting import format_date, format_datetime
from concordat.web.presenters import events, reports
from concordat.web.presenters.addresses import page_of
from concordat.web.presenters.agreements import listed

Bodies = Mapping[int, OrganisationSummary]


@dataclass(frozen=True, kw_only=True)
class LinkLine:
    """A link in words, as it reads from the record whose page it stands on."""

    id: UUID
    text: str
    other: str
    other_href: str
    facts: str
    ended: str
    owner: str
    owner_id: int
    may_end: bool


@dataclass(frozen=True, kw_only=True)
class TimeLine:
    """An event in the life of a record, in words."""

    when: str
    title: str
    href: str
    as_what: str
    facts: str
    owner: str
    owner_id: int


@dataclass(frozen=True, kw_only=True)
class Change:
    """One version: who made it when, and what it changed, as cells."""

    number: int
    by: str
    at: str
    rows: list[list[str]]


@dataclass(frozen=True, kw_only=True)
class Version:
    """One state of a record, as every kind of record tells it."""

    number: int
    fields: Mapping[str, str]
    by: str
    at: datetime


def link_lines(
    links: Iterable[LinkDetail], bodies: Bodies, *, own: int, may_write: bool
) -> list[LinkLine]:
    """Return links, those that hold before those that ended."""
    return [
        LinkLine(
            id=one.id,
            text=one.label,
            other=one.other_label,
            other_href=page_of(one.other_kind, one.other_id),
            facts=_link_facts(one),
            ended=_ended(one),
            owner=bodies[one.owner_id].name,
            owner_id=one.owner_id,
            may_end=may_write and one.owner_id == own and one.ended_at is None,
        )
        for one in sorted(links, key=lambda one: one.ended_at is not None)
    ]


def stub_lines(stubs: Iterable[LinkStub]) -> list[str]:
    """Return what is left of links whose other end is closed by now: since when, and by whom."""
    return [
        f"Recorded {format_datetime(one.recorded_at)} by {one.recorded_by}"
        + (f", ended {format_datetime(one.ended_at)}" if one.ended_at else "")
        for one in stubs
    ]


def time_lines(entries: Iterable[TimelineEntry], bodies: Bodies) -> list[TimeLine]:
    """Return what happened, in the order of the entries."""
    return [
        TimeLine(
            when=events.moment(one.occurred_from, one.precision),
            title=one.title,
            href=page_of(one.kind, one.event_id),
            as_what=listed(events.lower_first(what) for what in one.as_what),
            facts=" · ".join(filter(None, (one.kind.label, one.reference, one.place, one.outcome))),
            owner=bodies[one.owner_id].name,
            owner_id=one.owner_id,
        )
        for one in entries
    ]


def change_lines(kind: RecordKind, versions: Sequence[Version]) -> list[Change]:
    """Return what each version changed, the newest first; the first is only that it was made."""
    ordered = sorted(versions, key=lambda one: one.number)
    before: list[Version | None] = [None, *ordered]
    return [
        Change(
            number=one.number,
            by=one.by or "a load of that force",
            at=format_datetime(one.at),
            rows=_changed(kind, earlier.fields, one.fields) if earlier else [],
        )
        for earlier, one in reversed(list(zip(before, ordered, strict=False)))
    ]


def _changed(
    kind: RecordKind, before: Mapping[str, str], after: Mapping[str, str]
) -> list[list[str]]:
    return [
        [name, old or "Nothing", new or "Nothing"]
        for name, old, new in reports.changes(kind, before, after)
    ]


def _link_facts(one: LinkDetail) -> str:
    dates = " ".join(
        filter(
            None,
            (
                f"since {format_date(one.since)}" if one.since else "",
                f"until {format_date(one.until)}" if one.until else "",
            ),
        )
    )
    said = f"says {one.stated_by}" if one.stated_by else ""
    standing = reports.ASSESSMENT if one.assessment else reports.FACT
    parts = (one.other_kind.label, standing, f"{one.confidence} confidence", dates, said)
    return " · ".join(filter(None, parts))


def _ended(one: LinkDetail) -> str:
    if one.ended_at is None:
        return ""
    return f"{format_date(one.ended_at)}: {one.ended_because}"
