"""Reading identity. Everything is derived from rows that the actor may read, and from no other."""

from concordat.identity.queries.identities import identity_of, pair
from concordat.identity.queries.pointers import pointers
from concordat.identity.queries.quality import duplicates_inside, progress
from concordat.identity.queries.review import count_in_queue, next_in_queue, review_queue
from concordat.identity.queries.who_is import who_is

__all__ = [
    "count_in_queue",
    "duplicates_inside",
    "identity_of",
    "next_in_queue",
    "pair",
    "pointers",
    "progress",
    "review_queue",
    "who_is",
]
