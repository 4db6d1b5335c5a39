"""Training without labels: repeatable, near the truth, calibrated; kin are not one person."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest

from concordat.identity.engine import (
    Field,
    Meaning,
    People,
    default_model,
    link,
    probability,
    train,
)
from concordat.identity.engine.model import LEVEL_GROUPS
from tests.rules.identity.conftest import Linked
from tests.rules.identity.engine_registers import COLUMNS, Register


def pairs_in(labels: npt.NDArray[np.int64]) -> int:
    """Return how many pairs of rows share a label."""
    _, counts = np.unique(labels, return_counts=True)
    return int((counts * (counts - 1) // 2).sum())


def accuracy(register: Register, clusters: npt.NDArray[np.int32]) -> tuple[float, float]:
    """Return precision and recall over all pairs of rows."""
    both = pairs_in(register.persons.astype(np.int64) * len(register) + clusters)
    return both / max(pairs_in(clusters.astype(np.int64)), 1), both / register.true_pairs


def test_the_same_people_and_seed_give_the_same_model(strangers: Linked) -> None:
    again = train(strangers.people)
    assert again.as_dict() == strangers.model.as_dict()
    other = train(strangers.people, seed=2)
    assert other.matches == pytest.approx(again.matches, rel=0.05)


def test_the_prior_comes_out_near_the_truth(families: Linked, strangers: Linked) -> None:
    for one in (families, strangers):
        truth = one.register.true_pairs / len(one.register)
        assert one.model.matches == pytest.approx(truth, rel=0.15)


def test_every_group_of_levels_sums_to_one(families: Linked) -> None:
    for model in (families.model, default_model()):
        for table in (model.same, model.kin, model.strangers):
            for field, groups in LEVEL_GROUPS.items():
                for group in groups:
                    assert table[field, list(group)].sum() == pytest.approx(1, abs=0.002)
                    assert (table[field, list(group)] >= 0).all()


def test_fields_that_a_table_lacks_keep_what_was_believed(strangers: Linked) -> None:
    trained, believed = strangers.model, default_model()
    for field in (Field.PNC_ID, Field.EMAIL, Field.BIRTH_PLACE):
        assert (strangers.people.codes[:, field] < 0).all()
        for name in ("same", "kin", "strangers"):
            kept = getattr(trained, name)[field]
            assert kept == pytest.approx(getattr(believed, name)[field], abs=1e-4)


def test_persons_are_found(families: Linked, strangers: Linked) -> None:
    for one in (families, strangers):
        precision, recall = accuracy(one.register, one.linkage.clusters)
        assert precision >= 0.93
        assert recall >= 0.83


def test_where_nobody_has_kin_kin_swallow_no_matches(strangers: Linked) -> None:
    assert strangers.model.kin_pairs < 0.05 * strangers.model.matches
    precision, recall = accuracy(strangers.register, strangers.linkage.clusters)
    assert precision >= 0.95
    assert recall >= 0.9


def test_where_there_are_families_kin_are_expected(families: Linked) -> None:
    assert families.model.kin_pairs > 0.3


_NOBODY = np.zeros(0, np.int64)


def _household(*persons: dict[str, str]) -> list[dict[str, str]]:
    home = {"surname": "Quilbrace", "postcode": "ZX1 1AA", "house": "4", "street": "Myth Lane"}
    return [{**home, "sex": "M", **person} for person in persons]


@pytest.mark.parametrize(
    ("records", "one_person"),
    [
        pytest.param(
            _household(
                {"forename": "Robert", "date_of_birth": "1987-05-23"},
                {"forename": "Daniel", "date_of_birth": "1987-05-23"},
            ),
            False,
            id="twins",
        ),
        pytest.param(
            _household(
                {"forename": "Robert", "date_of_birth": "1961-02-07"},
                {"forename": "Robert", "date_of_birth": "1987-05-23"},
            ),
            False,
            id="parent and child of one name",
        ),
        pytest.param(
            _household(
                {"forename": "Robert", "date_of_birth": "1987-05-23"},
                {"forename": "Susan", "date_of_birth": "1985-11-02", "sex": "F"},
            ),
            False,
            id="couple",
        ),
        pytest.param(
            _household(
                {"forename": "Robert", "date_of_birth": "1987-05-03"},
                {"forename": "Bob", "date_of_birth": "1987-03-05"},
            ),
            True,
            id="one person with a nickname, day and month swapped",
        ),
        pytest.param(
            _household(
                {"forename": "Robert", "date_of_birth": "1987-05-23"},
                {"forename": "Quilbrace", "surname": "Robert", "date_of_birth": "1987-05-23"},
            ),
            True,
            id="one person with the names crossed",
        ),
        pytest.param(
            _household(
                {"forename": "Susan", "date_of_birth": "1987-05-23", "sex": "F"},
                {
                    "forename": "Sue",
                    "surname": "Trennham",
                    "date_of_birth": "1987-05-23",
                    "sex": "F",
                },
            ),
            True,
            id="one person with a married surname",
        ),
    ],
)
def test_near_misses_stay_apart_and_one_person_together(
    families: Linked,
    records: list[dict[str, str]],
    one_person: bool,
) -> None:
    rows = families.register.records + records
    people = People.from_table(Register(rows, _NOBODY, _NOBODY).table, COLUMNS)
    first = len(families.register)
    clusters = link(people, families.model).clusters
    assert (clusters[first] == clusters[first + 1]) == one_person


def test_probabilities_are_what_they_say(families: Linked, strangers: Linked) -> None:
    """Of the pairs with a probability around p, about p are of one person."""
    expected, true = [], []
    for one in (families, strangers):
        linkage, persons = one.linkage, one.register.persons
        expected.append([probability(float(bits)) for bits in linkage.bits])
        true.append(persons[linkage.left] == persons[linkage.right])
    chance, is_true = np.concatenate(expected), np.concatenate(true)
    for low, high in ((0.1, 0.4), (0.4, 0.8), (0.8, 0.98), (0.98, 1.01)):
        here = (chance >= low) & (chance < high)
        assert here.sum() > 30
        assert is_true[here].mean() == pytest.approx(chance[here].mean(), abs=0.2)
    assert is_true[chance >= 0.98].mean() >= 0.98


@pytest.mark.parametrize(
    "surnames",
    [[], ["smith"], ["smith", "smith"], ["", ""], ["smith"] * 500, [""] * 500, ["n/k"] * 3],
)
def test_the_poorest_tables_can_be_trained_on_and_linked(surnames: list[str]) -> None:
    table = pa.table({"surname": pa.array(surnames, pa.string())})
    people = People.from_table(table, {"surname": Meaning.SURNAME})
    model = train(people)
    assert np.isfinite(model.matches)
    linkage = link(people, model)
    assert len(linkage.clusters) == len(surnames)
    assert np.isfinite(linkage.bits).all()
