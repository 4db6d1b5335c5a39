"""`concordat user`: the people who can sign in."""

import sys
from typing import Annotated

import typer
from rich.table import Table

from concordat.base.actor import Purpose, Role
from concordat.cli.common import As, AsJson, actor_named, console, print_json
from concordat.organisations.actions import (
    add_person,
    change_roles,
    close_account,
    set_password,
)
from concordat.organisations.queries import PersonSummary, organisation, people

app = typer.Typer(help="The people who can sign in.")

Roles = Annotated[
    list[Role], typer.Option("--role", help="May be repeated: a person may hold several.")
]
PasswordOnStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input.")
]


@app.command("add")
def add(
    username: Annotated[str, typer.Argument(help="What they sign in with.")],
    *,
    name: Annotated[str, typer.Option(help="Their name.")],
    force: Annotated[str, typer.Option(help="Their organisation: a code such as essex.")],
    collar: Annotated[str, typer.Option(help="Their collar number, unique in the force.")],
    roles: Roles,
    password_stdin: PasswordOnStdin = False,
    acting: As = None,
    as_json: AsJson = False,
) -> None:
    """Add somebody who can sign in."""
    person = add_person(
        actor_named(acting, Purpose.ADMINISTRATION, ""),
        organisation=organisation(force).code,
        collar_number=collar,
        username=username,
        name=name,
        roles=roles,
        password=_password(from_stdin=password_stdin),
    )
    _show([person], as_json=as_json)


@app.command("list")
def list_people(
    force: Annotated[str | None, typer.Option(help="Only this organisation.")] = None,
    as_json: AsJson = False,
) -> None:
    """List everybody who can sign in."""
    _show(people(organisation_id=organisation(force).id if force else None), as_json=as_json)


@app.command("roles")
def roles(username: str, roles: Roles, acting: As = None, as_json: AsJson = False) -> None:
    """Give somebody exactly these roles from now on."""
    actor = actor_named(acting, Purpose.ADMINISTRATION, "")
    _show([change_roles(actor, username=username, roles=roles)], as_json=as_json)


@app.command("password")
def password(
    username: str,
    password_stdin: PasswordOnStdin = False,
    acting: As = None,
    as_json: AsJson = False,
) -> None:
    """Give somebody a new password, and end their lock-out."""
    actor = actor_named(acting, Purpose.ADMINISTRATION, "")
    chosen = _password(from_stdin=password_stdin)
    _show([set_password(actor, username=username, password=chosen)], as_json=as_json)


@app.command("close")
def close(username: str, acting: As = None, as_json: AsJson = False) -> None:
    """Close an account. Open sessions end at their next request; nothing is deleted."""
    actor = actor_named(acting, Purpose.ADMINISTRATION, "")
    _show([close_account(actor, username=username)], as_json=as_json)


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


def _show(found: list[PersonSummary], *, as_json: bool) -> None:
    if as_json:
        print_json(
            [
                {
                    "id": person.id,
                    "username": person.username,
                    "name": person.name,
                    "organisation": person.organisation.code,
                    "collar_number": person.collar_number,
                    "roles": list(person.roles),
                    "active": person.active,
                }
                for person in found
            ]
        )
        return
    table = Table()
    for column in ("Username", "Name", "Collar", "Organisation", "Roles", "Account"):
        table.add_column(column)
    for person in found:
        table.add_row(
            person.username,
            person.name,
            person.collar_number,
            person.organisation.name,
            ", ".join(role.label for role in person.roles),
            "open" if person.active else "closed",
        )
    console.print(table)
