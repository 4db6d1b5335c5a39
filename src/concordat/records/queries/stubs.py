"""What is left of a link when the record at its other end was closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from concordat.audit.actions import record
from concordat.audit.rules import Operation
from concordat.base.acting import acting
from concordat.base.actor import Actor


@dataclass(frozen=True, kw_only=True)
class LinkStub:
    """That one’s own body tied a record to something that is closed to it by now; not to what.

    `ended_at` is None as long as nobody has ended the link.
    """

    recorded_at: datetime
    recorded_by: str
    ended_at: datetime | None


def link_stubs(actor: Actor, *, ids: Sequence[UUID]) -> tuple[LinkStub, ...]:
    """Return the links of these records of which only stubs are left for the actor’s body.

    They are links that this body stated, to records of another that no agreement opens to it any
    more, as when that force has left. Newest first.
    """
    with acting(actor):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT s.* FROM unnest(%s::uuid[]) AS asked (id) "
                "CROSS JOIN LATERAL concordat.link_stubs(asked.id) AS s ORDER BY 1 DESC",
                [list(ids)],
            )
            found = tuple(
                LinkStub(recorded_at=at, recorded_by=by, ended_at=ended)
                for at, by, ended in cursor.fetchall()
            )
        record(
            actor,
            operation=Operation.CONSULTATION,
            action="records.link_stubs",
            details={"records": [str(one) for one in ids], "stubs": len(found)},
        )
    return found
