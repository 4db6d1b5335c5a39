"""Who must sign is computed from the form and the parties: nobody forgets a commissioner."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concordat.agreements.rules import (
    AgreementKind,
    Capacity,
    PartyBody,
    required_signatures,
    unfit_parties,
)
from concordat.organisations.rules import OrganisationKind

KINDS = AgreementKind
SEVEN = ["bedfordshire", "cambridgeshire", "essex", "hertfordshire", "kent", "norfolk", "suffolk"]


def force(code: str) -> PartyBody:
    return PartyBody(code=code, kind=OrganisationKind.FORCE, policing_body=f"{code}-pcc")


def fire(code: str, authority: str) -> PartyBody:
    return PartyBody(code=code, kind=OrganisationKind.FIRE_SERVICE, fire_authority=authority)


@pytest.mark.parametrize(("count", "signatures"), [(2, 4), (3, 6), (7, 14)])
@pytest.mark.parametrize("kind", [KINDS.SECTION_22A, KINDS.SECTION_22A_BOTH, KINDS.MEMORANDUM])
def test_each_force_signs_by_its_chief_officer_and_its_policing_body(
    kind: AgreementKind, count: int, signatures: int
) -> None:
    needed = required_signatures(kind, [force(code) for code in SEVEN[:count]])
    assert len(needed) == signatures
    capacities = [line.capacities for line in needed]
    assert capacities.count((Capacity.CHIEF_OFFICER,)) == count
    assert capacities.count((Capacity.POLICING_BODY,)) == count


@pytest.mark.parametrize("kind", [KINDS.MUTUAL_AID, KINDS.INFORMATION_SHARING])
def test_chief_officers_alone_sign_for_mutual_aid_and_for_data(kind: AgreementKind) -> None:
    needed = required_signatures(kind, [force("essex"), force("kent")])
    assert [line.body for line in needed] == ["essex", "kent"]


def test_in_an_agreement_of_policing_bodies_they_sign_alone() -> None:
    needed = required_signatures(KINDS.SECTION_22A_POLICING, [force("essex"), force("kent")])
    assert [line.body for line in needed] == ["essex-pcc", "kent-pcc"]


def test_a_fire_service_signs_by_its_authority() -> None:
    parties = [force("kent"), fire("kent-fire", "kent-fire-authority")]
    needed = required_signatures(KINDS.EMERGENCY_SERVICES, parties)
    assert {line.body: line.capacities for line in needed} == {
        "kent": (Capacity.CHIEF_OFFICER,),
        "kent-pcc": (Capacity.POLICING_BODY,),
        "kent-fire-authority": (Capacity.FIRE_AUTHORITY,),
    }


def test_a_commissioner_who_is_the_fire_authority_signs_once_in_both_capacities() -> None:
    parties = [force("essex"), fire("essex-fire", "essex-pcc")]
    needed = required_signatures(KINDS.EMERGENCY_SERVICES, parties)
    assert {line.body: set(line.capacities) for line in needed} == {
        "essex": {Capacity.CHIEF_OFFICER},
        "essex-pcc": {Capacity.POLICING_BODY, Capacity.FIRE_AUTHORITY},
    }


@given(
    kind=st.sampled_from(AgreementKind),
    codes=st.lists(st.sampled_from(SEVEN), max_size=7, unique=True),
    data=st.data(),
)
def test_the_order_of_the_parties_changes_nothing(
    kind: AgreementKind, codes: list[str], data: st.DataObject
) -> None:
    parties = [force(code) for code in codes]
    shuffled = data.draw(st.permutations(parties))
    assert required_signatures(kind, shuffled) == required_signatures(kind, parties)


@pytest.mark.parametrize(
    ("kind", "parties", "missing"),
    [
        (
            KINDS.SECTION_22A,
            [force("kent"), fire("kent-fire", "a")],
            "fire services are no parties",
        ),
        (KINDS.EMERGENCY_SERVICES, [force("kent"), force("essex")], "two kinds of emergency"),
        (KINDS.EMERGENCY_SERVICES, [fire("a", "b"), fire("c", "d")], "two kinds of emergency"),
        (
            KINDS.EMERGENCY_SERVICES,
            [force("kent"), fire("kent-fire", "")],
            "who signs for kent-fire",
        ),
        (
            KINDS.SECTION_22A,
            [PartyBody(code="btp", kind=OrganisationKind.FORCE)],
            "policing body of",
        ),
    ],
)
def test_bodies_that_cannot_make_this_form_are_told_why(
    kind: AgreementKind, parties: list[PartyBody], missing: str
) -> None:
    assert any(missing in line for line in unfit_parties(kind, parties))


def test_forces_with_their_policing_bodies_can_make_every_form_among_themselves() -> None:
    parties = [force(code) for code in SEVEN]
    unfit = {kind for kind in AgreementKind if unfit_parties(kind, parties)}
    assert unfit == {AgreementKind.EMERGENCY_SERVICES}
