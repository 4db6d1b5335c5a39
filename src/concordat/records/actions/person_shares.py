"""The connections among which the rows of a file of persons are divided.

While one of them waits for PostgreSQL, the other's rows are prepared: loading is half Python's work
and half PostgreSQL's. Rows of one reference always go to the same share, so that each can judge
its rows without knowing the others.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from queue import Queue
from threading import Thread
from types import TracebackType
from typing import Self
from zlib import crc32

from django.db import connection

from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.records.actions.person_staging import PersonStaging, Terms

SHARES = 2
"""Connections by which one file is stored, beside the one that reads it."""

_AHEAD = 3
"""Tasks that may wait for one share: what is read ahead stays in memory."""

Task = Callable[[PersonStaging], None]


class Share:
    """The rows of one share: tasks on its tables are done one after another."""

    def __init__(self, actor: Actor, terms: Terms) -> None:
        self._actor = actor
        self._terms = terms

    def start(self) -> Self:
        """Make the tables."""
        with acting(self._actor):
            self._staging = PersonStaging(self._terms)
        return self

    def do(self, task: Task) -> None:
        """Do a task, now or when those before it are done. Raises what an earlier one raised."""
        task(self._staging)

    def wait(self) -> None:
        """Wait until every task is done. Raises what one of them raised."""

    def abandon(self) -> None:
        """Do no further task."""

    def end(self) -> None:
        """Remove the tables."""
        self._staging.drop()


class _Threaded(Share):
    """A share with a thread and a connection of its own."""

    def __init__(self, actor: Actor, terms: Terms) -> None:
        super().__init__(actor, terms)
        self._tasks: Queue[Task | None] = Queue(_AHEAD)
        self._problem: BaseException | None = None
        self._abandoned = False
        self._thread = Thread(target=self._work, name="share of persons", daemon=True)

    def start(self) -> Self:
        self._thread.start()
        return self

    def do(self, task: Task) -> None:
        self._check()
        self._tasks.put(task)

    def wait(self) -> None:
        self._tasks.join()
        self._check()

    def abandon(self) -> None:
        self._abandoned = True

    def end(self) -> None:
        self._tasks.put(None)
        self._thread.join()

    def _check(self) -> None:
        if self._problem:
            raise self._problem

    def _work(self) -> None:
        try:
            super().start()
        except BaseException as problem:  # noqa: BLE001 (raised again where it is waited for)
            self._problem = problem
        while task := self._tasks.get():
            try:
                if not self._problem and not self._abandoned:
                    task(self._staging)
            except BaseException as problem:  # noqa: BLE001 (raised again where it is waited for)
                self._problem = problem
            finally:
                self._tasks.task_done()
        connection.close()  # and with it the tables


class Shares:
    """All shares of one file: inside a caller's transaction one, in it; else several, beside it."""

    def __init__(self, actor: Actor, terms: Terms) -> None:
        kinds = [Share] if connection.in_atomic_block else [_Threaded] * SHARES
        self._shares = [kind(actor, terms) for kind in kinds]
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        for share in self._shares:
            share.start()
            self._stack.callback(share.end)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            for share in self._shares:
                share.abandon()
        self._stack.close()

    def __iter__(self) -> Iterator[Share]:
        """Yield each share."""
        return iter(self._shares)

    def __len__(self) -> int:
        return len(self._shares)

    def number_of(self, reference: str) -> int:
        """Return in which share the rows of a reference belong."""
        return crc32(reference.encode()) % len(self._shares)

    def do(self, number: int, task: Task) -> None:
        """Give one share a task."""
        self._shares[number].do(task)

    def wait(self) -> None:
        """Wait until every task of every share is done. Raises what one of them raised."""
        for share in self._shares:
            share.wait()


@contextmanager
def turn_of(owner_id: int) -> Iterator[None]:
    """Keep other loads of this owner's persons waiting until the block ends, or wait for them.

    Else two files with the same new row, loaded at the same time, would both call it new.
    """
    key = [_LOADING_LOCK, owner_id]
    in_transaction = connection.in_atomic_block
    with connection.cursor() as cursor:
        kind = "xact_lock" if in_transaction else "lock"
        cursor.execute(f"SELECT pg_advisory_{kind}(%s, %s)", key)
    try:
        yield
    finally:
        if not in_transaction:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)


_LOADING_LOCK = 0x70657273  # "pers", with the owner's number
