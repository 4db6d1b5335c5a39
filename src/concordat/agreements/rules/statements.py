"""Statements: what each party of an agreement pays for a year, and how it was settled at its end.

A statement is a whole calculation with everything it was made from, so that it can be read, printed
and worked out again as it was, whatever becomes of the agreement or of the figures.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from concordat.agreements.errors import CannotShare
from concordat.agreements.rules.costs import (
    EVERY,
    Calculation,
    CalculationStep,
    Damping,
    Formula,
    Key,
    Line,
    Method,
    Settlement,
    Share,
    amount,
    charge_use,
    limits_of,
    pounds,
    share_saving,
    true_up,
)
from concordat.agreements.rules.terms import CostTerms

_APRIL = 4
_PENCE = 100


class StatementKind(StrEnum):
    """What a statement is about: the year ahead, or its end."""

    BUDGET = "budget"
    TRUE_UP = "true_up"

    @property
    def label(self) -> str:
        """The kind in plain English."""
        return "Shares of the budget" if self is StatementKind.BUDGET else "Year-end true-up"


@dataclass(frozen=True, kw_only=True)
class StatementText:
    """All that a statement says. Sums are in pence; `names` are of the parties, by code.

    `year` is the calendar year in which the financial year begins. `paid` is what each party has
    paid, at the year's end alone. `payable_to` is the lead, which bears the cost until the others
    pay it back; "" where there is none. `before` and `damped_from` say what shares came from, and
    in which year they began to move. `replaces` is the number of the statement that this one
    corrects, `because` why.
    """

    reference: str
    title: str
    version: int
    line: int
    item: str
    method: str
    kind: StatementKind
    year: int
    names: Mapping[str, str]
    keys: tuple[Key, ...]
    calculation: Calculation
    budget: int | None = None
    paid: Mapping[str, int] = field(default_factory=dict)
    payable_to: str = ""
    before: Mapping[str, Decimal] = field(default_factory=dict)
    damped_from: int | None = None
    replaces: int | None = None
    because: str = ""

    @property
    def settlements(self) -> tuple[Settlement, ...]:
        """What each party still owes or gets back; of a budget, that nothing was paid yet."""
        return true_up(self.calculation, self.paid)


@dataclass(frozen=True, kw_only=True)
class YearFigures:
    """What somebody says of a year so that it can be stated: sums in pence, parties by code.

    `year` is that in which the financial year begins. Of a true-up `total` is what was really
    spent, `use` what was really used, and `paid` what each party has paid: None is what the budget
    asked of it. `because` says why an earlier statement of the same year is corrected.
    """

    year: int
    kind: StatementKind
    total: int | None = None
    weights: Mapping[str, Decimal] = field(default_factory=dict)
    use: Mapping[str, Decimal] = field(default_factory=dict)
    before: Mapping[str, Decimal] = field(default_factory=dict)
    paid: Mapping[str, int] | None = None
    because: str = ""


@dataclass(frozen=True, kw_only=True)
class Needed:
    """What somebody must say before a line of a costs schedule can be shared."""

    total: bool
    weights: bool
    use: bool
    before: bool


def needed(cost: CostTerms, kind: StatementKind, *, is_damped_already: bool = False) -> Needed:
    """Return what must be said for a statement of this kind.

    A price for use makes the sum of a budget; at the year's end the sum is what was really spent.
    """
    formula = Formula(cost.formula)
    is_priced = formula is Formula.USE and bool(cost.unit_price)
    return Needed(
        total=not is_priced or kind is StatementKind.TRUE_UP,
        weights=formula in (Formula.NET_REVENUE_EXPENDITURE, Formula.PERCENTAGES)
        and not cost.weights,
        use=cost.fixed_percent is not None or (formula is Formula.USE and not cost.weights),
        before=bool(cost.damping_years) and not is_damped_already,
    )


def work_out(
    cost: CostTerms,
    *,
    key: Key,
    use: Key | None = None,
    total: int | None = None,
    damping: Damping | None = None,
) -> Calculation:
    """Share a year of one line of a costs schedule. Without `total`, its unit price makes the sum.

    Raises CannotShare as `Method.share`, and for a line without a price that is given no sum.
    """
    caps = {} if cost.most is None else {EVERY: amount(cost.most)}
    collars = {EVERY: amount(cost.least)} if cost.least else {}
    if total is None:
        if not cost.unit_price or key.formula is not Formula.USE:
            raise CannotShare("Say the sum that is to be shared.")
        limits = limits_of(0, key.weights.keys(), caps=caps, collars=collars)
        return charge_use(Decimal(cost.unit_price) / _PENCE, key, limits=limits)
    method = Method(
        key=key,
        fixed_percent=None if cost.fixed_percent is None else Decimal(cost.fixed_percent),
        variable=use,
        caps=caps,
        collars=collars,
        damping=damping,
    )
    return method.share(total)


def settle(spent: Calculation, *, budgeted: Calculation | None, savings: Key | None) -> Calculation:
    """Return what each party has to pay of what was really spent.

    Where the agreement splits savings by a key of their own, and less was spent than budgeted,
    each pays its share of the budget less its part of the saving; else its share of what was spent.
    """
    if savings is None or budgeted is None or spent.total >= budgeted.total:
        return spent
    return share_saving(budgeted, spent.total, savings)


def method_words(cost: CostTerms) -> str:
    """Return how a line is shared as one sentence, without the numbers of any year."""
    formula = Formula(cost.formula)
    words = formula.label[0].lower() + formula.label[1:]
    if cost.year is not None:
        words += f" (figures of {cost.year})"
    said = f"Shared by {words}"
    if cost.fixed_percent is not None:
        said = f"{cost.fixed_percent} % fixed and shared by {words}, the rest by actual use"
    if formula is Formula.USE and cost.unit_price:
        said += f", at {pounds(cost.unit_price)} per unit"
        said += f" ({cost.unit})" if cost.unit else ""
    if cost.least:
        said += f"; no party pays less than {pounds(cost.least)}"
    if cost.most is not None:
        said += f"; no party pays more than {pounds(cost.most)}"
    if cost.damping_years:
        said += f"; changes are spread over {cost.damping_years} years"
    if cost.savings_formula:
        saving = Formula(cost.savings_formula).label
        said += f"; what is saved is shared by {saving[0].lower()}{saving[1:]}"
    return f"{said}."


def year_label(year: int) -> str:
    """Return a financial year, which begins on 1 April: 2026 is "2026/27"."""
    return f"{year}/{(year + 1) % 100:02}"


def financial_year(day: date) -> int:
    """Return the calendar year in which the financial year of `day` begins."""
    return day.year if day.month >= _APRIL else day.year - 1


def statement_document(text: StatementText) -> dict[str, Any]:
    """Return a statement as JSON holds it: sums in pence, exact numbers as texts."""
    return {
        "format": 1,
        "reference": text.reference,
        "title": text.title,
        "version": text.version,
        "line": text.line,
        "item": text.item,
        "method": text.method,
        "kind": text.kind.value,
        "year": text.year,
        "names": dict(text.names),
        "keys": [_key_document(key) for key in text.keys],
        "total": text.calculation.total,
        "shares": {share.party: share.pence for share in text.calculation.shares},
        "steps": [
            {"said": step.said, "lines": {line.party: line.said for line in step.lines}}
            for step in text.calculation.steps
        ],
        "budget": text.budget,
        "paid": dict(text.paid),
        "payable_to": text.payable_to,
        "before": {party: str(own) for party, own in text.before.items()},
        "damped_from": text.damped_from,
        "replaces": text.replaces,
        "because": text.because,
    }


def statement_text(document: Mapping[str, Any]) -> StatementText:
    """Return the statement that a document holds. Raises KeyError for what is none."""
    told = {name: document[name] for name in _PLAIN}
    return StatementText(
        **told,
        kind=StatementKind(document["kind"]),
        keys=tuple(_key(key) for key in document["keys"]),
        calculation=Calculation(
            total=document["total"],
            shares=tuple(Share(party, own) for party, own in sorted(document["shares"].items())),
            steps=tuple(
                CalculationStep(
                    step["said"],
                    tuple(Line(party, said) for party, said in sorted(step["lines"].items())),
                )
                for step in document["steps"]
            ),
        ),
        before={party: Decimal(own) for party, own in document["before"].items()},
    )


_PLAIN = (
    *("reference", "title", "version", "line", "item", "method", "year", "names", "budget"),
    *("paid", "payable_to", "damped_from", "replaces", "because"),
)


def _key_document(key: Key) -> dict[str, Any]:
    return {
        "formula": key.formula.value,
        "weights": {party: str(weight) for party, weight in key.weights.items()},
        "unit": key.unit,
        "as_at": key.as_at,
        "sources": list(key.sources),
    }


def _key(document: Mapping[str, Any]) -> Key:
    return Key(
        formula=Formula(document["formula"]),
        weights={party: Decimal(weight) for party, weight in document["weights"].items()},
        unit=document["unit"],
        as_at=document["as_at"],
        sources=tuple(document["sources"]),
    )
