"""An agreement of three forces as its people live it: drafted, signed by six, and at its end."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DATABASE, NewVisitor, Visitor
from tests.conftest import Server
from tests.signing import let_time_pass

pytestmark = pytest.mark.browser

REFERENCE = "EAST-STOPS-01"
TITLE = "Stop and search along the Stour and the Cam"
FORCES = ("Cambridgeshire Constabulary", "Essex Police", "Suffolk Constabulary")
SIGNATORIES = (
    "essex.chief",
    "essex.commissioner",
    "suffolk.chief",
    "suffolk.commissioner",
    "cambridgeshire.chief",
    "cambridgeshire.commissioner",
)
RUNNING = "Running the service"
YEAR_AND_A_DAY = 366


def at(visitor: Visitor, step: str = "") -> Visitor:
    """Open a page of the agreement."""
    visitor.visit(f"/agreements/{REFERENCE}{step}")
    return visitor


def stops_found(visitor: Visitor) -> int:
    """How many stops and searches of Essex a search finds now."""
    visitor.search("stop and search essex")
    return visitor.found()


def press(visitor: Visitor, name: str) -> None:
    visitor.page.get_by_role("button", name=name, exact=True).click()


def begin_draft(programme: Visitor) -> None:
    """Say what the agreement is, who the parties are, and on which functions."""
    page = programme.page
    programme.visit("/agreements/new")
    page.get_by_label("Reference").fill(REFERENCE)
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Form").select_option("section_22a")
    page.get_by_role("textbox", name="Purpose").fill("To stop county lines.")
    press(programme, "Begin the draft")
    for force in FORCES:
        page.get_by_label(force, exact=True).check()
    page.get_by_label("Crime recording", exact=True).first.check()
    press(programme, "Save and go on")


def agree_how_to_part(programme: Visitor) -> None:
    """Say when it is reviewed, who directs, who is liable, how one leaves and what that costs."""
    page = programme.page
    at(programme, "/edit/basics")
    review = page.get_by_role("group", name="When is it to be reviewed?")
    for part, text in (("Day", "1"), ("Month", "6"), ("Year", "2099")):
        review.get_by_label(part).fill(text)
    press(programme, "Save")
    at(programme, "/edit/terms")
    page.get_by_label("Direction and control").fill("Each officer’s own chief constable.")
    page.get_by_label("Liability").fill("Each body answers for its own people.")
    page.get_by_label("Notice").fill("12")
    page.get_by_label("How a party leaves").fill("It takes its own records with it.")
    page.get_by_label("What leaving costs").fill("Each bears its own costs.")
    press(programme, "Save and go on")


def share_stops(programme: Visitor) -> None:
    """Share stops and searches in full with those who work with records."""
    page = programme.page
    at(programme, "/edit/sharing")
    page.get_by_label("Stop and search", exact=True).check()
    page.get_by_label("The record in full").check()
    page.get_by_label("Lawful basis").fill("Data Protection Act 2018, section 35(2)(b)")
    page.get_by_label("Impact assessment").fill("DPIA EAST-STOPS-01")
    page.get_by_label("Joint controllers’ contact").fill("Telephone 01632 960100")
    press(programme, "Share these")


def ask_for_signatures(programme: Visitor) -> None:
    """Propose it to the six bodies that must sign."""
    at(programme, "/propose")
    programme.check_accessible()
    press(programme, "Ask everybody to sign")
    expect(programme.page.get_by_text("Not in force: 0 of 6 have signed")).to_be_visible()


def give_notice(programme: Visitor) -> None:
    """Give the agreed notice of a year."""
    at(programme, "/notice")
    programme.page.get_by_label("Why?").fill("The county lines have moved elsewhere.")
    programme.check_accessible()
    press(programme, "Give notice")
    expect(programme.page.get_by_text("In force until")).to_be_visible()


def sign(signatory: Visitor, reasons: str) -> None:
    """Read what would be signed, and sign it."""
    at(signatory, "/sign")
    signatory.page.get_by_label("Reasons").fill(reasons)
    signatory.page.get_by_label("I have read this text").check()
    press(signatory, "Sign")


def test_an_agreement_of_three_forces_opens_with_the_sixth_signature_and_closes_after_notice(
    new_visitor: NewVisitor, server: Server
) -> None:
    # given a Suffolk officer who finds no stop and search of Essex
    partner = new_visitor().sign_in("suffolk.officer")
    assert stops_found(partner) == 0
    # when Essex drafts an agreement of three forces, with gaps
    programme = new_visitor().sign_in("essex.programme", purpose=RUNNING)
    begin_draft(programme)
    missing = at(programme, "/edit").page.locator(".concordat-missing")
    expect(missing).to_contain_text("exit")
    programme.check_accessible()
    programme.picture("agreement-draft")
    # then it can't be proposed until it says how one leaves
    at(programme, "/propose")
    press(programme, "Ask everybody to sign")
    expect(programme.page.get_by_role("alert")).to_contain_text("exit")
    agree_how_to_part(programme)
    share_stops(programme)
    ask_for_signatures(programme)
    # when five of the six sign
    *five, last = SIGNATORIES
    for username in five:
        signatory = new_visitor().sign_in(username, purpose=RUNNING)
        sign(signatory, "It serves the people of our county.")
    expect(signatory.page.get_by_text("Not in force: 5 of 6 have signed")).to_be_visible()
    signatory.check_accessible()
    # then nothing is open, and everybody sees on whom it waits
    assert stops_found(partner) == 0
    partner.visit("/agreements/waiting")
    row = partner.page.get_by_role("row").filter(has_text=TITLE)
    expect(row).to_contain_text("Cambridgeshire")
    partner.check_accessible()
    # when the sixth finds it on their first page, and signs
    sixth = new_visitor().sign_in(last, purpose=RUNNING)
    expect(sixth.page.get_by_role("link", name=TITLE)).to_be_visible()
    at(sixth, "/sign")
    expect(sixth.page.get_by_text("What Cambridgeshire Constabulary would gain")).to_be_visible()
    sixth.check_accessible()
    sixth.picture("agreement-sign")
    sign(sixth, "The consultation supports it.")
    # then it is in force, and the officer's next search finds them
    expect(sixth.page.get_by_text("In force since")).to_be_visible()
    assert stops_found(partner) > 0
    # when Suffolk gives notice, all goes on until it has run
    suffolk = new_visitor().sign_in("suffolk.programme", purpose=RUNNING)
    give_notice(suffolk)
    assert stops_found(partner) > 0
    # then nothing is found any more
    let_time_pass(server.superuser_url(DATABASE), reference=REFERENCE, days=YEAR_AND_A_DAY)
    assert stops_found(partner) == 0
    expect(at(suffolk).page.get_by_text("Ended. Its last day was")).to_be_visible()


def test_a_commissioner_signs_without_javascript_and_loses_nothing_typed(
    new_visitor: NewVisitor,
) -> None:
    # given a browser without JavaScript, and a proposal that waits for three signatures
    plain = new_visitor(java_script_enabled=False).sign_in("essex.commissioner", purpose=RUNNING)
    # when the commissioner follows it from the first page and signs
    plain.visit("/")
    plain.page.get_by_role("link", name="joint firearms command").click()
    plain.page.get_by_label("Reasons").fill("Armed officers reach the coast in time.")
    press(plain, "Sign")
    # then what was not said is asked for, and nothing typed is lost
    expect(plain.page.get_by_role("alert")).to_contain_text("Say that you have read the text")
    expect(plain.page.get_by_label("Reasons")).to_have_value(
        "Armed officers reach the coast in time."
    )
    plain.page.get_by_label("I have read this text").check()
    press(plain, "Sign")
    expect(plain.page.get_by_text("It still waits for")).to_be_visible()
