"""What an agreement must say, the life it leads, and the grants that follow from it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from enum import Enum
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concordat.access.rules import SHAREABLE_KINDS, GrantTerms, Level, RecordKind
from concordat.agreements.rules import (
    TRANSITIONS,
    AgreementKind,
    SharingTerms,
    Standing,
    State,
    Step,
    grants_of,
    missing_terms,
    next_state,
    standing_on,
)
from concordat.audit.rules import Operation
from concordat.base.actor import POLICING_PURPOSES, Purpose, Role
from concordat.base.clock import midnight
from concordat.base.ids import new_id
from concordat.organisations.rules import Measure, OrganisationKind
from concordat.records.rules.events import Source
from concordat.records.rules.loads import Layout
from tests.world import terms

COMPLETE = terms("A", ["essex", "kent"], kinds=[RecordKind.CRIME])
CLAUSE = COMPLETE.sharing[0]
FIRST, LAST = date(2026, 3, 1), date(2026, 9, 1)


def clauses(**changes: object) -> list[SharingTerms]:
    return [replace(CLAUSE, **changes)]  # type: ignore[arg-type]


# --- what it must say -----------------------------------------------------------------------------


def test_complete_terms_lack_nothing() -> None:
    assert missing_terms(COMPLETE) == []
    assert missing_terms(replace(COMPLETE, sharing=())) == [], "it need not share records"


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"reference": " "}, "a reference"),
        ({"title": ""}, "a title"),
        ({"purpose": ""}, "its purpose"),
        ({"parties": []}, "at least two parties"),
        ({"parties": ["essex", "essex"]}, "at least two parties"),
        ({"kind": AgreementKind.MEMORANDUM}, "a memorandum alone never opens records"),
        ({"sharing": clauses(lawful_basis="")}, "the lawful basis of sharing clause 1"),
        ({"sharing": clauses(assessment=" ")}, "the assessment reference of sharing clause 1"),
        ({"sharing": clauses(contact="")}, "the contact point of sharing clause 1"),
        ({"sharing": clauses(kind=RecordKind.LOAD)}, "no load report is shared"),
        ({"sharing": [CLAUSE, replace(CLAUSE, level=Level.POINTER)]}, "one clause for each kind"),
    ],
)
def test_what_terms_lack_is_named(changes: dict[str, object], missing: str) -> None:
    (named,) = missing_terms(replace(COMPLETE, **changes))  # type: ignore[arg-type]
    assert missing in named


def test_everything_missing_is_named_at_once() -> None:
    empty = replace(COMPLETE, reference="", title="", purpose="", parties=(), sharing=())
    assert len(missing_terms(empty)) == 4


def test_a_memorandum_without_sharing_is_complete() -> None:
    assert missing_terms(replace(COMPLETE, kind=AgreementKind.MEMORANDUM, sharing=())) == []


def test_only_a_memorandum_opens_nothing() -> None:
    opening = {kind for kind in AgreementKind if kind.grants_access}
    assert opening == set(AgreementKind) - {AgreementKind.MEMORANDUM}


# --- its life -------------------------------------------------------------------------------------


def test_the_life_of_an_agreement_is_one_line() -> None:
    taken = {(state, step): next_state(state, step) for state, step in product(State, Step)}
    assert {key: state for key, state in taken.items() if state} == {
        (State.DRAFT, Step.START): State.APPROVED,
        (State.APPROVED, Step.END): State.ENDED,
    }


def test_every_state_but_the_last_has_an_exit_and_every_state_but_the_first_an_entrance() -> None:
    assert {state for state, _ in TRANSITIONS} == set(State) - {State.ENDED}
    assert set(TRANSITIONS.values()) == set(State) - {State.DRAFT}


@pytest.mark.parametrize(
    ("day", "state", "ends", "standing"),
    [
        (FIRST, State.DRAFT, None, Standing.DRAFT),
        (date(2026, 2, 28), State.APPROVED, None, Standing.AGREED),
        (FIRST, State.APPROVED, None, Standing.IN_FORCE),
        (date(2099, 1, 1), State.APPROVED, None, Standing.IN_FORCE),
        (date(2026, 8, 31), State.APPROVED, LAST, Standing.IN_FORCE),
        (LAST, State.APPROVED, LAST, Standing.ENDED),
        (date(2026, 8, 31), State.ENDED, LAST, Standing.IN_FORCE),
        (LAST, State.ENDED, LAST, Standing.ENDED),
        (FIRST, State.ENDED, FIRST, Standing.ENDED),
    ],
)
def test_what_it_amounts_to_on_a_day(
    day: date, state: State, ends: date | None, standing: Standing
) -> None:
    starts = None if state is State.DRAFT else FIRST
    assert standing_on(day, state=state, starts=starts, ends=ends) is standing


# --- the grants that follow -----------------------------------------------------------------------


def grants(
    parties: Iterable[int], sharing: Iterable[SharingTerms], ends: date | None = None
) -> list[GrantTerms]:
    return grants_of(
        agreement_id=new_id(),
        version=1,
        party_ids=parties,
        sharing=list(sharing),
        starts=FIRST,
        ends=ends,
    )


@given(
    parties=st.sets(st.integers(1, 50), max_size=7),
    kinds=st.lists(st.sampled_from(SHAREABLE_KINDS), unique=True),
)
def test_every_party_grants_every_kind_to_every_other_and_none_to_itself(
    parties: set[int], kinds: list[RecordKind]
) -> None:
    made = grants(parties, [replace(CLAUSE, kind=kind) for kind in kinds])
    pairs = {(a, b) for a, b in product(parties, parties) if a != b}
    expected = {(a, b, kind) for (a, b), kind in product(pairs, kinds)}
    assert {(g.owner_id, g.recipient_id, g.kind) for g in made} == expected
    assert len(made) == len(expected)


def test_a_grant_says_what_its_clause_says_from_midnight_to_midnight() -> None:
    clause = replace(
        CLAUSE, level=Level.POINTER, roles=(Role.OFFICER,), purposes=(Purpose.INCIDENT,)
    )
    made = grants([1, 2], [replace(CLAUSE, kind=RecordKind.PLACE), clause], LAST)[-1]
    assert (made.clause, made.kind, made.level) == (2, RecordKind.CRIME, Level.POINTER)
    assert (made.roles, made.purposes) == ((Role.OFFICER,), (Purpose.INCIDENT,))
    assert (made.valid_from, made.valid_until) == (midnight(FIRST), midnight(LAST))


def test_without_an_end_a_grant_is_open_and_level_none_grants_nothing() -> None:
    assert {grant.valid_until for grant in grants([1, 2], [CLAUSE])} == {None}
    assert grants([1, 2], [replace(CLAUSE, level=Level.NONE)]) == []


# --- words for people -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [AgreementKind, Standing, Level, RecordKind, Role, Purpose, Operation, OrganisationKind,
     Measure, Source, Layout],
    ids=lambda words: words.__name__,
)  # fmt: skip
def test_every_value_has_a_label_in_plain_english_of_its_own(words: type[Enum]) -> None:
    labels = [getattr(value, "label") for value in words]  # noqa: B009 (an Enum has no label)
    assert len(set(labels)) == len(labels)
    for label in labels:
        assert label[0].isupper() or label.startswith("data.police.uk")
        assert "_" not in label


def test_every_kind_is_found_by_its_code() -> None:
    assert [RecordKind.from_code(kind.code) for kind in RecordKind] == list(RecordKind)
    with pytest.raises(ValueError, match="There are: crime, anti-social-behaviour"):
        RecordKind.from_code("fraud")


def test_records_are_shared_for_policing_only() -> None:
    assert set(Purpose) - set(POLICING_PURPOSES) == {
        Purpose.QUALITY,
        Purpose.AUDIT,
        Purpose.ADMINISTRATION,
    }
    never = {
        RecordKind.INTELLIGENCE_CONDITIONAL,
        RecordKind.LOAD,
        RecordKind.JUDGEMENT,
        RecordKind.LINK,
        RecordKind.DRAFT,
        RecordKind.WORK,
        RecordKind.DISCLOSURE,
        RecordKind.WATCH,
    }
    assert set(SHAREABLE_KINDS) == set(RecordKind) - never
