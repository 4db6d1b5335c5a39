"""What comes between: versions that wait for their day, bodies and people that change meanwhile."""

from dataclasses import replace
from datetime import timedelta

import pytest

from concordat.access.models import Grant
from concordat.agreements.actions import (
    draft_agreement,
    end_agreement,
    give_notice,
    leave,
    propose,
    save_draft,
    sign,
    start_agreement,
    succeed,
    vary,
)
from concordat.agreements.errors import AgreementsError, IncompleteAgreement, NotAllowedToTake
from concordat.agreements.queries import agreement, versions
from concordat.agreements.rules import AgreementKind, State
from concordat.base.acting import acting
from concordat.base.actor import Actor, Purpose, Role
from concordat.base.clock import midnight, now, today
from concordat.organisations.actions import change_roles, close_account
from concordat.organisations.models import Organisation
from concordat.organisations.queries import actor_of, organisation
from tests.signing import drafter, proposed, signatories_of, signatory, signed_by
from tests.world import SERVICE, agreement_in_force, person, terms

pytestmark = pytest.mark.django_db

PARTIES = ["essex", "kent"]
DAY = timedelta(days=1)


@pytest.fixture
def essex() -> Actor:
    return drafter("essex")


def next_version(actor: Actor, *, starts_in: int) -> None:
    """Let all sign a next version of A that begins in some days."""
    draft = vary(actor, reference="A")
    later = replace(draft.terms, starts_on=today() + starts_in * DAY)
    save_draft(actor, reference="A", revision=draft.revision, terms=later)
    bodies = [signature.body.code for signature in propose(actor, reference="A").signatures]
    signed_by("A", [person(body, Role.SIGNATORY, username=f"{starts_in}{body}") for body in bodies])


def open_in(days: int) -> list[int]:
    """Return the versions by which something is open a moment after a midnight to come."""
    moment = max(midnight(today() + days * DAY), now())
    with acting(SERVICE):
        rows = Grant.objects.filter(valid__contains=moment, kind=1, owner__code="essex")
        return sorted(rows.values_list("agreement_version", flat=True))


def standing() -> list[tuple[int, State]]:
    return [(one.version, one.state) for one in reversed(versions(SERVICE, reference="A"))]


# --- versions that wait for their day -------------------------------------------------------------


def test_a_later_version_takes_over_on_its_day_without_a_gap_or_a_doubled_grant(
    essex: Actor,
) -> None:
    agreement_in_force("A", PARTIES)
    next_version(essex, starts_in=5)
    assert [open_in(days) for days in (0, 4, 5, 6)] == [[1], [1], [2], [2]]
    assert standing() == [(1, State.IN_FORCE), (2, State.APPROVED)]


def test_a_version_that_overtakes_another_leaves_no_third_in_force(essex: Actor) -> None:
    agreement_in_force("A", PARTIES)
    next_version(essex, starts_in=5)
    next_version(essex, starts_in=2)
    assert [open_in(days) for days in (0, 1, 2, 5)] == [[1], [1], [3], [3]]
    assert standing() == [(1, State.IN_FORCE), (2, State.VARIED), (3, State.APPROVED)]
    with acting(SERVICE):
        days = {one.version: one.ends_on for one in versions(SERVICE, reference="A")}
    assert days[1] == today() + 2 * DAY


@pytest.mark.parametrize("ends_in", [0, 3, 5, 8])
def test_an_end_is_of_the_version_in_force_and_of_the_one_that_was_to_follow(
    essex: Actor, ends_in: int
) -> None:
    agreement_in_force("A", PARTIES)
    next_version(essex, starts_in=5)
    end_agreement(SERVICE, reference="A", ends_on=today() + ends_in * DAY)
    for days in (0, 2, 4, 5, 7, 8, 20):
        assert bool(open_in(days)) is (days < ends_in)


def test_notice_is_of_the_version_that_was_to_follow_as_well(essex: Actor) -> None:
    agreement_in_force("A", PARTIES)
    next_version(essex, starts_in=5)
    give_notice(essex, reference="A", because="Money", ends_on=today() + 3 * DAY)
    assert standing() == [(1, State.NOTICE), (2, State.ENDED)]
    assert [open_in(days) for days in (2, 3, 6)] == [[1], [], []]


@pytest.mark.parametrize(("leaves_in", "last"), [(0, [0, 0, 0]), (3, [1, 0, 0]), (7, [1, 1, 0])])
def test_who_leaves_leaves_what_was_to_follow_as_well(
    essex: Actor, leaves_in: int, last: list[int]
) -> None:
    agreement_in_force("A", [*PARTIES, "norfolk"])
    next_version(essex, starts_in=5)
    leave(
        drafter("norfolk"),
        reference="A",
        body="norfolk",
        because="Money",
        leaves_on=today() + leaves_in * DAY,
    )
    assert [len(open_in(days)) - 1 for days in (1, 5, 8)] == last


def test_what_has_not_begun_and_is_ended_is_called_ended(essex: Actor) -> None:
    draft_agreement(essex, terms=terms("A", PARTIES))
    start_agreement(SERVICE, reference="A", starts_on=today() + 5 * DAY)
    assert end_agreement(essex, reference="A").state is State.ENDED
    assert open_in(6) == []


def test_it_ends_when_the_last_but_one_has_left_not_when_the_first_says_so() -> None:
    agreement_in_force("A", [*PARTIES, "norfolk"])
    for body, days in (("kent", 9), ("norfolk", 4)):
        day = today() + days * DAY
        detail = leave(drafter(body), reference="A", body=body, because="Money", leaves_on=day)
    assert (detail.state, detail.ends_on) == (State.NOTICE, today() + 9 * DAY)
    assert [len(open_in(days)) for days in (3, 4, 8, 9)] == [2, 1, 1, 0]


def test_no_new_version_puts_a_party_out(essex: Actor) -> None:
    agreement_in_force("A", [*PARTIES, "norfolk"])
    draft = vary(essex, reference="A")
    fewer = replace(draft.terms, parties=PARTIES)
    save_draft(essex, reference="A", revision=draft.revision, terms=fewer)
    with pytest.raises(IncompleteAgreement, match="Norfolk Constabulary as a party"):
        propose(essex, reference="A")
    leave(drafter("norfolk"), reference="A", body="norfolk", because="Money")
    assert propose(essex, reference="A").state is State.PROPOSED


# --- bodies and people that change meanwhile ------------------------------------------------------


def test_whose_role_was_withdrawn_or_account_closed_signs_no_more(essex: Actor) -> None:
    detail = proposed(essex, terms("A", PARTIES))
    chief, other = signatory("essex"), signatory("kent")
    assert chief.person_id
    assert other.person_id
    change_roles(SERVICE, username="essex.signatory", roles=[Role.OFFICER])
    close_account(SERVICE, username="kent.signatory")
    demoted = actor_of(chief.person_id, purpose=Purpose.ADMINISTRATION)
    assert demoted
    with pytest.raises(NotAllowedToTake):
        sign(demoted, reference="A", digest=detail.digest)
    assert actor_of(other.person_id, purpose=Purpose.ADMINISTRATION) is None


def test_a_body_that_has_ceased_to_be_neither_signs_nor_is_signed_without(essex: Actor) -> None:
    detail = proposed(essex, terms("A", PARTIES))
    *others, kent_pcc = sorted(
        signatories_of(detail), key=lambda one: one.organisation_id == organisation("kent-pcc").id
    )
    *others, last = others
    signed_by("A", others)
    with acting(SERVICE):
        Organisation.objects.filter(code="kent-pcc").update(valid_until=today())
    with pytest.raises(NotAllowedToTake, match="no party"):
        sign(kent_pcc, reference="A", digest=detail.digest)
    signed_by("A", [last])
    assert agreement(essex, reference="A").state is State.PROPOSED


def test_who_must_sign_is_asked_again_with_the_last_signature(essex: Actor) -> None:
    detail = proposed(essex, terms("A", PARTIES))
    kent_pcc = organisation("kent-pcc")
    people = {one.organisation_id: one for one in signatories_of(detail)}
    signed_by("A", [people.pop(kent_pcc.id)])
    *others, last = people.values()
    signed_by("A", others)
    with acting(SERVICE):
        Organisation.objects.filter(code="kent-pcc").update(valid_until=today())
    with pytest.raises(AgreementsError, match="propose it anew"):
        signed_by("A", [last])
    assert open_in(0) == []


def test_a_framework_that_comes_meanwhile_keeps_its_function_out(essex: Actor) -> None:
    *others, last = signatories_of(proposed(essex, terms("A", PARTIES)))
    signed_by("A", others)
    mou = replace(
        terms("MOU", PARTIES, form=AgreementKind.MEMORANDUM),
        sharing=(),
        functions=["Fleet"],
        excluded_functions=["Crime recording"],
    )
    draft_agreement(SERVICE, terms=mou)
    start_agreement(SERVICE, reference="MOU")
    with pytest.raises(AgreementsError, match="propose it anew"):
        signed_by("A", [last])


def test_no_body_that_is_no_more_becomes_a_party(essex: Actor) -> None:
    past = terms("A", ["essex", "kent-police-authority"])
    draft_agreement(essex, terms=past)
    with pytest.raises(IncompleteAgreement, match="Kent Police Authority, which is no more"):
        propose(essex, reference="A")


def test_nobody_succeeds_into_a_place_beside_its_own(essex: Actor) -> None:
    agreement_in_force("A", PARTIES)
    with acting(SERVICE):
        Organisation.objects.filter(code="kent").update(
            successor=essex.organisation_id, valid_until=today()
        )
    with pytest.raises(AgreementsError, match="is a party already"):
        succeed(SERVICE, reference="A", old="kent", new="essex")
