"""Tables of events, people, places and loads. Every one with an owner is under row security."""

from concordat.records.models.event import Event, EventConflict, EventVersion
from concordat.records.models.load import Load, LoadFile, QuarantinedRow
from concordat.records.models.person import (
    Person,
    PersonConflict,
    PersonVersion,
    WarningMarker,
)
from concordat.records.models.place import Place, PlaceTerm

__all__ = [
    "Event",
    "EventConflict",
    "EventVersion",
    "Load",
    "LoadFile",
    "Person",
    "PersonConflict",
    "PersonVersion",
    "Place",
    "PlaceTerm",
    "QuarantinedRow",
    "WarningMarker",
]
