"""Methods of sharing: against a spreadsheet, under any caps and collars, and side by side."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from concordat.agreements.errors import CannotShare
from concordat.agreements.rules.costs import (
    EVERY,
    Calculation,
    Damping,
    Formula,
    Key,
    Limits,
    Method,
    amount,
    equal_key,
    limits_of,
    share_cost,
    share_saving,
    what_if,
)

CASES = Path(__file__).parent / "cost_cases.xlsx"
PARTIES = ["bedfordshire", "cambridgeshire", "essex", "hertfordshire", "kent", "norfolk", "suffolk"]
HEAD_ROW = 10

totals = st.integers(min_value=0, max_value=10**11)
numbers = st.decimals(min_value=0, max_value=10**8, places=2)


def by(weights: Mapping[str, Decimal | int], formula: Formula = Formula.POPULATION) -> Key:
    return Key(formula=formula, weights={party: Decimal(own) for party, own in weights.items()})


def paid(calculation: Calculation) -> dict[str, int]:
    return {share.party: share.pence for share in calculation.shares}


# --- the spreadsheet ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """One sheet: its numbers above the table, and the table by column and party."""

    total: int
    fixed: Decimal
    damping: tuple[int, int]
    cells: dict[str, dict[str, Any]]

    def column(self, name: str) -> dict[str, Decimal]:
        """Return the numbers of a column that are not nothing, by party."""
        return {p: Decimal(str(value)) for p, value in self.cells[name].items() if value}

    def method(self) -> Method:
        """Return the method that the sheet describes."""
        year, years = self.damping
        weights = {p: Decimal(str(value)) for p, value in self.cells["Weight"].items()}
        return Method(
            key=by(weights),
            fixed_percent=self.fixed if self.fixed != 100 else None,
            variable=by(self.column("Use"), Formula.USE) if self.fixed != 100 else None,
            caps={p: str(value) for p, value in self.column("Most (£)").items()},
            collars={p: str(value) for p, value in self.column("Least (£)").items()},
            damping=Damping(before=self.column("Before"), year=year, years=years)
            if years
            else None,
        )


def read_case(sheet: Any) -> Case:
    head = [cell.value for cell in sheet[HEAD_ROW]]
    rows = [row for row in sheet.iter_rows(min_row=HEAD_ROW + 1, values_only=True) if row[0]]
    cells = {name: {row[0]: row[at] for row in rows} for at, name in enumerate(head)}
    above = {row[0]: row[1] for row in sheet.iter_rows(min_row=3, max_row=9, values_only=True)}
    return Case(
        total=round(above["Sum (£)"] * 100),
        fixed=Decimal(str(above["Fixed (%)"])),
        damping=(above["Damping: year"], above["Damping: years"]),
        cells=cells,
    )


def cases() -> dict[str, Case]:
    workbook = openpyxl.load_workbook(CASES, data_only=True)
    return {sheet.title: read_case(sheet) for sheet in workbook.worksheets[1:]}


@pytest.mark.parametrize("name", cases())
def test_a_method_shares_as_the_spreadsheet_does(name: str) -> None:
    case = cases()[name]
    shares = case.method().share(case.total)
    assert {party: amount(own) for party, own in paid(shares).items()} == {
        party: f"{value:.2f}" for party, value in case.cells["Pays (£)"].items()
    }


def test_what_the_spreadsheet_says_is_calculated_in_it_by_formulas() -> None:
    for sheet in openpyxl.load_workbook(CASES).worksheets[1:]:
        columns = [str(cell.value) for cell in sheet[HEAD_ROW]]
        for row in sheet.iter_rows(min_row=HEAD_ROW + 1, values_only=True):
            assert all(str(value).startswith("=") for value in row[columns.index("Damped") :])


# --- caps and collars for any sum -----------------------------------------------------------------


def held_at(multiple: Fraction, exact: dict[str, Fraction], limits: dict[str, Limits]) -> Fraction:
    return sum(
        (
            max(min(multiple * share, Fraction(limits[p].most or 0)), Fraction(limits[p].least))
            for p, share in exact.items()
        ),
        Fraction(0),
    )


@st.composite
def limited_sums(draw: st.DrawFn) -> tuple[int, dict[str, Decimal], dict[str, Limits]]:
    """A sum, weights above nothing, and a cap and collar for each party that the sum can meet."""
    weights = draw(
        st.dictionaries(st.sampled_from(PARTIES), numbers.map(lambda n: n + 1), min_size=1)
    )
    pairs = st.tuples(
        st.integers(min_value=0, max_value=10**10), st.integers(min_value=0, max_value=10**10)
    )
    drawn = {party: draw(pairs) for party in weights}
    limits = {party: Limits(least=min(pair), most=max(pair)) for party, pair in drawn.items()}
    low = sum(limit.least for limit in limits.values())
    high = sum(limit.most or 0 for limit in limits.values())
    return draw(st.integers(min_value=low, max_value=high)), weights, limits


@given(limited_sums())
def test_within_limits_each_share_is_within_a_penny_of_what_goal_seeking_finds(
    drawn: tuple[int, dict[str, Decimal], dict[str, Limits]],
) -> None:
    total, weights, limits = drawn
    shares = paid(share_cost(total, by(weights), limits=limits))
    assert sum(shares.values()) == total
    whole = sum(map(Fraction, weights.values()))
    exact = {party: total * Fraction(own) / whole for party, own in weights.items()}
    if not total:
        return
    low, high = (
        Fraction(0),
        max(
            (Fraction(limits[p].most or 0) / share for p, share in exact.items()),
            default=Fraction(1),
        ),
    )
    for _ in range(160):
        middle = (low + high) / 2
        low, high = (middle, high) if held_at(middle, exact, limits) < total else (low, middle)
    for party, share in exact.items():
        limit = limits[party]
        sought = max(min(high * share, Fraction(limit.most or 0)), Fraction(limit.least))
        assert abs(shares[party] - sought) <= Fraction(1) + Fraction(1, 10**6)
        assert limit.least <= shares[party] <= (limit.most or 0)


@given(limited_sums(), st.data())
def test_the_order_of_parties_and_limits_does_not_matter(
    drawn: tuple[int, dict[str, Decimal], dict[str, Limits]], data: st.DataObject
) -> None:
    total, weights, limits = drawn
    order = data.draw(st.permutations(list(weights)))
    again = share_cost(
        total,
        by({party: weights[party] for party in order}),
        limits={party: limits[party] for party in reversed(order)},
    )
    assert again == share_cost(total, by(weights), limits=limits)


@given(
    total=totals,
    numbers_of=st.dictionaries(
        st.sampled_from(PARTIES), st.tuples(numbers, numbers, numbers), min_size=1
    ).filter(lambda of: all(any(own[at] for own in of.values()) for at in range(3))),
    fixed=st.decimals(min_value=0, max_value=100, places=2),
    years=st.tuples(st.integers(1, 6), st.integers(1, 6)),
)
def test_a_damped_mixture_makes_the_sum_and_each_share_is_within_a_penny(
    total: int,
    numbers_of: dict[str, tuple[Decimal, Decimal, Decimal]],
    fixed: Decimal,
    years: tuple[int, int],
) -> None:
    first, second, before = (
        {party: own[at] for party, own in numbers_of.items()} for at in range(3)
    )
    method = Method(
        key=by(first),
        fixed_percent=fixed,
        variable=by(second, Formula.USE),
        damping=Damping(before=before, year=years[0], years=years[1]),
    )
    shares = paid(method.share(total))
    assert sum(shares.values()) == total
    one, two, three = (
        {p: Fraction(own) / sum(map(Fraction, of.values())) for p, own in of.items()}
        for of in (first, second, before)
    )
    part, way = Fraction(fixed) / 100, min(Fraction(*years), Fraction(1))
    for party in shares:
        mixed = part * one[party] + (1 - part) * two[party]
        assert abs(shares[party] - total * (three[party] * (1 - way) + mixed * way)) < 1


# --- caps and collars in words --------------------------------------------------------------------


def test_limits_are_in_pounds_or_per_cent_for_one_party_or_for_every_one() -> None:
    limits = limits_of(
        1001, PARTIES[:3], caps={EVERY: "50 %", "essex": "£2.50"}, collars={"essex": "12.5%"}
    )
    assert limits == {
        "bedfordshire": Limits(least=0, most=501),
        "cambridgeshire": Limits(least=0, most=501),
        "essex": Limits(least=125, most=250),
    }
    assert limits_of(1001, PARTIES) == {}


@given(total=totals, count=st.integers(1, 7))
def test_a_cap_of_the_exact_part_for_all_can_always_be_kept(total: int, count: int) -> None:
    parties = PARTIES[:count]
    part = f"{Decimal(100) / count:.6f}%" if 100 % count == 0 else "100%"
    method = Method(key=equal_key(parties), caps={EVERY: part}, collars={EVERY: "0%"})
    assert sum(paid(method.share(total)).values()) == total


@pytest.mark.parametrize(
    ("caps", "said"),
    [
        ({"norfolk": "5"}, "not among the parties"),
        ({"essex": "a lot"}, "not an amount"),
        ({"essex": "-5%"}, "not an amount"),
        ({EVERY: "10%"}, "caps allow £0.20 in all, less"),
    ],
)
def test_a_cap_that_can_not_be_kept_is_refused(caps: dict[str, str], said: str) -> None:
    with pytest.raises(CannotShare, match=said):
        Method(key=equal_key(["essex", "kent"]), caps=caps).share(100)


def test_a_mixture_needs_both_the_fixed_part_and_the_use() -> None:
    key = equal_key(["essex", "kent"])
    with pytest.raises(CannotShare, match="which per cent is fixed"):
        Method(key=key, variable=key).share(100)
    with pytest.raises(CannotShare, match="how much each party uses"):
        Method(key=key, fixed_percent=Decimal(60)).share(100)


# --- savings --------------------------------------------------------------------------------------


@given(
    budget=totals,
    spent=totals,
    weights=st.dictionaries(st.sampled_from(PARTIES), numbers, min_size=1).filter(
        lambda weights: any(weights.values())
    ),
)
def test_what_was_saved_is_shared_by_its_own_key_and_all_pay_what_was_spent(
    budget: int, spent: int, weights: dict[str, Decimal]
) -> None:
    before = share_cost(budget, by(weights))
    after = share_saving(before, spent, equal_key(list(weights)))
    assert sum(paid(after).values()) == after.total == spent
    for party, own in paid(after).items():
        assert abs(before.of(party) - own - Fraction(budget - spent, len(weights))) < 1


def test_a_saving_is_told_as_what_each_pays_less() -> None:
    before = share_cost(1000, by({"essex": 6, "kent": 4}))
    saved = share_saving(before, 900, equal_key(["essex", "kent"]))
    assert paid(saved) == {"essex": 550, "kent": 350}
    assert saved.steps[-1].said == (
        "Instead of £10.00 it is £9.00: £1.00 less. The saving is shared by equal shares:"
    )
    assert saved.steps[-1].lines[0].said == "£0.50 less: £5.50"
    more = share_saving(before, 1100, equal_key(["essex", "kent"]))
    assert paid(more) == {"essex": 650, "kent": 450}
    assert "£1.00 more. The excess" in more.steps[-1].said
    with pytest.raises(CannotShare, match="those who share the cost"):
        share_saving(before, 900, equal_key(["essex"]))
    with pytest.raises(CannotShare, match="zero or more"):
        share_saving(before, -1, equal_key(["essex", "kent"]))


# --- what if --------------------------------------------------------------------------------------


def test_each_option_says_what_every_party_pays_saves_and_gains() -> None:
    key = by({"essex": 6, "kent": 4})
    options = what_if(
        1000,
        {"By people": Method(key=key), "By use": "Nobody said how much each uses."},
        alone={"essex": 500, "kent": 700},
        gets={"essex": 800},
        savings=[equal_key(["essex", "kent"])],
    )
    people, use, saving = options
    essex, kent = people.outcomes
    assert (essex.pays, essex.saves, essex.gains, essex.is_worse_off) == (600, -100, 200, True)
    assert (kent.pays, kent.saves, kent.gains, kent.is_worse_off) == (400, 300, None, False)
    assert people.worse_off == ("essex",)
    assert (use.calculation, use.refused) == (None, "Nobody said how much each uses.")
    assert [one.pays for one in saving.outcomes] == [400, 600]
    assert (saving.worse_off, saving.name) == ((), "Saving shared by equal shares")
    assert people.of("kent") == kent
    assert use.of("kent") is None


def test_an_option_that_can_not_be_worked_out_says_why_and_the_others_stand() -> None:
    key = equal_key(["essex", "kent"])
    capped = Method(key=key, caps={EVERY: "1"})
    refused, equal, saving = what_if(
        1000, {"Capped": capped, "Equal": Method(key=key)}, alone={"kent": 5}, savings=[key]
    )
    assert "caps allow £2.00 in all" in refused.refused
    assert [one.pays for one in equal.outcomes] == [500, 500]
    assert saving.refused.endswith("not said of essex.")


@given(
    total=totals,
    alone=st.dictionaries(st.sampled_from(PARTIES), totals, min_size=1),
)
def test_who_shares_the_saving_never_does_worse_than_alone_where_together_is_cheaper(
    total: int, alone: dict[str, int]
) -> None:
    (option,) = what_if(total, {}, alone=alone, savings=[equal_key(list(alone))])
    assert sum(one.pays for one in option.outcomes) == total
    if total <= sum(alone.values()):
        assert option.worse_off == ()
    for one in option.outcomes:
        assert abs((one.saves or 0) - floor(Fraction(sum(alone.values()) - total, len(alone)))) <= 1
