"""Marking alerts as read. Whoever was told stays told: an alert is never deleted."""

from uuid import UUID

from concordat.audit.actions import record
from concordat.audit.rules import Operation
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.base.clock import now
from concordat.tracing.errors import UnknownAlert
from concordat.tracing.models import Alert


def mark_read(actor: Actor, *, alert_id: UUID) -> None:
    """Note that `actor` has read an alert; reading it again changes nothing.

    Raises UnknownAlert alike for one that isn't there and one to somebody else.
    """
    with acting(actor):
        mine = Alert.objects.filter(id=alert_id)
        if not mine.exists():
            raise UnknownAlert("There is no such alert to you.")
        mine.filter(read_at=None).update(read_at=now())
        record(
            actor,
            operation=Operation.ALTERATION,
            action="tracing.mark_read",
            details={"alert": str(alert_id)},
        )


def mark_all_read(actor: Actor) -> int:
    """Note that `actor` has read every alert to them, and return how many were new."""
    with acting(actor):
        count = Alert.objects.filter(read_at=None).update(read_at=now())
        record(
            actor,
            operation=Operation.ALTERATION,
            action="tracing.mark_all_read",
            details={"alerts": count},
        )
    return count
