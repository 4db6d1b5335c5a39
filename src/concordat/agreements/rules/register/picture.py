"""What all agreements together show: a matrix of functions and bodies."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from concordat.agreements.rules.functions import Framework, functions

OTHER_NAMES: Final = "Recorded under other names"
"""The group of what registers name that is not on the shared list of functions."""


class Weight(StrEnum):
    """What an entry of the register counts for: the strongest first."""

    IN_FORCE = "in_force"
    COMING = "coming"
    RECORDED = "recorded"
    LARGER = "larger"
    ENDED = "ended"

    @property
    def label(self) -> str:
        """The weight in plain English, short enough for a cell."""
        return _LABELS[self]

    @property
    def rank(self) -> int:
        """Its place, 0 for the strongest."""
        return list(Weight).index(self)

    @property
    def shares(self) -> bool:
        """Whether bodies under such an entry share its function, as far as the register knows."""
        return self in (Weight.IN_FORCE, Weight.RECORDED)


_LABELS = {
    Weight.IN_FORCE: "In force",
    Weight.COMING: "Coming",
    Weight.RECORDED: "Recorded",
    Weight.LARGER: "In a larger one",
    Weight.ENDED: "Ended",
}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One text of the register: an agreement of this service, or one that a source recorded.

    `key` is an agreement’s reference or a recorded one’s id; `bodies` are codes, `unknown` further
    ones in the words of a source. `everybody` marks a text of all forces, which makes nobody a
    neighbour of anybody.
    """

    key: str
    title: str
    functions: tuple[str, ...]
    bodies: frozenset[str]
    weight: Weight
    unknown: tuple[str, ...] = ()
    recorded: bool = False
    everybody: bool = False
    review_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One function of one body: the strongest of its entries, or why there can’t be one.

    `weight` is None and `entries` empty where it shares nothing; `excluded_by` then names the
    framework that keeps the function out, if one does.
    """

    weight: Weight | None
    entries: tuple[Entry, ...]
    excluded_by: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One function with its cells, in the order of the columns asked for."""

    function: str
    group: str
    cells: tuple[Cell, ...]


def matrix(
    entries: Iterable[Entry], *, columns: Sequence[str], frameworks: Iterable[Framework] = ()
) -> tuple[Row, ...]:
    """Return a row for each function that one of `columns` has an entry or an exclusion for.

    Rows come in the order of the shared list; what isn’t on it comes last, by name.
    """
    excluded = excluded_by_body(columns, frameworks)
    groups = {function.name: function.group for function in functions()}
    by_function: dict[str, list[Entry]] = {
        name: [] for found in excluded.values() for name in found
    }
    for entry in entries:
        if not entry.bodies.isdisjoint(columns):
            for name in entry.functions:
                by_function.setdefault(name, []).append(entry)
    order = list(groups)
    return tuple(
        Row(
            function=name,
            group=groups.get(name, OTHER_NAMES),
            cells=tuple(
                _cell([e for e in by_function[name] if body in e.bodies],
                      excluded[body].get(name, ""))
                for body in columns
            ),
        )
        for name in sorted(
            by_function, key=lambda n: (order.index(n) if n in groups else len(order), n.lower())
        )
    )  # fmt: skip


def excluded_by_body(
    columns: Collection[str], frameworks: Iterable[Framework]
) -> dict[str, dict[str, str]]:
    """Return for each body the functions that a framework forbids it with others of `columns`."""
    found: dict[str, dict[str, str]] = {body: {} for body in columns}
    for framework in sorted(frameworks, key=lambda framework: framework.reference):
        bound = set(columns) & set(framework.parties)
        if len(bound) > 1:
            for body in bound:
                for name in framework.excluded:
                    found[body].setdefault(name, framework.reference)
    return found


def on_the_list(function: str) -> bool:
    """Whether a function is on the shared list."""
    return any(one.name == function for one in functions())


def _cell(entries: Sequence[Entry], excluded_by: str) -> Cell:
    ordered = tuple(sorted(entries, key=lambda entry: (entry.weight.rank, entry.key)))
    return Cell(
        weight=ordered[0].weight if ordered else None,
        entries=ordered,
        excluded_by="" if ordered else excluded_by,
    )
