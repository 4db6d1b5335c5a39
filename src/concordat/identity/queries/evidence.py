"""What an actor may read of some records: their features, the judgements, and who is connected.

Everything here runs under row security: a judgement exists for an actor only if both its records
do, so two records that only a hidden third connects appear apart.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection

from concordat.identity.engine import Features
from concordat.identity.rules.answers import JudgementDetail
from concordat.identity.rules.judgements import Judged, Verdict

MOST: Final = 2_000
"""A component of more records is cut off there: nobody is recorded so often."""

# Each judgement says whose its records are, so that each record is one look-up in the index.
_REACH: Final = """
WITH RECURSIVE reached (id, owner_id) AS (
    SELECT * FROM unnest(%(seeds)s::uuid[], %(owners)s::integer[])
    UNION
    SELECT next.id, next.owner_id FROM reached CROSS JOIN LATERAL (
        SELECT j.right_id AS id, j.right_compartment / 100 AS owner_id FROM identity_judgement j
        WHERE j.left_id = reached.id AND j.retired_at IS NULL
          AND (j.judged_by_id IS NULL OR j.verdict = 'same')
        UNION ALL
        SELECT j.left_id, j.left_compartment / 100 FROM identity_judgement j
        WHERE j.right_id = reached.id AND j.retired_at IS NULL
          AND (j.judged_by_id IS NULL OR j.verdict = 'same')
    ) AS next
), kept AS MATERIALIZED (SELECT id, owner_id FROM reached LIMIT %(most)s)
SELECT f.record_id, f.owner_id, f.facet, f.features, f.version
FROM kept CROSS JOIN LATERAL (
    SELECT * FROM identity_feature f
    WHERE f.owner_id = kept.owner_id AND f.record_id = kept.id
    LIMIT %(most)s  -- so that each record is looked up in the index, whatever the planner guesses
) AS f
ORDER BY f.record_id, f.facet
"""
_OWNERS: Final = """
SELECT f.record_id, f.owner_id FROM unnest(%(records)s::uuid[]) AS asked (id)
CROSS JOIN LATERAL (
    SELECT * FROM identity_feature
    WHERE owner_id = ANY ((SELECT concordat.readable_person_owners())::integer[])
      AND record_id = asked.id
    LIMIT 1
) AS f
"""
_JUDGED: Final = """
SELECT j.id, j.left_id, j.right_id, j.verdict, j.judged_at, j.bits
FROM identity_judgement j
WHERE j.left_id = ANY (%(records)s) AND j.right_id = ANY (%(records)s) AND j.retired_at IS NULL
"""
_DETAIL: Final = (
    "SELECT id, left_id, right_id, verdict, bits, model_version, judged_at, judged_by, "
    "judged_by_id IS NULL, owner_id, reason, retired_at, retired_by, retired_because "
    "FROM identity_judgement"
)


@dataclass(frozen=True)
class Facets:
    """One record: its owner, its version, and its facets in standard form."""

    owner_id: int
    version: int
    features: tuple[Features, ...]


def owners_of(records: Collection[UUID]) -> dict[UUID, int]:
    """Return whose these records are; those that the actor may not read are missing."""
    with connection.cursor() as cursor:
        cursor.execute(_OWNERS, {"records": list(records)})
        return dict(cursor.fetchall())


def connected(seeds: Mapping[UUID, int]) -> dict[UUID, Facets]:
    """Return these records and all that are connected with them by live judgements.

    By people's of sameness and by all of the machine's, those that it leaves to people included:
    whether they hold together is for the rules. `seeds` are given with their owners. Records that
    the actor may not read, or that aren't there, are missing.
    """
    found: dict[UUID, list[tuple[int, int, Features]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_REACH, {"seeds": list(seeds), "owners": list(seeds.values()), "most": MOST})
        for record_id, owner_id, _, features, version in cursor.fetchall():
            found.setdefault(record_id, []).append((owner_id, version, json.loads(features)))
    return {
        record_id: Facets(
            owner_id=rows[0][0],
            version=rows[0][1],
            features=tuple(features for _, _, features in rows if features),
        )
        for record_id, rows in found.items()
    }


def judgements_among(records: Iterable[UUID]) -> list[Judged]:
    """Return the live judgements of which both records are among these."""
    with connection.cursor() as cursor:
        cursor.execute(_JUDGED, {"records": list(records)})
        return [
            Judged(id_, left, right, Verdict(verdict), judged_at, bits)
            for id_, left, right, verdict, judged_at, bits in cursor.fetchall()
        ]


def history_among(records: Sequence[UUID]) -> tuple[JudgementDetail, ...]:
    """Return every judgement, live or retired, between any of these records, newest first."""
    return _details("left_id = ANY (%(records)s) AND right_id = ANY (%(records)s)", records)


def history_of(records: Sequence[UUID]) -> tuple[JudgementDetail, ...]:
    """Return what was judged between these records, and what people judged of them and others."""
    return _details(
        "(left_id = ANY (%(records)s) AND right_id = ANY (%(records)s)) OR "
        "((left_id = ANY (%(records)s) OR right_id = ANY (%(records)s)) "
        "AND judged_by_id IS NOT NULL)",
        records,
    )


def _details(condition: str, records: Sequence[UUID]) -> tuple[JudgementDetail, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_DETAIL} WHERE {condition} ORDER BY judged_at DESC, id DESC",
            {"records": list(records)},
        )
        return tuple(judgement_detail(row) for row in cursor.fetchall())


def judgement_detail(row: Sequence[Any]) -> JudgementDetail:
    """Return a row of `_DETAIL` as pages show it."""
    return JudgementDetail(
        id=row[0],
        left_id=row[1],
        right_id=row[2],
        verdict=Verdict(row[3]),
        bits=row[4],
        model_version=row[5],
        judged_at=row[6],
        judged_by=row[7],
        by_machine=row[8],
        owner_id=row[9],
        reason=row[10],
        retired_at=row[11],
        retired_by=row[12],
        retired_because=row[13],
    )


def facets_of(found: Mapping[UUID, Facets]) -> dict[UUID, tuple[Features, ...]]:
    """Return the features alone, by record."""
    return {record_id: facets.features for record_id, facets in found.items()}
