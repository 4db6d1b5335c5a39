"""Reading records. Every reading of a record is journalled here, with the records it showed."""

from concordat.records.queries.events import EventDetail, VersionDetail, event
from concordat.records.queries.find import (
    export_events,
    find_events,
    pointers,
    summary_of_force,
)
from concordat.records.queries.loads import (
    FileAccount,
    LoadSummary,
    load_detail,
    loads,
    quarantine_file,
    quarantined_rows,
)
from concordat.records.queries.persons import (
    Completeness,
    PersonDetail,
    PersonSummary,
    PersonVersionDetail,
    WarningDetail,
    completeness,
    person,
    persons,
    warning_markers,
)
from concordat.records.queries.places import PlaceDetail, place

__all__ = [
    "Completeness",
    "EventDetail",
    "FileAccount",
    "LoadSummary",
    "PersonDetail",
    "PersonSummary",
    "PersonVersionDetail",
    "PlaceDetail",
    "VersionDetail",
    "WarningDetail",
    "completeness",
    "event",
    "export_events",
    "find_events",
    "load_detail",
    "loads",
    "person",
    "persons",
    "place",
    "pointers",
    "quarantine_file",
    "quarantined_rows",
    "summary_of_force",
    "warning_markers",
]
