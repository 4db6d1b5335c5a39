"""The operating-system account the server runs under.

PostgreSQL refuses to run as root, so that a hole in it is not a hole in the machine. A normal user
runs it as himself; root hands it to a system account of its own.
"""

import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from concordat.server.embedded.errors import EmbeddedPostgresError

ACCOUNT_NAME = "concordat_pg"
_FALLBACK_NAME = "nobody"
_INTERRUPT_SECONDS = 10.0

# useradd is shadow's (Debian, Fedora), the adduser options are BusyBox's (Alpine).
_WAYS_TO_CREATE = (
    "useradd -r -U -M -d /nonexistent -s /usr/sbin/nologin",
    "adduser -S -D -H -h /nonexistent -s /sbin/nologin",
)
# A list of what may pass rather than of what may not: settings such as PGDATA or LC_TIME must not
# change what the server does, and secrets of the caller have no business in its environment.
_KEPT_VARIABLES = ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


@dataclass(frozen=True)
class Account:
    """An account of this machine, under which programs can be run."""

    name: str
    uid: int
    gid: int

    @property
    def is_mine(self) -> bool:
        """Whether this process already runs under the account."""
        return self.uid == os.geteuid()

    def run(
        self, command: Sequence[str | Path], *, output: int | IO[str] = subprocess.PIPE
    ) -> subprocess.CompletedProcess[str]:
        """Run `command` under the account, in a session of its own, and wait for it.

        Standard output and error both go to `output`. The session of its own keeps the terminal's
        Ctrl-C away from a server that others may be using. Raises `OSError` if it can't be run.
        """
        kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
        arguments = [os.fspath(part) for part in command]
        process = subprocess.Popen(  # noqa: S603 - the caller's own list of arguments, no shell
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            cwd="/",  # the caller's folder may be closed to the account
            env={**kept, "LC_ALL": "C.UTF-8"},
            start_new_session=True,
            user=None if self.is_mine else self.uid,
            group=None if self.is_mine else self.gid,
            extra_groups=None if self.is_mine else [],
        )
        try:
            said, _ = process.communicate()
        except BaseException:
            _interrupt(process)
            raise
        return subprocess.CompletedProcess(arguments, process.returncode, said)

    def can_enter(self, folder: Path) -> bool:
        """Whether the account may pass through `folder`; asked by trying, so that ACLs count."""
        script = 'test -d "$1" && test -x "$1"'
        return self.run(["/bin/sh", "-c", script, "sh", folder]).returncode == 0

    def can_run(self, program: Path) -> bool:
        """Whether the account can execute `program`, libraries included; asked by trying."""
        try:
            return self.run([program, "--version"]).returncode == 0
        except OSError:
            return False

    def give(self, path: Path) -> None:
        """Make the account the owner of `path` itself, be it a symbolic link."""
        if not self.is_mine:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def give_tree(self, folder: Path) -> None:
        """Make the account the owner of `folder` and of all in it."""
        self.give(folder)
        for parent, folders, files in os.walk(folder):
            for name in folders + files:
                self.give(Path(parent, name))


def _interrupt(process: subprocess.Popen[str]) -> None:
    """Pass our user's Ctrl-C on to `process`, which can't hear it, and wait until it has ended.

    On this signal `pg_ctl` stops the server it is starting, and `initdb` removes what it made.
    """
    for sent in (signal.SIGINT, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, sent)
        with suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=_INTERRUPT_SECONDS)
            return


def choose_account(data: Path) -> Account:
    """Return the account for the server of the data folder `data`, which need not exist yet.

    Raises `EmbeddedPostgresError` if the data belong to a user this process can't become.
    """
    me = os.geteuid()
    owner = data.stat().st_uid if data.exists() else None
    if me != 0:
        if owner not in (None, me):
            msg = (
                f"The database in {data} belongs to another user (number {owner}). Nothing was "
                "changed. Run the command as that user, or choose another data folder."
            )
            raise EmbeddedPostgresError(msg)
        return Account(name=str(me), uid=me, gid=os.getegid())
    account = (_by_uid(owner) if owner else None) or _unprivileged_account()
    _require_switch(account)
    return account


def _require_switch(account: Account) -> None:
    try:
        if account.run(["/bin/sh", "-c", "exit 0"]).returncode == 0:
            return
        reason = "its programs end at once"
    except OSError as error:
        reason = str(error)
    msg = (
        "PostgreSQL refuses to run as root, and this process may not become the user "
        f"'{account.name}' ({reason}). Nothing was changed. Run Concordat as a normal user, "
        "or allow the container to change users (capabilities SETUID and SETGID)."
    )
    raise EmbeddedPostgresError(msg)


def _unprivileged_account() -> Account:
    for _ in range(10):
        account = _by_name(ACCOUNT_NAME)
        if account is not None:
            return account
        if not _create_account():
            # Most likely somebody else is changing the list of users and holds its lock.
            time.sleep(0.1)
    fallback = _by_name(_FALLBACK_NAME)
    if fallback is None or fallback.uid == 0:
        msg = (
            f"PostgreSQL refuses to run as root, and neither could a user '{ACCOUNT_NAME}' be made "
            f"nor is there a user '{_FALLBACK_NAME}'. Nothing was changed. "
            f"Make a system user called {ACCOUNT_NAME}, or run Concordat as a normal user."
        )
        raise EmbeddedPostgresError(msg)
    return fallback


def _create_account() -> bool:
    """Make the account, and return whether there is one now."""
    # Two useradd at once can both make it, under different numbers: one home's start lock does not
    # keep those of another out, so the list of users itself is locked against our own kind.
    with Path("/etc/passwd").open(encoding="utf-8", errors="replace") as users:
        fcntl.flock(users, fcntl.LOCK_EX)
        return _by_name(ACCOUNT_NAME) is not None or _run_useradd()


def _run_useradd() -> bool:
    ways = [way.split() for way in _WAYS_TO_CREATE if shutil.which(way.split()[0])]
    for way in ways:
        made = subprocess.run(  # noqa: S603 - constants
            [*way, ACCOUNT_NAME], capture_output=True, check=False, cwd="/"
        )
        if made.returncode == 0:
            return True
    return False


def _by_name(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _by_uid(uid: int) -> Account | None:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        return None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
