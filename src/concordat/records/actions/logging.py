"""Logging an event: the report, its people, things and places in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from django.db import connection

from concordat.access.rules import RecordKind
from concordat.audit.actions import record
from concordat.audit.rules import Operation, Subject
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.base.clock import LONDON, now, today
from concordat.base.ids import new_id
from concordat.identity.actions import observe
from concordat.identity.rules.observed import Observed
from concordat.organisations.queries import names_by_id
from concordat.records.actions.citing import check_citations
from concordat.records.actions.columns import (
    event_columns,
    first_review,
    link_columns,
    store_withheld,
)
from concordat.records.actions.recording import (
    Touched,
    check_can_record,
    insert,
    tell,
)
from concordat.records.actions.storing import (
    StoredPlace,
    store_item,
    store_person,
    store_place,
    stored_place,
)
from concordat.records.errors import NotReady
from concordat.records.models import Event, EventVersion, Link, Place, Review
from concordat.records.queries.labels import Named, named
from concordat.records.rules.events import Source
from concordat.records.rules.logged import RecordRef
from concordat.records.rules.persons import identifies
from concordat.records.rules.readiness import readiness
from concordat.records.rules.references import event_reference
from concordat.records.rules.reports import Participant, Report, Thing, Where
from concordat.records.rules.told_events import (
    AT_PLACE,
    WITHHELD,
    settled_kind,
)
from concordat.records.rules.told_persons import person_content

_UNCODED: Final = "involved"
"""The role, and use, of whoever or whatever is in an event without one."""
_KEPT_OF_PLACE: Final = ("place_type", "uprn")

_NUMBER = """
INSERT INTO records_numbering (owner_id, kind, year, last) VALUES (%s, %s, %s, 1)
ON CONFLICT (owner_id, year) DO UPDATE SET last = records_numbering.last + 1
RETURNING last
"""


@dataclass(frozen=True, kw_only=True)
class Logged:
    """The event that a report has become."""

    event_id: UUID
    reference: str
    version: int


def log_event(actor: Actor, *, report: Report) -> Logged:
    """Log an event in the name of `actor`'s force, with everybody and everything in it.

    Whoever is new becomes a record of that force; whoever is known is linked. Raises
    NotAllowedToRecord, and NotReady if something is missing without which it can't be.
    """
    check_can_record(actor)
    with acting(actor):
        return Entry(actor, report).write()


class Entry:
    """One report on its way into the register. Used inside `acting`."""

    def __init__(
        self,
        by: Actor,
        report: Report,
        *,
        origin: Mapping[str, str] | None = None,
    ) -> None:
        """Take a report; `origin` says from which event of another force it was transferred.

        Raises NotReady.
        """
        self._by = by
        self._report = settled_kind(report)
        self._id = new_id()
        self._origin = dict(origin or {})
        self._at = now()
        self._touched: list[Touched] = []
        self._observed: list[Observed] = []
        self._links: list[dict[str, Any]] = []
        blocking = readiness(self._report, today=today()).blocking
        if blocking and not self._origin:  # what another force recorded is taken as it is
            raise NotReady(blocking)
        check_citations(self._report)

    @property
    def _is_conditional(self) -> bool:
        """Whether what is new stays inside the report: no agreement may share any of it."""
        return self._report.kind is RecordKind.INTELLIGENCE_CONDITIONAL

    def write(self) -> Logged:
        """Store the event and all that is in it, and tell whoever watches."""
        report = self._report
        reference = self._reference()
        self._names = named(_known(report))
        participants = tuple(self._participant(one, reference) for one in report.participants)
        things = tuple(self._thing(one) for one in report.things)
        places, first = self._places()
        stored = replace(report, participants=participants, things=things, places=places)
        self._store(stored, reference, first)
        insert(Link, self._links)
        if self._observed:
            observe(self._by, records=self._observed)
        tell(self._by, touched=self._touched, event_id=self._id, kind=report.kind)
        own = Subject("event", self._id, self._by.organisation_id)
        record(
            self._by,
            operation=Operation.COLLECTION,
            action="records.log_event",
            subjects=[own, *(one.subject for one in self._touched)],
            details={"reference": reference, "kind": report.kind.code, **self._origin},
        )
        return Logged(event_id=self._id, reference=reference, version=1)

    def _reference(self) -> str:
        owner = self._by.organisation_id
        body = names_by_id()[owner]
        year = self._at.astimezone(LONDON).year
        with connection.cursor() as cursor:
            cursor.execute(_NUMBER, [owner, RecordKind.WORK.value, year])
            number = cursor.fetchone()[0]
        code = body.pnc_code or body.code.upper()[:4]
        return event_reference(code, year, number, self._report.kind)

    def _participant(self, one: Participant, reference: str) -> Participant:
        """Link a known person, or store a new one; who can't be told apart stays in the report."""
        if one.record_id:
            self._tie_known(one.record_id, one.roles, assessment=one.assessment)
            return replace(one, label="", fields={})
        content = person_content(one.fields, today=self._at.astimezone(LONDON).date())
        if self._is_conditional or not identifies(content):
            return one
        told = store_person(self._by, content, reference=f"{reference}/{one.key}", at=self._at)
        self._observed.append(told)
        self._touch(Touched(kind=RecordKind.PERSON, id=told.record_id, owner_id=told.owner_id))
        self._tie(RecordKind.PERSON, told.record_id, one.roles, assessment=one.assessment)
        return replace(one, record_id=told.record_id, owner_id=told.owner_id, label="", fields={})

    def _thing(self, one: Thing) -> Thing:
        if one.record_id:
            self._tie_known(one.record_id, one.uses)
            return replace(one, label="", fields={})
        if self._is_conditional or not any(text.strip() for text in one.fields.values()):
            return one
        item = store_item(self._by, one.kind, one.fields, at=self._at)
        self._touch(item)
        self._tie(one.kind, item.id, one.uses)
        return replace(one, record_id=item.id, owner_id=item.owner_id, label="", fields={})

    def _places(self) -> tuple[tuple[Where, ...], StoredPlace | None]:
        """Return the places as the report keeps them, and the one where it happened."""
        kept: list[Where] = []
        first: StoredPlace | None = None
        for number, one in enumerate(self._report.places):
            where, place = self._place(one)
            kept.append(where)
            if number == 0:
                first = place
            elif place:
                self._tie(RecordKind.PLACE, place.id, (AT_PLACE,), owner_id=where.owner_id)
        return tuple(kept), first

    def _place(self, one: Where) -> tuple[Where, StoredPlace | None]:
        if one.record_id:
            row = Place.objects.filter(id=one.record_id).first()
            place = stored_place(row) if row else None
            if row and place:
                self._touch(_touched_place(place, row.owner_id))
            return replace(one, label="", fields={}), place
        if self._is_conditional:
            return one, None
        place = store_place(self._by, one.fields, at=self._at)
        if place is None:
            return one, None
        self._touch(_touched_place(place, self._by.organisation_id))
        codes: tuple[str, ...] = _KEPT_OF_PLACE
        if place.latitude is None:
            codes = (*codes, "latitude", "longitude")
        rest = {code: one.fields[code] for code in codes if one.fields.get(code, "").strip()}
        own = self._by.organisation_id
        return replace(one, record_id=place.id, owner_id=own, label="", fields=rest), place

    def _store(self, report: Report, reference: str, place: StoredPlace | None) -> None:
        """Store the event itself, its first version, and that it waits for a supervisor."""
        held = {code: text for code, text in report.fields.items() if code in WITHHELD}
        told = event_columns(self._by, report, at=self._at, origin=self._origin)
        told["place_id"] = place.id if place else None
        area = {
            "area_id": place.area_id if place else None,
            "map_cell": place.map_cell if place else None,
        }
        source = {"source": Source.CONCORDAT.value, "reference": reference}
        current = {"id": self._id, **source, "version": 1, "in_conflict": False}
        insert(Event, [{**current, **area, **told}])
        insert(EventVersion, [{"event_id": self._id, "version": 1, **told}])
        store_withheld(self._by, report.kind, self._id, 1, held)
        insert(Review, [first_review(self._by, report.kind, self._id, at=self._at)])

    def _touch(self, touched: Touched) -> None:
        if touched.id not in {one.id for one in self._touched}:
            self._touched.append(touched)

    def _tie_known(
        self, record_id: UUID, roles: tuple[str, ...], *, assessment: bool = False
    ) -> None:
        """Link a record that is there already, if the actor may read it."""
        one = self._names.get(record_id)
        if one is None:
            return
        self._touch(_touched(one))
        self._tie(one.kind, one.id, roles, assessment=assessment, owner_id=one.owner_id)

    def _tie(
        self,
        kind: RecordKind,
        record_id: UUID,
        roles: tuple[str, ...],
        *,
        assessment: bool = False,
        owner_id: int | None = None,
    ) -> None:
        own = self._by.organisation_id
        for role in dict.fromkeys(roles or (_UNCODED,)):
            self._links.append(
                link_columns(
                    self._by,
                    at=self._at,
                    left=(kind, record_id, (owner_id or own) * 100 + kind),
                    right=(self._report.kind, self._id, own * 100 + self._report.kind),
                    reason=role,
                    assessment=assessment,
                    event_id=self._id,
                )
            )


def _known(report: Report) -> list[RecordRef]:
    people = [one.record_id for one in report.participants if one.record_id]
    things = [RecordRef(one.kind, one.record_id) for one in report.things if one.record_id]
    return [*(RecordRef(RecordKind.PERSON, one) for one in people), *things]


def _touched(one: Named) -> Touched:
    return Touched(
        kind=one.kind, id=one.id, owner_id=one.owner_id,
        more={"keys": list(one.keys)} if one.keys else {},
    )  # fmt: skip


def _touched_place(place: StoredPlace, owner_id: int) -> Touched:
    return Touched(
        kind=RecordKind.PLACE,
        id=place.id,
        owner_id=owner_id,
        more={
            "latitude": place.latitude,
            "longitude": place.longitude,
            "text": place.location,
        },
    )
