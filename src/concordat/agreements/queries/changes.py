"""What would change if a version of an agreement came into force: who gains and loses what.

Numbers of records, never a record.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.db import connection

from concordat.access.queries import grants_in_force
from concordat.access.rules import RecordKind, WrittenGrant
from concordat.agreements.queries.agreements import (
    AgreementDetail,
    agreement,
    references_by_id,
    versions,
)
from concordat.agreements.rules import AgreementTerms, State
from concordat.agreements.rules.changes import (
    Between,
    Change,
    Opening,
    Reach,
    changes_between,
    reach_of,
    together,
)
from concordat.audit.actions import record
from concordat.audit.rules import Operation
from concordat.base.acting import acting
from concordat.base.actor import Actor, Role
from concordat.base.clock import today
from concordat.organisations.queries import OrganisationSummary, names_by_id
from concordat.organisations.rules import OrganisationKind

_AHEAD = (State.DRAFT, State.PROPOSED, State.APPROVED, State.DROPPED)
"""The states in which a version has yet to change anything."""


@dataclass(frozen=True, kw_only=True)
class CountedChange:
    """One change, whom it concerns, and how many records the owner holds of that kind.

    `records` is None for those who are not told numbers.
    """

    change: Change
    recipient: OrganisationSummary
    owner: OrganisationSummary
    records: int | None


@dataclass(frozen=True, kw_only=True)
class WhatChanges:
    """What a version changes: against what is open today, or was under the version before it.

    `compared_with` is the version it takes the place of, None if there is none. `is_ahead` says
    that it hasn't happened yet. `beside` are other agreements in force that open some of the same
    to the same bodies: what they open already is no gain, and what they keep open no loss.
    """

    reference: str
    version: int
    compared_with: int | None
    is_ahead: bool
    beside: tuple[str, ...]
    changes: tuple[CountedChange, ...]
    has_numbers: bool


def can_count(actor: Actor, *, detail: AgreementDetail) -> bool:
    """Whether `actor` is told how many records a change would concern: for pages.

    Programme staff and signatories of those whom the agreement binds are, and the service.
    PostgreSQL decides the same (`concordat.count_records`).
    """
    if actor.holds(Role.SYSTEM):
        return True
    with acting(actor), connection.cursor() as cursor:
        cursor.execute(
            "SELECT concordat.holds('programme', 'signatory') AND concordat.binds(%s)", [detail.id]
        )
        return bool(cursor.fetchone()[0])


def what_would_change(actor: Actor, *, reference: str, version: int | None = None) -> WhatChanges:
    """Return what a version opens and closes, net of what other agreements in force open.

    A version that has yet to begin is compared with what is open at this moment, as if it began
    now; one that has begun, with the version before it. That numbers were asked for is journalled
    as a consultation. Raises UnknownAgreement.
    """
    with acting(actor):
        detail = agreement(actor, reference=reference, version=version)
        former = _former(versions(actor, reference=reference), detail)
        world = _World.now(actor, reference)
        before, after = _states(world, detail, former)
        found = changes_between(before, after)
        counts = _counts(actor, detail, {change.kind for change in found})
        _journal(actor, detail, len(found), told=counts is not None)
    touched = {(change.owner, change.recipient, change.kind) for change in found}
    return WhatChanges(
        reference=detail.reference,
        version=detail.version,
        compared_with=former.version if former else None,
        is_ahead=detail.state in _AHEAD,
        beside=world.beside(set(reach_in(detail.terms, world.bodies)) | touched),
        changes=tuple(world.counted(change, counts) for change in found),
        has_numbers=counts is not None,
    )


def reach_in(
    terms: AgreementTerms, bodies: Iterable[OrganisationSummary]
) -> dict[Between, Opening]:
    """Return what terms open, given which bodies are forces and which are fire services."""
    codes = {
        kind: {body.code for body in bodies if body.kind is kind}
        for kind in (OrganisationKind.FORCE, OrganisationKind.FIRE_SERVICE)
    }
    return reach_of(
        terms,
        forces=codes[OrganisationKind.FORCE],
        fire_services=codes[OrganisationKind.FIRE_SERVICE],
    )


@dataclass(frozen=True, kw_only=True)
class _World:
    """What is open at this moment: by versions of the agreement asked about, and by all others."""

    bodies: tuple[OrganisationSummary, ...]
    own: Reach
    others: Mapping[str, Reach]

    @classmethod
    def now(cls, actor: Actor, reference: str) -> "_World":
        names = references_by_id(actor)
        by_id = names_by_id()
        opened: dict[str, list[Reach]] = {}
        for grant in grants_in_force(actor):
            name = names.get(grant.agreement_id, "")
            opened.setdefault(name, []).append(_reach_of_grant(grant, by_id))
        found = {name: together(*parts) for name, parts in opened.items()}
        own = found.pop(reference, {})
        return cls(bodies=tuple(by_id.values()), own=own, others=found)

    @property
    def beside_it(self) -> Reach:
        """What all other agreements open."""
        return together(*self.others.values())

    def beside(self, between: set[Between]) -> tuple[str, ...]:
        """Return which other agreements open some of the same."""
        return tuple(sorted(name for name, reach in self.others.items() if between & set(reach)))

    def counted(
        self, change: Change, counts: Mapping[tuple[int, RecordKind], int] | None
    ) -> CountedChange:
        by_code = {body.code: body for body in self.bodies}
        owner = by_code[change.owner]
        return CountedChange(
            change=change,
            recipient=by_code[change.recipient],
            owner=owner,
            records=None if counts is None else counts.get((owner.id, change.kind), 0),
        )


def _states(
    world: _World, detail: AgreementDetail, former: AgreementDetail | None
) -> tuple[Reach, Reach]:
    """Return what is open before and after a version, with what other agreements open."""
    before = world.own
    if detail.state not in _AHEAD:
        before = reach_in(former.terms, world.bodies) if former else {}
    after = reach_in(_remaining(detail), world.bodies)
    return together(world.beside_it, before), together(world.beside_it, after)


def _former(known: Iterable[AgreementDetail], detail: AgreementDetail) -> AgreementDetail | None:
    """Return the version that this one takes, or took, the place of."""
    earlier = [one for one in known if one.version < detail.version and one.state not in _AHEAD]
    newest = max(earlier, key=lambda one: one.version, default=None)
    return None if newest is None or newest.state is State.ENDED else newest


def _remaining(detail: AgreementDetail) -> AgreementTerms:
    """Return the terms with those who are parties: some may have left, or been succeeded."""
    if detail.state in _AHEAD:
        return detail.terms
    gone = {body for body, left_on in detail.left.items() if left_on <= today()}
    parties = [party.code for party in detail.parties if party.id not in gone]
    return replace(detail.terms, parties=parties)


def _reach_of_grant(
    grant: WrittenGrant, bodies: Mapping[int, OrganisationSummary]
) -> dict[Between, Opening]:
    key = (bodies[grant.owner_id].code, bodies[grant.recipient_id].code, grant.kind)
    return {key: Opening.of(grant.level, grant.roles, grant.purposes)}


def _counts(
    actor: Actor, detail: AgreementDetail, kinds: set[RecordKind]
) -> dict[tuple[int, RecordKind], int] | None:
    """Return how many records each party holds of each kind; None for who isn't told."""
    if not can_count(actor, detail=detail):
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT owner_id, kind, records FROM concordat.count_records(%s, %s::smallint[])",
            [detail.id, sorted(kinds)],
        )
        return {(owner, RecordKind(kind)): records for owner, kind, records in cursor.fetchall()}


def _journal(actor: Actor, detail: AgreementDetail, found: int, *, told: bool) -> None:
    record(
        actor,
        operation=Operation.CONSULTATION,
        action="agreements.what_would_change",
        details={
            "agreement": detail.reference,
            "version": detail.version,
            "changes": found,
            "with_numbers": told,
        },
    )
