"""What was logged, in words: every field by the catalogue's label, no code without its meaning."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from concordat.access.rules import RecordKind
from concordat.records.rules import catalogue
from concordat.records.rules.catalogue import Field
from concordat.records.rules.reports import Participant, Report, Thing
from concordat.web.formatting import shown
from concordat.web.presenters.agreements import listed, sentence

NOT_SHARED: Final = "A record that is not shared with you"
FACT = "Fact"
ASSESSMENT = "Assessment"

_PAIRS: Final = {
    "occurred_date": ("occurred_time", "When"),
    "occurred_until_date": ("occurred_until_time", "Until"),
    "reported_date": ("reported_time", "Reported"),
    "last_seen_date": ("last_seen_time", "Last seen"),
}
"""A day, the time that belongs to it, and what both together are called."""


@dataclass(frozen=True, kw_only=True)
class PersonLine:
    """Somebody in an event, in words. `assessment` is "Fact" or "Assessment"."""

    label: str
    record_id: UUID | None
    owner_id: int | None
    roles: str
    categories: str
    standing: str
    note: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class ThingLine:
    """A thing in an event, in words."""

    label: str
    kind: str
    record_id: UUID | None
    owner_id: int | None
    uses: str
    rows: tuple[tuple[str, str], ...]


def field_rows(kind: RecordKind, fields: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what fields say as pairs, in the catalogue's order; then what it doesn't know."""
    known = {field.code: field for field in catalogue.fields_of(kind)}
    rows: list[tuple[str, str]] = []
    done: set[str] = set()
    for code, field in known.items():
        if code in done or not fields.get(code, "").strip():
            continue
        time_code, name = _PAIRS.get(code, ("", field.label))
        time = fields.get(time_code, "").strip()
        rows.append((name, ", ".join(filter(None, (value_text(field, fields[code]), time)))))
        done |= {code, time_code}
    others = (code for code in fields if code not in known and fields[code].strip())
    return rows + [(spelled(code), fields[code]) for code in others]


def coded_rows(kind: RecordKind, fields: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what known fields say, in words, by their code."""
    return [
        (field.code, value_text(field, fields[field.code]))
        for field in catalogue.fields_of(kind)
        if fields.get(field.code, "").strip()
    ]


def value_text(field: Field, text: str) -> str:
    """Return one value as people read it: a day in words, a choice by its label."""
    text = text.strip()
    if field.choices:
        return catalogue.label_of(field.choices, text)
    return shown(text) if field.input == "date" else text


def field_label(kind: RecordKind, code: str) -> str:
    """Return what a field is called."""
    field = catalogue.field_of(kind, code)
    return field.label if field else spelled(code)


def spelled(code: str) -> str:
    """Return a code that no list explains as words."""
    return sentence(code.replace("_", " ").replace("-", " "))


def role_labels(codes: Iterable[str]) -> str:
    """Return roles in words: "Suspect and arrested"."""
    known = catalogue.ROLE_BY_CODE
    return _joined(known[code].label if code in known else spelled(code) for code in codes)


def category_labels(codes: Iterable[str]) -> str:
    """Return the statutory categories that follow from roles, in words."""
    known = catalogue.ROLE_BY_CODE
    found = dict.fromkeys(known[code].category for code in codes if code in known)
    return "; ".join(catalogue.CATEGORIES.get(category, spelled(category)) for category in found)


def use_labels(kind: RecordKind, codes: Iterable[str]) -> str:
    """Return how a thing was used, in words."""
    labels = {use.code: use.label for use in catalogue.uses_of(kind)}
    return _joined(labels.get(code, spelled(code)) for code in codes)


def person_lines(report: Report, names: Mapping[UUID, str]) -> list[PersonLine]:
    """Return the people of a report. `names` are those of records as they stand now."""
    return [_person_line(one, names) for one in report.participants]


def thing_lines(report: Report) -> list[ThingLine]:
    """Return the things of a report."""
    return [_thing_line(one) for one in report.things]


def changes(
    kind: RecordKind, before: Mapping[str, str], after: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    """Return what changed from one version to the next: field, before, after, in words."""
    old, new = dict(field_rows(kind, before)), dict(field_rows(kind, after))
    return [
        (name, old.get(name, ""), new.get(name, ""))
        for name in dict.fromkeys((*old, *new))
        if old.get(name, "") != new.get(name, "")
    ]


def _person_line(one: Participant, names: Mapping[UUID, str]) -> PersonLine:
    rows = field_rows(RecordKind.PERSON, one.fields)
    name = names.get(one.record_id, "") if one.record_id else ""
    typed = " ".join(filter(None, (one.fields.get("given_names"), one.fields.get("surname"))))
    told = one.label or name or typed
    is_hidden = one.record_id is not None and not told
    return PersonLine(
        label=NOT_SHARED if is_hidden else told or "A person whose name is not known",
        record_id=None if is_hidden else one.record_id,
        owner_id=one.owner_id,
        roles=role_labels(one.roles) or "Role not recorded",
        categories=category_labels(one.roles),
        standing=ASSESSMENT if one.assessment else FACT,
        note=one.note,
        rows=tuple(rows),
    )


def _thing_line(one: Thing) -> ThingLine:
    rows = field_rows(one.kind, one.fields)
    is_hidden = one.record_id is not None and not one.label
    return ThingLine(
        label=NOT_SHARED if is_hidden else one.label or (rows[0][1] if rows else one.kind.label),
        kind=one.kind.label,
        record_id=None if is_hidden else one.record_id,
        owner_id=one.owner_id,
        uses=use_labels(one.kind, one.uses),
        rows=tuple(rows),
    )


def _joined(labels: Iterable[str]) -> str:
    words = list(labels)
    return listed([word if number == 0 else word.lower() for number, word in enumerate(words)])
