"""A model whose weights don't depend on who is being compared.

The engine weighs an agreement on a rare name higher, and takes the chance that any two records are
one person from how many there are. In the register both are measured once, when a model is put to
use, and kept with it. So a pair scores the same in bulk, by itself and in anybody's view, and no
score tells of records that came since, or that one may not read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from concordat.identity.engine import Field, Model, People
from concordat.identity.engine.kernels.arrays import Weights
from concordat.identity.engine.meanings import NAMES
from concordat.identity.engine.model import rarities

USUAL_ROWS: Final = 1_000_000
"""How large a register is taken to be whose size was never measured."""

MOST_VALUES: Final = 5_000
"""Of each field so many of the commonest values are kept; the rest share one rarity."""


@dataclass(frozen=True)
class Rarity:
    """How much more than usual an agreement on a value of one field tells, in bits.

    `common` has the common values by themselves, `other` is one figure for the rest.
    """

    common: Mapping[str, float] = field(default_factory=dict)
    other: float = 0.0


@dataclass(frozen=True)
class FrozenModel(Model):
    """A model with the size of the register and the rarity of its values, as once measured."""

    rows: int = USUAL_ROWS
    rarity: Mapping[str, Rarity] = field(default_factory=dict)
    """By the name of a field in lower case."""

    def weights(self, people: People, *, rows: int | None = None) -> Weights:  # noqa: ARG002
        """Return the weights for comparing these people: of the register, not of them."""
        return self._bits._replace(rarity=self._rarity_of(people))

    @cached_property
    def _bits(self) -> Weights:
        nobody = People.from_features([{"surname": "a"}])
        return Model.weights(self, nobody, rows=self.rows)

    def _rarity_of(self, people: People) -> npt.NDArray[np.float32]:
        """Return the kept rarity of every value that these people have, by its code."""
        rarity = np.zeros((len(NAMES), max(len(people.words.whole), 1)), np.float32)
        for f in Field:
            kept = self.rarity.get(f.name.lower())
            if kept is None or f is Field.DATE_OF_BIRTH:
                continue
            codes = np.unique(people.codes[:, f])
            codes = codes[codes >= 0]
            if not len(codes):
                continue
            values = people.values.take(codes).to_pylist()
            row = f if f in NAMES else 0
            rarity[row, codes] = [kept.common.get(value, kept.other) for value in values]
        return rarity

    def as_dict(self) -> dict[str, Any]:
        """Return the model as it is stored."""
        return {
            **super().as_dict(),
            "rows": self.rows,
            "rarity": {
                name: {"common": dict(kept.common), "other": kept.other}
                for name, kept in self.rarity.items()
            },
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> "FrozenModel":
        """Return a stored model. Raises UnusableModel if it isn't one."""
        return freeze(
            Model.from_dict(told),
            rows=int(told.get("rows", USUAL_ROWS)),
            rarity={
                name: Rarity(kept["common"], kept["other"])
                for name, kept in told.get("rarity", {}).items()
            },
        )


def freeze(
    model: Model, *, rows: int = USUAL_ROWS, rarity: Mapping[str, Rarity] | None = None
) -> FrozenModel:
    """Return a model with these figures of the register, or with none: every value is usual."""
    told = {one.name: getattr(model, one.name) for one in fields(Model)}
    return FrozenModel(**told, rows=rows, rarity=rarity or {})


def measured(model: Model, people: People, *, version: str) -> FrozenModel:
    """Return a model with the figures of these people, as its own version."""
    found = rarities(people)
    kept: dict[str, Rarity] = {}
    for f in Field:
        codes = people.codes[:, f]
        counts = np.bincount(codes[codes >= 0]) if f is not Field.DATE_OF_BIRTH else np.zeros(0)
        used = np.flatnonzero(counts)
        if not len(used):
            continue
        bits = found[f if f in NAMES else 0]
        used = used[np.argsort(-counts[used], kind="stable")]
        common, others = used[:MOST_VALUES], used[MOST_VALUES:]
        names = people.values.take(common).to_pylist()
        rounded = [round(float(value), 3) for value in bits[common]]
        unseen = bits[others] if len(others) else bits[common][-1:]
        weighed = np.average(unseen, weights=counts[others] if len(others) else None)
        kept[f.name.lower()] = Rarity(
            dict(zip(names, rounded, strict=True)), round(float(weighed), 3)
        )
    told = {one.name: getattr(model, one.name) for one in fields(Model)} | {"version": version}
    return FrozenModel(**told, rows=len(people), rarity=kept)
