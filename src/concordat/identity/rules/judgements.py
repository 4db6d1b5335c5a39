"""Judgements of pairs, and what they come to when people and the machine disagree.

A judgement by a person outranks the machine's, and of several people's the latest holds. What holds
of single pairs may still contradict itself over three: A is B, B is C, A is not C. Then, too, the
later judgement holds and the earlier one is set aside, and shown as a conflict. All of it depends
on the judgements alone, not on the order in which they are read, so that retiring one leads back
to exactly what was before it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from concordat.identity.rules.groups import Groups

Pair = tuple[UUID, UUID]
"""Two record ids, the smaller first."""


class Verdict(StrEnum):
    """What is judged of two records."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"
    """Of a person: can't be told. Of the machine: between the thresholds, for a person to judge."""

    @property
    def label(self) -> str:
        """The verdict in plain English."""
        return _LABELS[self]


_LABELS = {
    Verdict.SAME: "The same person",
    Verdict.DIFFERENT: "Different people",
    Verdict.UNSURE: "Can’t tell",
}


@dataclass(frozen=True, slots=True)
class Judged:
    """One judgement that is not retired. `bits` is the machine's weight, None of a person's."""

    id: UUID
    left: UUID
    right: UUID
    verdict: Verdict
    judged_at: datetime
    bits: float | None

    @property
    def by_machine(self) -> bool:
        """Whether the machine judged."""
        return self.bits is not None


@dataclass(frozen=True, kw_only=True)
class Settled:
    """What all judgements come to.

    `together` and `apart` are people's judgements that hold, `bits` is the machine's weight of
    each pair that it judged. `conflicts` are the pairs of which people's judgements were set aside:
    for a later one of the same pair, or because it can't be reconciled with later ones.
    """

    together: frozenset[Pair]
    apart: frozenset[Pair]
    bits: Mapping[Pair, float]
    conflicts: frozenset[Pair]


def pair_of(one: UUID, other: UUID) -> Pair:
    """Return two records as a pair. Raises ValueError for a record and itself."""
    if one == other:
        raise ValueError("A record is the same person as itself.")
    return (one, other) if one < other else (other, one)


def settle(judgements: Iterable[Judged]) -> Settled:
    """Return what these live judgements come to, whatever their order."""
    people: defaultdict[Pair, list[Judged]] = defaultdict(list)
    bits: dict[Pair, float] = {}
    for judged in judgements:
        if judged.bits is None:
            people[judged.left, judged.right].append(judged)
        else:
            bits[judged.left, judged.right] = judged.bits
    latest = [max(of_pair, key=_moment) for of_pair in people.values()]
    together, apart, set_aside = _reconcile(sorted(latest, key=_moment, reverse=True))
    contradicted = {
        pair for pair, of_pair in people.items() if len({judged.verdict for judged in of_pair}) > 1
    }
    return Settled(
        together=frozenset(together),
        apart=frozenset(apart),
        bits=bits,
        conflicts=frozenset(contradicted | set_aside),
    )


def _moment(judged: Judged) -> tuple[datetime, UUID]:
    return judged.judged_at, judged.id


def _reconcile(latest_first: Iterable[Judged]) -> tuple[set[Pair], set[Pair], set[Pair]]:
    """Take each judgement unless those already taken rule it out: together, apart, set aside."""
    groups: Groups[UUID] = Groups()
    together: set[Pair] = set()
    apart: set[Pair] = set()
    set_aside: set[Pair] = set()
    for judged in latest_first:
        pair = (judged.left, judged.right)
        if judged.verdict is Verdict.SAME:
            taken = groups.join(*pair)
            (together if taken else set_aside).add(pair)
        elif judged.verdict is Verdict.DIFFERENT:
            taken = groups.keep_apart(*pair)
            (apart if taken else set_aside).add(pair)
    return together, apart, set_aside
