"""One place, as its owner recorded it."""

from dataclasses import dataclass
from uuid import UUID

from concordat.audit.actions import record
from concordat.audit.rules import Operation, Subject
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.records.errors import UnknownRecord
from concordat.records.models import Place


@dataclass(frozen=True, kw_only=True)
class PlaceDetail:
    """A place as pages show it. Coordinates are WGS 84 degrees."""

    id: UUID
    owner_id: int
    location: str
    lsoa_code: str
    lsoa_name: str
    latitude: float | None
    longitude: float | None
    area_id: int | None


def place(actor: Actor, *, place_id: UUID) -> PlaceDetail:
    """Return one place, and journal that `actor` looked. Raises UnknownRecord as `event` does."""
    with acting(actor):
        row = Place.objects.filter(id=place_id).first()
        if row is None:
            raise UnknownRecord("There is no such place, or it is not shared with you.")
        record(
            actor,
            operation=Operation.CONSULTATION,
            action="records.place",
            subjects=[Subject("place", row.id, row.owner_id)],
        )
    return describe_place(row)


def describe_place(row: Place) -> PlaceDetail:
    """Return the row as pages show it."""
    return PlaceDetail(
        id=row.id,
        owner_id=row.owner_id,
        location=row.location,
        lsoa_code=row.lsoa_code,
        lsoa_name=row.lsoa_name,
        latitude=row.latitude,
        longitude=row.longitude,
        area_id=row.area_id,
    )
