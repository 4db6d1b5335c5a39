"""People of an organisation: their accounts and their roles."""

from collections.abc import Iterable

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from concordat.audit.actions import record
from concordat.audit.rules import Operation, Subject
from concordat.base.acting import acting
from concordat.base.actor import PERSONAL_ROLES, Actor, Role
from concordat.base.clock import now
from concordat.base.ids import new_id
from concordat.organisations.errors import (
    NotAllowed,
    OrganisationsError,
    PersonExists,
    UnknownOrganisation,
)
from concordat.organisations.models import Credential, Organisation, Person, PersonRole
from concordat.organisations.queries import PersonSummary, person_summary
from concordat.organisations.rules import MINIMUM_PASSWORD_LENGTH


def check_can_administer(actor: Actor, organisation_id: int) -> None:
    """Raise NotAllowed, with the reason, unless `actor` may manage this organisation's people."""
    if actor.holds(Role.SYSTEM):
        return
    if not actor.holds(Role.ADMINISTRATOR):
        raise NotAllowed(f"{actor.person_name} is not an administrator.")
    if actor.organisation_id != organisation_id:
        raise NotAllowed("An administrator manages the people of their own organisation only.")


def add_person(
    actor: Actor,
    *,
    organisation: str,
    collar_number: str,
    username: str,
    name: str,
    roles: Iterable[Role],
    password: str,
) -> PersonSummary:
    """Add a member of staff who can sign in.

    `organisation` is its code. Raises UnknownOrganisation, NotAllowed, PersonExists (username or
    collar number taken), and OrganisationsError for a short password or no role.
    """
    held = _personal(roles)
    _check_password(password)
    body = Organisation.objects.filter(code=organisation).first()
    if body is None:
        raise UnknownOrganisation(f"There is no organisation with the code “{organisation}”.")
    check_can_administer(actor, body.id)
    with acting(actor):
        person = Person(
            id=new_id(),
            organisation=body,
            collar_number=collar_number.strip(),
            username=username.strip().lower(),
            name=name.strip(),
            created_at=now(),
        )
        try:
            with transaction.atomic():
                person.save(force_insert=True)
        except IntegrityError as taken:
            raise PersonExists(
                f"The username “{person.username}” or the collar number "
                f"{person.collar_number} of {body.name} is already taken."
            ) from taken
        PersonRole.objects.bulk_create(
            PersonRole(person=person, role=role, since=now()) for role in held
        )
        _store_password(person, password)
        _journal(actor, person, "organisations.add_person", roles=[*held])
    return person_summary(person.username)


def change_roles(actor: Actor, *, username: str, roles: Iterable[Role]) -> PersonSummary:
    """Give a person exactly these roles from now on; the ones they held are kept with their end.

    Raises NotAllowed, UnknownOrganisation for an unknown person, OrganisationsError for no role.
    """
    held = _personal(roles)
    with acting(actor):
        person = _locked_person(actor, username)
        live = PersonRole.objects.filter(person=person, until=None)
        before = sorted(live.values_list("role", flat=True))
        live.exclude(role__in=held).update(until=now())
        PersonRole.objects.bulk_create(
            PersonRole(person=person, role=role, since=now()) for role in held if role not in before
        )
        _journal(actor, person, "organisations.change_roles", before=before, roles=[*held])
    return person_summary(username)


def set_password(actor: Actor, *, username: str, password: str) -> PersonSummary:
    """Give a person a new password and end their lock-out. Raises as `change_roles` does."""
    _check_password(password)
    with acting(actor):
        person = _locked_person(actor, username)
        _store_password(person, password)
        _journal(actor, person, "organisations.set_password")
    return person_summary(username)


def close_account(actor: Actor, *, username: str) -> PersonSummary:
    """Close an account: the person can't sign in, and open sessions end at their next request."""
    with acting(actor):
        person = _locked_person(actor, username)
        person.active = False
        person.save(update_fields=["active"])
        _journal(actor, person, "organisations.close_account")
    return person_summary(username)


def _store_password(person: Person, password: str) -> None:
    """Keep a new password and end a lock-out. Credentials are written by the service alone."""
    with acting(Actor.service()):
        Credential.objects.update_or_create(
            person=person,
            defaults={
                "password": make_password(password),
                "failed_sign_ins": 0,
                "locked_until": None,
            },
        )


def _locked_person(actor: Actor, username: str) -> Person:
    person = Person.objects.filter(username=username.strip().lower()).first()
    if person is None:
        raise UnknownOrganisation(f"Nobody has the username “{username}”.")
    check_can_administer(actor, person.organisation_id)
    return Person.objects.select_for_update().get(id=person.id)


def _personal(roles: Iterable[Role]) -> list[Role]:
    held = sorted(set(roles))
    if not held:
        raise OrganisationsError("A person needs at least one role.")
    if any(role not in PERSONAL_ROLES for role in held):
        raise OrganisationsError("The role “system” belongs to the service, not to a person.")
    return held


def _check_password(password: str) -> None:
    if len(password) < MINIMUM_PASSWORD_LENGTH:
        raise OrganisationsError(
            f"The password needs at least {MINIMUM_PASSWORD_LENGTH} characters; "
            "three random words are a good one."
        )


def _journal(actor: Actor, person: Person, action: str, **details: object) -> None:
    record(
        actor,
        operation=Operation.ADMINISTRATION,
        action=action,
        subjects=[Subject("staff", person.id, person.organisation_id)],
        details={"username": person.username, **details},
    )
