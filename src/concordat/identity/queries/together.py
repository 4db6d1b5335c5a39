"""Which records are together, for other packages that derive something from it.

These run inside whatever transaction they are called in, see what its actor may read, and show
nobody anything; whoever shows what they found journals it.
"""

from collections.abc import Collection, Iterable
from typing import Final
from uuid import UUID

from django.db import connection

from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.identity.queries.evidence import (
    connected,
    facets_of,
    judgements_among,
    owners_of,
)
from concordat.identity.queries.models import weigher_in_use
from concordat.identity.rules.clusters import derive
from concordat.identity.rules.exact import exact_keys
from concordat.identity.rules.judgements import settle

FEW: Final = 20
"""So many records are followed along their judgements; of more, the clusters kept must do."""

_LABELLED: Final = """
SELECT other.record_id FROM identity_cluster asked
JOIN identity_cluster other ON other.label = asked.label
WHERE asked.record_id = ANY (%s)
"""


def members_of(record_id: UUID) -> dict[UUID, int]:
    """Return the records that are the same person as this one, with their owners.

    As far as the transaction's actor may see; empty if they may not read the record itself.
    """
    around = connected(owners_of([record_id]))
    if record_id not in around:
        return {}
    labels = derive(facets_of(around), settle(judgements_among(around)), weigher_in_use())
    return {one: around[one].owner_id for one in labels if labels[one] == labels[record_id]}


def near(records: Collection[UUID]) -> frozenset[UUID]:
    """Return these records and all of the whole register that may be the same persons.

    For the service's own look-ups alone: it knows of records that few may read, and may hold more
    than truly are the same. What is told to anybody is derived anew with their own rights.
    """
    with acting(Actor.resolver(reason="looking for watches")):
        found = {*records, *_labelled(records)}
        if len(records) <= FEW:
            found.update(connected(owners_of(records)))
    return frozenset(found)


def owners_of_all(records: Collection[UUID]) -> dict[UUID, int]:
    """Return whose these records are, of whatever force. For the service's own look-ups alone."""
    with acting(Actor.resolver(reason="looking for watches")):
        return owners_of(records)


def agree_exactly(records: Iterable[UUID], *, other: UUID) -> bool:
    """Whether `other` has an identifier, or whole name and birth, in common with one of these.

    It is what a pointer look-up would have to give. For the service's own look-ups alone.
    """
    asked = [*records, other]
    with acting(Actor.resolver(reason="looking for watches")):
        around = connected(owners_of(asked))
    keys = {
        one: {key for features in around[one].features for key in exact_keys(features)}
        for one in asked
        if one in around
    }
    theirs = keys.pop(other, set())
    return any(theirs & mine for mine in keys.values())


def _labelled(records: Collection[UUID]) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(_LABELLED, [list(records)])
        return [row[0] for row in cursor.fetchall()]
