"""The list of agreements, the page of one, and what waits on the first page."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from concordat.agreements.actions import draft_agreement, propose, publish_notice, vary
from concordat.agreements.rules import BenefitTerms, CostTerms, ResourceTerms, State
from concordat.base.actor import Role
from concordat.base.clock import today
from tests.database.desks import REFERENCE, SECTIONS, TWO, all_sign_but, desk, given, now, text_of
from tests.world import SERVICE, terms

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def rows_of(page: str) -> list[str]:
    """Return the references in the list of a page, in their order."""
    return re.findall(r"(L-\d)(?:, version \d)? ·", page)


@pytest.fixture
def listed() -> None:
    """One agreement in each state that is listed; of the last, Essex is no party."""
    for number, state in enumerate((State.IN_FORCE, State.PROPOSED, State.DRAFT, State.ENDED)):
        told = terms(f"L-{number}", TWO)
        given(state, replace(told, functions=["Dogs"]) if state is State.ENDED else told)
    given(State.IN_FORCE, terms("L-4", ["kent", "norfolk"]))


# --- the list -------------------------------------------------------------------------------------


def test_what_waits_for_my_signature_stands_first_and_leads_to_signing() -> None:
    given(State.PROPOSED)
    chief = desk("kent", Role.SIGNATORY)
    for name in ("home", "agreements"):
        page = chief.get(name)
        told = text_of(page)
        assert f"1 agreement waits for you Agreement {REFERENCE}: not decided yet, asked" in told
        assert f'href="/agreements/{REFERENCE}/sign"' in page.content.decode()
    assert told.index("waits for you") < told.index("Those of Kent Police")
    programme = desk("kent")
    assert "waits for you" not in programme.read("agreements")
    assert "waits for you" not in programme.read("home")


def test_a_page_shows_where_every_proposal_waits_and_since_when() -> None:
    given(State.PROPOSED)
    told = desk("kent", Role.SIGNATORY).read("agreements-waiting")
    assert told.index("On Kent Police") < told.index("On others") < told.index("Essex Police")
    assert "0 days" in told


def test_the_list_says_when_there_is_nothing() -> None:
    reader = desk("essex", Role.OFFICER)
    assert "It is party to no agreement yet." in reader.read("agreements")
    assert "No proposal waits for anybody else." in reader.read("agreements-waiting")
    assert "None of its agreements is like that." in reader.read("agreements", stage="draft")


def test_a_dropped_draft_is_found_again_by_asking_for_it() -> None:
    given(State.DROPPED, terms("L-5", TWO))
    reader = desk("essex")
    assert rows_of(reader.read("agreements")) == []
    assert rows_of(reader.read("agreements", stage="draft")) == []
    assert rows_of(reader.read("agreements", stage="dropped")) == ["L-5"]


@pytest.mark.usefixtures("listed")
def test_ones_own_stand_apart_from_those_of_others() -> None:
    told = desk("essex", Role.OFFICER).read("agreements")
    own, others = told.split("Those of others")
    assert rows_of(own) == ["L-0", "L-1", "L-2", "L-3"]
    assert rows_of(others) == ["L-4"]
    assert "Waits for Essex, Kent, Kent PCC and Essex PFCC" in own


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({"stage": "in-force"}, ["L-0", "L-4"]),
        ({"stage": "waiting"}, ["L-1"]),
        ({"stage": "draft"}, ["L-2"]),
        ({"stage": "ended"}, ["L-3"]),
        ({"body": "norfolk"}, ["L-4"]),
        ({"body": "essex", "stage": "in-force"}, ["L-0"]),
        ({"function": "Dogs"}, ["L-3"]),
        ({"function": "Fleet"}, []),
        (
            {"stage": "<b>", "body": "atlantis", "function": "Magic"},
            [f"L-{n}" for n in (0, 1, 2, 3, 4)],
        ),
    ],
)
def test_the_list_is_narrowed(asked: dict[str, str], shown: list[str]) -> None:
    reader = desk("essex", Role.OFFICER)
    assert rows_of(reader.read("agreements", **asked)) == shown


def test_reviews_and_ends_that_come_near_stand_on_the_first_page_of_those_who_can_act() -> None:
    soon = replace(terms(REFERENCE, TWO), review_on=today() - DAY, ends_on=today() + 20 * DAY)
    given(State.IN_FORCE, soon)
    for role in (Role.PROGRAMME, Role.SIGNATORY):
        told = desk("essex", role).read("home")
        assert "1 day overdue" in told
        assert "In 20 days" in told
    assert "overdue" not in desk("essex", Role.OFFICER).read("home")
    assert "overdue" not in desk("norfolk").read("home")


# --- the page of one ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "answer"),
    [
        (State.DRAFT, "A draft. It opens nothing Nothing is missing: it can be proposed."),
        (State.PROPOSED, "Not in force: 0 of 4 have signed It waits for Essex, Kent, Kent PCC"),
        (State.APPROVED, "All have signed. It begins on"),
        (State.IN_FORCE, "In force since"),
        (State.NOTICE, "In force until"),
        (State.ENDED, "Ended. Its last day was"),
        (State.DROPPED, "Dropped. It opens nothing"),
    ],
)
def test_the_page_answers_first_where_an_agreement_stands(state: State, answer: str) -> None:
    agreed = terms(REFERENCE, TWO)
    given(state, replace(agreed, notice_months=12) if state is State.NOTICE else agreed)
    told = desk("norfolk", Role.OFFICER).read("agreement", REFERENCE)
    assert answer in told
    assert told.index(answer) < told.index("What was agreed")


def test_the_page_of_a_draft_lists_all_that_is_missing() -> None:
    given(State.DRAFT, replace(terms(REFERENCE, TWO), purpose="", exit_terms="", functions=()))
    told = desk("essex", Role.OFFICER).read("agreement", REFERENCE)
    assert "3 things are missing before it can be proposed." in told
    for what in ("its purpose", "exit terms", "at least one function"):
        assert what in told


def test_everybody_reads_an_agreement_and_none_but_its_people_are_offered_a_step() -> None:
    given(State.PROPOSED)
    for body, role in (("essex", Role.OFFICER), ("norfolk", Role.PROGRAMME)):
        reader = desk(body, role)
        page = reader.get("agreement", REFERENCE).content.decode()
        assert "To trace across borders." in page
        assert 'role="button"' not in page
    assert "Draft an agreement" not in desk("kent", Role.OFFICER).read("agreements")


@pytest.mark.parametrize("role", [Role.PROGRAMME, Role.SIGNATORY])
@pytest.mark.parametrize("state", [state for state in State if state is not State.VARIED])
def test_every_step_that_a_page_offers_can_be_taken_there(state: State, role: Role) -> None:
    notice = 12 if state is State.NOTICE else 0
    given(state, replace(terms(REFERENCE, ["essex", "kent", "norfolk"]), notice_months=notice))
    reader = desk("essex", role)
    page = reader.get("agreement", REFERENCE).content.decode()
    offered = re.findall(r'<a href="([^"]+)" role="button"', page)
    assert offered or (state, role) in (
        *((state, Role.SIGNATORY) for state in (State.DRAFT, State.DROPPED)),
    )
    for address in offered:
        assert reader.client.get(address).status_code == 200, address


def test_versions_stay_readable_and_lead_to_the_one_that_counts() -> None:
    given(State.IN_FORCE)
    vary(SERVICE, reference=REFERENCE)
    reader = desk("essex", Role.OFFICER)
    assert "Version 2 is being drafted." in reader.read("agreement", REFERENCE)
    assert "In force is version 1." in reader.read("agreement-version", REFERENCE, 2)
    propose(SERVICE, reference=REFERENCE)
    assert "Version 2 is being signed." in reader.read("agreement", REFERENCE)
    all_sign_but(now(version=2))
    assert "Replaced by a later version" in reader.read("agreement-version", REFERENCE, 1)
    assert "version 2" in reader.read("agreement", REFERENCE)


def test_the_history_tells_who_did_what_and_why() -> None:
    detail = given(State.PROPOSED)
    all_sign_but(detail)
    told = desk("norfolk", Role.OFFICER).read("agreement", REFERENCE).split("What happened")[1]
    steps = ("Approved", "Signed", "Proposed for signature", "Draft written")
    assert sorted(steps, key=told.index) == list(steps), "the newest first"
    assert told.count("It serves our people.") == len(detail.signatures)
    assert "Essex-Pfcc Signatory, Police, Fire and Crime Commissioner for Essex" in told


def test_an_unknown_agreement_or_version_is_not_there() -> None:
    given(State.IN_FORCE)
    reader = desk("essex")
    for name in ("agreement", "agreement-edit", "agreement-propose", "agreement-end"):
        assert reader.get(name, "No such").status_code == 404
    for version in (0, 2, 10**12):
        assert reader.get("agreement-version", REFERENCE, version).status_code == 404


HOSTILE = "<img src=x onerror=alert(1)>"


def test_no_text_of_an_agreement_becomes_html_on_any_page() -> None:
    texts = dict.fromkeys(("title", "purpose", "liability", "exit_terms", "exit_costs"), HOSTILE)
    hostile = replace(
        terms(HOSTILE, TWO),
        **texts,  # type: ignore[arg-type]
        direction_and_control=HOSTILE,
        notice_months=1,
        resources=[ResourceTerms(resource=HOSTILE, provider="kent", terms=HOSTILE)],
        costs=[CostTerms(item=HOSTILE, formula="equal")],
        benefits=[BenefitTerms(benefit=HOSTILE, measure=HOSTILE, target=HOSTILE)],
    )
    hostile = replace(
        hostile,
        sharing=[
            replace(clause, lawful_basis=HOSTILE, assessment=HOSTILE, contact=HOSTILE)
            for clause in hostile.sharing
        ],
    )
    draft_agreement(SERVICE, terms=hostile)
    chief = desk("essex", Role.PROGRAMME, Role.SIGNATORY)
    pages = [chief.get("agreement-edit-section", HOSTILE, section) for section in SECTIONS]
    pages += [chief.get(name, HOSTILE) for name in ("agreement", "agreement-propose")]
    propose(SERVICE, reference=HOSTILE, because=HOSTILE)
    pages += [chief.get(name) for name in ("home", "agreements", "agreements-waiting")]
    pages += [chief.get(name, HOSTILE) for name in ("agreement-sign", "agreement-refuse")]
    all_sign_but(now(HOSTILE))
    publish_notice(chief.actor, reference=HOSTILE, title=HOSTILE, text=HOSTILE)
    steps = ("notice", "leave", "end", "vary", "publish", "costs")
    pages += [chief.get("agreement", HOSTILE), chief.get("notices")]
    pages += [chief.get(f"agreement-{step}", HOSTILE) for step in steps]
    for page in pages:
        assert page.status_code == 200
        assert HOSTILE not in page.content.decode(), page.request["PATH_INFO"]
