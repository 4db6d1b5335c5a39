"""What was logged: the whole report of an event, and a record's fields as a form shows them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from concordat.access.rules import RECORDING_ROLES, RecordKind
from concordat.audit.actions import record
from concordat.audit.rules import Operation, Subject
from concordat.base.acting import acting
from concordat.base.actor import Actor, Role
from concordat.base.clock import today
from concordat.records.errors import UnknownRecord
from concordat.records.models import Event, EventVersion, Person, Place, Review, Withheld
from concordat.records.queries.labels import Named, named
from concordat.records.queries.links import subject_kind
from concordat.records.queries.persons import content_of
from concordat.records.queries.places import PlaceDetail, describe_place
from concordat.records.rules.events import Precision, Source
from concordat.records.rules.item_keys import item_label
from concordat.records.rules.logged import RecordRef, ReviewState
from concordat.records.rules.reports import Participant, Report, Thing, Where
from concordat.records.rules.told_events import location_of
from concordat.records.rules.told_persons import person_content, person_label
from concordat.records.rules.told_persons import person_fields as fields_of_person


@dataclass(frozen=True, kw_only=True)
class ReportVersion:
    """One state that a logged event has had: its fields, and who told them."""

    number: int
    fields: dict[str, str]
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, kw_only=True)
class ReportDetail:
    """A logged event with its report, in which every record is named as the actor may read it.

    A participant, thing or place that the actor may not read keeps its id, and no label. `state`
    is "" where supervision is none of the actor's business.
    """

    id: UUID
    owner_id: int
    kind: RecordKind
    reference: str
    category: str
    outcome: str
    occurred_from: datetime
    occurred_until: datetime
    precision: Precision
    place: PlaceDetail | None
    area_id: int | None
    version: int
    recorded_by: str
    recorded_at: datetime
    report: Report
    versions: tuple[ReportVersion, ...]
    state: ReviewState | str
    transferred_from: dict[str, str]
    may_edit: bool
    may_review: bool


@dataclass(frozen=True, kw_only=True)
class Editable:
    """A record of one's own force as its form shows it: the fields of one version."""

    id: UUID
    kind: RecordKind
    version: int
    fields: dict[str, str]
    label: str


def report_of(actor: Actor, *, event_id: UUID) -> ReportDetail:
    """Return a logged event with its report and versions, and journal that `actor` looked.

    Raises UnknownRecord for an event that isn't there, that `actor` may not read, or that was
    loaded from a file and so has no report.
    """
    with acting(actor):
        detail, names = read_report(actor, event_id)
        record(
            actor,
            operation=Operation.CONSULTATION,
            action="records.report_of",
            subjects=[
                Subject("event", detail.id, detail.owner_id),
                *(Subject(subject_kind(one.kind), one.id, one.owner_id) for one in names.values()),
            ],
        )
    return detail


def person_fields(actor: Actor, *, person_id: UUID) -> Editable:
    """Return a person record of `actor`'s force as its form shows it.

    Raises UnknownRecord for one that isn't there or is another force's.
    """
    with acting(actor):
        row = Person.objects.filter(id=person_id, owner_id=actor.organisation_id).first()
        if row is None:
            raise UnknownRecord("There is no such person record of your force.")
        content = content_of(row)
        record(
            actor,
            operation=Operation.CONSULTATION,
            action="records.person_fields",
            subjects=[Subject("person", row.id, row.owner_id)],
        )
    return Editable(
        id=row.id,
        kind=RecordKind.PERSON,
        version=row.version,
        fields=fields_of_person(content),
        label=person_label(content),
    )


def read_report(reader: Actor, event_id: UUID) -> tuple[ReportDetail, Mapping[UUID, Named]]:
    """Return the report of an event and the records it names. To be called inside `acting`."""
    row = Event.objects.filter(id=event_id, source=Source.CONCORDAT).first()
    if row is None:
        raise UnknownRecord("There is no such logged event, or it is not shared with you.")
    versions = _versions(row)
    report = replace(
        Report.from_json(row.details["report"]), kind=RecordKind(row.kind),
        fields=versions[-1].fields,
    )  # fmt: skip
    refs = [RecordRef(kind, id_) for kind, id_ in _ends(report)]
    names = named(refs)
    place = Place.objects.filter(id=row.place_id).first() if row.place_id else None
    own = row.owner_id == reader.organisation_id
    review = Review.objects.filter(owner_id=row.owner_id, event_id=row.id, is_current=True).first()
    detail = ReportDetail(
        id=row.id,
        owner_id=row.owner_id,
        kind=RecordKind(row.kind),
        reference=row.reference,
        category=row.category,
        outcome=row.outcome,
        occurred_from=row.occurred_from,
        occurred_until=row.occurred_until,
        precision=Precision(row.precision),
        place=describe_place(place) if place else None,
        area_id=row.area_id,
        version=row.version,
        recorded_by=versions[0].recorded_by,
        recorded_at=versions[0].recorded_at,
        report=labelled(report, names),
        versions=versions,
        state=ReviewState(review.state) if review else "",
        transferred_from=row.details.get("transferred_from", {}),
        may_edit=own and reader.holds(*RECORDING_ROLES),
        may_review=own and reader.holds(Role.SUPERVISOR, Role.SYSTEM),
    )
    return detail, names


def fields_of_version(
    row: EventVersion, withheld: Mapping[int, Mapping[str, str]]
) -> dict[str, str]:
    """Return the fields that a version of a logged event tells, with what was withheld of it."""
    return {**row.details["report"]["fields"], **withheld.get(row.version, {})}


def withheld_of(row: Event) -> dict[int, dict[str, str]]:
    """Return what is withheld of each version of an event, as far as the actor may read it."""
    rows = Withheld.objects.filter(owner_id=row.owner_id, event_id=row.id)
    return {one.version: dict(one.fields) for one in rows}


def labelled(report: Report, names: Mapping[UUID, Named]) -> Report:
    """Return the report with the name of every record in it that may be read.

    Whoever and whatever is no record is named by what the report tells of them.
    """

    def name(one: Participant | Thing | Where, told: str) -> str:
        if one.record_id is None:
            return one.label or told
        return names[one.record_id].label if one.record_id in names else ""

    return replace(
        report,
        participants=tuple(
            replace(one, label=name(one, person_label(person_content(one.fields, today=today()))))
            for one in report.participants
        ),
        things=tuple(
            replace(one, label=name(one, item_label(one.kind, one.fields))) for one in report.things
        ),
        places=tuple(
            replace(one, label=name(one, location_of(one.fields))) for one in report.places
        ),
    )


def _ends(report: Report) -> list[tuple[RecordKind, UUID]]:
    return [
        *((RecordKind.PERSON, one.record_id) for one in report.participants if one.record_id),
        *((one.kind, one.record_id) for one in report.things if one.record_id),
        *((RecordKind.PLACE, one.record_id) for one in report.places if one.record_id),
    ]


def _versions(row: Event) -> tuple[ReportVersion, ...]:
    withheld = withheld_of(row)
    versions = EventVersion.objects.filter(owner_id=row.owner_id, event_id=row.id)
    return tuple(
        ReportVersion(
            number=version.version,
            fields=fields_of_version(version, withheld),
            recorded_by=version.recorded_by,
            recorded_at=version.recorded_at,
        )
        for version in versions.order_by("version")
    )
