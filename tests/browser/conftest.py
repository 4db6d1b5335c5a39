"""The service as it really runs, with a sample world, and a browser to use it with."""

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page
from pytest_django import DjangoDbBlocker

from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.records.actions import load_stop_search, load_street
from concordat.server.demo import make_persons, tell_stories
from concordat.server.demo.events import write_files, write_later_files
from concordat.server.demo.recorded import record_history
from concordat.server.demo.sharing import make_agreements
from concordat.server.demo.staff import make_staff, password
from tests.conftest import Server, pointed_at
from tests.install_chromium import found

# The fixtures that make the world use Django's ORM while Playwright's event loop runs.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

DATABASE = "concordat_browser"
PICTURES = Path(__file__).parents[2] / "docs" / "images"
ACCESSIBILITY = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Use the machine's Chromium where there is one; Playwright's own otherwise."""
    path = found()
    own = {"executable_path": path} if path else {}
    quiet = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
    return {**browser_type_launch_args, **own, "args": quiet}


@pytest.fixture(scope="package")
def address(server: Server, template: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The address of a running service with the sample world of the demo."""
    server.create(DATABASE, template=template)
    with django_db_blocker.unblock(), pointed_at(server, DATABASE):
        _make_world()
        with _serving() as port:
            yield f"http://127.0.0.1:{port}"
    server.drop(DATABASE)


@dataclass
class Visitor:
    """Somebody at a browser: pages, what they say, and what the browser's console says."""

    page: Page
    address: str
    console: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._heard)

    def _heard(self, message: ConsoleMessage) -> None:
        self.console.append(message.text)

    def visit(self, path: str) -> None:
        """Open a page of the service by its path."""
        self.page.goto(self.address + path)

    def sign_in(self, username: str, purpose: str = "Investigating crime") -> "Visitor":
        """Sign in with the demo's password for a purpose."""
        self.visit("/sign-in")
        self.page.get_by_label("Username").fill(username)
        self.page.get_by_label("Password", exact=True).fill(password())
        self.page.get_by_label(purpose, exact=True).check()
        self.page.get_by_role("button", name="Sign in").click()
        return self

    def search(self, text: str) -> None:
        """Type into the search box of the first page and send it."""
        self.visit("/")
        box = self.page.get_by_role("searchbox")
        box.fill(text)
        box.press("Enter")

    def found(self) -> int:
        """The number of events that the results page says it found."""
        first = self.heading().split()[0].replace(",", "")
        return int(first) if first.isdigit() else 0

    def heading(self) -> str:
        """The page's main heading."""
        return self.page.get_by_role("heading", level=1).inner_text()

    def access_key(self, key: str) -> None:
        """Press an access key as the browser gives it: Playwright's own presses carry no text."""
        pressed = {"modifiers": 1, "key": key, "unmodifiedText": key}
        devtools = self.page.context.new_cdp_session(self.page)
        for kind, more in (("rawKeyDown", {}), ("char", {"text": key}), ("keyUp", {})):
            devtools.send("Input.dispatchKeyEvent", {"type": kind, **pressed, **more})

    def check_accessible(self) -> None:
        """Fail on any violation of WCAG 2.2 A and AA that axe finds, naming it."""
        results = Axe().run(self.page, options=ACCESSIBILITY)
        assert results.violations_count == 0, results.generate_report()

    def picture(self, name: str) -> None:
        """Take the picture `docs/images/NAME.png` when pictures are asked for."""
        if os.environ.get("TAKE_PICTURES"):
            PICTURES.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=PICTURES / f"{name}.png")


NewVisitor = Callable[..., Visitor]


@pytest.fixture
def new_visitor(browser: Browser, address: str) -> Iterator[NewVisitor]:
    """Make visitors, each with a browser session of their own; options are Playwright's."""
    contexts: list[BrowserContext] = []

    def make(**options: Any) -> Visitor:
        size = {"width": 1200, "height": 900}
        contexts.append(browser.new_context(**{"viewport": size, **options}))
        return Visitor(contexts[-1].new_page(), address)

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def visitor(new_visitor: NewVisitor) -> Visitor:
    """One visitor who has not signed in; the console must stay silent."""
    return new_visitor()


def _make_world() -> None:
    service = Actor.service(reason="browser tests")
    with acting(service):
        make_staff(service)
        make_agreements(service)
        record_history(service)
    with tempfile.TemporaryDirectory() as folder:
        street, stop_search = write_files(Path(folder), until=date(2026, 11, 21))
        load_street(service, paths=street)
        load_stop_search(service, paths=stop_search)
        load_street(service, paths=write_later_files(Path(folder), street))
    make_persons(service)
    tell_stories(service)


@contextmanager
def _serving() -> Iterator[int]:
    """Run the service in processes of its own, as `concordat serve` does; its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port),
         "--blocking-threads", "2", "--no-ws", "--log-level", "warning",
         "--workers-kill-timeout", "5s", "concordat.server.wsgi:application"],
        env={**os.environ, "CONCORDAT_DEMO": "1"},
        start_new_session=True,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    try:
        while not _answers(port):
            assert process.poll() is None, "the service did not start"
            assert time.monotonic() < deadline, "the service did not answer"
            time.sleep(0.05)  # between two looks at another process
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
