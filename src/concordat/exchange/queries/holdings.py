"""How many rows of each table a force owns here."""

from dataclasses import dataclass

from django.db import connection
from psycopg import sql

from concordat.audit.actions import record
from concordat.audit.rules import Operation
from concordat.base.acting import acting
from concordat.base.actor import Actor, Role
from concordat.exchange.errors import NotAllowedToMove
from concordat.exchange.rules import EXPORTED
from concordat.organisations.queries import organisation

_SECONDS = 3600


@dataclass(frozen=True, kw_only=True)
class Holding:
    """How many rows of one table a force owns. `file` is where an export puts them."""

    table: str
    file: str
    about: str
    rows: int


def check_can_move(actor: Actor) -> None:
    """Raise NotAllowedToMove unless `actor` is the service itself."""
    if not actor.holds(Role.SYSTEM):
        raise NotAllowedToMove(
            f"{actor.person_name} can’t take a whole force out or in: whoever administers the "
            "installation does, at the command line."
        )


def holdings(actor: Actor, *, force: str) -> tuple[Holding, ...]:
    """Return what a force owns here, counted as the service that acts for it.

    `force` is a code or name. Raises NotAllowedToMove for people and UnknownOrganisation.
    """
    check_can_move(actor)
    body = organisation(force)
    owner = actor.acting_for(body.id, body.name)
    with acting(owner, seconds=_SECONDS), connection.cursor() as cursor:
        found = []
        for one in EXPORTED:
            query = sql.SQL("SELECT count(*) FROM {} WHERE {}")
            cursor.execute(
                query.format(sql.Identifier(one.table), sql.SQL(one.taken)), {"force": body.id}
            )
            found.append(
                Holding(table=one.table, file=one.file, about=one.about, rows=cursor.fetchone()[0])
            )
        record(
            owner,
            operation=Operation.CONSULTATION,
            action="exchange.holdings",
            details={"force": body.code, "rows": sum(one.rows for one in found)},
        )
    return tuple(found)
