"""`concordat load`: files into the register, and lookups into the organisations."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from concordat.base.actor import Purpose
from concordat.cli.common import (
    FOUND_PROBLEMS,
    As,
    AsJson,
    Reason,
    actor_named,
    console,
    plural,
    print_json,
    progress_console,
)
from concordat.organisations.actions import load_areas
from concordat.organisations.queries import organisation
from concordat.records.actions import (
    LoadReport,
    Step,
    load_persons,
    load_stop_search,
    load_street,
)
from concordat.records.queries import quarantine_file
from concordat.records.rules.loads import Layout
from concordat.records.rules.person_maps import read_map

app = typer.Typer(help="Load files. Loading anything twice changes nothing.")

Files = Annotated[
    list[Path], typer.Argument(metavar="FILE…", help="CSV files, plain or .gz.", show_default=False)
]


@app.command("street")
def street(files: Files, username: As = None, reason: Reason = "", as_json: AsJson = False) -> None:
    """Load street-level crime files of data.police.uk, of any forces, any number at once.

    Every row is accounted for: new, unchanged, changed, duplicate, conflict or quarantined.
    Exit code 1 if a file was refused.
    """
    actor = actor_named(username, Purpose.ADMINISTRATION, reason)
    with _progress(len(files), quiet=as_json) as tell:
        report = load_street(actor, paths=files, progress=tell)
    _show(report, as_json=as_json)


@app.command("stop-search")
def stop_search(
    files: Files,
    force: Annotated[
        str | None,
        typer.Option(help="Whose files they are, where their names don’t say: a code or name."),
    ] = None,
    username: As = None,
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """Load stop-and-search files of data.police.uk. Exit code 1 if a file was refused."""
    actor = actor_named(username, Purpose.ADMINISTRATION, reason)
    with _progress(len(files), quiet=as_json) as tell:
        report = load_stop_search(actor, paths=files, force=force, progress=tell)
    _show(report, as_json=as_json)


@app.command("persons")
def persons(
    files: Files,
    *,
    force: Annotated[str, typer.Option(help="Whose persons they are: a code or name.")],
    map_file: Annotated[
        Path | None,
        typer.Option(
            "--map",
            metavar="MAP.toml",
            help="What each column means. Without it: guessed by the columns’ names, and shown.",
        ),
    ] = None,
    username: As = None,
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """Load persons from any CSV extract of one force’s own system.

    Every row is accounted for, as with events. A field that can’t be right is kept as recorded,
    with a notice; a row is quarantined only if nothing in it says who it is about.
    """
    actor = actor_named(username, Purpose.ADMINISTRATION, reason)
    found = read_map(_text_of(map_file)) if map_file else None
    with _steps(quiet=as_json) as tell:
        report = load_persons(actor, paths=files, force=force, person_map=found, progress=tell)
    _show(report, as_json=as_json)


@app.command("areas")
def areas(files: Files, username: As = None, reason: Reason = "", as_json: AsJson = False) -> None:
    """Load ONS lookups: LSOA to police force area, or postcode to point and force area."""
    actor = actor_named(username, Purpose.ADMINISTRATION, reason)
    reports = []
    for path in files:
        with _progress(1, quiet=as_json) as tell:
            reports.append(load_areas(actor, path=path, progress=partial(tell, path.name)))
    if as_json:
        print_json([report.__dict__ for report in reports])
        return
    for report in reports:
        console.print(
            f"{report.file}: {report.read:,} rows read, {report.kept:,} {report.kind} kept, "
            f"{report.left_out:,} left out (another area, or unreadable)."
        )


@app.command("quarantine")
def quarantine(
    load: Annotated[UUID, typer.Argument(help="The load’s id, as its report gives it.")],
    force: Annotated[str, typer.Option(help="Whose rows: a code or name.")],
    out: Annotated[Path | None, typer.Option(help="File to write; else standard output.")] = None,
    reason: Reason = "",
) -> None:
    """Write out the rows of a load that could not be understood, to be corrected."""
    body = organisation(force)
    actor = actor_named(None, Purpose.QUALITY, reason).acting_for(body.id, body.name)
    text = quarantine_file(actor, load_id=load)
    if out is None:
        typer.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")
        console.print(f"Written to {out}. Correct the rows there and load the file again.")


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise typer.BadParameter(f"{path} can’t be read as a text file.") from None


@contextmanager
def _steps(*, quiet: bool) -> Iterator["StepTeller"]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,} rows"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=progress_console, disable=quiet) as bar:
        yield StepTeller(bar)


class StepTeller:
    """Shows how far a load of persons has come: a bar for each step of each file."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._tasks: dict[tuple[Step, str], TaskID] = {}

    def __call__(self, step: Step, name: str, done: int, total: int) -> None:
        """Show that `done` rows of `total` are done; a total of 0 is not known yet."""
        key = (step, name)
        if key not in self._tasks:
            self._tasks[key] = self._bar.add_task(f"{step.value.capitalize()} {name}", total=None)
        self._bar.update(self._tasks[key], completed=done, total=total or None)


@contextmanager
def _progress(files: int, *, quiet: bool) -> Iterator["Teller"]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,} of {task.total:,} files · {task.fields[rows]:,} rows"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=progress_console, disable=quiet) as bar:
        task = bar.add_task("Loading", total=files, rows=0)
        yield Teller(bar, task)
        bar.update(task, description="Loaded", completed=files)


class Teller:
    """Shows how far a load has come; called from several threads."""

    def __init__(self, bar: Progress, task: TaskID) -> None:
        self._bar = bar
        self._task = task
        self._rows: dict[str, int] = {}

    def __call__(self, name: str, rows: int) -> None:
        """Show that `rows` rows of the file were read so far."""
        self._rows[name] = rows
        self._bar.update(
            self._task,
            description=f"Loading {name}",
            completed=max(0, len(self._rows) - 1),
            rows=sum(self._rows.values()),
        )


def _show(report: LoadReport, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "load": report.load_id,
                "seconds": round(report.seconds, 3),
                "total": report.total.as_dict(),
                "files": [
                    {
                        "file": file.name,
                        **file.account.as_dict(),
                        "problem": file.problem,
                        "notices": file.notices,
                    }
                    for file in report.files
                ],
            }
        )
    else:
        console.print(_table(report))
        _say_what_matters(report)
    if report.refused:
        raise typer.Exit(FOUND_PROBLEMS)


def _table(report: LoadReport) -> Table:
    table = Table(title=f"{report.layout.label}: load {report.load_id}")
    table.add_column("File")
    for name in report.total.as_dict():
        table.add_column(name.capitalize(), justify="right")
    for file in report.files:
        cells = [f"{count:,}" for count in file.account.as_dict().values()]
        table.add_row(file.name, *(cells if not file.problem else ["refused"]))
    table.add_section()
    table.add_row("Total", *(f"{count:,}" for count in report.total.as_dict().values()))
    return table


def _say_what_matters(report: LoadReport) -> None:
    rate = report.total.read / report.seconds if report.seconds else 0
    console.print(f"{report.total.read:,} rows in {report.seconds:.1f} s: {rate:,.0f} a second.")
    for file in report.files:
        if file.problem:
            console.print(f"[bold red]Refused:[/] {file.problem}")
    for notice, files in Counter(n for file in report.files for n in file.notices).items():
        console.print(f"{notice} (In {plural(files, 'file')}.)")
    if report.total.conflict:
        listed = (
            ""
            if report.layout is Layout.PERSONS
            else ": `concordat search --as … --conflicts` lists them"
        )
        console.print(
            f"{plural(report.total.conflict, 'row')} contradict another row of the same reference. "
            f"Both are kept and flagged{listed}."
        )
    if report.total.quarantined:
        console.print(
            f"{plural(report.total.quarantined, 'row')} could not be understood. They are kept "
            f"with the reason: `concordat load quarantine {report.load_id} --force …` "
            "writes them out to be corrected and loaded again."
        )
