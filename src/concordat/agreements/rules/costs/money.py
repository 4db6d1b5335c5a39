"""Money and numbers as they are read and written: pence inside, pounds outside."""

import re
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from concordat.agreements.errors import CannotShare

_AMOUNT = re.compile(r"[0-9]{1,15}(\.[0-9]{1,2})?")
PENCE = 100
PERCENT = 100


def pence_of(text: str) -> int:
    """Read an amount of pounds, such as 32000000, £32,000,000 or 12.50. Raises CannotShare."""
    plain = text.strip().removeprefix("£").replace(",", "")
    if not _AMOUNT.fullmatch(plain):
        raise CannotShare(
            f"“{text}” is not an amount in pounds, zero or more, with at most two decimals."
        )
    return int(Decimal(plain) * PENCE)


def amount(pence: int) -> str:
    """Return pence as pounds for programs: 727294754 is "7272947.54"."""
    whole, rest = divmod(abs(pence), PENCE)
    return f"{'-' if pence < 0 else ''}{whole}.{rest:02}"


def pounds(pence: int) -> str:
    """Return pence as pounds for people: 727294754 is "£7,272,947.54"."""
    whole, rest = divmod(abs(pence), PENCE)
    return f"{'−' if pence < 0 else ''}£{whole:,}.{rest:02}"


def half_up(exact: Fraction) -> int:
    """Return the nearest whole number, a half rounded up, as finance rounds."""
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def summed(values: Iterable[Fraction]) -> Fraction:
    """Return the sum of fractions, which of none is the fraction 0."""
    return sum(values, Fraction(0))


def percent(part: Fraction) -> str:
    """Return a part of 1 as people read it: "22.7280 %"."""
    return f"{_rounded(part * PERCENT, 4)} %"


def exact_pounds(pence: Fraction) -> str:
    """Return an amount that is not yet whole pence, to a ten-thousandth of one: "£0.757466"."""
    return f"{'−' if pence < 0 else ''}£{_rounded(abs(pence) / PENCE, 6)}"


def plain(value: Fraction) -> str:
    """Return a number with thousands marked and no more decimals than it has, up to six."""
    return _rounded(value, 6).rstrip("0").rstrip(".")


def _rounded(value: Fraction, places: int) -> str:
    whole, rest = divmod(round(value * 10**places), 10**places)
    return f"{whole:,}.{rest:0{places}}"
