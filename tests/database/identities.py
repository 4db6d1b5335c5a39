"""Persons in tests: observed without `records`, as it would hand them over."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.base.ids import new_id
from concordat.identity.actions import observe
from concordat.identity.engine import Meaning
from concordat.identity.rules.observed import Observed
from concordat.organisations.queries import organisation
from tests.world import SERVICE

ROBERT = {
    "forename": "Robert",
    "surname": "Quillfeather",
    "date_of_birth": "1987-05-03",
    "sex": "M",
    "postcode": "CO1 1AA",
}
BOB = ROBERT | {"forename": "Bob", "date_of_birth": "1987-03-05"}
ROBERTA = ROBERT | {"forename": "Roberta", "sex": "F", "date_of_birth": "1991-11-30"}
STRANGER = {
    "forename": "Agnieszka",
    "surname": "Wojciechowska",
    "date_of_birth": "1964-01-19",
    "sex": "F",
    "postcode": "NR2 4XX",
}


def service_for(force: str) -> Actor:
    """Return the service acting for a force."""
    body = organisation(force)
    return SERVICE.acting_for(body.id, body.name)


def recorded(
    force: str,
    *facets: Mapping[str, str],
    record_id: UUID | None = None,
    version: int = 1,
) -> UUID:
    """Hand one record over as `records` does, and return its id."""
    actor = service_for(force)
    told = Observed(record_id or new_id(), actor.organisation_id, version, tuple(facets))
    observe(actor, records=[told])
    return told.record_id


def recorded_all(force: str, persons: Sequence[Mapping[str, str]]) -> list[UUID]:
    """Hand many records over at once, in one transaction, and return their ids."""
    actor = service_for(force)
    told = [Observed(new_id(), actor.organisation_id, 1, (person,)) for person in persons]
    with acting(actor):
        observe(actor, records=told)
    return [one.record_id for one in told]


R_UNDATED = ROBERT | {"forename": "R", "date_of_birth": ""}
"""So like Robert that a person should look, and not so like that the machine would link them."""


def meant(values: Mapping[str, str]) -> dict[Meaning, str]:
    """Return what a form would ask by these values."""
    return {Meaning(name): text for name, text in values.items() if text}
