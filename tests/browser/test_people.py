"""People: found, looked at, judged, parted and put together again."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisitor, Visitor

pytestmark = pytest.mark.browser

MISSPELT = "thistelwick barnaby 3/5/87"


def open_barnaby(visitor: Visitor) -> None:
    """Find somebody by a misspelt name and open them."""
    visitor.search(MISSPELT)
    visitor.page.locator(".concordat-people a").first.click()


def row(page: Page, name: str) -> str:
    """What a fact's row of the table side by side says."""
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name)).inner_text()


def test_a_misspelt_name_finds_the_person_across_two_forces(visitor: Visitor) -> None:
    # given an officer of Essex, whom an agreement shows the persons of Kent
    visitor.sign_in("essex.officer")
    # when they type a name the wrong way round and misspelt, with a date of birth
    visitor.search(MISSPELT)
    # then it says how that was read, and finds one person of whom both forces have a record
    expect(visitor.page.get_by_text("Looking for a person")).to_contain_text("3 May 1987")
    first = visitor.page.locator(".concordat-people li").first
    expect(first).to_contain_text("Barnaby Thistlewick")
    expect(first).to_contain_text("Essex Police")
    expect(first).to_contain_text("Kent Police")
    expect(first).to_contain_text("Warnings: Violent, Weapons")
    # when they narrow it by the force
    visitor.page.locator(".concordat-facets a").filter(has_text="Kent Police").first.click()
    expect(visitor.page.locator(".concordat-people li").first).to_contain_text("Thistlewick")
    assert visitor.console == []


@pytest.mark.parametrize("typed", ["1901/0000042K", "07700 900187", "barney thistlewik 5/3/1987"])
def test_a_number_or_another_force_s_spelling_finds_the_same_person(
    visitor: Visitor, typed: str
) -> None:
    visitor.sign_in("essex.officer")
    visitor.search(typed)
    expect(visitor.page.locator(".concordat-people li").first).to_contain_text(
        re.compile("Barn.*2 records of one person", re.DOTALL)
    )


def test_a_person_s_page_says_warnings_first_and_hides_no_conflict(visitor: Visitor) -> None:
    # given somebody whom Kent has another date of birth for, and warnings
    visitor.sign_in("essex.officer")
    # when an Essex officer opens them
    open_barnaby(visitor)
    # then the warnings come before all else that is said of them
    main = visitor.page.locator("main")
    text = main.inner_text()
    assert text.index("2 warnings about this person") < text.index("Born")
    expect(main).to_contain_text("Violent")
    # and both dates of birth are there, marked in words
    born = row(visitor.page, "Born")
    assert "3 May 1987" in born
    assert "5 March 1987" in born
    assert "Differs" in born
    # and which record says what, and why they are one
    assert "nominals-essex.csv, line 2" in row(visitor.page, "Comes from")
    expect(main).to_contain_text("same PNC ID")
    visitor.page.get_by_text("What each comparison adds").first.click()
    expect(main.get_by_role("rowheader", name="All together")).to_be_visible()


def test_a_pointer_names_the_force_and_tells_nothing_else(visitor: Visitor) -> None:
    visitor.sign_in("suffolk.officer")
    visitor.search("barnaby thistlewick 3 may 1987")
    main = visitor.page.locator("main")
    expect(main).to_contain_text("Essex Police holds a record of this person.")
    expect(main).to_contain_text("01632 960100")
    for secret in ("Ropewalk", "Violent", "Kent Police"):
        expect(main).not_to_contain_text(secret)


def test_the_queue_is_worked_through_by_keyboard_alone(visitor: Visitor) -> None:
    page = visitor.page
    # given data-quality staff with pairs to review
    visitor.sign_in("essex.quality", purpose="Checking data quality")
    visitor.visit("/review")
    left = waiting(page)
    assert left >= 3
    # when they say why, and that the first is the same person, with a key
    page.get_by_label("Reason").focus()
    page.keyboard.type("same photograph")
    first = page.locator(".concordat-compare").inner_text()
    visitor.access_key("s")
    page.wait_for_url(re.compile("after="))
    # then the next pair is there, and one less waits
    expect(page.get_by_text("Judged: the same person.")).to_be_visible()
    assert waiting(page) == left - 1
    assert page.locator(".concordat-compare").inner_text() != first
    # when they judge the next different, going to the button with the tab key
    page.get_by_label("Reason").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Different people")).to_be_focused()
    page.keyboard.press("Enter")
    # then one less waits again
    expect(page.get_by_text("Judged: different people.")).to_be_visible()
    assert waiting(page) == left - 2


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without"])
def test_a_person_is_parted_and_put_together_again(
    new_visitor: NewVisitor, javascript: bool
) -> None:
    # given two records that the machine links
    visitor = new_visitor(java_script_enabled=javascript).sign_in("essex.intelligence")
    open_barnaby(visitor)
    page = visitor.page
    caption = page.get_by_text(re.compile("^Person, 2 records"))
    expect(caption).to_be_visible()
    # when somebody parts them without saying why
    page.locator("summary").filter(has_text="These are not the same person").click()
    page.get_by_role("button", name="These are not the same person").click()
    # then they are asked why
    expect(page.locator(".govuk-error-summary")).to_contain_text("Say why")
    # when they say why
    page.get_by_label("Reason").fill("different fingerprints")
    page.get_by_role("button", name="Different people").click()
    # then one record is left, the other is kept apart, and the history says who did it and why
    expect(page.get_by_text(re.compile("^Person, 1 record "))).to_be_visible()
    expect(page.get_by_role("heading", name="Kept apart from")).to_be_visible()
    expect(page.locator("main")).to_contain_text("different fingerprints")
    expect(page.locator("main")).to_contain_text("Ines Quillfeather, Essex Police")
    # when the judgement is taken back
    page.locator("summary").filter(has_text=re.compile("Take back.*Kent Police")).click()
    page.get_by_role("button", name="Take this judgement back").click()
    # then they are together again, and nothing is forgotten
    expect(caption).to_be_visible()
    expect(page.locator("main")).to_contain_text("Retired")
    expect(page.locator("main")).to_contain_text("different fingerprints")


def test_an_officer_is_shown_no_way_to_judge(visitor: Visitor) -> None:
    visitor.sign_in("essex.officer")
    open_barnaby(visitor)
    expect(visitor.page.get_by_text("These are not the same person")).to_have_count(0)
    expect(visitor.page.get_by_role("link", name="Review")).to_have_count(0)


def test_the_quality_page_shows_what_is_missing_and_what_is_held_twice(visitor: Visitor) -> None:
    visitor.sign_in("essex.quality", purpose="Checking data quality")
    visitor.visit("/quality")
    page = visitor.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Person records of Essex Police")
    page.get_by_text("Show as a table").click()
    expect(page.get_by_role("rowheader", name="Whole date of birth")).to_be_visible()
    page.get_by_role("link", name="Compare the first two").first.click()
    assert visitor.heading() == "Are these the same person?"


def test_everything_about_people_works_without_javascript(new_visitor: NewVisitor) -> None:
    visitor = new_visitor(java_script_enabled=False).sign_in("essex.quality")
    open_barnaby(visitor)
    visitor.visit("/review")
    left = waiting(visitor.page)
    visitor.page.get_by_role("button", name="Can’t tell").click()
    assert waiting(visitor.page) == left - 1
    visitor.visit("/identity/progress")
    visitor.page.get_by_role("link", name="Load again").click()
    expect(visitor.page.get_by_text("Finished")).to_be_visible()


def waiting(page: Page) -> int:
    """How many pairs wait, as the page says; none where nothing does."""
    told = re.search(r"(\d+) pairs? ", page.locator("main").inner_text())
    return int(told[1]) if told else 0
