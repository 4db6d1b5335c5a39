"""Finding vehicles, weapons, phones and other things by what was typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from concordat.base.actor import Actor
from concordat.records.queries import ItemSummary, find_items
from concordat.tracing.rules import Fit, Part, ThingReading, fit_of

MOST: Final = 30
"""So many things are shown; what fits more should be asked more closely."""


@dataclass(frozen=True, kw_only=True)
class FoundThing:
    """One record of a thing that answers, and how well it does."""

    thing: ItemSummary
    fit: Fit


@dataclass(frozen=True, kw_only=True)
class ThingsFound:
    """The things that answer a search, best first, and how it was read."""

    parts: tuple[Part, ...]
    is_certain: bool
    things: tuple[FoundThing, ...]


def find_things(
    actor: Actor, *, reading: ThingReading, owner_ids: Sequence[int] = ()
) -> ThingsFound:
    """Return which things that `actor` may read this may be, of these owners if any are given."""
    rows = find_items(actor, text=reading.text, kind=reading.kind, limit=MOST)
    return ThingsFound(
        parts=reading.parts,
        is_certain=reading.is_certain,
        things=tuple(
            FoundThing(thing=row, fit=fit_of(reading.text, row.keys))
            for row in rows
            if not owner_ids or row.owner_id in owner_ids
        ),
    )
