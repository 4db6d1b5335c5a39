"""The temporary tables in which a file's rows are judged, and the sets that are stored from them.

Everything happens inside the transaction of one file. The statements run as the serving role
under row security, acting for one owner at a time: a load can't touch another force's records.
"""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from django.db import connection

from concordat.access.rules import RecordKind
from concordat.base.source_files import Line
from concordat.organisations.queries import force_ids_by_district, force_ids_by_lsoa
from concordat.organisations.rules import district_of_lsoa_name
from concordat.records.actions.judging import referenced, verdict
from concordat.records.rules.events import ReadEvent, ReadPlace, Source
from concordat.records.rules.loads import Account
from concordat.records.rules.vocabulary import KNOWN_VALUES
from concordat.records.rules.words import place_terms

_CREATE: Final = """
CREATE TEMPORARY TABLE IF NOT EXISTS incoming (
    line integer, problem text, raw text, owner_id integer, kind smallint, identity text,
    content uuid, category text, outcome text, occurred_from timestamptz,
    occurred_until timestamptz, precision text, details jsonb, fingerprint uuid,
    map_cell integer, area_id integer, location text, lsoa_code text, lsoa_name text,
    latitude float8, longitude float8, cell integer
) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS judged (
    line integer, kind smallint, content uuid, category text, outcome text,
    occurred_from timestamptz, occurred_until timestamptz, precision text, details jsonb,
    fingerprint uuid, map_cell integer, area_id integer, reference text, event_id uuid,
    known boolean, becomes_current boolean, verdict text
) ON COMMIT DELETE ROWS;
TRUNCATE incoming, judged;
"""

_PLACES_REMEMBERED: Final = 200_000
_LOADING_LOCK: Final = 0x6C6F6164  # "load", with the owner's number
_NOTHING: Final = (None,) * 6

_COPY: Final = "COPY incoming FROM STDIN"

# Existing rows are looked up one by one in their unique index (LATERAL … LIMIT 1): the cost of a
# file doesn't grow with the register, and needs no statistics that a fresh database hasn't got.
#
# Rows are recognised and judged by the rule of `judging`. A row of an earlier month
# than what is current is kept as a version without becoming current.
_JUDGE: Final = f"""
WITH {referenced(columns="i.*", rows="incoming i WHERE owner_id = %(owner)s AND problem IS NULL")},
matched AS (
    SELECT r.*, concordat.new_id() AS fresh_id, e.id AS event_id, e.content AS current_content,
           e.occurred_from AS current_from,
           e.id IS NOT NULL AND EXISTS (
               SELECT FROM records_event_version v
               WHERE v.owner_id = %(owner)s AND v.event_id = e.id AND v.content = r.content
           ) AS known
    FROM referenced r
    LEFT JOIN LATERAL (
        SELECT * FROM records_event
        WHERE owner_id = %(owner)s AND source = %(source)s AND reference = r.reference LIMIT 1
    ) AS e ON true
), ranked AS (
    SELECT m.*, row_number() OVER (
        PARTITION BY reference
        ORDER BY is_repeat, (content = current_content) IS NOT TRUE, NOT known, content
    ) AS variant
    FROM matched m
)
INSERT INTO judged
SELECT line, kind, content, category, outcome, occurred_from, occurred_until, precision, details,
       fingerprint, map_cell, area_id, reference,
       first_value(coalesce(event_id, fresh_id)) OVER (PARTITION BY reference ORDER BY variant),
       known, event_id IS NULL OR occurred_from >= current_from,
       {verdict(record_id="event_id")}
FROM ranked
"""  # noqa: S608 (constants)

_PLACES: Final = """
INSERT INTO records_place (id, owner_id, kind, fingerprint, location, lsoa_code, lsoa_name,
                           latitude, longitude, cell, area_id, recorded_at)
SELECT concordat.new_id(), %(owner)s, %(place_kind)s, p.*, now()
FROM (
    SELECT DISTINCT ON (fingerprint) fingerprint, location, lsoa_code, lsoa_name, latitude,
           longitude, cell, area_id
    FROM incoming
    WHERE owner_id = %(owner)s AND fingerprint IS NOT NULL AND location IS NOT NULL
    ORDER BY fingerprint
) AS p
ON CONFLICT (owner_id, fingerprint) DO NOTHING
RETURNING id, location, lsoa_name
"""

_TERMS: Final = """
INSERT INTO records_place_term (owner_id, kind, term, place_id)
SELECT %(owner)s, %(place_kind)s, term, place_id
FROM unnest(%(terms)s::text[], %(places)s::uuid[]) AS found (term, place_id)
"""

_TOLD: Final = (
    "owner_id, kind, category, outcome, occurred_from, occurred_until, precision, place_id, "
    "details, content, load_file_id, line, recorded_at"
)
_TELL: Final = (
    "%(owner)s, j.kind, j.category, j.outcome, j.occurred_from, j.occurred_until, j.precision, "
    "p.id, j.details, j.content, %(file)s, j.line, now()"
)
_WITH_PLACE: Final = (
    "FROM judged j LEFT JOIN LATERAL (SELECT id FROM records_place "
    "WHERE owner_id = %(owner)s AND fingerprint = j.fingerprint LIMIT 1) AS p ON true"
)

_NEW_EVENTS: Final = f"""
WITH made AS (
    INSERT INTO records_event
        (id, source, reference, version, area_id, map_cell, in_conflict, {_TOLD})
    SELECT j.event_id, %(source)s, j.reference, 1, j.area_id, j.map_cell, false, {_TELL}
    {_WITH_PLACE} WHERE j.verdict = 'new'
    RETURNING id, version, {_TOLD}
)
INSERT INTO records_event_version (event_id, version, {_TOLD}) SELECT * FROM made
"""  # noqa: S608 (constants)

_CHANGED_VERSIONS: Final = f"""
INSERT INTO records_event_version (event_id, version, {_TOLD})
SELECT j.event_id,
       1 + coalesce((SELECT max(v.version) FROM records_event_version v
                     WHERE v.owner_id = %(owner)s AND v.event_id = j.event_id), 0), {_TELL}
{_WITH_PLACE} WHERE j.verdict = 'changed'
"""  # noqa: S608 (constants)

_CHANGED_EVENTS: Final = """
UPDATE records_event e
SET kind = v.kind, category = v.category, outcome = v.outcome, occurred_from = v.occurred_from,
    occurred_until = v.occurred_until, precision = v.precision, place_id = v.place_id,
    details = v.details, content = v.content, load_file_id = v.load_file_id, line = v.line,
    recorded_at = v.recorded_at, version = v.version, area_id = j.area_id, map_cell = j.map_cell
FROM judged j JOIN records_event_version v
    ON v.owner_id = %(owner)s AND v.event_id = j.event_id AND v.content = j.content
WHERE j.verdict = 'changed' AND j.becomes_current AND e.id = j.event_id
"""

_CONFLICTS: Final = f"""
WITH kept AS (
    INSERT INTO records_event_conflict (event_id, {_TOLD})
    SELECT j.event_id, {_TELL}
    {_WITH_PLACE} WHERE j.verdict = 'conflict'
    ON CONFLICT (owner_id, event_id, content) DO NOTHING
    RETURNING event_id
)
UPDATE records_event SET in_conflict = true WHERE id = ANY (ARRAY(SELECT event_id FROM kept))
"""  # noqa: S608 (constants)

_QUARANTINE: Final = """
INSERT INTO records_quarantine (owner_id, kind, load_file_id, line, reason, raw)
SELECT %(owner)s, %(load_kind)s, %(file)s, line, problem, raw
FROM incoming WHERE owner_id = %(owner)s AND problem IS NOT NULL
"""

_SETTLE: Final = "UPDATE incoming SET owner_id = %(main_owner)s WHERE problem IS NOT NULL"


class Areas:
    """In which force's area an LSOA lies: by its district, or else by the full ONS list.

    Both are read beforehand: while rows are being copied, the connection answers no question.
    """

    def __init__(self) -> None:
        self._districts = force_ids_by_district()
        self._lsoas = force_ids_by_lsoa()
        self._known: dict[tuple[str, str], int | None] = {}

    def force_of(self, lsoa_code: str, lsoa_name: str) -> int | None:
        """Return the force's number, or None where nothing is known of the area."""
        if not lsoa_name and not lsoa_code:
            return None
        area = (lsoa_code, lsoa_name)
        if area not in self._known:
            force = self._districts.get(district_of_lsoa_name(lsoa_name))
            if force is None:
                force = self._lsoas.get(lsoa_code)
            self._known[area] = force
        return self._known[area]


class Staging:
    """The rows of one file between being read and being stored."""

    def __init__(self, source: Source, areas: Areas) -> None:
        self._source = source
        self._areas = areas
        self._seen: set[tuple[int, str | None]] = set()
        self._unseen: Counter[str] = Counter()
        with connection.cursor() as cursor:
            cursor.execute(_CREATE)

    def fill(self, rows: Iterable[tuple[Line, ReadEvent | str]]) -> None:
        """Copy the rows of the file into the temporary table; memory stays constant."""
        with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
            for line, told in rows:
                if isinstance(told, str):
                    copy.write_row(_unreadable_row(line, told))
                else:
                    copy.write_row(self._row(line.number, told))

    def settle(self, *, main_owner: int) -> None:
        """Give the unreadable rows to the force that the file is mostly of."""
        with connection.cursor() as cursor:
            cursor.execute(_SETTLE, {"main_owner": main_owner})

    def take_turn(self, owner_ids: Iterable[int]) -> None:
        """Wait until no other load is storing rows of these owners, and keep others waiting.

        Else two files with the same new row, loaded at the same time, would both call it new.
        """
        with connection.cursor() as cursor:
            for owner_id in sorted(owner_ids):  # in one order, so that no two wait for each other
                cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOADING_LOCK, owner_id])

    def judge(self, owner_id: int) -> Account:
        """Give each row of one owner its verdict, and return how many got which."""
        parameters = {"owner": owner_id, "source": self._source.value}
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE judged")
            cursor.execute(_JUDGE, parameters)
            cursor.execute("SELECT verdict, count(*) FROM judged GROUP BY verdict")
            account = Account(**dict(cursor.fetchall()))
            cursor.execute(
                "SELECT count(*) FROM incoming WHERE owner_id = %(owner)s AND problem IS NOT NULL",
                parameters,
            )
            account.quarantined = cursor.fetchone()[0]
        return account

    def store(self, owner_id: int, file_id: UUID, account: Account) -> None:
        """Store what was judged: places, events, versions, conflicts, and the quarantine."""
        parameters: dict[str, Any] = {
            "owner": owner_id,
            "source": self._source.value,
            "file": file_id,
            "place_kind": RecordKind.PLACE.value,
            "load_kind": RecordKind.LOAD.value,
        }
        with connection.cursor() as cursor:
            if account.new or account.changed or account.conflict:
                cursor.execute(_PLACES, parameters)
                self._store_terms(cursor.fetchall(), parameters)
            if account.new:
                cursor.execute(_NEW_EVENTS, parameters)
            if account.changed:
                cursor.execute(_CHANGED_VERSIONS, parameters)
                cursor.execute(_CHANGED_EVENTS, parameters)
            if account.conflict:
                cursor.execute(_CONFLICTS, parameters)
            if account.quarantined:
                cursor.execute(_QUARANTINE, parameters)

    def notices(self) -> list[str]:
        """Return what the file's owner should know: values never seen before."""
        return [
            f"“{value}” has never been seen before ({count:,} "
            f"{'row' if count == 1 else 'rows'}); it was kept as it came."
            for value, count in self._unseen.most_common()
        ]

    def _store_terms(self, places: list[tuple[UUID, str, str]], parameters: dict[str, Any]) -> None:
        found = [
            (term, place_id)
            for place_id, location, lsoa_name in places
            for term in sorted(
                place_terms(location=location, district=district_of_lsoa_name(lsoa_name))
            )
        ]
        with connection.cursor() as cursor:
            cursor.execute(
                _TERMS,
                parameters
                | {"terms": [term for term, _ in found], "places": [id_ for _, id_ in found]},
            )

    def _row(self, number: int, event: ReadEvent) -> tuple[object, ...]:
        for value in (event.category, event.outcome):
            if value not in KNOWN_VALUES:
                self._unseen[value] += 1
        place = event.place
        area = self._areas.force_of(place.lsoa_code, place.lsoa_name)
        return (
            number, None, None, event.owner_id, event.kind.value, event.identity, event.content,
            event.category, event.outcome, _iso(event.occurred_from), _iso(event.occurred_until),
            event.precision.value, json.dumps(event.details) if event.details else "{}",
            place.fingerprint, place.map_cell, area, *self._first_sight(event.owner_id, place),
        )  # fmt: skip

    def _first_sight(self, owner_id: int, place: ReadPlace) -> tuple[object, ...]:
        """Return what describes a place, once for each place of an owner in the file."""
        key = (owner_id, place.fingerprint)
        if place.fingerprint is None or key in self._seen:
            return _NOTHING
        if len(self._seen) >= _PLACES_REMEMBERED:
            self._seen.clear()  # telling a place twice costs a little and changes nothing
        self._seen.add(key)
        return (
            place.location,
            place.lsoa_code,
            place.lsoa_name,
            place.latitude,
            place.longitude,
            place.cell,
        )


@lru_cache(maxsize=1024)
def _iso(instant: datetime) -> str:
    return instant.isoformat()


def _unreadable_row(line: Line, problem: str) -> tuple[object, ...]:
    return (line.number, problem, line.text.replace("\0", ""), *(None,) * 19)
