"""What waits for somebody, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from concordat.access.rules import Level, RecordKind
from concordat.base.clock import today
from concordat.organisations.queries import OrganisationSummary
from concordat.records.queries import DisclosureDetail, ReviewLine, TransferDetail
from concordat.tracing.queries import AlertDetail, WatchDetail
from concordat.web.formatting import format_date, format_datetime
from concordat.web.presenters.addresses import page_of

Bodies = Mapping[int, OrganisationSummary]

GONE = "a record that is no longer shared with you"


@dataclass(frozen=True, kw_only=True)
class AlertLine:
    """An alert in words."""

    id: UUID
    text: str
    href: str
    facts: str
    at: str
    owner: str
    owner_id: int
    is_read: bool


@dataclass(frozen=True, kw_only=True)
class Task:
    """Something that somebody has to do, and where."""

    tag: str
    colour: str
    text: str
    href: str
    facts: str


@dataclass(frozen=True, kw_only=True)
class WatchLine:
    """A watch in words."""

    id: UUID
    label: str
    href: str
    kind: str
    reason: str
    until: str
    alerts: int
    is_live: bool


def alerts(found: Iterable[AlertDetail], bodies: Bodies) -> list[AlertLine]:
    """Return alerts in their order, each as far as its reader may know."""
    return [
        AlertLine(
            id=one.id,
            text=_alert_text(one, bodies),
            href=reverse("alert", args=[one.id]) if alert_page(one) else "",
            facts=f"You watch {one.record_label or GONE}: {one.watch_reason}",
            at=format_datetime(one.at),
            owner=bodies[one.owner_id].name,
            owner_id=one.owner_id,
            is_read=one.read_at is not None,
        )
        for one in found
    ]


def watches(found: Iterable[WatchDetail]) -> list[WatchLine]:
    """Return watches in words."""
    return [
        WatchLine(
            id=one.id,
            label=one.label or GONE[:1].upper() + GONE[1:],
            href=page_of(one.kind, one.record_id) if one.label else "",
            kind=one.kind.label,
            reason=one.reason,
            until=format_date(one.ended_at or one.until),
            alerts=one.alerts,
            is_live=one.ended_at is None and one.until >= today(),
        )
        for one in found
    ]


def recalls(found: Iterable[DisclosureDetail], bodies: Bodies) -> list[Task]:
    """Return the disclosures that were recalled and nobody has acknowledged yet."""
    return [
        Task(
            tag="Recalled",
            colour="red",
            text=f"{one.title or 'The report'}, {one.reference}, must not be used any more",
            href=reverse("disclosure", args=[one.id]),
            facts=f"{bodies[one.owner_id].name} recalled it on {format_datetime(one.recalled_at)}: "
            f"{one.recalled_because}",
        )
        for one in found
        if one.recalled_at is not None and one.acknowledged_at is None
    ]


def offers(found: Iterable[TransferDetail], bodies: Bodies) -> list[Task]:
    """Return transfers that the reader has to answer."""
    return [
        Task(
            tag="Transfer",
            colour="blue",
            text=f"{one.title}, {one.reference}",
            href=reverse("transfer", args=[one.id]),
            facts=f"{bodies[one.owner_id].name} says that it belongs to you: {one.reason}",
        )
        for one in found
    ]


def sent_back(found: Iterable[ReviewLine]) -> list[Task]:
    """Return the reader's events that a supervisor sent back."""
    return [
        Task(
            tag="Sent back",
            colour="yellow",
            text=f"{one.title}, {one.reference}",
            href=reverse("event", args=[one.event_id]),
            facts=f"{one.by}, {format_datetime(one.at)}: {one.note}",
        )
        for one in found
    ]


def alert_page(one: AlertDetail) -> str:
    """Return the address of what an alert tells of; "" where no more of it may be known."""
    if one.level is Level.POINTER or not one.is_readable:
        return ""
    if one.event_id is not None:
        return reverse("event", args=[one.event_id])
    if one.about_kind is not None and one.about_id is not None:
        return page_of(one.about_kind, one.about_id)
    return ""


def _alert_text(one: AlertDetail, bodies: Bodies) -> str:
    force = bodies[one.owner_id].name
    watched = one.record_label or GONE
    if one.level is Level.POINTER:
        return (
            f"{force} has logged something about {watched}. "
            f"No more of it is shared with you. Contact: {one.contact or force}"
        )
    if not one.is_readable:
        return f"{force} had logged something about {watched} that is no longer shared with you"
    if one.event_id is None:
        if one.about_kind is RecordKind.PERSON:
            return f"A record of {force} was linked to {watched}, or changed"
        return f"{force} changed, linked or handed on a record of {watched}"
    kind = one.kind.label if one.kind else ""
    is_said = one.title.casefold().startswith(kind.casefold())
    return one.title if is_said else f"{kind}: {one.title}"
