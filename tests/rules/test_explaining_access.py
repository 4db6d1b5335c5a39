"""What the rules say of somebody's access, and that what they name as missing is all that is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concordat.access.rules import (
    CONDITIONAL_ROLES,
    RECORDING_ROLES,
    SHAREABLE_KINDS,
    Access,
    Claims,
    Gap,
    Ground,
    Level,
    RecordKind,
    WrittenGrant,
    explained,
)
from concordat.base.actor import PERSONAL_ROLES, POLICING_PURPOSES, Purpose, Role

ESSEX, KENT, NORFOLK = 1, 2, 3
MOMENT = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
OFFICER = Claims(KENT, frozenset({Role.OFFICER}), Purpose.INVESTIGATION)
GRANT = WrittenGrant(
    agreement_id=UUID(int=1),
    agreement_version=1,
    clause=1,
    owner_id=ESSEX,
    recipient_id=KENT,
    kind=RecordKind.PERSON,
    level=Level.FULL,
    roles=(Role.OFFICER,),
    purposes=(Purpose.INVESTIGATION,),
    valid_from=MOMENT - HOUR,
    valid_until=None,
)


def asked(*grants: WrittenGrant, claims: Claims = OFFICER, **changed: Any) -> Access:
    """Return what an officer of Kent may read of Essex's persons, unless something is changed."""
    about: dict[str, Any] = {
        "owner_id": ESSEX,
        "kind": RecordKind.PERSON,
        "moment": MOMENT,
    } | changed
    return explained(claims, grants, **about)


def gaps(access: Access) -> list[Gap]:
    return [missing.gap for missing in access.missing]


def test_a_grant_in_force_opens_and_is_named() -> None:
    assert asked(GRANT) == Access(level=Level.FULL, ground=Ground.AGREEMENT, by=(GRANT,))


def test_every_grant_that_opens_is_named_and_no_other() -> None:
    second = replace(GRANT, agreement_id=UUID(int=2), clause=7)
    pointer = replace(GRANT, agreement_id=UUID(int=3), level=Level.POINTER)
    elsewhere = replace(GRANT, owner_id=NORFOLK)
    onward = replace(GRANT, recipient_id=NORFOLK)
    assert asked(GRANT, second, pointer, elsewhere, onward).by == (GRANT, second)


@pytest.mark.parametrize(
    ("changed", "gap"),
    [
        ({"roles": (Role.INTELLIGENCE,)}, Gap.ROLE),
        ({"purposes": (Purpose.SAFEGUARDING,)}, Gap.PURPOSE),
        (
            {"roles": (Role.SUPERVISOR,), "purposes": (Purpose.INCIDENT,)},
            Gap.ROLE_AND_PURPOSE,
        ),
    ],
)
def test_a_clause_in_force_that_does_not_name_somebody_says_what_it_lacks(
    changed: dict[str, Any], gap: Gap
) -> None:
    grant = replace(GRANT, **changed)
    access = asked(grant)
    assert (access.level, gaps(access)) == (Level.NONE, [gap])
    assert access.missing[0].grant == grant


def test_a_pointer_is_less_than_the_record_and_says_so() -> None:
    pointer = replace(GRANT, level=Level.POINTER)
    access = asked(pointer)
    assert (access.level, access.by, gaps(access)) == (
        Level.POINTER, (pointer,), [Gap.POINTER_ONLY],
    )  # fmt: skip


def test_what_would_give_more_than_a_pointer_is_named_beside_it() -> None:
    pointer = replace(GRANT, level=Level.POINTER)
    access = asked(pointer, replace(GRANT, agreement_id=UUID(int=2), roles=(Role.INTELLIGENCE,)))
    assert gaps(access) == [Gap.POINTER_ONLY, Gap.ROLE]


@pytest.mark.parametrize(
    ("changed", "gap"),
    [
        ({"valid_until": MOMENT}, Gap.ENDED),
        ({"valid_until": MOMENT - HOUR / 2}, Gap.ENDED),
        ({"retired_at": MOMENT - HOUR / 2}, Gap.ENDED),
        ({"valid_from": MOMENT + HOUR}, Gap.NOT_BEGUN),
    ],
)
def test_the_past_and_the_future_open_nothing_and_are_told_apart(
    changed: dict[str, Any], gap: Gap
) -> None:
    access = asked(replace(GRANT, **changed))
    assert (access.level, gaps(access)) == (Level.NONE, [gap, Gap.NO_AGREEMENT])


def test_a_grant_is_open_from_its_first_moment_until_before_its_end() -> None:
    grant = replace(GRANT, valid_from=MOMENT, valid_until=MOMENT + HOUR)
    assert asked(grant).level is Level.FULL
    assert asked(grant, moment=MOMENT + HOUR).level is Level.NONE


def test_of_what_ended_the_latest_of_each_agreement_is_told() -> None:
    first = replace(GRANT, valid_until=MOMENT - HOUR / 2)
    second = replace(GRANT, agreement_version=2, valid_until=MOMENT - HOUR / 4)
    assert [one.grant for one in asked(second, first).missing if one.grant] == [second]


def test_an_agreement_about_other_kinds_is_told_from_none_at_all() -> None:
    other = replace(GRANT, kind=RecordKind.CRIME)
    assert gaps(asked(other)) == [Gap.OTHER_KINDS]
    assert gaps(asked()) == [Gap.NO_AGREEMENT]


def test_a_kind_that_no_agreement_can_share_says_so() -> None:
    assert gaps(asked(GRANT, kind=RecordKind.DRAFT)) == [Gap.NEVER_SHARED]


def test_intelligence_under_conditions_is_opened_by_no_grant() -> None:
    kind = RecordKind.INTELLIGENCE_CONDITIONAL
    access = asked(replace(GRANT, kind=kind), kind=kind)
    assert (access.level, gaps(access)) == (Level.NONE, [Gap.UNDER_CONDITIONS])


@pytest.mark.parametrize("role", PERSONAL_ROLES)
@pytest.mark.parametrize("kind", [RecordKind.PERSON, RecordKind.INTELLIGENCE_CONDITIONAL])
def test_ones_own_is_open_to_roles_that_work_with_it(role: Role, kind: RecordKind) -> None:
    claims = replace(OFFICER, organisation_id=ESSEX, roles=frozenset({role}))
    conditional = kind is RecordKind.INTELLIGENCE_CONDITIONAL
    access = asked(claims=claims, kind=kind)
    if role not in RECORDING_ROLES:
        assert gaps(access) == [Gap.RECORD_ROLE]
    elif conditional and role not in CONDITIONAL_ROLES:
        assert gaps(access) == [Gap.CONDITIONS_ROLE]
    else:
        assert access == Access(level=Level.FULL, ground=Ground.OWN)


def test_who_does_not_work_with_records_is_told_that_first() -> None:
    finance = replace(OFFICER, roles=frozenset({Role.FINANCE}))
    assert gaps(asked(GRANT, claims=finance)) == [Gap.RECORD_ROLE, Gap.ROLE]


def test_nobody_reads_for_no_body_but_the_resolver_who_reads_persons() -> None:
    service = Claims(0, frozenset({Role.SYSTEM}), Purpose.ADMINISTRATION)
    resolver = Claims(0, frozenset({Role.RESOLVER}), Purpose.QUALITY)
    assert gaps(asked(claims=service)) == [Gap.NO_BODY]
    assert gaps(asked(claims=service, owner_id=0)) == [Gap.NO_BODY]
    assert asked(claims=resolver).ground is Ground.RESOLVER
    assert gaps(asked(claims=resolver, kind=RecordKind.CRIME)) == [Gap.NO_BODY]


ROLES = st.lists(st.sampled_from(PERSONAL_ROLES), min_size=1, max_size=3, unique=True)
PURPOSES = st.lists(st.sampled_from(Purpose), min_size=1, max_size=3, unique=True)
TIMES = st.integers(-3, 3).map(lambda hours: MOMENT + hours * HOUR)
GRANTS = st.lists(
    st.builds(
        WrittenGrant,
        agreement_id=st.integers(1, 4).map(lambda number: UUID(int=number)),
        agreement_version=st.integers(1, 2),
        clause=st.integers(1, 3),
        owner_id=st.sampled_from((ESSEX, NORFOLK)),
        recipient_id=st.sampled_from((KENT, NORFOLK)),
        kind=st.sampled_from((RecordKind.PERSON, RecordKind.CRIME)),
        level=st.sampled_from((Level.FULL, Level.POINTER)),
        roles=ROLES,
        purposes=PURPOSES,
        valid_from=TIMES,
        valid_until=st.none() | TIMES,
        retired_at=st.none() | TIMES,
    ).filter(lambda grant: grant.valid_until is None or grant.valid_from < grant.valid_until),
    max_size=6,
)
CLAIMS = st.builds(
    Claims, st.just(KENT), ROLES.map(frozenset), st.sampled_from(POLICING_PURPOSES)
)  # fmt: skip


@given(grants=GRANTS, claims=CLAIMS)
def test_either_the_whole_record_is_open_or_something_is_missing(
    grants: list[WrittenGrant], claims: Claims
) -> None:
    access = asked(*grants, claims=claims)
    assert (access.level is Level.FULL) == (not access.missing)
    assert (access.level is Level.NONE) == (not access.by)
    assert {grant.level for grant in access.by} <= {access.level}


@given(grants=GRANTS, claims=CLAIMS)
def test_whoever_gets_what_is_named_as_missing_gets_the_access(
    grants: list[WrittenGrant], claims: Claims
) -> None:
    before = asked(*grants, claims=claims)
    for missing in before.missing:
        grant = missing.grant
        if grant is None or missing.gap is Gap.OTHER_KINDS:
            continue
        with_it = Claims(KENT, frozenset(grant.roles), grant.purposes[0])
        at = MOMENT
        if missing.gap is Gap.NOT_BEGUN:
            at = grant.valid_from
        elif missing.gap is Gap.ENDED:
            if grant.retired_at is not None:
                continue  # what was replaced never comes back
            assert grant.valid_until is not None
            at = grant.valid_until - timedelta(microseconds=1)
        if missing.gap is not Gap.POINTER_ONLY:
            after = asked(*grants, claims=with_it, moment=at)
            assert after.level.rank >= grant.level.rank > before.level.rank


@given(grants=GRANTS, claims=CLAIMS, order=st.randoms())
def test_the_order_of_grants_does_not_matter(
    grants: list[WrittenGrant], claims: Claims, order: Random
) -> None:
    shuffled = sorted(grants, key=lambda _: order.random())
    one, other = asked(*grants, claims=claims), asked(*shuffled, claims=claims)
    assert (one.level, one.ground) == (other.level, other.ground)
    assert {str(grant) for grant in one.by} == {str(grant) for grant in other.by}
    assert {missing.gap for missing in one.missing} == {missing.gap for missing in other.missing}


@pytest.mark.parametrize("kind", SHAREABLE_KINDS)
def test_every_shareable_kind_can_be_opened(kind: RecordKind) -> None:
    assert asked(replace(GRANT, kind=kind), kind=kind).level is Level.FULL
