"""A transaction in which PostgreSQL knows who acts.

The actor is handed over as a signed, short-lived token in the transaction-local setting
`concordat.actor`. A function that only the schema's owner could read the key of verifies it, and
the row policies ask that function. Setting the variable by hand (as injected SQL might) yields
nothing: without a valid token no force-owned row exists.
"""

import hashlib
import hmac
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import psycopg
from django.conf import settings
from django.db import connection, transaction

from concordat.base.actor import Actor

TOKEN_SECONDS = 120
"""How long a token is good for. Statements of a longer transaction need `acting(seconds=…)`."""

_BLOCK = 64
_token: ContextVar[str] = ContextVar("concordat_actor_token", default="")


def signing_pads(key: bytes) -> tuple[bytes, bytes]:
    """Return HMAC-SHA-256's inner and outer padded keys (RFC 2104) for the database to keep.

    PostgreSQL's core has `sha256` but no HMAC; with the two pads the function can compute it.
    """
    if len(key) > _BLOCK:
        key = hashlib.sha256(key).digest()
    padded = key.ljust(_BLOCK, b"\0")
    return bytes(b ^ 0x36 for b in padded), bytes(b ^ 0x5C for b in padded)


def sign(actor: Actor, *, expires: int, key: bytes) -> str:
    """Return the token for `actor`: `person|organisation|roles|purpose|expiry|signature`.

    `expires` is in seconds since 1970. The signature is HMAC-SHA-256 over all before it.
    """
    person = str(actor.person_id) if actor.person_id else ""
    roles = ",".join(sorted(actor.roles))
    claims = f"{person}|{actor.organisation_id}|{roles}|{actor.purpose}|{expires}"
    return f"{claims}|{hmac.new(key, claims.encode(), hashlib.sha256).hexdigest()}"


@contextmanager
def acting(actor: Actor, *, seconds: int = TOKEN_SECONDS) -> Iterator[None]:
    """Run the block in one transaction in which PostgreSQL grants what `actor` may see and do.

    Blocks nest: an inner block is a savepoint, and leaving it restores the outer actor.
    """
    nested = connection.in_atomic_block
    outer = _token.get() if nested else ""
    token = sign(actor, expires=int(time.time()) + seconds, key=settings.CONCORDAT_SIGNING_KEY)
    with transaction.atomic():
        _tell_database(token)
        marker = _token.set(token)
        try:
            yield
        finally:
            _token.reset(marker)
        if nested:
            _tell_database(outer)


def _tell_database(token: str) -> None:
    # Bound by the server, not written into the statement as Django's own cursor would: sessions of
    # one role can read each other's statements in pg_stat_activity, and a log may keep them.
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute("SELECT set_config('concordat.actor', %s, true)", [token])
