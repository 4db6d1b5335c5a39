"""What would change, told from terms alone: complete, exact, and net of what others open."""

from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from concordat.access.rules import SHAREABLE_KINDS, Level, RecordKind
from concordat.agreements.rules import (
    AgreementKind,
    AgreementTerms,
    SharingTerms,
    grants_of,
)
from concordat.agreements.rules.changes import (
    Change,
    Opening,
    changes,
    reach_of,
    together,
)
from concordat.base.actor import POLICING_PURPOSES, Purpose, Role

FORCES = ("essex", "kent", "norfolk", "suffolk")
FIRE = ("essex-fire",)
BODIES = (*FORCES, *FIRE, "essex-pfcc")
OFFICERS = (Role.OFFICER,)
CRIME, PERSON = RecordKind.CRIME, RecordKind.PERSON


def clause(kind: RecordKind, level: Level = Level.FULL, **more: Any) -> SharingTerms:
    """Return a clause that opens a kind to officers who investigate, unless more is said."""
    plain = SharingTerms(
        kind=kind,
        level=level,
        lawful_basis="s.35",
        assessment="D-1",
        contact="x",
        roles=OFFICERS,
        purposes=(Purpose.INVESTIGATION,),
    )
    return replace(plain, **more)


def terms(*sharing: SharingTerms, parties: tuple[str, ...] = ("essex", "kent")) -> AgreementTerms:
    """Return terms by which the parties share this."""
    return AgreementTerms(
        reference="A",
        title="A",
        kind=AgreementKind.INFORMATION_SHARING,
        purpose="x",
        parties=parties,
        functions=["Crime recording"],
        sharing=sharing,
    )


def told(before: AgreementTerms | None, after: AgreementTerms | None) -> list[Change]:
    return changes(before, after, forces=FORCES, fire_services=FIRE)


def change(recipient: str, owner: str, kind: RecordKind, before: Level, after: Level) -> Change:
    """Return a change for officers who investigate."""
    return Change(
        recipient=recipient,
        owner=owner,
        kind=kind,
        roles=OFFICERS,
        purposes=(Purpose.INVESTIGATION,),
        before=before,
        after=after,
    )


def test_a_first_version_opens_what_it_says_both_ways() -> None:
    assert told(None, terms(clause(PERSON, Level.POINTER))) == [
        change("essex", "kent", PERSON, Level.NONE, Level.POINTER),
        change("kent", "essex", PERSON, Level.NONE, Level.POINTER),
    ]


def test_the_end_closes_what_was_open() -> None:
    closed = told(terms(clause(CRIME)), None)
    assert {(one.before, one.after, one.is_gain) for one in closed} == {
        (Level.FULL, Level.NONE, False)
    }


def test_a_higher_level_is_a_gain_from_the_lower_one() -> None:
    raised = told(terms(clause(CRIME, Level.POINTER)), terms(clause(CRIME)))
    assert {(one.before, one.after, one.is_gain) for one in raised} == {
        (Level.POINTER, Level.FULL, True)
    }


def test_a_party_that_joins_gains_and_gives_and_the_others_keep() -> None:
    joined = told(terms(clause(CRIME)), terms(clause(CRIME), parties=("essex", "kent", "norfolk")))
    assert {(one.recipient, one.owner) for one in joined} == {
        ("norfolk", "essex"), ("norfolk", "kent"), ("essex", "norfolk"), ("kent", "norfolk"),
    }  # fmt: skip


def test_roles_that_are_exchanged_are_told_apart() -> None:
    exchanged = told(
        terms(clause(CRIME, roles=(Role.OFFICER, Role.SUPERVISOR))),
        terms(clause(CRIME, roles=(Role.SUPERVISOR, Role.INTELLIGENCE))),
    )
    assert {(one.recipient, one.roles, one.is_gain) for one in exchanged} == {
        (recipient, roles, gain)
        for recipient in ("essex", "kent")
        for roles, gain in (((Role.OFFICER,), False), ((Role.INTELLIGENCE,), True))
    }


def test_roles_with_the_same_purposes_stand_in_one_line() -> None:
    both = terms(clause(CRIME, roles=(Role.OFFICER, Role.SUPERVISOR), purposes=POLICING_PURPOSES))
    assert len(told(None, both)) == 2
    assert told(None, both)[0].roles == (Role.OFFICER, Role.SUPERVISOR)


def test_a_fire_service_gains_only_where_a_clause_says_so_and_owns_nothing() -> None:
    with_fire = terms(
        clause(CRIME), clause(PERSON, with_fire=True), parties=("essex", "essex-fire")
    )
    assert told(None, with_fire) == [
        change("essex-fire", "essex", PERSON, Level.NONE, Level.FULL),
    ]


def test_a_memorandum_and_policing_bodies_change_nothing() -> None:
    assert told(None, replace(terms(clause(CRIME)), kind=AgreementKind.MEMORANDUM)) == []
    assert told(None, terms(clause(CRIME), parties=("essex", "essex-pfcc"))) == []


def test_what_another_agreement_opens_already_is_no_gain_and_what_it_keeps_open_no_loss() -> None:
    other = reach_of(terms(clause(CRIME)), forces=FORCES)
    both = terms(clause(CRIME), clause(PERSON))
    gained = changes(None, both, forces=FORCES, others=other)
    lost = changes(both, None, forces=FORCES, others=other)
    assert {one.kind for one in gained} == {one.kind for one in lost} == {PERSON}


def test_a_pointer_elsewhere_makes_the_gain_smaller() -> None:
    other = reach_of(terms(clause(CRIME, Level.POINTER)), forces=FORCES)
    gained = changes(None, terms(clause(CRIME)), forces=FORCES, others=other)
    assert {(one.before, one.after) for one in gained} == {(Level.POINTER, Level.FULL)}


ROLES = st.lists(st.sampled_from(Role), min_size=1, max_size=3, unique=True)
PURPOSES = st.lists(st.sampled_from(POLICING_PURPOSES), min_size=1, max_size=3, unique=True)
CLAUSES = st.lists(
    st.builds(
        clause,
        st.sampled_from((CRIME, PERSON, RecordKind.VEHICLE)),
        st.sampled_from(Level),
        roles=ROLES,
        purposes=PURPOSES,
        with_fire=st.booleans(),
    ),
    max_size=3,
    unique_by=lambda made: made.kind,
)
PARTIES = st.lists(st.sampled_from(BODIES), max_size=4, unique=True)
TERMS = st.builds(
    lambda sharing, parties: terms(*sharing, parties=tuple(parties)), CLAUSES, PARTIES
)


@given(before=st.none() | TERMS, after=st.none() | TERMS, other=TERMS)
def test_the_lines_say_for_every_role_and_purpose_exactly_what_changes(
    before: AgreementTerms | None, after: AgreementTerms | None, other: AgreementTerms
) -> None:
    beside = reach_of(other, forces=FORCES, fire_services=FIRE)
    found = changes(before, after, forces=FORCES, fire_services=FIRE, others=beside)
    was = together(beside, reach_of(before, forces=FORCES, fire_services=FIRE))
    becomes = together(beside, reach_of(after, forces=FORCES, fire_services=FIRE))
    lines = {
        (one.owner, one.recipient, one.kind, role, purpose): (one.before, one.after)
        for one in found
        for role, purpose in product(one.roles, one.purposes)
    }
    assert len(lines) == sum(len(one.roles) * len(one.purposes) for one in found), "none twice"
    for owner, recipient, kind in product(BODIES, BODIES, (CRIME, PERSON, RecordKind.VEHICLE)):
        for cell in product(Role, Purpose):
            key = (owner, recipient, kind)
            levels = tuple(reach.get(key, Opening()).level(cell) for reach in (was, becomes))
            assert lines.get((*key, *cell), (levels[0], levels[0])) == levels


@given(agreed=TERMS)
def test_nothing_changes_between_the_same_terms_and_back_is_the_reverse(
    agreed: AgreementTerms,
) -> None:
    assert told(agreed, agreed) == []
    there = {(one.owner, one.recipient, one.kind, one.after) for one in told(None, agreed)}
    back = {(one.owner, one.recipient, one.kind, one.before) for one in told(agreed, None)}
    assert there == back


@given(agreed=TERMS)
def test_the_reach_of_terms_is_what_their_grants_open(agreed: AgreementTerms) -> None:
    number = {code: index for index, code in enumerate(BODIES, start=1)}
    code = {index: code for code, index in number.items()}
    grants = grants_of(
        agreement_id=UUID(int=1),
        version=1,
        forces=[number[party] for party in agreed.parties if party in FORCES],
        fire_services=[number[party] for party in agreed.parties if party in FIRE],
        sharing=agreed.sharing,
        starts=date(2026, 1, 1),
        ends=None,
    )
    granted = {
        (code[grant.owner_id], code[grant.recipient_id], grant.kind): Opening.of(
            grant.level, grant.roles, grant.purposes
        )
        for grant in grants
    }
    assert reach_of(agreed, forces=FORCES, fire_services=FIRE) == granted


def test_an_agreement_of_all_forces_about_everything_is_told_in_a_moment() -> None:
    forces = [f"force-{number}" for number in range(14)]
    everything = terms(
        *(clause(kind, purposes=POLICING_PURPOSES) for kind in SHAREABLE_KINDS),
        parties=tuple(forces),
    )
    assert len(changes(None, everything, forces=forces)) == 14 * 13 * len(SHAREABLE_KINDS)
