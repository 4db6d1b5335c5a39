"""An agreement from draft to end: who signs, what then opens, and what nobody can get round."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from concordat.access.models import Grant
from concordat.access.rules import RecordKind
from concordat.agreements.actions import (
    draft_agreement,
    drop,
    end_agreement,
    leave,
    may_take,
    meet_conditions,
    propose,
    publish_notice,
    recommend,
    refuse,
    renew,
    reopen,
    revise,
    save_draft,
    sign,
    start_agreement,
    succeed,
    vary,
)
from concordat.agreements.errors import (
    AgreementExists,
    AgreementsError,
    IncompleteAgreement,
    NotAllowedToTake,
    StaleDraft,
    WrongState,
)
from concordat.agreements.queries import (
    agreement,
    agreements,
    notices,
    redactions,
    reminders,
    versions,
    waiting,
)
from concordat.agreements.rules import (
    AgreementKind,
    Decision,
    State,
    Step,
    grants_of,
)
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.base.clock import today
from concordat.organisations.models import Organisation
from concordat.organisations.queries import organisation
from concordat.records.actions import load_street
from concordat.tracing.queries import search
from tests.files import street_row, write_csv
from tests.signing import acted, drafter, proposed, signatories_of, signatory, signed_by
from tests.world import SERVICE, agreement_in_force, person, terms

pytestmark = pytest.mark.django_db

THREE = ["bedfordshire", "cambridgeshire", "hertfordshire"]
DAY = timedelta(days=1)


@pytest.fixture
def essex() -> Actor:
    return drafter("essex")


@pytest.fixture
def kent_officer(tmp_path: Path) -> Actor:
    """Somebody of Kent who would like to see the one crime that Essex has recorded."""
    load_street(SERVICE, paths=[write_csv(tmp_path / "2026-01-essex-street.csv", [street_row(1)])])
    return person("kent")


def seen(actor: Actor) -> int:
    return search(actor, text="").answer.total


def grants() -> list[Grant]:
    with acting(SERVICE):
        return list(Grant.objects.all())


# --- signing --------------------------------------------------------------------------------------


def test_three_forces_make_six_signatures_and_five_open_nothing() -> None:
    detail = proposed(drafter("bedfordshire"), terms("A", THREE))
    assert len(detail.signatures) == 6
    *five, sixth = signatories_of(detail)
    signed_by("A", five)
    detail = agreement(sixth, reference="A")
    assert detail.state is State.PROPOSED
    assert [signature.body.id for signature in detail.waiting_on] == [sixth.organisation_id]
    assert grants() == []
    signed_by("A", [sixth])
    assert agreement(sixth, reference="A").state is State.IN_FORCE
    assert len(grants()) == 6 * len(detail.sharing)


def test_the_last_signature_opens_with_the_next_statement(
    essex: Actor, kent_officer: Actor
) -> None:
    *all_but_one, last = signatories_of(proposed(essex, terms("A", ["essex", "kent"])))
    signed_by("A", all_but_one)
    assert seen(kent_officer) == 0
    signed_by("A", [last])
    assert seen(kent_officer) == 1


def test_postgresql_writes_the_grants_that_the_rules_say() -> None:
    fire = replace(
        terms("A", ["essex", "kent", "essex-fire"], form=AgreementKind.INFORMATION_SHARING),
        ends_on=today() + 100 * DAY,
    )
    told = [replace(clause, with_fire=clause.kind is RecordKind.PLACE) for clause in fire.sharing]
    draft_agreement(SERVICE, terms=replace(fire, sharing=told))
    detail = start_agreement(SERVICE, reference="A")
    assert detail.starts_on is not None
    expected = grants_of(
        agreement_id=detail.id,
        version=1,
        forces={organisation(code).id for code in ("essex", "kent")},
        fire_services={organisation("essex-fire").id},
        sharing=told,
        starts=detail.starts_on,
        ends=detail.ends_on,
    )
    written = {
        (g.clause, g.owner_id, g.recipient_id, g.kind, g.level, tuple(g.roles), tuple(g.purposes),
         g.valid.lower, g.valid.upper)
        for g in grants()
    }  # fmt: skip
    assert written == {
        (g.clause, g.owner_id, g.recipient_id, g.kind, g.level, tuple(g.roles), tuple(g.purposes),
         g.valid_from, g.valid_until)
        for g in expected
    }  # fmt: skip


def test_each_signs_for_their_own_body_once_and_only_what_they_have_read(essex: Actor) -> None:
    detail = proposed(essex, terms("A", ["essex", "kent"]))
    chief = signatory("kent")
    with pytest.raises(AgreementsError, match="changed since you read it"):
        sign(chief, reference="A", digest="another text")
    with pytest.raises(NotAllowedToTake):
        sign(signatory("norfolk"), reference="A", digest=detail.digest)
    for nobody in (essex, person("kent"), SERVICE):
        with pytest.raises(NotAllowedToTake):
            sign(nobody, reference="A", digest=detail.digest)
    signed_by("A", [chief])
    with pytest.raises(AgreementsError, match="has decided already: Signed"):
        sign(chief, reference="A", digest=detail.digest)


def test_a_signature_under_conditions_counts_once_its_signatory_says_they_are_met(
    essex: Actor,
) -> None:
    detail = proposed(essex, terms("A", ["essex", "kent"]))
    *others, last = signatories_of(detail)
    signed_by("A", others)
    sign(last, reference="A", digest=detail.digest, conditions="The assessment is published")
    waits = agreement(last, reference="A")
    assert [s.decision for s in waits.waiting_on] == [Decision.CONDITIONAL]
    assert waits.state is State.PROPOSED
    met = meet_conditions(last, reference="A", because="Published today")
    assert met.state is State.IN_FORCE


def test_a_refusal_says_why_and_sends_the_draft_back_and_all_sign_anew(essex: Actor) -> None:
    detail = proposed(essex, terms("A", ["essex", "kent"]))
    first, second, *others = signatories_of(detail)
    signed_by("A", [first])
    with pytest.raises(AgreementsError, match="Say why"):
        refuse(second, reference="A", reasons=" ")
    refused = refuse(second, reference="A", reasons="Custody is missing")
    assert refused.state is State.DRAFT
    assert refused.steps[-1].because == "Custody is missing"
    changed = replace(refused.terms, functions=["Crime recording", "Custody"])
    saved = save_draft(essex, reference="A", revision=refused.revision, terms=changed)
    again = propose(essex, reference="A")
    assert again.digest != detail.digest
    assert len(again.waiting_on) == 4, "the first signature was of another text"
    signed_by("A", [first, second, *others])
    assert agreement(essex, reference="A").state is State.IN_FORCE
    assert saved.revision == 3


def test_what_is_proposed_is_taken_back_before_it_is_changed(essex: Actor) -> None:
    detail = proposed(essex, terms("A", ["essex", "kent"]))
    with pytest.raises(WrongState, match="is “proposed"):
        save_draft(essex, reference="A", revision=detail.revision, terms=detail.terms)
    assert revise(essex, reference="A", because="A slip").state is State.DRAFT


def test_a_board_may_recommend_and_binds_nobody(essex: Actor) -> None:
    proposed(essex, terms("A", ["essex", "kent"]))
    told = recommend(essex, reference="A", board="Summit", text="Approve it")
    assert told.state is State.PROPOSED
    assert told.steps[-1].details == {"board": "Summit"}
    assert len(told.waiting_on) == 4


# --- what must be said ----------------------------------------------------------------------------


@pytest.mark.parametrize("missing", ["purpose", "exit_terms"])
def test_no_draft_is_proposed_without_purpose_and_exit_terms(essex: Actor, missing: str) -> None:
    agreed = replace(terms("A", ["essex", "kent"]), **{missing: ""})  # type: ignore[arg-type]
    draft_agreement(essex, terms=agreed)
    with pytest.raises(IncompleteAgreement, match=missing.split("_", maxsplit=1)[0]):
        propose(essex, reference="A")


def test_a_function_that_a_framework_excludes_is_not_proposed_between_its_parties() -> None:
    mou = replace(
        terms("MOU", THREE, form=AgreementKind.MEMORANDUM),
        sharing=(),
        functions=["Fleet"],
        excluded_functions=["Incident response"],
    )
    draft_agreement(SERVICE, terms=mou)
    start_agreement(SERVICE, reference="MOU")
    bedfordshire = drafter("bedfordshire")
    local = replace(terms("A", THREE[:2]), functions=["Incident response"])
    draft_agreement(bedfordshire, terms=local)
    with pytest.raises(IncompleteAgreement, match="MOU excludes it"):
        propose(bedfordshire, reference="A")
    end_agreement(SERVICE, reference="MOU")
    assert propose(bedfordshire, reference="A").state is State.PROPOSED


def test_two_who_edit_one_draft_lose_nothing(essex: Actor) -> None:
    drafted = draft_agreement(essex, terms=terms("A", ["essex", "kent"]))
    kent = drafter("kent")
    theirs = replace(drafted.terms, title="Theirs")
    save_draft(kent, reference="A", revision=drafted.revision, terms=theirs)
    with pytest.raises(StaleDraft):
        save_draft(essex, reference="A", revision=drafted.revision, terms=drafted.terms)
    assert agreement(essex, reference="A").title == "Theirs"


def test_a_dropped_draft_can_be_taken_up_again(essex: Actor) -> None:
    draft_agreement(essex, terms=terms("A", ["essex", "kent"]))
    assert drop(essex, reference="A", because="Not now").state is State.DROPPED
    assert agreements(essex) == []
    assert reopen(essex, reference="A").state is State.DRAFT


# --- varying, leaving, ending ---------------------------------------------------------------------


def test_a_variation_leaves_the_old_version_in_force_until_all_have_signed_the_new(
    essex: Actor, kent_officer: Actor
) -> None:
    agreement_in_force("A", ["essex", "kent"])
    second = vary(essex, reference="A")
    assert (second.version, second.state) == (2, State.DRAFT)
    with pytest.raises(AgreementExists):
        vary(essex, reference="A")
    closed = replace(second.terms, sharing=second.terms.sharing[1:], title="Less")
    save_draft(essex, reference="A", revision=second.revision, terms=closed)
    signatures = signatories_of(propose(essex, reference="A"))
    assert agreement(essex, reference="A").version == 1
    assert seen(kent_officer) == 1
    signed_by("A", signatures)
    assert seen(kent_officer) == 0, "crimes are the first clause, which the variation left out"
    now_in_force = agreement(essex, reference="A")
    assert (now_in_force.version, now_in_force.state) == (2, State.IN_FORCE)
    newest, oldest = versions(essex, reference="A")
    assert (newest.version, oldest.state) == (2, State.VARIED)
    assert oldest.title == "Agreement A", "the old version stays readable"


def test_a_party_leaves_and_the_rest_go_on(kent_officer: Actor) -> None:
    agreement_in_force("A", ["essex", "kent", "norfolk"])
    norfolk = person("norfolk")
    assert (seen(kent_officer), seen(norfolk)) == (1, 1)
    with pytest.raises(NotAllowedToTake, match="itself decides"):
        leave(drafter("kent"), reference="A", body="norfolk", because="Out")
    left = leave(drafter("norfolk"), reference="A", body="norfolk", because="Money")
    assert left.state is State.IN_FORCE
    assert left.left == {norfolk.organisation_id: today()}
    assert (seen(kent_officer), seen(norfolk)) == (1, 0)


def test_when_one_party_is_left_the_agreement_ends(kent_officer: Actor) -> None:
    agreement_in_force("A", ["essex", "kent"])
    left = leave(signatory("essex-pfcc"), reference="A", body="essex", because="Alone again")
    assert left.state is State.ENDED
    assert seen(kent_officer) == 0


def test_an_ended_agreement_is_renewed_as_a_new_version(essex: Actor) -> None:
    end_agreement(SERVICE, reference=agreement_in_force("A", ["essex", "kent"]))
    assert renew(essex, reference="A").version == 2
    assert propose(essex, reference="A").state is State.PROPOSED


def test_a_successor_takes_a_partys_place_on_the_same_clauses(kent_officer: Actor) -> None:
    agreement_in_force("A", ["essex", "kent"])
    with pytest.raises(AgreementsError, match="not the successor"):
        succeed(SERVICE, reference="A", old="kent", new="surrey")
    with acting(SERVICE):
        Organisation.objects.filter(code="kent").update(
            successor=organisation("surrey").id, valid_until=today()
        )
    surrey = person("surrey")
    assert (seen(kent_officer), seen(surrey)) == (1, 0)
    detail = succeed(SERVICE, reference="A", old="kent", new="surrey")
    assert detail.left == {kent_officer.organisation_id: today()}
    assert (seen(kent_officer), seen(surrey)) == (0, 1)


# --- waiting, reminders, notices ------------------------------------------------------------------


def test_a_page_can_say_on_whom_each_agreement_waits_and_ones_own_first(essex: Actor) -> None:
    first, *_ = signatories_of(proposed(essex, terms("A", ["essex", "kent"])))
    rows = waiting(first)
    assert [row.mine for row in rows] == [True, False, False, False]
    assert rows[0].signature.body.id == first.organisation_id
    signed_by("A", [first])
    assert not any(row.mine for row in waiting(first))


def test_reviews_and_ends_that_come_near_are_brought_to_mind(essex: Actor) -> None:
    soon = replace(terms("A", ["essex", "kent"]), review_on=today() + 10 * DAY)
    draft_agreement(SERVICE, terms=soon)
    start_agreement(SERVICE, reference="A", ends_on=today() + 20 * DAY)
    assert [reminder.what for reminder in reminders(essex)] == ["Review", "Ends"]
    assert reminders(drafter("norfolk")) == ()


def test_a_notice_is_public_and_what_it_leaves_out_is_for_the_parties(essex: Actor) -> None:
    agreement_in_force("A", ["essex", "kent"])
    made = publish_notice(
        signatory("kent-pcc"),
        reference="A",
        title="Decision 1",
        text="We share records.",
        redactions={"liability": "Commercial"},
    )
    assert [notice.text for notice in notices(reference="A")] == ["We share records."]
    assert redactions(essex, notice_id=made.id) == (("liability", "Commercial"),)
    norfolk = drafter("norfolk")
    assert redactions(norfolk, notice_id=made.id) == ()
    with pytest.raises(NotAllowedToTake, match="does not sign"):
        publish_notice(norfolk, reference="A", title="x", text="y")


def test_only_what_may_be_done_is_offered(essex: Actor) -> None:
    detail = proposed(essex, terms("A", ["essex", "kent"]))
    chief = signatory("essex")
    offered = {step for step in Step if may_take(essex, step, detail)}
    assert offered == {Step.RECOMMEND, Step.REVISE}
    assert {step for step in Step if may_take(chief, step, detail)} == {Step.SIGN, Step.REFUSE}
    norfolk = drafter("norfolk")
    assert not any(may_take(norfolk, step, detail) for step in Step)


# --- PostgreSQL is the wall -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE agreements_agreement SET state = 'approved', starts_on = now() WHERE id = %s",
        "UPDATE agreements_agreement SET terms = '{}' WHERE id = %s",
        "UPDATE agreements_agreement SET party_ids = '{14, 21, 27}' WHERE id = %s",
        "SELECT concordat.approve_agreement(%s, current_date, NULL)",
        "INSERT INTO agreements_party (agreement_id, organisation_id) VALUES (%s, 27)",
        "UPDATE agreements_signatory SET organisation_id = 14 WHERE agreement_id = %s",
        (
            "INSERT INTO access_grant (id, agreement_id, agreement_version, clause, owner_id, "
            "recipient_id, kind, level, roles, purposes, valid) "
            "VALUES (concordat.new_id(), %s, 1, 1, 14, 21, 1, 'full', '{officer}', "
            "'{investigation}', tstzrange(now(), NULL))"
        ),
    ],
)
@pytest.mark.parametrize("who", ["programme", "signatory", "service"])
def test_no_statement_opens_what_is_not_signed(essex: Actor, who: str, statement: str) -> None:
    detail = proposed(essex, terms("A", ["essex", "kent"]))
    actor = {"programme": essex, "signatory": signatory("essex"), "service": SERVICE}[who]
    with pytest.raises(DatabaseError), transaction.atomic():
        acted(actor, statement, detail.id)


def test_nobody_signs_for_another_body_by_raw_sql(essex: Actor) -> None:
    detail = proposed(essex, terms("A", ["essex", "kent"]))
    forge = (
        "UPDATE agreements_signatory SET decision = 'approved', digest = %s, decided_at = now(), "
        "person_id = concordat.actor_person() WHERE organisation_id = 21"
    )
    for actor in (essex, signatory("essex")):
        assert acted(actor, forge, detail.digest) == 0
