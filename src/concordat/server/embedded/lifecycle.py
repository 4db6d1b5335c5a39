"""The embedded server as its users see it: attach, detach, stop, destroy."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from concordat.server.embedded.account import choose_account
from concordat.server.embedded.address import ServerAddress
from concordat.server.embedded.cluster import Cluster
from concordat.server.embedded.errors import EmbeddedPostgresError, system_errors_explained
from concordat.server.embedded.placement import (
    create_cluster_folder,
    existing_cluster,
    forget_location,
    is_ours,
)
from concordat.server.embedded.postmaster import find_postmaster, stop_postmaster
from concordat.server.embedded.sharing import Membership, only_one


class EmbeddedPostgres:
    """The PostgreSQL server that belongs to one Concordat data folder.

    Any number of processes may attach to it at once; the first one starts it, the last one out
    stops it. A process that is killed no longer counts; if it was the last, the server stays up
    until the next user leaves. A child made by `os.fork` is no user of its own unless it attaches.

    `home` is the data folder, made if missing. `durable=False` is for tests: faster, and a power
    cut may lose everything. `log` is told, in a sentence, of whatever takes noticeable time. All
    methods raise `EmbeddedPostgresError`.
    """

    def __init__(
        self, home: Path, *, durable: bool = True, log: Callable[[str], None] | None = None
    ) -> None:
        self.home = home.expanduser().resolve()
        self._durable = durable
        self._log = log or (lambda _: None)
        self._membership: Membership | None = None

    def __enter__(self) -> ServerAddress:
        return self.attach()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.detach()

    @property
    def running(self) -> bool:
        """Whether the server is up, whoever started it."""
        with system_errors_explained(self.home):
            folder = existing_cluster(self.home)
            return folder is not None and find_postmaster(folder / "data") is not None

    def attach(self) -> ServerAddress:
        """Become a user of the server and return its address.

        Makes the cluster if there is none and starts the server if it isn't running. Attaching
        again is allowed: it counts once, and restarts a server that was stopped meanwhile.
        """
        with system_errors_explained(self.home):
            self.home.mkdir(parents=True, exist_ok=True)
            with only_one(self.home, self._log), self._joined() as membership:
                return self._running_server(membership)

    def detach(self) -> None:
        """Stop being a user; the last one out stops the server.

        Does nothing if this process is not attached, as in a child of one that is.
        """
        membership = self._membership
        if membership is None:
            return
        if not membership.is_mine:
            self._forget_parents_membership()
            return
        with system_errors_explained(self.home), only_one(self.home, self._log):
            self._leave(stop=True)

    def stop(self) -> None:
        """Stop the server now, whoever uses it. The next to attach starts it again."""
        self._stop_and_then(lambda _: None, at_once=False)

    def destroy(self) -> None:
        """Stop the server and delete the cluster with all its data, if Concordat made it."""
        self._stop_and_then(self._delete, at_once=True)
        self.detach()

    def _stop_and_then(self, finish: Callable[[Path], None], *, at_once: bool) -> None:
        if not self.home.is_dir():
            return
        with system_errors_explained(self.home), only_one(self.home, self._log):
            folder = existing_cluster(self.home)
            if folder is not None:
                stop_postmaster(folder / "data", at_once=at_once)
                finish(folder)

    def _delete(self, folder: Path) -> None:
        if is_ours(folder):
            shutil.rmtree(folder)
            forget_location(self.home)

    def _running_server(self, membership: Membership) -> ServerAddress:
        folder = existing_cluster(self.home)
        if folder is None:
            account = choose_account(self.home / "postgres" / "data")
            folder = create_cluster_folder(self.home, account)
        cluster = Cluster(folder, durable=self._durable, log=self._log)
        server = cluster.ready_server()
        if server is not None and not cluster.has_current_settings():
            # Left running by an older Concordat, or by a test that chose speed over safety.
            if membership.is_only_one():
                stop_postmaster(cluster.data)
                server = None
            else:
                self._log("The database runs with other settings than these, until all have left.")
        return cluster.address(server or cluster.start())

    @contextmanager
    def _joined(self) -> Iterator[Membership]:
        """Be a user, and if this made us one and what follows fails, be none again."""
        self._forget_parents_membership()
        before = self._membership
        membership = self._membership = before or Membership(self.home)
        try:
            yield membership
        except BaseException as error:
            if before is None:
                # After Ctrl-C nothing may be left running; but a server that is still recovering
                # from a crash, when our patience ends, would never finish if it were stopped.
                self._leave(stop=not isinstance(error, EmbeddedPostgresError))
            raise

    def _leave(self, *, stop: bool) -> None:
        membership, self._membership = self._membership, None
        if membership is None or not membership.leave() or not stop:
            return
        folder = existing_cluster(self.home)
        if folder is not None:
            stop_postmaster(folder / "data")

    def _forget_parents_membership(self) -> None:
        if self._membership is not None and not self._membership.is_mine:
            self._membership.drop()
            self._membership = None
