"""The review queue: pairs that the machine leaves to a person."""

from typing import Any
from uuid import UUID

from django.db import connection

from concordat.audit.actions import record
from concordat.audit.rules import Operation, Subject
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.identity.engine import probability
from concordat.identity.errors import UnknownPerson
from concordat.identity.rules.answers import Undecided

# Both records in the actor's reach, at least one of their own force's; the likeliest first.
_WAITING = """
FROM identity_judgement j
WHERE j.verdict = 'unsure' AND j.retired_at IS NULL AND j.judged_by_id IS NULL
  AND (j.left_compartment / 100 = %(own)s OR j.right_compartment / 100 = %(own)s)
  AND NOT EXISTS (
      SELECT FROM identity_judgement p
      WHERE p.left_id = j.left_id AND p.right_id = j.right_id
        AND p.judged_by_id IS NOT NULL AND p.retired_at IS NULL)
"""
_QUEUE = f"""
SELECT j.left_id, j.left_compartment / 100, j.right_id, j.right_compartment / 100, j.bits
{_WAITING}
  AND (%(after)s::float8 IS NULL OR (-j.bits, j.left_id, j.right_id)
       > (-%(after)s::float8, %(left)s::uuid, %(right)s::uuid))
ORDER BY j.bits DESC, j.left_id, j.right_id
LIMIT %(limit)s
"""


def review_queue(
    actor: Actor, *, after: tuple[UUID, UUID] | None = None, limit: int = 25
) -> tuple[Undecided, ...]:
    """Return pairs that wait for a person's judgement, likeliest first, those beyond `after`.

    Of records that `actor` may read, at least one of them their own force's. `after` is a pair of
    the queue, which need not wait any more. Raises UnknownPerson if it never did for the actor.
    """
    with acting(actor), connection.cursor() as cursor:
        parameters: dict[str, Any] = {"own": actor.organisation_id, "limit": limit}
        parameters |= {"after": None, "left": None, "right": None}
        if after is not None:
            parameters |= {"after": _bits(after), "left": after[0], "right": after[1]}
        cursor.execute(_QUEUE, parameters)
        found = tuple(
            Undecided(
                left_id=left,
                left_owner_id=left_owner,
                right_id=right,
                right_owner_id=right_owner,
                bits=bits,
                probability=probability(bits),
            )
            for left, left_owner, right, right_owner, bits in cursor.fetchall()
        )
        record(
            actor,
            operation=Operation.CONSULTATION,
            action="identity.review_queue",
            subjects=_subjects(found),
        )
    return found


def next_in_queue(actor: Actor, *, after: tuple[UUID, UUID] | None = None) -> Undecided | None:
    """Return the next pair that waits for a person's judgement, or None if none does."""
    return next(iter(review_queue(actor, after=after, limit=1)), None)


def count_in_queue(actor: Actor) -> int:
    """Return how many pairs wait, of those that `review_queue` would give `actor`."""
    with acting(actor), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {_WAITING}", {"own": actor.organisation_id})
        count = int(cursor.fetchone()[0])
        record(actor, operation=Operation.CONSULTATION, action="identity.count_in_queue")
    return count


def _bits(pair: tuple[UUID, UUID]) -> float:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bits FROM identity_judgement WHERE left_id = %s AND right_id = %s "
            "AND judged_by_id IS NULL ORDER BY judged_at DESC LIMIT 1",
            list(pair),
        )
        row = cursor.fetchone()
    if row is None:
        raise UnknownPerson("There is no such pair in the queue, or it is not shared with you.")
    return float(row[0])


def _subjects(found: tuple[Undecided, ...]) -> list[Subject]:
    owners = {one.left_id: one.left_owner_id for one in found}
    owners |= {one.right_id: one.right_owner_id for one in found}
    return [Subject("person", record_id, owner_id) for record_id, owner_id in owners.items()]
