"""Every page, as somebody at a browser meets it: accessible, silent, and usable on a telephone."""

import re
from collections.abc import Callable

import pytest

from tests.browser.conftest import NewVisitor, Visitor

pytestmark = pytest.mark.browser

PHONE = {"width": 400, "height": 800}


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
    "agreement": ("essex.officer", path("/agreements/SEVEN-FORCES-01")),
    "agreement to be ended": ("essex.programme", path("/agreements/ESSEX-KENT-01/end")),
    "loads": ("essex.quality", path("/loads")),
    "load": ("essex.quality", open_newest_load),
    "who looked": ("essex.auditor", open_who_looked),
    "journal": ("essex.auditor", path("/journal")),
    "purpose": ("essex.officer", path("/purpose")),
    "not found": ("essex.officer", path("/forces/atlantis")),
    "forbidden": ("essex.officer", path("/journal")),
}


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_and_fits(
    new_visitor: NewVisitor, name: str, viewport: dict[str, int] | None
) -> None:
    username, open_page = PAGES[name]
    visitor = new_visitor(**({"viewport": viewport} if viewport else {})).sign_in(username)

    open_page(visitor)

    visitor.check_accessible()
    expected = [said for said in visitor.console if "status of 40" not in said]
    assert expected == []
    width = visitor.page.evaluate("document.documentElement.scrollWidth")
    assert width <= visitor.page.evaluate("window.innerWidth"), "the page scrolls sideways"
    assert visitor.heading()


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
    quality = new_visitor().sign_in("essex.quality", purpose="Checking data quality")
    quality.visit("/review")
    quality.picture("review")
    quality.visit("/quality")
    quality.picture("quality")

    assert quality.heading() == "Person records of Essex Police"
