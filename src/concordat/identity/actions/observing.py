"""Taking in what was recorded of persons: their features, and the keys they are found by."""

import json
from collections.abc import Iterator, Sequence
from typing import Final

from django.db import connection

from concordat.access.rules import RECORDING_ROLES, RecordKind
from concordat.audit.actions import record
from concordat.audit.rules import Operation
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.base.outbox import put
from concordat.identity.errors import NotAllowedToObserve
from concordat.identity.rules.observed import Observed
from concordat.identity.rules.standard import standardised

FEW: Final = 1_000
"""Up to so many records, the fact names each; of more, the worker resolves in bulk."""

OBSERVED: Final = "identity.observed"
_SECONDS: Final = 6 * 3600

_CREATE: Final = """
CREATE TEMPORARY TABLE IF NOT EXISTS identity_incoming (
    record_id uuid, owner_id integer, facet smallint, version integer, features jsonb,
    keys bigint[], feature_id bigint, fresh boolean
) ON COMMIT DELETE ROWS;
TRUNCATE identity_incoming;
"""
_COPY: Final = (
    "COPY identity_incoming (record_id, owner_id, facet, version, features, keys) FROM STDIN"
)

# Looked up one by one in their unique index: the cost doesn't grow with the register.
_NUMBER: Final = """
UPDATE identity_incoming i
SET feature_id = coalesce(known.id, nextval('identity_feature_number')), fresh = known.id IS NULL
FROM identity_incoming self LEFT JOIN LATERAL (
    SELECT f.id FROM identity_feature f
    WHERE f.owner_id = self.owner_id AND f.record_id = self.record_id AND f.facet = self.facet
    LIMIT 1
) AS known ON true
WHERE i.ctid = self.ctid
"""
_NEW_FEATURES: Final = """
INSERT INTO identity_feature
    (owner_id, kind, id, record_id, facet, version, features, observed_at)
SELECT owner_id, %(kind)s, feature_id, record_id, facet, version, features, now()
FROM identity_incoming WHERE fresh
"""
_CHANGED_FEATURES: Final = """
UPDATE identity_feature f
SET version = i.version, features = i.features, observed_at = now()
FROM identity_incoming i
WHERE NOT i.fresh AND f.owner_id = i.owner_id AND f.id = i.feature_id
"""
# What a record no longer says: its further facets are emptied, a withdrawn record's are all.
_GONE_FEATURES: Final = """
UPDATE identity_feature f
SET version = told.version, features = '{}', observed_at = now()
FROM unnest(%(records)s::uuid[], %(owners)s::integer[], %(versions)s::integer[],
            %(facets)s::integer[]) AS told (record_id, owner_id, version, facets)
WHERE f.owner_id = told.owner_id AND f.record_id = told.record_id AND f.facet >= told.facets
"""
# In the order of the index, so that a large batch goes through it once.
_NEW_KEYS: Final = """
INSERT INTO identity_key (owner_id, kind, key, feature_id)
SELECT owner_id, %(kind)s, key, feature_id
FROM identity_incoming, unnest(keys) AS key WHERE fresh ORDER BY owner_id, key
"""
_FURTHER_KEYS: Final = """
INSERT INTO identity_key (owner_id, kind, key, feature_id)
SELECT owner_id, %(kind)s, key, feature_id
FROM identity_incoming, unnest(keys) AS key WHERE NOT fresh
ON CONFLICT (owner_id, key, feature_id) DO NOTHING
"""


def check_can_observe(actor: Actor, *, records: Sequence[Observed]) -> None:
    """Raise NotAllowedToObserve unless `actor` may write these owners' records."""
    if not actor.holds(*RECORDING_ROLES):
        raise NotAllowedToObserve(
            f"{actor.person_name} holds none of the roles that work with records."
        )
    if {told.owner_id for told in records} - {actor.organisation_id}:
        raise NotAllowedToObserve(
            f"{actor.organisation_name} can hand over features of its own records only."
        )


def observe(actor: Actor, *, records: Sequence[Observed]) -> int:
    """Replace the features and keys of these records; return how many facets there now are.

    Called by `records` in the transaction that stored them. One fact is put for all of them, by
    which the worker decides within a second who they are. Raises NotAllowedToObserve.
    """
    check_can_observe(actor, records=records)
    if not records:
        return 0
    with acting(actor, seconds=_SECONDS):
        facets = _store(records)
        subject, body = _told(records)
        put(kind=OBSERVED, subject=subject, body=body)
        record(
            actor,
            operation=Operation.ALTERATION,
            action="identity.observe",
            details={"records": len(records), "facets": facets},
        )
    return facets


def _told(records: Sequence[Observed]) -> tuple[str, dict[str, object]]:
    """Return the subject and the body of the fact that tells of these records."""
    if len(records) > FEW:
        return OBSERVED, {"many": len(records)}
    ids = [str(told.record_id) for told in records]
    return ids[0], {"records": ids}


def _store(records: Sequence[Observed]) -> int:
    kind = {"kind": RecordKind.PERSON.value}
    with connection.cursor() as cursor:
        cursor.execute(_CREATE)
        with cursor.copy(_COPY) as copy:
            for row in _rows(records):
                copy.write_row(row)
        cursor.execute(_NUMBER)
        cursor.execute(_NEW_FEATURES, kind)
        cursor.execute(_NEW_KEYS, kind)
        cursor.execute("SELECT count(*), count(*) FILTER (WHERE NOT fresh) FROM identity_incoming")
        stored, known = cursor.fetchone()
        if known:
            cursor.execute(_CHANGED_FEATURES)
            cursor.execute(_FURTHER_KEYS, kind)
        changed = [told for told in records if told.version > 1]
        if changed:
            cursor.execute(
                _GONE_FEATURES,
                {
                    "records": [told.record_id for told in changed],
                    "owners": [told.owner_id for told in changed],
                    "versions": [told.version for told in changed],
                    "facets": [len(told.facets) for told in changed],
                },
            )
    return int(stored)


def _rows(records: Sequence[Observed]) -> Iterator[tuple[object, ...]]:
    """Yield one row for each facet, in standard form, with its keys."""
    places = [(told, number) for told in records for number in range(len(told.facets))]
    forms = standardised([told.facets[number] for told, number in places])
    for (told, number), (features, keys) in zip(places, forms, strict=True):
        yield (
            told.record_id,
            told.owner_id,
            number,
            told.version,
            json.dumps(features, ensure_ascii=False),
            f"{{{','.join(map(str, keys))}}}",
        )
