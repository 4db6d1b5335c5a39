"""The outbox: facts written in the transaction of a change, delivered afterwards.

What must travel up ("a person was recorded, so decide who it is") is put here by the package
below, and handled by a package above that `server` has registered. A fact whose transaction is
rolled back was never put. Each fact is delivered at least once, facts of one subject in order;
handlers therefore do no harm when they are called twice.
"""

import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from procrastinate.contrib.django import app

from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.base.clock import now
from concordat.base.models import Fact as StoredFact

DELIVERY = "deliver_facts"
"""The name of the job that delivers, made in `concordat.server.tasks`."""

_LOCK = 0x66616374  # "fact": one delivery at a time, so that order holds
_BATCH = 100

logger = logging.getLogger(__name__)


class NotYet(Exception):
    """What a handler raises to be told again later: nothing is wrong, but it is too early."""


@dataclass(frozen=True, kw_only=True)
class Fact:
    """What a handler is told: the kind, such as "identity.observed", the subject, and the rest."""

    id: int
    kind: str
    subject: str
    body: Mapping[str, Any]
    created_at: datetime


Handler = Callable[[Fact], None]
Handlers = Mapping[str, Sequence[Handler]]
"""By the kind of fact, who wants to know."""


def put(*, kind: str, subject: str, body: Mapping[str, Any]) -> None:
    """Write one fact in this transaction, and wake the worker when it commits.

    Must be called inside `acting(…)`. Bulk work puts one fact for a batch, not one for a record.
    The job carries no queueing lock: it would make a second writer wait for the first one's commit.
    """
    with connection.cursor() as cursor:  # without RETURNING: who puts a fact need not read facts
        cursor.execute(
            "INSERT INTO base_fact (kind, subject, body, created_at, attempts, problem) "
            "VALUES (%s, %s, %s, %s, 0, '')",
            [kind, subject, json.dumps(dict(body)), now()],
        )
    app.configure_task(DELIVERY, lock=DELIVERY).defer()


def deliver(handlers: Handlers) -> int:
    """Hand every fact that waits to its handlers, and return how many were delivered.

    A fact whose handler fails stays, with the problem noted, and holds back later facts of the
    same subject; the next delivery tries again, as it does if the handler says NotYet. Returns 0
    at once if a delivery is under way.
    """
    delivered = 0
    with _alone() as first:
        if not first:
            return 0
        held_back: set[str] = set()
        last = 0
        while facts := _waiting(after=last):
            last = facts[-1].id
            for fact in facts:
                if fact.subject in held_back:
                    continue
                if _deliver_one(fact, handlers.get(fact.kind, ())):
                    delivered += 1
                else:
                    held_back.add(fact.subject)
    return delivered


def is_under_way() -> bool:
    """Whether somebody is delivering at this moment: whoever does holds the lock of deliveries."""
    with _alone() as first:
        return not first


def has_a_later_one(fact: Fact) -> bool:
    """Whether another fact of the same kind and subject waits behind this one."""
    with acting(Actor.service()):
        waiting = StoredFact.objects.filter(delivered_at=None, id__gt=fact.id)
        return waiting.filter(kind=fact.kind, subject=fact.subject).exists()


def _waiting(*, after: int) -> list[Fact]:
    with acting(Actor.service()):
        rows = StoredFact.objects.filter(delivered_at=None, id__gt=after).order_by("id")
        return [
            Fact(
                id=row.id,
                kind=row.kind,
                subject=row.subject,
                body=row.body,
                created_at=row.created_at,
            )
            for row in rows[:_BATCH]
        ]


def _deliver_one(fact: Fact, handlers: Sequence[Handler]) -> bool:
    """Hand one fact over; whether all handlers took it. A fact that nobody wants is delivered."""
    problem = ""
    try:
        for handle in handlers:
            handle(fact)
    except NotYet:
        return False
    except Exception as error:
        logger.exception("The fact %s (%s) could not be delivered", fact.id, fact.kind)
        problem = f"{type(error).__name__}: {error}"
    with acting(Actor.service()):
        stored = StoredFact.objects.get(id=fact.id)
        stored.attempts += 1
        stored.problem = problem
        stored.delivered_at = None if problem else now()
        stored.save(update_fields=["attempts", "problem", "delivered_at"])
    return not problem


@contextmanager
def _alone() -> Iterator[bool]:
    """Hold the session's lock on deliveries, if nobody else does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        first = bool(cursor.fetchone()[0])
    try:
        yield first
    finally:
        if first:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
