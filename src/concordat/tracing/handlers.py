"""What tracing does when a fact arrives: it tells those who watch."""

from uuid import UUID

from concordat.base.actor import Actor
from concordat.base.outbox import Fact, Handlers
from concordat.identity.actions.judging import JUDGED
from concordat.identity.actions.machine import RESOLVED
from concordat.records.actions import LOGGED
from concordat.tracing.actions import alert_on_identified, alert_on_logged
from concordat.tracing.rules.watching import Logged


def on_logged(fact: Fact) -> None:
    """Tell those who watch what was logged, changed or linked."""
    alert_on_logged(_service(fact), logged=Logged.from_body(fact.body, fact_id=fact.id))


def on_identified(fact: Fact) -> None:
    """Tell those who watch a person of records that are now known to be of them."""
    alert_on_identified(_service(fact), records=[UUID(one) for one in fact.body["records"]])


def _service(fact: Fact) -> Actor:
    return Actor.service(reason=f"fact {fact.id}: {fact.kind}")


HANDLERS: Handlers = {
    LOGGED: (on_logged,),
    RESOLVED: (on_identified,),
    JUDGED: (on_identified,),
}
