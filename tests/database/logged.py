"""What the tests of logging ask the database directly."""

from typing import Any
from uuid import UUID

from django.db import connection

from concordat.audit.models import JournalEntry
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.base.models import Fact
from tests.world import SERVICE


def facts(kind: str) -> list[dict[str, Any]]:
    """Return the bodies of all facts of a kind, the first first."""
    with acting(SERVICE):
        return [dict(fact.body) for fact in Fact.objects.filter(kind=kind).order_by("id")]


def entries(action: str) -> list[JournalEntry]:
    """Return the journal's entries of an action, the first first."""
    with acting(SERVICE):
        return list(JournalEntry.objects.filter(action=action).order_by("recorded_at"))


def rows(reader: Actor, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """Return what a query gives to somebody, under row security."""
    with acting(reader), connection.cursor() as cursor:
        cursor.execute(query, list(parameters))
        return list(cursor.fetchall())


def count(reader: Actor, table: str, owner_id: int | None = None) -> int:
    """Return how many rows of a table somebody may read, of one owner or of all."""
    found = rows(reader, f"SELECT owner_id FROM {table}")
    return sum(owner_id in (None, owner) for (owner,) in found)


def ids(*found: UUID | None) -> set[UUID]:
    """Return those that are ids."""
    return {one for one in found if one is not None}
