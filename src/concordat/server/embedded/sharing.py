"""File locks by which processes share one server, and know who is the last one out.

`start.lock` is held, by one process at a time, while the server is started or stopped.
`users.lock` is held, by all together, while attached. The kernel releases the locks of a process
that dies, however it dies, so there is no list of users that could be wrong.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from concordat.server.embedded.errors import EmbeddedPostgresError

# Longer than a start may take, so that whoever waits for a start sees how it ends.
_PATIENCE_SECONDS = 400.0
_SILENCE_SECONDS = 2.0


@contextmanager
def only_one(home: Path, log: Callable[[str], None]) -> Iterator[None]:
    """Hold the start lock of `home`: nobody else starts or stops its server meanwhile."""
    handle = _open(home / "start.lock")
    try:
        _wait_for(handle, home, log)
        try:
            yield
        finally:
            # Closing alone would leave it locked by a child forked meanwhile.
            fcntl.flock(handle, fcntl.LOCK_UN)
    finally:
        os.close(handle)


class Membership:
    """The place of one process among the users of a server.

    Made, asked and ended only under the start lock. It belongs to the process that made it: a
    child made by `os.fork` inherits the open file, but must neither end it nor count on it.
    """

    def __init__(self, home: Path) -> None:
        self._process = os.getpid()
        self._handle = _open(home / "users.lock")
        fcntl.flock(self._handle, fcntl.LOCK_SH)

    @property
    def is_mine(self) -> bool:
        """Whether this very process made it, not a parent from which it was forked."""
        return self._process == os.getpid()

    def is_only_one(self) -> bool:
        """Whether nobody else is attached."""
        alone = self._lock_alone()
        fcntl.flock(self._handle, fcntl.LOCK_SH)
        return alone

    def leave(self) -> bool:
        """End it, and return whether that was the last user."""
        last = self._lock_alone()
        fcntl.flock(self._handle, fcntl.LOCK_UN)
        os.close(self._handle)
        return last

    def drop(self) -> None:
        """Let go, in a forked child, of what is the parent's, without ending it for the parent."""
        os.close(self._handle)  # unlocking would unlock the parent's too: it is one lock

    def _lock_alone(self) -> bool:
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def _open(file: Path) -> int:
    return os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _wait_for(handle: int, home: Path, log: Callable[[str], None]) -> None:
    began = time.monotonic()
    said = False
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waited = time.monotonic() - began
        else:
            return
        if waited > _SILENCE_SECONDS and not said:
            log("Another Concordat process is starting or stopping the database; waiting for it.")
            said = True
        if waited > _PATIENCE_SECONDS:
            msg = (
                f"Another process has been starting or stopping the database of {home} for more "
                "than six minutes. Nothing was changed. End that process if it hangs "
                f"(fuser {home / 'start.lock'} names it), then run the command again."
            )
            raise EmbeddedPostgresError(msg)
        time.sleep(0.01)
