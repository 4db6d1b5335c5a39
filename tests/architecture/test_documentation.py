"""The documentation holds together: its links lead somewhere, its pictures are used."""

import re
from pathlib import Path

import pytest

from concordat.server.configuration import VARIABLES

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    links = [link for link in _LINK.findall(page.read_text()) if "://" not in link]
    missing = [link for link in links if not (page.parent / link).exists()]
    assert missing == []


def test_every_picture_is_used() -> None:
    text = "".join(page.read_text() for page in PAGES)
    unused = [path.name for path in (ROOT / "docs/images").iterdir() if path.name not in text]
    assert unused == []


def test_operations_names_every_environment_variable() -> None:
    text = (ROOT / "docs/operations.md").read_text()
    assert [variable.name for variable in VARIABLES if f"`{variable.name}`" not in text] == []


def test_every_direct_dependency_has_its_line() -> None:
    text = (ROOT / "docs/dependencies.md").read_text().lower()
    wanted = re.findall(r'^    "([a-z0-9-]+)', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    for name in ("build.in", "dev.in"):
        lines = (ROOT / "requirements" / name).read_text().splitlines()
        wanted += [re.split(r"[~=\[]", line)[0] for line in lines if line[:1].isalpha()]
    assert [name for name in wanted if name.lower() not in text] == []
