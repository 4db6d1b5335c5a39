"""One person at the keyboard against many: features, keys, scores, and an index of a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Final

import numpy as np
import numpy.typing as npt

from concordat.identity.engine.blocking import CAP, MANY_COPIES, RECIPES, recipe_table
from concordat.identity.engine.copies import copies_of_many
from concordat.identity.engine.explaining import Explanation, explain_weighed
from concordat.identity.engine.kernels import blocks as k
from concordat.identity.engine.kernels.arrays import Ints, Weights, Words
from concordat.identity.engine.kernels.scores import bits_of_pairs
from concordat.identity.engine.linking import probability
from concordat.identity.engine.meanings import FIELDS, NAMES, Field, Meaning
from concordat.identity.engine.model import RAREST, Model
from concordat.identity.engine.people import NOTHING, Floats, People, forms_of

Features = Mapping[str, str]
"""A person's standard forms by the field's name in lower case ("date_of_birth"); JSON-able."""

_RECIPES: Final = recipe_table(RECIPES)


def features_of(values: Mapping[Meaning, str]) -> dict[str, str]:
    """Return the standard forms of what is known of a person; what says nothing is left out."""
    features: dict[str, str] = {}
    for meaning, text in values.items():
        for field, form in forms_of(Meaning(meaning), text or "").items():
            if form:
                features.setdefault(field.name.lower(), form)
    return features


def keys_of(features: Sequence[Features]) -> list[tuple[int, ...]]:
    """Return each person's blocking keys as signed 64-bit numbers, the most telling first.

    Two persons are compared if they share one that not too many others have.
    """
    return keys_of_people(People.from_features(features))


def keys_of_people(people: People) -> list[tuple[int, ...]]:
    """Return the same keys for every row of a table."""
    made = np.zeros((len(people), len(RECIPES)), np.uint64)
    k.whole_keys_of_rows(people.words, people.codes, _RECIPES, made)
    return [tuple(row[row != 0].tolist()) for row in made.view(np.int64)]


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
    """A table made ready to be asked, again and again, who somebody is. Any thread may ask."""

    def __init__(self, people: People, model: Model) -> None:
        self._codes = np.vstack([people.codes, np.full((1, FIELDS), NOTHING, np.int32)])
        self._rows = len(people)
        self._weights = model.weights(people)
        self._guests = _Guests(people, self._weights)
        keys = np.zeros((len(people), len(RECIPES)), np.uint64)
        k.whole_keys_of_rows(people.words, people.codes, _RECIPES, keys)
        keys[copies_of_many(people, more_than=MANY_COPIES).rows] = 0
        self._sorted = [_sorted_keys(keys[:, number]) for number in range(len(RECIPES))]
        self._lock = Lock()

    def who_is(self, features: Features, *, limit: int = 10) -> list[Found]:
        """Return the rows that are likeliest the person with these features, the best first.

        Keys that more than CAP rows share are passed over, and of many exact copies the first
        stands for all, as in a batch.
        """
        asked = People.from_features([features])
        keys = np.zeros((1, len(RECIPES)), np.uint64)
        k.whole_keys_of_rows(asked.words, asked.codes, _RECIPES, keys)
        lots = [np.zeros(0, np.int32)]
        for key, (ordered, rows) in zip(keys[0], self._sorted, strict=True):
            if key:
                first, last = np.searchsorted(ordered, key), np.searchsorted(ordered, key, "right")
                if last - first <= CAP:
                    lots.append(rows[first:last])
        found = np.unique(np.concatenate(lots))
        bits = self._bits(asked, found)
        best = np.argsort(-bits, kind="stable")[:limit]
        return [
            Found(int(found[place]), float(bits[place]), probability(float(bits[place])))
            for place in best
        ]

    def _bits(self, asked: People, rows: Ints) -> Floats:
        bits = np.zeros(len(rows), np.float32)
        with self._lock:
            self._codes[self._rows] = self._guests.codes_of(asked)
            bits_of_pairs(
                self._guests.words,
                self._codes,
                self._guests.weights,
                np.full(len(rows), self._rows, np.int32),
                rows,
                bits,
            )
        return bits


class _Guests:
    """A table's vocabulary with room at its end for the words of one who is asked for."""

    def __init__(self, people: People, weights: Weights) -> None:
        words = people.words
        self._known = count = len(words.whole)
        self._bytes = len(words.text)
        self._groups = len(words.groups)
        room = FIELDS
        group_start = np.full(count + room + 1, self._groups, np.int32)
        group_start[: len(words.group_start)] = words.group_start
        self.words = Words(
            text=np.append(words.text, np.zeros(room * 512, np.uint8)),
            start=np.append(words.start, np.full(room, self._bytes, np.int64)),
            sound=np.append(words.sound, np.zeros(room, np.uint64)),
            whole=words.whole,
            head=words.head,
            tail=words.tail,
            canonical=words.canonical,
            group_start=group_start,
            groups=np.append(words.groups, np.zeros(room * 64, np.int32)),
            is_sure=np.append(words.is_sure, np.zeros(room, np.bool_)),
        )
        rarest = np.zeros((len(weights.rarity), room), np.float32)
        self.weights = weights._replace(rarity=np.hstack([weights.rarity, rarest + RAREST]))
        self._places = {field: _codes_by_hash(people, field) for field in Field}

    def codes_of(self, asked: People) -> Ints:
        """Return the codes of the one asked for; words that the table hasn't got become guests."""
        codes: Ints = asked.codes[0].copy()
        guests = 0
        for field in Field:
            code = int(codes[field])
            if code < 0 or field is Field.DATE_OF_BIRTH:
                continue
            hashes, places = self._places[field]
            at = int(np.searchsorted(hashes, asked.words.whole[code]))
            if at < len(hashes) and hashes[at] == asked.words.whole[code]:
                codes[field] = places[at]
            else:
                codes[field] = self._known + guests
                self._seat(guests, asked.words, code)
                guests += 1
        return codes

    def _seat(self, guest: int, of: Words, code: int) -> None:
        words, place = self.words, self._known + guest
        begin = words.start[place] if guest else self._bytes
        text = of.text[of.start[code] : of.start[code + 1]][:512]
        words.start[place] = begin
        words.start[place + 1] = begin + len(text)
        words.text[begin : begin + len(text)] = text
        words.sound[place] = of.sound[code]
        words.is_sure[place] = of.is_sure[code]
        first = words.group_start[place] if guest else self._groups
        groups = of.groups[:0]
        if code + 1 < len(of.group_start):
            groups = of.groups[of.group_start[code] : of.group_start[code + 1]][:64]
        words.group_start[place] = first
        words.group_start[place + 1] = first + len(groups)
        words.groups[first : first + len(groups)] = groups


def _codes_by_hash(people: People, field: Field) -> tuple[npt.NDArray[np.uint64], Ints]:
    """Return the hashes of one field's words, in order, and their codes.

    Forenames, surnames and middle names are looked up among all names.
    """
    columns = people.codes[:, list(NAMES)] if field in NAMES else people.codes[:, [field]]
    if field is Field.DATE_OF_BIRTH:
        return np.zeros(0, np.uint64), np.zeros(0, np.int32)
    used = np.unique(columns[columns >= 0])
    hashes = people.words.whole[used]
    order = np.argsort(hashes)
    return hashes[order], used[order]


def _sorted_keys(keys: npt.NDArray[np.uint64]) -> tuple[npt.NDArray[np.uint64], Ints]:
    rows = np.flatnonzero(keys).astype(np.int32)
    order = np.argsort(keys[rows], kind="stable")
    return keys[rows][order], rows[order]
