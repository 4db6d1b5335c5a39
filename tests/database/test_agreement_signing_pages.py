"""Signing and refusing at their pages: what is signed, on which conditions, and when it opens."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from concordat.agreements.actions import propose, revise, save_draft, vary
from concordat.agreements.rules import Decision, State
from concordat.base.actor import Role
from concordat.records.actions import load_street
from concordat.tracing.queries import search
from tests.database.desks import (
    REFERENCE,
    THREE,
    Desk,
    all_sign_but,
    desk,
    form_of,
    given,
    now,
    text_of,
)
from tests.files import street_row, write_csv
from tests.world import SERVICE, person, terms

pytestmark = pytest.mark.django_db

REASONS = {"reasons": "It serves the efficiency of both forces.", "have_read": "on"}


@pytest.fixture
def chief(db: None) -> Desk:
    """Whoever signs for Kent Police."""
    assert db is None
    return desk("kent", Role.SIGNATORY)


def read_to_sign(reader: Desk) -> dict[str, list[str]]:
    """Open the page of a signature; return what it would send if nothing were touched."""
    page = reader.get("agreement-sign", REFERENCE)
    assert page.status_code == 200
    return form_of(page)


def signed(reader: Desk, **told: str) -> str:
    """Read and sign; return what the page says to which that leads."""
    sent = {**read_to_sign(reader), **REASONS, **told}
    return reader.told("agreement-sign", REFERENCE, sent=sent)


def decision_of(reader: Desk) -> Decision:
    own = reader.actor.organisation_id
    return next(one.decision for one in now().signatures if one.body.id == own)


def changed_meanwhile() -> None:
    """Take the proposal back, change its text, and propose it anew."""
    detail = revise(SERVICE, reference=REFERENCE, because="A slip")
    told = replace(detail.terms, liability="All for one.")
    save_draft(SERVICE, reference=REFERENCE, revision=detail.revision, terms=told)
    propose(SERVICE, reference=REFERENCE)


# --- what is signed -------------------------------------------------------------------------------


def test_the_page_shows_what_is_signed_what_would_change_and_who_else_signs(chief: Desk) -> None:
    detail = given(State.PROPOSED)
    told = chief.read("agreement-sign", REFERENCE)
    assert "Sign for Kent Police" in told
    assert f"its digest (SHA-256) is {detail.digest}" in told
    parts = ("Direction and control", "What would change", "Who signs", "Your signature")
    assert sorted(parts, key=told.index) == list(parts)
    assert "Police, Fire and Crime Commissioner for Essex" in told
    assert read_to_sign(chief)["digest"] == [detail.digest]


def test_a_signature_is_given_by_name_and_with_reasons(chief: Desk) -> None:
    given(State.PROPOSED)
    told = signed(chief)
    assert "Signed. It still waits for Essex, Kent PCC and Essex PFCC." in told
    assert "Not in force: 1 of 4 have signed" in told
    assert "Kent Signatory" in told
    assert REASONS["reasons"] in told
    assert "waits for you" not in chief.read("agreements")


@pytest.mark.parametrize(
    ("left_out", "said"),
    [("reasons", "Write a few words."), ("have_read", "Say that you have read the text")],
)
def test_nobody_signs_without_reasons_or_unread(chief: Desk, left_out: str, said: str) -> None:
    given(State.PROPOSED)
    assert said in signed(chief, **{left_out: ""})
    assert decision_of(chief) is Decision.WAITING


def test_a_text_that_has_changed_since_it_was_read_is_read_again_before_it_is_signed(
    chief: Desk,
) -> None:
    given(State.PROPOSED)
    form = {**read_to_sign(chief), **REASONS, "conditions": "None so far"}
    changed_meanwhile()
    answer = chief.send("agreement-sign", REFERENCE, sent=form)
    assert "The text has changed since you read it. Read it again." in text_of(answer)
    assert "All for one." in text_of(answer)
    assert decision_of(chief) is Decision.WAITING
    again = form_of(answer)
    assert again["reasons"] == [REASONS["reasons"]], "what was written is kept"
    assert "have_read" not in again, "but it was of another text"
    sent = {**again, "have_read": "on", "conditions": ""}
    assert "Signed." in chief.told("agreement-sign", REFERENCE, sent=sent)


@pytest.mark.parametrize("digest", ["", "0" * 64])
def test_only_the_text_that_is_proposed_can_be_signed(chief: Desk, digest: str) -> None:
    given(State.PROPOSED)
    assert "The text has changed since you read it." in signed(chief, digest=digest)
    assert decision_of(chief) is Decision.WAITING


# --- when it opens --------------------------------------------------------------------------------


def test_five_of_six_signatures_open_nothing_and_the_sixth_does(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "2026-01-essex-street.csv", [street_row(1)])
    load_street(SERVICE, paths=[path])
    officer = person("kent")
    all_sign_but(given(State.PROPOSED, terms(REFERENCE, THREE)), "suffolk")
    last = desk("suffolk", Role.SIGNATORY)
    told = last.read("agreement", REFERENCE)
    assert "Not in force: 5 of 6 have signed It waits for Suffolk." in told
    assert search(officer, text="").answer.total == 0
    told = signed(last)
    assert "Signed. Every body has signed: the agreement is approved." in told
    assert "In force since" in told
    assert search(officer, text="").answer.total == 1


def test_while_a_new_version_is_signed_it_says_for_whom_that_waits(chief: Desk) -> None:
    given(State.IN_FORCE)
    vary(SERVICE, reference=REFERENCE)
    propose(SERVICE, reference=REFERENCE)
    told = signed(chief)
    assert "Signed. It still waits for Essex, Kent PCC and Essex PFCC." in told
    assert (now().version, now(version=2).state) == (1, State.PROPOSED)


# --- conditions -----------------------------------------------------------------------------------


def test_a_signature_under_a_condition_counts_once_its_signatory_says_that_it_is_met(
    chief: Desk,
) -> None:
    all_sign_but(given(State.PROPOSED), "kent")
    told = signed(chief, conditions="The assessment is published")
    assert "It still waits for Kent." in told
    assert "Condition: The assessment is published" in told
    assert "signed under conditions that are not met yet" in chief.read("agreements")
    asked = chief.read("agreement-sign", REFERENCE)
    assert "Kent Police signed under this condition: The assessment is published" in asked
    assert "Write a few words." in chief.told("agreement-sign", REFERENCE, sent={"because": ""})
    assert now().state is State.PROPOSED
    met = chief.told("agreement-sign", REFERENCE, sent={"because": "It was published today"})
    assert "Every body has signed" in met
    assert "Condition, met: The assessment is published" in met
    assert re.search(r"Conditions met +It was published today", met)
    assert now().state is State.IN_FORCE


# --- refusing -------------------------------------------------------------------------------------


def test_a_refusal_needs_reasons_and_makes_the_proposal_a_draft_again(chief: Desk) -> None:
    all_sign_but(given(State.PROPOSED), "kent", "kent-pcc")
    assert "Write a few words." in chief.told("agreement-refuse", REFERENCE, sent={"reasons": " "})
    assert now().state is State.PROPOSED
    told = chief.told("agreement-refuse", REFERENCE, sent={"reasons": "Custody is missing"})
    assert f"Refused. {REFERENCE} is a draft again." in told
    assert "Refused Custody is missing" in told
    assert now().state is State.DRAFT


# --- who may --------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["sign", "refuse"])
def test_whoever_is_not_asked_or_has_signed_has_nothing_to_sign(chief: Desk, step: str) -> None:
    given(State.PROPOSED)
    signed(chief)
    before = now()
    for reader in (chief, desk("norfolk", Role.SIGNATORY)):
        sent = {**REASONS, "digest": before.digest}
        told = reader.told(f"agreement-{step}", REFERENCE, sent=sent)
        assert f"{reader.actor.organisation_name} has nothing to sign here now." in told
    assert now() == before


@pytest.mark.parametrize("step", ["sign", "refuse"])
def test_nobody_signs_or_refuses_but_those_who_hold_the_power(step: str) -> None:
    before = given(State.PROPOSED)
    for role in (Role.PROGRAMME, Role.OFFICER, Role.ADMINISTRATOR):
        other = desk("kent", role)
        assert other.get(f"agreement-{step}", REFERENCE).status_code == 403
        sent = {**REASONS, "digest": before.digest}
        assert other.send(f"agreement-{step}", REFERENCE, sent=sent).status_code == 403
    assert now() == before


@pytest.mark.parametrize("state", [State.DRAFT, State.IN_FORCE, State.ENDED])
def test_what_is_not_proposed_is_neither_signed_nor_refused(chief: Desk, state: State) -> None:
    before = given(state)
    for step in ("sign", "refuse"):
        sent = {**REASONS, "digest": before.digest}
        assert "has nothing to sign here now." in chief.told(
            f"agreement-{step}", REFERENCE, sent=sent
        )
    assert now() == before
