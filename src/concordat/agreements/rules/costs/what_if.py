"""What each party would pay, get, and pay alone, under one formula or another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from concordat.agreements.errors import CannotShare
from concordat.agreements.rules.costs.calculations import Calculation, Share
from concordat.agreements.rules.costs.keys import Key
from concordat.agreements.rules.costs.sharing import Method, share_saving


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one option means for one party, in pence; None where nobody said.

    `alone` is what the party would pay by itself for the same, `gets` what the benefit is worth
    to it.
    """

    party: str
    pays: int
    alone: int | None = None
    gets: int | None = None

    @property
    def saves(self) -> int | None:
        """What it saves by not going alone; below 0 it would do better alone."""
        return None if self.alone is None else self.alone - self.pays

    @property
    def gains(self) -> int | None:
        """What it gets beyond what it pays; below 0 it pays more than it gets."""
        return None if self.gets is None else self.gets - self.pays

    @property
    def is_worse_off(self) -> bool:
        """Whether the party has a reason not to join: alone is cheaper, or it gets less."""
        return (self.saves or 0) < 0 or (self.gains or 0) < 0


@dataclass(frozen=True, kw_only=True)
class Option:
    """One way to share a sum: its name, the calculation, and what it means for each party.

    `refused` says why it can't be worked out; then there is no calculation.
    """

    name: str
    calculation: Calculation | None
    outcomes: tuple[Outcome, ...] = ()
    refused: str = ""

    @property
    def worse_off(self) -> tuple[str, ...]:
        """The parties that would do better without it."""
        return tuple(one.party for one in self.outcomes if one.is_worse_off)

    def of(self, party: str) -> Outcome | None:
        """Return what the option means for `party`; None if it can't be worked out."""
        return next((one for one in self.outcomes if one.party == party), None)


def what_if(
    total: int,
    methods: Mapping[str, Method | str],
    *,
    alone: Mapping[str, int] | None = None,
    gets: Mapping[str, int] | None = None,
    savings: Sequence[Key] = (),
) -> tuple[Option, ...]:
    """Compare ways to share `total` pence, by their names, in the order given.

    A method that is a text stands for why there is none. Each key of `savings` adds an option in
    which every party pays what it would alone, less its part of what they save together; it needs
    `alone` of all. No party does worse by those than alone, as long as together is cheaper.
    """
    alone, gets = alone or {}, gets or {}
    options = [_option(name, total, method, alone, gets) for name, method in methods.items()]
    for key in savings:
        name = f"Saving shared by {key.title[0].lower()}{key.title[1:]}"
        if missing := sorted(set(key.weights) - set(alone)):
            said = f"It needs what each party would pay alone: not said of {', '.join(missing)}."
            options.append(Option(name=name, calculation=None, refused=said))
            continue
        own = Calculation(
            total=sum(alone[party] for party in key.weights),
            shares=tuple(Share(party, alone[party]) for party in sorted(key.weights)),
            steps=(),
        )
        options.append(_with_outcomes(name, share_saving(own, total, key), alone, gets))
    return tuple(options)


def _option(
    name: str,
    total: int,
    method: Method | str,
    alone: Mapping[str, int],
    gets: Mapping[str, int],
) -> Option:
    if isinstance(method, str):
        return Option(name=name, calculation=None, refused=method)
    try:
        calculation = method.share(total)
    except CannotShare as refusal:
        return Option(name=name, calculation=None, refused=str(refusal))
    return _with_outcomes(name, calculation, alone, gets)


def _with_outcomes(
    name: str, calculation: Calculation, alone: Mapping[str, int], gets: Mapping[str, int]
) -> Option:
    outcomes = tuple(
        Outcome(
            party=share.party,
            pays=share.pence,
            alone=alone.get(share.party),
            gets=gets.get(share.party),
        )
        for share in calculation.shares
    )
    return Option(name=name, calculation=calculation, outcomes=outcomes)
