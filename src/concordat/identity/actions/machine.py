"""What the machine writes: its judgements, and the clusters of the whole register.

Everything here runs inside `acting(Actor.resolver(…))`, and while no other resolution does.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final
from uuid import UUID

from django.db import connection

from concordat.access.rules import RecordKind
from concordat.base.actor import Actor, Role
from concordat.base.clock import now
from concordat.base.ids import new_id
from concordat.base.outbox import put
from concordat.identity.errors import NotAllowedToResolve
from concordat.identity.rules.clusters import LINK_BITS, Labels
from concordat.identity.rules.judgements import Pair, Verdict

MACHINE: Final = "Concordat"
RESOLVED: Final = "identity.resolved"
"""The fact that some records are of other clusters than before, or of clusters that changed."""

_TOLD_AT_ONCE: Final = 5_000
"""Records that one fact names at most."""

_LOCK: Final = 0x77686F69  # "whoi": one resolution at a time

_LIVE = """
SELECT left_id, right_id, bits, model_version FROM identity_judgement
WHERE (left_id = %(record)s OR right_id = %(record)s)
  AND retired_at IS NULL AND judged_by_id IS NULL
"""
_RETIRE = """
UPDATE identity_judgement
SET retired_at = %(now)s, retired_by = %(by)s, retired_because = %(because)s
FROM unnest(%(lefts)s::uuid[], %(rights)s::uuid[]) AS gone (left_id, right_id)
WHERE identity_judgement.left_id = gone.left_id AND identity_judgement.right_id = gone.right_id
  AND retired_at IS NULL AND judged_by_id IS NULL
"""
_APPEND = """
INSERT INTO identity_judgement
    (id, owner_id, kind, left_id, right_id, left_compartment, right_compartment, verdict, bits,
     model_version, judged_at, judged_by, reason, retired_by, retired_because)
SELECT id, left_owner, %(kind)s, left_id, right_id,
       concordat.compartment(left_owner, %(person)s::smallint),
       concordat.compartment(right_owner, %(person)s::smallint), verdict, bits, %(model)s,
       %(now)s, %(by)s, '', '', ''
FROM unnest(%(ids)s::uuid[], %(lefts)s::uuid[], %(left_owners)s::integer[], %(rights)s::uuid[],
            %(right_owners)s::integer[], %(verdicts)s::text[], %(bits)s::float8[])
     AS found (id, left_id, left_owner, right_id, right_owner, verdict, bits)
"""
_LABEL = """
INSERT INTO identity_cluster (record_id, version, label)
SELECT * FROM unnest(%(records)s::uuid[], %(versions)s::integer[], %(labels)s::uuid[])
ON CONFLICT (record_id) DO UPDATE SET version = EXCLUDED.version, label = EXCLUDED.label
"""


def check_can_resolve(actor: Actor) -> None:
    """Raise NotAllowedToResolve, with the reason, unless `actor` is the service itself."""
    if not actor.holds(Role.SYSTEM, Role.RESOLVER):
        raise NotAllowedToResolve(
            "Resolving the register is the service’s own work: it reads every force’s persons."
        )


@contextmanager
def alone() -> Iterator[None]:
    """Wait until no other resolution is under way, and keep others waiting."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def verdict_of(bits: float) -> Verdict:
    """Return what the machine says of a pair of so many bits that is worth a word at all."""
    return Verdict.SAME if bits >= LINK_BITS else Verdict.UNSURE


def live_of(record_id: UUID) -> dict[Pair, tuple[float, str]]:
    """Return the machine's live judgements of one record: bits and model version, by pair."""
    with connection.cursor() as cursor:
        cursor.execute(_LIVE, {"record": record_id})
        return {(left, right): (bits, model) for left, right, bits, model in cursor.fetchall()}


def retire_machine(pairs: Collection[Pair], *, because: str) -> None:
    """Retire the machine's judgements of these pairs."""
    if not pairs:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _RETIRE,
            {
                "now": now(),
                "by": MACHINE,
                "because": because,
                "lefts": [left for left, _ in pairs],
                "rights": [right for _, right in pairs],
            },
        )


def append_machine(
    bits: Mapping[Pair, float], *, owners: Mapping[UUID, int], model_version: str
) -> None:
    """Append a judgement of the machine for each of these pairs."""
    if not bits:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _APPEND,
            {
                "kind": RecordKind.JUDGEMENT.value,
                "person": RecordKind.PERSON.value,
                "model": model_version,
                "now": now(),
                "by": MACHINE,
                "ids": [new_id() for _ in bits],
                "lefts": [left for left, _ in bits],
                "left_owners": [owners[left] for left, _ in bits],
                "rights": [right for _, right in bits],
                "right_owners": [owners[right] for _, right in bits],
                "verdicts": [verdict_of(weight).value for weight in bits.values()],
                "bits": list(bits.values()),
            },
        )


def labelled_with(records: Iterable[UUID]) -> set[UUID]:
    """Return the records that were last resolved into the same clusters as these."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.record_id FROM identity_cluster c WHERE c.label IN "
            "(SELECT label FROM identity_cluster WHERE record_id = ANY (%s))",
            [list(records)],
        )
        return {row[0] for row in cursor.fetchall()}


def tell_resolved(records: Sequence[UUID]) -> None:
    """Put the fact that the clusters of these records changed, for whoever watches any of them."""
    for first in range(0, len(records), _TOLD_AT_ONCE):
        told = records[first : first + _TOLD_AT_ONCE]
        put(kind=RESOLVED, subject="identity", body={"records": [str(one) for one in told]})


def labels_kept(records: Iterable[UUID]) -> Labels:
    """Return the clusters of these records as they were last kept."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT record_id, label FROM identity_cluster WHERE record_id = ANY (%s)",
            [list(records)],
        )
        return dict(cursor.fetchall())


def write_labels(labels: Labels, versions: Mapping[UUID, int]) -> None:
    """Keep which cluster each record is in, and the version that was resolved."""
    order = sorted(labels)
    with connection.cursor() as cursor:
        cursor.execute(
            _LABEL,
            {
                "records": order,
                "versions": [versions[record_id] for record_id in order],
                "labels": [labels[record_id] for record_id in order],
            },
        )


def as_json(facts: Mapping[str, object]) -> str:
    """Return facts as PostgreSQL keeps them."""
    return json.dumps(facts, default=str)
