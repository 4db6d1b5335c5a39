"""All commands: those that run and keep the service here, those on data from `concordat.cli`."""

import sys
from collections.abc import Callable

import typer
from django.db import DatabaseError, OperationalError

from concordat.access.errors import AccessError
from concordat.agreements.errors import AgreementsError
from concordat.audit.errors import AuditError
from concordat.base.source_files import UnusableFile
from concordat.cli import agreement, audit, costs, force, identity, link, load, search, user
from concordat.cli.common import REFUSED, UNAVAILABLE, progress_console
from concordat.exchange.errors import ExchangeError
from concordat.identity.errors import IdentityError
from concordat.organisations.errors import OrganisationsError
from concordat.records.errors import RecordsError
from concordat.server.backup import BackupProblem
from concordat.server.commands import keeping, serving
from concordat.server.configuration import WrongSetting
from concordat.server.database import DatabaseProblem
from concordat.server.demo import NotADemo
from concordat.server.embedded import EmbeddedPostgresError
from concordat.server.installation import opened
from concordat.tracing.errors import TracingError

OPENS_ITSELF = ("demo", "doctor", "migrate", "restore", "serve", "worker", *link.ALONE)
"""Commands that decide for themselves how the installation is opened, or need none."""

_SAID_NO = (
    AccessError,
    AgreementsError,
    AuditError,
    ExchangeError,
    IdentityError,
    OrganisationsError,
    RecordsError,
    TracingError,
    UnusableFile,
    BackupProblem,
    NotADemo,
    WrongSetting,
)
_UNAVAILABLE = (DatabaseProblem, EmbeddedPostgresError, OperationalError)

app = typer.Typer(
    name="concordat",
    help="Police forces and fire services working as one without merging.\n\n"
    "Exit codes: 0 done · 1 done, with problems to look at · 2 refused, nothing was done · "
    "3 the database or a file is unavailable.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    add_completion=False,
)
app.add_typer(load.app, name="load")
app.command("search")(search.search_command)
app.add_typer(audit.app, name="audit")
app.add_typer(user.app, name="user")
app.add_typer(agreement.app, name="agreement")
app.add_typer(costs.app, name="costs")
app.add_typer(force.app, name="force")
app.add_typer(identity.app, name="identity")
link.add_to(app)
serving.add_to(app)
keeping.add_to(app)


@app.callback()
def installation(context: typer.Context) -> None:
    """Open the installation for the commands on data."""
    asks_for_help = any(word in ("--help", "-h") for word in sys.argv)
    if context.invoked_subcommand not in OPENS_ITSELF and not asks_for_help:
        context.with_resource(opened(say=progress_console.print))


def run(command: Callable[[], None] = app) -> None:
    """Run the command; what went wrong is said in one sentence, with an exit code to trust."""
    try:
        command()
    except _SAID_NO as problem:
        _say(problem)
        sys.exit(REFUSED)
    except _UNAVAILABLE as problem:
        _say(problem)
        sys.exit(UNAVAILABLE)
    except DatabaseError as problem:
        _say(f"The database refused: {problem}. Nothing of this step was kept.")
        sys.exit(UNAVAILABLE)
    except KeyboardInterrupt:
        _say("Stopped. What was finished is kept; run the command again for the rest.")
        sys.exit(130)


def _say(problem: object) -> None:
    progress_console.print(f"[bold red]concordat:[/] {problem}", highlight=False)
