"""Merging what two people made of one text each: nothing of either is overwritten.

A three-way merge, field by field: who changed a field alone is right, and what both changed
differently is a conflict that a person decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """A field that both changed differently. `base` is what it said before."""

    code: str
    base: str
    mine: str
    theirs: str


@dataclass(frozen=True, kw_only=True)
class Merged:
    """What both agree on, and what they don't. Of a conflict `values` holds what is stored."""

    values: dict[str, str]
    conflicts: tuple[Conflict, ...] = ()


def merge(base: Mapping[str, str], mine: Mapping[str, str], theirs: Mapping[str, str]) -> Merged:
    """Return the merge of two changes of `base`. `theirs` is what is stored by now.

    A field that isn't there says "". Blanks around a value make no difference; a field that says
    nothing in the end is left out.
    """
    values: dict[str, str] = {}
    conflicts: list[Conflict] = []
    for code in dict.fromkeys((*base, *theirs, *mine)):
        before, own, other = (side.get(code, "") for side in (base, mine, theirs))
        kept = other
        if _same(other, before):
            kept = own
        elif not _same(own, before) and not _same(own, other):
            conflicts.append(Conflict(code=code, base=before, mine=own, theirs=other))
        if kept.strip():
            values[code] = kept
    return Merged(values=values, conflicts=tuple(conflicts))


def _same(left: str, right: str) -> bool:
    return left.strip() == right.strip()
