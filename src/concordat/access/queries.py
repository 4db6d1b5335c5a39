"""Reading grants: what a force shares and receives, and why an actor may see a record."""

from concordat.access.models import Grant
from concordat.access.rules import Level, RecordKind, WrittenGrant
from concordat.base.acting import acting
from concordat.base.actor import Actor, Purpose, Role
from concordat.base.clock import now


def grants_in_force(
    actor: Actor,
    *,
    owner_id: int | None = None,
    recipient_id: int | None = None,
    kind: RecordKind | None = None,
) -> list[WrittenGrant]:
    """Return the grants in force at this moment, by owner, recipient and kind."""
    with acting(actor):
        rows = Grant.objects.filter(retired_at=None, valid__contains=now())
        if owner_id is not None:
            rows = rows.filter(owner=owner_id)
        if recipient_id is not None:
            rows = rows.filter(recipient=recipient_id)
        if kind is not None:
            rows = rows.filter(kind=kind)
        return [
            _written(row) for row in rows.order_by("owner_id", "recipient_id", "kind", "clause")
        ]


def written_grants(actor: Actor, *, owner_id: int, recipient_id: int) -> list[WrittenGrant]:
    """Return every grant that was ever written from one body to another, whatever became of it.

    But for those that were ended before they began: they never opened anything.
    """
    with acting(actor):
        rows = Grant.objects.filter(owner=owner_id, recipient=recipient_id, valid__isempty=False)
        return [_written(row) for row in rows.order_by("kind", "agreement_id", "clause")]


def why_readable(actor: Actor, *, owner_id: int, kind: RecordKind) -> list[WrittenGrant]:
    """Return the grants by which `actor` may read this owner's records of `kind` in full.

    Empty for the actor's own force, which needs none, and for a kind that isn't shared with it.
    """
    return [
        grant
        for grant in grants_in_force(
            actor, owner_id=owner_id, recipient_id=actor.organisation_id, kind=kind
        )
        if grant.level is Level.FULL
        and not actor.roles.isdisjoint(grant.roles)
        and actor.purpose in grant.purposes
    ]


def pointer_owners(actor: Actor, *, kind: RecordKind) -> list[int]:
    """Return the owners of which `actor` may learn no more than that they hold a record."""
    return sorted(
        {
            grant.owner_id
            for grant in grants_in_force(actor, recipient_id=actor.organisation_id, kind=kind)
            if grant.level is Level.POINTER
            and not actor.roles.isdisjoint(grant.roles)
            and actor.purpose in grant.purposes
        }
    )


def _written(row: Grant) -> WrittenGrant:
    return WrittenGrant(
        agreement_id=row.agreement_id,
        agreement_version=row.agreement_version,
        clause=row.clause,
        owner_id=row.owner_id,
        recipient_id=row.recipient_id,
        kind=RecordKind(row.kind),
        level=Level(row.level),
        roles=tuple(Role(role) for role in row.roles),
        purposes=tuple(Purpose(purpose) for purpose in row.purposes),
        valid_from=row.valid.lower,
        valid_until=row.valid.upper,
        retired_at=row.retired_at,
    )
