"""`concordat agreement register`: a register of agreements that others keep, taken over."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from concordat.agreements.actions import RegisterImport, import_register
from concordat.agreements.queries import register_problems
from concordat.base.actor import Purpose
from concordat.cli.common import (
    FOUND_PROBLEMS,
    As,
    AsJson,
    actor_named,
    console,
    plural,
    print_json,
)

app = typer.Typer(help="The register: agreements of the past, as sources recorded them.")


@app.callback()
def register() -> None:
    """Agreements of the past, as sources recorded them. They grant nothing."""


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="A register as CSV, plain or gzipped.")],
    source: Annotated[
        str, typer.Option(help="What the register is called; the file’s name without it.")
    ] = "",
    username: As = None,
    as_json: AsJson = False,
) -> None:
    """Record what a register tells of agreements of the past.

    Importing again changes nothing; a corrected file corrects. A row that can’t be read is put
    aside with its reason, and the others are recorded.
    """
    actor = actor_named(username, Purpose.ADMINISTRATION, "")
    done = import_register(actor, path=file, source_file=source)
    problems = [
        problem for problem in register_problems(actor) if problem.source_file == done.source_file
    ]
    if as_json:
        print_json(
            {
                **asdict(done),
                "rows_to_correct": [
                    {"line": p.line, "row_id": p.row_id, "reason": p.reason} for p in problems
                ],
            }
        )
    else:
        _show(done)
        for problem in problems:
            console.print(f"  line {problem.line}: {problem.reason}", markup=False, highlight=False)
    if problems:
        raise typer.Exit(FOUND_PROBLEMS)


def _show(done: RegisterImport) -> None:
    console.print(
        f"{done.source_file}: {plural(done.read, 'row')} read, {done.new} new, "
        f"{done.changed} changed, {done.unchanged} unchanged, {done.problems} to correct.",
        markup=False,
        highlight=False,
    )
    if done.gone:
        console.print(
            f"{plural(done.gone, 'row')} of an earlier import stand no longer in it, and are kept."
        )
