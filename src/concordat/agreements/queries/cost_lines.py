"""The lines of a costs schedule: who shares each, and by which numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from concordat.agreements.errors import CannotShare
from concordat.agreements.queries.agreements import AgreementDetail, agreement
from concordat.agreements.queries.costs import cost_key
from concordat.agreements.rules import CostTerms
from concordat.agreements.rules.costs import Formula, Key
from concordat.agreements.rules.statements import method_words
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.organisations.queries import OrganisationSummary
from concordat.organisations.rules import OrganisationKind

_APRIL = 4


@dataclass(frozen=True, kw_only=True)
class CostLine:
    """A line of the costs schedule: how it is shared, and in which parts as far as is known now.

    `key` is None where its numbers are said year by year, or where figures are missing: `refused`
    says which.
    """

    number: int
    terms: CostTerms
    method: str
    key: Key | None
    refused: str
    payers: tuple[OrganisationSummary, ...]


def cost_lines(actor: Actor, *, reference: str) -> tuple[CostLine, ...]:
    """Return the costs schedule of an agreement, with the parts that follow from it now.

    Raises UnknownAgreement.
    """
    detail = agreement(actor, reference=reference)
    with acting(actor):
        return lines_of(detail)


def lines_of(detail: AgreementDetail, *, year: int | None = None) -> tuple[CostLine, ...]:
    """Return the costs schedule as it is, or as it stands for a financial year.

    Called inside `acting`.
    """
    found = []
    for number, terms in enumerate(detail.terms.costs, start=1):
        payers = _payers(detail, terms, year)
        key, refused = None, ""
        try:
            key = line_key(terms, payers, weights={}, use={})
        except CannotShare as refusal:
            refused = str(refusal)
        found.append(
            CostLine(
                number=number,
                terms=terms,
                method=method_words(terms),
                key=key,
                refused=refused,
                payers=payers,
            )
        )
    return tuple(found)


def line_key(
    terms: CostTerms,
    payers: Sequence[OrganisationSummary],
    *,
    weights: Mapping[str, Decimal],
    use: Mapping[str, Decimal],
) -> Key:
    """Return the numbers by which a line is shared. Called inside `acting`.

    Those that the schedule fixes go before those that are said of a year. Raises CannotShare for
    numbers that are missing or are none.
    """
    formula = Formula(terms.formula)
    if formula is Formula.USE:
        return use_key(terms, payers, use)
    told = _fixed_weights(terms) or dict(weights)
    year = terms.year if formula.is_published else None
    return cost_key(formula, payers, year=year, weights=told if formula.is_given else None)


def use_key(
    terms: CostTerms, payers: Sequence[OrganisationSummary], use: Mapping[str, Decimal]
) -> Key:
    """Return how much each party used, in the unit of the line. Raises CannotShare."""
    fixed = _fixed_weights(terms) if Formula(terms.formula) is Formula.USE else {}
    told = fixed or dict(use)
    if set(told) != {body.code for body in payers}:
        raise CannotShare("It is shared by use: say how much each party used.")
    return Key(formula=Formula.USE, weights=told, unit=terms.unit)


def savings_key(terms: CostTerms, payers: Sequence[OrganisationSummary], own: Key) -> Key | None:
    """Return the key by which savings are split; None where it is the same as the cost’s.

    Called inside `acting`. Raises CannotShare for a formula that needs numbers of its own.
    """
    if terms.savings_formula in ("", own.formula.value):
        return None
    return cost_key(Formula(terms.savings_formula), payers)


def _fixed_weights(terms: CostTerms) -> dict[str, Decimal]:
    try:
        return {party: Decimal(weight) for party, weight in terms.weights.items()}
    except InvalidOperation:
        raise CannotShare(f"The weights of “{terms.item}” are not all numbers.") from None


def _payers(
    detail: AgreementDetail, terms: CostTerms, year: int | None
) -> tuple[OrganisationSummary, ...]:
    """Return who shares a line: those it weighs, else the forces and services among the parties.

    A policing body pays through its force, so that no area pays twice. A party that had left
    before the year began shares it no more.
    """
    first = date(year, _APRIL, 1) if year else None
    return tuple(
        body
        for body in detail.parties
        if (body.code in terms.weights if terms.weights else _pays(body))
        and not (first and body.id in detail.left and detail.left[body.id] <= first)
    )


def _pays(body: OrganisationSummary) -> bool:
    return body.kind in (OrganisationKind.FORCE, OrganisationKind.FIRE_SERVICE)
