"""Writing grants. Called by `agreements` alone, inside its own transaction."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection
from psycopg.types.range import TimestamptzRange

from concordat.access.errors import NotAllowedToGrant
from concordat.access.models import Grant
from concordat.access.rules import GrantTerms
from concordat.audit.actions import record
from concordat.audit.rules import Operation
from concordat.base.acting import acting
from concordat.base.actor import Actor, Role
from concordat.base.clock import now
from concordat.base.ids import new_id


def check_can_grant(actor: Actor) -> None:
    """Raise NotAllowedToGrant, with the reason, unless `actor` may open records to others.

    Until every signatory can approve here, an agreement that has been signed is entered and
    started by the service alone: by an administrator, at the command line.
    """
    if not actor.holds(Role.SYSTEM):
        raise NotAllowedToGrant(
            "An agreement is started at the command line, once every party has signed it: "
            "no party alone can open another’s records."
        )


def check_can_end_grants(actor: Actor) -> None:
    """Raise NotAllowedToGrant, with the reason, unless `actor` may end what is shared."""
    if not actor.holds(Role.PROGRAMME, Role.SYSTEM):
        raise NotAllowedToGrant(
            f"{actor.person_name} is not a member of a collaboration programme team, "
            "who end agreements."
        )


def write_grants(actor: Actor, *, agreement_id: UUID, terms: Sequence[GrantTerms]) -> int:
    """Replace an agreement's live grants by `terms` and return how many there now are.

    Raises NotAllowedToGrant.
    """
    check_can_grant(actor)
    with acting(actor):
        Grant.objects.filter(agreement_id=agreement_id, retired_at=None).update(retired_at=now())
        Grant.objects.bulk_create(_grant(term) for term in terms)
        record(
            actor,
            operation=Operation.ADMINISTRATION,
            action="access.write_grants",
            details={"agreement": str(agreement_id), "grants": len(terms)},
        )
    return len(terms)


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


def _grant(terms: GrantTerms) -> Grant:
    return Grant(
        id=new_id(),
        agreement_id=terms.agreement_id,
        agreement_version=terms.agreement_version,
        clause=terms.clause,
        owner_id=terms.owner_id,
        recipient_id=terms.recipient_id,
        kind=terms.kind,
        level=terms.level,
        roles=list(terms.roles),
        purposes=list(terms.purposes),
        valid=TimestamptzRange(terms.valid_from, terms.valid_until),
    )
