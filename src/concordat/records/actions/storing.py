"""Writing the people, things and places of a report as records of the force that logs it.

Everything here runs inside `acting`, in the transaction of the report.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from concordat.access.rules import RecordKind
from concordat.base.actor import Actor
from concordat.base.clock import LONDON
from concordat.base.ids import new_id
from concordat.identity.rules.observed import Observed
from concordat.organisations.queries import point_of_postcode
from concordat.records.actions.columns import item_columns, person_columns
from concordat.records.actions.recording import Touched, insert
from concordat.records.models import (
    Item,
    ItemKey,
    ItemVersion,
    Person,
    PersonVersion,
    Place,
    PlaceTerm,
)
from concordat.records.rules.events import Source
from concordat.records.rules.grid import CELL_DEGREES, MAP_CELL_DEGREES, square
from concordat.records.rules.item_keys import item_keys
from concordat.records.rules.persons import PersonContent, facets_of
from concordat.records.rules.standards import check
from concordat.records.rules.told_events import location_of
from concordat.records.rules.words import place_terms


@dataclass(frozen=True, kw_only=True)
class StoredPlace:
    """A place of one's own force: where on the overview map, and in whose area."""

    id: UUID
    location: str
    latitude: float | None
    longitude: float | None
    area_id: int | None

    @property
    def map_cell(self) -> int | None:
        """The square of the overview map that it lies in."""
        if self.latitude is None or self.longitude is None:
            return None
        return square(self.latitude, self.longitude, degrees=MAP_CELL_DEGREES)


def store_person(by: Actor, content: PersonContent, *, reference: str, at: datetime) -> Observed:
    """Store somebody new, and return what identity is to know of them."""
    person_id = new_id()
    told = person_columns(by, content, at=at)
    whose = {"source": Source.CONCORDAT.value, "reference": reference}
    insert(Person, [{"id": person_id, **whose, "version": 1, "in_conflict": False, **told}])
    insert(PersonVersion, [{"person_id": person_id, "version": 1, **told}])
    return observed(by, person_id, 1, content)


def observed(by: Actor, person_id: UUID, version: int, content: PersonContent) -> Observed:
    """Return what identity is to know of a version of a person."""
    return Observed(person_id, by.organisation_id, version, facets_of(content))


def store_item(by: Actor, kind: RecordKind, fields: Mapping[str, str], *, at: datetime) -> Touched:
    """Store something new."""
    item_id = new_id()
    content = {code: text for code, text in fields.items() if text.strip()}
    told = item_columns(by, kind, content, at=at)
    insert(Item, [{"id": item_id, "version": 1, **told}])
    insert(ItemVersion, [{"item_id": item_id, "version": 1, **told}])
    keys = item_keys(kind, content)
    store_keys(by, kind, item_id, keys)
    return touched_item(by, kind, item_id, keys)


def store_keys(by: Actor, kind: RecordKind, item_id: UUID, keys: Sequence[str]) -> None:
    """Store the keys by which a thing is found."""
    own = {"owner_id": by.organisation_id, "kind": kind.value, "item_id": item_id}
    insert(ItemKey, [{**own, "key": key} for key in keys])


def touched_item(by: Actor, kind: RecordKind, item_id: UUID, keys: Sequence[str]) -> Touched:
    """Return a thing of one's own as the fact names it."""
    return Touched(kind=kind, id=item_id, owner_id=by.organisation_id, more={"keys": list(keys)})


def store_place(by: Actor, fields: Mapping[str, str], *, at: datetime) -> StoredPlace | None:
    """Store a place, or find one's own record of exactly the same; None if nothing is told."""
    location = location_of(fields)
    today = at.astimezone(LONDON).date()
    told = [check(code, fields.get(code, ""), today=today) for code in ("latitude", "longitude")]
    latitude, longitude = (
        [float(one.form) for one in told]
        if all(one.form and not one.problem for one in told)
        else (None, None)
    )
    if not location and latitude is None:
        return None
    postcode = check("postcode", fields.get("postcode", ""), today=today).form
    point = point_of_postcode(postcode) if postcode else None
    if latitude is None and point and point.exact:
        latitude, longitude = point.latitude, point.longitude
    place = StoredPlace(
        id=new_id(),
        location=location,
        latitude=latitude,
        longitude=longitude,
        area_id=point.force_id if point else None,
    )
    return _own_place(by, place, at)


_PLACE = """
INSERT INTO records_place (id, owner_id, kind, fingerprint, location, lsoa_code, lsoa_name,
                           latitude, longitude, cell, area_id, recorded_at)
VALUES (%(id)s, %(owner)s, %(kind)s, %(fingerprint)s, %(location)s, '', '', %(latitude)s,
        %(longitude)s, %(cell)s, %(area)s, %(at)s)
ON CONFLICT (owner_id, fingerprint) DO NOTHING
"""


def _own_place(by: Actor, place: StoredPlace, at: datetime) -> StoredPlace:
    text = f"logged\x1f{place.location}\x1f{place.latitude}\x1f{place.longitude}"
    fingerprint = UUID(hashlib.sha256(text.encode()).hexdigest()[:32])
    cell = None
    if place.latitude is not None and place.longitude is not None:
        cell = square(place.latitude, place.longitude, degrees=CELL_DEGREES)
    with connection.cursor() as cursor:
        cursor.execute(
            _PLACE,
            {
                "id": place.id,
                "owner": by.organisation_id,
                "kind": RecordKind.PLACE.value,
                "fingerprint": fingerprint,
                "location": place.location,
                "latitude": place.latitude,
                "longitude": place.longitude,
                "cell": cell,
                "area": place.area_id,
                "at": at,
            },
        )
        is_new = cursor.rowcount == 1
    if not is_new:
        known = Place.objects.get(owner_id=by.organisation_id, fingerprint=fingerprint)
        return stored_place(known)
    own = {"owner_id": by.organisation_id, "kind": RecordKind.PLACE.value, "place_id": place.id}
    terms = sorted(place_terms(location=place.location, district=""))
    insert(PlaceTerm, [{**own, "term": term} for term in terms])
    return place


def stored_place(row: Place) -> StoredPlace:
    """Return a stored place as events need it."""
    return StoredPlace(
        id=row.id,
        location=row.location or row.lsoa_name,
        latitude=row.latitude,
        longitude=row.longitude,
        area_id=row.area_id,
    )
