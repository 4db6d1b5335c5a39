"""Candidates while something is logged: who, what or where this may already be in the register."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from concordat.access.rules import THING_KINDS, RecordKind
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.base.clock import today
from concordat.organisations.queries import (
    OrganisationSummary,
    force_ids_by_name,
    names_by_id,
)
from concordat.records.queries import find_items, find_places
from concordat.records.rules.person_codes import WARNINGS
from concordat.records.rules.told_persons import label_of
from concordat.tracing.queries.people import FoundPerson, people_like
from concordat.tracing.rules import fit_of, listed, read, read_person, searchable

MOST: Final = 6
"""So many candidates are offered: more are not read while typing."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A record that may be meant: pick it, and nothing of it is typed again.

    `detail` says who knows it, `warnings` come first wherever it is shown, and `reasons` say why
    it is offered.
    """

    kind: RecordKind
    record_id: UUID
    owner_id: int
    label: str
    detail: str
    warnings: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


def candidates(
    actor: Actor, *, kind: RecordKind, text: str, limit: int = MOST
) -> tuple[Candidate, ...]:
    """Return who or what of this kind `text` may mean, likeliest first, of what `actor` may read.

    Nothing for too little text, and for a kind that isn't a person, a thing or a place.
    """
    text = searchable(text).strip()
    if not text:
        return ()
    with acting(actor):
        if kind is RecordKind.PERSON:
            return _persons(actor, text, limit)
        if kind is RecordKind.PLACE:
            return _places(actor, text, limit)
        return _things(actor, kind, text, limit) if kind in THING_KINDS else ()


def _persons(actor: Actor, text: str, limit: int) -> tuple[Candidate, ...]:
    forces = force_ids_by_name()
    reading = read_person(text, events=read(text, forces=forces), forces=forces, today=today())
    if reading is None:
        return ()
    bodies = names_by_id()
    found = people_like(actor, reading=reading, limit=limit)
    return tuple(_person(one, bodies) for one in found)


def _person(one: FoundPerson, bodies: dict[int, OrganisationSummary]) -> Candidate:
    best = one.best
    name = next((name.text for name in best.content.names if name.text), "")
    owners = sorted({owner for _, owner in one.person.members})
    codes = sorted({warning.code for record in one.records for warning in record.warnings})
    return Candidate(
        kind=RecordKind.PERSON,
        record_id=best.id,
        owner_id=best.owner_id,
        label=label_of(name, best.content.date_of_birth_form),
        detail=f"known to {listed([bodies[owner].short_name for owner in owners])}",
        warnings=tuple(WARNINGS.get(code.upper(), code) for code in codes),
        reasons=(one.person.explanation.words,),
    )


def _things(actor: Actor, kind: RecordKind, text: str, limit: int) -> tuple[Candidate, ...]:
    bodies = names_by_id()
    return tuple(
        Candidate(
            kind=row.kind,
            record_id=row.id,
            owner_id=row.owner_id,
            label=row.label,
            detail=f"recorded by {bodies[row.owner_id].short_name}",
            reasons=(fit_of(text, row.keys).words,),
        )
        for row in find_items(actor, text=text, kind=kind, limit=limit)
    )


def _places(actor: Actor, text: str, limit: int) -> tuple[Candidate, ...]:
    bodies = names_by_id()
    return tuple(
        Candidate(
            kind=RecordKind.PLACE,
            record_id=row.id,
            owner_id=row.owner_id,
            label=row.location or row.lsoa_name,
            detail=f"recorded by {bodies[row.owner_id].short_name}",
        )
        for row in find_places(actor, text=text, limit=limit)
    )
