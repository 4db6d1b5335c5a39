"""Why two records are, or are not, held to be one person."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from concordat.identity.engine.kernels import levels as l
from concordat.identity.engine.kernels.arrays import Weights
from concordat.identity.engine.kernels.levels import levels_of_pairs
from concordat.identity.engine.kernels.rarity import rarity_of
from concordat.identity.engine.kernels.scores import bits_of_pairs
from concordat.identity.engine.linking import probability
from concordat.identity.engine.meanings import FIELDS, NAMES, Field
from concordat.identity.engine.model import LEVEL_NAMES, Model
from concordat.identity.engine.people import People

_UNUSUAL_BITS: Final = 3.0
_SURE_BITS: Final = 10.0
_LEAST_TOLD: Final = 1e-3


@dataclass(frozen=True)
class Part:
    """What one comparison adds to a score, in bits; `rarity_bits` for how rare its values are."""

    name: str
    level: str
    left: str
    right: str
    bits: float
    rarity_bits: float = 0.0


@dataclass(frozen=True)
class Explanation:
    """A score in log2 odds, the parts that sum to it, and the same in words."""

    bits: float
    probability: float
    parts: tuple[Part, ...]
    words: str


def explain(people: People, model: Model, left: int, right: int) -> Explanation:
    """Return why these two rows score as they do: what each field adds, prior and kin included."""
    return explain_weighed(people, model.weights(people), left, right)


def explain_weighed(people: People, weights: Weights, left: int, right: int) -> Explanation:
    """Return the same for a model whose weights for these people are known."""
    levels = np.zeros((1, FIELDS), np.int8)
    rows = np.array([left], np.int32), np.array([right], np.int32)
    one_pair = rows[0][0], rows[1][0]
    levels_of_pairs(people.words, people.codes, *rows, levels)
    total = np.zeros(1, np.float32)
    bits_of_pairs(people.words, people.codes, weights, *rows, total)
    parts = [Part("Prior", "any two records", "", "", weights.prior)]
    told: list[str] = []
    for f in Field:
        level = levels[0, f]
        if level == l.SILENT:
            continue
        rarity = rarity_of(
            weights.rarity_share, weights.rarity, people.codes, *one_pair, int(f), level
        )
        values = people.value(left, f), people.value(right, f)
        same = float(weights.same[f, level])
        parts.append(Part(f.label, LEVEL_NAMES[f][level], *values, same, float(rarity)))
        told.append(_in_words(f, level, *values, float(rarity)))
    alike = parts[0].bits + sum(part.bits + part.rarity_bits for part in parts[1:])
    score = float(total[0])
    if abs(alike - score) > _LEAST_TOLD:
        parts.append(Part("Kin", "as members of one family would agree", "", "", score - alike))
        if alike - score > 1 and score < _SURE_BITS:
            told.append("members of one family would agree on much of this")
    else:
        parts[0] = Part(*_first_four(parts[0]), parts[0].bits + score - alike)
    sentence = "; ".join(phrase for phrase in told if phrase)
    sentence = sentence[:1].upper() + sentence[1:]
    return Explanation(score, probability(score), tuple(parts), f"{sentence}." if sentence else "")


def _first_four(part: Part) -> tuple[str, str, str, str]:
    return part.name, part.level, part.left, part.right


def _in_words(f: Field, level: int, left: str, right: str, rarity: float) -> str:
    """Return one comparison as a phrase."""
    label = f.label[:1].lower() + f.label[1:] if f not in _CAPITALS else f.label
    if level == l.SAME and f in NAMES:
        usual = "unusual " if rarity >= _UNUSUAL_BITS else "common " if rarity < -1 else ""
        return f"same {usual}{label} ({left.title()})"
    if level == l.SAME:
        return f"same {label}"
    if f is Field.DATE_OF_BIRTH:
        return f"dates of birth: {LEVEL_NAMES[f][level]} ({left} and {right})"
    if f is Field.SEX:
        return "" if level == l.SAME_SEX_AND_NAME else "sex recorded differently"
    if f in NAMES:
        how = LEVEL_NAMES[f][level]
        return f"{label} {left.title()} and {right.title()} ({how})"
    values = left if left == right else f"{left} and {right}"
    return f"{label}: {LEVEL_NAMES[f][level]} ({values})"


_CAPITALS: Final = (Field.PNC_ID, Field.CRO, Field.NINO)
