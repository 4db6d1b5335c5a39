"""The columns of what is stored when something is logged or amended, by their names."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from concordat.access.rules import RecordKind
from concordat.base.actor import Actor
from concordat.base.ids import new_id
from concordat.records.actions.recording import insert, signature
from concordat.records.models import Withheld
from concordat.records.rules.item_keys import item_label
from concordat.records.rules.logged import Confidence, ReviewState
from concordat.records.rules.persons import PersonContent, missing_parts
from concordat.records.rules.reports import Report
from concordat.records.rules.told_events import (
    WITHHELD,
    category_of,
    occurred,
    outcome_of,
    report_fingerprint,
)
from concordat.records.rules.told_persons import content_fingerprint

_TEXTS = (
    "date_of_birth", "date_of_birth_form", "sex", "gender", "ethnicity_self_defined",
    "ethnicity_observed", "nationality", "birth_place", "occupation",
)  # fmt: skip
_LISTS = ("names", "identifiers", "addresses", "phones", "emails", "notices")


def person_columns(by: Actor, content: PersonContent, *, at: datetime) -> dict[str, object]:
    """Return the columns of what is told of a person, who told it, and when."""
    return {
        "owner_id": by.organisation_id,
        "kind": RecordKind.PERSON.value,
        **{name: getattr(content, name) for name in _TEXTS},
        **{name: [part.as_json() for part in getattr(content, name)] for name in _LISTS},
        "description": content.description,
        "missing": int(missing_parts(content)),
        "content": UUID(content_fingerprint(content)),
        "load_file_id": None,
        "line": 0,
        "recorded_at": at,
        "recorded_by": signature(by),
    }


def item_columns(
    by: Actor, kind: RecordKind, content: Mapping[str, str], *, at: datetime
) -> dict[str, object]:
    """Return the columns of what is told of a thing, who told it, and when."""
    return {
        "owner_id": by.organisation_id,
        "kind": kind.value,
        "label": item_label(kind, content),
        "content": dict(content),
        "recorded_at": at,
        "recorded_by": signature(by),
    }


def event_columns(
    by: Actor, report: Report, *, at: datetime, origin: Mapping[str, str]
) -> dict[str, Any]:
    """Return the columns of what a report comes to, without those of its place."""
    when = occurred(report.fields, at=at)
    shared = replace(
        report,
        fields={code: text for code, text in report.fields.items() if code not in WITHHELD},
    )
    details: dict[str, Any] = {"report": shared.as_json()}
    if origin:
        details["transferred_from"] = dict(origin)
    return {
        "owner_id": by.organisation_id,
        "kind": report.kind.value,
        "category": category_of(report),
        "outcome": outcome_of(report),
        "occurred_from": when.start,
        "occurred_until": when.end,
        "precision": when.precision.value,
        "details": details,
        "content": UUID(report_fingerprint(report)),
        "load_file_id": None,
        "line": 0,
        "recorded_at": at,
        "recorded_by": signature(by),
    }


def store_withheld(
    by: Actor, kind: RecordKind, event_id: UUID, version: int, fields: Mapping[str, str]
) -> None:
    """Store what a version of a report tells that is for its own force alone."""
    if not any(text.strip() for text in fields.values()):
        return
    conditional = kind is RecordKind.INTELLIGENCE_CONDITIONAL
    insert(
        Withheld,
        [
            {
                "owner_id": by.organisation_id,
                "kind": (kind if conditional else RecordKind.WORK).value,
                "event_id": event_id,
                "version": version,
                "fields": dict(fields),
            }
        ],
    )


def first_review(
    by: Actor, kind: RecordKind, event_id: UUID, *, at: datetime, number: int = 1
) -> dict[str, Any]:
    """Return the columns of the step by which an event waits for review."""
    return {
        "owner_id": by.organisation_id,
        "kind": RecordKind.WORK.value,
        "event_id": event_id,
        "event_compartment": by.organisation_id * 100 + kind,
        "number": number,
        "state": ReviewState.WAITING.value,
        "note": "",
        "by_id": by.person_id,
        "by": by.person_name,
        "to_id": None,
        "to": "",
        "recorded_by_id": by.person_id,
        "recorded_by": by.person_name,
        "at": at,
        "is_current": True,
    }


def link_columns(
    by: Actor,
    *,
    at: datetime,
    left: tuple[RecordKind, UUID, int],
    right: tuple[RecordKind, UUID, int],
    reason: str,
    confidence: Confidence = Confidence.HIGH,
    assessment: bool = False,
    event_id: UUID | None = None,
    **told: object,
) -> dict[str, Any]:
    """Return the columns of a link. Each end is a kind, an id and a compartment."""
    return {
        "id": new_id(),
        "owner_id": by.organisation_id,
        "kind": RecordKind.LINK.value,
        "left_kind": left[0].value,
        "left_id": left[1],
        "left_compartment": int(left[2]),
        "right_kind": right[0].value,
        "right_id": right[1],
        "right_compartment": int(right[2]),
        "reason": reason,
        "since": None,
        "until": None,
        "stated_by": signature(by),
        "confidence": confidence.value,
        "assessment": assessment,
        "event_id": event_id,
        "recorded_at": at,
        "recorded_by": signature(by),
        "ended_at": None,
        "ended_by": "",
        "ended_because": "",
        **told,
    }
