"""Costs in proportion: exact to the penny, fair, and worked out in the open."""

import csv
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from concordat.agreements.errors import CannotShare
from concordat.agreements.rules.costs import (
    Calculation,
    Damping,
    Formula,
    Key,
    Limits,
    amount,
    charge_use,
    equal_key,
    figure_day,
    pence_of,
    pounds,
    share_cost,
    share_hybrid,
    true_up,
)

GOLDEN = Path(__file__).parent / "cost_shares.csv"
PARTIES = ["bedfordshire", "cambridgeshire", "essex", "hertfordshire", "kent", "norfolk", "suffolk"]

totals = st.integers(min_value=0, max_value=10**13)
numbers = st.decimals(min_value=0, max_value=10**8, places=2)
some_weights = st.dictionaries(st.sampled_from(PARTIES), numbers, min_size=1).filter(
    lambda weights: any(weights.values())
)


def by(weights: Mapping[str, Decimal | int], formula: Formula = Formula.POPULATION) -> Key:
    return Key(formula=formula, weights={party: Decimal(own) for party, own in weights.items()})


def paid(calculation: Calculation) -> dict[str, int]:
    return {share.party: share.pence for share in calculation.shares}


def exact(total: int, weights: Mapping[str, Decimal]) -> dict[str, Fraction]:
    whole = sum(map(Fraction, weights.values()))
    return {party: total * Fraction(own) / whole for party, own in weights.items()}


# --- for any sum and any parties ------------------------------------------------------------------


@given(total=totals, weights=some_weights)
def test_the_shares_are_the_sum_each_within_a_penny_of_the_exact_share(
    total: int, weights: dict[str, Decimal]
) -> None:
    shares = paid(share_cost(total, by(weights)))
    assert sum(shares.values()) == total
    assert shares.keys() == weights.keys()
    for party, share in exact(total, weights).items():
        assert abs(shares[party] - share) < 1


def assert_fair(shares: dict[str, int], weights: dict[str, Decimal]) -> None:
    """A larger weight never pays less; of equal ones the earlier code may bear a penny more."""
    order = sorted(weights, key=lambda party: (-weights[party], party))
    payments = [shares[party] for party in order]
    assert payments == sorted(payments, reverse=True)


@given(total=totals, weights=some_weights)
def test_a_larger_weight_never_pays_less(total: int, weights: dict[str, Decimal]) -> None:
    assert_fair(paid(share_cost(total, by(weights))), weights)


@given(total=totals, weights=some_weights, data=st.data())
def test_the_order_of_the_parties_does_not_matter(
    total: int, weights: dict[str, Decimal], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(list(weights)))
    assert share_cost(total, by({party: weights[party] for party in order})) == share_cost(
        total, by(weights)
    )


@given(total=totals, weights=some_weights, limits=st.data())
def test_any_limits_are_kept_or_refused(
    total: int, weights: dict[str, Decimal], limits: st.DataObject
) -> None:
    pence = st.integers(min_value=0, max_value=max(total, 1))
    drawn = limits.draw(st.dictionaries(st.sampled_from(sorted(weights)), st.tuples(pence, pence)))
    bounds = {party: Limits(least=min(pair), most=max(pair)) for party, pair in drawn.items()}
    reachable = [p for p in weights if weights[p] or p in bounds]
    top = [
        (bounds[p].most if weights[p] else bounds[p].least) if p in bounds else total
        for p in reachable
    ]
    can = sum(one.least for one in bounds.values()) <= total <= sum(own or 0 for own in top)
    if not can:
        with pytest.raises(CannotShare, match=r"in all, (more|less) than the sum"):
            share_cost(total, by(weights), limits=bounds)
        return
    shares = paid(share_cost(total, by(weights), limits=bounds))
    assert sum(shares.values()) == total
    for party, bound in bounds.items():
        assert bound.least <= shares[party] <= (bound.most or 0)


@given(total=totals, weights=some_weights, data=st.data())
def test_under_one_cap_and_collar_for_all_a_larger_weight_never_pays_less(
    total: int, weights: dict[str, Decimal], data: st.DataObject
) -> None:
    bearing = sum(weight > 0 for weight in weights.values())
    least = data.draw(st.integers(min_value=0, max_value=total // len(weights)))
    most = data.draw(st.integers(min_value=-(-total // bearing), max_value=total))
    limits = dict.fromkeys(weights, Limits(least=least, most=most))
    assert_fair(paid(share_cost(total, by(weights), limits=limits)), weights)


@given(total=totals, weights=some_weights)
def test_limits_that_do_not_bind_change_nothing(total: int, weights: dict[str, Decimal]) -> None:
    limits = dict.fromkeys(weights, Limits(least=0, most=total))
    key = by(weights)
    assert share_cost(total, key, limits=limits).shares == share_cost(total, key).shares


@given(total=totals, weights=some_weights, percent=st.decimals(0, 100, places=3), data=st.data())
def test_a_hybrid_is_the_sum_and_within_a_penny_of_both_parts_together(
    total: int, weights: dict[str, Decimal], percent: Decimal, data: st.DataObject
) -> None:
    use = {party: data.draw(numbers) for party in weights}
    assume(any(use.values()))
    mixed = share_hybrid(total, fixed_percent=percent, fixed=by(weights), variable=by(use))
    part = Fraction(percent) / 100
    fixed, variable = exact(total, weights), exact(total, use)
    assert sum(paid(mixed).values()) == total
    for party, share in paid(mixed).items():
        assert abs(share - part * fixed[party] - (1 - part) * variable[party]) < 1


@given(total=totals, weights=some_weights, before=some_weights, years=st.integers(1, 9))
def test_damped_shares_are_the_sum_and_lie_between_old_and_new(
    total: int, weights: dict[str, Decimal], before: dict[str, Decimal], years: int
) -> None:
    old = {party: before.get(party, Decimal(0)) for party in weights}
    assume(any(old.values()))
    was, will = exact(total, old), exact(total, weights)
    for year in range(1, years + 1):
        damping = Damping(before=before, year=year, years=years)
        shares = paid(share_cost(total, by(weights), damping=damping))
        assert sum(shares.values()) == total
        for party, share in shares.items():
            assert min(was[party], will[party]) - 1 < share < max(was[party], will[party]) + 1
    assert shares == paid(share_cost(total, by(weights))), "the last year has the new shares"


@given(total=totals, weights=some_weights, data=st.data())
def test_balances_of_the_year_end_make_the_sum_less_what_was_paid(
    total: int, weights: dict[str, Decimal], data: st.DataObject
) -> None:
    prepaid = data.draw(st.dictionaries(st.sampled_from(PARTIES), totals))
    settled = true_up(share_cost(total, by(weights)), prepaid)
    assert sum(one.balance for one in settled) == total - sum(prepaid.values())
    assert {one.party for one in settled} == set(weights) | set(prepaid)


@given(price=st.decimals(0, 10**5, places=4), use=some_weights)
def test_use_is_charged_at_its_price_to_the_nearest_penny(
    price: Decimal, use: dict[str, Decimal]
) -> None:
    charged = charge_use(price, by(use, Formula.USE))
    assert sum(paid(charged).values()) == charged.total
    for party, share in paid(charged).items():
        assert abs(share - Fraction(price) * Fraction(use[party]) * 100) < Fraction(3, 2)


@given(pence=totals)
def test_an_amount_written_is_read_as_itself(pence: int) -> None:
    assert pence_of(amount(pence)) == pence_of(pounds(pence)) == pence


# --- golden cases ---------------------------------------------------------------------------------


def golden_cases() -> dict[str, list[dict[str, str]]]:
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {case: list(of_case) for case, of_case in groupby(rows, key=lambda row: row["case"])}


@pytest.mark.parametrize("case", golden_cases())
def test_the_shares_are_those_of_the_spreadsheet(case: str) -> None:
    rows = golden_cases()[case]
    limits = {
        row["party"]: Limits(
            least=pence_of(row["least"] or "0"),
            most=pence_of(row["most"]) if row["most"] else None,
        )
        for row in rows
        if row["least"] or row["most"]
    }
    weights = {row["party"]: Decimal(row["weight"]) for row in rows}
    key = by(weights, Formula(rows[0]["by"]))
    shares = paid(share_cost(pence_of(rows[0]["total"]), key, limits=limits))
    assert {party: amount(own) for party, own in shares.items()} == {
        row["party"]: row["amount"] for row in rows
    }


def test_ties_are_broken_by_the_code_of_the_party() -> None:
    assert paid(share_cost(2, equal_key(["kent", "suffolk", "essex"]))) == {
        "essex": 1, "kent": 1, "suffolk": 0,
    }  # fmt: skip


def test_use_at_a_unit_price_half_a_penny_goes_up() -> None:
    assert charge_use(Decimal("0.125"), by({"kent": 1})).total == 13
    flown = charge_use(Decimal("1250.50"), by({"kent": 3, "essex": 2}, Formula.USE))
    assert paid(flown) == {"essex": 250_100, "kent": 375_150}


def test_damping_goes_a_third_of_the_way_each_year() -> None:
    before = {"essex": Decimal(90), "kent": Decimal(10), "gone": Decimal(50)}
    key = by({"essex": 3, "kent": 7})
    dampings = [Damping(before=before, year=year, years=3) for year in (1, 2, 3, 4)]
    damped = [share_cost(9000, key, damping=damping).of("essex") for damping in dampings]
    assert damped == [6300, 4500, 2700, 2700]


def test_a_cap_holds_under_damping_too() -> None:
    damping = Damping(before={"essex": Decimal(1)}, year=1, years=2)
    key = by({"essex": 1, "kent": 1})
    capped = share_cost(1000, key, damping=damping, limits={"essex": Limits(most=600)})
    assert paid(capped) == {"essex": 600, "kent": 400}


def test_true_up_says_who_pays_and_who_gets_back() -> None:
    due = share_cost(1000, by({"essex": 6, "kent": 4}))
    balances = {one.party: one.balance for one in true_up(due, {"essex": 700, "norfolk": 5})}
    assert balances == {"essex": -100, "kent": 400, "norfolk": -5}


# --- the calculation shown ------------------------------------------------------------------------


def test_the_calculation_is_shown_step_by_step() -> None:
    key = Key(
        formula=Formula.POPULATION,
        weights={"kent": Decimal("1793053.00"), "essex": Decimal("1793535.00")},
        unit="people",
        as_at="30 June 2015",
        sources=("ONS",),
    )
    damping = Damping(before={"kent": Decimal(1)}, year=1, years=2)
    limits = {"kent": Limits(most=70)}
    told = share_cost(101, key, damping=damping, limits=limits).steps
    assert told[0].said == "Population, 30 June 2015. Source: ONS."
    assert [line.party for line in told[0].lines] == ["essex", "kent"]
    assert told[0].lines[0].said == "1,793,535 of 3,586,588 people is 50.0067 %"
    assert told[1].said == "Damped over 2 years: 50.0000 % of the way in this one."
    assert told[1].lines[1].said == "from 100.0000 % towards 49.9933 %: 74.9966 %"
    assert told[2].lines[1].said == "£0.757466"
    assert told[3].lines[1].said == "£0.700000, the most it pays"
    assert told[4].said.endswith("nothing is left over; together that is £1.01.")
    assert [line.said for line in told[4].lines] == ["£0.31", "£0.70"]


def test_the_pence_left_over_and_the_collar_are_named() -> None:
    limits = {"suffolk": Limits(least=1)}
    told = share_cost(100, by({"essex": 5, "kent": 5, "suffolk": 0}), limits=limits).steps
    assert told[-2].lines[2].said == "£0.010000, the least it pays"
    assert told[-1].said.startswith("Rounded down to whole pence, 1 penny is left over")
    assert told[-1].lines[0].said == "£0.50, with one of the pence left over"


def test_a_price_and_a_mixture_are_told() -> None:
    use = Key(formula=Formula.USE, weights={"kent": Decimal("2.5")}, unit="hours")
    assert charge_use(Decimal("1000.10"), use).steps[1].said == (
        "At £1,000.10 each, 2.5 hours cost £2,500.25."
    )
    mixed = share_hybrid(100, fixed_percent=Decimal(60), fixed=by({"kent": 1}), variable=use)
    assert mixed.steps[2].said.startswith("60 % is fixed")


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weights", "formula", "said"),
    [
        ({}, Formula.POPULATION, "at least one party"),
        ({"essex": -1, "kent": 2}, Formula.USE, "weight of essex"),
        ({"essex": Decimal("nan")}, Formula.USE, "weight of essex"),
        ({"essex": 0}, Formula.USE, "All weights are zero"),
        ({"essex": 60, "kent": 41}, Formula.PERCENTAGES, "make 101, not 100"),
    ],
)
def test_a_key_that_says_nothing_is_refused(
    weights: dict[str, Decimal], formula: Formula, said: str
) -> None:
    with pytest.raises(CannotShare, match=said):
        by(weights, formula)


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"essex": Limits(least=5, most=4)}, "contradict"),
        ({"essex": Limits(least=-1)}, "contradict"),
        ({"norfolk": Limits(most=4)}, "not among the parties"),
        ({"essex": Limits(least=101)}, "collars ask for £1.01 in all, more"),
        ({"essex": Limits(most=40), "kent": Limits(most=59)}, "caps allow £0.99 in all, less"),
    ],
)
def test_limits_that_can_not_be_kept_are_refused(limits: dict[str, Limits], said: str) -> None:
    with pytest.raises(CannotShare, match=said):
        share_cost(100, by({"essex": 1, "kent": 1}), limits=limits)


@pytest.mark.parametrize(
    ("damping", "said"),
    [
        (Damping(before={"essex": Decimal(1)}, year=0, years=3), "from 1"),
        (Damping(before={"gone": Decimal(1)}, year=1, years=3), "at least one"),
        (Damping(before={"essex": Decimal(-1)}, year=1, years=3), "zero or more"),
    ],
)
def test_damping_that_means_nothing_is_refused(damping: Damping, said: str) -> None:
    with pytest.raises(CannotShare, match=said):
        share_cost(100, by({"essex": 1}), damping=damping)


def test_a_negative_sum_or_price_and_an_unlike_mixture_are_refused() -> None:
    one, other = by({"essex": 1}), by({"kent": 1})
    with pytest.raises(CannotShare, match="sum to be shared"):
        share_cost(-1, one)
    with pytest.raises(CannotShare, match="unit price"):
        charge_use(Decimal(-1), one)
    with pytest.raises(CannotShare, match="same parties"):
        share_hybrid(1, fixed_percent=Decimal(5), fixed=one, variable=other)
    with pytest.raises(CannotShare, match="between 0 and 100"):
        share_hybrid(1, fixed_percent=Decimal(101), fixed=one, variable=one)


@pytest.mark.parametrize("text", ["", "ten", "-5", "1.005", "1e9", "٣", "NaN", "1" * 16])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(CannotShare, match="not an amount"):
        pence_of(text)


def test_the_day_of_the_figures_is_one_that_all_have() -> None:
    spring, autumn, later = date(2015, 3, 31), date(2015, 9, 30), date(2016, 3, 31)
    days = {"Essex": [spring, autumn, later], "Kent": [spring, later], "Norfolk": [spring, later]}
    assert figure_day(days, year=2015, called="officers") == spring
    assert figure_day(days, year=None, called="officers") == later
    with pytest.raises(CannotShare, match=r"officers for 2014 of Essex, Kent, Norfolk\. .*: 2015,"):
        figure_day(days, year=2014, called="officers")
    with pytest.raises(CannotShare, match=r"for 2015 of the same day for all\. No year has one"):
        figure_day({"Essex": [spring], "Kent": [autumn]}, year=2015, called="officers")
    with pytest.raises(CannotShare, match=r"of officers of Kent\. No year"):
        figure_day({"Essex": [spring], "Kent": []}, year=None, called="officers")
