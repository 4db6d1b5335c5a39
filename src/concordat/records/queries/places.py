"""One place, as its owner recorded it; and places by their words."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection

from concordat.audit.actions import record
from concordat.audit.rules import Operation, Subject
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.records.errors import UnknownRecord
from concordat.records.models import Place
from concordat.records.rules.words import words

_LEAST_BEGINNING: Final = 2
_WORDS_ALIKE: Final = 3
"""Words of one place that may begin alike."""
_TRIED: Final = 20_000


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


def find_places(actor: Actor, *, text: str, limit: int = 20) -> list[PlaceDetail]:
    """Return places whose words begin with, or are, all words of `text`; or of a postcode."""
    with acting(actor):
        ids = _ids_of(words(text), limit) if text.strip() else []
        rows = {row.id: row for row in Place.objects.filter(id__in=ids)}
        found = [describe_place(rows[id_]) for id_ in ids if id_ in rows]
        record(
            actor,
            operation=Operation.CONSULTATION,
            action="records.find_places",
            subjects=[Subject("place", one.id, one.owner_id) for one in found],
            details={"asked": text},
        )
    return found


def _ids_of(wanted: list[str], limit: int) -> list[UUID]:
    """Return places by their words: the longest word leads, the others are looked up for each."""
    if not wanted or max(map(len, wanted)) < _LEAST_BEGINNING:
        return []
    lead, *others = sorted(dict.fromkeys(wanted), key=len, reverse=True)
    conditions = " ".join(
        "AND EXISTS (SELECT FROM records_place_term o WHERE o.owner_id = t.owner_id "
        "AND o.place_id = t.place_id AND o.term >= %s AND o.term < %s)"
        for _ in others
    )
    bounds = [bound for word in (lead, *others) for bound in (word, _end_of(word))]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.place_id FROM (SELECT t.owner_id, t.place_id "  # noqa: S608 (constants)
            "FROM records_place_term t WHERE t.term >= %s AND t.term < %s LIMIT %s) AS t "
            f"WHERE true {conditions} LIMIT %s",
            [*bounds[:2], _TRIED, *bounds[2:], limit * _WORDS_ALIKE],
        )
        return list(dict.fromkeys(row[0] for row in cursor.fetchall()))[:limit]


def _end_of(word: str) -> str:
    return word[:-1] + chr(ord(word[-1]) + 1)


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
