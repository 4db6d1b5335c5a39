"""Why a reader sees another force's record."""

from concordat.access.rules import Level, RecordKind
from concordat.agreements.queries import explain
from concordat.base.actor import Actor
from concordat.web.presenters.agreements import purposes_text


def why_shared(actor: Actor, *, owner_id: int, kind: RecordKind) -> list[dict[str, str]]:
    """Return the clauses by which `actor` reads this owner's records: of what, and what for."""
    if owner_id == actor.organisation_id:
        return []
    found = explain(actor, about=actor, owner_id=owner_id, kind=kind)
    return [
        {
            "clause": str(opened.clause),
            "reference": opened.reference,
            "for": purposes_text(opened.purposes),
        }
        for opened in (found.by if found.level is Level.FULL else ())
        if opened.reference
    ]
