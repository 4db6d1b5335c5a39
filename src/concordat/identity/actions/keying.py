"""Making every key anew: when a release of the engine makes other keys than the one before."""

import json
from collections.abc import Iterator
from typing import Final

from django.db import connection

from concordat.access.rules import RecordKind
from concordat.audit.actions import record
from concordat.audit.rules import Operation
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.identity.actions.machine import check_can_resolve
from concordat.identity.engine import keys_of
from concordat.identity.rules.exact import exact_keys
from concordat.organisations.queries import organisations

_AT_ONCE: Final = 10_000
_SECONDS: Final = 24 * 3600

_PAGE: Final = """
SELECT id, features FROM identity_feature
WHERE owner_id = %s AND id > %s AND features <> '{}' ORDER BY id LIMIT %s
"""
_INSERT: Final = """
INSERT INTO identity_key (owner_id, kind, key, feature_id)
SELECT %(owner)s, %(kind)s, key, feature_id
FROM unnest(%(keys)s::bigint[], %(features)s::bigint[]) AS made (key, feature_id)
ORDER BY key
ON CONFLICT (owner_id, key, feature_id) DO NOTHING
"""


def rekey(actor: Actor) -> int:
    """Add the keys that the features lack, of every owner; return how many were added.

    Keys that are no longer made stay, and are found by nobody. Each page is committed by itself:
    run it again after an interruption. Raises NotAllowedToResolve for people.
    """
    check_can_resolve(actor)
    added = 0
    for owner in organisations():
        acts = Actor.service(reason=actor.reason).acting_for(owner.id, owner.name)
        added += sum(_pages(acts))
    with acting(actor):
        record(
            actor,
            operation=Operation.ALTERATION,
            action="identity.rekey",
            details={"added": added},
        )
    return added


def _pages(owner: Actor) -> Iterator[int]:
    """Yield how many keys each page of one owner's features lacked."""
    last = 0
    while True:
        with acting(owner, seconds=_SECONDS), connection.cursor() as cursor:
            cursor.execute(_PAGE, [owner.organisation_id, last, _AT_ONCE])
            rows = [(number, json.loads(features)) for number, features in cursor.fetchall()]
            if not rows:
                return
            last = rows[-1][0]
            made = keys_of([features for _, features in rows])
            pairs = [
                (key, number)
                for (number, features), keys in zip(rows, made, strict=True)
                for key in {*keys, *exact_keys(features)}
            ]
            cursor.execute(
                _INSERT,
                {
                    "owner": owner.organisation_id,
                    "kind": RecordKind.PERSON.value,
                    "keys": [key for key, _ in pairs],
                    "features": [number for _, number in pairs],
                },
            )
            yield int(cursor.rowcount)
