"""`concordat costs`: who pays what, with the calculation shown."""

from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer
from rich.table import Table

from concordat.agreements.queries import cost_shares
from concordat.agreements.rules.costs import (
    Calculation,
    Formula,
    amount,
    pence_of,
    pounds,
)
from concordat.base.actor import Purpose
from concordat.cli.common import As, AsJson, actor_named, console, print_json

app = typer.Typer(help="Costs shared in proportion, exact to the penny.", no_args_is_help=True)


@app.callback()
def costs() -> None:
    """Costs shared in proportion, exact to the penny."""


@app.command("share")
def share(
    total: Annotated[str, typer.Argument(help="The sum in pounds, such as 32000000 or 12.50.")],
    *,
    by: Annotated[Formula, typer.Option(help="What it is shared by.")],
    forces: Annotated[
        str, typer.Option(metavar="CODES", help="Who shares it: essex,kent,… Commas between.")
    ] = "",
    year: Annotated[
        int | None,
        typer.Option(
            help="The year of the figures (a financial year: in which it begins). "
            "Without it: the latest that all have."
        ),
    ] = None,
    weights: Annotated[
        str,
        typer.Option(
            metavar="WEIGHTS",
            help="For net revenue expenditure, use and percentages: essex=60,kent=40.",
        ),
    ] = "",
    username: As = None,
    as_json: AsJson = False,
) -> None:
    """Share a sum among forces, and show how it was worked out."""
    calculation = cost_shares(
        actor_named(username, Purpose.ADMINISTRATION, ""),
        total=pence_of(total),
        formula=by,
        parties=_split(forces),
        year=year,
        weights=_weights(weights) if weights else None,
    )
    if as_json:
        print_json(_as_data(calculation))
    else:
        _show(calculation)


def _split(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _weights(text: str) -> dict[str, Decimal]:
    """Read essex=60,kent=40; a party named twice, or no number, is refused."""
    weights: dict[str, Decimal] = {}
    for word in _split(text):
        party, _, number = (part.strip() for part in word.partition("="))
        try:
            weight = Decimal(number)
        except InvalidOperation:
            raise typer.BadParameter(f"“{word}” is not a weight such as essex=60.") from None
        if party in weights:
            raise typer.BadParameter(f"{party} has two weights.")
        weights[party] = weight
    return weights


def _as_data(calculation: Calculation) -> dict[str, object]:
    return {
        "total": amount(calculation.total),
        "shares": [
            {"party": share.party, "amount": amount(share.pence)} for share in calculation.shares
        ],
    }


def _show(calculation: Calculation) -> None:
    table = Table(show_footer=True)
    table.add_column("Party", footer="All")
    table.add_column("Pays", justify="right", footer=pounds(calculation.total))
    for one in calculation.shares:
        table.add_row(one.party, pounds(one.pence))
    console.print(table)
    for number, step in enumerate(calculation.steps, start=1):
        console.print(f"{number}. {step.said}", markup=False, highlight=False)
        for line in step.lines:
            console.print(f"   {line.party}: {line.said}", markup=False, highlight=False)
