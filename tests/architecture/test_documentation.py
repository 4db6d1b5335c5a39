"""The documentation holds together: links lead somewhere, pictures are used, commands exist."""

import re
from pathlib import Path

import pytest
import typer

from concordat.server.commands import app
from concordat.server.configuration import VARIABLES

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
_ANCHORED = re.compile(r"\]\(([^)#\s]*)#([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_COMMAND = re.compile(r"^(?:\w+=\S+ )?(?:[\w./=]+/)?concordat ([^#\n]*)", re.MULTILINE)
_QUOTED = re.compile(r"`(?:\.venv/bin/)?concordat ([^`\n]*)`")
_NOT_IN_PLAIN_WORDS = re.compile(r"[^\w\- ]")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    links = [link for link in _LINK.findall(page.read_text()) if "://" not in link]
    missing = [link for link in links if not (page.parent / link).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_to_a_heading_finds_it(page: Path) -> None:
    links = [link for link in _ANCHORED.findall(page.read_text()) if "://" not in link[0]]
    missing = [link for link in links if link[1] not in _anchors(page.parent / link[0], page)]
    assert missing == []


def _anchors(target: Path, page: Path) -> set[str]:
    """The anchors that a page’s headings get where it is shown."""
    text = (page if target.is_dir() else target).read_text()
    plain = (_NOT_IN_PLAIN_WORDS.sub("", title.lower()) for title in _HEADING.findall(text))
    return {title.replace(" ", "-") for title in plain}


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


def _commands() -> dict[str, set[str]]:
    """Every command by its words, with its options."""
    found: dict[str, set[str]] = {}

    def walk(command: object, words: str) -> None:
        below = getattr(command, "commands", None)
        if below is None:
            parameters = getattr(command, "params", ())
            options = [name for one in parameters for name in (*one.opts, *one.secondary_opts)]
            found[words] = {"--help", *options}
            return
        for name, one in below.items():
            walk(one, f"{words} {name}".strip())

    walk(typer.main.get_command(app), "")
    return found


def _documented() -> list[tuple[str, str]]:
    """Every command line that the documentation shows, with its page."""
    lines = []
    for page in PAGES:
        text = page.read_text().replace("\\\n", " ")
        told = [*_COMMAND.findall(text), *_QUOTED.findall(text)]
        lines += [(line.strip(), str(page.relative_to(ROOT))) for line in told]
    return lines


def test_every_command_is_documented() -> None:
    lines = [f"{line} " for line, _ in _documented()]
    assert [
        words for words in _commands() if not any(line.startswith(f"{words} ") for line in lines)
    ] == []


def test_every_option_of_a_documented_command_exists() -> None:
    commands = _commands()
    unknown = []
    for line, page in _documented():
        begins = [one for one in commands if f"{line} ".startswith(f"{one} ")]
        words = max(begins, key=len, default="")
        wanted = set(re.findall(r"(?<=\s)--[a-z-]+", line))
        unknown += [(page, line, one) for one in wanted if words and one not in commands[words]]
    assert unknown == []
