"""Resolving one record at a time, as it is recorded, changed, or judged."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final
from uuid import UUID

from django.db import connection

from concordat.audit.actions import record
from concordat.audit.rules import Operation
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.identity.actions.machine import (
    alone,
    append_machine,
    check_can_resolve,
    labelled_with,
    labels_kept,
    live_of,
    retire_machine,
    tell_resolved,
    write_labels,
)
from concordat.identity.actions.runs import resolve_all
from concordat.identity.engine import keys_of
from concordat.identity.queries.candidates import Scored, candidates, crowded_candidates
from concordat.identity.queries.evidence import (
    Facets,
    connected,
    facets_of,
    judgements_among,
    owners_of,
)
from concordat.identity.queries.models import weigher_in_use
from concordat.identity.rules.clusters import REVIEW_BITS, derive, regrouped
from concordat.identity.rules.judgements import Pair, pair_of, settle
from concordat.identity.rules.weighing import Weigher

AT_ONCE: Final = 50
"""So many records are resolved in one transaction."""

MANY: Final = 5_000
"""From so many records on, resolving all of the register is quicker than one at a time."""

_ALL_PENDING = """
SELECT f.record_id FROM identity_feature f
LEFT JOIN identity_cluster c ON c.record_id = f.record_id AND c.version = f.version
WHERE f.facet = 0 AND c.record_id IS NULL
ORDER BY f.record_id
"""
_PENDING_OF = """
SELECT f.record_id FROM unnest(%(records)s::uuid[]) AS asked (id)
CROSS JOIN LATERAL (
    SELECT * FROM identity_feature
    WHERE owner_id = ANY ((SELECT concordat.readable_person_owners())::integer[])
      AND record_id = asked.id AND facet = 0
) AS f
LEFT JOIN identity_cluster c ON c.record_id = f.record_id AND c.version = f.version
WHERE c.record_id IS NULL
ORDER BY f.record_id
"""


@dataclass(frozen=True, kw_only=True)
class Resolved:
    """What resolving came to: how many records, and how many judgements changed for them."""

    records: int
    appended: int
    retired: int


def resolve_pending(actor: Actor, *, records: Sequence[UUID] | None = None) -> Resolved:
    """Decide who the records are that are new or changed since they were last resolved.

    Of these records, or without them of all; where very many wait, the whole register is resolved
    instead, which is quicker then. A record already resolved in its current version is
    passed over, so that calling twice does no harm. Raises NotAllowedToResolve for people.
    """
    check_can_resolve(actor)
    resolver = Actor.resolver(reason=actor.reason)
    if records is None and _many_wait(resolver):
        facts = resolve_all(actor).facts
        return Resolved(
            records=facts["records"], appended=facts["appended"], retired=facts["retired"]
        )
    with alone():
        with acting(resolver):
            waiting = iter(_pending(records))
        some = iter(lambda: list(islice(waiting, AT_ONCE)), [])
        counts = [_resolve_some(resolver, records) for records in some]
    return Resolved(
        records=sum(count.records for count in counts),
        appended=sum(count.appended for count in counts),
        retired=sum(count.retired for count in counts),
    )


def settle_clusters(actor: Actor, *, records: Sequence[UUID]) -> None:
    """Derive the clusters of these records again, after what people judged of them changed."""
    check_can_resolve(actor)
    resolver = Actor.resolver(reason=actor.reason)
    with alone(), acting(resolver):
        _label_around(set(records), weigher_in_use())
        record(
            resolver,
            operation=Operation.COMBINATION,
            action="identity.settle_clusters",
            details={"records": len(records)},
        )


def _many_wait(resolver: Actor) -> bool:
    with acting(resolver), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM ({_ALL_PENDING} LIMIT %s) AS waiting",  # noqa: S608 (constants)
            [MANY],
        )
        return int(cursor.fetchone()[0]) >= MANY


def _pending(records: Sequence[UUID] | None) -> list[UUID]:
    with connection.cursor() as cursor:
        if records is None:
            cursor.execute(_ALL_PENDING)
        else:
            cursor.execute(_PENDING_OF, {"records": list(records)})
        return [row[0] for row in cursor.fetchall()]


def _resolve_some(resolver: Actor, records: Sequence[UUID]) -> Resolved:
    appended = retired = 0
    with acting(resolver):
        weigher = weigher_in_use()
        found = connected(owners_of(records))
        for record_id in records:
            new, gone = _judge(record_id, found[record_id], weigher)
            appended += new
            retired += gone
        _label_around(set(records), weigher)
        record(
            resolver,
            operation=Operation.COMBINATION,
            action="identity.resolve_pending",
            details={"records": len(records), "appended": appended, "retired": retired},
        )
    return Resolved(records=len(records), appended=appended, retired=retired)


def _judge(record_id: UUID, facets: Facets, weigher: Weigher) -> tuple[int, int]:
    """Bring the machine's judgements of one record up to date: how many appended and retired."""
    bits, owners = _weigh(record_id, facets, weigher)
    version = weigher.version
    before = live_of(record_id)
    kept = {pair for pair, weight in bits.items() if before.get(pair) == (weight, version)}
    gone = before.keys() - kept
    new = {pair: weight for pair, weight in bits.items() if pair not in kept}
    retire_machine(gone, because="a record changed")
    append_machine(new, owners=owners, model_version=version)
    return len(new), len(gone)


def _weigh(
    record_id: UUID, facets: Facets, weigher: Weigher
) -> tuple[dict[Pair, float], dict[UUID, int]]:
    """Return the bits of each pair with this record that is worth a word, and whose they are."""
    keys = {key for of_facet in keys_of(facets.features) for key in of_facet}
    found = [
        other
        for other in candidates(weigher, facets.features, sorted(keys)).values()
        if other.record_id != record_id and other.bits >= REVIEW_BITS
    ]
    found = found or _copy_of(record_id, facets, weigher)
    owners = {record_id: facets.owner_id}
    bits: dict[Pair, float] = {}
    for other, its_keys in zip(found, keys_of([one.features for one in found]), strict=True):
        if keys.isdisjoint(its_keys):
            continue  # found under a key that it had in an earlier version
        bits[pair_of(record_id, other.record_id)] = other.bits
        owners[other.record_id] = other.owner_id
    return bits, owners


def _copy_of(record_id: UUID, facets: Facets, weigher: Weigher) -> list[Scored]:
    """Return one record of which this is an exact copy, where too many share all of its keys."""
    keys = [key for of_facet in keys_of(facets.features) for key in of_facet]
    crowd = crowded_candidates(weigher, facets.features, keys)
    copies = (
        one
        for one in crowd.values()
        if one.record_id != record_id
        and one.bits >= REVIEW_BITS
        and one.features in facets.features
    )
    return list(islice(copies, 1))


def _label_around(records: set[UUID], weigher: Weigher) -> None:
    """Derive the clusters of these records, of those they were with, and of those they now join."""
    around = connected(owners_of(records | labelled_with(records)))
    labels = derive(facets_of(around), settle(judgements_among(around)), weigher)
    tell_resolved(regrouped(labels_kept(around), labels))
    write_labels(labels, {record_id: facets.version for record_id, facets in around.items()})
