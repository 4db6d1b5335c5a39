"""A small invented world for tests: people of several forces, and agreements between them."""

from collections.abc import Sequence

from concordat.access.rules import SHAREABLE_KINDS, Level, RecordKind
from concordat.agreements.actions import draft_agreement, start_agreement
from concordat.agreements.rules import AgreementKind, AgreementTerms, SharingTerms
from concordat.base.actor import Actor, Purpose, Role
from concordat.organisations.actions import add_person
from concordat.organisations.queries import actor_of

SEVEN_FORCES = (
    "bedfordshire",
    "cambridgeshire",
    "essex",
    "hertfordshire",
    "kent",
    "norfolk",
    "suffolk",
)
PASSWORD = "three invented words"
SERVICE = Actor.service(reason="tests")


def person(
    force: str,
    *roles: Role,
    purpose: Purpose = Purpose.INVESTIGATION,
    username: str = "",
) -> Actor:
    """Add somebody to a force and return them as an actor; an officer unless roles are given."""
    held = roles or (Role.OFFICER,)
    name = username or f"{force}.{'.'.join(held)}"
    added = add_person(
        SERVICE,
        organisation=force,
        collar_number=name,
        username=name,
        name=name.replace(".", " ").title(),
        roles=held,
        password=PASSWORD,
    )
    actor = actor_of(added.id, purpose=purpose, reason="CR/1/26")
    assert actor is not None
    return actor


def terms(
    reference: str,
    parties: Sequence[str],
    *,
    kinds: Sequence[RecordKind] = SHAREABLE_KINDS,
    level: Level = Level.FULL,
    form: AgreementKind = AgreementKind.SECTION_22A,
) -> AgreementTerms:
    """Return the terms of an agreement by which the parties share these kinds with each other."""
    return AgreementTerms(
        reference=reference,
        title=f"Agreement {reference}",
        kind=form,
        purpose="To trace across borders.",
        parties=parties,
        functions=["Crime recording"],
        sharing=[
            SharingTerms(
                kind=kind,
                level=level,
                lawful_basis="Data Protection Act 2018, section 35(2)(b)",
                assessment="DPIA-1",
                contact="Data protection officer, telephone 01632 960001",
            )
            for kind in kinds
        ],
    )


def agreement_in_force(
    reference: str,
    parties: Sequence[str],
    *,
    kinds: Sequence[RecordKind] = SHAREABLE_KINDS,
    level: Level = Level.FULL,
) -> str:
    """Make an agreement and start it today. Returns its reference."""
    draft_agreement(SERVICE, terms=terms(reference, parties, kinds=kinds, level=level))
    start_agreement(SERVICE, reference=reference)
    return reference
