"""Commands that keep the service: `migrate`, `doctor`, `backup`, `restore`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from concordat.audit.actions import record
from concordat.audit.queries import verify
from concordat.audit.rules import Operation
from concordat.base.acting import acting
from concordat.base.actor import Actor, Purpose
from concordat.cli.common import (
    FOUND_PROBLEMS,
    AsJson,
    actor_named,
    console,
    plural,
    print_json,
    progress_console,
)
from concordat.server.backup import back_up, backup_url, restore
from concordat.server.doctor import Finding, examine, variables
from concordat.server.installation import migrate, opened


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command `concordat`."""
    app.command("migrate")(migrate_command)
    app.command("doctor")(doctor_command)
    app.command("backup")(backup_command)
    app.command("restore")(restore_command)


def migrate_command(as_json: AsJson = False) -> None:
    """Bring the database's schema, roles and reference files up to date. Safe to run again."""
    with opened(migrated=False):
        applied = migrate(say=progress_console.print)
    if as_json:
        print_json({"applied": applied})
    else:
        console.print(f"Up to date; {plural(len(applied), 'migration')} applied.")


def doctor_command(as_json: AsJson = False) -> None:
    """Say what is wrong with this installation and how to mend it. Exit code 1 if anything is."""
    findings = examine()
    if as_json:
        print_json(
            {
                "findings": [finding.__dict__ for finding in findings],
                "variables": [row.__dict__ for row in variables()],
            }
        )
    else:
        _show(findings)
    if not all(finding.good for finding in findings):
        raise typer.Exit(FOUND_PROBLEMS)


def backup_command(
    file: Annotated[Path, typer.Argument(help="File to write; an existing one is replaced.")],
    as_json: AsJson = False,
) -> None:
    """Write everything into one file: database, journal, anchors. The secret key is not in it."""
    backup_url()
    _journal("server.backup", file)  # before, so that the backup holds the entry
    manifest = back_up(file)
    if as_json:
        print_json(manifest)
    else:
        rows = sum(manifest["counts"].values())
        console.print(f"{file}: {plural(rows, 'row')} of {len(manifest['counts'])} tables.")
        console.print("It holds personal data: keep it as safe as the database itself.")


def restore_command(
    file: Annotated[Path, typer.Argument(help="A file that `backup` wrote.", exists=True)],
    as_json: AsJson = False,
) -> None:
    """Restore a backup into an empty installation; counts and journal are checked afterwards."""
    with opened(migrated=False):
        manifest = restore(file)
        found = verify(actor_named(None, Purpose.AUDIT, "after a restore"))
        _journal("server.restore", file)
    if as_json:
        print_json({**manifest, "journal_holds": found.holds, "problem": found.problem})
    else:
        console.print(f"Restored {plural(sum(manifest['counts'].values()), 'row')}, as backed up.")
        console.print("The journal holds." if found.holds else f"The journal: {found.problem}")
    if not found.holds:
        raise typer.Exit(FOUND_PROBLEMS)


def _journal(action: str, file: Path) -> None:
    actor: Actor = actor_named(None, Purpose.ADMINISTRATION, "")
    with acting(actor):
        record(actor, operation=Operation.DISCLOSURE, action=action, details={"file": file.name})


def _show(findings: list[Finding]) -> None:
    table = Table(title="Installation")
    for column in ("", "What", "How it is", "What to do"):
        table.add_column(column, overflow="fold")
    for finding in findings:
        mark = "[green]good[/]" if finding.good else "[bold red]mend[/]"
        table.add_row(mark, finding.what, finding.state, "" if finding.good else finding.remedy)
    console.print(table)
    settings = Table(title="Environment variables")
    for column in ("Variable", "Meaning", "Now"):
        settings.add_column(column, overflow="fold")
    for row in variables():
        settings.add_row(row.name, row.meaning, row.now)
    console.print(settings)
