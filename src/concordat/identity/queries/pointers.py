"""Which forces hold somebody of whom one may learn no more than that."""

from collections.abc import Mapping

from django.db import connection

from concordat.access.rules import POINTERS_PER_HOUR
from concordat.audit.actions import record
from concordat.audit.rules import Operation
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.identity.engine import Meaning, features_of
from concordat.identity.errors import TooLittleToGoOn, TooManyPointers
from concordat.identity.rules.answers import PersonPointer
from concordat.identity.rules.exact import exact_keys


def pointers(actor: Actor, *, partial: Mapping[Meaning, str]) -> list[PersonPointer]:
    """Return which forces hold exactly this person, of those that share persons by pointer only.

    Exactly: by a PNC ID, CRO number, driving licence or National Insurance number, or by full name
    and whole date of birth. Raises TooLittleToGoOn without any of them, and TooManyPointers beyond
    sixty in an hour: a pointer answers a question, it doesn't fish.
    """
    keys = exact_keys(features_of(partial))
    if not keys:
        raise TooLittleToGoOn(
            "Ask by an identifier, or by full name and whole date of birth: for less no force "
            "says whether it holds somebody."
        )
    with acting(actor), connection.cursor() as cursor:
        _check_not_too_many()
        cursor.execute(
            "SELECT owner_id, agreement_id, clause FROM concordat.person_pointers(%s) "
            "ORDER BY 1, 2, 3",
            [list(keys)],
        )
        found = [
            PersonPointer(owner_id=owner, agreement_id=agreement, clause=clause)
            for owner, agreement, clause in cursor.fetchall()
        ]
        record(
            actor,
            operation=Operation.CONSULTATION,
            action="identity.pointers",
            details={
                "asked": {str(name): text for name, text in partial.items() if text},
                "found": len(found),
            },
        )
    return found


def _check_not_too_many() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT concordat.person_pointers_last_hour()")
        if cursor.fetchone()[0] >= POINTERS_PER_HOUR:
            raise TooManyPointers(
                f"You have asked for {POINTERS_PER_HOUR} pointers in the last hour. "
                "Wait, or ask the force you are looking for by telephone."
            )
