"""The schedules of resources, costs and benefits in words."""

from collections.abc import Iterable, Mapping, Sequence

from concordat.agreements.rules import BenefitTerms, CostTerms, ResourceTerms
from concordat.agreements.rules.costs import Formula
from concordat.organisations.queries import OrganisationSummary
from concordat.web.formatting import format_money, plural


def resource_rows(
    lines: Iterable[ResourceTerms], bodies: Mapping[str, OrganisationSummary]
) -> list[list[str]]:
    """Return what is pooled, whose it is, and on which terms. `bodies` is by code."""
    return [
        [line.resource, bodies[line.provider].name if line.provider in bodies else "", line.terms]
        for line in lines
    ]


def benefit_rows(lines: Iterable[BenefitTerms]) -> list[list[str]]:
    """Return what is hoped for, how it is measured, and the target."""
    return [[line.benefit, line.measure, line.target] for line in lines]


def cost_rows(lines: Iterable[CostTerms]) -> list[list[str]]:
    """Return what is paid for, how it is shared, and within which limits."""
    return [[line.item, formula_text(line), limits_text(line)] for line in lines]


def formula_text(line: CostTerms) -> str:
    """Return the formula of a cost in words."""
    if line.formula not in set(Formula):
        return "Not settled"
    formula = Formula(line.formula)
    text = formula.label
    if formula.is_published:
        text += f", figures of {line.year}" if line.year else ", the latest figures"
    if line.weights:
        text += ": " + ", ".join(f"{code} {weight}" for code, weight in line.weights.items())
    if line.fixed_percent is not None:
        text = f"{line.fixed_percent} % by {text[:1].lower()}{text[1:]}, the rest by use"
    if line.unit_price:
        text += f", {format_money(line.unit_price)} for each {line.unit or 'unit'}"
    return text


def limits_text(line: CostTerms) -> str:
    """Return collar, cap, damping and what becomes of savings, in words; "" without any."""
    said: Sequence[str] = (
        f"each pays at least {format_money(line.least)}" if line.least else "",
        f"none pays more than {format_money(line.most)}" if line.most is not None else "",
        f"damped over {plural(line.damping_years, 'year')}" if line.damping_years else "",
        f"savings shared by {Formula(line.savings_formula).label.lower()}"
        if line.savings_formula in set(Formula)
        else "",
    )
    text = "; ".join(part for part in said if part)
    return text[:1].upper() + text[1:]
