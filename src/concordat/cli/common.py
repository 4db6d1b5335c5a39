"""What every data command shares: who acts, how answers are printed, what exit codes mean."""

import getpass
from datetime import date
from typing import Annotated, Any

import typer

from concordat.base.actor import Actor, Purpose
from concordat.base.clock import midnight, month_bounds
from concordat.cli.terminal import (
    FOUND_PROBLEMS,
    REFUSED,
    UNAVAILABLE,
    AsJson,
    console,
    plural,
    print_json,
    progress_console,
)
from concordat.organisations.queries import actor_of, person_summary

__all__ = [
    "FOUND_PROBLEMS",
    "REFUSED",
    "UNAVAILABLE",
    "As",
    "AsJson",
    "AsPerson",
    "ForPurpose",
    "Reason",
    "actor_named",
    "console",
    "month_or_day",
    "plural",
    "print_json",
    "progress_console",
]

As = Annotated[
    str | None,
    typer.Option("--as", metavar="USERNAME", help="Who acts. Without it: the service itself."),
]
AsPerson = Annotated[
    str, typer.Option("--as", metavar="USERNAME", help="Who acts: `concordat user list` names all.")
]
ForPurpose = Annotated[
    Purpose, typer.Option("--purpose", help="What for; it is written into the journal.")
]
Reason = Annotated[
    str, typer.Option("--reason", help="A crime or incident number, or why; journalled.")
]


def actor_named(username: str | None, purpose: Purpose, reason: str) -> Actor:
    """Return the person with this username as an actor; without one, the service.

    The service's reason names the operating system's user who gave the command.
    Raises UnknownOrganisation for an unknown username and typer.Exit for a closed account.
    """
    if username is None:
        said = f"command by {getpass.getuser()}"
        return Actor.service(purpose=purpose, reason=f"{said}: {reason}" if reason else said)
    person = person_summary(username)
    actor = actor_of(person.id, purpose=purpose, reason=reason)
    if actor is None:
        progress_console.print(f"The account “{username}” is closed or has no role.")
        raise typer.Exit(REFUSED)
    return actor


def month_or_day(text: str | None, *, end: bool = False) -> Any:  # noqa: ANN401
    """Return the instant at which a month (2024-01) or day (2024-01-15) begins, or ends."""
    if not text:
        return None
    try:
        if len(text) == len("2024-01"):
            first, following = month_bounds(int(text[:4]), int(text[5:]))
            return following if end else first
        day = date.fromisoformat(text)
        return midnight(date.fromordinal(day.toordinal() + 1) if end else day)
    except ValueError:
        raise typer.BadParameter(f"“{text}” is neither a month (2024-01) nor a day.") from None
