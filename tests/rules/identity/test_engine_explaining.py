"""Explanations: the parts sum to the score, and the words say what the parts do."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concordat.identity.engine import (
    Explanation,
    People,
    Scorer,
    bits_of,
    default_model,
    explain,
    probability,
)
from tests.rules.identity.conftest import Linked

_PERSONS = st.fixed_dictionaries(
    {},
    optional={
        "forename": st.sampled_from(["robert", "bob", "r", "susan", "khan", "robret", "imran"]),
        "surname": st.sampled_from(["smith", "smyth", "khan", "imran", "patel", "obrien"]),
        "middle_names": st.sampled_from(["james", "j", "robert"]),
        "date_of_birth": st.sampled_from(
            ["1987-05-03", "1987-03-05", "1987-01-01", "1987-00-00", "1988-05-03", "1961-11-11"]
        ),
        "sex": st.sampled_from("mfx"),
        "postcode": st.sampled_from(["SS12AB", "SS12AD", "SS94XY", "CM11AA"]),
        "house": st.sampled_from(["4", "14a"]),
        "street": st.sampled_from(["high street", "mill lane"]),
        "town": st.sampled_from(["basildon", "bazildon", "harlow"]),
        "phone": st.sampled_from(["+447700900123", "+447700900132"]),
        "pnc_id": st.sampled_from(["2001/1234567K", "2001/1234568X"]),
        "nino": st.sampled_from(["QQ123456C", "QQ123456D"]),
    },
)


def _sums_up(explanation: Explanation) -> None:
    total = sum(part.bits + part.rarity_bits for part in explanation.parts)
    assert total == pytest.approx(explanation.bits, abs=1e-6)
    assert explanation.probability == pytest.approx(probability(explanation.bits))


@settings(max_examples=80, deadline=None)
@given(st.lists(_PERSONS, min_size=2, max_size=5))
def test_the_parts_sum_to_the_score(persons: list[dict[str, str]]) -> None:
    people = People.from_features(persons)
    for right in range(1, len(persons)):
        explanation = explain(people, default_model(), 0, right)
        _sums_up(explanation)
        names = [part.name for part in explanation.parts]
        assert names[0] == "Prior"
        assert len(set(names)) == len(names)


def test_pairs_of_a_batch_are_explained_with_the_score_they_had(families: Linked) -> None:
    linkage = families.linkage
    for pair in range(0, len(linkage.bits), 40):
        left, right = int(linkage.left[pair]), int(linkage.right[pair])
        explanation = explain(families.people, families.model, left, right)
        _sums_up(explanation)
        assert explanation.bits == pytest.approx(float(linkage.bits[pair]), abs=1e-4)


def _explained(one: dict[str, str], other: dict[str, str]) -> Explanation:
    return Scorer(default_model(), rows=100_000).explain(one, other)


def test_a_part_has_both_values_and_the_level() -> None:
    explanation = _explained(
        {"forename": "bob", "surname": "smith", "date_of_birth": "1987-05-03"},
        {"forename": "robert", "surname": "smith", "date_of_birth": "1987-03-05"},
    )
    parts = {part.name: part for part in explanation.parts}
    assert (parts["Forename"].left, parts["Forename"].right) == ("bob", "robert")
    assert parts["Forename"].level == "nickname"
    assert parts["Surname"].level == "same"
    assert parts["Date of birth"].level == "day and month swapped"
    assert parts["Date of birth"].left == "1987-05-03"


def test_the_words_say_what_was_found() -> None:
    words = _explained(
        {"forename": "bob", "surname": "smith", "date_of_birth": "1987-05-03", "sex": "m"},
        {"forename": "robert", "surname": "smith", "date_of_birth": "1987-03-05", "sex": "m"},
    ).words
    assert "Bob and Robert (nickname)" in words
    assert "surname (Smith)" in words
    assert "day and month swapped (1987-05-03 and 1987-03-05)" in words
    assert words.endswith(".")
    assert words[0].isupper()


def test_every_level_but_a_sex_that_the_name_tells_is_in_the_words(families: Linked) -> None:
    linkage = families.linkage
    for pair in range(0, len(linkage.bits), 60):
        left, right = int(linkage.left[pair]), int(linkage.right[pair])
        explanation = explain(families.people, families.model, left, right)
        for part in explanation.parts[1:]:
            if part.name not in {"Kin", "Sex"}:
                assert part.name.lower() in explanation.words.lower() or (
                    part.name == "Date of birth" and "dates of birth" in explanation.words
                )


def test_kin_take_back_what_kin_would_share() -> None:
    home = {"surname": "quilbrace", "postcode": "SS12AB", "house": "4"}
    explanation = _explained(
        {**home, "forename": "robert", "date_of_birth": "1987-05-03"},
        {**home, "forename": "susan", "date_of_birth": "1985-11-21"},
    )
    kin = [part.bits for part in explanation.parts if part.name == "Kin"]
    assert kin[0] < -3
    assert "members of one family" in explanation.words
    assert explanation.probability < 0.1


def test_nothing_in_common_to_compare_leaves_the_prior_alone() -> None:
    explanation = _explained({"forename": "robert"}, {"surname": "smith"})
    assert [part.name for part in explanation.parts] == ["Prior"]
    assert explanation.words == ""
    assert explanation.bits < -10


@given(st.floats(0.001, 0.999))
def test_bits_and_probabilities_are_each_others_inverse(chance: float) -> None:
    assert probability(bits_of(chance)) == pytest.approx(chance)


def test_probabilities_stay_between_none_and_one_whatever_the_bits() -> None:
    assert probability(1e9) == pytest.approx(1)
    assert probability(-1e9) == pytest.approx(0)
    assert probability(0) == 0.5
