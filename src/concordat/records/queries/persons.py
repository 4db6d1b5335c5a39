"""Persons: summaries by id, one with its history, warnings about them, how complete they are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from concordat.audit.actions import record
from concordat.audit.rules import Operation, Subject
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.records.errors import UnknownRecord
from concordat.records.models import (
    LoadFile,
    Person,
    PersonConflict,
    PersonVersion,
    WarningMarker,
)
from concordat.records.rules.persons import (
    Address,
    Contact,
    FieldNotice,
    Identifier,
    Missing,
    PersonContent,
    PersonName,
)


@dataclass(frozen=True, kw_only=True)
class WarningDetail:
    """One state of a warning about a person. It holds unless `ended_on` is given."""

    person_id: UUID
    owner_id: int
    code: str
    text: str
    evidence: str
    since: date | None
    review_date: date | None
    ended_on: date | None
    version: int
    file_name: str
    line: int
    recorded_at: datetime
    recorded_by: str = ""


@dataclass(frozen=True, kw_only=True)
class PersonSummary:
    """A person record as it is now: all that is told, and where it comes from.

    What was logged comes from nobody's file, but was recorded by somebody (`recorded_by`).

    `warnings` are those that hold, and that the actor may read. `file_name` is empty where the
    owner's load reports aren't the actor's to read. `missing` are parts of the POLE minimum.
    """

    id: UUID
    owner_id: int
    source: str
    reference: str
    version: int
    in_conflict: bool
    content: PersonContent
    missing: tuple[str, ...]
    warnings: tuple[WarningDetail, ...]
    file_name: str
    line: int
    recorded_at: datetime
    recorded_by: str = ""


@dataclass(frozen=True, kw_only=True)
class PersonVersionDetail:
    """What one source row told of a person. `number` is 0 for a row in conflict."""

    number: int
    content: PersonContent
    file_name: str
    line: int
    recorded_at: datetime
    recorded_by: str = ""


@dataclass(frozen=True, kw_only=True)
class PersonDetail:
    """A person record with every version, what contradicts it, and every state of its warnings."""

    current: PersonSummary
    versions: tuple[PersonVersionDetail, ...]
    conflicts: tuple[PersonVersionDetail, ...]
    warning_history: tuple[WarningDetail, ...]


@dataclass(frozen=True, kw_only=True)
class Completeness:
    """How many of one owner's person records meet the POLE minimum, and how many lack what."""

    total: int
    complete: int
    lacking: dict[str, int]


def persons(actor: Actor, *, ids: Sequence[UUID]) -> list[PersonSummary]:
    """Return those of these person records that `actor` may read, in the order of `ids`."""
    with acting(actor):
        rows = {row.id: row for row in Person.objects.filter(id__in=ids)}
        found = _summaries([rows[id_] for id_ in dict.fromkeys(ids) if id_ in rows])
        record(
            actor,
            operation=Operation.CONSULTATION,
            action="records.persons",
            subjects=_subjects(found),
            details={"asked": len(ids)},
        )
    return found


def person(actor: Actor, *, person_id: UUID) -> PersonDetail:
    """Return one person record with its history, and journal that `actor` looked.

    Raises UnknownRecord alike for a record that isn't there and one that `actor` may not read.
    """
    with acting(actor):
        row = Person.objects.filter(id=person_id).first()
        if row is None:
            raise UnknownRecord("There is no such person record, or it is not shared with you.")
        (current,) = _summaries([row])
        versions = PersonVersion.objects.filter(owner_id=row.owner_id, person_id=person_id)
        conflicts = PersonConflict.objects.filter(owner_id=row.owner_id, person_id=person_id)
        told: list[PersonVersion | PersonConflict] = [
            *versions.order_by("version"),
            *conflicts.order_by("id"),
        ]
        details = _versions(told)
        history = _warnings({person_id: row.owner_id})
        record(
            actor,
            operation=Operation.CONSULTATION,
            action="records.person",
            subjects=_subjects([current]),
        )
    return PersonDetail(
        current=current,
        versions=tuple(part for part in details if part.number),
        conflicts=tuple(part for part in details if not part.number),
        warning_history=tuple(history[person_id]),
    )


def warning_markers(actor: Actor, *, person_ids: Sequence[UUID]) -> list[WarningDetail]:
    """Return the warnings that hold about these persons, as far as `actor` may read both."""
    with acting(actor):
        readable = dict(Person.objects.filter(id__in=person_ids).values_list("id", "owner_id"))
        found = [warning for told in _warnings(readable).values() for warning in _holding(told)]
        record(
            actor,
            operation=Operation.CONSULTATION,
            action="records.warning_markers",
            subjects=[Subject("person", w.person_id, w.owner_id) for w in found],
            details={"asked": len(person_ids)},
        )
    return found


def completeness(actor: Actor, *, owner_id: int) -> Completeness:
    """Return how complete one owner's person records are, as far as `actor` may read them."""
    with acting(actor), connection.cursor() as cursor:
        cursor.execute(
            "SELECT missing, count(*) FROM records_person WHERE owner_id = %s GROUP BY missing",
            [owner_id],
        )
        counted = dict(cursor.fetchall())
        record(
            actor,
            operation=Operation.CONSULTATION,
            action="records.completeness",
            details={"owner": owner_id},
        )
    return Completeness(
        total=sum(counted.values()),
        complete=counted.get(0, 0),
        lacking={
            part.label: sum(count for missing, count in counted.items() if missing & part)
            for part in Missing
        },
    )


def _summaries(rows: Sequence[Person]) -> list[PersonSummary]:
    warnings = _warnings({row.id: row.owner_id for row in rows})
    files = _file_names(row.load_file_id for row in rows)
    return [
        PersonSummary(
            id=row.id,
            owner_id=row.owner_id,
            source=row.source,
            reference=row.reference,
            version=row.version,
            in_conflict=row.in_conflict,
            content=content_of(row),
            missing=tuple(part.label for part in Missing(row.missing)),
            warnings=tuple(_holding(warnings[row.id])),
            file_name=files.get(row.load_file_id, "") if row.load_file_id else "",
            line=row.line,
            recorded_at=row.recorded_at,
            recorded_by=row.recorded_by,
        )
        for row in rows
    ]


def _versions(rows: Sequence[PersonVersion | PersonConflict]) -> list[PersonVersionDetail]:
    files = _file_names(row.load_file_id for row in rows)
    return [
        PersonVersionDetail(
            number=row.version if isinstance(row, PersonVersion) else 0,
            content=content_of(row),
            file_name=files.get(row.load_file_id, "") if row.load_file_id else "",
            line=row.line,
            recorded_at=row.recorded_at,
            recorded_by=row.recorded_by,
        )
        for row in rows
    ]


def _warnings(owners: Mapping[UUID, int]) -> defaultdict[UUID, list[WarningDetail]]:
    """Return every state of the warnings about persons, given with their owners, latest last."""
    found = defaultdict(list)
    markers = list(
        WarningMarker.objects.filter(
            owner_id__in=set(owners.values()), person_id__in=list(owners)
        ).order_by("code", "version")
    )
    files = _file_names(marker.load_file_id for marker in markers)
    for marker in markers:
        found[marker.person_id].append(
            WarningDetail(
                person_id=marker.person_id,
                owner_id=marker.owner_id,
                code=marker.code,
                text=marker.text,
                evidence=marker.evidence,
                since=marker.since,
                review_date=marker.review_date,
                ended_on=marker.ended_on,
                version=marker.version,
                file_name=files.get(marker.load_file_id, "") if marker.load_file_id else "",
                line=marker.line,
                recorded_at=marker.recorded_at,
                recorded_by=marker.recorded_by,
            )
        )
    return found


def _holding(told: Sequence[WarningDetail]) -> list[WarningDetail]:
    current = {warning.code: warning for warning in told}
    return [warning for warning in current.values() if warning.ended_on is None]


def _file_names(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    wanted = {id_ for id_ in ids if id_ is not None}
    return dict(LoadFile.objects.filter(id__in=wanted).values_list("id", "name")) if wanted else {}


def _subjects(found: Sequence[PersonSummary]) -> list[Subject]:
    return [Subject("person", person.id, person.owner_id) for person in found]


def content_of(row: Person | PersonVersion | PersonConflict) -> PersonContent:
    """Return what a stored row tells of a person."""
    return PersonContent(
        names=[PersonName.from_json(told) for told in row.names],
        date_of_birth=row.date_of_birth,
        date_of_birth_form=row.date_of_birth_form,
        sex=row.sex,
        gender=row.gender,
        ethnicity_self_defined=row.ethnicity_self_defined,
        ethnicity_observed=row.ethnicity_observed,
        nationality=row.nationality,
        birth_place=row.birth_place,
        occupation=row.occupation,
        identifiers=[Identifier.from_json(told) for told in row.identifiers],
        addresses=[Address.from_json(told) for told in row.addresses],
        phones=[Contact.from_json(told) for told in row.phones],
        emails=[Contact.from_json(told) for told in row.emails],
        description=dict(row.description),
        notices=[FieldNotice.from_json(told) for told in row.notices],
    )
