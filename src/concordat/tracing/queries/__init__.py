"""Searching the register of all forces, as far as agreements in force let the actor see it."""

from concordat.tracing.queries.identities import Compared, IdentityPage, identity_page, side_by_side
from concordat.tracing.queries.people import (
    FoundPerson,
    PeopleFilters,
    PeopleFound,
    find_people,
)
from concordat.tracing.queries.searching import Filters, Found, export, search

__all__ = [
    "Compared",
    "Filters",
    "Found",
    "FoundPerson",
    "IdentityPage",
    "PeopleFilters",
    "PeopleFound",
    "export",
    "find_people",
    "identity_page",
    "search",
    "side_by_side",
]
