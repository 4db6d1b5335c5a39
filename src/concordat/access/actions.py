"""Ending grants. Called by `agreements` alone, inside its own transaction.

Grants are written by PostgreSQL itself, when every signatory of an agreement has signed
(`concordat.approve_agreement`): nobody who serves pages can write one.
"""

from datetime import datetime
from uuid import UUID

from django.db import connection

from concordat.access.errors import NotAllowedToGrant
from concordat.access.models import Grant
from concordat.audit.actions import record
from concordat.audit.rules import Operation
from concordat.base.acting import acting
from concordat.base.actor import Actor, Role


def check_can_end_grants(actor: Actor) -> None:
    """Raise NotAllowedToGrant, with the reason, unless `actor` may end what is shared."""
    if not actor.holds(Role.PROGRAMME, Role.SIGNATORY, Role.SYSTEM):
        raise NotAllowedToGrant(
            f"{actor.person_name} neither signs for a body nor is in a collaboration programme "
            "team, who end agreements."
        )


def end_grants(actor: Actor, *, agreement_id: UUID, at: datetime) -> int:
    """Let an agreement's live grants end at `at`, and return how many did.

    From the next statement after `at` on, nobody reads by them. PostgreSQL makes sure that a
    person's own organisation is one that the grants name. Raises NotAllowedToGrant.
    """
    check_can_end_grants(actor)
    ended = 0
    with acting(actor):
        # Without a grant, as of a memorandum, PostgreSQL could not tell who its parties are.
        if Grant.objects.filter(agreement_id=agreement_id, retired_at=None).exists():
            with connection.cursor() as cursor:
                cursor.execute("SELECT concordat.end_grants(%s, %s)", [agreement_id, at])
                ended = cursor.fetchone()[0]
        record(
            actor,
            operation=Operation.ADMINISTRATION,
            action="access.end_grants",
            details={"agreement": str(agreement_id), "grants": ended, "at": at.isoformat()},
        )
    return ended
