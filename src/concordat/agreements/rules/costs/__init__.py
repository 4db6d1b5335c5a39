"""Who pays what: a sum shared in proportion, exact to the penny, with the calculation shown."""

from concordat.agreements.rules.costs.calculations import (
    Calculation,
    CalculationStep,
    Line,
    Settlement,
    Share,
    true_up,
)
from concordat.agreements.rules.costs.keys import Formula, Key, equal_key, figure_day
from concordat.agreements.rules.costs.limits import EVERY, Limits, limits_of
from concordat.agreements.rules.costs.money import amount, pence_of, percent, plain, pounds
from concordat.agreements.rules.costs.sharing import (
    Damping,
    Method,
    charge_use,
    share_cost,
    share_hybrid,
    share_saving,
)
from concordat.agreements.rules.costs.what_if import Option, Outcome, what_if

__all__ = [
    "EVERY",
    "Calculation",
    "CalculationStep",
    "Damping",
    "Formula",
    "Key",
    "Limits",
    "Line",
    "Method",
    "Option",
    "Outcome",
    "Settlement",
    "Share",
    "amount",
    "charge_use",
    "equal_key",
    "figure_day",
    "limits_of",
    "pence_of",
    "percent",
    "plain",
    "pounds",
    "share_cost",
    "share_hybrid",
    "share_saving",
    "true_up",
    "what_if",
]
