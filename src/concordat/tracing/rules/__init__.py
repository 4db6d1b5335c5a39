"""Reading what somebody typed into the one search box, and putting records of one person together.

Pure functions: no Django, no database.
"""

from concordat.tracing.rules.facts import Fact, Told, facts_of, listed
from concordat.tracing.rules.people import PersonReading, age_on, read_person
from concordat.tracing.rules.searches import (
    DEFAULT_METRES,
    LONGEST_TEXT,
    MAXIMUM_METRES,
    Part,
    Reading,
    read,
    searchable,
)
from concordat.tracing.rules.things import Fit, ThingReading, fit_of, read_thing

__all__ = [
    "DEFAULT_METRES",
    "LONGEST_TEXT",
    "MAXIMUM_METRES",
    "Fact",
    "Fit",
    "Part",
    "PersonReading",
    "Reading",
    "ThingReading",
    "Told",
    "age_on",
    "facts_of",
    "fit_of",
    "listed",
    "read",
    "read_person",
    "read_thing",
    "searchable",
]
