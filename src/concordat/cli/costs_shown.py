"""How costs are printed: tables for people, JSON for programs."""

from collections.abc import Mapping

from rich.table import Table

from concordat.agreements.queries import Comparison
from concordat.agreements.rules.costs import Calculation, Option, Settlement, amount, pounds
from concordat.cli.common import console


def as_data(calculation: Calculation, settled: tuple[Settlement, ...]) -> dict[str, object]:
    """Return the shares as programs read them, with what was paid if that was said."""
    told = {
        one.party: {"paid": amount(one.paid), "balance": amount(one.balance)} for one in settled
    }
    parties = sorted({share.party for share in calculation.shares} | set(told))
    return {
        "total": amount(calculation.total),
        "shares": [
            {"party": party, "amount": amount(calculation.of(party)), **told.get(party, {})}
            for party in parties
        ],
    }


def as_comparison(comparison: Comparison) -> dict[str, object]:
    """Return the options as programs read them."""
    return {"total": amount(comparison.total), "options": list(map(_as_option, comparison.options))}


def _as_option(option: Option) -> dict[str, object]:
    if option.refused:
        return {"name": option.name, "refused": option.refused}
    shares: list[Mapping[str, object]] = [
        {
            "party": one.party,
            "pays": amount(one.pays),
            "alone": None if one.alone is None else amount(one.alone),
            "gets": None if one.gets is None else amount(one.gets),
            "worse_off": one.is_worse_off,
        }
        for one in option.outcomes
    ]
    return {"name": option.name, "shares": shares}


def show(calculation: Calculation, settled: tuple[Settlement, ...]) -> None:
    """Print the shares, then how they were worked out, step by step."""
    table = Table(show_footer=True)
    table.add_column("Party", footer="All")
    table.add_column("Pays", justify="right", footer=pounds(calculation.total))
    by_party = {one.party: one for one in settled}
    if settled:
        paid = sum(one.paid for one in settled)
        table.add_column("Has paid", justify="right", footer=pounds(paid))
        table.add_column("Still to pay", justify="right", footer=pounds(calculation.total - paid))
    for party in sorted({share.party for share in calculation.shares} | set(by_party)):
        cells = [party, pounds(calculation.of(party))]
        if settled:
            cells += [pounds(by_party[party].paid), pounds(by_party[party].balance)]
        table.add_row(*cells)
    console.print(table)
    for number, step in enumerate(calculation.steps, start=1):
        console.print(f"{number}. {step.said}", markup=False, highlight=False)
        for line in step.lines:
            console.print(f"   {line.party}: {line.said}", markup=False, highlight=False)


def show_comparison(comparison: Comparison) -> None:
    """Print what each party pays under each option, then the options that have no answer."""
    table = Table(title=f"{pounds(comparison.total)}: what each pays")
    table.add_column("Party")
    worked = [option for option in comparison.options if not option.refused]
    for option in worked:
        table.add_column(option.name, justify="right")
    for body in comparison.bodies:
        outcomes = [option.of(body.code) for option in worked]
        table.add_row(
            body.code,
            *(
                pounds(one.pays) + (" (worse off)" if one.is_worse_off else "") if one else ""
                for one in outcomes
            ),
        )
    console.print(table)
    for option in comparison.options:
        if option.refused:
            console.print(f"{option.name}: {option.refused}", markup=False, highlight=False)
