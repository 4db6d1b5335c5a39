"""`concordat audit`: the journal, and whether it still holds."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.table import Table

from concordat.audit.queries import Entry, recent, verify, who_looked
from concordat.base.actor import Purpose
from concordat.base.clock import LONDON
from concordat.cli.common import (
    FOUND_PROBLEMS,
    As,
    AsJson,
    Reason,
    actor_named,
    console,
    plural,
    print_json,
)
from concordat.organisations.queries import names_by_id, person_summary

app = typer.Typer(help="Who looked at what, and whether the journal still holds.")


@app.command("verify")
def verify_command(
    anchors: Annotated[
        Path | None, typer.Option(help="A copy of the anchor file kept elsewhere.")
    ] = None,
    username: As = None,
    as_json: AsJson = False,
) -> None:
    """Recompute the whole chain and hold it against its anchors outside the database.

    Names the first broken link. Exit code 1 if there is one.
    """
    actor = actor_named(username, Purpose.AUDIT, "")
    found = verify(actor, anchor_file=anchors)
    if as_json:
        print_json(
            {
                "holds": found.holds,
                "entries": found.entries,
                "anchors": found.anchors,
                "problem": found.problem,
                "broken_entry": found.broken_entry,
            }
        )
    elif found.holds:
        console.print(
            f"The journal holds: {plural(found.entries, 'entry', 'entries')}, "
            f"{plural(found.anchors, 'anchor')} outside the database."
        )
        if not found.anchors:
            console.print(
                "[bold]Nothing outside the database vouches for it:[/] no anchor was found. "
                "Name the copy you keep elsewhere with --anchors."
            )
    else:
        console.print(f"[bold red]The journal is broken:[/] {found.problem}.")
        if found.broken_entry:
            console.print(f"Entry {found.broken_entry}")
    if not found.holds:
        raise typer.Exit(FOUND_PROBLEMS)


@app.command("show")
def show(
    *,
    subject: Annotated[
        UUID | None, typer.Option(help="Who looked at this record (its id).")
    ] = None,
    person: Annotated[str | None, typer.Option(help="What this username did.")] = None,
    action: Annotated[str, typer.Option(help="Only this action, as records.find_events.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
    username: As = None,
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """List journal entries, newest first. Reading the journal is itself journalled."""
    actor = actor_named(username, Purpose.AUDIT, reason)
    if subject is not None:
        entries = who_looked(actor, subject_id=subject, limit=limit)
    else:
        person_id = person_summary(person).id if person else None
        entries = recent(actor, person_id=person_id, action=action, limit=limit)
    if as_json:
        print_json([_as_data(entry) for entry in entries])
    else:
        _table(entries)


def _as_data(entry: Entry) -> dict[str, object]:
    return {
        **entry.__dict__,
        "organisation": _organisations().get(entry.organisation_id, "the service"),
        "recorded_at": entry.recorded_at.isoformat(),
    }


def _organisations() -> dict[int, str]:
    return {number: body.name for number, body in names_by_id().items()}


def _table(entries: list[Entry]) -> None:
    names = _organisations()
    table = Table(title=plural(len(entries), "entry", "entries"))
    for name in ("When", "Who", "Organisation", "Operation", "Action", "Purpose", "Reason"):
        table.add_column(name, overflow="fold")
    for entry in entries:
        table.add_row(
            f"{entry.recorded_at.astimezone(LONDON):%-d %B %Y, %H:%M:%S}",
            entry.person_name,
            names.get(entry.organisation_id, "the service"),
            entry.operation.label,
            entry.action,
            Purpose(entry.purpose).label,
            entry.reason,
        )
    console.print(table)
