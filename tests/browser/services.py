"""A service that a test kills and starts again."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 60.0


class Service:
    """The service in processes of its own on one port, to be killed and started again."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(self._port),
             "--blocking-threads", "2", "--no-ws", "--log-level", "warning",
             "concordat.server.wsgi:application"],
            env={**os.environ, "CONCORDAT_DEMO": "1"},
            start_new_session=True,
        )  # fmt: skip
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            assert self._process.poll() is None, "the service did not start"
            assert time.monotonic() < deadline, "the service did not answer"
            time.sleep(0.05)  # between two looks at another process

    def kill(self) -> None:
        """End all of it at once, as a power cut would."""
        if self._process and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=5)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status == http.client.OK
        except OSError:
            return False
        finally:
            connection.close()


@contextmanager
def service_of_its_own() -> Iterator[Service]:
    """A second service over the same database."""
    service = Service()
    service.start()
    try:
        yield service
    finally:
        service.kill()
