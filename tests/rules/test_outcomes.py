"""Outcomes 1 to 22: which need a suspect, which exclude one."""

import pytest

from concordat.records.rules.outcomes import OUTCOMES, check_outcome

NEEDED = {"1", "2", "3", "4", *map(str, range(6, 14)), "15", "16", "17", "22"}
FORBIDDEN = {"14", "18"}


def test_every_outcome_from_0_to_22_is_there_once() -> None:
    assert [outcome.code for outcome in OUTCOMES] == [str(code) for code in range(23)]
    assert all(outcome.label and outcome.group for outcome in OUTCOMES)


@pytest.mark.parametrize("code", [str(code) for code in range(23)])
def test_an_outcome_asks_for_a_suspect_or_excludes_one(code: str) -> None:
    assert bool(check_outcome(code, has_suspect=False)) == (code in NEEDED)
    assert bool(check_outcome(code, has_suspect=True)) == (code in FORBIDDEN)


def test_what_the_framework_does_not_know_asks_nothing() -> None:
    for code in ("", " ", "99", "Under investigation"):
        assert check_outcome(code, has_suspect=False) == ""
        assert check_outcome(code, has_suspect=True) == ""


def test_an_outcome_not_yet_assigned_never_counts() -> None:
    assert [outcome.code for outcome in OUTCOMES if not outcome.counts] == ["0"]


def test_positive_outcomes_are_charges_and_those_out_of_court() -> None:
    positive = {outcome.code for outcome in OUTCOMES if outcome.is_positive}
    assert positive == {"1", "2", "3", "6", "7", "8", "22"}
