"""`concordat demo` as a newcomer runs it: it serves, keeps its data, and stops without a trace."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from concordat.server.embedded import EmbeddedPostgres

PATIENCE = 120.0


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """An empty home, in a folder with a space in its name."""
    path = tmp_path / "demo home"
    yield path
    EmbeddedPostgres(path).destroy()


@pytest.fixture
def start(home: Path) -> Iterator[Callable[[], "_Demo"]]:
    """Start a demo in the home; what still runs after the test is killed."""
    started: list[_Demo] = []

    def one_more() -> _Demo:
        started.append(_Demo(home))
        return started[-1]

    yield one_more
    for demo in started:
        demo.kill()


def test_the_demo_serves_stops_without_a_trace_and_keeps_its_data(
    start: Callable[[], "_Demo"],
) -> None:
    first = start()
    made = first.wait_until_it_serves()
    assert "essex.officer" in made
    assert first.status("/sign-in") == 200
    first.stop()
    assert not first.processes()

    second = start()
    kept = second.wait_until_it_serves()
    second.stop()
    assert "Making" not in kept
    assert _password(kept) == _password(made)
    assert not second.processes()


def test_a_taken_port_is_said_before_anything_is_started(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = _run(home, "demo", "--port", str(taken.getsockname()[1]))

    assert done.returncode == 3
    assert "choose another" in " ".join(done.stderr.split())
    assert not (home / "postgres").exists()


def test_the_demo_refuses_another_database_than_its_own(home: Path) -> None:
    elsewhere = {"CONCORDAT_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}

    assert _run(home, "demo", more=elsewhere).returncode == 3


def test_the_demo_leaves_a_home_that_is_used_for_something_else_as_it_is(home: Path) -> None:
    agreement = home.parent / "agreement.toml"
    agreement.write_text(_run(home, "agreement", "example").stdout)
    assert _run(home, "agreement", "draft", str(agreement)).returncode == 0

    for arguments in (("demo", "--no-serve"), ("demo", "--reset", "--no-serve")):
        done = _run(home, *arguments)
        assert done.returncode == 2
        assert "left as it is" in " ".join(done.stderr.split()) or "as it was" in done.stderr
    listed = _run(home, "agreement", "list", "--json").stdout

    assert "S22A-2026-01" in listed
    assert "SEVEN-FORCES-01" not in listed


class _Demo:
    """A running `concordat demo` in a process group of its own, as in a terminal."""

    def __init__(self, home: Path) -> None:
        self.home = home
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.output = home.parent / "output.txt"
        with self.output.open("w") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "concordat.server.main", "demo", "--port", str(self.port)],
                env=_environment(home),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_it_serves(self) -> str:
        """Return what it printed until it answered."""
        _until(lambda: self.status("/health") == 200 or self._process.poll() is not None)
        assert self._process.poll() is None, self.output.read_text()
        return self.output.read_text()

    def status(self, path: str) -> int:
        """Return the status of a page, 0 while nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()

    def stop(self) -> None:
        """Press Ctrl-C: every process of the terminal gets the signal."""
        os.killpg(self._process.pid, signal.SIGINT)
        assert self._process.wait(timeout=60) == 0, self.output.read_text()

    def kill(self) -> None:
        """End it whatever it does."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def processes(self) -> list[str]:
        """Return what still runs of this demo: its own processes, or its PostgreSQL."""
        listed = subprocess.run(
            ["ps", "-eo", "pgid=,args="], capture_output=True, text=True, check=True
        ).stdout.splitlines()
        port = f"--port {self.port}"
        mine = [
            line for line in listed if line.split()[0] == str(self._process.pid) or port in line
        ]
        return mine + (["PostgreSQL"] if EmbeddedPostgres(self.home).running else [])


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.05)  # between two looks at another process


def _password(output: str) -> str:
    match = re.search(r"password of all: (\S+)", output)
    assert match, output
    return match[1]


def _run(
    home: Path, *arguments: str, more: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "concordat.server.main", *arguments],
        env=_environment(home) | (more or {}),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CONCORDAT_")}
    return {**kept, "CONCORDAT_HOME": str(home)}
