"""`concordat costs`: who pays what, with the calculation shown."""

from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer

from concordat.agreements.queries import compare_costs, cost_shares, use_charges
from concordat.agreements.rules.costs import (
    EVERY,
    Damping,
    Formula,
    pence_of,
    true_up,
)
from concordat.base.actor import Purpose
from concordat.cli.common import As, AsJson, actor_named, print_json
from concordat.cli.costs_shown import as_comparison, as_data, show, show_comparison

app = typer.Typer(help="Costs shared in proportion, exact to the penny.", no_args_is_help=True)

Total = Annotated[str, typer.Argument(help="The sum in pounds, such as 32000000 or 12.50.")]
Forces = Annotated[
    str, typer.Option(metavar="CODES", help="Who shares it: essex,kent,… Commas between.")
]
Year = Annotated[
    int | None,
    typer.Option(
        help="The year of the figures (a financial year: in which it begins). "
        "Without it: the latest that all have."
    ),
]
Weights = Annotated[
    str,
    typer.Option(
        metavar="WEIGHTS",
        help="For net revenue expenditure, use and percentages: essex=60,kent=40.",
    ),
]
Fixed = Annotated[
    str,
    typer.Option(
        metavar="PERCENT", help="Share this per cent of it by --by, and the rest by --use."
    ),
]
Use = Annotated[
    str,
    typer.Option(metavar="WEIGHTS", help="How much each uses: essex=402,kent=377.5."),
]
Cap = Annotated[
    str,
    typer.Option(
        metavar="LIMITS",
        help="The most that any party pays, in pounds or per cent: 25% or essex=9000000,kent=30%.",
    ),
]
Collar = Annotated[
    str, typer.Option(metavar="LIMITS", help="The least that any party pays, written as a cap is.")
]
Before = Annotated[
    str,
    typer.Option(
        metavar="AMOUNTS", help="What each paid until now; the change from it is spread by --damp."
    ),
]
Damp = Annotated[
    str,
    typer.Option(metavar="YEAR/YEARS", help="Which year of how many the change is spread: 1/3."),
]
Paid = Annotated[
    str,
    typer.Option(metavar="AMOUNTS", help="What each has paid: shows what is still to pay."),
]


@app.callback()
def costs() -> None:
    """Costs shared in proportion, exact to the penny."""


@app.command("share")
def share(
    total: Total,
    *,
    by: Annotated[Formula, typer.Option(help="What it is shared by.")],
    forces: Forces = "",
    year: Year = None,
    weights: Weights = "",
    fixed: Fixed = "",
    use: Use = "",
    cap: Cap = "",
    collar: Collar = "",
    before: Before = "",
    damp: Damp = "",
    paid: Paid = "",
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
        weights=_numbers(weights),
        fixed_percent=_percent(fixed),
        use=_numbers(use),
        caps=_limits(cap),
        collars=_limits(collar),
        damping=_damping(before, damp),
    )
    settled = true_up(calculation, _amounts(paid)) if paid else ()
    if as_json:
        print_json(as_data(calculation, settled))
    else:
        show(calculation, settled)


@app.command("charge")
def charge(
    price: Annotated[str, typer.Argument(help="The price of one unit in pounds: 1250.50.")],
    *,
    use: Use,
    unit: Annotated[str, typer.Option(help="What is counted, such as hours.")] = "",
    username: As = None,
    as_json: AsJson = False,
) -> None:
    """Charge each force for what it used at a unit price."""
    calculation = use_charges(
        actor_named(username, Purpose.ADMINISTRATION, ""),
        unit_price=_number(price, "a price such as 1250.50"),
        use=_numbers(use),
        unit=unit,
    )
    if as_json:
        print_json(as_data(calculation, ()))
    else:
        show(calculation, ())


@app.command("compare")
def compare(
    total: Total,
    *,
    forces: Forces,
    by: Annotated[
        list[Formula] | None, typer.Option(help="A formula to compare; repeat it for more.")
    ] = None,
    year: Year = None,
    fixed: Fixed = "",
    use: Use = "",
    cap: Cap = "",
    collar: Collar = "",
    alone: Annotated[
        str, typer.Option(metavar="AMOUNTS", help="What each would pay by itself: essex=9000000,…")
    ] = "",
    gets: Annotated[
        str, typer.Option(metavar="AMOUNTS", help="What each gets, in pounds: essex=9500000,…")
    ] = "",
    username: As = None,
    as_json: AsJson = False,
) -> None:
    """Compare formulas: what each force pays, gets, and would pay alone."""
    used = _numbers(use)
    every = [formula for formula in Formula if not formula.is_given]
    comparison = compare_costs(
        actor_named(username, Purpose.ADMINISTRATION, ""),
        total=pence_of(total),
        parties=_split(forces),
        formulas=by or [*every, *([Formula.USE] if used else [])],
        year=year,
        weights={Formula.USE: used},
        fixed_percent=_percent(fixed),
        caps=_limits(cap),
        collars=_limits(collar),
        alone=_amounts(alone),
        gets=_amounts(gets),
        savings=[Formula.EQUAL] if alone else [],
    )
    if as_json:
        print_json(as_comparison(comparison))
    else:
        show_comparison(comparison)


def _split(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _pairs(text: str, called: str) -> dict[str, str]:
    """Read essex=60,kent=40; a party named twice, or one without anything, is refused."""
    pairs: dict[str, str] = {}
    for word in _split(text):
        party, equals, own = (part.strip() for part in word.partition("="))
        if not (party and equals and own):
            raise typer.BadParameter(f"“{word}” is not {called} such as essex=60.")
        if party in pairs:
            raise typer.BadParameter(f"{party} has two {called.rsplit(maxsplit=1)[-1]}s.")
        pairs[party] = own
    return pairs


def _number(text: str, called: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise typer.BadParameter(f"“{text}” is not {called}.") from None


def _numbers(text: str) -> dict[str, Decimal]:
    return {
        party: _number(own, "a weight such as essex=60")
        for party, own in _pairs(text, "a weight").items()
    }


def _amounts(text: str) -> dict[str, int]:
    return {party: pence_of(own) for party, own in _pairs(text, "an amount").items()}


def _percent(text: str) -> Decimal | None:
    return _number(text.removesuffix("%"), "a percentage such as 60") if text else None


def _limits(text: str) -> dict[str, str]:
    """Read one limit for every party, or limits by party."""
    return _pairs(text, "a limit") if "=" in text else {EVERY: text} if text else {}


def _damping(before: str, damp: str) -> Damping | None:
    if not before and not damp:
        return None
    year, _, years = damp.partition("/")
    if not (before and year.isdecimal() and years.isdecimal()):
        raise typer.BadParameter("Damping needs both: --before essex=60,kent=40 and --damp 1/3.")
    return Damping(before=_numbers(before), year=int(year), years=int(years))
