"""Weighing pairs and clustering under one frozen model: the engine, as the register uses it."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from concordat.identity.engine import (
    DEFAULT_THRESHOLD,
    Explanation,
    Features,
    People,
    bits_of,
)
from concordat.identity.engine.clustering import cluster
from concordat.identity.engine.explaining import explain_weighed
from concordat.identity.engine.kernels.scores import bits_of_pairs
from concordat.identity.rules.frozen import FrozenModel

RowPair = tuple[int, int]


class Comparison:
    """One person weighed against others: `bits` are the log2 odds that each is the same person."""

    def __init__(self, model: FrozenModel, one: Features, others: Sequence[Features]) -> None:
        self._people = People.from_features([one, *others])
        self._weights = model.weights(self._people)
        rows = np.arange(1, len(others) + 1, dtype=np.int32)
        self.bits = np.zeros(len(others), np.float32)
        bits_of_pairs(
            self._people.words,
            self._people.codes,
            self._weights,
            np.zeros(len(others), np.int32),
            rows,
            self.bits,
        )

    def explain(self, place: int) -> Explanation:
        """Return why the person at this place among the others scores as they do."""
        return explain_weighed(self._people, self._weights, 0, place + 1)


class Weigher:
    """Scores and clusters persons in standard form, all by one model."""

    def __init__(self, model: FrozenModel) -> None:
        self.model = model

    @property
    def version(self) -> str:
        """The model's version, which judgements name."""
        return self.model.version

    def compare(self, one: Features, others: Sequence[Features]) -> "Comparison":
        """Weigh one person against each of `others`."""
        return Comparison(self.model, one, others)

    def explain(self, one: Features, other: Features) -> Explanation:
        """Return why two persons score as they do."""
        return self.compare(one, [other]).explain(0)

    def clusters(
        self,
        members: Sequence[Features],
        linked: Sequence[tuple[int, int, float]],
        *,
        together: Sequence[RowPair],
        apart: Sequence[RowPair],
    ) -> npt.NDArray[np.int32]:
        """Return each member's cluster, named by the smallest row in it.

        `linked` are pairs of rows and their bits, as many as are worth a word; members that neither
        they nor `together` connect stay by themselves.
        """
        people = People.from_features(members)
        return cluster(
            people,
            self.model.weights(people),
            np.array([left for left, _, _ in linked], np.int32),
            np.array([right for _, right, _ in linked], np.int32),
            np.array([bits for _, _, bits in linked], np.float32),
            least=bits_of(DEFAULT_THRESHOLD),
            together=together,
            apart=apart,
        )
