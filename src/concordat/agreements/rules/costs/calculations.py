"""What a sum shared looks like: the shares, and how they came about, step by step."""

from collections.abc import Mapping
from dataclasses import dataclass, field


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
    """What one party pays, in pence. Below 0 it gets that much."""

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


def true_up(due: Calculation, paid: Mapping[str, int]) -> tuple[Settlement, ...]:
    """Return what each party still owes or gets back at the year's end, by party code.

    `paid` is in pence. The balances make the actual sum less all that was paid, to the penny.
    """
    parties = sorted({share.party for share in due.shares} | set(paid))
    return tuple(
        Settlement(party=party, due=due.of(party), paid=paid.get(party, 0)) for party in parties
    )


def lines(said: Mapping[str, str]) -> tuple[Line, ...]:
    """Return what a step says of each party, by party code."""
    return tuple(Line(party, said[party]) for party in sorted(said))
