"""The stories of docs/walkthrough.md, followed page by page as it tells them, with its pictures."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewVisitor, Visitor

pytestmark = pytest.mark.browser

SAFEGUARDING = "Protecting people at risk"
INTELLIGENCE = "Developing intelligence"


def open_person(visitor: Visitor, text: str) -> None:
    """Search for a person and open who answers best."""
    visitor.search(text)
    visitor.page.locator(".concordat-people a").first.click()


def open_thing(visitor: Visitor, text: str, force: str) -> None:
    """Search for a thing by what is on it and open the first record that a force has of it."""
    visitor.search(text)
    found = visitor.page.get_by_role("listitem").filter(has_text=force)
    found.locator("a[href*='/things/']").first.click()


def open_happening(visitor: Visitor, title: str, force: str) -> None:
    """Open an event of a force from the timeline of the page."""
    events = visitor.page.locator(".concordat-timeline li").filter(has_text=force)
    events.get_by_role("link", name=title, exact=True).first.click()


def happened(visitor: Visitor, *words: str) -> bool:
    """Whether an entry of the page's timeline says all of these words."""
    entries = visitor.page.locator(".concordat-timeline li").all_inner_texts()
    return any(all(word in entry for word in words) for entry in entries)


def picture_of(visitor: Visitor, heading: str, name: str) -> None:
    """Take a picture of the page from one of its headings, or captions, on."""
    top = visitor.page.locator("main").get_by_text(heading, exact=True).first
    top.evaluate("element => element.scrollIntoView()")
    visitor.picture(name)


def test_the_burglar_is_found_on_both_sides_of_the_thames(visitor: Visitor) -> None:
    visitor.sign_in("essex.officer")
    open_person(visitor, "barney thistlewik")
    visitor.picture("walkthrough-burglar")
    # one page: the burglaries of both forces, and what Kent’s officers did at Dover
    assert happened(visitor, "Essex Police", "Burglary", "suspect")
    assert happened(visitor, "Kent Police", "Burglary", "suspect")
    assert happened(visitor, "Kent Police", "Arrest", "arrested", "Dover")
    open_happening(visitor, "Burglary", "Essex Police")
    visitor.picture("walkthrough-burglary")
    main = visitor.page.locator("main")
    expect(main).to_contain_text("A neighbour recognised him at about thirty metres.")
    expect(main).to_contain_text("is of one series with")
    open_thing(visitor, "TF-20417", "Essex Police")
    visitor.picture("walkthrough-clock")
    assert happened(visitor, "Kent Police", "recovered")
    assert visitor.console == []


def test_the_search_at_dover_has_a_receipt(visitor: Visitor) -> None:
    visitor.sign_in("kent.officer")
    open_person(visitor, "barney thistlewik 5/3/1987")
    open_happening(visitor, "Stop and search: stolen goods", "Kent Police")
    visitor.page.get_by_role("button", name="Receipt").or_(
        visitor.page.get_by_role("link", name="Receipt")
    ).first.click()
    visitor.picture("walkthrough-receipt")

    expect(visitor.page.locator("main")).to_contain_text("You were stopped and searched")


def test_the_father_is_not_his_son(visitor: Visitor) -> None:
    visitor.sign_in("essex.officer")
    open_person(visitor, "barnaby george thistlewick 30/11/1959")
    picture_of(visitor, "What happened", "walkthrough-father")

    assert not happened(visitor, "Burglary")
    assert happened(visitor, "victim")
    expect(visitor.page.locator("main")).to_contain_text("is a parent of")
    expect(visitor.page.locator("main")).to_contain_text("Officers have met both.")


def test_the_cloned_plates_lead_to_the_stolen_car(visitor: Visitor) -> None:
    visitor.sign_in("suffolk.officer")
    visitor.search("UJ23 W?R")
    visitor.picture("walkthrough-half-a-mark")
    expect(visitor.page.locator("main")).to_contain_text("Norfolk Constabulary")
    open_thing(visitor, "UJ23 WHR", "Essex Police")
    picture_of(visitor, "What happened", "walkthrough-car")
    for force in ("Essex", "Kent", "Cambridgeshire", "Hertfordshire"):
        assert happened(visitor, force)
    open_thing(visitor, "TU70 FEN", "Suffolk Constabulary")
    visitor.picture("walkthrough-stolen-car")
    assert happened(visitor, "Kent Police", "recovered")


def test_the_pistol_is_followed_from_essex_to_norfolk(new_visitor: NewVisitor) -> None:
    essex = new_visitor().sign_in("essex.officer")
    open_thing(essex, "CD-58213-X", "Essex Police")
    essex.picture("walkthrough-pistol")
    assert happened(essex, "Norfolk Constabulary", "seized")
    assert happened(essex, "Essex Police", "used")

    norfolk = new_visitor().sign_in("norfolk.officer")
    open_thing(norfolk, "CD-58213-X", "Norfolk Constabulary")
    picture_of(norfolk, "Chain of custody", "walkthrough-custody")
    open_happening(norfolk, "Robbery", "Essex Police")
    expect(norfolk.page.locator("main")).to_contain_text("A record that is not shared with you")
    norfolk.search("lucan brackwater 9/3/1994")
    norfolk.picture("walkthrough-pointer")
    expect(norfolk.page.locator("main")).to_contain_text("01632 960100")

    watcher = new_visitor().sign_in("norfolk.intelligence", INTELLIGENCE)
    watcher.visit("/inbox")
    watcher.picture("walkthrough-inbox")
    expect(watcher.page.locator("main")).to_contain_text("Operation Bittern")
    expect(watcher.page.locator("main")).to_contain_text("must not be used any more")


def test_suffolk_reads_what_essex_disclosed_and_no_more(visitor: Visitor) -> None:
    visitor.sign_in("suffolk.intelligence", INTELLIGENCE)
    visitor.visit("/disclosures")
    visitor.page.locator("main a[href*='/disclosures/']").first.click()
    visitor.picture("walkthrough-disclosure")

    main = visitor.page.locator("main")
    expect(main).to_contain_text("believed to be for sale in Lowestoft")
    expect(main).to_contain_text("S2: not to be sanitised or shared unless its originator agrees")
    expect(main).not_to_contain_text("four hundred pounds")


def test_the_victim_is_found_to_be_a_witness_elsewhere(visitor: Visitor) -> None:
    visitor.sign_in("cambridgeshire.officer", SAFEGUARDING)
    open_person(visitor, "perpetua lindenwood")
    visitor.picture("walkthrough-victim")

    assert happened(visitor, "Suffolk Constabulary", "witness")
    assert happened(visitor, "Cambridgeshire Constabulary", "victim")


def test_the_missing_child_was_seen_by_another_force(visitor: Visitor) -> None:
    visitor.sign_in("bedfordshire.officer", SAFEGUARDING)
    visitor.visit("/inbox")
    expect(visitor.page.locator("main")).to_contain_text("Missing, high risk: tell me at once")
    open_person(visitor, "juniper applestrand")
    visitor.picture("walkthrough-child")
    open_happening(visitor, "Sighting", "Hertfordshire Constabulary")

    expect(visitor.page.locator("main")).to_contain_text("A girl in a yellow raincoat")


def test_there_is_something_on_every_desk(new_visitor: NewVisitor) -> None:
    officer = new_visitor().sign_in("essex.officer")
    officer.visit("/inbox")
    officer.picture("walkthrough-sent-back")
    expect(officer.page.locator("main")).to_contain_text("Then 18 is too early.")
    officer.visit("/")
    officer.page.get_by_role("link", name="Bicycle taken").click()
    officer.picture("walkthrough-draft")
    expect(officer.page.locator("main")).to_contain_text("gaps")

    supervisor = new_visitor().sign_in("essex.supervisor")
    supervisor.visit("/work")
    supervisor.picture("walkthrough-work")
    expect(supervisor.page.locator("main")).to_contain_text("Shoplifting")
    offered = supervisor.page.get_by_role("row").filter(has_text="It happened in Harlow")
    offered.get_by_role("link").first.click()
    supervisor.picture("walkthrough-transfer")
    expect(supervisor.page.locator("main")).to_contain_text("Does it belong to you?")
