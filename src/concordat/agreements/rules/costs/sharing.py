"""A sum shared in proportion: by a key, a mixture of two, a price for use, or what was saved.

Sums are whole pence. Between the sum and the shares everything is an exact fraction; whole pence
are made once, at the end, by largest remainder with ties by party code. So the shares of a sum
are that sum, and don't depend on the order in which the parties are named.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from concordat.agreements.errors import CannotShare
from concordat.agreements.rules.costs.calculations import (
    Calculation,
    CalculationStep,
    Share,
    lines,
)
from concordat.agreements.rules.costs.keys import Key
from concordat.agreements.rules.costs.limits import Limits, limited, limits_of
from concordat.agreements.rules.costs.money import (
    PENCE,
    PERCENT,
    exact_pounds,
    half_up,
    percent,
    plain,
    pounds,
    summed,
)


@dataclass(frozen=True, kw_only=True)
class Damping:
    """A change of shares spread over `years`, of which this is number `year`, counted from 1.

    In year n of N each party has moved n/N of the way from `before`, what it paid until then in
    pence or any other unit, to its new share; from year N on only the new share counts. A party
    that is not in `before` starts from nothing; one that has left counts no more.
    """

    before: Mapping[str, Decimal]
    year: int
    years: int


@dataclass(frozen=True, kw_only=True)
class Method:
    """All that decides how a sum is shared.

    By `key` alone; or, with `fixed_percent`, that much of it by `key` and the rest by `variable`.
    `caps` and `collars` are in words, as `limits_of` reads them.
    """

    key: Key
    fixed_percent: Decimal | None = None
    variable: Key | None = None
    caps: Mapping[str, str] = field(default_factory=dict)
    collars: Mapping[str, str] = field(default_factory=dict)
    damping: Damping | None = None

    @property
    def keys(self) -> tuple[Key, ...]:
        """The keys it shares by: one, or two of a mixture."""
        return (self.key, self.variable) if self.variable else (self.key,)

    def share(self, total: int) -> Calculation:
        """Share `total` pence. Raises CannotShare as `share_cost` and `share_hybrid`."""
        limits = limits_of(total, self.key.weights.keys(), caps=self.caps, collars=self.collars)
        if self.fixed_percent is None:
            if self.variable is not None:
                raise CannotShare("Say which per cent is fixed; the rest is shared by use.")
            return share_cost(total, self.key, limits=limits, damping=self.damping)
        if self.variable is None:
            raise CannotShare("Say how much each party uses: the part not fixed is shared by it.")
        return share_hybrid(
            total,
            fixed_percent=self.fixed_percent,
            fixed=self.key,
            variable=self.variable,
            limits=limits,
            damping=self.damping,
        )


def share_cost(
    total: int,
    key: Key,
    *,
    limits: Mapping[str, Limits] | None = None,
    damping: Damping | None = None,
) -> Calculation:
    """Share `total` pence in proportion to the weights of `key`.

    Damping comes before caps and collars, which therefore always hold. Raises CannotShare for a
    negative sum and for limits or damping that can't be kept.
    """
    return _finished(total, key.parts(), [_key_step(key)], limits or {}, damping)


def share_hybrid(
    total: int,
    *,
    fixed_percent: Decimal,
    fixed: Key,
    variable: Key,
    limits: Mapping[str, Limits] | None = None,
    damping: Damping | None = None,
) -> Calculation:
    """Share `fixed_percent` of `total` pence by one key, and the rest by another, such as use.

    Raises CannotShare as `share_cost`, and for a percentage outside 0 to 100 or unlike parties.
    """
    if not fixed_percent.is_finite() or not 0 <= fixed_percent <= PERCENT:
        raise CannotShare("The fixed part must be between 0 and 100 per cent.")
    if set(fixed.weights) != set(variable.weights):
        raise CannotShare("The fixed and the variable part must be shared by the same parties.")
    part = Fraction(fixed_percent) / PERCENT
    by_use = variable.parts()
    parts = {party: part * own + (1 - part) * by_use[party] for party, own in fixed.parts().items()}
    said = f"{plain(part * PERCENT)} % is fixed and shared by the first key, the rest by the second"
    mixed = CalculationStep(f"{said}.", lines({p: percent(own) for p, own in parts.items()}))
    steps = [_key_step(fixed), _key_step(variable), mixed]
    return _finished(total, parts, steps, limits or {}, damping)


def charge_use(
    unit_price: Decimal, use: Key, *, limits: Mapping[str, Limits] | None = None
) -> Calculation:
    """Charge what was used at `unit_price`, in pounds and as fine as need be.

    The sum is price times use, to the nearest penny (half a penny up); what it leaves of the real
    cost is settled at the year's end by `true_up`. Raises CannotShare as `share_cost`.
    """
    if not unit_price.is_finite() or unit_price < 0:
        raise CannotShare("The unit price must be a number, zero or more.")
    pence = Fraction(unit_price) * PENCE
    total = half_up(pence * use.whole)
    each = pounds(int(pence)) if pence.denominator == 1 else f"£{plain(pence / PENCE)}"
    price = CalculationStep(
        f"At {each} each, {plain(use.whole)} {use.unit}".rstrip() + f" cost {pounds(total)}."
    )
    return _finished(total, use.parts(), [_key_step(use), price], limits or {}, None)


def share_saving(before: Calculation, total: int, key: Key) -> Calculation:
    """Let each party pay what it did `before`, less its part by `key` of what `total` saves.

    Where `total` is not less, each pays more by its part of the difference. A party whose part of
    the saving is more than it paid gets the difference. Raises CannotShare for unlike parties.
    """
    if {share.party for share in before.shares} != set(key.weights):
        raise CannotShare("The saving must be shared by those who share the cost.")
    if total < 0:
        raise CannotShare("A sum to be shared must be zero or more.")
    saving = before.total - total
    parts = share_cost(abs(saving), key)
    sign = 1 if saving >= 0 else -1
    pays = {share.party: share.pence - sign * parts.of(share.party) for share in before.shares}
    word, change = ("saving", "less") if saving >= 0 else ("excess", "more")
    told = CalculationStep(
        f"Instead of {pounds(before.total)} it is {pounds(total)}: {pounds(abs(saving))} {change}. "
        f"The {word} is shared by {key.title[0].lower()}{key.title[1:]}:",
        lines({party: f"{pounds(parts.of(party))} {change}: {pounds(own)}"
               for party, own in pays.items()}),
    )  # fmt: skip
    return Calculation(
        total=total,
        shares=tuple(Share(party, pays[party]) for party in sorted(pays)),
        steps=(*before.steps, *parts.steps, told),
    )


def _finished(
    total: int,
    parts: Mapping[str, Fraction],
    steps: Sequence[CalculationStep],
    limits: Mapping[str, Limits],
    damping: Damping | None,
) -> Calculation:
    """Damp, limit and round the parts of 1 of `total` pence."""
    if total < 0:
        raise CannotShare("A sum to be shared must be zero or more.")
    told = list(steps)
    if damping:
        parts, step = _damped(parts, damping)
        told.append(step)
    exact = {party: total * parts[party] for party in sorted(parts)}
    told.append(
        CalculationStep(
            f"Of {pounds(total)} that is, before it is made whole pence:",
            lines({party: exact_pounds(share) for party, share in exact.items()}),
        )
    )
    if limits:
        exact, step = limited(total, exact, limits)
        told.append(step)
    pence, step = _whole_pence(total, exact)
    shares = tuple(Share(party, pence[party]) for party in sorted(pence))
    return Calculation(total=total, shares=shares, steps=(*told, step))


def _damped(
    parts: Mapping[str, Fraction], damping: Damping
) -> tuple[dict[str, Fraction], CalculationStep]:
    if damping.year < 1 or damping.years < 1:
        raise CannotShare("Damping counts its years from 1.")
    if any(not paid.is_finite() or paid < 0 for paid in damping.before.values()):
        raise CannotShare("What was paid before must be numbers, zero or more.")
    before = {party: Fraction(damping.before.get(party, 0)) for party in parts}
    whole = summed(before.values())
    if not whole:
        raise CannotShare("Damping needs what at least one of the parties paid before.")
    way = min(Fraction(damping.year, damping.years), Fraction(1))
    damped = {party: before[party] / whole * (1 - way) + new * way for party, new in parts.items()}
    said = {
        party: f"from {percent(before[party] / whole)} towards {percent(new)}:"
        f" {percent(damped[party])}"
        for party, new in parts.items()
    }
    title = f"Damped over {damping.years} years: {percent(way)} of the way in this one."
    return damped, CalculationStep(title, lines(said))


def _whole_pence(
    total: int, exact: Mapping[str, Fraction]
) -> tuple[dict[str, int], CalculationStep]:
    """Round down, then give the pence that are left to the largest remainders (ties by code)."""
    pence = {party: share.numerator // share.denominator for party, share in exact.items()}
    left = total - sum(pence.values())
    by_remainder = sorted(exact, key=lambda party: (pence[party] - exact[party], party))
    raised = set(by_remainder[:left])
    shares = {party: pence[party] + (party in raised) for party in pence}
    said = {
        party: pounds(own) + (", with one of the pence left over" if party in raised else "")
        for party, own in shares.items()
    }
    counted = "1 penny is" if left == 1 else f"{left} pence are"
    title = (
        f"Rounded down to whole pence, {counted} left over; the largest remainders bear them, and "
        f"together that is {pounds(total)}."
        if left
        else f"In whole pence nothing is left over; together that is {pounds(total)}."
    )
    return shares, CalculationStep(title, lines(said))


def _key_step(key: Key) -> CalculationStep:
    whole = f"{plain(key.whole)} {key.unit}".rstrip()
    source = f" Source: {'; '.join(key.sources)}." if key.sources else ""
    said = {
        party: f"{plain(Fraction(key.weights[party]))} of {whole} is {percent(part)}"
        for party, part in key.parts().items()
    }
    return CalculationStep(f"{key.title}.{source}", lines(said))
