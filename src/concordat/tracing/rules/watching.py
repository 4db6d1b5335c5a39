"""What a watch notices: by which keys, at which level it may be told, and for how long.

Pure functions: no Django, no database.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import cos, hypot, radians
from typing import Any, Final
from uuid import UUID, uuid5

from concordat.access.rules import RECORDING_ROLES, THING_KINDS, RecordKind
from concordat.base.actor import Role
from concordat.organisations.rules import read_postcode
from concordat.records.rules.grid import square, squares_around
from concordat.records.rules.item_keys import exact_keys

WATCHERS: Final = tuple(role for role in RECORDING_ROLES if role is not Role.SYSTEM)
"""The roles that work with records, and so can be told of them."""

WATCHABLE: Final = (RecordKind.PERSON, *THING_KINDS, RecordKind.PLACE)
"""The kinds of record that can be watched."""

NEAR_METRES: Final = 50
"""So near to a watched place something happened at it."""

LONGEST_DAYS: Final = 366
"""A watch is looked at again after a year at most. Source: DPA 2018, section 39(2)."""

SHORTEST_REASON, LONGEST_REASON = 3, 250
"""Characters of a reason, as the Law Enforcement Data Service asks for one with every look."""

_CELL_DEGREES: Final = 0.001
"""Size of a square by which places are looked up: about 110 m by 70 m."""

_METRES_PER_DEGREE: Final = 111_195
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b", re.IGNORECASE)
_HOUSE = re.compile(r"\b\d+\s?[a-z]?\b", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Touched:
    """One record that something logged touches. `keys` are those of a thing.

    A place has a point (WGS 84 degrees), if it is known, and its address as text.
    """

    kind: RecordKind
    id: UUID
    owner_id: int
    keys: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Logged:
    """What was logged, as the outbox tells it. `event_id` is None where no event was.

    `occasion` names it: the event, or else this one change. `by` is who did it, if it was a person.
    """

    occasion: UUID
    owner_id: int
    event_id: UUID | None
    event_kind: RecordKind | None
    by: UUID | None
    touched: tuple[Touched, ...]

    @classmethod
    def from_body(cls, body: Mapping[str, Any], *, fact_id: int) -> "Logged":
        """Return what a fact "records.logged" says. Its number names a change without an event."""
        event = body.get("event")
        kind = body.get("kind")
        return cls(
            occasion=UUID(event) if event else uuid5(UUID(int=0), f"fact {fact_id}"),
            owner_id=int(body["owner"]),
            event_id=UUID(event) if event else None,
            event_kind=RecordKind(kind) if event and kind else None,
            by=UUID(body["by"]) if body.get("by") else None,
            touched=tuple(_touched(told) for told in body["touched"]),
        )


def _touched(told: Mapping[str, Any]) -> Touched:
    return Touched(
        kind=RecordKind(told["kind"]),
        id=UUID(told["id"]),
        owner_id=int(told["owner"]),
        keys=tuple(told.get("keys") or ()),
        latitude=told.get("latitude"),
        longitude=told.get("longitude"),
        text=told.get("text") or "",
    )


def problem_with(*, reason: str, until: date, today: date) -> str:
    """Return what is wrong with a watch's reason or its last day; "" if nothing is."""
    if not SHORTEST_REASON <= len(reason.strip()) <= LONGEST_REASON:
        return (
            f"Say why you watch it, in {SHORTEST_REASON} to {LONGEST_REASON} characters, "
            "such as a crime number and what you expect."
        )
    if until < today:
        return "The last day of a watch can’t have passed."
    if until > today + timedelta(days=LONGEST_DAYS):
        return (
            "A watch lasts a year at most: look at it again then, and watch anew if it is needed."
        )
    return ""


def record_key(record_id: UUID) -> str:
    """Return the key by which a record itself is noticed."""
    return f"record:{record_id}"


def thing_keys(kind: RecordKind, keys: Iterable[str]) -> frozenset[str]:
    """Return the keys by which the same thing is noticed over forces: its exact ones alone.

    >>> sorted(thing_keys(RecordKind.VEHICLE, ["mark:AB12CDE", "like:A812CDE"]))
    ['vehicle:mark:AB12CDE']
    """
    return frozenset(f"{kind.code}:{key}" for key in exact_keys(tuple(keys)))


def place_keys(
    *, text: str, latitude: float | None, longitude: float | None, around: bool
) -> frozenset[str]:
    """Return the keys by which what happens at a place is noticed.

    Of a watched place (`around`) every square that may hold a point near enough; of a place where
    something happened, its own. That it is near enough is for `is_at`.
    """
    keys = {address_key(text)} - {""}
    if latitude is not None and longitude is not None:
        cells = (
            squares_around(latitude, longitude, metres=NEAR_METRES, degrees=_CELL_DEGREES)
            if around
            else [square(latitude, longitude, degrees=_CELL_DEGREES)]
        )
        keys |= {f"cell:{cell}" for cell in cells}
    return frozenset(keys)


def address_key(text: str) -> str:
    """Return what tells an address from every other: the house and the postcode. "" if one lacks.

    >>> address_key("Flat 2, 14a High Street, Colchester CO1 1AA")
    'address:2.14A@CO1 1AA'
    >>> address_key("Rose Cottage, Church Lane, CO1 1AA"), address_key("On or near High Street")
    ('address:ROSE COTTAGE@CO1 1AA', '')
    """
    found = _POSTCODE.search(text)
    postcode = read_postcode(found[0]) if found else None
    if found is None or postcode is None:
        return ""
    before = text[: found.start()]
    numbers = [re.sub(r"\s", "", number).upper() for number in _HOUSE.findall(before)]
    house = ".".join(numbers) or " ".join(before.partition(",")[0].upper().split())
    return f"address:{house}@{postcode}" if house else ""


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return how far apart two near points are, in metres; each is a latitude and a longitude."""
    north = one[0] - other[0]
    east = (one[1] - other[1]) * cos(radians((one[0] + other[0]) / 2))
    return hypot(north, east) * _METRES_PER_DEGREE


def is_at(
    touched: Touched, *, watched: tuple[float | None, float | None], keys: frozenset[str]
) -> bool:
    """Whether a place is the watched one, or near enough, by the watch's point and its keys."""
    if record_key(touched.id) in keys or address_key(touched.text) in keys:
        return True
    latitude, longitude = watched
    if latitude is None or longitude is None:
        return False
    if touched.latitude is None or touched.longitude is None:
        return False
    here = (touched.latitude, touched.longitude)
    return metres_between((latitude, longitude), here) <= NEAR_METRES


def occasion_of(watch_id: UUID, what: UUID) -> UUID:
    """Return the name of an alert: of one watch and one thing logged, and telling of neither."""
    return uuid5(watch_id, str(what))
