"""Who is signed in, as the session keeps it: an id, a purpose and a moment; never roles.

Roles, the name and whether the account is open are looked up on every request, so that closing an
account or taking back a role has its effect at once.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest
from django.middleware.csrf import rotate_token

from concordat.base.actor import Actor, Purpose
from concordat.base.clock import now
from concordat.organisations.queries import actor_of

LONGEST = timedelta(hours=12)
"""A session ends after this, used or not: a shift, and no shared machine stays open overnight."""

_KEY = "signed_in"


def begin(request: HttpRequest, actor: Actor) -> None:
    """Remember who signed in, under a new session key so that nobody can plant one beforehand."""
    request.session.flush()
    rotate_token(request)
    request.session[_KEY] = _remembered(actor) | {"at": now().isoformat()}


def change(request: HttpRequest, actor: Actor) -> None:
    """Remember another purpose of the same person; when they signed in stays."""
    request.session[_KEY] = dict(request.session[_KEY]) | _remembered(actor)
    request.session.cycle_key()


def end(request: HttpRequest) -> None:
    """Forget everything."""
    request.session.flush()


def leave_alone(request: HttpRequest) -> None:
    """Take the session off the request, so that nothing after the view reads or saves it.

    Django's middleware reads it to renew its cookie, which a database that is down can't answer.
    """
    if hasattr(request, "session"):
        del request.session


def signed_in(request: HttpRequest) -> Actor | None:
    """Return who is signed in with the roles they hold now; None if nobody, or not any more."""
    kept = request.session.get(_KEY)
    if not kept:
        return None
    actor = None
    if now() - datetime.fromisoformat(kept["at"]) < LONGEST:
        actor = actor_of(
            UUID(kept["person"]), purpose=Purpose(kept["purpose"]), reason=kept["reason"]
        )
    if actor is None:
        end(request)
    return actor


def _remembered(actor: Actor) -> dict[str, str]:
    return {
        "person": str(actor.person_id),
        "purpose": actor.purpose.value,
        "reason": actor.reason,
    }
