"""The shared list of functions that bodies do jointly, and which of them a framework excludes."""

import csv
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Function:
    """One function of the list: its plain name, and the group it belongs to."""

    name: str
    group: str


@dataclass(frozen=True, kw_only=True)
class Framework:
    """A framework agreement that binds its parties: what they have agreed never to share.

    Source: the memorandum of three forces that kept local policing and the protection of
    vulnerable people out of every collaboration between them.
    """

    reference: str
    parties: Collection[str]
    excluded: Collection[str]


@cache
def functions() -> tuple[Function, ...]:
    """Return the shared list in its order, group by group."""
    text = (files(__package__) / "functions.csv").read_text(encoding="utf-8")
    return tuple(Function(row["name"], row["group"]) for row in csv.DictReader(text.splitlines()))


def unknown_functions(names: Iterable[str]) -> list[str]:
    """Return those of `names` that are not on the shared list, in their order."""
    known = {function.name for function in functions()}
    return [name for name in dict.fromkeys(names) if name not in known]


def excluded_for(parties: Collection[str], frameworks: Iterable[Framework]) -> dict[str, str]:
    """Return each function that these parties can't share, with the framework that says so.

    A framework binds as soon as two of its parties are among `parties`: what those two have agreed
    not to do together they can't do together in larger company either.
    """
    bound: dict[str, str] = {}
    for framework in sorted(frameworks, key=lambda framework: framework.reference):
        if len(set(parties) & set(framework.parties)) > 1:
            for name in framework.excluded:
                bound.setdefault(name, framework.reference)
    return bound


def not_to_be_shared(
    chosen: Sequence[str], parties: Collection[str], frameworks: Iterable[Framework]
) -> list[str]:
    """Return, in plain words, each chosen function that a framework excludes between parties."""
    bound = excluded_for(parties, frameworks)
    return [
        f"other functions than {name.lower()}: {bound[name]} excludes it between these parties"
        for name in chosen
        if name in bound
    ]
