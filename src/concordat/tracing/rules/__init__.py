"""Reading what somebody typed into the one search box, and putting records of one person together.

Pure functions: no Django, no database.
"""

from concordat.tracing.rules.facts import Fact, Told, facts_of
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

__all__ = [
    "DEFAULT_METRES",
    "LONGEST_TEXT",
    "MAXIMUM_METRES",
    "Fact",
    "Part",
    "PersonReading",
    "Reading",
    "Told",
    "age_on",
    "facts_of",
    "read",
    "read_person",
    "searchable",
]
