"""The agreement is executable: what it opens, to whom, from when, and how its end closes it."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from concordat.access.models import Grant
from concordat.access.queries import grants_in_force, why_readable
from concordat.access.rules import SHAREABLE_KINDS, Level, RecordKind
from concordat.agreements.actions import draft_agreement, end_agreement, start_agreement
from concordat.agreements.errors import (
    AgreementExists,
    AgreementsError,
    IncompleteAgreement,
    NotAllowedToTake,
    UnknownAgreement,
    WrongState,
)
from concordat.agreements.queries import agreement, agreements
from concordat.agreements.rules import AgreementKind, AgreementTerms, SharingTerms, State
from concordat.base.acting import acting
from concordat.base.actor import PERSONAL_ROLES, POLICING_PURPOSES, Actor, Purpose, Role
from concordat.base.clock import now, today
from concordat.organisations.errors import UnknownOrganisation
from concordat.organisations.queries import actor_of, organisation
from concordat.records.actions import load_street
from concordat.records.errors import UnknownRecord
from concordat.records.queries import event, place, summary_of_force
from concordat.tracing.queries import search
from tests.files import street_row, write_csv
from tests.world import SERVICE, agreement_in_force, person, terms

pytestmark = pytest.mark.django_db

PARTIES = ["essex", "kent"]
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _essex_records(tmp_path: Path) -> None:
    """Essex has recorded one crime and one piece of anti-social behaviour."""
    rows = [street_row(1), street_row(None)]
    load_street(SERVICE, paths=[write_csv(tmp_path / "2026-01-essex-street.csv", rows)])


@pytest.fixture
def kent() -> Actor:
    return person("kent")


def seen(actor: Actor) -> int:
    return search(actor, text="").answer.total


def draft(agreed: AgreementTerms) -> str:
    return draft_agreement(SERVICE, terms=agreed).reference


def with_clauses(**changes: object) -> AgreementTerms:
    agreed = terms("A", PARTIES)
    clauses = [replace(clause, **changes) for clause in agreed.sharing]  # type: ignore[arg-type]
    return replace(agreed, sharing=clauses)


# --- opening and closing --------------------------------------------------------------------------


def test_start_opens_and_end_closes_with_the_next_statement(kent: Actor) -> None:
    draft(terms("A", PARTIES))
    assert seen(kent) == 0, "a draft opens nothing"
    assert start_agreement(SERVICE, reference="A").state is State.IN_FORCE
    found = search(kent, text="").answer.rows
    assert len(found) == 2
    detail = event(kent, event_id=found[0].id)
    assert detail.place is not None
    assert end_agreement(SERVICE, reference="A").state is State.ENDED
    assert seen(kent) == 0
    assert summary_of_force(kent, owner_id=detail.owner_id) == ()
    with pytest.raises(UnknownRecord):
        event(kent, event_id=detail.id)
    with pytest.raises(UnknownRecord):
        place(kent, place_id=detail.place.id)


def test_the_owner_sees_its_own_with_and_without(kent: Actor) -> None:
    essex = person("essex")
    assert seen(essex) == 2
    agreement_in_force("A", PARTIES)
    assert seen(essex) == seen(kent) == 2
    end_agreement(SERVICE, reference="A")
    assert (seen(essex), seen(kent)) == (2, 0)


@pytest.mark.parametrize(
    ("starts_in", "ends_in", "standing", "visible"),
    [
        (0, None, State.IN_FORCE, 2),
        (-400, None, State.IN_FORCE, 2),
        (1, None, State.APPROVED, 0),
        (0, 1, State.IN_FORCE, 2),
        (-2, 0, State.ENDED, 0),
        (0, 0, State.ENDED, 0),
        (1, 2, State.APPROVED, 0),
    ],
)
def test_the_dates_decide(
    kent: Actor, starts_in: int, ends_in: int | None, standing: State, visible: int
) -> None:
    draft(terms("A", PARTIES))
    started = start_agreement(
        SERVICE,
        reference="A",
        starts_on=today() + starts_in * DAY,
        ends_on=None if ends_in is None else today() + ends_in * DAY,
    )
    assert (started.state, seen(kent)) == (standing, visible)


def test_an_end_may_lie_ahead(kent: Actor) -> None:
    agreement_in_force("A", PARTIES)
    ended = end_agreement(SERVICE, reference="A", ends_on=today() + DAY)
    assert (ended.state, seen(kent)) == (State.NOTICE, 2)


def test_no_end_lies_in_the_past_for_what_was_seen_was_seen_lawfully(kent: Actor) -> None:
    agreement_in_force("A", PARTIES)
    with pytest.raises(AgreementsError, match="can’t end in the past"):
        end_agreement(SERVICE, reference="A", ends_on=today() - DAY)
    assert seen(kent) == 2


def test_a_grant_that_ends_today_was_valid_until_the_moment_it_ended(kent: Actor) -> None:
    agreement_in_force("A", PARTIES)
    before = now()
    end_agreement(SERVICE, reference="A")
    with acting(kent):
        ends = Grant.objects.values_list("valid", flat=True)
        assert all(before <= valid.upper <= now() for valid in ends)


def test_one_agreements_end_leaves_what_another_opens(kent: Actor) -> None:
    agreement_in_force("A", PARTIES)
    agreement_in_force("B", ["essex", "kent", "suffolk"], kinds=[RecordKind.CRIME])
    end_agreement(SERVICE, reference="A")
    (found,) = search(kent, text="").answer.rows
    assert found.kind is RecordKind.CRIME
    (why,) = why_readable(kent, owner_id=found.owner_id, kind=RecordKind.CRIME)
    assert why.agreement_id == agreement(kent, reference="B").id


# --- to whom, and what ----------------------------------------------------------------------------


def test_a_body_that_is_no_party_sees_nothing() -> None:
    agreement_in_force("A", PARTIES)
    assert seen(person("suffolk")) == 0


@pytest.mark.parametrize("kind", [RecordKind.CRIME, RecordKind.ANTI_SOCIAL_BEHAVIOUR])
def test_kinds_not_named_stay_closed(kent: Actor, kind: RecordKind) -> None:
    agreement_in_force("A", PARTIES, kinds=[kind])
    (found,) = search(kent, text="").answer.rows
    assert (found.kind, found.location, found.latitude) == (kind, "", None), "places stay closed"
    assert event(kent, event_id=found.id).place is None


@pytest.mark.parametrize("level", [Level.NONE, Level.POINTER])
def test_other_levels_open_no_record(kent: Actor, level: Level) -> None:
    agreement_in_force("A", PARTIES, level=level)
    assert seen(kent) == 0


@pytest.mark.parametrize("role", PERSONAL_ROLES)
def test_a_clause_opens_to_its_roles_only(role: Role) -> None:
    start_agreement(SERVICE, reference=draft(with_clauses(roles=[Role.INTELLIGENCE])))
    assert seen(person("kent", role)) == (2 if role is Role.INTELLIGENCE else 0)


@pytest.mark.parametrize("purpose", Purpose)
def test_a_clause_opens_for_its_purposes_only(kent: Actor, purpose: Purpose) -> None:
    agreement_in_force("A", PARTIES)
    assert kent.person_id is not None
    actor = actor_of(kent.person_id, purpose=purpose)
    assert actor is not None
    assert seen(actor) == (2 if purpose in POLICING_PURPOSES else 0)


def test_the_grants_in_force_say_what_is_open(kent: Actor) -> None:
    agreement_in_force("A", PARTIES, kinds=[RecordKind.CRIME])
    essex_id, kent_id = (organisation(code).id for code in PARTIES)
    grants = grants_in_force(kent)
    assert {(grant.owner_id, grant.recipient_id) for grant in grants} == {
        (essex_id, kent_id),
        (kent_id, essex_id),
    }
    assert {(grant.kind, grant.level) for grant in grants} == {(RecordKind.CRIME, Level.FULL)}
    end_agreement(SERVICE, reference="A")
    assert grants_in_force(kent) == []


# --- what can't be agreed -------------------------------------------------------------------------


def start(agreed: AgreementTerms) -> None:
    start_agreement(SERVICE, reference=draft(agreed))


def test_a_draft_may_have_gaps_but_nothing_incomplete_starts() -> None:
    empty = replace(with_clauses(lawful_basis="", contact=""), parties=["essex"], title="")
    with pytest.raises(IncompleteAgreement) as refused:
        start(empty)
    for missing in ("a title", "two parties", "lawful basis of sharing clause 4", "contact point"):
        assert missing in str(refused.value)
    assert agreement(SERVICE, reference="A").state is State.DRAFT


def test_a_draft_needs_a_reference() -> None:
    with pytest.raises(IncompleteAgreement, match="a reference"):
        draft(terms(" ", PARTIES))


def test_a_memorandum_never_opens_records(kent: Actor) -> None:
    memorandum = terms("M", PARTIES, form=AgreementKind.MEMORANDUM)
    with pytest.raises(IncompleteAgreement, match="a memorandum alone never opens records"):
        start(memorandum)
    start(replace(memorandum, reference="N", sharing=()))
    assert seen(kent) == 0


def test_load_reports_are_never_shared() -> None:
    with pytest.raises(IncompleteAgreement, match="no load report is shared"):
        start(terms("A", PARTIES, kinds=[*SHAREABLE_KINDS, RecordKind.LOAD]))


def test_a_kind_is_shared_by_one_clause() -> None:
    clause: SharingTerms = terms("A", PARTIES).sharing[0]
    with pytest.raises(IncompleteAgreement, match="one clause for each kind"):
        start(replace(terms("A", PARTIES), sharing=[clause, replace(clause, level=Level.POINTER)]))


def test_references_are_taken_once_and_parties_must_exist() -> None:
    draft(terms("A", PARTIES))
    with pytest.raises(AgreementExists, match="reference A"):
        draft(terms("A", ["norfolk", "suffolk"]))
    with pytest.raises(UnknownOrganisation, match="nowhere"):
        draft(terms("B", ["essex", "nowhere"]))


@pytest.mark.parametrize("role", PERSONAL_ROLES)
def test_no_party_alone_starts_an_agreement_and_programme_staff_alone_draft_it(role: Role) -> None:
    essex = person("essex", role)
    if role is Role.PROGRAMME:
        draft_agreement(essex, terms=terms("A", PARTIES))
    else:
        with pytest.raises(NotAllowedToTake):
            draft_agreement(essex, terms=terms("A", PARTIES))
        draft(terms("A", PARTIES))
    with pytest.raises(NotAllowedToTake):
        start_agreement(essex, reference="A")
    assert agreement(essex, reference="A").state is State.DRAFT


def test_nobody_drafts_for_others() -> None:
    with pytest.raises(NotAllowedToTake, match="no party"):
        draft_agreement(person("norfolk", Role.PROGRAMME), terms=terms("A", PARTIES))


def test_only_programme_staff_and_signatories_of_a_party_end_an_agreement(kent: Actor) -> None:
    agreement_in_force("A", PARTIES)
    norfolk = person("norfolk", Role.PROGRAMME)
    for actor in (kent, norfolk):
        with pytest.raises(NotAllowedToTake):
            end_agreement(actor, reference="A")
    assert agreement(norfolk, reference="A").state is State.IN_FORCE, "all may read it"
    essex = person("essex", Role.PROGRAMME)
    assert end_agreement(essex, reference="A").state is State.ENDED
    assert seen(kent) == 0


def test_an_agreement_that_shares_no_records_can_be_ended_as_well() -> None:
    draft(replace(terms("M", PARTIES, form=AgreementKind.MEMORANDUM), sharing=()))
    start_agreement(SERVICE, reference="M")
    assert end_agreement(person("essex", Role.PROGRAMME), reference="M").state is State.ENDED


def test_an_agreement_lives_once() -> None:
    draft(terms("A", PARTIES))
    with pytest.raises(WrongState, match="This version is “draft”"):
        end_agreement(SERVICE, reference="A")
    start_agreement(SERVICE, reference="A")
    with pytest.raises(WrongState):
        start_agreement(SERVICE, reference="A")
    end_agreement(SERVICE, reference="A")
    for again in (start_agreement, end_agreement):
        with pytest.raises(WrongState, match="This version is “ended”"):
            again(SERVICE, reference="A")
    with pytest.raises(UnknownAgreement):
        start_agreement(SERVICE, reference="none")


def test_an_agreement_neither_ends_before_it_starts_nor_later_than_agreed(kent: Actor) -> None:
    draft(terms("A", PARTIES))
    with pytest.raises(AgreementsError, match="before it starts"):
        start_agreement(SERVICE, reference="A", ends_on=date(2020, 1, 1))
    assert agreement(kent, reference="A").state is State.DRAFT
    start_agreement(SERVICE, reference="A", ends_on=today() + 10 * DAY)
    with pytest.raises(AgreementsError, match="can’t be put off"):
        end_agreement(SERVICE, reference="A", ends_on=today() + 11 * DAY)
    assert end_agreement(SERVICE, reference="A").ends_on == today()


def test_agreements_are_listed_by_standing_and_by_party(kent: Actor) -> None:
    draft(terms("D", ["essex", "suffolk"]))
    agreement_in_force("F", PARTIES)
    end_agreement(SERVICE, reference=agreement_in_force("E", PARTIES))
    assert [found.reference for found in agreements(kent)] == ["F", "D", "E"]
    own = agreements(kent, party_id=kent.organisation_id)
    assert [found.reference for found in own] == ["F", "E"]


def test_an_end_in_the_future_can_be_brought_forward() -> None:
    agreement_in_force("A", PARTIES)
    essex = person("essex", Role.PROGRAMME)
    later = end_agreement(essex, reference="A", ends_on=today() + 30 * DAY)
    assert later.state is State.NOTICE
    assert end_agreement(essex, reference="A").state is State.ENDED
