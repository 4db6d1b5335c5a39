"""What identity does when a fact arrives: it decides who the persons of new records are."""

from uuid import UUID

from concordat.base.actor import Actor
from concordat.base.outbox import Fact, Handlers
from concordat.identity.actions import resolve_pending, settle_clusters
from concordat.identity.actions.judging import JUDGED
from concordat.identity.actions.observing import OBSERVED


def on_observed(fact: Fact) -> None:
    """Resolve the records that were observed; after a bulk load, all that wait."""
    service = Actor.service(reason=f"fact {fact.id}: {fact.kind}")
    named = None if "many" in fact.body else [UUID(one) for one in fact.body["records"]]
    resolve_pending(service, records=named)


def on_judged(fact: Fact) -> None:
    """Derive the clusters around a pair that somebody judged."""
    service = Actor.service(reason=f"fact {fact.id}: {fact.kind}")
    settle_clusters(service, records=[UUID(one) for one in fact.body["records"]])


HANDLERS: Handlers = {OBSERVED: (on_observed,), JUDGED: (on_judged,)}
