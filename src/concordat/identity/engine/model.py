"""A model: how often each level is seen among records of one person, of kin, and of strangers.

The weights are Fellegi and Sunter's (1969): the log2 of how much likelier a level is among pairs
of records of one person than among pairs of strangers. Beside the two classes of the theory
there is a third, kin: people of one household or family, who share surname and address but are
not one person. Evidence that kin would show as well counts for little.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from concordat.identity.engine.kernels import levels as l
from concordat.identity.engine.kernels.arrays import Bits, Ints, Weights
from concordat.identity.engine.meanings import FIELDS, NAMES, WHOLE_YEAR, Field
from concordat.identity.engine.people import People

Table = npt.NDArray[np.float64]
"""One row for each `Field`, one column for each level."""

FORMAT: Final = 1
_SMALLEST: Final = 1e-12
_MOST_BITS: Final = 24.0
_FEWEST_BITS: Final = -30.0
RAREST: Final = 12.0
_RARITY_BITS: Final = (-6.0, RAREST)


@dataclass(frozen=True)
class Model:
    """The probabilities of every level in each class of pairs, and how many pairs are in it.

    `same`, `kin` and `strangers` are tables of probabilities, each group of levels of a field
    summing to 1. `matches` is the expected number of pairs of one person for each row of a
    table, `kin_pairs` that of kin. `facts` says what the model was trained on.
    """

    version: str
    same: Table
    kin: Table
    strangers: Table
    matches: float
    kin_pairs: float
    facts: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the model as it stands in its JSON file."""
        return {
            "format": FORMAT,
            "version": self.version,
            "matches_per_row": self.matches,
            "kin_pairs_per_row": self.kin_pairs,
            "facts": dict(self.facts),
            "fields": {
                f.name.lower(): {
                    LEVEL_NAMES[f][level]: [
                        float(f"{table[f, level]:.6g}")
                        for table in (self.same, self.kin, self.strangers)
                    ]
                    for level in sorted(LEVEL_NAMES[f])
                }
                for f in Field
            },
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> "Model":
        """Return the model of a JSON file. Raises UnusableModel if it isn't one."""
        if not isinstance(told, Mapping) or told.get("format") != FORMAT:
            raise UnusableModel(f"This is not a model of format {FORMAT}.")
        tables = np.zeros((3, FIELDS, l.LEVELS))
        try:
            for f in Field:
                of_level = told["fields"][f.name.lower()]
                for level, name in LEVEL_NAMES[f].items():
                    one, kin, strangers = of_level[name]
                    tables[:, f, level] = one, kin, strangers
            model = cls(
                version=str(told["version"]),
                same=tables[0],
                kin=tables[1],
                strangers=tables[2],
                matches=float(told["matches_per_row"]),
                kin_pairs=float(told["kin_pairs_per_row"]),
                facts=dict(told["facts"]),
            )
        except (KeyError, TypeError, ValueError) as problem:
            raise UnusableModel(f"The model lacks {problem}.") from problem
        if not ((tables >= 0) & (tables <= 1)).all():
            raise UnusableModel("The model has probabilities that are none.")
        if not (model.matches > 0 and model.kin_pairs >= 0):
            raise UnusableModel("The model expects no pairs of one person at all.")
        return model

    def write(self, path: Path) -> None:
        """Write the model's JSON file."""
        path.write_text(json.dumps(self.as_dict(), indent=1) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "Model":
        """Read a model's JSON file. Raises UnusableModel if it isn't one."""
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as problem:
            raise UnusableModel(f"{path} can’t be read as a model: {problem}") from problem
        return cls.from_dict(told)

    def weights(self, people: People, *, rows: int | None = None) -> Weights:
        """Return the weights for comparing `people`, in a table or register of so many `rows`."""
        count = max(rows or len(people), 2)
        others = (count - 1) / 2
        return Weights(
            same=_bits(self.same, self.strangers),
            kin=_bits(self.kin, self.strangers),
            prior=float(np.log2(self.matches / others)),
            prior_kin=float(np.log2(max(self.kin_pairs, 1e-9) / others)),
            rarity_share=RARITY_SHARE,
            rarity=rarities(people),
        )

    def training_weights(self) -> tuple[Bits, Bits]:
        """Return the bits of every level for one person and for kin, against strangers."""
        return _bits(self.same, self.strangers), _bits(self.kin, self.strangers)

    def with_facts(self, **facts: object) -> "Model":
        """Return the same model with more facts."""
        return replace(self, facts={**self.facts, **facts})


class UnusableModel(ValueError):
    """A file is not a model. Says why."""


def _bits(table: Table, strangers: Table) -> Bits:
    ratio = np.log2(np.maximum(table, _SMALLEST) / np.maximum(strangers, _SMALLEST))
    ratio[:, l.SILENT] = 0
    ratio[strangers <= 0] = 0
    return np.clip(ratio, _FEWEST_BITS, _MOST_BITS).astype(np.float32)


def shares(people: People) -> list[tuple[Ints, npt.NDArray[np.float64]]]:
    """Return for every field the codes that are used and the share of rows that have each."""
    found = []
    for f in Field:
        codes = people.codes[:, f]
        if f is Field.DATE_OF_BIRTH:
            used, counts = np.unique(codes[codes >= WHOLE_YEAR], return_counts=True)
        else:
            every = np.bincount(codes[codes >= 0])
            used = np.flatnonzero(every).astype(np.int32)
            counts = every[used]
        found.append((used, counts / max(counts.sum(), 1)))
    return found


def coincidence(share: npt.NDArray[np.float64], rows: int) -> float:
    """Return the chance that two rows say the same by chance: the sum of the squared shares."""
    return float(max((share**2).sum() - 1 / max(rows, 1), 0.1 / max(rows, 1)))


def rarities(people: People) -> Bits:
    """Return how much more an agreement on each value tells than one on a usual value, in bits."""
    rarity = np.zeros((len(NAMES), max(len(people.words.whole), 1)), np.float32)
    for f, (used, share) in zip(Field, shares(people), strict=True):
        if f is Field.DATE_OF_BIRTH or not len(used):
            continue
        rows = int((people.codes[:, f] >= 0).sum())
        usual = coincidence(share, rows)
        rarity[f if f in NAMES else 0, used] = np.clip(np.log2(usual / share), *_RARITY_BITS)
    return rarity


def _rarity_share() -> Bits:
    """Return how much of a value's rarity counts at each level.

    An agreement counts it in full. A near agreement counts part of it: two records with two
    spellings of one rare name are less likely to meet by chance than two of a common one.
    """
    part = np.zeros((FIELDS, l.LEVELS), np.float32)
    for f in Field:
        if f not in (Field.DATE_OF_BIRTH, Field.SEX):
            part[f, l.SAME] = 1
    for name in NAMES:
        part[name, [l.NICKNAME, l.VERY_NEAR, l.NEAR, l.WORD_OF]] = 0.6, 0.7, 0.5, 0.7
    return part


RARITY_SHARE: Final = _rarity_share()

_NAME_LEVELS: Final = {
    l.SAME: "same",
    l.NICKNAME: "nickname",
    l.INITIAL: "initial",
    l.VERY_NEAR: "typing slip",
    l.NEAR: "sounds alike",
    l.SIMILAR: "similar",
    l.WORD_OF: "part of the other",
    l.DIFFERENT: "different",
}
_TEXT_LEVELS: Final = {
    l.SAME: "same",
    l.NEAR_TEXT: "nearly the same",
    l.SIMILAR_TEXT: "similar",
    l.DIFFERENT: "different",
}
_NUMBER_LEVELS: Final = {
    l.SAME: "same",
    l.ONE_EDIT: "one character off",
    l.TWO_EDITS: "two characters off",
    l.DIFFERENT: "different",
}
LEVEL_NAMES: Final[Mapping[Field, Mapping[int, str]]] = {
    **dict.fromkeys(Field, _TEXT_LEVELS),
    **dict.fromkeys((Field.SURNAME, Field.MIDDLE_NAMES), _NAME_LEVELS),
    Field.FORENAME: {
        **_NAME_LEVELS,
        l.CROSSED: "forename and surname crossed",
        l.CROSSED_HALF: "known by another of the names",
    },
    Field.DATE_OF_BIRTH: {
        l.SAME: "same",
        l.SAME_FIRST_JANUARY: "same, 1 January",
        l.SWAPPED: "day and month swapped",
        l.ONE_DIGIT: "one digit off",
        l.YEAR_ONLY: "same year, day unknown or 1 January",
        l.TWO_PARTS: "two of day, month and year the same",
        l.TWO_DIGITS: "two digits off",
        l.SAME_YEAR: "same year",
        l.DIFFERENT: "different",
    },
    Field.SEX: {
        l.SAME: "same",
        l.DIFFERENT: "different",
        l.SAME_SEX_AND_NAME: "same, as the forename tells",
        l.OTHER_SEX_SAME_NAME: "different, with one forename",
    },
    Field.POSTCODE: {
        l.SAME: "same",
        l.NEAR_POSTCODE: "one character off",
        l.SECTOR: "same sector",
        l.DISTRICT: "same district",
        l.AREA: "same area",
        l.DIFFERENT: "different",
    },
    Field.HOUSE: {
        l.SAME: "same",
        l.DIFFERENT: "different",
        l.AT_SAME_POSTCODE: "same, at the same postcode",
        l.OTHER_AT_SAME_POSTCODE: "different, at the same postcode",
    },
    Field.PHONE: {
        l.SAME: "same",
        l.ONE_EDIT: "one character off",
        l.DIFFERENT: "different",
    },
    **dict.fromkeys(
        (Field.PNC_ID, Field.CRO, Field.DRIVING_LICENCE, Field.NINO, Field.IDENTIFIER),
        _NUMBER_LEVELS,
    ),
    Field.PNC_ID: {
        **_NUMBER_LEVELS,
        l.TWO_PERSONS: "two persons’, each with its right check letter",
    },
    Field.EMAIL: {
        l.SAME: "same",
        l.ONE_EDIT: "a character or two off",
        l.LOCAL_PART: "same before the @",
        l.NEAR_EMAIL: "similar",
        l.DIFFERENT: "different",
    },
}
"""Every level that a field can have, in words, but for 0: "doesn't say"."""

LEVEL_GROUPS: Final[Mapping[Field, tuple[tuple[int, ...], ...]]] = {
    **{f: (tuple(sorted(LEVEL_NAMES[f])),) for f in Field},
    Field.SEX: ((l.SAME, l.DIFFERENT), (l.SAME_SEX_AND_NAME, l.OTHER_SEX_SAME_NAME)),
    Field.HOUSE: ((l.SAME, l.DIFFERENT), (l.AT_SAME_POSTCODE, l.OTHER_AT_SAME_POSTCODE)),
}
"""The levels of a field among which a pair has one: probabilities sum to 1 in each group."""
