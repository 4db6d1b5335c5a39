"""One PostgreSQL cluster: its data made, its server started and stopped.

The folder holds `data` (the server's own), and beside it what Concordat writes: the superuser's
`password`, `settings.conf`, `pg_hba.conf`, the `port` of last time, `start.log`, and `binaries` if
they had to be copied. All methods expect the caller to hold the start lock.
"""

import os
import secrets
import shutil
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from concordat.server.embedded.account import Account, choose_account
from concordat.server.embedded.address import ServerAddress
from concordat.server.embedded.binaries import Binaries, locate_binaries, reachable_binaries
from concordat.server.embedded.errors import EmbeddedPostgresError, failure
from concordat.server.embedded.placement import write_whole
from concordat.server.embedded.postmaster import (
    Postmaster,
    find_postmaster,
    remove_stale_pid_file,
    wait_until,
)
from concordat.server.embedded.settings import (
    ACCESS_RULES,
    HOST,
    initdb_options,
    render_settings,
)
from concordat.server.embedded.startlog import StartLog

SUPERUSER = "postgres"
START_SECONDS = 120
_PORTS_TO_TRY = 5
# pg_ctl hands its paths to a shell within double quotes.
_UNSAFE_CHARACTERS = frozenset('"$`\\\n')


class Cluster:
    """The cluster in the folder `folder`, which exists."""

    def __init__(self, folder: Path, *, durable: bool, log: Callable[[str], None]) -> None:
        self.folder = folder
        self.data = folder / "data"
        self._durable = durable
        self._log = log
        self._password_file = folder / "password"
        self._settings_file = folder / "settings.conf"
        self._access_file = folder / "pg_hba.conf"
        self._port_file = folder / "port"

    def ready_server(self) -> Postmaster | None:
        """Return the running server once it takes connections, or None if none runs.

        Waits for one that somebody else started and that is still recovering, or is stopping.
        """
        settled = wait_until(self._is_settled, START_SECONDS)
        if not settled:
            raise failure("start the database", "server is still starting up", self.folder)
        return find_postmaster(self.data)

    def address(self, server: Postmaster) -> ServerAddress:
        """Return where `server` listens and how to log in."""
        if server.port is None or not self._password_file.exists():
            msg = (
                f"The database in {self.folder} has lost its password file. The data are kept. "
                f"Put {self._password_file} back from a backup, or restore the whole folder."
            )
            raise EmbeddedPostgresError(msg)
        return ServerAddress(HOST, server.port, SUPERUSER, self._password_file.read_text().strip())

    def has_current_settings(self) -> bool:
        """Whether the server was last started with the settings it would be given now."""
        current = self._render_settings()
        return self._settings_file.exists() and self._settings_file.read_text() == current

    def start(self) -> Postmaster:
        """Start the server, making the data folder if there is none, and wait until it is ready."""
        if _UNSAFE_CHARACTERS.intersection(str(self.folder)):
            msg = (
                f"PostgreSQL can't be started in {self.folder}: the path contains one of "
                '" $ ` \\ or a line break. Nothing was changed. Choose another data folder.'
            )
            raise EmbeddedPostgresError(msg)
        account = choose_account(self.data)
        binaries = locate_binaries(version=self._data_version())
        binaries = reachable_binaries(binaries, account, self.folder / "binaries")
        if self._data_version() is None:
            self._log(f"Making the database in {self.folder} (PostgreSQL {binaries.version}).")
            self._initialise(binaries, account)
        elif self.data.stat().st_uid != account.uid:
            account.give_tree(self.data)  # restored by root from a backup
        self._write_settings()
        self._log("Starting the database.")
        return self._start_with_retries(binaries, account)

    def _is_settled(self) -> bool:
        server = find_postmaster(self.data)
        return server is None or server.status in ("ready", "standby")

    def _data_version(self) -> int | None:
        try:
            return int((self.data / "PG_VERSION").read_text().split(".")[0])
        except FileNotFoundError:
            return None

    def _initialise(self, binaries: Binaries, account: Account) -> None:
        # Under another name until complete: an interrupted initdb leaves a folder that looks whole.
        for left_over in self.folder.glob("data.unfinished-*"):
            shutil.rmtree(left_over, ignore_errors=True)
        # A new name each time: the programs of a killed initdb may still be writing to the old one.
        unfinished = self.folder / f"data.unfinished-{secrets.token_hex(4)}"
        unfinished.mkdir(mode=0o700)
        account.give(unfinished)
        # hex: nothing to quote, in whatever tool it is pasted.
        password = secrets.token_hex(24)
        write_whole(self._password_file, password, 0o600)
        lent = self.folder / "password.initdb"
        write_whole(lent, password, 0o600)
        account.give(lent)
        options = initdb_options(binaries.version, durable=self._durable)
        try:
            made = account.run(
                [binaries.initdb, "-D", unfinished, "-U", SUPERUSER, f"--pwfile={lent}", *options]
            )
        finally:
            lent.unlink()
        if made.returncode != 0:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise failure("make a database", made.stdout, self.folder)
        unfinished.rename(self.data)

    def _render_settings(self) -> str:
        return render_settings(durable=self._durable, access_rules=self._access_file)

    def _write_settings(self) -> None:
        write_whole(self._settings_file, self._render_settings())
        write_whole(self._access_file, ACCESS_RULES)
        main = self.data / "postgresql.conf"
        include = "include = '../settings.conf'"
        if include not in main.read_text().splitlines():
            # The folder is the server's: a link planted there must not lead root elsewhere.
            handle = os.open(main, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW)
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                stream.write(f"\n{include}\n")

    def _start_with_retries(self, binaries: Binaries, account: Account) -> Postmaster:
        deadline = time.monotonic() + START_SECONDS
        port = self._last_port()
        ports_left = _PORTS_TO_TRY
        while True:
            if remove_stale_pid_file(self.data):
                self._log("Removed the postmaster.pid of a server that no longer runs.")
            port = port if port and _is_free(port) else _free_port()
            log = StartLog(self.folder / "start.log", self.data / "log", account)
            ready = self._run_pg_ctl(binaries, account, port, log)
            server = find_postmaster(self.data) if ready else None
            if server is not None:
                write_whole(self._port_file, f"{port}\n")
                return server
            said = log.text()
            if log.says_port_taken(said) and ports_left > 0:
                ports_left -= 1
                port = None
            elif log.says_old_server_ending(said) and time.monotonic() < deadline:
                self._log("Waiting for processes of an earlier server to end.")
                time.sleep(0.25)
            else:
                raise failure("start the database", said, self.folder)

    def _run_pg_ctl(self, binaries: Binaries, account: Account, port: int, log: StartLog) -> bool:
        # What must hold whatever ALTER SYSTEM says is given here, where it can't be overruled.
        fixed = f"-c port={port} -c listen_addresses={HOST} -c unix_socket_directories=''"
        wait = ["-w", "-t", str(START_SECONDS)]
        with log.file.open("a", encoding="utf-8") as output:
            started = account.run(
                [binaries.pg_ctl, "start", "-D", self.data, *wait, "-l", log.file, "-o", fixed],
                output=output,
            )
        return started.returncode == 0

    def _last_port(self) -> int | None:
        # The same port again keeps the connection settings of whoever wrote them down.
        with suppress(OSError, ValueError):
            return int(self._port_file.read_text())
        return None


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
