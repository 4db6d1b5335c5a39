"""Reading one row of a data.police.uk file: what it says, or why it can't be understood."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import MAXYEAR, UTC, datetime, timedelta
from functools import lru_cache

from concordat.access.rules import RecordKind
from concordat.base.clock import LONDON, month_bounds, now
from concordat.organisations.rules import normal_name
from concordat.records.rules.events import Precision, ReadEvent, ReadPlace, Unreadable
from concordat.records.rules.grid import CELL_DEGREES, MAP_CELL_DEGREES, square
from concordat.records.rules.loads import STOP_SEARCH_COLUMNS, Layout

MAXIMUM_FIELD = 500
"""Characters. The longest field seen in real files has 120."""

_MONTH = re.compile(r"(\d{4})-(\d\d)")
_SEPARATOR = "\x1f"
_CONTROL = re.compile(r"[\x00-\x1e\x7f]")
_FORCE_IN_NAME = re.compile(r"\d{4}-\d\d-(?P<force>[a-z-]+?)-(street|stop-and-search|outcomes)\b")
_SOUTH, _NORTH, _WEST, _EAST = 49.0, 61.5, -9.5, 2.5
_PLACES_REMEMBERED = 65_536
_EARLIEST_YEAR = 1990
_CLOCKS_DIFFER = timedelta(days=1)

ASB_CRIME_TYPE = "Anti-social behaviour"


def force_in_file_name(name: str) -> str | None:
    """Return the force id in a file's name, as in `2024-01-essex-street.csv.gz`, or None."""
    match = _FORCE_IN_NAME.search(name.lower())
    return match["force"] if match else None


def content_of(values: Sequence[str]) -> str:
    """Return the fingerprint of a row: 32 hexadecimal digits of SHA-256 over all its values.

    It depends on the values in the layout's own order and on nothing else: not on line endings,
    quotation marks, surrounding spaces, the order of columns, or the place in the file.
    """
    return _fingerprint(_SEPARATOR.join(values))


def _fingerprint(joined: str) -> str:
    return hashlib.sha256(joined.encode()).hexdigest()[:32]


def reference_of(identity: str, content: str, occurrence: int) -> str:
    """Return an event's reference: the source's own, or content and occurrence number.

    Rows without an identifier are separate events even when they are equal in every value; the
    n-th of equal rows in a file is the same event whenever that file is loaded, in any order.
    The load does the same in SQL for a whole file at a time.
    """
    return identity or f"{content}#{occurrence}"


class RowReader:
    """Reads the rows of one file in one layout.

    `forces` maps names (`normal_name`) to numbers of forces; `own_force` is the force the file is
    of, where the rows themselves don't say.
    """

    def __init__(
        self, layout: Layout, *, forces: Mapping[str, int], own_force: int | None = None
    ) -> None:
        self._forces = dict(forces)
        self._own_force = own_force
        self._read = self._street if layout is Layout.STREET else self._stop_search

    def read(self, values: Sequence[str]) -> ReadEvent:
        """Return what a row says; `values` stand in the layout's own order, stripped.

        Raises Unreadable with the reason in plain words.
        """
        whole = _SEPARATOR.join(values)
        if len(whole) > MAXIMUM_FIELD and any(len(value) > MAXIMUM_FIELD for value in values):
            raise Unreadable(f"a field is longer than {MAXIMUM_FIELD} characters")
        if _CONTROL.search(whole):
            raise Unreadable("a field holds control characters")
        return self._read(values, _fingerprint(whole))

    def _street(self, values: Sequence[str], content: str) -> ReadEvent:
        (identity, month, reported_by, falls_within, longitude, latitude, location, lsoa_code,
         lsoa_name, crime_type, outcome, context) = values  # fmt: skip
        if not crime_type:
            raise Unreadable("the crime type is empty")
        first, following = _month(month)
        if first > now():
            raise Unreadable(f"“{month}” lies in the future")
        owner = self._forces.get(reported_by) or self._force(reported_by)
        details = {}
        if falls_within and falls_within != reported_by:
            details["falls within"] = falls_within
        if context:
            details["context"] = context
        is_asb = crime_type == ASB_CRIME_TYPE
        return ReadEvent(
            owner_id=owner,
            kind=RecordKind.ANTI_SOCIAL_BEHAVIOUR if is_asb else RecordKind.CRIME,
            identity=identity,
            content=content,
            category=crime_type,
            outcome=outcome,
            occurred_from=first,
            occurred_until=following,
            precision=Precision.MONTH,
            place=read_place(location, lsoa_code, lsoa_name, latitude, longitude),
            details=details,
        )

    def _stop_search(self, values: Sequence[str], content: str) -> ReadEvent:
        row = dict(zip(STOP_SEARCH_COLUMNS, values, strict=True))
        if self._own_force is None:
            raise Unreadable(
                "stop and search rows name no force, and the file’s name doesn’t either"
            )
        if not row["Type"]:
            raise Unreadable("the type of search is empty")
        at = _instant(row["Date"])
        if at > now() + _CLOCKS_DIFFER:
            raise Unreadable(f"“{row['Date']}” lies in the future")
        told = {"Type", "Date", "Latitude", "Longitude", "Object of search", "Outcome"}
        return ReadEvent(
            owner_id=self._own_force,
            kind=RecordKind.STOP_SEARCH,
            identity="",
            content=content,
            category=row["Object of search"] or "Object not recorded",
            outcome=row["Outcome"],
            occurred_from=at,
            occurred_until=at + timedelta(seconds=1),
            precision=Precision.SECOND,
            place=read_place("", "", "", row["Latitude"], row["Longitude"]),
            details={"type of search": row["Type"]}
            | {name.lower(): value for name, value in row.items() if value and name not in told},
        )

    def _force(self, name: str) -> int:
        """Return the number of the force with this name, remembering the spelling."""
        owner = self._forces.get(normal_name(name))
        if owner is None:
            raise Unreadable(f"“{name}” is not the name of a force")
        self._forces[name] = owner
        return owner


@lru_cache(maxsize=1024)
def _month(text: str) -> tuple[datetime, datetime]:
    match = _MONTH.fullmatch(text)
    try:
        if match and int(match[1]) >= _EARLIEST_YEAR:
            return month_bounds(int(match[1]), int(match[2]))
    except (ValueError, OverflowError):
        pass
    raise Unreadable(f"“{text}” is not a month such as 2024-01")


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Unreadable(f"“{text}” is not a date and time such as 2019-01-01T00:01:00") from None
    if at.year < _EARLIEST_YEAR:
        raise Unreadable(f"“{text}” lies before {_EARLIEST_YEAR}")
    if at.year == MAXYEAR:  # its end, or the same instant in UTC, may be past the last date
        raise Unreadable(f"“{text}” lies too far ahead")
    return (at if at.tzinfo else at.replace(tzinfo=LONDON)).astimezone(UTC)


@lru_cache(maxsize=_PLACES_REMEMBERED)
def read_place(
    location: str, lsoa_code: str, lsoa_name: str, latitude: str, longitude: str
) -> ReadPlace:
    """Return the place that these fields of a row describe. Raises Unreadable for half a point."""
    north, east = _coordinate(latitude, "latitude"), _coordinate(longitude, "longitude")
    if (north is None) != (east is None):
        raise Unreadable("one of latitude and longitude is missing")
    if not (_SOUTH <= (north or _SOUTH) <= _NORTH and _WEST <= (east or 0.0) <= _EAST):
        raise Unreadable(f"the point {latitude}, {longitude} lies outside the United Kingdom")
    told = (location, lsoa_code, lsoa_name, latitude, longitude)
    empty = not any(told) or (location == "No Location" and north is None and not lsoa_code)
    return ReadPlace(
        location=location,
        lsoa_code=lsoa_code,
        lsoa_name=lsoa_name,
        latitude=north,
        longitude=east,
        cell=None if north is None or east is None else square(north, east, degrees=CELL_DEGREES),
        map_cell=None
        if north is None or east is None
        else square(north, east, degrees=MAP_CELL_DEGREES),
        fingerprint=None if empty else content_of(told),
    )


def _coordinate(text: str, name: str) -> float | None:
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        raise Unreadable(f"the {name} “{text}” is not a number") from None
