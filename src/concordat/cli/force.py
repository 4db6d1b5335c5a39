"""`concordat force`: a whole force taken out, taken in elsewhere, and leaving."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from concordat.base.actor import Purpose
from concordat.cli.common import AsJson, Reason, actor_named, console, plural, print_json
from concordat.cli.common import progress_console as progress
from concordat.exchange.actions import export_force, import_force, withdraw_force
from concordat.exchange.queries import holdings

app = typer.Typer(
    help="A whole force: everything it owns out in open formats, in elsewhere, and its way out."
)

Force = Annotated[str, typer.Argument(help="A force’s code or name.", show_default=False)]


@app.command("holdings")
def holdings_command(force: Force, reason: Reason = "", as_json: AsJson = False) -> None:
    """Count what a force owns here, table by table."""
    found = holdings(actor_named(None, Purpose.ADMINISTRATION, reason), force=force)
    if as_json:
        print_json([one.__dict__ for one in found])
        return
    _show([(one.file, one.rows, one.about) for one in found], ("File", "Rows", "What"))


@app.command("export")
def export_command(
    force: Force,
    *,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder to make; never an old one.")],
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """Write everything that a force owns into a folder: CSV, JSON Schemas, counts and hashes.

    The folder gets its name when it is whole. It holds personal data.
    """
    actor = actor_named(None, Purpose.ADMINISTRATION, reason)
    manifest = export_force(actor, force=force, out=out, progress=None if as_json else _told)
    if as_json:
        print_json(
            {
                "force": manifest.force.code,
                "rows": manifest.rows,
                "tables": [table.__dict__ for table in manifest.tables],
            }
        )
        return
    console.print(
        f"{out}: {plural(manifest.rows, 'row')} in {plural(len(manifest.tables), 'file')}, "
        "all that the force owns. README.md there says how to read them."
    )
    console.print("It holds personal data: keep it as safe as the database itself.")


@app.command("import")
def import_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that `export` wrote.")],
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """Take in what another installation took out. Taking it in twice changes nothing.

    Every hash is checked first; then all is written, or nothing.
    """
    actor = actor_named(None, Purpose.ADMINISTRATION, reason)
    done = import_force(actor, folder=folder, progress=None if as_json else _told)
    if as_json:
        tables = [table.__dict__ for table in done.tables]
        print_json({"force": done.force.code, "rows": done.rows, "new": done.new, "tables": tables})
        return
    console.print(
        f"{done.force.name}: {plural(done.rows, 'row')}, {done.new:,} of them new here. "
        "The worker now decides who is who."
    )


@app.command("withdraw")
def withdraw_command(
    force: Force,
    *,
    because: Annotated[str, typer.Option(help="Why it leaves; kept with each agreement.")],
    on: Annotated[
        str | None, typer.Option(metavar="DAY", help="Its first day outside; today without it.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Let a force leave every agreement. No record changes; take the force out first."""
    actor = actor_named(None, Purpose.ADMINISTRATION, because)
    done = withdraw_force(actor, force=force, because=because, leaves_on=_day(on))
    if as_json:
        print_json({**done.__dict__, "force": done.force.code})
        return
    console.print(
        f"{done.force.name} is out of {plural(len(done.left), 'agreement')} from "
        f"{done.leaves_on:%-d %B %Y} on{_listed(done.left)}. What it owns stays here, for itself."
    )
    if done.proposals:
        console.print(f"Still proposed, and binding nobody{_listed(done.proposals)}.")


def _told(file: str, rows: int) -> None:
    progress.print(f"{file:<40} {rows:>12,} rows", highlight=False)


def _listed(references: tuple[str, ...]) -> str:
    return f": {', '.join(references)}" if references else ""


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise typer.BadParameter(f"“{text}” is no day: write 2027-04-01.") from None


def _show(rows: list[tuple[str, int, str]], columns: tuple[str, str, str]) -> None:
    table = Table()
    table.add_column(columns[0])
    table.add_column(columns[1], justify="right")
    table.add_column(columns[2])
    for file, count, about in rows:
        table.add_row(file, f"{count:,}", about)
    console.print(table)
