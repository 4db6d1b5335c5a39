"""What people come for, from signing in to finding out who looked."""

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import expect

from concordat.server.demo.staff import password
from tests.browser.conftest import NewVisitor, Visitor

pytestmark = pytest.mark.browser


def test_an_officer_finds_an_event_of_another_force_and_learns_why(visitor: Visitor) -> None:
    # given an Essex officer
    visitor.sign_in("essex.officer")
    # when they search what Kent recorded
    visitor.search("burglary kent")
    # then they see how it was read, and the events of Kent
    expect(visitor.page.get_by_text("Kent", exact=True).first).to_be_visible()
    assert visitor.found() > 0
    # when they open one
    visitor.page.locator(".concordat-results a").first.click()
    # then it says under which agreement they may see it
    assert visitor.heading() == "Burglary"
    expect(visitor.page.get_by_role("link", name="ESSEX-KENT-01")).to_be_visible()
    assert visitor.console == []


def test_the_owner_s_auditor_sees_who_of_another_force_looked(new_visitor: NewVisitor) -> None:
    # given a Kent officer who opened an event of Essex
    kent = new_visitor().sign_in("kent.officer")
    kent.search("robbery essex")
    kent.page.locator(".concordat-results a").first.click()
    event = kent.page.url.rsplit("/", 1)[1]
    # when the auditor of Essex asks who looked at it
    auditor = new_visitor().sign_in("essex.auditor", purpose="Audit")
    auditor.visit(f"/records/{event}/looked")
    # then the officer is named with their force and purpose
    row = auditor.page.get_by_role("row").filter(has_text="Jack Hopgarden").first
    expect(row).to_contain_text("Kent Police")
    expect(row).to_contain_text("Investigating crime")


def test_ending_an_agreement_hides_the_records_on_the_next_request(
    new_visitor: NewVisitor,
) -> None:
    # given stop and searches of Bedfordshire, which only one agreement shows to Hertfordshire
    officer = new_visitor().sign_in("hertfordshire.officer")
    officer.search("stop and search bedfordshire")
    assert officer.found() > 0
    officer.page.locator(".concordat-results a").first.click()
    assert officer.heading()
    # when the programme team of Hertfordshire ends it
    programme = new_visitor().sign_in("hertfordshire.programme", purpose="Running the service")
    programme.visit("/agreements/BCH-01/end")
    programme.page.get_by_role("button", name="End this agreement").click()
    # then the officer's next request finds nothing, and the open page is gone
    officer.page.reload()
    assert "not" in officer.heading().lower()
    officer.search("stop and search bedfordshire")
    assert officer.found() == 0
    # and what another agreement shares stays open
    officer.search("burglary bedfordshire")
    assert officer.found() > 0


def test_a_pointer_tells_who_holds_a_record_and_nothing_else(new_visitor: NewVisitor) -> None:
    # given a stop and search of Norfolk, shared with Suffolk by pointer only
    norfolk = new_visitor().sign_in("norfolk.officer")
    norfolk.search("stop and search norfolk")
    norfolk.page.locator(".concordat-results a").first.click()
    reference = norfolk.page.locator("dt:has-text('Reference') + dd").inner_text()
    event = norfolk.page.url
    # when a Suffolk officer searches for its exact reference
    suffolk = new_visitor().sign_in("suffolk.officer")
    suffolk.search(reference)
    # then they learn that Norfolk holds it and whom to ask, but cannot open it
    holds = suffolk.page.get_by_text("Norfolk Constabulary holds a record with this reference")
    expect(holds).to_be_visible()
    expect(suffolk.page.get_by_text("01632 960100")).to_be_visible()
    assert suffolk.found() == 0
    assert suffolk.page.goto(event).status == 404  # type: ignore[union-attr]


def test_the_whole_way_can_be_gone_by_keyboard_alone(visitor: Visitor) -> None:
    page = visitor.page
    # given somebody who never touches the mouse
    visitor.visit("/sign-in")
    page.get_by_label("Username").focus()
    page.keyboard.type("essex.officer")
    page.keyboard.press("Tab")
    page.keyboard.type(password())
    page.get_by_label("Investigating crime", exact=True).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    # then the search box has the focus when they are in
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("shoplifting")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search*")
    assert visitor.found() > 0
    # when they tab to the first result and open it
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.concordat-results') !== null"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/events/*")
    assert visitor.heading() == "Shoplifting"


def test_everything_works_without_javascript(new_visitor: NewVisitor) -> None:
    # given a browser without JavaScript
    visitor = new_visitor(java_script_enabled=False).sign_in("essex.officer")
    # when somebody searches, narrows by a force, and turns the page
    visitor.search("violence")
    everything = visitor.found()
    visitor.page.locator(".concordat-facets a").filter(has_text="Kent Police").first.click()
    kent = visitor.found()
    assert 0 < kent < everything
    visitor.page.get_by_role("link", name="Next").click()
    assert "page=2" in visitor.page.url
    # then an event opens
    visitor.page.locator(".concordat-results a").first.click()
    assert "/events/" in visitor.page.url
    # and signing out works
    visitor.page.get_by_role("button", name="Sign out").click()
    assert visitor.page.url.endswith("/sign-in")


def test_an_export_holds_every_result_and_says_that_it_is_a_disclosure(visitor: Visitor) -> None:
    visitor.sign_in("essex.officer")
    visitor.search("bicycle theft essex")
    found = visitor.found()
    assert visitor.page.get_by_text("this is a disclosure").is_visible()

    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("button", name="Export").click()

    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(text)))) == found


def test_a_wrong_password_says_so_without_saying_which_half_was_wrong(visitor: Visitor) -> None:
    for username in ("essex.control", "nobody.at.all"):
        visitor.visit("/sign-in")
        visitor.page.get_by_label("Username").fill(username)
        visitor.page.get_by_label("Password", exact=True).fill("not the password")
        visitor.page.get_by_label("Investigating crime", exact=True).check()
        visitor.page.get_by_role("button", name="Sign in").click()
        expect(visitor.page.get_by_role("alert")).to_contain_text("don’t go together")


def test_after_signing_in_one_is_where_one_wanted_to_be(visitor: Visitor) -> None:
    visitor.visit("/forces/norfolk")
    assert "/sign-in" in visitor.page.url
    visitor.page.get_by_label("Username").fill("essex.officer")
    visitor.page.get_by_label("Password", exact=True).fill(password())
    visitor.page.get_by_label("Investigating crime", exact=True).check()
    visitor.page.get_by_role("button", name="Sign in").click()

    assert visitor.page.url.endswith("/forces/norfolk")
    assert visitor.heading() == "Norfolk Constabulary"


def test_another_purpose_changes_what_is_shared(visitor: Visitor) -> None:
    visitor.sign_in("suffolk.officer")
    visitor.search("burglary norfolk")
    assert visitor.found() > 0

    visitor.visit("/purpose")
    visitor.page.get_by_label("Checking data quality", exact=True).check()
    visitor.page.locator("main").get_by_role("button").click()
    visitor.search("burglary norfolk")

    assert visitor.found() == 0
