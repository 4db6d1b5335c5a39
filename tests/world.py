"""A small invented world for tests: people of several forces, and agreements between them."""

from collections.abc import Sequence
from datetime import date

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from django.test import override_settings

from concordat.access.rules import SHAREABLE_KINDS, Level, RecordKind
from concordat.agreements.actions import draft_agreement, start_agreement
from concordat.agreements.rules import AgreementKind, AgreementTerms, SharingTerms
from concordat.base.acting import acting
from concordat.base.actor import Actor, Purpose, Role
from concordat.organisations.actions import add_person
from concordat.organisations.queries import actor_of, organisation

PASSWORD = "three invented words"
SERVICE = Actor.service(reason="tests")


class QuickArgon2(Argon2PasswordHasher):
    """Argon2 at its lowest cost: most people in tests need a password, not a strong one."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1


def person(
    force: str,
    *roles: Role,
    purpose: Purpose = Purpose.INVESTIGATION,
    username: str = "",
) -> Actor:
    """Add somebody to a force and return them as an actor; an officer unless roles are given."""
    held = roles or (Role.OFFICER,)
    name = username or f"{force}.{'.'.join(held)}"
    with override_settings(PASSWORD_HASHERS=["tests.world.QuickArgon2"]):
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
        direction_and_control="Each officer stays under their own chief constable.",
        liability="Each body answers for its own staff.",
        exit_terms="A party leaves after its notice; each keeps the records that it owns.",
        exit_costs="Each party pays its own costs of leaving.",
        review_on=date(2030, 1, 1),
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


def register(*forces: str, with_lines: bool = True) -> list[dict[str, object]]:
    """Return all that is registered of these forces, without ids and times, in a stable order.

    Every event with its place, every version, every row in conflict; and, `with_lines`, which line
    of which file told it.
    """
    found = []
    for force in forces:
        body = organisation(force)
        with acting(SERVICE.acting_for(body.id, body.name)), connection.cursor() as cursor:
            cursor.execute(_REGISTER)
            names = [column.name for column in cursor.description]
            found += [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    if not with_lines:
        for row in found:
            del row["line"], row["file"]
    return sorted(found, key=str)


_TOLD = (
    "t.owner_id, t.kind, t.category, t.outcome, t.occurred_from, t.occurred_until, t.precision, "
    "t.details, t.content, t.line, f.name AS file, p.fingerprint, p.location, p.latitude, "
    "p.longitude, p.cell, p.area_id AS place_area"
)
_FROM = (
    "LEFT JOIN records_place p ON p.id = t.place_id "
    "LEFT JOIN records_load_file f ON f.id = t.load_file_id"
)
_REGISTER = f"""
SELECT 'event' AS what, t.source, t.reference, t.version, t.area_id, t.map_cell, t.in_conflict,
       {_TOLD} FROM records_event t {_FROM}
UNION ALL
SELECT 'version', e.source, e.reference, t.version, NULL, NULL, NULL, {_TOLD}
FROM records_event_version t JOIN records_event e ON e.id = t.event_id {_FROM}
UNION ALL
SELECT 'conflict', e.source, e.reference, NULL, NULL, NULL, NULL, {_TOLD}
FROM records_event_conflict t JOIN records_event e ON e.id = t.event_id {_FROM}
"""
