"""One use of every action of costs, and calls that must leave nothing."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from concordat.agreements.actions import draft_agreement, issue_statement, start_agreement
from concordat.agreements.errors import CannotShare, NotAllowedWithCosts
from concordat.agreements.rules import CostTerms
from concordat.agreements.rules.statements import StatementKind, YearFigures
from concordat.base.actor import Actor, Role
from tests.architecture.examples import Example, Failure, Scene
from tests.world import SERVICE, terms

BUDGET: Final = YearFigures(year=2026, kind=StatementKind.BUDGET, total=100_00)


def costed(scene: Scene) -> object:
    """Put an agreement with one cost to be shared into force."""
    assert scene.officer
    cost = CostTerms(item="Joint unit", formula="equal")
    draft_agreement(SERVICE, terms=replace(terms("22A/COST", ["essex", "kent"]), costs=(cost,)))
    return start_agreement(SERVICE, reference="22A/COST")


def finance(scene: Scene) -> Actor:
    """Return the officer, working in finance."""
    return replace(scene.officer, roles=frozenset({Role.FINANCE}))


EXAMPLES_OF_COSTS: Mapping[str, Example] = {
    "agreements.actions.issue_statement": Example(
        given=costed,
        call=lambda scene: issue_statement(
            finance(scene), reference="22A/COST", line=1, figures=BUDGET
        ),
    ),
}

FAILURES_OF_COSTS: Mapping[str, Failure] = {
    "a statement without a sum": Failure(
        error=CannotShare,
        given=costed,
        call=lambda scene: issue_statement(
            finance(scene), reference="22A/COST", line=1, figures=replace(BUDGET, total=None)
        ),
    ),
    "a statement of somebody who has nothing to do with money": Failure(
        error=NotAllowedWithCosts,
        given=costed,
        call=lambda scene: issue_statement(
            scene.officer, reference="22A/COST", line=1, figures=BUDGET
        ),
    ),
}
