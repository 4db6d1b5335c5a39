"""Signing in and out, and saying what for."""

from django.contrib.auth.hashers import check_password, make_password

from concordat.audit.actions import record
from concordat.audit.rules import Operation, Subject
from concordat.base.acting import acting
from concordat.base.actor import Actor, Purpose
from concordat.base.clock import now
from concordat.organisations.errors import SignInLocked, SignInRefused
from concordat.organisations.models import Credential, Person
from concordat.organisations.queries import actor_of
from concordat.organisations.rules import LOCK_MINUTES, lock_after_failure

_REFUSED = "The username and the password don’t go together."


def sign_in(
    actor: Actor, *, username: str, password: str, purpose: Purpose, reason: str = ""
) -> Actor:
    """Return the person who signs in, as an actor for the purpose they gave.

    `actor` is the service. Five wrong passwords in a row lock the account for fifteen minutes,
    counted under a row lock so that parallel guesses can't outrun it. An unknown username costs
    as much time as a wrong password. Raises SignInRefused or SignInLocked; both are journalled.
    """
    with acting(actor):
        outcome = _attempt(actor, username.strip().lower(), password)
    if isinstance(outcome, SignInRefused):
        raise outcome
    signed_in = actor_of(outcome.id, purpose=purpose, reason=reason)
    if signed_in is None:
        raise SignInRefused("This account has no role in force; ask your administrator.")
    with acting(signed_in):
        record(signed_in, operation=Operation.ADMINISTRATION, action="organisations.sign_in")
    return signed_in


def sign_out(actor: Actor) -> None:
    """Journal that a person signed out."""
    with acting(actor):
        record(actor, operation=Operation.ADMINISTRATION, action="organisations.sign_out")


def choose_purpose(actor: Actor, *, purpose: Purpose, reason: str = "") -> Actor:
    """Return the same person working for another purpose from now on; the change is journalled."""
    if actor.person_id is None:
        raise SignInRefused("Only a person chooses a purpose.")
    changed = actor_of(actor.person_id, purpose=purpose, reason=reason)
    if changed is None:
        raise SignInRefused("This account is closed.")
    with acting(changed):
        record(
            changed,
            operation=Operation.ADMINISTRATION,
            action="organisations.choose_purpose",
            details={"before": actor.purpose},
        )
    return changed


def _attempt(actor: Actor, username: str, password: str) -> Person | SignInRefused:
    """Return the person, or the refusal to raise once the failed attempt is committed."""
    rows = Credential.objects.select_for_update(of=("self",)).select_related("person")
    credential = rows.filter(person__username=username).first()
    if credential is None:
        make_password(password)  # so that the answer takes as long as for a known username
        return _refuse(actor, None, SignInRefused(_REFUSED), username)
    person = credential.person
    if credential.locked_until and credential.locked_until > now():
        return _refuse(actor, person, _locked(), username)
    if not check_password(password, credential.password):
        credential.failed_sign_ins += 1
        credential.locked_until = lock_after_failure(credential.failed_sign_ins, at=now())
        credential.save(update_fields=["failed_sign_ins", "locked_until"])
        return _refuse(actor, person, SignInRefused(_REFUSED), username)
    if not person.active:
        return _refuse(actor, person, SignInRefused(_REFUSED), username)
    credential.failed_sign_ins = 0
    credential.locked_until = None
    credential.last_sign_in = now()
    credential.save(update_fields=["failed_sign_ins", "locked_until", "last_sign_in"])
    return person


def _locked() -> SignInLocked:
    return SignInLocked(
        f"Too many wrong passwords: this account rests for {LOCK_MINUTES} minutes. "
        "Your administrator can give you a new password at once."
    )


def _refuse(
    actor: Actor, person: Person | None, refusal: SignInRefused, username: str
) -> SignInRefused:
    record(
        actor,
        operation=Operation.ADMINISTRATION,
        action="organisations.sign_in_refused",
        subjects=[Subject("staff", person.id, person.organisation_id)] if person else [],
        details={"username": username[:100], "locked": isinstance(refusal, SignInLocked)},
    )
    return refusal
