"""Caps and collars: the most and the least that a party pays, and what that means for the rest."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from concordat.agreements.errors import CannotShare
from concordat.agreements.rules.costs.calculations import CalculationStep, lines
from concordat.agreements.rules.costs.money import (
    PERCENT,
    exact_pounds,
    pence_of,
    pounds,
    summed,
)

EVERY = ""
"""The name under which a cap or collar holds for every party that has none of its own."""

_PER_CENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,6})?) ?%")


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The least (collar) and the most (cap) that one party pays, in pence; None is no limit."""

    least: int = 0
    most: int | None = None


def limits_of(
    total: int,
    parties: Collection[str],
    *,
    caps: Mapping[str, str] | None = None,
    collars: Mapping[str, str] | None = None,
) -> dict[str, Limits]:
    """Read caps and collars, by party or for `EVERY` one, in pounds or per cent of the sum.

    A part of a penny that a percentage makes widens the limit. Raises CannotShare for what is
    neither an amount nor a percentage, and for a party that is none.
    """
    caps, collars = caps or {}, collars or {}
    for party in (*caps, *collars):
        if party != EVERY and party not in parties:
            raise CannotShare(f"There is a limit for {party}, which is not among the parties.")
    if not caps and not collars:
        return {}
    found = {}
    for party in parties:
        most = caps.get(party, caps.get(EVERY, ""))
        least = collars.get(party, collars.get(EVERY, ""))
        found[party] = Limits(
            least=floor(_bound(least, total)) if least else 0,
            most=ceil(_bound(most, total)) if most else None,
        )
    return found


def _bound(text: str, total: int) -> Fraction:
    """Return a limit in pence, exactly."""
    if found := _PER_CENT.fullmatch(text.strip()):
        return Fraction(Decimal(found[1])) * total / PERCENT
    return Fraction(pence_of(text))


def limited(
    total: int, exact: Mapping[str, Fraction], limits: Mapping[str, Limits]
) -> tuple[dict[str, Fraction], CalculationStep]:
    """Hold shares within their limits; the others bear or save the difference in proportion.

    Each party pays its limit or the same multiple of its share: one multiple makes the sum.
    Raises CannotShare for limits that contradict each other or the sum.
    """
    for party, limit in limits.items():
        if party not in exact:
            raise CannotShare(f"There is a limit for {party}, which is not among the parties.")
        if limit.least < 0 or (limit.most is not None and limit.most < limit.least):
            raise CannotShare(f"The limits of {party} contradict each other.")
    multiple = _multiple(total, exact, limits)
    held = _held(multiple, exact, limits)
    said = {
        party: exact_pounds(share) + _why(share, limits.get(party, Limits()))
        for party, share in held.items()
    }
    title = "Within caps and collars; the others bear or save the difference in proportion:"
    return held, CalculationStep(title, lines(said))


def _why(share: Fraction, limit: Limits) -> str:
    if limit.most == share:
        return ", the most it pays"
    return ", the least it pays" if limit.least == share and limit.least else ""


def _held(
    multiple: Fraction, exact: Mapping[str, Fraction], limits: Mapping[str, Limits]
) -> dict[str, Fraction]:
    held = {}
    for party, share in exact.items():
        limit = limits.get(party, Limits())
        most = (
            multiple * share if limit.most is None else min(multiple * share, Fraction(limit.most))
        )
        held[party] = max(most, Fraction(limit.least))
    return held


def _multiple(total: int, exact: Mapping[str, Fraction], limits: Mapping[str, Limits]) -> Fraction:
    """Return the multiple of all shares at which, held within their limits, they make `total`.

    The sum grows in straight lines between the multiples at which a limit begins or ends to bind.
    """
    bends = {
        Fraction(bound) / exact[party]
        for party, limit in limits.items()
        for bound in (limit.least, limit.most)
        if bound is not None and exact[party]
    }
    start = Fraction(0)
    at_start = summed(_held(start, exact, limits).values())
    if at_start > total:
        raise CannotShare(f"The collars ask for {pounds(int(at_start))} in all, more than the sum.")
    for bend in sorted(bends):
        at_bend = summed(_held(bend, exact, limits).values())
        if at_bend >= total:
            rise = at_bend - at_start
            return start + (bend - start) * (total - at_start) / rise if rise else start
        start, at_start = bend, at_bend
    free = sum(share for party, share in exact.items() if limits.get(party, Limits()).most is None)
    if free:
        return start + (total - at_start) / free
    if at_start < total:
        raise CannotShare(f"The caps allow {pounds(int(at_start))} in all, less than the sum.")
    return start
