"""Drafting agreements at their pages: with gaps, by several people at once, and never too much."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from django.test import Client

from concordat.access.rules import RecordKind
from concordat.agreements.actions import draft_agreement
from concordat.agreements.queries import agreements
from concordat.agreements.rules import (
    BenefitTerms,
    CostTerms,
    ResourceTerms,
    State,
)
from concordat.base.actor import Role
from concordat.base.clock import today
from tests.database.desks import (
    EMPTY,
    REFERENCE,
    SECTIONS,
    TWO,
    Desk,
    clause_form,
    desk,
    essex,
    form_of,
    given,
    now,
    opened,
    saved,
    shared,
    text_of,
    ticked,
)
from tests.world import SERVICE, terms

__all__ = ["essex"]  # fixtures

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


# --- beginning ------------------------------------------------------------------------------------


def test_a_draft_is_begun_with_ones_own_body_and_goes_on_with_the_parties(essex: Desk) -> None:
    told = essex.told(
        "agreement-new",
        sent={"reference": f" {REFERENCE} ", "title": "Dogs", "kind": "section_22a", "purpose": ""},
    )
    assert "The draft is begun. Say who the parties are." in told
    assert "Parties and functions" in told
    detail = now()
    assert (detail.state, detail.version, detail.title) == (State.DRAFT, 1, "Dogs")
    assert [party.code for party in detail.parties] == ["essex"]


def test_what_a_draft_can_not_begin_without_is_asked_for(essex: Desk) -> None:
    told = essex.told("agreement-new", sent={"kind": "section_22a"})
    assert "Give it a reference." in told
    assert "Give it a title." in told


@pytest.mark.parametrize(
    "reference",
    [
        *("new", "waiting", "explain", "register", "register/gaps", "register/matrix.csv"),
        *("A/edit", "A/edit/basics", "A/versions/2", "A/versions/2/changes", "A/costs"),
        *("A/costs/1", "A/costs/1/budget", "A/sign", "A/publish", "A/end", "A/leave"),
        *("..", ".", "A/../B", "../forces", "A//B", "/A", "A/", "A\nB"),
    ],
)
def test_no_reference_takes_the_address_of_another_page(essex: Desk, reference: str) -> None:
    sent = {"reference": reference, "title": "x", "kind": "section_22a", "purpose": ""}
    assert "This can’t be a reference here: choose another." in essex.told(
        "agreement-new", sent=sent
    )
    assert agreements(SERVICE) == []


def test_a_reference_that_is_taken_is_refused(essex: Desk) -> None:
    given(State.IN_FORCE)
    sent = {"reference": REFERENCE, "title": "x", "kind": "section_22a", "purpose": ""}
    assert f"There already is an agreement with the reference {REFERENCE}" in essex.told(
        "agreement-new", sent=sent
    )


# --- saving with gaps -----------------------------------------------------------------------------


@pytest.mark.parametrize("section", [section for section in SECTIONS if section != "sharing"])
def test_every_section_is_saved_empty_and_nothing_changes(essex: Desk, section: str) -> None:
    draft_agreement(SERVICE, terms=EMPTY)
    before = now()
    told = saved(essex, section, opened(essex, section))
    assert "Saved." in told
    after = now()
    assert after.terms == before.terms
    assert after.revision == before.revision, "what changes nothing is no save"


def first_line(**told: str) -> dict[str, Sequence[str]]:
    """Return what the first line of a schedule sends."""
    return {f"line-0-{name}": text for name, text in told.items()}


def test_whatever_is_filled_in_is_kept_and_shown_again(essex: Desk) -> None:
    draft_agreement(SERVICE, terms=EMPTY)
    filled: Mapping[str, dict[str, Sequence[str]]] = {
        "basics": {
            "title": "Dogs",
            "purpose": "To track.\nAnd find.",
            **ticked("review_on", today()),
        },
        "parties": {"parties": ["essex", "kent"], "functions": ["Dogs"]},
        "terms": {"notice_months": "6", "exit_costs": "Each its own"},
        "resources": first_line(resource="Kennels", provider="kent", terms="Free"),
        "costs": first_line(item="Food", formula="equal", least="£1,250.50"),
        "benefits": first_line(benefit="Fewer lost", measure="Count", target="9"),
    }
    for section, told in filled.items():
        assert "Saved." in saved(essex, section, opened(essex, section), **told)
    kept = now().terms
    assert (kept.title, kept.purpose, kept.review_on) == ("Dogs", "To track.\nAnd find.", today())
    assert (list(kept.parties), list(kept.functions)) == (["essex", "kent"], ["Dogs"])
    assert (kept.notice_months, kept.exit_costs) == (6, "Each its own")
    assert list(kept.resources) == [
        ResourceTerms(resource="Kennels", provider="kent", terms="Free")
    ]
    assert list(kept.costs) == [CostTerms(item="Food", formula="equal", least=125_050)]
    assert list(kept.benefits) == [BenefitTerms(benefit="Fewer lost", measure="Count", target="9")]
    for section in filled:
        assert "Saved." in saved(essex, section, opened(essex, section))
    assert now().terms == kept, "a page sends back what it showed"


def test_saving_goes_on_section_by_section_to_the_last(essex: Desk) -> None:
    draft_agreement(SERVICE, terms=EMPTY)
    for section, following in pairwise(SECTIONS):
        if section == "sharing":
            assert (
                f"/edit/{following}"
                in essex.get("agreement-edit-section", REFERENCE, section).content.decode()
            )
            continue
        sent = {**opened(essex, section), "next": "1"}
        answer = essex.send("agreement-edit-section", REFERENCE, section, sent=sent)
        assert answer.redirect_chain[-1][0] == f"/agreements/{REFERENCE}/edit/{following}"
    assert "Save and go on" not in essex.read("agreement-edit-section", REFERENCE, SECTIONS[-1])


def test_a_line_is_taken_out_and_what_a_line_can_not_be_is_said(essex: Desk) -> None:
    lines = [CostTerms(item=item, formula="equal") for item in ("Food", "Vets")]
    given(State.DRAFT, replace(EMPTY, costs=lines))
    form = opened(essex, "costs")
    wrong = {"line-1-least": "lots", "line-1-weights": "surrey 3", "line-1-item": "Horses"}
    refused = saved(essex, "costs", form, **wrong)
    assert "“lots” is not an amount in pounds" in refused
    assert "“surrey 3” is not the code of a party and a number" in refused
    assert [line.item for line in now().terms.costs] == ["Food", "Vets"]
    saved(essex, "costs", form, **{"line-0-DELETE": "on"})
    assert [line.item for line in now().terms.costs] == ["Vets"]


def test_days_and_months_that_do_not_exist_are_refused_and_kept_on_the_page(essex: Desk) -> None:
    draft_agreement(SERVICE, terms=EMPTY)
    wrong = {"ends_on_day": "31", "ends_on_month": "2", "ends_on_year": "2027", "title": "Dogs"}
    told = saved(essex, "basics", opened(essex, "basics"), **wrong)
    assert "Enter a real day, such as 21 11 2026." in told
    assert "Enter whole months" in saved(
        essex, "terms", opened(essex, "terms"), notice_months="a few"
    )
    assert now().title == ""


def test_the_body_that_drafts_stays_a_party_and_the_lead_is_one(essex: Desk) -> None:
    given(State.DRAFT)
    form = opened(essex, "parties")
    assert "Your own body drafts it, so it must stay a party." in saved(
        essex, "parties", form, parties=["kent"]
    )
    assert "The lead must be one of the parties." in saved(essex, "parties", form, lead="norfolk")
    assert now().revision == 1


# --- the sharing schedule -------------------------------------------------------------------------


def test_kinds_of_record_are_shared_changed_and_taken_out_again(essex: Desk) -> None:
    given(State.DRAFT, replace(terms(REFERENCE, TWO), sharing=()))
    told = saved(
        essex, "sharing", {}, **clause_form(RecordKind.PERSON, RecordKind.CRIME, level="pointer")
    )
    assert "Lacks: lawful basis, assessment, contact" in told
    assert shared() == {"crime": "pointer", "person": "pointer"}
    changing = essex.get("agreement-edit-section", REFERENCE, "sharing", kind="person")
    assert "Change person" in text_of(changing)
    form = {**form_of(changing), "level": ["full"], "contact": ["The desk"]}
    saved(essex, "sharing", form)
    assert shared() == {"crime": "pointer", "person": "full"}
    saved(essex, "sharing", opened(essex, "sharing"), remove="crime")
    assert shared() == {"person": "full"}


def test_a_clause_needs_a_kind_a_level_a_role_and_a_purpose(essex: Desk) -> None:
    given(State.DRAFT, EMPTY)
    told = saved(essex, "sharing", {})
    for what in ("kind", "role", "purpose"):
        assert f"Choose at least one {what}." in told
    assert "Choose what is opened." in told


# --- who may --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "role"),
    [("norfolk", Role.PROGRAMME), ("essex", Role.OFFICER), ("essex", Role.SIGNATORY)],
)
def test_nobody_drafts_but_the_programme_teams_of_the_parties(body: str, role: Role) -> None:
    given(State.DRAFT)
    other = desk(body, role)
    for section in SECTIONS:
        assert other.get("agreement-edit-section", REFERENCE, section).status_code == 403
        sent = {"title": "x", "kind": "section_22a"}
        answer = other.send("agreement-edit-section", REFERENCE, section, sent=sent)
        assert answer.status_code == 403
    assert now().revision == 1
    if role is not Role.PROGRAMME:
        assert other.get("agreement-new").status_code == 403


def test_a_draft_has_no_other_sections(essex: Desk) -> None:
    given(State.DRAFT)
    assert essex.get("agreement-edit-section", REFERENCE, "secrets").status_code == 404


def test_a_draft_is_not_read_by_a_stranger() -> None:
    given(State.DRAFT)
    assert Client().get(f"/agreements/{REFERENCE}/edit").status_code == 302
