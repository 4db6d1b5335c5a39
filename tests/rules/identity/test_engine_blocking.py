"""Blocking: each pair once, no block too large, pairs in proportion to rows, and few lost."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest

from concordat.identity.engine import Blocks, Meaning, People
from concordat.identity.engine.blocking import CAP, WEAK_CAP, affordable_pairs
from tests.rules.identity.conftest import Linked
from tests.rules.identity.engine_registers import COLUMNS, invented_register

Pairs = npt.NDArray[np.int64]


def pairs_of(blocks: Blocks, *, source: npt.NDArray[np.int32] | None = None) -> Pairs:
    """Return all pairs as numbers: smaller row × 2³² + larger row."""
    lots = [left.astype(np.int64) << 32 | right for left, right in blocks.pairs(source=source)]
    return np.concatenate([np.zeros(0, np.int64), *lots])


def test_every_pair_comes_once_and_the_smaller_row_first(families: Linked) -> None:
    pairs = pairs_of(Blocks.of(families.people))
    assert len(np.unique(pairs)) == len(pairs) > 0
    assert ((pairs >> 32) < (pairs & 0xFFFFFFFF)).all()


def test_no_block_is_larger_than_the_cap(families: Linked) -> None:
    blocks = Blocks.of(families.people)
    for place, (_, ends) in enumerate(blocks.members):
        cap = CAP if place < blocks.strong else WEAK_CAP
        assert np.diff(ends, prepend=0).max(initial=0) <= cap


def test_of_many_rows_that_say_the_same_each_is_paired_with_the_first() -> None:
    rows = 3 * CAP
    table = pa.table({"surname": ["smith"] * rows, "forename": ["john"] * rows})
    people = People.from_table(table, {"surname": Meaning.SURNAME, "forename": Meaning.FORENAME})
    assert sorted(pairs_of(Blocks.of(people)).tolist()) == list(range(1, rows))


def _crowded(rows: int) -> People:
    """Return a table of few names, years and towns: nearly every block is too large."""
    random = np.random.default_rng(rows)
    years, months = random.integers(1950, 1953, rows), random.integers(1, 13, rows)
    table = pa.table(
        {
            "forename": random.choice(["john", "mary", "omar", "li"], rows),
            "surname": random.choice(["smith", "patel", "khan", "jones", "evans"], rows),
            "born": [f"{y}-{m:02}-01" for y, m in zip(years, months, strict=True)],
            "town": random.choice(["basildon", "harlow", "southend"], rows),
        }
    )
    means = (Meaning.FORENAME, Meaning.SURNAME, Meaning.DATE_OF_BIRTH, Meaning.TOWN)
    return People.from_table(table, dict(zip(table.column_names, means, strict=True)))


@pytest.mark.parametrize("rows", [2_000, 8_000, 32_000])
def test_a_key_brings_no_more_pairs_than_its_budget(rows: int) -> None:
    blocks = Blocks.of(_crowded(rows))
    for _, ends in blocks.members:
        sizes = np.diff(ends, prepend=0).astype(np.int64)
        assert (sizes * (sizes - 1) // 2).sum() <= affordable_pairs(rows)


def test_the_pairs_of_a_row_stay_in_bounds_when_the_table_grows() -> None:
    for persons in (2_000, 8_000, 20_000):
        register = invented_register(persons, repeats=0.3)
        blocks = Blocks.of(register.people, weak=False)
        most = len(blocks.members) * affordable_pairs(len(register))
        pairs = len(pairs_of(blocks))
        assert pairs <= most
        assert pairs < 30 * len(register)


def test_few_true_pairs_are_lost(families: Linked) -> None:
    pairs = pairs_of(Blocks.of(families.people))
    persons = families.register.persons
    found = int((persons[pairs >> 32] == persons[pairs & 0xFFFFFFFF]).sum())
    assert found >= 0.97 * families.register.true_pairs


def test_only_rows_of_different_sources_are_paired(families: Linked) -> None:
    source = (np.arange(len(families.people)) % 3).astype(np.int32)
    across = pairs_of(Blocks.of(families.people), source=source)
    every = pairs_of(Blocks.of(families.people))
    wanted = every[source[every >> 32] != source[every & 0xFFFFFFFF]]
    assert np.array_equal(np.sort(across), np.sort(wanted))


def test_a_share_of_the_keys_brings_about_that_share_of_the_pairs(families: Linked) -> None:
    blocks = Blocks.of(families.people)
    every = sum(len(left) for left, _ in blocks.pairs())
    some = sum(len(left) for left, _ in blocks.pairs(share=0.5))
    assert some == pytest.approx(every / 2, rel=0.1)


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_a_table_without_pairs_has_none(rows: int) -> None:
    table = pa.table({name: pa.array([""] * rows, pa.string()) for name in COLUMNS})
    assert len(pairs_of(Blocks.of(People.from_table(table, COLUMNS)))) == 0
