"""Every page, as somebody at a browser meets it: accessible, silent, and usable on a telephone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import StorageState, ViewportSize

from concordat.agreements.rules.register import row_uuid
from concordat.server.demo.recorded import FILE
from tests.browser.conftest import NewVisitor, Visitor

pytestmark = pytest.mark.browser

DESK = ViewportSize(width=1200, height=900)
PHONE = ViewportSize(width=400, height=800)


def open_first_result(visitor: Visitor) -> None:
    """Search for burglaries of Essex and open the newest."""
    visitor.search("burglary essex")
    visitor.page.locator(".concordat-results a").first.click()


def open_place_of_first_result(visitor: Visitor) -> None:
    """Open where the newest burglary with a place happened."""
    visitor.search("burglary chelmsford")
    visitor.page.locator(".concordat-results a").first.click()
    visitor.page.locator("dl a[href*='/places/']").click()


def open_who_looked(visitor: Visitor) -> None:
    """Open who looked at the newest record that the journal names."""
    visitor.visit("/journal")
    visitor.page.locator("main a[href*='/looked']").first.click()


def open_newest_load(visitor: Visitor) -> None:
    """Open the first load of the list."""
    visitor.visit("/loads")
    visitor.page.locator("main a[href*='/loads/']").first.click()


def open_person(visitor: Visitor) -> None:
    """Find somebody of two forces and open them."""
    visitor.search("barnaby thistlewick 3/5/1987")
    visitor.page.locator(".concordat-people a").first.click()


def open_pair(visitor: Visitor) -> None:
    """Open two records of one person beside each other."""
    visitor.visit("/quality")
    visitor.page.get_by_role("link", name="Compare the first two").first.click()


def path(where: str) -> Callable[[Visitor], None]:
    """Return what opens one path."""
    return lambda visitor: visitor.visit(where)


PAGES = {
    "home": ("essex.officer", path("/")),
    "home of a role without records": ("kent.finance", path("/")),
    "results": ("essex.officer", path("/search?q=burglary")),
    "results narrowed": ("essex.officer", path("/search?q=drugs&elsewhere=1&from=2026-01")),
    "no results": ("essex.officer", path("/search?q=zzzz")),
    "a filter that cannot be read": ("essex.officer", path("/search?q=x&from=someday")),
    "people found": ("essex.officer", path("/search?q=barnaby+thistlewick")),
    "nobody found": ("essex.officer", path("/search?q=zebedee+zzyzx+1/2/1980")),
    "a person's pointer": ("suffolk.officer", path("/search?q=barnaby+thistlewick+3/5/1987")),
    "person": ("essex.officer", open_person),
    "person to be judged": ("essex.intelligence", open_person),
    "pair": ("essex.quality", open_pair),
    "review": ("essex.intelligence", path("/review")),
    "review for nobody": ("essex.officer", path("/review")),
    "quality": ("essex.quality", path("/quality")),
    "quality of another force": ("essex.quality", path("/quality/kent")),
    "progress": ("essex.quality", path("/identity/progress")),
    "event": ("kent.officer", open_first_result),
    "place": ("kent.officer", open_place_of_first_result),
    "forces": ("essex.officer", path("/forces")),
    "force": ("essex.officer", path("/forces/kent")),
    "agreements": ("essex.officer", path("/agreements")),
    "agreements where I sign": ("essex.commissioner", path("/agreements")),
    "home of who signs": ("essex.commissioner", path("/")),
    "agreements that wait": ("essex.programme", path("/agreements/waiting")),
    "a new agreement": ("essex.programme", path("/agreements/new")),
    "agreement": ("essex.officer", path("/agreements/SEVEN-FORCES-01")),
    "agreement with a schedule": ("essex.programme", path("/agreements/ESSEX-KENT-01")),
    "agreement proposed": ("essex.programme", path("/agreements/EAST-FIREARMS-01")),
    "agreement to be signed": ("essex.commissioner", path("/agreements/EAST-FIREARMS-01/sign")),
    "agreement to be refused": ("essex.commissioner", path("/agreements/EAST-FIREARMS-01/refuse")),
    "agreement to be given notice": ("kent.programme", path("/agreements/ESSEX-KENT-01/notice")),
    "agreement to be left": ("kent.programme", path("/agreements/ESSEX-KENT-01/leave")),
    "agreement to be varied": ("kent.programme", path("/agreements/ESSEX-KENT-01/vary")),
    "draft, its basics": ("essex.programme", path("/agreements/ESSEX-SUFFOLK-02/edit")),
    "draft, its parties": ("essex.programme", path("/agreements/ESSEX-SUFFOLK-02/edit/parties")),
    "draft, its terms": ("essex.programme", path("/agreements/ESSEX-SUFFOLK-02/edit/terms")),
    "draft, what it shares": ("essex.programme", path("/agreements/ESSEX-SUFFOLK-02/edit/sharing")),
    "draft, its costs": ("essex.programme", path("/agreements/ESSEX-SUFFOLK-02/edit/costs")),
    "what would change": (
        "essex.programme",
        path("/agreements/ESSEX-SUFFOLK-02/versions/1/changes"),
    ),
    "who may see what": (
        "essex.auditor",
        path("/agreements/explain?owner=essex&kind=person&who=other&username=kent.officer"),
    ),
    "what each pays": ("essex.programme", path("/agreements/ESSEX-KENT-01/costs")),
    "what if": ("kent.finance", path("/costs")),
    "register": ("essex.programme", path("/agreements/register")),
    "register of every body": ("essex.programme", path("/agreements/register?body=all")),
    "gaps": ("essex.programme", path("/agreements/register/gaps")),
    "overlaps": ("essex.programme", path("/agreements/register/overlaps")),
    "review dates": ("essex.programme", path("/agreements/register/reviews")),
    "every text": ("essex.programme", path("/agreements/register/texts")),
    "history of one collaboration": (
        "essex.programme",
        path(f"/agreements/register/{row_uuid(FILE, 'A021')}"),
    ),
    "decision to be published": ("essex.commissioner", path("/agreements/ESSEX-FIRE-01/publish")),
    "decisions": ("essex.officer", path("/notices")),
    "loads": ("essex.quality", path("/loads")),
    "load": ("essex.quality", open_newest_load),
    "who looked": ("essex.auditor", open_who_looked),
    "journal": ("essex.auditor", path("/journal")),
    "purpose": ("essex.officer", path("/purpose")),
    "not found": ("essex.officer", path("/forces/atlantis")),
    "forbidden": ("essex.officer", path("/journal")),
}


@pytest.fixture(scope="module")
def cookies() -> dict[str, StorageState]:
    """What the browsers of those who have signed in keep, by username."""
    return {}


def as_somebody(
    new_visitor: NewVisitor, username: str, cookies: dict[str, StorageState]
) -> Visitor:
    """Return a visitor who is signed in; each signs in once for all the pages."""
    if username not in cookies:
        signed_in = new_visitor().sign_in(username)
        cookies[username] = signed_in.page.context.storage_state()
    return new_visitor(storage_state=cookies[username])


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_and_fits_a_desk_and_a_telephone(
    new_visitor: NewVisitor, cookies: dict[str, StorageState], name: str
) -> None:
    username, open_page = PAGES[name]
    visitor = as_somebody(new_visitor, username, cookies)

    open_page(visitor)

    for size in (DESK, PHONE):
        visitor.page.set_viewport_size(size)
        visitor.check_accessible()
        width = visitor.page.evaluate("document.documentElement.scrollWidth")
        assert width <= size["width"], f"the page scrolls sideways, {size}"
    assert visitor.heading()
    expected = [said for said in visitor.console if "status of 40" not in said]
    assert expected == []


def test_the_sign_in_page_is_accessible_with_and_without_mistakes(visitor: Visitor) -> None:
    visitor.visit("/sign-in")
    visitor.check_accessible()

    visitor.page.get_by_role("button", name="Sign in").click()

    visitor.check_accessible()
    assert visitor.page.get_by_role("alert").get_by_text("There is a problem").is_visible()


def test_pictures_for_the_guide_are_taken_of_real_pages(new_visitor: NewVisitor) -> None:
    visitor = new_visitor().sign_in("essex.officer")
    visitor.picture("home")
    visitor.visit("/search?q=burglary+within+20+km+of+CM1+1AA")
    visitor.picture("results")
    visitor.page.locator(".concordat-results a").first.click()
    visitor.picture("event")
    open_person(visitor)
    visitor.picture("person")
    visitor.visit("/forces/kent")
    visitor.picture("force")
    visitor.visit("/agreements/SEVEN-FORCES-01")
    visitor.picture("agreement")

    assert re.search(r"Shared record", visitor.heading())
    visitor.visit("/agreements/register")
    visitor.picture("register")
    visitor.visit("/costs")
    visitor.page.get_by_label("What does it cost?").fill("32000000")
    visitor.page.get_by_role("button", name="Compare").click()
    visitor.page.locator("table").first.scroll_into_view_if_needed()
    visitor.picture("costs")
    quality = new_visitor().sign_in("essex.quality", purpose="Checking data quality")
    quality.visit("/review")
    quality.picture("review")
    quality.visit("/quality")
    quality.picture("quality")

    assert quality.heading() == "Person records of Essex Police"
