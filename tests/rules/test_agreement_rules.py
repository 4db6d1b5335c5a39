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
    AgreementKind,
    AgreementTerms,
    CostTerms,
    Decision,
    Framework,
    SharingTerms,
    State,
    Step,
    as_document,
    digest,
    from_document,
    functions,
    grants_of,
    missing_terms,
    not_to_be_shared,
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


@st.composite
def documents(draw: st.DrawFn) -> AgreementTerms:
    """Terms with any texts, some of every schedule, complete or not."""
    text = st.text(max_size=8)
    return replace(
        COMPLETE,
        title=draw(text),
        purpose=draw(text),
        exit_costs=draw(text),
        parties=draw(st.lists(text, max_size=3)),
        functions=draw(st.lists(text, max_size=3)),
        notice_months=draw(st.integers(0, 24)),
        review_on=draw(st.none() | st.dates()),
        ends_on=draw(st.none() | st.dates()),
        sharing=draw(st.lists(st.sampled_from([CLAUSE, replace(CLAUSE, with_fire=True)]))),
        costs=draw(st.lists(st.builds(CostTerms, item=text, formula=text, most=st.none()))),
    )


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
        ({"exit_terms": " "}, "exit terms"),
        ({"exit_costs": ""}, "what leaving costs"),
        ({"liability": ""}, "who is liable"),
        ({"direction_and_control": ""}, "direction and control"),
        ({"review_on": None}, "a review date"),
        ({"functions": []}, "at least one function"),
        ({"lead": "norfolk"}, "a lead that is one of the parties"),
        ({"starts_on": LAST, "ends_on": FIRST}, "an end that comes after its start"),
        ({"costs": [CostTerms(item="Fleet", formula="guess")]}, "a formula in cost line 1"),
        ({"costs": [CostTerms(item="Desk", formula="equal", unit_price=5)]}, "or no unit price"),
        ({"kind": AgreementKind.SECTION_22A_POLICING}, "policing bodies hold no records"),
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


def test_neither_a_memorandum_nor_policing_bodies_open_records() -> None:
    opening = {kind for kind in AgreementKind if kind.grants_access}
    assert set(AgreementKind) - opening == {
        AgreementKind.MEMORANDUM,
        AgreementKind.SECTION_22A_POLICING,
    }


@given(agreed=documents())
def test_terms_come_back_from_their_document_and_their_digest_tells_every_change(
    agreed: AgreementTerms,
) -> None:
    assert as_document(from_document(as_document(agreed))) == as_document(agreed)
    assert digest(from_document(as_document(agreed))) == digest(agreed)
    changed = replace(agreed, exit_costs=agreed.exit_costs + "x")
    assert digest(changed) != digest(agreed)


# --- what a framework keeps out -------------------------------------------------------------------

MEMORANDUM = Framework(
    reference="BCH-MOU",
    parties=("bedfordshire", "cambridgeshire", "hertfordshire"),
    excluded=("Incident response", "Neighbourhood policing"),
)


@pytest.mark.parametrize(
    ("parties", "excluded"),
    [
        (("bedfordshire", "cambridgeshire", "hertfordshire"), True),
        (("bedfordshire", "hertfordshire"), True),
        (("bedfordshire", "hertfordshire", "kent"), True),
        (("bedfordshire", "kent"), False),
        (("essex", "kent"), False),
    ],
)
def test_what_a_framework_excludes_binds_as_soon_as_two_of_its_parties_are_there(
    parties: tuple[str, ...], excluded: bool
) -> None:
    chosen = ["Fleet", "Incident response"]
    refused = not_to_be_shared(chosen, parties, [MEMORANDUM])
    assert bool(refused) == excluded
    assert all("incident response: BCH-MOU excludes it" in line for line in refused)


def test_the_shared_list_names_each_function_once_and_knows_no_others() -> None:
    names = [function.name for function in functions()]
    assert len(set(names)) == len(names) > 30
    (missing,) = missing_terms(replace(COMPLETE, functions=["Fleet", "Cavalry"]))
    assert "“Cavalry”" in missing


# --- the grants that follow -----------------------------------------------------------------------


def grants(
    parties: Iterable[int], sharing: Iterable[SharingTerms], ends: date | None = None
) -> list[GrantTerms]:
    return grants_of(
        agreement_id=new_id(),
        version=1,
        forces=set(parties),
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


def test_a_fire_service_gets_what_a_clause_says_alone_and_gives_nothing() -> None:
    told = [replace(CLAUSE, kind=RecordKind.PLACE, with_fire=True), CLAUSE]
    made = grants_of(
        agreement_id=new_id(), version=1, forces={1, 2}, fire_services={101}, sharing=told,
        starts=FIRST, ends=None,
    )  # fmt: skip
    fire = {
        (g.owner_id, g.recipient_id, g.kind) for g in made if 101 in (g.owner_id, g.recipient_id)
    }
    assert fire == {(1, 101, RecordKind.PLACE), (2, 101, RecordKind.PLACE)}


def test_without_an_end_a_grant_is_open_and_level_none_grants_nothing() -> None:
    assert {grant.valid_until for grant in grants([1, 2], [CLAUSE])} == {None}
    assert grants([1, 2], [replace(CLAUSE, level=Level.NONE)]) == []


# --- words for people -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [AgreementKind, State, Step, Decision, Level, RecordKind, Role, Purpose, Operation,
     OrganisationKind, Measure, Source, Layout],
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
