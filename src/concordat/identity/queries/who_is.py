"""Who is this: one typed person against every record that the actor may read."""

from collections.abc import Collection, Mapping
from itertools import islice
from uuid import UUID

from concordat.audit.actions import record
from concordat.audit.rules import Operation, Subject
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.identity.engine import (
    Meaning,
    features_of,
    keys_of,
    probability,
)
from concordat.identity.errors import TooLittleToGoOn
from concordat.identity.queries.candidates import Scored, candidates, crowded_candidates
from concordat.identity.queries.evidence import connected, facets_of, judgements_among
from concordat.identity.queries.models import weigher_in_use
from concordat.identity.rules.answers import Candidate, Person
from concordat.identity.rules.clusters import derive
from concordat.identity.rules.exact import exact_keys
from concordat.identity.rules.judgements import settle
from concordat.identity.rules.weighing import Weigher

_RECORDS_A_PERSON = 2
"""So many times the persons asked for, records are looked at for whose they are."""


def who_is(actor: Actor, *, partial: Mapping[Meaning, str], limit: int = 10) -> tuple[Person, ...]:
    """Return who of those that `actor` may read this may be, likeliest first, and why.

    `partial` is what is known, as it was typed. Records of one person are grouped, as far as the
    actor may see that they are. Raises TooLittleToGoOn if nothing of it can be looked up by.
    """
    features = features_of(partial)
    keys = (*keys_of([features])[0], *exact_keys(features))
    if not keys:
        raise TooLittleToGoOn(
            "Give a name with a date of birth or a place, or an identifier, phone or postcode "
            "with a name: by less nobody can be found."
        )
    with acting(actor):
        weigher = weigher_in_use()
        found = candidates(weigher, [features], keys)
        found = found or crowded_candidates(weigher, [features], keys)
        ranked = sorted(found.values(), key=lambda one: (-one.bits, one.record_id))
        persons = _grouped(ranked[: limit * _RECORDS_A_PERSON], weigher, limit)
        record(
            actor,
            operation=Operation.CONSULTATION,
            action="identity.who_is",
            subjects=_subjects(persons),
            details={"asked": {str(name): text for name, text in partial.items() if text}},
        )
    return persons


def _grouped(ranked: list[Scored], weigher: Weigher, limit: int) -> tuple[Person, ...]:
    """Return the records as persons, each where its best record stands."""
    around = connected({one.record_id: one.owner_id for one in ranked})
    labels = derive(facets_of(around), settle(judgements_among(around)), weigher)
    groups: dict[UUID, list[Scored]] = {}
    for one in ranked:
        groups.setdefault(labels[one.record_id], []).append(one)
    members: dict[UUID, list[tuple[UUID, int]]] = {}
    for record_id in sorted(labels):
        members.setdefault(labels[record_id], []).append((record_id, around[record_id].owner_id))
    return tuple(
        Person(
            records=tuple(_candidate(one) for one in group),
            members=tuple(members[label]),
            explanation=group[0].explain(),
        )
        for label, group in islice(groups.items(), limit)
    )


def _candidate(one: Scored) -> Candidate:
    return Candidate(
        record_id=one.record_id,
        owner_id=one.owner_id,
        bits=one.bits,
        probability=probability(one.bits),
        features=one.features,
    )


def _subjects(persons: Collection[Person]) -> list[Subject]:
    return [
        Subject("person", candidate.record_id, candidate.owner_id)
        for person in persons
        for candidate in person.records
    ]
