"""Writing the journal in tests."""

from concordat.audit.actions import record
from concordat.audit.rules import Operation, Position, Subject
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.base.ids import new_id
from tests.world import SERVICE

FAR_FUTURE = 4_000_000_000
"""An expiry for tokens, in seconds since 1970."""

ESSEX = 14


def write(action: str = "tests.write", *, subjects: int = 0, actor: Actor = SERVICE) -> Position:
    """Write one entry in its own transaction and return where it stands."""
    with acting(actor):
        return record(
            actor,
            operation=Operation.CONSULTATION,
            action=action,
            subjects=[Subject("event", new_id(), ESSEX) for _ in range(subjects)],
            details={"asked": "Invented Street", "shares": [0.5, 1]},
        )
