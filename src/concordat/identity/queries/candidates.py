"""Finding candidates: the records that share a key with the one asked for, in one round trip."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection

from concordat.identity.engine import Explanation, Features
from concordat.identity.rules.weighing import Comparison, Weigher

MOST_PER_KEY: Final = 200
"""A key that more facets share than this says too little to be followed, as in the engine."""

# Each key is looked up in the index for the owners whose persons the actor may read. Whatever the
# statistics say, the number of rows read is bounded by the keys and the owners.
_CANDIDATES: Final = """
WITH hit AS MATERIALIZED (
    SELECT DISTINCT found.owner_id, found.feature_id
    FROM (
        SELECT k.owner_id, k.feature_id, count(*) OVER (PARTITION BY wanted.key) AS hits
        FROM unnest(%(keys)s::bigint[]) AS wanted (key)
        CROSS JOIN LATERAL (
            SELECT owner_id, feature_id FROM identity_key
            WHERE owner_id = ANY ((SELECT concordat.readable_person_owners())::integer[])
              AND key = wanted.key
            LIMIT %(limit)s
        ) AS k
    ) AS found
    WHERE found.hits < %(limit)s OR %(crowded)s
)
SELECT f.record_id, f.owner_id, f.features
FROM hit CROSS JOIN LATERAL (
    SELECT * FROM identity_feature
    WHERE owner_id = hit.owner_id AND id = hit.feature_id AND features <> '{}' LIMIT 1
) AS f
"""


_Row = tuple[UUID, int, str]


@dataclass(frozen=True, slots=True)
class Scored:
    """One record with the facet of it that fits best, and where it stands in a comparison."""

    record_id: UUID
    owner_id: int
    features: Features
    bits: float
    place: int
    comparison: Comparison

    def explain(self) -> Explanation:
        """Return why it scores as it does."""
        return self.comparison.explain(self.place)


def candidates(
    weigher: Weigher, facets: Sequence[Features], keys: Sequence[int]
) -> dict[UUID, Scored]:
    """Return the records that share a key, each with the best score of any of its facets.

    Of what the actor may read alone. In the order of the ids, so that nothing about how they are
    stored shows.
    """
    return _scored(weigher, facets, _sharing(keys))


def crowded_candidates(
    weigher: Weigher, facets: Sequence[Features], keys: Sequence[int]
) -> dict[UUID, Scored]:
    """Return some of the records that share the first of the keys, though too many share it.

    For a person all of whose keys too many share: somebody recorded hundreds of times over.
    """
    return _scored(weigher, facets, _sharing(keys[:1], crowded=True))


def _sharing(keys: Sequence[int], *, crowded: bool = False) -> list[_Row]:
    with connection.cursor() as cursor:
        limit = MOST_PER_KEY + 1
        cursor.execute(_CANDIDATES, {"keys": list(keys), "limit": limit, "crowded": crowded})
        return sorted((row[0], row[1], row[2]) for row in cursor.fetchall())


def _scored(
    weigher: Weigher, facets: Sequence[Features], rows: Sequence[_Row]
) -> dict[UUID, Scored]:
    features = [json.loads(row[2]) for row in rows]
    best: dict[UUID, Scored] = {}
    for facet in facets if rows else ():
        comparison = weigher.compare(facet, features)
        for place, bits in enumerate(comparison.bits.tolist()):
            record_id, owner_id, _ = rows[place]
            if record_id not in best or bits > best[record_id].bits:
                best[record_id] = Scored(
                    record_id, owner_id, features[place], bits, place, comparison
                )
    return best
