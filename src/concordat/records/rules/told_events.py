"""What a report comes to as an event: when it happened, what it counts as, what may be shared."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from concordat.access.rules import RecordKind
from concordat.base.clock import LONDON, midnight
from concordat.records.rules.catalogue import (
    REASON_BY_CODE,
    ROLE_BY_CODE,
    crime_type_of,
    label_of,
    uses_of,
)
from concordat.records.rules.events import Precision
from concordat.records.rules.handling import kind_under
from concordat.records.rules.outcomes import OUTCOME_BY_CODE
from concordat.records.rules.reports import Report
from concordat.records.rules.standards import check

WITHHELD: Final = frozenset({"information", "provenance"})
"""Fields of intelligence reports that no agreement shares: they may reveal the source."""

INTELLIGENCE: Final = (RecordKind.INTELLIGENCE, RecordKind.INTELLIGENCE_CONDITIONAL)
AT_PLACE: Final = "at"
"""The reason of a link between an event and one of its further places."""

_ADDRESS: Final = ("house", "street", "area", "town", "postcode")
_WHEN: Final = ("occurred", "intelligence", "last_seen", "reported")
"""The beginnings of fields that tell when it happened: the first that is told counts."""


@dataclass(frozen=True, kw_only=True)
class Occurred:
    """When something happened: at or after `start` and before `end`, as exactly as is known."""

    start: datetime
    end: datetime
    precision: Precision


def settled_kind(report: Report) -> Report:
    """Return the report under the kind that its handling code makes it.

    Intelligence is under conditions unless its code is P.
    """
    if report.kind not in INTELLIGENCE:
        return report
    code = report.value("handling_code").upper()
    return replace(report, kind=kind_under(code if code == "P" else "C"))


def occurred(fields: Mapping[str, str], *, at: datetime) -> Occurred:
    """Return when an event happened; `at` is when it is logged, for a report that doesn't say.

    What can't be read as a day or time counts as not told.
    """
    today = at.astimezone(LONDON).date()
    told = (_told(fields, name, today) for name in _WHEN)
    day, clock = next(((day, clock) for day, clock in told if day), (today, None))
    last_day, last_clock = _told(fields, "occurred_until", today)
    start = _moment(day, clock)
    end = start + (timedelta(minutes=1) if clock else timedelta(days=1))
    if last_day or last_clock:
        last = _moment(last_day or day, last_clock)
        end = max(end, last + (timedelta(minutes=1) if last_clock else timedelta(days=1)))
    return Occurred(start=start, end=end, precision=Precision.MINUTE if clock else Precision.DAY)


def _told(fields: Mapping[str, str], name: str, today: date) -> tuple[date | None, time | None]:
    day = _day(fields.get(f"{name}_date", ""), today)
    return day, _clock(fields.get(f"{name}_time", ""), today)


def _day(text: str, today: date) -> date | None:
    try:
        return date.fromisoformat(check("date", text, today=today).form) if text.strip() else None
    except ValueError:
        return None


def _clock(text: str, today: date) -> time | None:
    try:
        return time.fromisoformat(check("time", text, today=today).form) if text.strip() else None
    except ValueError:
        return None


def _moment(day: date, clock: time | None) -> datetime:
    if clock is None:
        return midnight(day)
    return datetime.combine(day, clock, tzinfo=LONDON).astimezone(UTC)


def location_of(fields: Mapping[str, str]) -> str:
    """Return a place in one line: "14 Invented Street, Nowhere, SS99 9ZZ"."""
    told = {code: fields.get(code, "").strip() for code in _ADDRESS}
    street = f"{told['house']} {told['street']}".strip()
    return ", ".join(filter(None, (street, told["area"], told["town"], told["postcode"])))


def category_of(report: Report) -> str:
    """Return what an event counts as: the type of crime, the object of a search, or its kind."""
    if report.kind is RecordKind.CRIME:
        told = crime_type_of(report.value("ho_class")) or report.value("crime_type")
        return told or "Other crime"
    if report.kind is RecordKind.STOP_SEARCH:
        return report.value("object") or "Object not recorded"
    if report.kind in INTELLIGENCE:
        return RecordKind.INTELLIGENCE.label
    return report.kind.label


def outcome_of(report: Report) -> str:
    """Return the outcome in words, "" if there is none yet."""
    code = report.value("outcome")
    if report.kind is RecordKind.CRIME:
        found = OUTCOME_BY_CODE.get(code)
        return (found.label if found.counts else "") if found else code
    return label_of("stop_outcomes", code) if report.kind is RecordKind.STOP_SEARCH else code


def title_of(kind: RecordKind, category: str, fields: Mapping[str, str] | None = None) -> str:
    """Return what an event is called in a line."""
    if kind in INTELLIGENCE and fields and fields.get("title", "").strip():
        return fields["title"].strip()
    if kind is RecordKind.STOP_SEARCH and category:
        return f"{kind.label}: {category[:1].lower()}{category[1:]}"
    return category or kind.label


def report_fingerprint(report: Report) -> str:
    """Return 32 hexadecimal digits made of all that a report tells."""
    text = json.dumps(report.as_json(), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def tie_label(reason: str, *, kind: RecordKind, from_left: bool = True) -> str:
    """Return what a link says, read from one end: a role, a use, or a coded reason.

    `kind` is that of the left end, which says of which uses the code is one.
    """
    if reason == AT_PLACE:
        return "Happened here" if from_left else "Place"
    part = part_label(reason, kind=kind)
    if part:
        return part
    found = REASON_BY_CODE.get(reason)
    if found is None:
        return reason
    return found.label if from_left else found.inverse


def part_label(code: str, *, kind: RecordKind) -> str:
    """Return as what somebody or something of a kind was in an event, "" for other reasons."""
    if kind is RecordKind.PERSON and code in ROLE_BY_CODE:
        return ROLE_BY_CODE[code].label
    return next((one.label for one in uses_of(kind) if one.code == code), "")
