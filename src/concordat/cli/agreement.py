"""`concordat agreement`: agreements made, started and ended from the command line."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from concordat.access.rules import Level, RecordKind
from concordat.agreements.actions import draft_agreement, end_agreement, start_agreement
from concordat.agreements.queries import AgreementDetail, agreement, agreements
from concordat.agreements.rules import (
    RECORD_ROLES,
    AgreementKind,
    AgreementTerms,
    SharingTerms,
)
from concordat.base.actor import POLICING_PURPOSES, Purpose, Role
from concordat.cli.common import (
    REFUSED,
    As,
    AsJson,
    actor_named,
    console,
    print_json,
    progress_console,
)

app = typer.Typer(help="Agreements: in force they open what they name, ended they close it.")

Reference = Annotated[str, typer.Argument(help="The agreement’s reference.")]

EXAMPLE = """\
reference = "S22A-2026-01"
title = "Shared records of Essex and Kent"
kind = "section_22a"
purpose = "To trace people and vehicles across the Thames."
parties = ["essex", "kent"]
functions = ["Crime recording"]

[[sharing]]
kind = "crime"             # crime, anti-social-behaviour, stop-search, place
level = "full"             # full, pointer, none
lawful_basis = "Data Protection Act 2018, section 35(2)(b)"
assessment = "DPIA-2026-01"
contact = "Joint data protection officer, telephone 01632 960001"
# roles = ["officer", "intelligence"]         # without it: every role that works with records
# purposes = ["investigation", "prevention"]  # without it: every policing purpose
"""


@app.command("example")
def example() -> None:
    """Print an example of the file that `draft` reads."""
    typer.echo(EXAMPLE, nl=False)


@app.command("draft")
def draft(
    file: Annotated[Path, typer.Argument(help="A TOML file; `example` prints one.")],
    username: As = None,
    as_json: AsJson = False,
) -> None:
    """Write down an agreement as a draft. It opens nothing until it is started."""
    actor = actor_named(username, Purpose.ADMINISTRATION, "")
    _show(draft_agreement(actor, terms=_terms(file)), as_json=as_json)


@app.command("start")
def start(
    reference: Reference,
    on: Annotated[str | None, typer.Option(help="First day in force; today without it.")] = None,
    until: Annotated[
        str | None, typer.Option(help="First day without it; open without it.")
    ] = None,
    username: As = None,
    as_json: AsJson = False,
) -> None:
    """Put a draft into force: what it names can be read from the next statement on."""
    actor = actor_named(username, Purpose.ADMINISTRATION, "")
    started = start_agreement(actor, reference=reference, starts_on=_day(on), ends_on=_day(until))
    _show(started, as_json=as_json)


@app.command("end")
def end(
    reference: Reference,
    on: Annotated[str | None, typer.Option(help="First day without it; today without it.")] = None,
    username: As = None,
    as_json: AsJson = False,
) -> None:
    """End an agreement: what it opened is closed from the next statement on."""
    actor = actor_named(username, Purpose.ADMINISTRATION, "")
    _show(end_agreement(actor, reference=reference, ends_on=_day(on)), as_json=as_json)


@app.command("show")
def show(reference: Reference, username: As = None, as_json: AsJson = False) -> None:
    """Show what an agreement says and where it stands."""
    actor = actor_named(username, Purpose.ADMINISTRATION, "")
    _show(agreement(actor, reference=reference), as_json=as_json)


@app.command("list")
def list_agreements(username: As = None, as_json: AsJson = False) -> None:
    """List every agreement, those in force first."""
    found = agreements(actor_named(username, Purpose.ADMINISTRATION, ""))
    if as_json:
        print_json([_as_data(detail) for detail in found])
        return
    table = Table()
    for column in ("Reference", "Title", "Parties", "Standing", "From", "Until"):
        table.add_column(column)
    for detail in found:
        table.add_row(
            detail.reference,
            detail.title,
            ", ".join(party.short_name for party in detail.parties),
            detail.standing.label,
            str(detail.starts_on or ""),
            str(detail.ends_on or ""),
        )
    console.print(table)


def _terms(file: Path) -> AgreementTerms:
    """Return the terms in a TOML file; exit with what is wrong with it."""
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
        return AgreementTerms(
            reference=told.get("reference", ""),
            title=told.get("title", ""),
            kind=AgreementKind(told["kind"]),
            purpose=told.get("purpose", ""),
            parties=told.get("parties", []),
            functions=told.get("functions", []),
            sharing=[_sharing(clause) for clause in told.get("sharing", [])],
        )
    except (OSError, tomllib.TOMLDecodeError, ValueError, KeyError) as problem:
        progress_console.print(f"{file} can’t be read as an agreement: {problem}")
        raise typer.Exit(REFUSED) from None


def _sharing(clause: dict[str, Any]) -> SharingTerms:
    return SharingTerms(
        kind=RecordKind.from_code(clause["kind"]),
        level=Level(clause["level"]),
        lawful_basis=clause.get("lawful_basis", ""),
        assessment=clause.get("assessment", ""),
        contact=clause.get("contact", ""),
        roles=[Role(role) for role in clause.get("roles", RECORD_ROLES)],
        purposes=[Purpose(purpose) for purpose in clause.get("purposes", POLICING_PURPOSES)],
    )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise typer.BadParameter(f"“{text}” is not a date such as 2026-11-21.") from None


def _as_data(detail: AgreementDetail) -> dict[str, Any]:
    return {
        "reference": detail.reference,
        "title": detail.title,
        "kind": detail.kind,
        "purpose": detail.purpose,
        "parties": [party.code for party in detail.parties],
        "functions": list(detail.functions),
        "standing": detail.standing,
        "starts_on": detail.starts_on,
        "ends_on": detail.ends_on,
        "sharing": [
            {"kind": c.kind.code, "level": c.level, "roles": c.roles, "purposes": c.purposes}
            for c in detail.sharing
        ],
    }


def _show(detail: AgreementDetail, *, as_json: bool) -> None:
    if as_json:
        print_json(_as_data(detail))
        return
    console.print(f"[bold]{detail.reference}[/] {detail.title} · {detail.standing.label}")
    console.print(f"{detail.kind.label}. {detail.purpose}")
    console.print("Parties: " + ", ".join(party.name for party in detail.parties))
    for clause in detail.sharing:
        console.print(f"  {clause.kind.label}: {clause.level.label}")
