"""Tables of events, people, things, places and loads, and of the work on them.

Every one with an owner is under row security.
"""

from concordat.records.models.disclosure import Disclosure
from concordat.records.models.draft import Draft
from concordat.records.models.event import Event, EventConflict, EventVersion
from concordat.records.models.item import Continuity, Item, ItemKey, ItemVersion
from concordat.records.models.link import Link
from concordat.records.models.load import Load, LoadFile, QuarantinedRow
from concordat.records.models.person import (
    Person,
    PersonConflict,
    PersonVersion,
    WarningMarker,
)
from concordat.records.models.place import Place, PlaceTerm
from concordat.records.models.work import Numbering, Review, Transfer, Withheld

__all__ = [
    "Continuity",
    "Disclosure",
    "Draft",
    "Event",
    "EventConflict",
    "EventVersion",
    "Item",
    "ItemKey",
    "ItemVersion",
    "Link",
    "Load",
    "LoadFile",
    "Numbering",
    "Person",
    "PersonConflict",
    "PersonVersion",
    "Place",
    "PlaceTerm",
    "QuarantinedRow",
    "Review",
    "Transfer",
    "WarningMarker",
    "Withheld",
]
