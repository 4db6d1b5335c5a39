"""What every command shares, those included that need no installation: printing and exit codes."""

import json
import sys
from typing import Annotated, Any

import typer
from rich.console import Console

FOUND_PROBLEMS = 1
"""Exit code: the command ran, and some of its work or its findings are not as they should be."""

REFUSED = 2
"""Exit code: the command was not understood or not allowed; nothing was done."""

UNAVAILABLE = 3
"""Exit code: the database or a file can't be used at the moment."""

_WIDE = None if sys.stdout.isatty() else 160  # what is piped or captured is not folded at 80
console = Console(width=_WIDE)
progress_console = Console(stderr=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print data for programs, and nothing else.")]


def print_json(data: Any) -> None:  # noqa: ANN401 (whatever json can write)
    """Print data for programs: one JSON document on standard output."""
    typer.echo(json.dumps(data, indent=2, ensure_ascii=False, default=str))


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return "1 file" or "2 files"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
