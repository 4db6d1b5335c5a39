"""Things in words: what they are, whether they are stolen, who has had them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from concordat.access.rules import RecordKind
from concordat.organisations.queries import OrganisationSummary
from concordat.records.queries import ItemDetail, TimelineEntry
from concordat.web.formatting import format_date, format_datetime
from concordat.web.presenters import events, reports
from concordat.web.presenters.addresses import page_of
from concordat.web.presenters.agreements import sentence
from concordat.web.presenters.relations import Version

Bodies = Mapping[int, OrganisationSummary]

IN_CUSTODY: Final = (RecordKind.WEAPON, RecordKind.PROPERTY)
"""The kinds that have a chain of custody from the first."""

_MARKS: Final = {
    RecordKind.VEHICLE: "mark",
    RecordKind.WEAPON: "serial",
    RecordKind.PHONE: "number",
    RecordKind.ACCOUNT: "address",
    RecordKind.PROPERTY: "serial",
    RecordKind.DOCUMENT: "number",
    RecordKind.BUSINESS: "name",
}
_SAME_BY: Final = {
    RecordKind.VEHICLE: "registration mark",
    RecordKind.WEAPON: "serial number",
    RecordKind.PHONE: "number",
    RecordKind.ACCOUNT: "address",
    RecordKind.PROPERTY: "serial number",
    RecordKind.DOCUMENT: "number",
    RecordKind.BUSINESS: "name",
}
_ALARMS: Final = ("stolen", "cloned plates suspected", "false or forged suspected")
_NOTABLE: Final = (*_ALARMS, "recovered", "seized", "found", "used")
_PARTS_OF_A_MARK = 4
_LONGEST_MARK = 7


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One thing to know before all else: "Stolen", when, and where it says so."""

    title: str
    text: str
    owner: str
    owner_id: int
    href: str
    link: str
    is_alarm: bool


def heading(item: ItemDetail) -> tuple[str, str]:
    """Return what a thing is known by, to stand in a frame, and the rest of its name."""
    mark = item.content.get(_MARKS[item.kind], "").strip()
    if item.kind is RecordKind.VEHICLE and mark:
        return spaced_mark(mark), _described(item)
    if item.kind in (RecordKind.WEAPON, RecordKind.PROPERTY):
        return "", _described(item) or item.label
    return "", item.label


def title(item: ItemDetail) -> str:
    """Return the name a thing goes by, in one line."""
    return " ".join(filter(None, heading(item))) or item.kind.label


def spaced_mark(mark: str) -> str:
    """Return a mark of today's pattern with its space: "AB12 CDE"; any other as it is."""
    tight = mark.replace(" ", "").upper()
    is_current = len(tight) == _LONGEST_MARK and tight[2:4].isdigit() and tight[4:].isalpha()
    return f"{tight[:_PARTS_OF_A_MARK]} {tight[_PARTS_OF_A_MARK:]}" if is_current else mark


def rows(item: ItemDetail) -> list[tuple[str, str]]:
    """Return what is recorded of a thing, as pairs."""
    return reports.field_rows(item.kind, item.content)


def standing(entries: Iterable[TimelineEntry], bodies: Bodies) -> list[Standing]:
    """Return what a thing was in events that bears on how to meet it, the latest first.

    It alarms unless something calmer was said later: a car that was recovered is not stolen.
    """
    lines: list[Standing] = []
    calmed = False
    for entry in entries:
        for what in entry.as_what:
            if what.lower() not in _NOTABLE:
                continue
            is_alarm = what.lower() in _ALARMS and not calmed
            calmed = calmed or what.lower() in ("recovered", "found")
            lines.append(_standing(entry, what, is_alarm=is_alarm, bodies=bodies))
    return lines


def same_by(kind: RecordKind) -> str:
    """Return what makes two records of a kind the same thing."""
    return _SAME_BY[kind]


def same_rows(item: ItemDetail, bodies: Bodies) -> list[list[object]]:
    """Return the records of the same thing, as cells: record, force, what it says, when."""
    return [
        [
            {"text": one.label, "href": page_of(one.kind, one.id)},
            bodies[one.owner_id].name,
            "; ".join(
                f"{name}: {value}" for name, value in reports.field_rows(one.kind, one.content)
            ),
            format_date(one.recorded_at),
        ]
        for one in item.same
    ]


def custody_rows(item: ItemDetail) -> list[list[object]]:
    """Return the chain of custody as cells, the latest step first."""
    return [
        [
            format_datetime(step.at),
            step.from_whom or "Not recorded",
            step.to_whom,
            step.where,
            step.seal or "None",
            step.note,
            step.recorded_by,
        ]
        for step in reversed(item.continuity)
    ]


def versions(item: ItemDetail) -> Sequence[Version]:
    """Return every state that a thing's record has had."""
    return [
        Version(number=one.number, fields=one.content, by=one.recorded_by, at=one.recorded_at)
        for one in item.versions
    ]


def _described(item: ItemDetail) -> str:
    """Return a thing without its mark: "Red Ford Focus", "Pistol, Walther P99"."""
    labels = dict(reports.coded_rows(item.kind, item.content))
    if item.kind is RecordKind.VEHICLE:
        parts = [labels.get(code, "") for code in ("colour", "make", "model", "body")]
        return sentence(" ".join(filter(None, parts)))
    parts = [labels.get("weapon_type", "")] if item.kind is RecordKind.WEAPON else []
    named = " ".join(filter(None, (labels.get("make", ""), labels.get("model", ""))))
    return sentence(", ".join(filter(None, (*parts, named, labels.get("description", "")))))


def _standing(entry: TimelineEntry, what: str, *, is_alarm: bool, bodies: Bodies) -> Standing:
    when = events.moment(entry.occurred_from, entry.precision)
    return Standing(
        title=what,
        text=f"{what}: {when}.",
        owner=bodies[entry.owner_id].name,
        owner_id=entry.owner_id,
        href=page_of(entry.kind, entry.event_id),
        link=" ".join(filter(None, (entry.title, entry.reference))),
        is_alarm=is_alarm,
    )
