"""What identity does when a fact arrives: it decides who the persons of new records are."""

from datetime import timedelta
from uuid import UUID

from concordat.base.actor import Actor
from concordat.base.clock import now
from concordat.base.outbox import Fact, Handlers, NotYet, has_a_later_one
from concordat.identity.actions import resolve_pending, settle_clusters
from concordat.identity.actions.judging import JUDGED
from concordat.identity.actions.observing import OBSERVED

QUIET = timedelta(seconds=30)
"""So long after its last batch a bulk load is taken to be over."""


def on_observed(fact: Fact) -> None:
    """Resolve the records that were observed; after a bulk load, all that wait.

    A load comes in many batches. What waits is resolved once, when none has come for a while: to
    resolve the whole register beside a load would slow both down.
    """
    service = Actor.service(reason=f"fact {fact.id}: {fact.kind}")
    if "many" not in fact.body:
        resolve_pending(service, records=[UUID(one) for one in fact.body["records"]])
        return
    if has_a_later_one(fact):
        return
    if now() - fact.created_at < QUIET:
        raise NotYet
    resolve_pending(service)


def on_judged(fact: Fact) -> None:
    """Derive the clusters around a pair that somebody judged."""
    service = Actor.service(reason=f"fact {fact.id}: {fact.kind}")
    settle_clusters(service, records=[UUID(one) for one in fact.body["records"]])


HANDLERS: Handlers = {OBSERVED: (on_observed,), JUDGED: (on_judged,)}
