"""How a search is read: what is recognised in any order, and what remains words of a place."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from concordat.access.rules import RecordKind
from concordat.base.clock import midnight, month_bounds, today
from concordat.records.rules.questions import Near, Question
from concordat.tracing.rules import DEFAULT_METRES, MAXIMUM_METRES, Reading, read
from tests.files import crime_id

ESSEX, KENT = 14, 21
FORCES = {
    "essex": ESSEX,
    "essex police": ESSEX,
    "kent": KENT,
    "kent police": KENT,
    "avon and somerset": 1,
}


def reading(text: str) -> Reading:
    return read(text, forces=FORCES)


def question(text: str) -> Question:
    """Return the question alone, without the prefix flag, which tests of its own promise."""
    return replace(reading(text).question, last_is_prefix=False)


def during(year: int, month: int) -> dict[str, datetime]:
    start, end = month_bounds(year, month)
    return {"occurred_from": start, "occurred_until": end}


def on(day: date, following: date) -> dict[str, datetime]:
    return {"occurred_from": midnight(day), "occurred_until": midnight(following)}


MAY_5 = on(date(2026, 5, 5), date(2026, 5, 6))


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("", {}),
        ("   ", {}),
        (crime_id(1), {"reference": crime_id(1)}),
        (crime_id(1).upper(), {"reference": crime_id(1)}),
        ("ab" * 16 + "#12", {"reference": "ab" * 16 + "#12"}),
        ("E01021681", {"lsoa_code": "E01021681"}),
        ("w01000001", {"lsoa_code": "W01000001"}),
        ("2026-05", during(2026, 5)),
        ("May 2026", during(2026, 5)),
        ("sept 2026", during(2026, 9)),
        ("2026-05-05", MAY_5),
        ("5 may 2026", MAY_5),
        ("05 May 2026", MAY_5),
        ("jan 2026 mar 2026", {**during(2026, 1), "occurred_until": month_bounds(2026, 3)[1]}),
        ("essex", {"owner_ids": (ESSEX,)}),
        ("Kent Police", {"owner_ids": (KENT,)}),
        ("essex kent", {"owner_ids": (ESSEX, KENT)}),
        ("Avon & Somerset", {"owner_ids": (1,)}),
        ("Kent Road", {"words": ("kent", "road")}),
        ("Essex Way Kent", {"words": ("essex", "way"), "owner_ids": (KENT,)}),
        ("burglary", {"categories": ("Burglary",)}),
        ("asb", {"categories": ("Anti-social behaviour",)}),
        ("anti social behaviour", {"categories": ("Anti-social behaviour",)}),
        ("drugs", {"categories": ("Drugs", "Controlled drugs")}),
        ("Violence and sexual offences", {"categories": ("Violence and sexual offences",)}),
        ("arson", {"categories": ("Criminal damage and arson",)}),
        (
            "theft",
            {
                "categories": (
                    "Bicycle theft",
                    "Other theft",
                    "Shoplifting",
                    "Theft from the person",
                )
            },
        ),
        ("theft from the person", {"categories": ("Theft from the person",)}),
        ("bicycle theft", {"categories": ("Bicycle theft",)}),
        ("under investigation", {"outcomes": ("Under investigation",)}),
        (
            "investigation complete; no suspect identified",
            {"outcomes": ("Investigation complete; no suspect identified",)},
        ),
        ("arrest", {"outcomes": ("Arrest",)}),
        ("stop and search", {"kinds": (RecordKind.STOP_SEARCH,)}),
        ("crimes", {"kinds": (RecordKind.CRIME,)}),
        ("elsewhere", {"elsewhere": True}),
        ("in another force's area", {"elsewhere": True}),
        ("over the border", {"elsewhere": True}),
        ("St. Mary's Road", {"words": ("st", "marys", "road")}),
        ("near the High Street", {"words": ("high", "street")}),
        ("“kent”", {"words": ("kent",)}),
        ('"burglary" burglary', {"words": ("burglary",), "categories": ("Burglary",)}),
        ("32 may 2026", {"words": ("32",), **during(2026, 5)}),
        ("2026-13", {"words": ("2026", "13")}),
    ],
)
def test_a_search_is_read(text: str, asked: dict[str, Any]) -> None:
    assert question(text) == Question(**asked)


@pytest.mark.parametrize("typed", ["CO1 1AA", "co1 1aa", "co11aa", "Co1  1Aa"])
def test_a_postcode_is_read_in_any_spelling(typed: str) -> None:
    assert reading(typed).postcode == "CO1 1AA"
    assert question(typed) == Question()


@pytest.mark.parametrize(
    ("text", "postcode"), [("CO1 1", "CO1 1"), ("M1 1AE", "M1 1AE"), ("SW1A 1AA", "SW1A 1AA")]
)
def test_a_sector_and_short_and_long_postcodes_are_read(text: str, postcode: str) -> None:
    assert reading(text).postcode == postcode


@pytest.mark.parametrize(
    ("typed", "metres"),
    [
        ("", DEFAULT_METRES),
        ("300 m", 300),
        ("300m", 300),
        ("within 300 metres of", 300),
        ("1 metre", 1),
        ("2 km", 2_000),
        ("1.5 kilometres", 1_500),
        ("1 mile", 1_609),
        ("2 miles of", 3_219),
        ("0 m", 1),
        ("999 km", MAXIMUM_METRES),
    ],
)
def test_a_distance_is_read_in_every_unit(typed: str, metres: int) -> None:
    assert reading(f"{typed} CO1 1AA").metres == metres
    assert reading(f"CO1 1AA {typed}").metres == metres


@pytest.mark.parametrize("text", ["51.889, 0.891", "51.889,0.891", "burglary 51.889, 0.891 essex"])
def test_a_point_is_near_itself(text: str) -> None:
    assert question(text).near == Near(latitude=51.889, longitude=0.891, metres=DEFAULT_METRES)


def test_a_point_west_of_greenwich_with_a_distance() -> None:
    near = question("52.0406, -0.7594 1 km").near
    assert near == Near(latitude=52.0406, longitude=-0.7594, metres=1_000)


def test_many_things_at_once_in_any_order() -> None:
    things = ["burglary", "essex", "may 2026", "elsewhere", "1 km", "CO1 1AA", "high street"]
    expected = Question(
        words=("high", "street"),
        last_is_prefix=True,
        categories=("Burglary",),
        owner_ids=(ESSEX,),
        elsewhere=True,
        occurred_from=month_bounds(2026, 5)[0],
        occurred_until=month_bounds(2026, 5)[1],
    )
    for turn in range(len(things)):
        found = reading(" ".join(things[turn:] + things[:turn]))
        assert (found.question, found.postcode, found.metres) == (expected, "CO1 1AA", 1_000)


@pytest.mark.parametrize(
    ("text", "is_prefix"),
    [
        ("high str", True),
        ("high str ", False),
        ("high st", False),
        ("", False),
        ("burglary", False),
        ("“high stre”", False),
    ],
)
def test_the_last_word_may_be_only_begun(text: str, is_prefix: bool) -> None:
    assert reading(text).question.last_is_prefix is is_prefix


def test_every_part_says_how_it_was_read() -> None:
    parts = reading("asb kent may 2026 within 1 mile of co11aa high street").parts
    assert {(part.what, part.shown) for part in parts} == {
        ("Type", "Anti-social behaviour"),
        ("Force", "Kent"),
        ("Month", "May 2026"),
        ("Within", "1,609 metres"),
        ("Near", "CO1 1AA"),
        ("Words", "high street"),
    }


pieces = st.sampled_from(
    ["essex", "kent", "road", "burglary", "2026-05", "9999-12", "9999-12-31", "31 december 9999",
     "0000-00-00", "CO1 1AA", "51.889, 0.891", "99.99,-99.99", "5 km", "elsewhere", '"', "“", "”",
     "stop and search", "E01021681", "ab" * 32, "\0", "#", ",", "٣", "İ"]
)  # fmt: skip


@given(st.text() | st.lists(pieces | st.text(max_size=8)).map(" ".join))
@example("31 december 9999")
@example("9999-12")
def test_any_text_can_be_read(text: str) -> None:
    found = reading(text)
    assert found.question.last_is_prefix <= bool(found.question.words)
    assert 1 <= found.metres <= MAXIMUM_METRES
    assert all(part.shown.strip() or part.what == "Words" for part in found.parts)


@pytest.mark.parametrize("typed", ["21/01/2026", "21.1.26", "21/1/2026", "21 January 2026"])
def test_a_day_is_understood_as_it_is_written_in_britain(typed: str) -> None:
    question = read(f"burglary {typed}", forces={}).question
    assert question.occurred_from == midnight(date(2026, 1, 21))
    assert question.occurred_until == midnight(date(2026, 1, 22))
    assert not question.words


@pytest.mark.parametrize(
    ("typed", "days_back"), [("today", 0), ("yesterday", 1)], ids=["today", "yesterday"]
)
def test_days_are_understood_from_where_one_stands(typed: str, days_back: int) -> None:
    day = today() - timedelta(days=days_back)
    assert read(typed, forces={}).question.occurred_from == midnight(day)


def test_last_month_ends_where_this_month_begins() -> None:
    last = read("last month", forces={}).question
    this = read("this month", forces={}).question
    assert last.occurred_until == this.occurred_from
