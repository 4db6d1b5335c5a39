"""`concordat costs share`: by published figures or given weights, for people and for programs."""

import json
from decimal import Decimal
from typing import Any

import pytest
from typer.testing import CliRunner

from concordat.agreements.errors import CannotShare
from concordat.base.actor import Role
from concordat.organisations.errors import UnknownOrganisation
from concordat.server.commands import app
from tests.world import person

pytestmark = pytest.mark.usefixtures("own_database")

SEVEN = "essex,kent,norfolk,suffolk,bedfordshire,cambridgeshire,hertfordshire"


def run(*arguments: str, expect: int = 0) -> str:
    """Run `costs share` in this process; what is refused is raised, as `run()` says it."""
    result = CliRunner().invoke(app, ["costs", "share", *arguments], catch_exceptions=False)
    assert result.exit_code == expect, result.output
    return result.output


def shares(*arguments: str) -> dict[str, Any]:
    told = json.loads(run(*arguments, "--json"))
    assert set(told) == {"total", "shares"}
    return {"total": told["total"], **{one["party"]: one["amount"] for one in told["shares"]}}


def test_thirty_two_million_by_the_population_of_2015() -> None:
    told = shares("32000000", "--by", "population", "--year", "2015", "--forces", SEVEN)
    assert told["essex"] == "7272947.54"
    assert told["suffolk"] == "3019019.26"
    assert told.pop("total") == "32000000.00"
    assert sum(map(Decimal, told.values())) == Decimal("32000000.00")
    assert sorted(told) == sorted(SEVEN.split(","))


@pytest.mark.parametrize(
    ("arguments", "essex"),
    [
        (["--by", "population", "--year", "2011"], "7286567.71"),
        (["--by", "officers", "--year", "2015"], "7237769.20"),
        (["--by", "budget", "--year", "2004"], "6929121.57"),
        (["--by", "equal"], "4571428.57"),
    ],
)
def test_other_formulas(arguments: list[str], essex: str) -> None:
    assert shares("£32,000,000", *arguments, "--forces", SEVEN)["essex"] == essex


def test_without_a_year_the_latest_figures_count_and_any_name_of_a_force_does() -> None:
    named = ["100", "--by", "population", "--forces"]
    latest = shares(*named, "essex,kent", "--year", "2023")
    assert shares(*named, "46, Essex Police") == latest


def test_weights_are_given_where_nothing_is_published() -> None:
    told = shares("1000000.01", "--by", "percentages", "--weights", "norfolk=57,37=43")
    assert told == {"total": "1000000.01", "norfolk": "570000.01", "suffolk": "430000.00"}
    by_use = ["90", "--by", "use", "--forces", "kent,essex", "--weights", "essex=1,kent=2"]
    assert shares(*by_use) == {"total": "90.00", "essex": "30.00", "kent": "60.00"}


def test_people_are_shown_the_shares_and_how_they_were_worked_out() -> None:
    person("essex", Role.FINANCE, username="finance")
    told = run(
        "32000000", "--by", "population", "--year", "2015", "--forces", SEVEN, "--as", "finance"
    )
    assert "£7,272,947.54" in told
    assert "1. Population, 30 June 2015. Source: ONS mid-year population estimates." in told
    assert "essex: 1,793,535 of 7,891,315 people is 22.7280 %" in told
    assert "together that is £32,000,000.00." in told


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--by", "population", "--forces", "essex,kent", "--year", "2010"], "2011, 2012, 2013"),
        (["--by", "population", "--forces", "essex,surrey"], "population of Surrey Police"),
        (["--by", "population", "--forces", "essex,42"], "named twice"),
        (["--by", "population", "--weights", "essex=1"], "takes no weights"),
        (["--by", "equal", "--weights", "essex=1"], "takes no weights"),
        (["--by", "equal", "--forces", "essex", "--year", "2015"], "takes no year"),
        (["--by", "equal"], "at least one party"),
        (["--by", "population"], "at least one party"),
        (["--by", "use", "--forces", "essex,kent"], "one weight for each party"),
        (["--by", "use", "--forces", "essex", "--weights", "kent=1"], "one weight for each"),
        (["--by", "percentages", "--weights", "essex=60,kent=41"], "make 101"),
    ],
)
def test_what_can_not_be_shared_is_refused_with_the_reason(arguments: list[str], said: str) -> None:
    with pytest.raises(CannotShare, match=said):
        run("100", *arguments)


def test_an_unknown_force_an_odd_amount_and_odd_weights_are_refused() -> None:
    with pytest.raises(UnknownOrganisation, match="atlantis"):
        run("100", "--by", "population", "--forces", "essex,atlantis")
    with pytest.raises(CannotShare, match="not an amount"):
        run("1.005", "--by", "equal", "--forces", "essex")
    assert "not a weight" in run("1", "--by", "use", "--weights", "essex", expect=2)
    assert "two weights" in run("1", "--by", "use", "--weights", "kent=1,kent=2", expect=2)
