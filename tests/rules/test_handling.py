"""Grades and handling codes of intelligence: what is allowed under each, and to whom."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concordat.access.rules import RecordKind
from concordat.records.rules.handling import (
    ACTIONS,
    SANITISATIONS,
    Handling,
    check,
    handling_of,
    kind_under,
    may_cite,
    may_disclose,
    settled_kind,
    step_down,
)

OPEN = Handling(source_evaluation="1", assessment="A", handling_code="P")


def conditional(action: str = "A1", sanitisation: str = "S1", use: str = "") -> Handling:
    return Handling(
        source_evaluation="2",
        assessment="B",
        handling_code="C",
        action=action,
        sanitisation=sanitisation,
        action_use=use,
    )


def test_a_graded_report_under_p_stands() -> None:
    assert check(OPEN) == ()


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("sanitisation", SANITISATIONS)
def test_under_c_an_action_and_a_sanitisation_code_are_mandatory(
    action: str, sanitisation: str
) -> None:
    assert check(conditional(action, sanitisation, "Arrest at the address")) == ()
    assert len(check(conditional("", sanitisation))) == 1
    assert len(check(conditional(action, "", "Arrest"))) == 1
    assert len(check(conditional("", ""))) == 2


def test_under_p_both_codes_are_forbidden() -> None:
    both = Handling(source_evaluation="1", assessment="A", handling_code="P",
                    action="A2", sanitisation="S1")  # fmt: skip
    assert check(both) == (
        "Under handling code P there is no action code.",
        "Under handling code P there is no sanitisation code.",
    )


def test_what_is_not_graded_does_not_stand() -> None:
    assert len(check(Handling())) == 3
    assert check(Handling(source_evaluation="4", assessment="F", handling_code="P")) == (
        "The source evaluation must be 1, 2 or 3.",
        "The intelligence assessment must be A, B, C, D or E.",
    )


@pytest.mark.parametrize("marking", ["SECRET", "TOP SECRET", "UK SECRET"])
def test_what_is_marked_secret_is_refused_and_never_shared(marking: str) -> None:
    secret = Handling(source_evaluation="1", assessment="A", handling_code="P", marking=marking)
    assert "may not be held here" in check(secret)[0]
    assert not may_disclose(
        secret, by_originator=True, sanitised=True, originator_agrees=True
    ).allowed


def test_the_markings_up_to_official_sensitive_stand() -> None:
    sensitive = Handling(source_evaluation="1", assessment="A", handling_code="P",
                         marking="OFFICIAL-SENSITIVE")  # fmt: skip
    assert check(sensitive) == ()
    assert check(Handling(source_evaluation="1", assessment="A", handling_code="P",
                          marking="RESTRICTED"))  # fmt: skip


@pytest.mark.parametrize("sanitised", [True, False])
def test_under_p_anybody_may_share_it(sanitised: bool) -> None:
    answer = may_disclose(OPEN, by_originator=False, sanitised=sanitised, originator_agrees=False)
    assert answer.allowed


@pytest.mark.parametrize("sanitisation", [*SANITISATIONS, ""])
@pytest.mark.parametrize("sanitised", [True, False])
def test_under_c_its_originator_may_share_it_or_agree_to_it(
    sanitisation: str, sanitised: bool
) -> None:
    report = conditional(sanitisation=sanitisation)
    for own, agrees in ((True, False), (False, True)):
        answer = may_disclose(
            report, by_originator=own, sanitised=sanitised, originator_agrees=agrees
        )
        assert answer.allowed


def test_s1_lets_others_share_a_sanitised_text_alone() -> None:
    report = conditional(sanitisation="S1")
    asked = {"by_originator": False, "originator_agrees": False}
    assert may_disclose(report, sanitised=True, **asked).allowed
    assert not may_disclose(report, sanitised=False, **asked).allowed


@pytest.mark.parametrize("sanitisation", ["S2", ""])
@pytest.mark.parametrize("sanitised", [True, False])
def test_s2_lets_nobody_share_it_without_the_originator(sanitisation: str, sanitised: bool) -> None:
    answer = may_disclose(
        conditional(sanitisation=sanitisation),
        by_originator=False,
        sanitised=sanitised,
        originator_agrees=False,
    )
    assert not answer.allowed
    assert "originator" in answer.because


@pytest.mark.parametrize("action", ["A1", ""])
@pytest.mark.parametrize("other_grounds", [True, False])
def test_a1_is_never_cited_in_an_arrest(action: str, other_grounds: bool) -> None:
    assert not may_cite(conditional(action), in_arrest=True, other_grounds=other_grounds).allowed


def test_a2_is_never_the_only_ground_of_an_arrest() -> None:
    assert not may_cite(conditional("A2"), in_arrest=True, other_grounds=False).allowed
    assert may_cite(conditional("A2"), in_arrest=True, other_grounds=True).allowed


def test_a3_is_cited_as_its_owner_specified() -> None:
    answer = may_cite(conditional("A3", use="Arrest him"), in_arrest=True, other_grounds=False)
    assert answer.allowed
    assert "Arrest him" in answer.because
    assert not may_cite(conditional("A3"), in_arrest=True, other_grounds=True).allowed


@pytest.mark.parametrize("action", [*ACTIONS, ""])
def test_outside_an_arrest_every_report_may_be_combined(action: str) -> None:
    assert may_cite(conditional(action), in_arrest=False, other_grounds=False).allowed
    assert may_cite(OPEN, in_arrest=True, other_grounds=False).allowed


def test_a_review_lifts_the_conditions() -> None:
    lifted = step_down(conditional("A3", "S2", "Arrest him"))
    assert check(lifted) == ()
    assert lifted.handling_code == "P"
    with pytest.raises(ValueError, match="handling code C"):
        step_down(lifted)


def test_the_handling_code_decides_what_kind_a_report_is() -> None:
    assert kind_under("c") is RecordKind.INTELLIGENCE_CONDITIONAL
    assert kind_under("") is RecordKind.INTELLIGENCE
    conditions = RecordKind.INTELLIGENCE_CONDITIONAL
    assert settled_kind(RecordKind.INTELLIGENCE, {"handling_code": "C"}) is conditions
    assert settled_kind(conditions, {}) is conditions
    assert settled_kind(RecordKind.CRIME, {"handling_code": "C"}) is RecordKind.CRIME


def test_a_report_that_does_not_say_its_code_has_that_of_its_kind() -> None:
    assert handling_of(RecordKind.INTELLIGENCE, {}).handling_code == "P"
    assert handling_of(RecordKind.INTELLIGENCE_CONDITIONAL, {}).handling_code == "C"


@given(
    handling=st.builds(
        Handling,
        handling_code=st.sampled_from(["C", "", "X"]),
        action=st.sampled_from([*ACTIONS, "", "A9"]),
        sanitisation=st.sampled_from([*SANITISATIONS, "", "S9"]),
    ),
    sanitised=st.booleans(),
)
def test_what_is_in_doubt_is_handled_as_the_strictest(handling: Handling, sanitised: bool) -> None:
    shared = may_disclose(
        handling, by_originator=False, sanitised=sanitised, originator_agrees=False
    )
    assert shared.allowed == (handling.sanitisation == "S1" and sanitised)
    cited = may_cite(handling, in_arrest=True, other_grounds=False)
    assert not cited.allowed
