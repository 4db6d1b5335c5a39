"""One person at the keyboard against many: features, keys, scores, and an index of a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from concordat.identity.engine.blocking import CAP, RECIPES, Blocks, recipe_table
from concordat.identity.engine.explaining import Explanation, explain_weighed
from concordat.identity.engine.kernels import blocks as k
from concordat.identity.engine.kernels.scores import bits_of_pairs
from concordat.identity.engine.linking import probability
from concordat.identity.engine.meanings import Field, Meaning
from concordat.identity.engine.model import Model
from concordat.identity.engine.people import People, standard_columns

Features = Mapping[str, str]
"""A person's standard forms by the field's name in lower case ("date_of_birth"); JSON-able."""

_RECIPES: Final = recipe_table(RECIPES)


def features_of(values: Mapping[Meaning, str]) -> dict[str, str]:
    """Return the standard forms of what is known of a person; what says nothing is left out."""
    said = {str(meaning): [text] for meaning, text in values.items() if text and text.strip()}
    if not said:
        return {}
    table = pa.table(said)
    standard = standard_columns(table, {name: Meaning(name) for name in said})
    features = {}
    for field, (places, forms) in standard.items():
        form = str(forms[int(places[0])]) if places[0] >= 0 else ""
        if form:
            features[field.name.lower()] = form
    return features


def keys_of(features: Sequence[Features]) -> list[tuple[int, ...]]:
    """Return each person's blocking keys as signed 64-bit numbers, the most telling first.

    Two persons are compared if they share one that not too many others have.
    """
    people = People.from_features(features)
    parts = np.empty(k.PARTS, np.uint64)
    made = np.empty(len(RECIPES), np.uint64)
    found = []
    for row in range(len(people)):
        k.parts_of(people.words, people.codes[row], parts)
        k.keys_of_row(parts, _RECIPES, made)
        found.append(tuple(int(key) for key in made[made != 0].view(np.int64)))
    return found


class Scorer:
    """Scores pairs of persons under one model, in a register of `rows` records."""

    def __init__(self, model: Model, *, rows: int) -> None:
        self._model = model
        self._rows = rows

    def bits(self, query: Features, candidates: Sequence[Features]) -> npt.NDArray[np.float32]:
        """Return the log2 odds that each candidate is the person asked for."""
        people = People.from_features([query, *candidates])
        bits = np.zeros(len(candidates), np.float32)
        left = np.zeros(len(candidates), np.int32)
        right = np.arange(1, len(candidates) + 1, dtype=np.int32)
        weights = self._model.weights(people, rows=self._rows)
        bits_of_pairs(people.words, people.codes, weights, left, right, bits)
        return bits

    def explain(self, one: Features, other: Features) -> Explanation:
        """Return why two persons score as they do."""
        people = People.from_features([one, other])
        return explain_weighed(people, self._model.weights(people, rows=self._rows), 0, 1)


@dataclass(frozen=True)
class Found:
    """A row that may be the person asked for, and its score."""

    row: int
    bits: float
    probability: float


class Index:
    """A table made ready to be asked, again and again, who somebody is."""

    def __init__(self, people: People, model: Model) -> None:
        self._people = people
        self._model = model
        self._blocks = Blocks.of(people)
