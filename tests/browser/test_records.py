"""What was logged, as people meet it: read, corrected, supervised, watched, disclosed, printed."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from concordat.records.actions import log_event
from tests.browser.conftest import NewVisitor, Visitor
from tests.browser.records import (
    intelligence,
    logged,
    person_of,
    seized_knife,
    sighting,
    somebody,
    stop_and_search,
    theft,
    thing_of,
    worker,
)

pytestmark = pytest.mark.browser

PHONE = {"width": 400, "height": 800}
SECONDS = 2.0


def button(page: Page, name: str) -> None:
    """Press a button by its name."""
    page.get_by_role("button", name=name, exact=True).click()


def go(page: Page, name: str) -> None:
    """Follow a link, or what looks like a button and is one."""
    page.get_by_role("button", name=name, exact=True).or_(
        page.get_by_role("link", name=name, exact=True)
    ).first.click()


def test_a_logged_event_says_who_was_in_it_as_what_and_how_sure_that_is(visitor: Visitor) -> None:
    # given a theft that Essex logged, with a suspect whom a neighbour named
    event = logged("essex.officer", theft(mark="EX26 AAA"))
    # when an officer of Kent, whom an agreement shows it, opens it
    visitor.sign_in("kent.officer")
    visitor.visit(f"/events/{event.id}")
    main = visitor.page.locator("main")
    # then it says what, where and how it stands, without a code
    expect(main).to_contain_text("A car was taken from a drive overnight.")
    expect(main).to_contain_text("Ropewalk")
    expect(main).to_contain_text("Not yet assigned")
    # and who was in it, as what, in which category of the law, and fact from assessment
    suspect = main.get_by_role("listitem").filter(has_text="Ezra Marlspike")
    expect(suspect).to_contain_text("Suspected of an offence")
    expect(suspect).to_contain_text("Assessment. Named by a neighbour.")
    witness = main.get_by_role("listitem").filter(has_text="Łukasz Wałęsa-Thornapple").first
    expect(witness).to_contain_text("Victim")
    expect(witness).to_contain_text("Fact.")
    # and nobody of another force can change it
    expect(main.get_by_text("Correct or add to it")).to_have_count(0)
    assert visitor.page.goto(f"{visitor.address}/events/{event.id}/edit").status == 403  # type: ignore[union-attr]


def test_a_stolen_car_says_so_before_all_else_and_shows_what_others_know_of_it(
    visitor: Visitor,
) -> None:
    # given a car that Essex logged as stolen, and Kent saw
    event = logged("essex.officer", theft(mark="EX26 BBB"))
    logged("kent.officer", sighting("EX26BBB"))
    # when somebody opens the car
    visitor.sign_in("essex.officer")
    visitor.visit(f"/things/{thing_of(event)}")
    main = visitor.page.locator("main")
    text = main.inner_text()
    # then that it is stolen comes before its make and colour
    assert text.index("Stolen") < text.index("Colour")
    # and the sighting of Kent is on its timeline, and Kent's record beside it
    expect(main.locator(".concordat-timeline")).to_contain_text("Kent Police")
    expect(main.get_by_role("row").filter(has_text="Kent Police")).to_contain_text("EX26")
    assert visitor.console == []


def test_a_weapon_keeps_every_hand_it_went_through(visitor: Visitor) -> None:
    # given a knife that was seized
    event = logged("essex.officer", seized_knife())
    visitor.sign_in("essex.officer")
    visitor.visit(f"/things/{thing_of(event)}")
    page = visitor.page
    # when it is handed on twice
    for who, where in (("Store, Sam Keeper 12", "Harwich store"), ("Laboratory", "Chelmsford")):
        go(page, "Hand it on")
        page.get_by_label("Who has it now?").fill(who)
        page.get_by_label("Where is it?").fill(where)
        page.get_by_label("Seal").fill("S-4711")
        button(page, "Add this step")
    # then both steps are there, and the second says from whom
    rows = page.get_by_role("row").filter(has_text="Laboratory")
    expect(rows.first).to_contain_text("Store, Sam Keeper 12")
    expect(rows.first).to_contain_text("S-4711")


def test_two_who_correct_different_things_at_once_both_find_their_words(
    new_visitor: NewVisitor,
) -> None:
    # given two officers of Essex with the same event open for correction
    event = logged("essex.officer", theft(mark="EX26 CCC"))
    first, second = new_visitor().sign_in("essex.officer"), new_visitor().sign_in("essex.control")
    for one in (first, second):
        one.visit(f"/events/{event.id}/edit")
    # when each changes another field and saves
    first.page.get_by_label("What happened").fill("A red car was taken from a drive.")
    button(first.page, "Save")
    second.page.get_by_label("How it was done").fill("A wire through the letter box, with a hook.")
    button(second.page, "Save")
    # then both changes are there
    main = second.page.locator("main")
    expect(main).to_contain_text("A red car was taken from a drive.")
    expect(main).to_contain_text("A wire through the letter box, with a hook.")


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without"])
def test_two_who_write_the_same_field_at_once_lose_no_word(
    new_visitor: NewVisitor, javascript: bool
) -> None:
    # given two officers with the same event open for correction
    event = logged("essex.officer", theft(mark="EX26 DDD"))
    first = new_visitor().sign_in("essex.officer")
    second = new_visitor(java_script_enabled=javascript).sign_in("essex.control")
    for one in (first, second):
        one.visit(f"/events/{event.id}/edit")
    # when both write what happened, and one also how
    first.page.get_by_label("What happened").fill("Taken by two men.")
    button(first.page, "Save")
    second.page.get_by_label("What happened").fill("Taken before dawn.")
    second.page.get_by_label("How it was done").fill("With a wire through the letter box.")
    button(second.page, "Save")
    # then the second is shown what it said, what the other wrote and what they wrote
    page = second.page
    assert second.heading() == "Somebody else changed this too"
    if javascript:  # what looks for violations is itself JavaScript
        second.check_accessible()
    for words in ("overnight", "Taken by two men.", "Taken before dawn."):
        expect(page.locator("main")).to_contain_text(words)
    # and nothing of the first was overwritten meanwhile
    first.visit(f"/events/{event.id}")
    expect(first.page.locator("main")).to_contain_text("Taken by two men.")
    # when they choose to keep both
    page.get_by_label("Something else, or both").check()
    page.get_by_label("as it shall read").fill("Taken by two men before dawn.")
    button(page, "Save the whole")
    # then that stands, with the other field, and the history names who wrote what
    main = page.locator("main")
    expect(main).to_contain_text("Taken by two men before dawn.")
    expect(main).to_contain_text("With a wire through the letter box.")
    expect(main.get_by_text(re.compile("by Asha Pennyfeather"))).not_to_have_count(0)


def test_what_touches_a_watched_car_is_in_the_inbox_within_two_seconds(
    new_visitor: NewVisitor,
) -> None:
    # given an Essex officer who watches a stolen car, with the inbox open
    event = logged("essex.officer", theft(mark="EX26 EEE"))
    essex = new_visitor().sign_in("essex.officer")
    essex.visit(f"/things/{thing_of(event)}")
    go(essex.page, "Watch")
    essex.page.get_by_label("Why do you watch it?").fill("Stolen last night")
    button(essex.page, "Watch")
    expect(essex.page.get_by_text("You watch this until")).to_be_visible()
    essex.visit("/inbox")
    before = essex.page.locator("#alerts li").count()
    kent = somebody("kent.officer")
    with worker():
        # and the worker has begun: what waited before is delivered
        log_event(kent, report=sighting("EX26 EEE"))
        alerts = essex.page.locator("#alerts li")
        expect(alerts).to_have_count(before + 1, timeout=60_000)
        # when Kent logs that it saw the car
        began = time.monotonic()
        log_event(kent, report=sighting("EX26 EEE", activity="Parked at the harbour"))
        # then Essex reads of it on the page that stands open
        expect(alerts).to_have_count(before + 2, timeout=10_000)
        took = time.monotonic() - began
    assert took <= SECONDS, f"it took {took:.2f} s"
    alert = alerts.first
    expect(alert).to_contain_text("Kent Police")
    expect(alert).to_contain_text("Stolen last night")
    # and opens it, and then less is new
    new = int(essex.page.locator(".concordat-inbox-link__count").inner_text().split()[0])
    alert.get_by_role("link").click()
    expect(essex.page.locator("main")).to_contain_text("Passed the camera.")
    essex.visit("/inbox")
    expect(essex.page.locator(".concordat-inbox__new")).to_have_count(new - 1)
    # and ends the watch
    essex.visit("/watches")
    essex.page.get_by_role("button", name=re.compile("^End the watch|^End")).first.click()
    expect(essex.page.get_by_text("The watch has ended.")).to_be_visible()


def test_a_supervisor_sends_back_and_approves_what_was_corrected(new_visitor: NewVisitor) -> None:
    # given an event that an officer logged
    event = logged("essex.officer", theft(mark="EX26 FFF"))
    boss = new_visitor().sign_in("essex.supervisor")
    boss.visit("/work")
    # when the supervisor opens it from the queue and sends it back
    boss.page.get_by_role("link", name=event.reference).click()
    expect(boss.page.locator("main")).to_contain_text("What is missing")
    boss.page.locator("summary").filter(has_text="Send it back").click()
    boss.page.get_by_label("What is missing or wrong?").fill("Which door was it?")
    button(boss.page, "Send back")
    expect(boss.page.get_by_role("link", name=event.reference)).to_have_count(0)
    # then the officer finds it in the inbox, with the note, and corrects it
    officer = new_visitor().sign_in("essex.officer")
    officer.visit("/inbox")
    line = officer.page.locator(".concordat-inbox li").filter(has_text=event.reference)
    expect(line).to_contain_text("Which door was it?")
    line.get_by_role("link").click()
    officer.page.get_by_role("link", name="Correct it").click()
    officer.page.get_by_label("Notes").fill("The front door.")
    button(officer.page, "Save")
    # and it waits for the supervisor again, who approves it
    boss.visit("/work")
    boss.page.get_by_role("link", name=event.reference).click()
    expect(boss.page.locator("main")).to_contain_text("Which door was it?")
    button(boss.page, "Approve")
    boss.visit(f"/events/{event.id}")
    expect(boss.page.locator("main")).to_contain_text("Approved")


def test_an_event_over_the_border_is_transferred_and_both_ends_stay_linked(
    new_visitor: NewVisitor,
) -> None:
    # given an event of Essex that belongs to Kent
    event = logged("essex.officer", theft(mark="EX26 GGG"))
    boss = new_visitor().sign_in("essex.supervisor")
    boss.visit(f"/events/{event.id}")
    # when Essex offers it
    go(boss.page, "Transfer to another force")
    boss.page.get_by_label("Which force does it belong to?").select_option(label="Kent Police")
    boss.page.get_by_label("Why does it belong to them?").fill("The drive lies in Dartford.")
    button(boss.page, "Offer it")
    # then Kent finds the offer in its inbox and accepts it
    kent = new_visitor().sign_in("kent.supervisor")
    kent.visit("/inbox")
    kent.page.get_by_role("link", name=event.reference).click()
    expect(kent.page.locator("main")).to_contain_text("The drive lies in Dartford.")
    kent.check_accessible()
    button(kent.page, "Accept: it becomes ours")
    expect(kent.page.get_by_text("Accepted. It is yours now")).to_be_visible()
    reference = kent.page.locator(".govuk-caption-l").inner_text().split()[-1]
    # and each names the other
    expect(kent.page.locator("main")).to_contain_text(event.reference)
    boss.visit(f"/events/{event.id}")
    expect(boss.page.locator("main")).to_contain_text(reference)


def test_a_recalled_disclosure_is_acknowledged_and_can_be_read_no_more(
    new_visitor: NewVisitor,
) -> None:
    # given a report under conditions that Essex disclosed to Kent
    report = logged("essex.intelligence", intelligence())
    essex = new_visitor().sign_in("essex.intelligence")
    essex.visit(f"/events/{report.id}")
    go(essex.page, "Disclose")
    essex.page.get_by_label("Who receives it?").select_option(label="Kent Police")
    essex.page.get_by_label("What for?").fill("Operation Lantern")
    essex.page.get_by_label("How good is the information?").fill("From one source, a week old.")
    essex.check_accessible()
    button(essex.page, "Disclose")
    # when Kent reads it
    kent = new_visitor().sign_in("kent.supervisor")
    kent.visit("/disclosures")
    kent.page.get_by_role("link", name=report.reference).click()
    expect(kent.page.locator("main")).to_contain_text("Plates are made and sold at a yard")
    expect(kent.page.locator("main")).not_to_contain_text("The source saw")
    # and Essex recalls it
    essex.visit(f"/events/{report.id}")
    essex.page.get_by_role("row").filter(has_text="Kent Police").get_by_role("link").click()
    go(essex.page, "Recall it")
    essex.page.get_by_label("Why is it recalled?").fill("The wrong yard.")
    button(essex.page, "Recall it")
    expect(essex.page.locator("main")).to_contain_text("not acknowledged yet")
    # then it is first in Kent's inbox, can't be read, and is acknowledged
    kent.visit("/inbox")
    kent.page.get_by_role("link", name=report.reference).click()
    expect(kent.page.locator("main")).to_contain_text("Recalled: it must not be used")
    expect(kent.page.locator("main")).not_to_contain_text("Plates are made and sold")
    button(kent.page, "We no longer use it")
    essex.page.reload()
    expect(essex.page.locator("main")).to_contain_text("acknowledged by")


def test_a_print_carries_the_marking_and_the_entry_of_its_disclosure(
    new_visitor: NewVisitor,
) -> None:
    # given an event with a name that not every font can write
    event = logged("essex.officer", theft(mark="EX26 HHH"))
    officer = new_visitor().sign_in("essex.officer")
    officer.visit(f"/events/{event.id}")
    page = officer.page
    page.get_by_label("Who is it for?").fill("Duty solicitor")
    # when they take the print view
    button(page, "Print view")
    sheet = page.locator(".concordat-sheet")
    # then it carries the marking, the names, for whom, and the number of the entry
    expect(sheet).to_contain_text("OFFICIAL")
    expect(sheet).to_contain_text("Łukasz Wałęsa-Thornapple")
    expect(sheet).to_contain_text("Duty solicitor")
    entry = re.search(r"Disclosure (\S+) in the journal", sheet.inner_text())
    assert entry
    officer.check_accessible()
    # when they take the PDF
    officer.visit(f"/events/{event.id}")
    with page.expect_download() as download:
        button(page, "PDF")
    assert download.value.suggested_filename.endswith(".pdf")
    assert download.value.path().read_bytes().startswith(b"%PDF")
    # then the auditor finds both as disclosures, and for whom
    auditor = new_visitor().sign_in("essex.auditor", purpose="Audit")
    auditor.visit(f"/records/{event.id}/looked")
    expect(auditor.page.get_by_text(re.compile("Printed|Took"))).not_to_have_count(0)


def test_whoever_was_searched_gets_a_receipt_that_tells_their_rights(visitor: Visitor) -> None:
    event = logged("essex.officer", stop_and_search())
    visitor.sign_in("essex.officer")
    visitor.visit(f"/events/{event.id}")
    button(visitor.page, "Receipt for whoever was searched")
    sheet = visitor.page.locator(".concordat-sheet")
    for told in ("Jory Pettifer-Bright", "Stolen goods", "bolt cutters", "Your rights", "Asha"):
        expect(sheet).to_contain_text(told)
    visitor.check_accessible()


def test_a_warning_stands_first_and_is_ended_with_a_reason(visitor: Visitor) -> None:
    # given somebody whom Essex logged
    event = logged("essex.officer", theft(mark="EX26 JJJ"))
    visitor.sign_in("essex.officer")
    visitor.visit(f"/person/{person_of(event)}")
    page = visitor.page
    # when an officer warns of them
    go(page, "Add a warning")
    page.get_by_label("Warning", exact=True).select_option(label="Weapons")
    page.get_by_label("What is the evidence?").fill("Threatened an officer with a knife.")
    for name, day in (("Since when?", ("1", "11", "2026")), ("reviewed", ("1", "11", "2027"))):
        group = page.get_by_role("group", name=re.compile(name))
        for label, text in zip(("Day", "Month", "Year"), day, strict=True):
            group.get_by_label(label).fill(text)
    button(page, "Add this warning")
    # then it stands first
    text = page.locator("main").inner_text()
    assert text.index("Weapons") < text.index("Born")
    # when it ends
    page.get_by_role("link", name=re.compile("End the warning")).click()
    page.get_by_label("Why?").fill("It was somebody else.")
    button(page, "End it")
    expect(page.get_by_text("No warning about this person")).to_be_visible()


def test_two_records_are_linked_and_the_link_is_ended(visitor: Visitor) -> None:
    # given somebody, and a car that they are said to drive
    event = logged("essex.officer", theft(mark="EX26 KKK"))
    visitor.sign_in("essex.officer")
    visitor.visit(f"/person/{person_of(event, 'p2')}")
    page = visitor.page
    # when an officer links them
    page.get_by_role("link", name="Add a link").click()
    page.get_by_label("What is it?").select_option(label="Vehicle")
    page.get_by_label("What is known of it?").fill("EX26 KKK")
    button(page, "Find it")
    page.get_by_label(re.compile("EX26")).first.check()
    page.get_by_label("How are they linked?").select_option(label="drives")
    page.get_by_label("Who says so?").fill("His neighbour")
    visitor.check_accessible()
    button(page, "Add this link")
    # then it stands with who says so
    link = page.locator(".concordat-result").filter(has_text="drives")
    expect(link).to_contain_text("His neighbour")
    # when it is ended
    link.get_by_role("link", name=re.compile("End this link")).click()
    page.get_by_label("Why?").fill("The car was sold.")
    button(page, "End it")
    expect(page.locator(".concordat-result").filter(has_text="drives")).to_contain_text("Ended")


def test_the_standard_can_be_read_by_an_administrator(visitor: Visitor) -> None:
    visitor.sign_in("essex.admin", purpose="Running the service")
    visitor.page.get_by_role("link", name="Standards").click()
    crime = visitor.page.locator("section#crime")
    expect(crime).to_contain_text("Suspect, offender or arrested")
    expect(crime).to_contain_text("wanted by the Home Office")


@pytest.fixture(scope="module")
def world(address: str) -> dict[str, str]:  # noqa: ARG001 (it needs the service's database)
    """Return a page of each kind, by name, with events and things to show on it."""
    event = logged("essex.officer", theft(mark="EX26 LLL"))
    search = logged("essex.officer", stop_and_search())
    knife = logged("essex.officer", seized_knife())
    report = logged("essex.intelligence", intelligence())
    return {
        "logged event": f"/events/{event.id}",
        "logged stop and search": f"/events/{search.id}",
        "intelligence": f"/events/{report.id}",
        "vehicle": f"/things/{thing_of(event)}",
        "weapon": f"/things/{thing_of(knife)}",
        "person in an event": f"/person/{person_of(event)}",
        "event to correct": f"/events/{event.id}/edit",
        "thing to correct": f"/things/{thing_of(event)}/edit",
        "person to correct": f"/person/{person_of(event)}/edit",
        "custody": f"/things/{thing_of(knife)}/custody",
        "review": f"/events/{event.id}/review",
        "transfer": f"/events/{event.id}/transfer",
        "disclose": f"/events/{report.id}/disclose",
        "warning": f"/person/{person_of(event)}/warnings",
        "link": f"/links/vehicle/{thing_of(event)}?of=person&q=Ezra+Marlspike",
        "watch": f"/watch/vehicle/{thing_of(event)}",
        "work": "/work",
        "inbox": "/inbox",
        "watches": "/watches",
        "disclosures": "/disclosures",
        "standards": "/standards",
    }


PAGES = {
    **dict.fromkeys(
        (
            *("logged event", "logged stop and search", "vehicle", "weapon"),
            *("person in an event", "event to correct", "thing to correct", "person to correct"),
            *("custody", "warning", "link", "watch", "inbox", "watches", "disclosures"),
        ),
        "essex.officer",
    ),
    **dict.fromkeys(("review", "transfer", "work"), "essex.supervisor"),
    **dict.fromkeys(("intelligence", "disclose"), "essex.intelligence"),
    "standards": "essex.admin",
}


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_records_is_accessible_and_fits(
    new_visitor: NewVisitor,
    world: dict[str, str],
    name: str,
    viewport: dict[str, int] | None,
) -> None:
    visitor = new_visitor(**({"viewport": viewport} if viewport else {})).sign_in(PAGES[name])

    visitor.visit(world[name])

    visitor.check_accessible()
    assert visitor.console == []
    width = visitor.page.evaluate("document.documentElement.scrollWidth")
    assert width <= visitor.page.evaluate("window.innerWidth"), "the page scrolls sideways"
    assert visitor.heading()
