"""The running server of a data folder: found, waited for, stopped.

What `postmaster.pid` says is never believed alone: after a crash it names a process that is gone,
or another that has been given the same number.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from concordat.server.embedded.errors import EmbeddedPostgresError

_FAST_STOP_SECONDS = 60.0
_HARD_STOP_SECONDS = 15.0
_PID_FILE = "postmaster.pid"
_LINES_WITH_PORT = 4
_LINES_WITH_STATUS = 8


@dataclass(frozen=True)
class Postmaster:
    """The main process of a running server."""

    pid: int
    port: int | None
    status: str
    """`starting`, `ready`, `stopping`, or empty when the file is not yet complete."""


def find_postmaster(data: Path) -> Postmaster | None:
    """Return the live server of the data folder `data`, or None."""
    named = _read_pid_file(data)
    return named if named is not None and _is_server_of(named.pid, data) else None


def remove_stale_pid_file(data: Path) -> bool:
    """Remove a `postmaster.pid` that would keep PostgreSQL from starting although nothing runs.

    That is one that can't be read or names a live process that is something else. One that names
    no process is left: PostgreSQL reads from it which shared memory to look at for survivors.
    Only for whoever holds the start lock. Returns whether a file was removed.
    """
    file = data / _PID_FILE
    if not file.exists() or find_postmaster(data) is not None:
        return False
    named = _read_pid_file(data)
    if named is not None and not _exists(named.pid):
        return False
    file.unlink(missing_ok=True)
    return True


def stop_postmaster(data: Path, *, at_once: bool = False) -> None:
    """Stop the server of `data`, if it runs, and return when it has gone.

    Connections are ended and everything is written to disk; a server that can't do that in a
    minute, or `at_once`, is stopped hard and recovers at its next start. Signals are sent by us
    instead of by `pg_ctl`, since the programs may have been uninstalled since.
    """
    ways = [(signal.SIGINT, _FAST_STOP_SECONDS), (signal.SIGQUIT, _HARD_STOP_SECONDS)]
    for sent, seconds in ways[1:] if at_once else ways:
        server = find_postmaster(data)
        if server is None:
            return
        with suppress(ProcessLookupError):
            os.kill(server.pid, sent)
        if wait_until(lambda: find_postmaster(data) is None, seconds):
            return
    msg = (
        f"The database in {data.parent} does not stop. Everything committed is kept. "
        "Wait for what it is busy with, or restart the machine, then run the command again."
    )
    raise EmbeddedPostgresError(msg)


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Return True as soon as `condition` holds, or False after `seconds`."""
    deadline = time.monotonic() + seconds
    pause = 0.005
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
        pause = min(pause * 1.5, 0.1)
    return True


def _read_pid_file(data: Path) -> Postmaster | None:
    try:
        lines = (data / _PID_FILE).read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return None
    if not lines or not lines[0].strip().isdigit():
        return None
    port = lines[_LINES_WITH_PORT - 1].strip() if len(lines) >= _LINES_WITH_PORT else ""
    status = lines[_LINES_WITH_STATUS - 1].strip() if len(lines) >= _LINES_WITH_STATUS else ""
    return Postmaster(int(lines[0]), int(port) if port.isdigit() else None, status)


def _is_server_of(pid: int, data: Path) -> bool:
    command = _command_line(pid)
    # A server's children call themselves "postgres: checkpointer"; one that has ended and waits
    # for its parent to notice (a zombie) has no command line at all.
    program, option, rest = command.partition(" -D ")
    if not option or not program.endswith("postgres"):
        return False
    if f"{rest} ".startswith(f"{data} "):
        return True
    # The folder was renamed while the server ran. Reading the link takes rights that root does
    # not have in every container, hence only as the second way.
    with suppress(OSError):
        return Path(f"/proc/{pid}/cwd").samefile(data)
    return False


def _command_line(pid: int) -> str:
    if Path("/proc/self/cmdline").exists():
        try:
            raw = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return ""
        return raw.replace(b"\0", b" ").decode(errors="surrogateescape").strip()
    ps = shutil.which("ps") or "/bin/ps"
    asked = [ps, "-ww", "-o", "command=", "-p", str(pid)]
    said = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603
    return said.stdout.strip()


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
