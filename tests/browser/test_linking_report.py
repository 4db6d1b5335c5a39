"""The report of `concordat link`, as a browser shows it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from typer.testing import CliRunner

from concordat.cli import link
from tests.browser.conftest import ACCESSIBILITY, PICTURES
from tests.tables import invented, write_rows

pytestmark = pytest.mark.browser


@pytest.fixture
def report(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """The report of a table of invented persons, opened as a file."""
    persons = write_rows(tmp_path / "persons.csv", invented(1_500))
    app = typer.Typer()
    link.add_to(app)
    options = ["--out", tmp_path / "out.csv", "--report", tmp_path / "report.html"]
    result = CliRunner().invoke(app, ["link", str(persons), *map(str, options), "--truth", "who"])
    assert result.exit_code == 0, result.output
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    page = context.new_page()
    page.goto((tmp_path / "report.html").as_uri())
    yield page
    context.close()


def test_the_report_is_accessible_and_fits_the_page(report: Page) -> None:
    results = Axe().run(report, options=ACCESSIBILITY)
    assert results.violations_count == 0, results.generate_report()
    for width in (320, 1200):
        report.set_viewport_size({"width": width, "height": 900})
        assert report.evaluate("document.documentElement.scrollWidth") <= width
    if os.environ.get("TAKE_PICTURES"):
        report.screenshot(path=PICTURES / "linking-report.png")
