"""Where agreements leave gaps between neighbours, and where they overlap."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from concordat.agreements.rules.functions import Framework, functions
from concordat.agreements.rules.register.picture import (
    Entry,
    Weight,
    excluded_by_body,
    on_the_list,
)

_TWO = 2  # It takes two to share.


@dataclass(frozen=True, kw_only=True)
class Lack:
    """A body that doesn’t share a function that neighbours of it share.

    `neighbours` are codes. `coming` are entries that will close the gap; `excluded_by` is the
    framework that forbids closing it with one of them, "" if none does.
    """

    body: str
    neighbours: tuple[str, ...]
    coming: tuple[Entry, ...]
    excluded_by: str


@dataclass(frozen=True, kw_only=True)
class Gap:
    """A function that some bodies share and some of their neighbours don’t."""

    function: str
    shared_by: tuple[str, ...]
    entries: tuple[Entry, ...]
    lacking: tuple[Lack, ...]


@dataclass(frozen=True, kw_only=True)
class SameFunction:
    """One function that the same bodies (two or more) share under several texts."""

    function: str
    bodies: tuple[str, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True, kw_only=True)
class SameBodies:
    """Several functions that exactly the same bodies share, each under a text of its own."""

    bodies: tuple[str, ...]
    functions: tuple[str, ...]
    entries: tuple[Entry, ...]


def gaps(
    entries: Iterable[Entry],
    *,
    columns: Sequence[str],
    neighbours: Mapping[str, Iterable[str]],
    frameworks: Iterable[Framework] = (),
) -> tuple[Gap, ...]:
    """Return, by function, which of `columns` lack what at least two of their neighbours share.

    A function of a text of all forces counts as shared by all. Only functions of the shared list
    are looked at, in its order: what a source calls by another name can’t be compared.
    """
    kept = [entry for entry in entries if entry.bodies]
    bound = list(frameworks)
    found = []
    for name in filter(on_the_list, _functions_of(kept)):
        sharing = [e for e in kept if name in e.functions and e.weight.shares]
        shared_by = {body for entry in sharing for body in entry.bodies}
        coming = [e for e in kept if name in e.functions and e.weight is Weight.COMING]
        lacking = tuple(
            _lack(body, near, coming=coming, function=name, frameworks=bound)
            for body in columns
            if body not in shared_by
            and len(near := shared_by & set(neighbours.get(body, ()))) >= _TWO
        )
        if lacking:
            found.append(
                Gap(
                    function=name,
                    shared_by=tuple(sorted(shared_by)),
                    entries=tuple(_strongest_first(sharing)),
                    lacking=lacking,
                )
            )
    return tuple(found)


def same_function(entries: Iterable[Entry]) -> tuple[SameFunction, ...]:
    """Return each function that two or more bodies share under more than one text at a time.

    `bodies` are those that stand under at least two of the texts. A text of all forces overlaps
    with nothing: a national service beside a local one is not a seam.
    """
    kept = _counted(entries)
    found = []
    for name in _functions_of(kept):
        touching = [e for e in kept if name in e.functions and not e.everybody]
        for cluster in _overlapping(touching):
            bodies = {
                body for body in cluster[0].bodies.union(*(e.bodies for e in cluster))
                if sum(body in entry.bodies for entry in cluster) >= _TWO
            }  # fmt: skip
            found.append(
                SameFunction(
                    function=name,
                    bodies=tuple(sorted(bodies)),
                    entries=tuple(_strongest_first(cluster)),
                )
            )
    return tuple(found)


def same_bodies(entries: Iterable[Entry]) -> tuple[SameBodies, ...]:
    """Return each company of bodies that shares several functions under several texts."""
    by_company: dict[frozenset[str], list[Entry]] = defaultdict(list)
    for entry in _counted(entries):
        by_company[entry.bodies].append(entry)
    found = [
        SameBodies(
            bodies=tuple(sorted(company)),
            functions=tuple(_functions_of(texts)),
            entries=tuple(_strongest_first(texts)),
        )
        for company, texts in by_company.items()
        if len(texts) >= _TWO and len(company) >= _TWO and len(_functions_of(texts)) >= _TWO
    ]
    return tuple(sorted(found, key=lambda one: (-len(one.entries), one.bodies)))


def _lack(
    body: str,
    near: Iterable[str],
    *,
    coming: Iterable[Entry],
    function: str,
    frameworks: Iterable[Framework],
) -> Lack:
    neighbours = tuple(sorted(near))
    excluded = excluded_by_body((body, *neighbours), frameworks)[body]
    return Lack(
        body=body,
        neighbours=neighbours,
        coming=tuple(entry for entry in coming if body in entry.bodies),
        excluded_by=excluded.get(function, ""),
    )


def _counted(entries: Iterable[Entry]) -> list[Entry]:
    """Return what is shared now or as far as is known, one entry for each agreement."""
    kept: dict[str, Entry] = {}
    for entry in _strongest_first(entries):
        if entry.weight.shares and entry.bodies:
            kept.setdefault(entry.key, entry)
    return list(kept.values())


def _overlapping(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Return the clusters of entries in which each has two bodies in common with another."""
    clusters: list[list[Entry]] = []
    for entry in entries:
        joined = [c for c in clusters if any(len(e.bodies & entry.bodies) >= _TWO for e in c)]
        clusters = [c for c in clusters if c not in joined]
        clusters.append([*(e for cluster in joined for e in cluster), entry])
    return [cluster for cluster in clusters if len(cluster) >= _TWO]


def _functions_of(entries: Iterable[Entry]) -> list[str]:
    """Return every function of these entries: the shared list’s in its order, then the others."""
    named = {name for entry in entries for name in entry.functions}
    listed = [function.name for function in functions() if function.name in named]
    return [*listed, *sorted(named - set(listed), key=str.lower)]


def _strongest_first(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: (entry.weight.rank, entry.key))
