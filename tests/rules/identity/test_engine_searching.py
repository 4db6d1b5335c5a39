"""One person at the keyboard: the same forms, keys and scores as in a batch."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concordat.identity.engine import (
    Field,
    Index,
    Meaning,
    People,
    Scorer,
    default_model,
    explain,
    features_of,
    keys_of,
    link,
    probability,
)
from concordat.identity.engine.searching import keys_of_people
from concordat.identity.rules.frozen import measured
from tests.rules.identity.conftest import Linked
from tests.rules.identity.engine_registers import COLUMNS


def typed(record: dict[str, str]) -> dict[str, str]:
    """Return the features of one record of a register."""
    return features_of({Meaning(name): value for name, value in record.items()})


def test_features_are_what_a_table_of_one_would_say(families: Linked) -> None:
    for row in range(0, len(families.register), 50):
        features = typed(families.register.records[row])
        assert features == {
            field.name.lower(): families.people.value(row, field)
            for field in Field
            if families.people.value(row, field)
        }


def test_features_leave_out_what_says_nothing() -> None:
    assert features_of({}) == {}
    assert features_of({Meaning.SURNAME: " ", Meaning.FORENAME: "n/k", Meaning.PHONE: "-"}) == {}
    assert features_of({Meaning.FULL_NAME: "SMITH, Robert James"}) == {
        "forename": "robert",
        "middle_names": "james",
        "surname": "smith",
    }


def test_keys_are_those_of_the_batch(families: Linked) -> None:
    whole = keys_of_people(families.people)
    rows = range(0, len(families.register), 50)
    alone = keys_of([typed(families.register.records[row]) for row in rows])
    assert alone == [whole[row] for row in rows]


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.sampled_from(list(Meaning)), st.text(max_size=30)))
def test_any_text_has_features_and_keys(values: dict[Meaning, str]) -> None:
    features = features_of(values)
    assert all(features.values())
    again = People.from_features([features])
    assert {f.name.lower(): again.value(0, f) for f in Field if again.value(0, f)} == {
        name: form for name, form in features.items() if form != "0000-00-00"
    }
    assert len(keys_of([features])) == 1


def test_a_scorer_gives_the_scores_of_the_batch_under_one_frozen_model(families: Linked) -> None:
    model = measured(families.model, families.people, version="frozen")
    linkage = link(families.people, model)
    scorer = Scorer(model, rows=len(families.people))
    records = [typed(record) for record in families.register.records]
    for pair in range(0, len(linkage.bits), 60):
        left, right = int(linkage.left[pair]), int(linkage.right[pair])
        alone = scorer.bits(records[left], [records[right]])
        assert float(alone[0]) == pytest.approx(float(linkage.bits[pair]), abs=0.01)


def test_an_index_gives_the_scores_of_the_batch(families: Linked) -> None:
    index = Index(families.people, families.model)
    for row in range(0, len(families.people), 100):
        found = index.who_is(typed(families.register.records[row]), limit=20)
        assert row in [one.row for one in found]
        assert [one.bits for one in found] == sorted((one.bits for one in found), reverse=True)
        for one in found:
            expected = explain(families.people, families.model, row, one.row)
            assert one.bits == pytest.approx(expected.bits, abs=1e-3)
            assert one.probability == pytest.approx(probability(one.bits))


def test_an_index_finds_the_other_records_of_a_person(families: Linked) -> None:
    index = Index(families.people, families.model)
    persons = families.register.persons
    wanted = got = 0
    for row in range(0, len(families.people), 10):
        others = set(np.flatnonzero(persons == persons[row]).tolist()) - {row}
        found = {one.row for one in index.who_is(typed(families.register.records[row]))}
        wanted += len(others)
        got += len(others & found)
    assert got >= 0.85 * wanted


def test_an_index_is_asked_for_names_it_has_never_seen(families: Linked) -> None:
    index = Index(families.people, families.model)
    record = families.register.records[0]
    slipped = typed(record | {"surname": record["surname"][:-1] + "zq", "forename": "Zaphod"})
    for _ in range(3):  # what was asked before leaves no trace
        found = index.who_is(slipped)
        assert found == index.who_is(slipped)
        index.who_is(typed(families.register.records[1] | {"surname": "Xyzzyington-Smythe"}))
    assert np.isfinite([one.bits for one in found]).all()


def test_an_index_knows_nobody_who_says_nothing(families: Linked) -> None:
    index = Index(families.people, families.model)
    assert index.who_is({}) == []
    assert index.who_is({"forename": "zaphod"}) == []


def test_an_index_of_an_empty_table_finds_nobody() -> None:
    people = People.from_features([])
    assert Index(people, default_model()).who_is({"surname": "smith"}) == []


def test_values_are_read_back_as_they_were_encoded(families: Linked) -> None:
    assert set(COLUMNS) <= {meaning.value for meaning in Meaning}
    again = People.from_features([typed(record) for record in families.register.records[:50]])
    for row in range(50):
        for field in Field:
            assert again.value(row, field) == families.people.value(row, field)
