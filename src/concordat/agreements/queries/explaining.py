"""Why somebody may read a kind of record of an owner, clause by clause, or what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from concordat.access.errors import NotAllowedToExplain
from concordat.access.queries import written_grants
from concordat.access.rules import (
    Access,
    Claims,
    Ground,
    Level,
    RecordKind,
    WrittenGrant,
    explained,
)
from concordat.agreements.queries.agreements import agreements, references_by_id
from concordat.agreements.queries.changes import reach_in
from concordat.agreements.rules import State
from concordat.agreements.rules.explaining import Asked, in_words
from concordat.audit.actions import record
from concordat.audit.rules import Operation, Subject
from concordat.base.acting import acting
from concordat.base.actor import NO_ORGANISATION, Actor, Purpose, Role
from concordat.base.clock import now
from concordat.organisations.queries import OrganisationSummary, names_by_id

ASKS_ABOUT_ALL = (Role.AUDITOR, Role.DATA_QUALITY)
"""The roles that may ask about anybody’s access to their own force’s records."""


@dataclass(frozen=True, kw_only=True)
class OpenedBy:
    """The clause that opens it: of which version of which agreement, to whom and for what.

    `valid_until` is the first moment without it, None until the agreement is ended.
    """

    reference: str
    version: int
    clause: int
    level: Level
    roles: tuple[Role, ...]
    purposes: tuple[Purpose, ...]
    valid_from: datetime
    valid_until: datetime | None


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """How much somebody may read of an owner's records of a kind, why, and why not more.

    `by` are the clauses that give `level`. `missing` says in plain words what keeps the rest
    closed; it is empty when the whole record is open. `proposed` are agreements that would open
    more to them, and wait for signatures.
    """

    about: Actor
    owner: OrganisationSummary
    kind: RecordKind
    level: Level
    ground: Ground
    by: tuple[OpenedBy, ...]
    missing: tuple[str, ...]
    proposed: tuple[str, ...]

    @property
    def own(self) -> bool:
        """Whether the records are those of their own force."""
        return self.owner.id == self.about.organisation_id


def check_can_explain(actor: Actor, *, about: Actor, owner_id: int) -> None:
    """Raise NotAllowedToExplain, with the reason, unless `actor` may ask about `about`.

    Everybody may ask about themselves and about colleagues of their own body; auditors and
    data-quality staff about anybody's access to their own force's records; the service about all.
    """
    if (
        actor.holds(Role.SYSTEM)
        or about.organisation_id == actor.organisation_id
        or (actor.holds(*ASKS_ABOUT_ALL) and owner_id == actor.organisation_id)
    ):
        return
    raise NotAllowedToExplain(
        f"What {about.person_name} of {about.organisation_name} may see is explained to their own "
        "colleagues, and to the auditors and data-quality staff of the force that owns the records."
    )


def can_explain(actor: Actor, *, about: Actor, owner_id: int) -> bool:
    """Whether `actor` may ask how far `about` may read this owner's records: for pages."""
    try:
        check_can_explain(actor, about=about, owner_id=owner_id)
    except NotAllowedToExplain:
        return False
    return True


def explain(actor: Actor, *, about: Actor, owner_id: int, kind: RecordKind) -> Explanation:
    """Return how much `about` may read of this owner's records of `kind` now, and why.

    The claims of `about` are taken as given: the body, roles and purpose that they name. That
    somebody else's access was asked for is journalled as a consultation. Raises
    NotAllowedToExplain; KeyError for an organisation that doesn't exist.
    """
    check_can_explain(actor, about=about, owner_id=owner_id)
    with acting(actor):
        bodies = names_by_id()
        owner = bodies[owner_id]
        grants = (
            []
            if about.organisation_id == NO_ORGANISATION
            else written_grants(actor, owner_id=owner_id, recipient_id=about.organisation_id)
        )
        access = explained(Claims.of(about), grants, owner_id=owner_id, kind=kind, moment=now())
        references = references_by_id(actor)
        if not _is_oneself(actor, about):
            _journal(actor, about, owner, kind, access)
    return Explanation(
        about=about,
        owner=owner,
        kind=kind,
        level=access.level,
        ground=access.ground,
        by=tuple(_opened(grant, references) for grant in access.by),
        missing=in_words(access, _asked(actor, about, owner, kind, references)),
        proposed=_proposed(actor, about, owner, kind, access.level),
    )


def _proposed(
    actor: Actor, about: Actor, owner: OrganisationSummary, kind: RecordKind, level: Level
) -> tuple[str, ...]:
    """Return which proposals would open more of this to them once all have signed."""
    if level is Level.FULL or owner.id == about.organisation_id:
        return ()
    bodies = names_by_id()
    recipient = bodies.get(about.organisation_id)
    waiting = agreements(actor, states=[State.PROPOSED])
    cells = [(role, about.purpose) for role in about.roles]
    return tuple(
        one.reference
        for one in waiting
        if recipient
        and (
            opening := reach_in(one.terms, bodies.values()).get((owner.code, recipient.code, kind))
        )
        and any(opening.level(cell).rank > level.rank for cell in cells)
    )


def _is_oneself(actor: Actor, about: Actor) -> bool:
    return actor.person_id is not None and actor.person_id == about.person_id


def _asked(
    actor: Actor,
    about: Actor,
    owner: OrganisationSummary,
    kind: RecordKind,
    references: Mapping[UUID, str],
) -> Asked:
    return Asked(
        person="" if _is_oneself(actor, about) else about.person_name,
        body=about.organisation_name,
        owner=owner.name,
        kind=kind,
        roles=about.roles,
        purpose=about.purpose.label,
        references=references,
    )


def _opened(grant: WrittenGrant, references: Mapping[UUID, str]) -> OpenedBy:
    return OpenedBy(
        reference=references.get(grant.agreement_id, ""),
        version=grant.agreement_version,
        clause=grant.clause,
        level=grant.level,
        roles=tuple(grant.roles),
        purposes=tuple(grant.purposes),
        valid_from=grant.valid_from,
        valid_until=grant.valid_until,
    )


def _journal(
    actor: Actor, about: Actor, owner: OrganisationSummary, kind: RecordKind, access: Access
) -> None:
    subjects = [Subject("staff", about.person_id, about.organisation_id)] if about.person_id else []
    record(
        actor,
        operation=Operation.CONSULTATION,
        action="agreements.explain",
        subjects=subjects,
        details={
            "about": about.person_name,
            "purpose": about.purpose.value,
            "owner": owner.code,
            "kind": kind.code,
            "level": access.level.value,
        },
    )
