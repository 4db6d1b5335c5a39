"""Amending what was logged: a new version each time, and nobody's change is overwritten."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from concordat.access.rules import RecordKind
from concordat.audit.actions import record
from concordat.audit.rules import Operation, Subject
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.base.clock import now, today
from concordat.identity.actions import observe
from concordat.records.actions.citing import check_citations
from concordat.records.actions.columns import (
    event_columns,
    first_review,
    item_columns,
    person_columns,
    store_withheld,
)
from concordat.records.actions.recording import (
    Touched,
    check_can_amend,
    check_can_record,
    insert,
    tell,
)
from concordat.records.actions.storing import (
    observed,
    store_keys,
    touched_item,
)
from concordat.records.errors import EditConflict, NotReady, UnknownRecord, WrongDetails
from concordat.records.models import (
    Event,
    EventVersion,
    Item,
    ItemKey,
    ItemVersion,
    Person,
    PersonVersion,
    Review,
)
from concordat.records.queries.persons import content_of
from concordat.records.queries.reports import fields_of_version, withheld_of
from concordat.records.rules.events import Source
from concordat.records.rules.item_keys import item_keys
from concordat.records.rules.logged import ReviewState
from concordat.records.rules.merging import merge
from concordat.records.rules.readiness import readiness
from concordat.records.rules.reports import Report
from concordat.records.rules.told_events import WITHHELD, settled_kind
from concordat.records.rules.told_persons import amended, person_fields


@dataclass(frozen=True)
class Amended:
    """The version that is current after an amendment."""

    version: int


def amend_event(
    actor: Actor, *, event_id: UUID, base_version: int, fields: Mapping[str, str]
) -> Amended:
    """Change fields of a logged event; `base_version` is the one that was on the screen.

    What others changed since then stays. An event that was sent back waits for review again.
    Raises EditConflict if they changed the same fields, NotReady if the event can't stand so,
    NotAllowedToRecord for another force's, UnknownRecord, WrongDetails.
    """
    check_can_record(actor)
    with acting(actor):
        row = _locked(Event, event_id, actor, source=Source.CONCORDAT)
        versions = _event_fields(row)
        values = _merged(versions, base_version, row.version, fields)
        if values == versions[row.version]:
            return Amended(row.version)
        before = replace(Report.from_json(row.details["report"]), kind=RecordKind(row.kind))
        report = _checked(before, values)
        version = row.version + 1
        _store_event(actor, row, report, version)
        _wait_again(actor, row)
        tell(actor, touched=_parts_of(report), event_id=row.id, kind=report.kind)
        _journal(actor, "records.amend_event", Subject("event", row.id, row.owner_id), version)
    return Amended(version)


def amend_person(
    actor: Actor, *, person_id: UUID, base_version: int, fields: Mapping[str, str]
) -> Amended:
    """Change fields of a person record; `base_version` is the one that was on the screen.

    Who they are is decided anew. Raises EditConflict, NotAllowedToRecord, UnknownRecord.
    """
    check_can_record(actor)
    with acting(actor):
        row = _locked(Person, person_id, actor)
        rows = PersonVersion.objects.filter(owner_id=row.owner_id, person_id=person_id)
        versions = {one.version: person_fields(content_of(one)) for one in rows}
        values = _merged(versions, base_version, row.version, fields)
        if values == versions[row.version]:
            return Amended(row.version)
        gone = dict.fromkeys(versions[row.version].keys() - values.keys(), "")
        content = amended(content_of(row), gone | values, today=today())
        version = row.version + 1
        told = person_columns(actor, content, at=now())
        insert(PersonVersion, [{"person_id": row.id, "version": version, **told}])
        Person.objects.filter(id=row.id).update(version=version, **told)
        observe(actor, records=[observed(actor, row.id, version, content)])
        touched = Touched(kind=RecordKind.PERSON, id=row.id, owner_id=row.owner_id)
        tell(actor, touched=[touched])
        _journal(actor, "records.amend_person", touched.subject, version)
    return Amended(version)


def amend_item(
    actor: Actor, *, item_id: UUID, base_version: int, fields: Mapping[str, str]
) -> Amended:
    """Change fields of a thing's record; `base_version` is the one that was on the screen.

    Raises EditConflict, NotAllowedToRecord, UnknownRecord.
    """
    check_can_record(actor)
    with acting(actor):
        row = _locked(Item, item_id, actor)
        rows = ItemVersion.objects.filter(owner_id=row.owner_id, item_id=item_id)
        versions = {one.version: dict(one.content) for one in rows}
        values = _merged(versions, base_version, row.version, fields)
        if values == versions[row.version]:
            return Amended(row.version)
        kind, version = RecordKind(row.kind), row.version + 1
        told = item_columns(actor, kind, values, at=now())
        insert(ItemVersion, [{"item_id": row.id, "version": version, **told}])
        Item.objects.filter(id=row.id).update(version=version, **told)
        keys = item_keys(kind, values)
        known = ItemKey.objects.filter(owner_id=row.owner_id, key__in=keys, item_id=row.id)
        had = set(known.values_list("key", flat=True))
        store_keys(actor, kind, row.id, [key for key in keys if key not in had])
        touched = touched_item(actor, kind, row.id, keys)
        tell(actor, touched=[touched])
        _journal(actor, "records.amend_item", touched.subject, version)
    return Amended(version)


def _locked(model: Any, record_id: UUID, by: Actor, **more: object) -> Any:  # noqa: ANN401
    """Return a record of one's own, that nobody else changes until this is done."""
    row = model.objects.filter(id=record_id, **more).first()
    if row is None:
        raise UnknownRecord("There is no such record, or it is not shared with you.")
    check_can_amend(by, owner_id=row.owner_id)
    return model.objects.select_for_update(of=("self",)).get(id=record_id)


def _merged(
    versions: Mapping[int, Mapping[str, str]],
    base_version: int,
    current: int,
    fields: Mapping[str, str],
) -> dict[str, str]:
    """Return what is stored with what was changed on the screen, or raise EditConflict."""
    if base_version not in versions:
        raise WrongDetails("There is no such version of this record.")
    base = versions[base_version]
    merged = merge(base, {**base, **fields}, versions[current])
    if merged.conflicts:
        raise EditConflict(merged, current)
    return merged.values


def _event_fields(row: Event) -> dict[int, dict[str, str]]:
    withheld = withheld_of(row)
    versions = EventVersion.objects.filter(owner_id=row.owner_id, event_id=row.id)
    return {
        one.version: {
            code: text for code, text in fields_of_version(one, withheld).items() if text.strip()
        }
        for one in versions
    }


def _checked(before: Report, values: Mapping[str, str]) -> Report:
    """Return the amended report, if it can stand."""
    report = settled_kind(replace(before, fields=dict(values)))
    if report.kind is not before.kind:
        raise WrongDetails(
            "The handling code decides who may read the report from the start. Log it anew under "
            "the other code, and say so in both."
        )
    blocking = readiness(report, today=today()).blocking
    had = {(one.code, one.where) for one in readiness(before, today=today()).blocking}
    new = [one for one in blocking if (one.code, one.where) not in had]
    if new:
        raise NotReady(new)
    if report.value("citations") != before.value("citations"):
        check_citations(report)
    return report


def _store_event(by: Actor, row: Event, report: Report, version: int) -> None:
    told = event_columns(by, report, at=now(), origin=row.details.get("transferred_from", {})) | {
        "place_id": row.place_id
    }
    insert(EventVersion, [{"event_id": row.id, "version": version, **told}])
    held = {code: text for code, text in report.fields.items() if code in WITHHELD}
    store_withheld(by, report.kind, row.id, version, held)
    Event.objects.filter(id=row.id).update(version=version, **told)


def _wait_again(by: Actor, row: Event) -> None:
    last = Review.objects.filter(owner_id=row.owner_id, event_id=row.id, is_current=True).first()
    if last is None or last.state != ReviewState.SENT_BACK:
        return
    Review.objects.filter(
        owner_id=row.owner_id, event_id=row.id, number=last.number, is_current=True
    ).update(is_current=False)
    step = first_review(by, RecordKind(row.kind), row.id, at=now(), number=last.number + 1)
    who = {"recorded_by_id": last.recorded_by_id, "recorded_by": last.recorded_by}
    insert(Review, [step | who])


def _parts_of(report: Report) -> list[Touched]:
    """Return the records that an event names, for the fact that it was amended."""
    people = ((RecordKind.PERSON, one.record_id, one.owner_id) for one in report.participants)
    things = ((one.kind, one.record_id, one.owner_id) for one in report.things)
    places = ((RecordKind.PLACE, one.record_id, one.owner_id) for one in report.places)
    return [
        Touched(kind=kind, id=id_, owner_id=owner)
        for kind, id_, owner in (*people, *things, *places)
        if id_ is not None and owner is not None
    ]


def _journal(by: Actor, action: str, subject: Subject, version: int) -> None:
    record(
        by,
        operation=Operation.ALTERATION,
        action=action,
        subjects=[subject],
        details={"version": version},
    )
