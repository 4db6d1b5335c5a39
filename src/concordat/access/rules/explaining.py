"""Why somebody may read a kind of record, or what is missing: the row policies' answer in words.

PostgreSQL decides (`concordat.readable_compartments`); these rules say the same and give reasons.
A test holds both together over random worlds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from concordat.access.rules.grants import WrittenGrant
from concordat.access.rules.kinds import (
    CONDITIONAL_ROLES,
    RECORDING_ROLES,
    SHAREABLE_KINDS,
    Level,
    RecordKind,
)
from concordat.base.actor import NO_ORGANISATION, Actor, Purpose, Role


@dataclass(frozen=True)
class Claims:
    """What decides about somebody's access: for which body they act, in which roles, what for."""

    organisation_id: int
    roles: frozenset[Role]
    purpose: Purpose

    @classmethod
    def of(cls, actor: Actor) -> "Claims":
        """Return what `actor` claims."""
        return cls(actor.organisation_id, actor.roles, actor.purpose)


class Ground(StrEnum):
    """On what access rests."""

    OWN = "own"
    AGREEMENT = "agreement"
    RESOLVER = "resolver"
    """The job that decides who is who reads every force's persons."""
    NOTHING = "nothing"


class Gap(StrEnum):
    """What is missing before somebody may read a kind of record."""

    NO_BODY = "no_body"
    """They act for no body, as the service itself does."""
    RECORD_ROLE = "record_role"
    """They hold no role that works with records."""
    CONDITIONS_ROLE = "conditions_role"
    """Their own force's intelligence under conditions is for two roles alone."""
    UNDER_CONDITIONS = "under_conditions"
    """Another's intelligence under conditions: disclosed body by body, never shared."""
    NEVER_SHARED = "never_shared"
    """No agreement can share this kind."""
    ROLE = "role"
    """A clause in force names none of their roles."""
    PURPOSE = "purpose"
    """A clause in force does not name their purpose."""
    ROLE_AND_PURPOSE = "role_and_purpose"
    """A clause in force names neither."""
    POINTER_ONLY = "pointer_only"
    """A clause in force tells that a record is held, and no more."""
    ENDED = "ended"
    """A clause opened it and does so no more."""
    NOT_BEGUN = "not_begun"
    """A clause will open it, and has yet to begin."""
    OTHER_KINDS = "other_kinds"
    """An agreement in force between the two opens other kinds, and not this one."""
    NO_AGREEMENT = "no_agreement"
    """No agreement in force between the two opens anything."""


@dataclass(frozen=True)
class Missing:
    """One thing that is missing, and the grant that says so: None where none is concerned."""

    gap: Gap
    grant: WrittenGrant | None = None


@dataclass(frozen=True, kw_only=True)
class Access:
    """How much somebody may read of an owner's records of a kind, by which grants, or why not more.

    `by` are the grants that give `level`; `missing` is empty when the whole record may be read.
    """

    level: Level
    ground: Ground
    by: tuple[WrittenGrant, ...] = ()
    missing: tuple[Missing, ...] = ()


def explained(
    claims: Claims,
    grants: Iterable[WrittenGrant],
    *,
    owner_id: int,
    kind: RecordKind,
    moment: datetime,
) -> Access:
    """Return what somebody with these claims may read of an owner's records of `kind`, and why.

    `grants` are all that were ever written from this owner to their body; others are ignored.
    """
    if owner_id == claims.organisation_id != NO_ORGANISATION:
        return _own(claims, kind)
    if claims.organisation_id == NO_ORGANISATION:
        return _of_nobody(claims, kind)
    if kind is RecordKind.INTELLIGENCE_CONDITIONAL:
        return _nothing(Missing(Gap.UNDER_CONDITIONS))
    written = [
        grant
        for grant in grants
        if (grant.owner_id, grant.recipient_id) == (owner_id, claims.organisation_id)
    ]
    return _shared(claims, written, kind, moment)


def _own(claims: Claims, kind: RecordKind) -> Access:
    if claims.roles.isdisjoint(RECORDING_ROLES):
        return _nothing(Missing(Gap.RECORD_ROLE))
    if kind is RecordKind.INTELLIGENCE_CONDITIONAL and claims.roles.isdisjoint(CONDITIONAL_ROLES):
        return _nothing(Missing(Gap.CONDITIONS_ROLE))
    return Access(level=Level.FULL, ground=Ground.OWN)


def _of_nobody(claims: Claims, kind: RecordKind) -> Access:
    if claims.roles == {Role.RESOLVER} and kind is RecordKind.PERSON:
        return Access(level=Level.FULL, ground=Ground.RESOLVER)
    return _nothing(Missing(Gap.NO_BODY))


def _shared(
    claims: Claims, written: Sequence[WrittenGrant], kind: RecordKind, moment: datetime
) -> Access:
    of_kind = [grant for grant in written if grant.kind is kind]
    in_force = [grant for grant in of_kind if grant.is_open(moment)]
    reached = [grant for grant in in_force if _gap(claims, grant) is None]
    level = max(
        (grant.level for grant in reached), key=lambda level: level.rank, default=Level.NONE
    )
    by = tuple(grant for grant in reached if grant.level is level)
    if level is Level.FULL:
        return Access(level=level, ground=Ground.AGREEMENT, by=by)
    missing = [Missing(Gap.POINTER_ONLY, grant) for grant in by]
    missing += _not_named(claims, in_force, level)
    missing += _at_other_times(of_kind, level, moment)
    if not in_force:
        missing += _no_clause(written, kind, moment)
    if not by and claims.roles.isdisjoint(RECORDING_ROLES):
        missing.insert(0, Missing(Gap.RECORD_ROLE))
    ground = Ground.AGREEMENT if by else Ground.NOTHING
    return Access(level=level, ground=ground, by=by, missing=tuple(missing))


def _gap(claims: Claims, grant: WrittenGrant) -> Gap | None:
    """Return what keeps a grant in force from somebody; None if it is theirs."""
    role = not claims.roles.isdisjoint(grant.roles)
    purpose = claims.purpose in grant.purposes
    if role and purpose:
        return None
    if role:
        return Gap.PURPOSE
    return Gap.ROLE if purpose else Gap.ROLE_AND_PURPOSE


def _not_named(claims: Claims, in_force: Iterable[WrittenGrant], level: Level) -> list[Missing]:
    return [
        Missing(gap, grant)
        for grant in in_force
        if grant.level.rank > level.rank and (gap := _gap(claims, grant))
    ]


def _at_other_times(
    of_kind: Iterable[WrittenGrant], level: Level, moment: datetime
) -> list[Missing]:
    """Return what has yet to begin, and of what has ended the latest of each agreement."""
    more = [grant for grant in of_kind if grant.level.rank > level.rank]
    ahead = [Missing(Gap.NOT_BEGUN, grant) for grant in more if grant.is_ahead(moment)]
    ended: dict[object, WrittenGrant] = {}
    for grant in sorted(more, key=lambda grant: (grant.ended_at or moment, grant.clause)):
        if not grant.is_open(moment) and not grant.is_ahead(moment):
            ended[grant.agreement_id] = grant
    return [*ahead, *(Missing(Gap.ENDED, grant) for grant in ended.values())]


def _no_clause(
    written: Iterable[WrittenGrant], kind: RecordKind, moment: datetime
) -> list[Missing]:
    """Return why no clause in force names this kind between the two."""
    if kind not in SHAREABLE_KINDS:
        return [Missing(Gap.NEVER_SHARED)]
    others: dict[object, WrittenGrant] = {}
    for grant in written:
        if grant.is_open(moment):
            others.setdefault(grant.agreement_id, grant)
    if not others:
        return [Missing(Gap.NO_AGREEMENT)]
    return [Missing(Gap.OTHER_KINDS, grant) for grant in others.values()]


def _nothing(*missing: Missing) -> Access:
    return Access(level=Level.NONE, ground=Ground.NOTHING, missing=missing)
