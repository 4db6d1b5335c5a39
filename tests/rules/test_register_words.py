"""The register of agreements as its pages say it."""

from datetime import date, timedelta

import pytest

from concordat.agreements.rules.register import (
    Entry,
    HistoryLine,
    Precision,
    RegisterDate,
    RegisterWords,
    Weight,
    understood,
)
from concordat.web.presenters import register as presented
from concordat.web.presenters.register import GapLine

TODAY = date(2026, 11, 22)
NAMES = {"essex": "Essex", "kent": "Kent"}


def entry(review_on: date | None, weight: Weight = Weight.IN_FORCE, key: str = "A") -> Entry:
    return Entry(
        key=key,
        title="A text",
        functions=("Dogs",),
        bodies=frozenset({"kent", "essex"}),
        unknown=("Borsetshire",),
        weight=weight,
        review_on=review_on,
    )


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (RegisterDate(first=None, precision=Precision.UNKNOWN), "Date not known"),
        (RegisterDate(first=date(2014, 1, 1), precision=Precision.YEAR), "2014"),
        (RegisterDate(first=date(2009, 4, 1), precision=Precision.MONTH), "April 2009"),
        (
            RegisterDate(first=date(2011, 6, 2), precision=Precision.DAY, of="published"),
            "2 June 2011 (published)",
        ),
    ],
)
def test_a_date_is_said_as_exactly_as_it_is_known(when: RegisterDate, said: str) -> None:
    assert presented.date_words(when) == said


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (None, "No date agreed"),
        (-12, "Overdue by 12 days"),
        (-1, "Overdue by 1 day"),
        (0, "Today"),
        (1, "In 1 day"),
        (90, "In 90 days"),
        (91, "Later"),
    ],
)
def test_a_review_says_how_near_it_is(days: int | None, said: str) -> None:
    review = None if days is None else TODAY + timedelta(days=days)
    assert presented.review_state(entry(review), today=TODAY)[0] == said


def test_reviews_come_nearest_first_and_only_of_what_lives() -> None:
    late, soon, never = (
        entry(date(2027, 1, 1), key="LATE"),
        entry(date(2026, 1, 1), Weight.COMING, key="SOON"),
        entry(None, key="NEVER"),
    )
    gone = [entry(TODAY, weight) for weight in (Weight.ENDED, Weight.RECORDED, Weight.LARGER)]
    found = presented.by_review([late, *gone, never, soon])
    assert [one.key for one in found] == ["NEVER", "SOON", "LATE"]


def test_a_body_that_nobody_knows_is_named_in_quotation_marks() -> None:
    assert presented.bodies_of(entry(None), NAMES) == "Essex, Kent and “Borsetshire”"


def test_who_lacks_a_function_is_one_sentence() -> None:
    gap = GapLine(
        function="Dogs",
        shared_by="",
        weight=Weight.IN_FORCE,
        lacking=[("Essex", "Coming with ES-02"), ("Kent", "")],
    )
    assert presented.lacking(gap) == "Essex (coming with ES-02) and Kent"


@pytest.mark.parametrize(
    ("address", "source", "href"),
    [
        ("https://example.org/a", "example.org", "https://example.org/a"),
        ("javascript:alert(1)", "javascript:alert(1)", ""),
        ("Board paper 7", "Board paper 7", ""),
        ("http://[bad", "http://[bad", ""),
        ("", "", ""),
    ],
)
def test_only_an_address_of_the_web_becomes_a_link(address: str, source: str, href: str) -> None:
    words = RegisterWords(
        row_id="A", function="Dogs", parties="Essex|Kent", event="signed", source_url=address
    )
    event = understood(words, source_file="x", bodies={"essex": "essex", "kent": "kent"})
    (told,) = presented.happened([HistoryLine(event=event, joined=("kent",), left=())], NAMES)
    assert (told.source, told.source_url, told.changes) == (source, href, ["Kent joined"])
