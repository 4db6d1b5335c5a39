"""By what a cost is shared: a formula, and each party's number in it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from concordat.agreements.errors import CannotShare
from concordat.agreements.rules.costs.money import PERCENT, plain, summed


class Formula(StrEnum):
    """What a cost is shared by. `value` is the word on the command line."""

    POPULATION = "population"
    NET_REVENUE_EXPENDITURE = "net-revenue-expenditure"
    BUDGET = "budget"
    OFFICERS = "officers"
    USE = "use"
    PERCENTAGES = "percentages"
    EQUAL = "equal"

    @property
    def label(self) -> str:
        """The formula in plain English."""
        return _FORMULA_LABELS[self]

    @property
    def is_published(self) -> bool:
        """Whether its numbers are published figures; for the others somebody gives them."""
        return self in (Formula.POPULATION, Formula.OFFICERS, Formula.BUDGET)

    @property
    def is_given(self) -> bool:
        """Whether somebody must give its numbers: neither published nor the same for all."""
        return not self.is_published and self is not Formula.EQUAL


_FORMULA_LABELS = {
    Formula.POPULATION: "Population",
    Formula.NET_REVENUE_EXPENDITURE: "Net revenue expenditure",
    Formula.BUDGET: "Budget requirement",
    Formula.OFFICERS: "Police officers",
    Formula.USE: "Actual use",
    Formula.PERCENTAGES: "Fixed percentages",
    Formula.EQUAL: "Equal shares",
}


@dataclass(frozen=True, kw_only=True)
class Key:
    """A formula with its numbers: each party's code and weight, in `unit`, none negative.

    `as_at` says of when the numbers are and `sources` who published them. Raises CannotShare for
    no parties, a negative weight, weights that are all zero, and percentages that don't make 100.
    """

    formula: Formula
    weights: Mapping[str, Decimal]
    unit: str = ""
    as_at: str = ""
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.weights:
            raise CannotShare("Name at least one party to share among.")
        for party, weight in self.weights.items():
            if not weight.is_finite() or weight < 0:
                raise CannotShare(f"The weight of {party} must be a number, zero or more.")
        if not self.whole:
            raise CannotShare("All weights are zero: nothing says who pays.")
        if self.formula is Formula.PERCENTAGES and self.whole != PERCENT:
            raise CannotShare(f"The percentages make {plain(self.whole)}, not 100.")

    @property
    def whole(self) -> Fraction:
        """All weights together."""
        return summed(map(Fraction, self.weights.values()))

    @property
    def title(self) -> str:
        """The formula and of when its numbers are: "Population, 30 June 2015"."""
        return self.formula.label + (f", {self.as_at}" if self.as_at else "")

    def parts(self) -> dict[str, Fraction]:
        """Return each party's exact part of 1, by party code in its order."""
        whole = self.whole
        return {party: Fraction(self.weights[party]) / whole for party in sorted(self.weights)}


def equal_key(parties: Collection[str]) -> Key:
    """Return the key by which all parties pay the same."""
    weights = {party: Decimal(1) for party in parties}
    return Key(formula=Formula.EQUAL, weights=weights, unit="equal parts")


def figure_day(days: Mapping[str, Collection[date]], *, year: int | None, called: str) -> date:
    """Return the day in `year`, or the latest of all, for which every party has a figure.

    `days` are those of each party's figures, by its name. Raises CannotShare, naming whose figure
    is missing and which years there are.
    """
    common = set.intersection(*(set(of_party) for of_party in days.values())) if days else set()
    asked = [day for day in common if year in (None, day.year)]
    if asked:
        return max(asked)
    lacking = [
        name
        for name, of_party in days.items()
        if not any(year in (None, day.year) for day in of_party)
    ]
    years = ", ".join(map(str, sorted({day.year for day in common})))
    raise CannotShare(
        f"There is no figure of {called}"
        + (f" for {year}" if year is not None else "")
        + (f" of {', '.join(lacking)}" if lacking else " of the same day for all")
        + (f". All of them have one for: {years}." if years else ". No year has one for all.")
    )
