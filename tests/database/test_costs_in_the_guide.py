"""The worked example of the guide: what it says of £32 million is what the command works out."""

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from concordat.server.commands import app

pytestmark = pytest.mark.usefixtures("own_database")

GUIDE = Path(__file__).parents[2] / "docs/guide.md"
SEVEN = ["bedfordshire", "cambridgeshire", "essex", "hertfordshire", "kent", "norfolk", "suffolk"]
KEYS = (("population", "2011"), ("population", "2015"), ("officers", "2015"))
HEAD = (
    "| Force | People, mid-2011 | pays | People, mid-2015 | pays "
    "| Officers, September 2015 | pays |"
)
_FIGURE = re.compile(r"^ *([a-z]+): ([\d,.]+) of ([\d,.]+) ", re.MULTILINE)


def run(by: str, year: str, *more: str) -> str:
    arguments = ["costs", "share", "32000000", "--by", by, "--year", year, *more]
    result = CliRunner().invoke(
        app, [*arguments, "--forces", ",".join(SEVEN)], catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    return result.output


def columns(by: str, year: str) -> dict[str, tuple[str, str]]:
    """Each party's figure and what it pays, as the guide writes them; all of them under "all"."""
    told = json.loads(run(by, year, "--json"))
    figures = _FIGURE.findall(run(by, year))
    pays = {one["party"]: f"£{Decimal(one['amount']):,}" for one in told["shares"]}
    cells = {party: (figure, pays[party]) for party, figure, _ in figures}
    return cells | {"all": (figures[0][2], f"£{Decimal(told['total']):,}")}


def guide_table() -> str:
    found = [columns(by, year) for by, year in KEYS]
    rows = [HEAD, "|---|--:|--:|--:|--:|--:|--:|"]
    for code in (*SEVEN, "all"):
        name = "All seven" if code == "all" else code.capitalize()
        cells = [cell for column in found for cell in column[code]]
        rows.append(f"| {' | '.join([name, *cells])} |")
    return "\n".join(rows)


def test_the_table_of_the_worked_example_is_what_the_command_works_out() -> None:
    table = guide_table()
    assert table in GUIDE.read_text(encoding="utf-8"), f"The guide should hold:\n{table}"
    assert "1,793,535 | £7,272,947.54" in table
    assert "744,501 | £3,019,019.26" in table


def test_the_calculation_it_shows_is_what_the_command_prints() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    printed = run("population", "2015").splitlines()
    shown = guide.partition("### Worked from real figures")[2].partition("```text\n")[2]
    lines = [line for line in shown.partition("```")[0].splitlines() if line.strip() != "…"]
    assert lines
    assert [line for line in lines if line not in printed] == []


def test_the_seven_point_six_million_of_the_press_are_the_people_of_2011() -> None:
    people = int(columns("population", "2011")["all"][0].replace(",", ""))
    assert f"{people / 1_000_000:.1f}" == "7.6"
    assert f"{people:,}" in GUIDE.read_text(encoding="utf-8")


def test_the_differences_it_names_follow_from_the_table() -> None:
    paid = [
        {party: Decimal(cells[1].strip("£").replace(",", "")) for party, cells in column.items()}
        for column in (columns(by, year) for by, year in KEYS)
    ]
    early, late, officers = paid
    guide = GUIDE.read_text(encoding="utf-8")
    for said in (
        f"Bedfordshire, which grew fastest, pays £{late['bedfordshire'] - early['bedfordshire']:,}",
        f"Suffolk, which grew slowest, £{early['suffolk'] - late['suffolk']:,} less",
        f"those of mid-2015 Essex, £{late['essex'] - late['kent']:,} before Kent",
        f"Norfolk pays £{officers['norfolk'] - late['norfolk']:,} more by officers",
        f"Suffolk £{late['suffolk'] - officers['suffolk']:,} less",
    ):
        assert said in guide, said
    assert early["kent"] > early["essex"]
    assert officers["kent"] > officers["essex"]
