"""Log once: one line, what is known confirmed by keyboard, and never a word lost."""

import re

import pytest
from playwright.sync_api import Page, expect

from concordat.access.rules import RecordKind
from concordat.base.actor import Actor, Purpose
from concordat.base.clock import today
from concordat.organisations.queries import actor_of, person_summary
from concordat.records.actions import log_event
from concordat.records.rules.reports import Participant, Report, Thing, Where
from tests.browser.conftest import NewVisitor, Visitor
from tests.browser.services import service_of_its_own

pytestmark = pytest.mark.browser

MARK = "KX12 NLZ"
LINE = (
    "Theft of a phone from Wilhelmina Quillstone b 4/4/1950 by Barnaby Thistlewick b 3/5/87 "
    f"in {MARK} at 9 Candlewick Green CO99 7ZZ yesterday 22:15"
)
MOST_INTERACTIONS = 12


class Hands:
    """Somebody at a keyboard, who counts: each field typed into, and every single key besides.

    Tab counts like any other key. Letters and figures of one field count as one together.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self.done: list[str] = []

    def type(self, text: str) -> None:
        """Type a text into the field that has the focus."""
        self.done.append(f"typed “{text}”")
        self._page.keyboard.type(text)

    def press(self, key: str) -> None:
        """Press one key."""
        self.done.append(key)
        self._page.keyboard.press(key)

    def press_for_page(self, key: str) -> None:
        """Press one key, upon which a page comes."""
        with self._page.expect_navigation():
            self.press(key)

    def access_key(self, visitor: Visitor, key: str) -> None:
        """Press one key together with Alt, upon which a page comes."""
        self.done.append(f"Alt+{key}")
        with self._page.expect_navigation():
            visitor.access_key(key)


@pytest.fixture(scope="module")
def known(address: str) -> None:
    """What Kent has logged before: a car, its keeper, and where both were seen."""
    assert address
    log_event(
        officer("kent.officer"),
        report=Report(
            kind=RecordKind.SIGHTING,
            fields={"summary": "Parked outside", "occurred_date": today().isoformat()},
            participants=(
                Participant(
                    key="p1",
                    roles=("witness",),
                    fields={
                        "given_names": "Wilhelmina",
                        "surname": "Quillstone",
                        "date_of_birth": "4 April 1950",
                        "gender": "Female",
                        "postcode": "CO99 7ZZ",
                    },
                ),
            ),
            things=(
                Thing(
                    key="t1",
                    kind=RecordKind.VEHICLE,
                    uses=("seen",),
                    fields={"mark": MARK, "make": "Ford", "model": "Fiesta", "colour": "Red"},
                ),
            ),
            places=(
                Where(
                    key="w1",
                    fields={"house": "9", "street": "Candlewick Green", "postcode": "CO99 7ZZ"},
                ),
            ),
        ),
    )


def officer(username: str) -> Actor:
    """Return somebody of the sample world as they are signed in."""
    actor = actor_of(person_summary(username).id, purpose=Purpose.INVESTIGATION)
    assert actor
    return actor


def start_crime(visitor: Visitor) -> str:
    """Start a draft by picking a kind; its path."""
    visitor.visit("/log")
    visitor.page.get_by_role("button", name="A crime", exact=True).click()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Log a crime")
    return visitor.page.url.removeprefix(visitor.address).partition("?")[0]


def leave_field(page: Page) -> None:
    """Go on to the next field and wait until the draft has saved itself."""
    with page.expect_response(re.compile("/save$")) as saved:
        page.keyboard.press("Tab")
    assert saved.value.ok


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without"])
def test_a_theft_is_logged_in_twelve_interactions_by_keyboard(
    new_visitor: NewVisitor, javascript: bool
) -> None:
    # given an Essex officer, and a suspect, a victim, a car and a place in the register
    visitor = new_visitor(java_script_enabled=javascript).sign_in("essex.officer")
    page, hands = visitor.page, Hands(visitor.page)
    visitor.visit("/log")
    expect(page.locator("[autofocus]")).to_be_focused()
    # when they say in one line what happened
    hands.type(LINE)
    if not javascript:
        hands.press("Tab")
    hands.press_for_page("Enter")
    # then each of the four that the register knows waits to be confirmed, the keyboard on it
    for name in ("Quillstone", "Thistlewick", MARK.replace(" ", "")[:4], "Candlewick"):
        focused = page.locator("button:focus")
        expect(focused).to_contain_text(re.compile("^Yes, this one"))
        expect(focused).to_contain_text(re.compile(name, re.IGNORECASE))
        hands.press_for_page("Enter")
    # and what else is missing may stay open
    expect(page.get_by_role("heading", name=re.compile("Ready to log"))).to_be_visible()
    hands.access_key(visitor, "l")
    # then it is logged, with all four linked to what was known, and nothing made anew
    assert len(hands.done) <= MOST_INTERACTIONS, hands.done
    assert "/done" in page.url
    main = page.locator("main")
    expect(main).to_contain_text(re.compile(r"Reference \S*\d"))
    for said in ("Thistlewick", "suspect", "Quillstone", "victim", "Candlewick", "used"):
        expect(main).to_contain_text(said)
    expect(main).to_contain_text("record of Kent Police")
    assert visitor.console == []


def test_what_the_line_leaves_open_is_listed_with_why_and_for_whom(visitor: Visitor) -> None:
    # given a draft of a crime with nothing in it
    visitor.sign_in("essex.officer")
    start_crime(visitor)
    panel = visitor.page.locator("#readiness")
    expect(panel).to_contain_text("Crimes are counted by class. For the Home Office.")
    expect(panel).to_contain_text("1 thing needed before it can be logged")
    # when somebody follows the link to what is missing, fills it and goes on
    link = panel.get_by_role("link", name="How it was done")
    link.focus()
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator("#field-mo")).to_be_focused()
    visitor.page.keyboard.type("Smashed the rear window with a stone and reached in.")
    leave_field(visitor.page)
    # then it is missing no longer, and the page was not left for it
    expect(link).to_have_count(0)
    expect(panel).to_contain_text("Ready to log")
    expect(visitor.page.locator("#saved")).to_contain_text("Draft, saved")
    assert visitor.console == []


@pytest.mark.usefixtures("known")
def test_candidates_come_while_one_types_and_are_picked_by_keyboard(visitor: Visitor) -> None:
    page = visitor.page
    # given a draft
    visitor.sign_in("essex.officer")
    start_crime(visitor)
    # when somebody types who it was, as they remember it
    page.get_by_label("Add a person").focus()
    page.keyboard.type("thistelwick barnaby 3/5/87")
    # then the register says who this may be, warnings first, and why
    found = page.locator("#found-person")
    expect(found).to_contain_text("Warnings: Violent, Weapons")
    expect(found).to_contain_text("Barnaby Thistlewick")
    expect(found).to_contain_text("Why:")
    # when they pick the first
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("button:focus")).to_contain_text("Barnaby Thistlewick")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    # then they are in the draft with their warnings, and nothing of them is asked
    card = page.locator(".concordat-part").first
    expect(card).to_contain_text("in the register already")
    expect(card).to_contain_text("Warnings: Violent, Weapons")
    expect(page.get_by_label("Surname")).to_have_count(0)
    assert visitor.console == []


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without"])
def test_somebody_new_is_gone_on_with_and_nothing_is_typed_twice(
    new_visitor: NewVisitor, javascript: bool
) -> None:
    visitor = new_visitor(java_script_enabled=javascript).sign_in("essex.officer")
    page = visitor.page
    start_crime(visitor)
    page.get_by_label("Add a person").fill("Zebedee Zzyzxson b 1/2/1980")
    if javascript:
        expect(page.locator("#found-person")).to_contain_text("Go on as new")
    else:
        page.get_by_label("Add a person").press("Enter")
    page.get_by_role("button", name=re.compile("[Gg]o on as new .Zebedee")).click()
    expect(page.get_by_label("Surname")).to_have_value("Zzyzxson")
    expect(page.get_by_label("Date of birth")).to_have_value("1 February 1980")
    expect(page.locator(".concordat-part h3:focus")).to_have_text("Zebedee Zzyzxson")


def test_two_windows_on_one_draft_lose_nothing(new_visitor: NewVisitor) -> None:
    # given one draft that stands open in two browsers
    one = new_visitor().sign_in("essex.officer")
    path = start_crime(one)
    other = new_visitor().sign_in("essex.officer")
    other.visit(path)
    # when each changes another field
    one.page.locator("#field-summary").fill("Phone snatched")
    one.page.locator("#field-summary").focus()
    leave_field(one.page)
    other.page.locator("#field-mo").fill("From behind, on a bicycle, by the handle")
    other.page.locator("#field-mo").focus()
    leave_field(other.page)
    # then both hold, and the second is told of the first and sees it
    expect(other.page.locator("#together")).to_contain_text("Changed in another window")
    expect(other.page.locator("#field-summary")).to_have_value("Phone snatched")
    # when both change the same field
    other.page.locator("#field-summary").fill("Phone snatched in the High Street")
    other.page.locator("#field-summary").focus()
    leave_field(other.page)
    one.page.locator("#field-summary").fill("Phone snatched by a cyclist")
    one.page.locator("#field-summary").focus()
    leave_field(one.page)
    # then the second is shown both, and nothing is overwritten
    both = one.page.locator(".concordat-together--conflict")
    expect(both).to_contain_text("Phone snatched by a cyclist")
    expect(both).to_contain_text("Phone snatched in the High Street")
    other.visit(path)
    expect(other.page.locator("#field-summary")).to_have_value("Phone snatched in the High Street")
    # when they choose
    both.get_by_role("button", name=re.compile("Take what is here")).click()
    # then that holds everywhere
    other.visit(path)
    expect(other.page.locator("#field-summary")).to_have_value("Phone snatched by a cyclist")
    expect(other.page.locator("#field-mo")).to_have_value(
        "From behind, on a bicycle, by the handle"
    )
    assert one.console == other.console == []


def test_two_windows_without_javascript_lose_nothing(new_visitor: NewVisitor) -> None:
    one = new_visitor(java_script_enabled=False).sign_in("essex.officer")
    path = start_crime(one)
    other = new_visitor(java_script_enabled=False).sign_in("essex.officer")
    other.visit(path)
    one.page.locator("#field-summary").fill("One")
    one.page.get_by_role("button", name="Save", exact=True).click()
    other.page.locator("#field-summary").fill("Other")
    other.page.locator("#field-mo").fill("How")
    other.page.get_by_role("button", name="Save", exact=True).click()

    both = other.page.locator(".concordat-together--conflict")
    expect(both).to_contain_text("One")
    expect(both).to_contain_text("Other")
    expect(other.page.locator("#field-summary")).to_have_value("Other")
    both.get_by_role("button", name=re.compile("Keep what is in the other")).click()

    expect(other.page.locator("#field-summary")).to_have_value("One")
    expect(other.page.locator("#field-mo")).to_have_value("How")


def test_a_part_that_another_window_added_is_not_undone(new_visitor: NewVisitor) -> None:
    one = new_visitor().sign_in("essex.officer")
    path = start_crime(one)
    other = new_visitor().sign_in("essex.officer")
    other.visit(path)
    one.page.get_by_label("Add a person").fill("Zebedee Zzyzxson")
    one.page.get_by_role("button", name=re.compile("[Gg]o on as new .Zebedee")).click()
    expect(one.page.locator(".concordat-part")).to_have_count(1)

    other.page.locator("#field-summary").fill("Said later")
    other.page.locator("#field-summary").focus()
    leave_field(other.page)

    expect(other.page.locator("#together")).to_contain_text("who or what is in it")
    other.visit(path)
    expect(other.page.locator(".concordat-part")).to_contain_text("Zebedee Zzyzxson")
    expect(other.page.locator("#field-summary")).to_have_value("Said later")


def test_a_killed_server_loses_no_field_that_was_left(new_visitor: NewVisitor) -> None:
    with service_of_its_own() as service:
        # given somebody in the middle of logging
        visitor = new_visitor()
        visitor.address = service.address
        visitor.sign_in("essex.officer")
        path = start_crime(visitor)
        page = visitor.page
        page.locator("#field-summary").focus()
        page.keyboard.type("Bicycle taken from the station")
        leave_field(page)
        # when the server is killed while they are in the next field
        page.locator("#field-mo").focus()
        service.kill()
        page.keyboard.type("Lock cut with bolt croppers, lock left behind")
        page.keyboard.press("Tab")
        # then the page says so and keeps what was typed
        expect(page.locator("#concordat-trouble")).to_contain_text("What you typed is kept")
        # when it is there again
        service.start()
        elsewhere = new_visitor()
        elsewhere.address = service.address
        elsewhere.sign_in("essex.officer")
        elsewhere.visit("/log")
        elsewhere.page.get_by_role("link", name="Bicycle taken from the station").first.click()
        # then the draft is there, on another machine too, at most the one field behind
        expect(elsewhere.page.locator("#field-summary")).to_have_value(
            "Bicycle taken from the station"
        )
        # and the page that stayed open brings what it held with the next field that is left
        page.locator("#field-officer").focus()
        page.keyboard.type(" 9001")
        leave_field(page)
        elsewhere.visit(path)
        expect(elsewhere.page.locator("#field-mo")).to_have_value(
            "Lock cut with bolt croppers, lock left behind"
        )


def test_a_draft_is_handed_over_and_another_is_discarded(new_visitor: NewVisitor) -> None:
    # given somebody with two drafts
    visitor = new_visitor().sign_in("essex.officer")
    page = visitor.page
    path = start_crime(visitor)
    page.locator("#field-summary").fill("For the late shift")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    # when they hand it to a colleague
    page.get_by_role("link", name="Hand over to a colleague").click()
    visitor.check_accessible()
    page.get_by_label("Who goes on with it").select_option(label="Tom Larkrise")
    page.get_by_role("button", name="Hand over").click()
    # then the colleague finds it, and it is no longer theirs to change
    expect(page.get_by_text("Handed over to Tom Larkrise")).to_be_visible()
    visitor.visit(path)
    expect(page.locator("main")).to_contain_text("Tom Larkrise is logging this.")
    expect(page.get_by_role("button", name="Save", exact=True)).to_have_count(0)
    colleague = new_visitor().sign_in("essex.supervisor")
    expect(colleague.page.get_by_role("link", name="For the late shift")).to_be_visible()
    colleague.visit(path)
    expect(colleague.page.locator("#field-summary")).to_have_value("For the late shift")
    # when they discard another
    start_crime(visitor)
    page.get_by_role("link", name="Discard this draft").click()
    visitor.check_accessible()
    page.get_by_role("button", name="Discard it").click()
    # then it is off the list
    expect(page.get_by_text("The draft is discarded.")).to_be_visible()


def test_another_kind_keeps_what_was_said(visitor: Visitor) -> None:
    visitor.sign_in("essex.officer")
    start_crime(visitor)
    visitor.page.locator("#field-summary").fill("Two cars, nobody hurt")
    with visitor.page.expect_navigation():
        visitor.page.locator("#kind").select_option("incident")
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Log an incident")
    expect(visitor.page.locator("#field-summary")).to_have_value("Two cars, nobody hurt")
    expect(visitor.page.locator("#readiness")).to_contain_text("Opening code")
    assert visitor.console == []


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("viewport", [None, {"width": 400, "height": 800}], ids=["desk", "phone"])
def test_every_page_of_logging_is_accessible_and_fits(
    new_visitor: NewVisitor, viewport: dict[str, int] | None
) -> None:
    visitor = new_visitor(**({"viewport": viewport} if viewport else {})).sign_in("essex.officer")
    page = visitor.page
    visitor.visit("/log")
    fits(visitor)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_contain_text("Say what happened, or pick a kind.")
    fits(visitor)
    page.get_by_label("Say what happened in one line").fill(LINE)
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(".concordat-candidates").first).to_be_visible()
    fits(visitor)
    if not viewport:
        visitor.picture("log")
    page.get_by_label("Add a place").fill("CO99 7ZZ")
    expect(page.locator("#found-place .concordat-candidates")).to_be_visible()
    for more in page.locator(".concordat-more").all():
        more.evaluate("part => { part.open = true }")
    fits(visitor)
    page.get_by_role("button", name="Log it").click()
    expect(page.get_by_text("What happens next")).to_be_visible()
    fits(visitor)
    if not viewport:
        visitor.picture("logged")


@pytest.mark.parametrize("kind", [kind.label for kind in RecordKind if kind < RecordKind.PLACE
                                  and kind.label not in ("Person", "Warning marker")])  # fmt: skip
def test_every_kind_can_be_begun(visitor: Visitor, kind: str) -> None:
    visitor.sign_in("essex.intelligence")
    visitor.visit("/log")
    code = next(one.code for one in RecordKind if one.label == kind)
    visitor.page.locator(f"button[name=kind][value={code}]").click()
    expect(visitor.page.locator("#kind")).to_have_value(code)
    expect(visitor.page.locator("#field-summary")).to_be_focused()
    expect(visitor.page.locator("#readiness")).to_be_visible()


def test_somebody_without_such_a_role_is_offered_nothing_to_log(visitor: Visitor) -> None:
    visitor.sign_in("essex.auditor", purpose="Audit")
    expect(visitor.page.get_by_role("link", name="Log", exact=True)).to_have_count(0)
    assert visitor.page.goto(visitor.address + "/log").status == 403  # type: ignore[union-attr]


def fits(visitor: Visitor) -> None:
    """Fail unless the page is accessible and no wider than the screen."""
    visitor.check_accessible()
    width = visitor.page.evaluate("document.documentElement.scrollWidth")
    assert width <= visitor.page.evaluate("window.innerWidth"), "the page scrolls sideways"
