"""`concordat search`: the one search box, on the command line."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import IO, Annotated, Any

import typer
from rich.table import Table

from concordat.base.actor import Purpose
from concordat.base.clock import LONDON
from concordat.base.source_files import UnusableFile
from concordat.cli.common import (
    AsJson,
    AsPerson,
    ForPurpose,
    Reason,
    actor_named,
    console,
    month_or_day,
    plural,
    print_json,
)
from concordat.organisations.queries import OrganisationSummary, names_by_id, organisation
from concordat.records.rules.csv_files import csv_lines
from concordat.records.rules.events import Precision
from concordat.records.rules.questions import EventRow
from concordat.tracing.queries import Filters, Found, FoundPerson, PeopleFound, export, search


def search_command(
    text: Annotated[list[str] | None, typer.Argument(help="As in the search box.")] = None,
    *,
    username: AsPerson,
    force: Annotated[list[str] | None, typer.Option(help="Recorded by this force.")] = None,
    category: Annotated[list[str] | None, typer.Option("--type", help="A crime type.")] = None,
    since: Annotated[str | None, typer.Option("--from", help="Month or day, inclusive.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="Month or day, inclusive.")] = None,
    elsewhere: Annotated[
        bool, typer.Option("--elsewhere", help="Lying in another force’s area than its owner’s.")
    ] = False,
    area: Annotated[
        list[str] | None,
        typer.Option(help="With --elsewhere: lying in this force’s area. May be repeated."),
    ] = None,
    conflicts: Annotated[
        bool, typer.Option("--conflicts", help="Only those whose source contradicts itself.")
    ] = False,
    page: Annotated[int, typer.Option(min=1, help="Which page of 25.")] = 1,
    out: Annotated[
        Path | None,
        typer.Option(help="Write all results to this CSV file: a disclosure, journalled."),
    ] = None,
    purpose: ForPurpose = Purpose.INVESTIGATION,
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """Search what all forces recorded, as far as agreements in force let the person see it."""
    actor = actor_named(username, purpose, reason)
    typed = " ".join(text or [])
    filters = Filters(
        owner_ids=[organisation(name).id for name in force or ()],
        categories=list(category or ()),
        occurred_from=month_or_day(since),
        occurred_until=month_or_day(until, end=True),
        elsewhere=elsewhere,
        area_ids=[organisation(name).id for name in area or ()],
        in_conflict=conflicts,
    )
    bodies = names_by_id()
    if out is not None:
        with _written(out) as file:  # opened first: no disclosure is journalled that can't be made
            rows = [_flat(row, bodies) for row in export(actor, text=typed, filters=filters)]
            file.writelines(csv_lines([list(rows[0]) if rows else ["id"]]))
            file.writelines(csv_lines(row.values() for row in rows))
        console.print(
            f"{plural(len(rows), 'event')} written to {out}. The disclosure is journalled."
        )
        return
    found = search(actor, text=typed, filters=filters, page=page)
    if as_json:
        print_json(_as_data(found, bodies))
    else:
        _show(found, bodies)


def _flat(row: EventRow, bodies: dict[int, OrganisationSummary]) -> dict[str, Any]:
    """Return a result as one row of plain values, names of forces in full."""
    flat = asdict(row)
    flat["owner"] = bodies[flat.pop("owner_id")].name
    area = flat.pop("area_id")
    flat["area"] = bodies[area].name if area else ""
    flat["kind"] = row.kind.label
    flat["precision"] = row.precision.value
    for name in ("occurred_from", "occurred_until"):
        flat[name] = flat[name].astimezone(LONDON).isoformat()
    return flat


@contextmanager
def _written(path: Path) -> Iterator[IO[str]]:
    """Open a file beside the one wanted and move it into place when it is whole."""
    partial = path.with_name(path.name + ".partial")
    try:
        file = partial.open("w", encoding="utf-8", newline="")
    except OSError as problem:
        raise UnusableFile(f"{path} can’t be written: {problem.strerror}.") from problem
    try:
        with file:
            yield file
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _as_data(found: Found, bodies: dict[int, OrganisationSummary]) -> dict[str, Any]:
    return {
        "read_as": [asdict(part) for part in found.parts],
        "notes": list(found.notes),
        "total": found.answer.total,
        "page": found.answer.page,
        "pages": found.answer.pages,
        "by_force": {bodies[int(c.key)].name: c.count for c in found.answer.by_owner},
        "by_type": {str(c.key): c.count for c in found.answer.by_category},
        "held_elsewhere": [bodies[pointer.owner_id].name for pointer in found.pointers],
        "events": [_flat(row, bodies) for row in found.answer.rows],
        "people": [_person(one, bodies) for one in (found.people.people if found.people else ())],
        "people_held_elsewhere": [
            bodies[pointer.owner_id].name
            for pointer in (found.people.pointers if found.people else ())
        ],
    }


def _person(one: FoundPerson, bodies: dict[int, OrganisationSummary]) -> dict[str, Any]:
    """Return one identity as plain values: its best record, who holds records, and why it fits."""
    content = one.best.content
    return {
        "record": one.best.id,
        "name": content.names[0].text if content.names else "",
        "date_of_birth": content.date_of_birth_form,
        "warnings": sorted({w.code for record in one.records for w in record.warnings}),
        "forces": sorted({bodies[record.owner_id].name for record in one.records}),
        "why": one.person.explanation.words,
    }


def _show_people(found: PeopleFound, bodies: dict[int, OrganisationSummary]) -> None:
    for note in found.notes:
        console.print(note)
    if found.people:
        table = Table(title=plural(len(found.people), "person", "people"))
        for name in ("Name", "Born", "Warnings", "Recorded by", "Why"):
            table.add_column(name, overflow="fold")
        table.add_column("Record", no_wrap=True)  # whole, to be copied
        for one in found.people:
            told = _person(one, bodies)
            table.add_row(
                told["name"],
                told["date_of_birth"],
                ", ".join(told["warnings"]),
                ", ".join(told["forces"]),
                told["why"],
                str(told["record"]),
            )
        console.print(table)
    for pointer in found.pointers:
        console.print(f"{bodies[pointer.owner_id].name} holds a record of this person.")


def _show(found: Found, bodies: dict[int, OrganisationSummary]) -> None:
    for part in found.parts:
        console.print(f"[dim]{part.what}:[/] {part.shown}")
    for note in found.notes:
        console.print(note)
    if found.people:
        _show_people(found.people, bodies)
    answer = found.answer
    table = Table(title=f"{plural(answer.total, 'event')} · page {answer.page} of {answer.pages}")
    for name in ("When", "What", "Where", "Outcome", "Recorded by"):
        table.add_column(name, overflow="fold")
    table.add_column("Event", no_wrap=True)  # whole, to be copied
    for row in answer.rows:
        when = row.occurred_from.astimezone(LONDON)
        table.add_row(
            f"{when:%B %Y}" if row.precision is Precision.MONTH else f"{when:%-d %B %Y, %H:%M}",
            row.category,
            ", ".join(filter(None, (row.location, row.lsoa_name))) or "Not recorded",
            row.outcome or "None recorded",
            bodies[row.owner_id].name,
            str(row.id),
        )
    console.print(table)
    for pointer in found.pointers:
        console.print(f"{bodies[pointer.owner_id].name} holds a record of this reference.")
