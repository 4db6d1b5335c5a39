"""Finding people by what was typed: grouped by identity, likeliest first, with reasons."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from concordat.access.queries import pointer_owners
from concordat.access.rules import RecordKind
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.base.clock import today
from concordat.identity.errors import TooLittleToGoOn, TooManyPointers
from concordat.identity.queries import pointers, who_is
from concordat.identity.rules.answers import Person, PersonPointer
from concordat.records.queries import PersonSummary, persons
from concordat.records.rules.questions import Count
from concordat.tracing.rules import Part, PersonReading, age_on

MOST: Final = 30
"""So many people are looked at; a question that fits more should be narrowed."""

LEAST_EVIDENCE_BITS: Final = 6.0
"""What speaks for a person must outweigh what speaks against by this much to be worth showing."""

BEHIND_BITS: Final = 16.0
"""So far behind the likeliest, a person isn't worth showing."""

AGE_SLACK: Final = 2
"""Years by which a typed age, which is mostly an estimate, may be off and still fit."""


@dataclass(frozen=True, kw_only=True)
class PeopleFilters:
    """What was chosen beside the search box about people. Empty doesn't narrow."""

    owner_ids: Sequence[int] = ()
    warning: str = ""


@dataclass(frozen=True, kw_only=True)
class FoundPerson:
    """One identity that answers, with every record of it that the actor may read, best first."""

    person: Person
    records: tuple[PersonSummary, ...]

    @property
    def best(self) -> PersonSummary:
        """The record that answers best."""
        return self.records[0]


@dataclass(frozen=True, kw_only=True)
class PeopleFound:
    """Who answers a search, how it was read, and what counts it can be narrowed by.

    `by_owner` and `by_warning` count people, before narrowing. `is_certain` says that what was
    typed can hardly mean anything else than a person.
    """

    parts: tuple[Part, ...]
    is_certain: bool
    notes: tuple[str, ...]
    people: tuple[FoundPerson, ...]
    by_owner: tuple[Count, ...]
    by_warning: tuple[Count, ...]
    pointers: tuple[PersonPointer, ...]


def find_people(
    actor: Actor, *, reading: PersonReading, filters: PeopleFilters | None = None
) -> PeopleFound:
    """Return who of those that `actor` may read this may be, and which forces one may ask."""
    chosen = filters or PeopleFilters()
    notes: list[str] = []
    with acting(actor):
        found = _found(actor, reading, notes)
        held = _pointers(actor, reading, notes)
    owners = tuple(chosen.owner_ids) or _typed_owners(found, reading, notes)
    return PeopleFound(
        parts=reading.parts,
        is_certain=reading.is_certain,
        notes=tuple(notes),
        people=tuple(one for one in found if _is_chosen(one, owners, chosen.warning)),
        by_owner=_counts(found, lambda one: {owner for _, owner in one.person.members}),
        by_warning=_counts(found, _warnings),
        pointers=held,
    )


def people_like(
    actor: Actor, *, reading: PersonReading, limit: int = MOST
) -> tuple[FoundPerson, ...]:
    """Return who of those that `actor` may read this may be, likeliest first, without pointers.

    For candidates that come while typing: they ask too often to be asked of other forces.
    """
    with acting(actor):
        return tuple(_found(actor, reading, [], limit=limit))


def _found(
    actor: Actor, reading: PersonReading, notes: list[str], *, limit: int = MOST
) -> list[FoundPerson]:
    try:
        answers = who_is(actor, partial=reading.partial, limit=limit)
    except TooLittleToGoOn as problem:
        if reading.is_certain:
            notes.append(str(problem))
        return []
    worth = [one for one in answers if _evidence(one) >= LEAST_EVIDENCE_BITS]
    worth = [one for one in worth if one.bits >= worth[0].bits - BEHIND_BITS]
    ids = [record_id for one in worth for record_id, _ in one.members]
    told = {summary.id: summary for summary in persons(actor, ids=ids)} if ids else {}
    found = [FoundPerson(person=one, records=_records(one, told)) for one in worth]
    found = [one for one in found if one.records]
    if reading.age is None:
        return found
    fitting = [one for one in found if _fits(one, reading.age)]
    if found and not fitting:
        notes.append(f"Nobody found is about {reading.age} years old, so the age was left aside.")
    return fitting or found


def _records(person: Person, told: dict[UUID, PersonSummary]) -> tuple[PersonSummary, ...]:
    order = [one.record_id for one in person.records]
    order += [record_id for record_id, _ in person.members if record_id not in set(order)]
    return tuple(told[record_id] for record_id in order if record_id in told)


def _evidence(person: Person) -> float:
    prior = sum(part.bits for part in person.explanation.parts if part.name == "Prior")
    return person.bits - prior


def _fits(one: FoundPerson, age: int) -> bool:
    """Whether any record gives this age, about, or none says how old."""
    ages = [age_on(today(), record.content.date_of_birth_form) for record in one.records]
    told = [span for span in ages if span]
    return not told or any(low - AGE_SLACK <= age <= high + AGE_SLACK for low, high in told)


def _pointers(actor: Actor, reading: PersonReading, notes: list[str]) -> tuple[PersonPointer, ...]:
    """Ask by pointer, where any force shares persons in that way alone, and the question is exact.

    Who has asked too often is told so; what they may read themselves is shown all the same.
    """
    if not pointer_owners(actor, kind=RecordKind.PERSON):
        return ()
    try:
        return tuple(pointers(actor, partial=reading.partial))
    except TooLittleToGoOn:
        return ()
    except TooManyPointers as problem:
        notes.append(str(problem))
        return ()


def _typed_owners(
    found: list[FoundPerson], reading: PersonReading, notes: list[str]
) -> tuple[int, ...]:
    """Return the forces that were named, unless they know nobody who was found."""
    typed = reading.owner_ids
    if found and typed and not any(_is_chosen(one, typed, "") for one in found):
        notes.append("Nobody found is recorded by the force that you named, so it was left aside.")
        return ()
    return typed


def _is_chosen(one: FoundPerson, owners: Sequence[int], warning: str) -> bool:
    of_owner = not owners or any(owner in owners for _, owner in one.person.members)
    return of_owner and (not warning or warning in _warnings(one))


def _warnings(one: FoundPerson) -> set[str]:
    return {warning.code for record in one.records for warning in record.warnings}


def _counts(
    found: list[FoundPerson], keys: Callable[[FoundPerson], set[int] | set[str]]
) -> tuple[Count, ...]:
    counted: Counter[int | str] = Counter(key for one in found for key in keys(one))
    ranked = sorted(counted.items(), key=lambda item: (-item[1], str(item[0])))
    return tuple(Count(key=key, count=count) for key, count in ranked)
