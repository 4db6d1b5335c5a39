"""Who pays what: a sum shared in proportion, exact to the penny, with the calculation shown.

Sums are whole pence. Between the sum and the shares everything is an exact fraction; whole pence
are made once, at the end, by largest remainder with ties by party code. So the shares of a sum
are that sum, and don't depend on the order in which the parties are named.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from concordat.agreements.errors import CannotShare

_AMOUNT = re.compile(r"[0-9]{1,15}(\.[0-9]{1,2})?")
_PENCE = 100
_PERCENT = 100


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
        if self.formula is Formula.PERCENTAGES and self.whole != _PERCENT:
            raise CannotShare(f"The percentages make {_plain(self.whole)}, not 100.")

    @property
    def whole(self) -> Fraction:
        """All weights together."""
        return _sum(map(Fraction, self.weights.values()))

    def parts(self) -> dict[str, Fraction]:
        """Return each party's exact part of 1, by party code in its order."""
        whole = self.whole
        return {party: Fraction(self.weights[party]) / whole for party in sorted(self.weights)}


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The least (collar) and the most (cap) that one party pays, in pence; None is no limit."""

    least: int = 0
    most: int | None = None


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


@dataclass(frozen=True)
class Line:
    """What one step says of one party."""

    party: str
    said: str


@dataclass(frozen=True)
class CalculationStep:
    """One step of a calculation, ready to be printed: a sentence, and a line for each party."""

    said: str
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Share:
    """What one party pays, in pence."""

    party: str
    pence: int


@dataclass(frozen=True, kw_only=True)
class Calculation:
    """A sum in pence, its shares by party code, which make that sum, and how they came about."""

    total: int
    shares: tuple[Share, ...]
    steps: tuple[CalculationStep, ...] = field(repr=False)

    def of(self, party: str) -> int:
        """Return the pence that `party` pays; nothing if it has no part."""
        return next((share.pence for share in self.shares if share.party == party), 0)


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """A party's year end, in pence. `balance` above 0 is still to pay, below 0 comes back."""

    party: str
    due: int
    paid: int

    @property
    def balance(self) -> int:
        """What is due less what was paid."""
        return self.due - self.paid


def equal_key(parties: Collection[str]) -> Key:
    """Return the key by which all parties pay the same."""
    weights = {party: Decimal(1) for party in parties}
    return Key(formula=Formula.EQUAL, weights=weights, unit="equal parts")


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
    if not fixed_percent.is_finite() or not 0 <= fixed_percent <= _PERCENT:
        raise CannotShare("The fixed part must be between 0 and 100 per cent.")
    if set(fixed.weights) != set(variable.weights):
        raise CannotShare("The fixed and the variable part must be shared by the same parties.")
    part = Fraction(fixed_percent) / _PERCENT
    by_use = variable.parts()
    parts = {party: part * own + (1 - part) * by_use[party] for party, own in fixed.parts().items()}
    said = (
        f"{_plain(part * _PERCENT)} % is fixed and shared by the first key, the rest by the second"
    )
    mixed = CalculationStep(f"{said}.", _lines({p: _percent(own) for p, own in parts.items()}))
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
    exact = Fraction(unit_price) * use.whole * _PENCE
    total = (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
    price = CalculationStep(
        f"At £{_plain(Fraction(unit_price))} each, {_plain(use.whole)} {use.unit}".rstrip()
        + f" cost {pounds(total)}."
    )
    return _finished(total, use.parts(), [_key_step(use), price], limits or {}, None)


def true_up(due: Calculation, paid: Mapping[str, int]) -> tuple[Settlement, ...]:
    """Return what each party still owes or gets back at the year's end, by party code.

    `paid` is in pence. The balances make the actual sum less all that was paid, to the penny.
    """
    parties = sorted({share.party for share in due.shares} | set(paid))
    return tuple(
        Settlement(party=party, due=due.of(party), paid=paid.get(party, 0)) for party in parties
    )


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


def pence_of(text: str) -> int:
    """Read an amount of pounds, such as 32000000, £32,000,000 or 12.50. Raises CannotShare."""
    plain = text.strip().removeprefix("£").replace(",", "")
    if not _AMOUNT.fullmatch(plain):
        raise CannotShare(
            f"“{text}” is not an amount in pounds, zero or more, with at most two decimals."
        )
    return int(Decimal(plain) * _PENCE)


def amount(pence: int) -> str:
    """Return pence as pounds for programs: 727294754 is "7272947.54"."""
    whole, rest = divmod(abs(pence), _PENCE)
    return f"{'-' if pence < 0 else ''}{whole}.{rest:02}"


def pounds(pence: int) -> str:
    """Return pence as pounds for people: 727294754 is "£7,272,947.54"."""
    whole, rest = divmod(abs(pence), _PENCE)
    return f"{'−' if pence < 0 else ''}£{whole:,}.{rest:02}"


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
            _lines({party: _exact_pounds(share) for party, share in exact.items()}),
        )
    )
    if limits:
        exact, step = _limited(total, exact, limits)
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
    whole = _sum(before.values())
    if not whole:
        raise CannotShare("Damping needs what at least one of the parties paid before.")
    way = min(Fraction(damping.year, damping.years), Fraction(1))
    damped = {party: before[party] / whole * (1 - way) + new * way for party, new in parts.items()}
    said = {
        party: f"from {_percent(before[party] / whole)} towards {_percent(new)}:"
        f" {_percent(damped[party])}"
        for party, new in parts.items()
    }
    title = f"Damped over {damping.years} years: {_percent(way)} of the way in this one."
    return damped, CalculationStep(title, _lines(said))


def _limited(
    total: int, exact: Mapping[str, Fraction], limits: Mapping[str, Limits]
) -> tuple[dict[str, Fraction], CalculationStep]:
    """Hold shares within their limits; the others bear or save the difference in proportion.

    Each party pays its limit or the same multiple of its share: one multiple makes the sum.
    """
    for party, limit in limits.items():
        if party not in exact:
            raise CannotShare(f"There is a limit for {party}, which is not among the parties.")
        if limit.least < 0 or (limit.most is not None and limit.most < limit.least):
            raise CannotShare(f"The limits of {party} contradict each other.")
    multiple = _multiple(total, exact, limits)
    held = _held(multiple, exact, limits)
    said = {}
    for party, share in held.items():
        limit = limits.get(party, Limits())
        if limit.most == share:
            why = ", the most it pays"
        elif limit.least == share and limit.least:
            why = ", the least it pays"
        else:
            why = ""
        said[party] = _exact_pounds(share) + why
    title = "Within caps and collars; the others bear or save the difference in proportion:"
    return held, CalculationStep(title, _lines(said))


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
    at_start = _sum(_held(start, exact, limits).values())
    if at_start > total:
        raise CannotShare(f"The collars ask for {pounds(int(at_start))} in all, more than the sum.")
    for bend in sorted(bends):
        at_bend = _sum(_held(bend, exact, limits).values())
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
    return shares, CalculationStep(title, _lines(said))


def _key_step(key: Key) -> CalculationStep:
    whole = f"{_plain(key.whole)} {key.unit}".rstrip()
    title = key.formula.label + (f", {key.as_at}" if key.as_at else "")
    source = f" Source: {'; '.join(key.sources)}." if key.sources else ""
    said = {
        party: f"{_plain(Fraction(key.weights[party]))} of {whole} is {_percent(part)}"
        for party, part in key.parts().items()
    }
    return CalculationStep(f"{title}.{source}", _lines(said))


def _sum(values: Iterable[Fraction]) -> Fraction:
    return sum(values, Fraction(0))


def _lines(said: Mapping[str, str]) -> tuple[Line, ...]:
    return tuple(Line(party, said[party]) for party in sorted(said))


def _percent(part: Fraction) -> str:
    return f"{_rounded(part * _PERCENT, 4)} %"


def _exact_pounds(pence: Fraction) -> str:
    return f"£{_rounded(pence / _PENCE, 6)}"


def _plain(value: Fraction) -> str:
    """Return a number with thousands marked and no more decimals than it has, up to six."""
    text = _rounded(value, 6)
    return text.rstrip("0").rstrip(".")


def _rounded(value: Fraction, places: int) -> str:
    whole, rest = divmod(round(value * 10**places), 10**places)
    return f"{whole:,}.{rest:0{places}}"
