"""Decision notices: published words are everybody's, what they leave out is the parties'."""

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from concordat.agreements.actions import publish_notice
from concordat.agreements.queries import notices
from concordat.agreements.rules import CostTerms, State
from concordat.base.actor import Role
from concordat.base.ids import new_id
from tests.database.desks import REFERENCE, TWO, Desk, desk, form_of, given, text_of
from tests.world import terms

pytestmark = pytest.mark.django_db

SECRET = "The aircraft"
AGREED = replace(
    terms(REFERENCE, TWO), costs=[CostTerms(item=SECRET, formula="equal")], liability="Kent pays."
)


@pytest.fixture
def chief(db: None) -> Desk:
    """Whoever signs for Essex Police, in a world where the agreement is in force."""
    assert db is None
    given(State.IN_FORCE, AGREED)
    return desk("essex", Role.SIGNATORY)


def chosen(reader: Desk, **told: Sequence[str]) -> dict[str, Sequence[str]]:
    """Open the page for publishing and choose; return what it would send."""
    return {**form_of(reader.get("agreement-publish", REFERENCE)), **told}


def published(reader: Desk, **told: Sequence[str]) -> str:
    """Publish without the costs; return the address of the notice."""
    choice: dict[str, Sequence[str]] = {"left_out": ["costs"], "because": "Bids are out"}
    made = form_of(
        reader.send("agreement-publish", REFERENCE, sent=chosen(reader, **choice, make="1"))
    )
    answer = reader.send("agreement-publish", REFERENCE, sent={**made, **told})
    assert "Published: anybody can read it now." in text_of(answer)
    return reverse("notice", args=[notices()[0].id])


# --- what strangers read --------------------------------------------------------------------------


def test_a_published_text_is_read_by_a_stranger_who_signs_in_nowhere(chief: Desk) -> None:
    stranger = Client()
    assert "Nothing has been published yet." in text_of(stranger.get(reverse("notices")))
    address = published(chief)
    listed = stranger.get(reverse("notices"))
    assert f"Decision: Agreement {REFERENCE} Essex Police" in text_of(listed)
    assert f'href="{address}"' in listed.content.decode()
    told = text_of(stranger.get(address))
    assert "Essex Police has agreed to" in told
    assert "Purpose: To trace across borders." in told
    assert "Liability: Kent pays." in told


def test_what_a_notice_leaves_out_is_on_no_public_page_and_the_parties_read_why(
    chief: Desk,
) -> None:
    address = published(chief)
    for reader in (Client(), desk("norfolk").client):
        for page in (address, reverse("notices")):
            told = reader.get(page).content.decode()
            assert SECRET not in told
            assert "Bids are out" not in told
            assert "What it leaves out" not in told
    for body, role in (("kent", Role.OFFICER), ("kent-pcc", Role.SIGNATORY)):
        told = text_of(desk(body, role).client.get(address))
        assert "What it leaves out" in told
        assert "Costs schedule Bids are out" in told


def test_an_agreement_that_nobody_published_is_not_public(chief: Desk) -> None:
    stranger = Client()
    for name in ("agreement", "agreement-publish", "agreement-costs", "agreement-edit"):
        answer = stranger.get(reverse(name, args=[REFERENCE]))
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("sign-in"))
    address = published(chief)
    page = stranger.get(address).content.decode()
    assert f"/agreements/{REFERENCE}" not in page, "nor does its notice lead a stranger to it"
    assert f"/agreements/{REFERENCE}" in chief.client.get(address).content.decode()
    assert stranger.get(reverse("notice", args=[new_id()])).status_code == 404


def test_a_stranger_can_only_read(chief: Desk) -> None:
    address = published(chief)
    for page in (address, reverse("notices")):
        for method in ("post", "put", "patch", "delete"):
            assert getattr(Client(), method)(page).status_code == 405
    assert len(notices()) == 1


def test_the_words_of_a_notice_are_words_and_no_html(chief: Desk) -> None:
    hostile = "<script>alert(1)</script>"
    address = published(chief, title=hostile, text=f"{hostile}\n\n</div>{hostile}")
    for page in (address, reverse("notices"), reverse("agreement", args=[REFERENCE])):
        told = chief.client.get(page).content.decode()
        assert hostile not in told
        assert "&lt;script&gt;alert(1)" in told


# --- publishing -----------------------------------------------------------------------------------


def test_the_text_is_made_from_the_terms_without_what_is_left_out(chief: Desk) -> None:
    whole = form_of(chief.get("agreement-publish", REFERENCE))
    assert f"Cost: {SECRET}, shared by equal shares." in whole["text"][0]
    sent = chosen(chief, left_out=["costs", "terms"], make="1", title="My own title", text="Mine")
    without = form_of(chief.send("agreement-publish", REFERENCE, sent=sent))
    assert without["left_out"] == ["terms", "costs"]
    assert SECRET not in without["text"][0]
    assert "Kent pays." not in without["text"][0]
    assert "Purpose: To trace across borders." in without["text"][0]
    assert notices() == (), "looking at the text publishes nothing"


def test_an_outline_says_the_fact_and_the_purpose_alone(chief: Desk) -> None:
    outlined = form_of(
        chief.send("agreement-publish", REFERENCE, sent=chosen(chief, how_much="outline", make="1"))
    )
    text = outlined["text"][0]
    assert "To trace across borders." in text
    assert "Kent pays." not in text
    chief.send("agreement-publish", REFERENCE, sent=outlined)
    told = text_of(Client().get(reverse("notice", args=[notices()[0].id])))
    assert "This is an outline." in told


def test_whatever_is_left_out_needs_a_reason_and_a_notice_needs_words(chief: Desk) -> None:
    told = chief.told("agreement-publish", REFERENCE, sent=chosen(chief, left_out=["costs"]))
    assert "Write why it is left out." in told
    told = chief.told("agreement-publish", REFERENCE, sent=chosen(chief, title=" ", text=""))
    assert "Write a title." in told
    assert "Write a text." in told
    assert notices() == ()


def test_each_body_publishes_its_own_decision(chief: Desk) -> None:
    published(chief)
    commissioner = desk("kent-pcc", Role.PROGRAMME)
    published(commissioner)
    told = chief.read("agreement", REFERENCE)
    assert "Police and Crime Commissioner for Kent" in told.split("Published decisions")[1]
    assert {notice.body.code for notice in notices()} == {"essex", "kent-pcc"}


def test_a_notice_stays_with_the_version_that_it_is_of(chief: Desk) -> None:
    publish_notice(chief.actor, reference=REFERENCE, title="Decision 1", text="We share.")
    told = text_of(Client().get(reverse("notice", args=[notices()[0].id])))
    assert re.search(rf"{REFERENCE}, version 1\.", told)


@pytest.mark.parametrize("state", [State.DRAFT, State.PROPOSED])
def test_nothing_is_published_before_every_body_has_decided(state: State) -> None:
    given(state, AGREED)
    essex = desk("essex")
    sent = {"how_much": "whole", "title": "x", "text": "x"}
    for answer in (
        essex.client.get(reverse("agreement-publish", args=[REFERENCE]), follow=True),
        essex.send("agreement-publish", REFERENCE, sent=sent),
    ):
        assert "once all have signed" in text_of(answer)
    assert notices() == ()


def test_nobody_publishes_but_those_who_speak_for_a_body_that_signs(chief: Desk) -> None:
    sent = chosen(chief)
    officer = desk("essex", Role.OFFICER)
    assert officer.get("agreement-publish", REFERENCE).status_code == 403
    assert officer.send("agreement-publish", REFERENCE, sent=sent).status_code == 403
    told = desk("norfolk").told("agreement-publish", REFERENCE, sent=sent)
    assert "A decision is published by a body that signs the agreement" in told
    assert notices() == ()
    assert "Publish a decision notice" not in desk("suffolk").read("agreement", REFERENCE)
    assert "Publish a decision notice" in chief.read("agreement", REFERENCE)
