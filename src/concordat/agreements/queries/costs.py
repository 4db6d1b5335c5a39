"""Sharing a cost among bodies, by published figures or by numbers that somebody gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from concordat.agreements.errors import CannotShare
from concordat.agreements.rules.costs import (
    EVERY,
    Calculation,
    Damping,
    Formula,
    Key,
    Method,
    Option,
    charge_use,
    equal_key,
    figure_day,
    what_if,
)
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.organisations.queries import (
    FigureSummary,
    OrganisationSummary,
    figures,
    organisation,
    organisations,
)
from concordat.organisations.rules import Measure, OrganisationKind

_PUBLISHED = {
    Formula.POPULATION: Measure.POPULATION,
    Formula.OFFICERS: Measure.POLICE_OFFICERS_FTE,
    Formula.BUDGET: Measure.BUDGET_REQUIREMENT,
}
"""The formulas whose numbers are published figures; for the others somebody gives them."""

_UNITS = {"GBP_m": "million pounds", "FTE": "full-time equivalents"}
_Told = TypeVar("_Told")


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Ways to share a sum among bodies, side by side. Shares name bodies by their codes."""

    total: int
    bodies: tuple[OrganisationSummary, ...]
    options: tuple[Option, ...]


@dataclass(frozen=True, kw_only=True)
class Sharer:
    """A body that can share a cost, and whether all published figures are known of it."""

    body: OrganisationSummary
    has_figures: bool


def cost_shares(
    actor: Actor,
    *,
    total: int,
    formula: Formula,
    parties: Sequence[str],
    year: int | None = None,
    weights: Mapping[str, Decimal] | None = None,
    fixed_percent: Decimal | None = None,
    use: Mapping[str, Decimal] | None = None,
    caps: Mapping[str, str] | None = None,
    collars: Mapping[str, str] | None = None,
    damping: Damping | None = None,
) -> Calculation:
    """Share `total` pence among bodies, named as `organisation` reads them, with the calculation.

    Population, officers and budget come from published figures of `year`; without it, of the
    latest day that all parties have. For net revenue expenditure, use and percentages `weights`
    are given, by party. With `fixed_percent` that part is shared so and the rest by `use`. `caps`
    and `collars` are as `limits_of` reads them. Raises UnknownOrganisation; CannotShare for a
    party named twice, a figure that is not there, and weights that are missing, not wanted or of
    others than the parties.
    """
    with acting(actor):
        bodies = _bodies(parties or list(weights or use or ()))
        method = Method(
            key=cost_key(formula, bodies, year=year, weights=weights),
            fixed_percent=fixed_percent,
            variable=_given_key(Formula.USE, bodies, use) if use else None,
            caps=_by_code(caps or {}),
            collars=_by_code(collars or {}),
            damping=_damping(damping),
        )
    return method.share(total)


def use_charges(
    actor: Actor, *, unit_price: Decimal, use: Mapping[str, Decimal], unit: str = ""
) -> Calculation:
    """Charge bodies for what they used, at a price in pounds. Raises as `cost_shares` does."""
    with acting(actor):
        key = Key(formula=Formula.USE, weights=_by_code(use), unit=unit)
    return charge_use(unit_price, key)


def compare_costs(
    actor: Actor,
    *,
    total: int,
    parties: Sequence[str],
    formulas: Sequence[Formula],
    year: int | None = None,
    weights: Mapping[Formula, Mapping[str, Decimal]] | None = None,
    fixed_percent: Decimal | None = None,
    caps: Mapping[str, str] | None = None,
    collars: Mapping[str, str] | None = None,
    alone: Mapping[str, int] | None = None,
    gets: Mapping[str, int] | None = None,
    savings: Sequence[Formula] = (),
) -> Comparison:
    """Share `total` pence among bodies in several ways, side by side.

    `weights` are the numbers of formulas without published figures. With `fixed_percent` and
    numbers of use, a mixture of each other formula and use is added. `alone` and `gets` are what
    each body would pay by itself and what it gets, in pence. A formula that can't be worked out
    says why in its place. Raises UnknownOrganisation; CannotShare for a body named twice.
    """
    with acting(actor):
        bodies = _bodies(parties)
        keys = {
            formula: _key_or_refusal(formula, bodies, year, (weights or {}).get(formula))
            for formula in dict.fromkeys([*formulas, *savings, Formula.USE])
        }
        limits = (_by_code(caps or {}), _by_code(collars or {}))
        own, worth = _by_code(alone or {}), _by_code(gets or {})
    options = what_if(
        total,
        _methods({formula: keys[formula] for formula in formulas}, limits)
        | _mixtures(keys, formulas, fixed_percent, limits),
        alone=own,
        gets=worth,
        savings=[key for formula in savings if isinstance(key := keys[formula], Key)],
    )
    return Comparison(total=total, bodies=bodies, options=options)


_Limits = tuple[Mapping[str, str], Mapping[str, str]]
"""Caps and collars, in words."""


def _methods(keys: Mapping[Formula, Key | str], limits: _Limits) -> dict[str, Method | str]:
    caps, collars = limits
    return {
        formula.label if isinstance(key, str) else key.title: key
        if isinstance(key, str)
        else Method(key=key, caps=caps, collars=collars)
        for formula, key in keys.items()
    }


def _mixtures(
    keys: Mapping[Formula, Key | str],
    formulas: Sequence[Formula],
    fixed_percent: Decimal | None,
    limits: _Limits,
) -> dict[str, Method | str]:
    """Return, for each other formula, the mixture of it and use."""
    caps, collars = limits
    use = keys[Formula.USE]
    if fixed_percent is None or isinstance(use, str):
        return {}
    return {
        f"{fixed_percent} % {formula.label.lower()}, the rest by use": Method(
            key=key, fixed_percent=fixed_percent, variable=use, caps=caps, collars=collars
        )
        for formula in formulas
        if formula is not Formula.USE and isinstance(key := keys[formula], Key)
    }


def sharers(actor: Actor) -> tuple[Sharer, ...]:
    """Return the forces that can share a cost today: those with published figures first."""
    with acting(actor):
        found = []
        for body in organisations(kind=OrganisationKind.FORCE):
            known = {row.measure for row in figures(body.id)}
            if body.valid_until is None:
                has_figures = known.issuperset(_PUBLISHED.values())
                found.append(Sharer(body=body, has_figures=has_figures))
    return tuple(sorted(found, key=lambda one: (not one.has_figures, one.body.name)))


def cost_key(
    formula: Formula,
    bodies: Sequence[OrganisationSummary],
    *,
    year: int | None = None,
    weights: Mapping[str, Decimal] | None = None,
) -> Key:
    """Return the numbers by which `formula` shares among bodies. Called inside `acting`.

    Raises CannotShare as `cost_shares` does.
    """
    if weights and not formula.is_given:
        raise CannotShare(f"{formula.label} takes no weights.")
    if formula.is_published:
        return _published_key(formula, bodies, year)
    if year is not None:
        raise CannotShare(f"{formula.label} takes no year: no published figures are used.")
    if formula is Formula.EQUAL:
        return equal_key([body.code for body in bodies])
    return _given_key(formula, bodies, weights or {})


def _key_or_refusal(
    formula: Formula,
    bodies: Sequence[OrganisationSummary],
    year: int | None,
    weights: Mapping[str, Decimal] | None,
) -> Key | str:
    """Return a key, or why there is none, so that the other formulas can be compared."""
    try:
        asked = year if formula.is_published else None
        return cost_key(formula, bodies, year=asked, weights=weights)
    except CannotShare as refusal:
        return str(refusal)


def _bodies(named: Sequence[str]) -> tuple[OrganisationSummary, ...]:
    bodies = tuple(organisation(name) for name in named)
    if len({body.code for body in bodies}) < len(bodies):
        raise CannotShare("A party is named twice.")
    return bodies


def _by_code(told: Mapping[str, _Told]) -> dict[str, _Told]:
    """Return what is said of each party by its code, however it was named."""
    found = {name if name == EVERY else organisation(name).code: own for name, own in told.items()}
    if len(found) < len(told):
        raise CannotShare("A party is named twice.")
    return found


def _damping(damping: Damping | None) -> Damping | None:
    if damping is None:
        return None
    before = _by_code(damping.before)
    return Damping(before=before, year=damping.year, years=damping.years)


def _given_key(
    formula: Formula, bodies: Sequence[OrganisationSummary], weights: Mapping[str, Decimal]
) -> Key:
    given = {organisation(name).code: weight for name, weight in weights.items()}
    if len(given) < len(weights) or set(given) != {body.code for body in bodies}:
        raise CannotShare(f"{formula.label} needs one weight for each party.")
    return Key(formula=formula, weights=given)


def _published_key(
    formula: Formula, bodies: Sequence[OrganisationSummary], year: int | None
) -> Key:
    if not bodies:
        raise CannotShare("Name at least one party to share among.")
    measure = _PUBLISHED[formula]
    found: dict[str, dict[date, FigureSummary]] = {
        body.code: {row.as_at: row for row in figures(body.id) if row.measure is measure}
        for body in bodies
    }
    days = {body.name: found[body.code].keys() for body in bodies}
    day = figure_day(days, year=year, called=formula.label.lower())
    rows = {code: of_body[day] for code, of_body in found.items()}
    units = sorted({row.unit for row in rows.values()})
    if len(units) > 1:
        raise CannotShare(f"The figures are in different units: {', '.join(units)}.")
    return Key(
        formula=formula,
        weights={code: row.value for code, row in rows.items()},
        unit=_UNITS.get(units[0], units[0]),
        as_at=f"{day.day} {day:%B %Y}",
        sources=tuple(sorted({row.source for row in rows.values()})),
    )
