"""Training a model on a table without labels, by expectation and maximisation (EM).

Among random pairs nearly all are strangers: their levels are counted. The pairs that share a
blocking key are a mixture of one person's records, kin and strangers; EM finds how many of each
there are and how they agree, so that the prior comes out right whatever the size of the table.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from concordat.identity.engine.blocking import Blocks
from concordat.identity.engine.default import default_model
from concordat.identity.engine.kernels.arrays import Ints
from concordat.identity.engine.kernels.expectation import expect
from concordat.identity.engine.kernels.levels import (
    AT_SAME_POSTCODE,
    DIFFERENT,
    LEVELS,
    NEAR,
    NICKNAME,
    ONE_DIGIT,
    OTHER_AT_SAME_POSTCODE,
    SAME,
    SAME_FIRST_JANUARY,
    SWAPPED,
    VERY_NEAR,
    levels_of_pairs,
)
from concordat.identity.engine.kernels.rarity import rarity_of_pairs
from concordat.identity.engine.meanings import FIELDS, IDENTIFIERS, Field
from concordat.identity.engine.model import (
    LEVEL_GROUPS,
    RARITY_SHARE,
    Model,
    Table,
    coincidence,
    rarities,
    shares,
)
from concordat.identity.engine.people import People
from concordat.identity.engine.threads import THREADS

RANDOM_PAIRS: Final = 300_000
TRAINING_PAIRS: Final = 400_000
_ROUNDS: Final = 40
_LEAST_ROUNDS: Final = 5
_SETTLED: Final = 1e-3
_PRIOR_PAIRS: Final = 200.0
"""How many pairs of evidence the starting model is worth, for each field and class."""

_BELIEVED_PAIRS: Final = 2_000.0
"""How many random pairs what the starting model says of strangers is worth."""

_FIRST_JANUARY: Final = 101

_LEAST_LEFT: Final = 0.02
"""Of a level's chance agreements at least this share is left to strangers."""

_KEYED: Final = (Field.PHONE, Field.EMAIL, *IDENTIFIERS)
"""Fields that are keys by themselves: chance agreements on them are found among the pairs."""


_SHARED_BY_KIN: Final = (
    Field.SURNAME,
    Field.POSTCODE,
    Field.HOUSE,
    Field.STREET,
    Field.TOWN,
    Field.REGION,
)
"""What kin share, and how often, is learnt."""

_KIN_ALIKE: Final = {Field.FORENAME: (0.02, 0.15), Field.DATE_OF_BIRTH: (0.01, 0.12)}
"""Kin have forenames and birthdays like strangers, but for namesakes and twins: a share of kin
between these bounds, or else EM would take a person's own records for kin where there are none."""

_ALIKE: Final = {
    Field.FORENAME: (SAME, NICKNAME, VERY_NEAR, NEAR),
    Field.DATE_OF_BIRTH: (SAME, SAME_FIRST_JANUARY, SWAPPED, ONE_DIGIT),
}


@dataclass
class _Sample:
    """Pairs that share a key, and what share of all such pairs they are."""

    levels: npt.NDArray[np.int8]
    rarity: npt.NDArray[np.float32]
    share: float


def train(
    people: People,
    *,
    start: Model | None = None,
    blocks: Blocks | None = None,
    seed: int = 1,
    progress: Callable[[str, float], None] | None = None,
) -> Model:
    """Return a model of these people, trained without labels from the model `start`.

    Fields that the table doesn't have keep what `start` says of them. The same people, start and
    seed give the same model.
    """
    begin = start or default_model()
    if len(people) <= 1:
        return begin
    tell = progress or (lambda _stage, _done: None)
    tell("Counting chance agreements", 0.0)
    strangers = _strangers(people, begin, np.random.default_rng(seed))
    tell("Sampling pairs", 0.3)
    sample = _sample(people, blocks or Blocks.of(people))
    tell("Training", 0.6)
    model = _maximise(people, begin, strangers, sample)
    tell("Training", 1.0)
    return model


def _strangers(people: People, start: Model, random: np.random.Generator) -> Table:
    """Count the levels of random pairs; how often two are equal is told by the shares instead."""
    rows = len(people)
    many = min(RANDOM_PAIRS, 20 * rows)
    left = random.integers(0, rows, many, dtype=np.int32)
    right = random.integers(0, rows, many, dtype=np.int32)
    apart = left != right
    levels = _levels(people, left[apart], right[apart])
    table = np.zeros((FIELDS, LEVELS))
    for f, (used, share) in zip(Field, shares(people), strict=True):
        if not len(used):
            table[f] = start.strangers[f]
            continue
        counts = np.bincount(levels[:, f], minlength=LEVELS)[:LEVELS].astype(float)
        said = int((people.codes[:, f] >= 0).sum())
        for group in LEVEL_GROUPS[f]:
            told = list(group)
            believed = start.strangers[f, told] / start.strangers[f, told].sum()
            table[f, told] = counts[told] + believed * _BELIEVED_PAIRS
            table[f, told] /= table[f, told].sum()
            if f is Field.DATE_OF_BIRTH:
                first_january = used % 10_000 == _FIRST_JANUARY
                _put(table[f], told, SAME, coincidence(share[~first_january], said))
                _put(table[f], told, SAME_FIRST_JANUARY, coincidence(share[first_january], said))
            elif SAME in told:
                _put(table[f], told, SAME, coincidence(share, said))
    house = table[Field.HOUSE]
    by_chance = max(house[SAME], 1e-4)
    house[AT_SAME_POSTCODE], house[OTHER_AT_SAME_POSTCODE] = by_chance, 1 - by_chance
    return table


def _put(row: npt.NDArray[np.float64], told: list[int], level: int, chance: float) -> None:
    """Set the probability of one level of a group; the others share the rest as they did."""
    others = [other for other in told if other != level]
    row[others] *= (1 - chance) / max(row[others].sum(), 1e-12)
    row[level] = chance


def _levels(people: People, left: Ints, right: Ints) -> npt.NDArray[np.int8]:
    levels = np.zeros((len(left), FIELDS), np.int8)
    edges = np.linspace(0, len(left), THREADS + 1).astype(int)

    def find(first: int, last: int) -> None:
        levels_of_pairs(
            people.words, people.codes, left[first:last], right[first:last], levels[first:last]
        )

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(find, edges, edges[1:]))
    return levels


def _sample(people: People, blocks: Blocks) -> _Sample:
    """Take a fair sample of the pairs that share a key."""
    pairs_at_most = sum(
        int((sizes * (sizes - 1) // 2).sum())
        for _, ends in blocks.members[: blocks.strong]
        for sizes in [np.diff(ends, prepend=0).astype(np.int64)]
    )
    share = min(1.0, 2.5 * TRAINING_PAIRS / max(pairs_at_most, 1))
    lots = list(blocks.pairs(share=share, weak=False))
    left = np.concatenate([np.zeros(0, np.int32), *(one for one, _ in lots)])
    right = np.concatenate([np.zeros(0, np.int32), *(other for _, other in lots)])
    levels = _levels(people, left, right)
    rarity = np.zeros(len(left), np.float32)
    rarity_of_pairs(people.codes, left, right, levels, RARITY_SHARE, rarities(people), rarity)
    return _Sample(levels, rarity, max(round(share * 65_536), 1) / 65_536)


def _maximise(people: People, start: Model, strangers: Table, sample: _Sample) -> Model:
    rows = len(people)
    model = replace(start, strangers=strangers, facts={})
    rounds = 0
    for rounds in range(1, _ROUNDS + 1):
        model, moved = _step(model, start, strangers, sample, rows=rows)
        if moved < _SETTLED and rounds > _LEAST_ROUNDS:
            break
    return model.with_facts(
        rows=rows,
        training_pairs=len(sample.levels),
        share_of_pairs=sample.share,
        rounds=rounds,
        fields=[f.name.lower() for f in Field if (people.codes[:, f] >= 0).any()],
        start=start.version,
    )


def _step(
    model: Model, start: Model, strangers: Table, sample: _Sample, *, rows: int
) -> tuple[Model, float]:
    """Return the model after one more round, and how far that moved the matches (log2)."""
    all_pairs = rows * (rows - 1) / 2
    prior = (
        np.log2(model.matches * rows / all_pairs),
        np.log2(max(model.kin_pairs * rows, 1e-3) / all_pairs),
    )
    counts = np.zeros((3, FIELDS, LEVELS))
    weights = model.training_weights()
    expected = expect(sample.levels, sample.rarity, *weights, *prior, counts)
    matches = expected[0] / sample.share
    kin_pairs = expected[1] * _true_kin(model, *expected[2:]) / sample.share
    classes = (matches / all_pairs, model.same), (kin_pairs / all_pairs, model.kin)
    apart = _without(strangers, *classes)
    unsaid = counts[:, :, 1:].sum(axis=(0, 2)) == 0
    apart[unsaid] = strangers[unsaid]
    same, kin, chance = _model_of(start, apart, counts, sample.share, all_pairs)
    fitted = replace(
        model,
        same=same,
        kin=kin,
        strangers=chance,
        matches=max(matches, 0.5) / rows,
        kin_pairs=max(kin_pairs, 0.5) / rows,
    )
    return fitted, abs(float(np.log2((matches + 1e-3) / (model.matches * rows))))


def _true_kin(model: Model, telling: float, differing: float) -> float:
    """Return what part of the pairs that were taken for kin are likely to be.

    Most kin differ in forename and birthday. If too few of these pairs do, the others are rather
    records of one person that a slip has damaged: in a table without families, nearly all.
    """
    usual = float(model.kin[Field.FORENAME, DIFFERENT] * model.kin[Field.DATE_OF_BIRTH, DIFFERENT])
    return min(1.0, differing / max(usual * telling, 1e-9)) if telling > 0 else 1.0


def _model_of(
    start: Model, strangers: Table, counts: npt.NDArray[np.float64], share: float, all_pairs: float
) -> tuple[Table, Table, Table]:
    """Return the probabilities of the levels in each class, from their expected counts."""
    same, kin = np.zeros_like(start.same), np.zeros_like(start.kin)
    chance = strangers.copy()
    for f in Field:
        for group in LEVEL_GROUPS[f]:
            told = list(group)
            same[f, told] = _weighed(start.same[f, told], counts[0, f, told])
            kin[f, told] = _weighed(
                start.kin[f, told], counts[1, f, told] if f in _SHARED_BY_KIN else 0.0
            )
            if f in _KIN_ALIKE:
                alike = _alike(f, strangers, counts[1, f])
                kin[f, told] = (1 - alike) * strangers[f, told] + alike * same[f, told]
        if f in _KEYED and counts[:, f, 1:].sum() > 0:
            said = max(all_pairs * _share_that_says(counts, f), 1.0)
            told = list(LEVEL_GROUPS[f][0])
            _put(chance[f], told, SAME, max(counts[2, f, SAME] / share, 0.5) / said)
    return same, kin, chance


def _alike(f: Field, strangers: Table, counted: npt.NDArray[np.float64]) -> float:
    """Return the share of kin that are namesakes or twins, more than chance would make so."""
    least, most = _KIN_ALIKE[f]
    levels = list(_ALIKE[f])
    seen = (counted[levels].sum() + least * _PRIOR_PAIRS) / (counted[1:].sum() + _PRIOR_PAIRS)
    by_chance = strangers[f, levels].sum()
    return float(np.clip((seen - by_chance) / (1 - by_chance), least, most))


def _weighed(
    believed: npt.NDArray[np.float64], counted: npt.NDArray[np.float64] | float
) -> npt.NDArray[np.float64]:
    """Return probabilities from counts, with what was believed before as some more pairs."""
    weighed: npt.NDArray[np.float64] = counted + believed / believed.sum() * _PRIOR_PAIRS
    return np.asarray(weighed / weighed.sum())


def _without(mixed: Table, *classes: tuple[float, Table]) -> Table:
    """Return the levels of strangers, from those of all pairs and of the other classes.

    In a small table a good part of the pairs that agree are of one person.
    """
    apart = mixed - sum(share * table for share, table in classes)
    apart = np.maximum(apart, mixed * _LEAST_LEFT)
    for f in Field:
        for group in LEVEL_GROUPS[f]:
            told = list(group)
            apart[f, told] /= apart[f, told].sum()
    return apart


def _share_that_says(counts: npt.NDArray[np.float64], f: Field) -> float:
    """Return the share of pairs of which both say something of a field."""
    return float(counts[2, f, 1:].sum() / max(counts[2, f].sum(), 1e-9))
