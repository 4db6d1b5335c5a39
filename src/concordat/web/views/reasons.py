"""Why a reader sees another force's record."""

from concordat.access.queries import why_readable
from concordat.access.rules import RecordKind
from concordat.agreements.queries import references_by_id
from concordat.base.actor import Actor
from concordat.web.presenters.agreements import purposes_text


def why_shared(actor: Actor, *, owner_id: int, kind: RecordKind) -> list[dict[str, str]]:
    """Return the agreements by which `actor` sees this owner's records: reference and purposes."""
    references = references_by_id(actor)
    return [
        {"reference": references[grant.agreement_id], "for": purposes_text(grant.purposes)}
        for grant in why_readable(actor, owner_id=owner_id, kind=kind)
        if grant.agreement_id in references
    ]
