"""Searching the register of all forces, as far as agreements in force let the actor see it."""

from concordat.tracing.queries.candidates import Candidate, candidates
from concordat.tracing.queries.identities import Compared, IdentityPage, identity_page, side_by_side
from concordat.tracing.queries.people import (
    FoundPerson,
    PeopleFilters,
    PeopleFound,
    find_people,
)
from concordat.tracing.queries.searching import Filters, Found, export, search
from concordat.tracing.queries.things import FoundThing, ThingsFound, find_things
from concordat.tracing.queries.watching import (
    AlertDetail,
    Inbox,
    WatchDetail,
    inbox,
    my_watches,
    unread,
    watching,
)

__all__ = [
    "AlertDetail",
    "Candidate",
    "Compared",
    "Filters",
    "Found",
    "FoundPerson",
    "FoundThing",
    "IdentityPage",
    "Inbox",
    "PeopleFilters",
    "PeopleFound",
    "ThingsFound",
    "WatchDetail",
    "candidates",
    "export",
    "find_people",
    "find_things",
    "identity_page",
    "inbox",
    "my_watches",
    "search",
    "side_by_side",
    "unread",
    "watching",
]
