"""`concordat agreement`: agreements drafted, proposed, started and ended from the command line.

Signing is not here: each body signs for itself, at the page.
"""

import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from concordat.agreements.actions import (
    draft_agreement,
    end_agreement,
    give_notice,
    leave,
    propose,
    start_agreement,
    succeed,
)
from concordat.agreements.queries import (
    agreement,
    agreements,
    everything_missing,
    waiting,
)
from concordat.agreements.rules import AgreementTerms, from_document
from concordat.base.actor import Purpose
from concordat.cli import explaining, register
from concordat.cli.agreement_output import as_data, show_agreement
from concordat.cli.common import (
    REFUSED,
    As,
    AsJson,
    actor_named,
    console,
    plural,
    print_json,
    progress_console,
)

app = typer.Typer(help="Agreements: in force they open what they name, ended they close it.")
app.add_typer(register.app, name="register")
app.command("explain")(explaining.explain_access)
app.command("changes")(explaining.show_changes)

Reference = Annotated[str, typer.Argument(help="The agreement’s reference.")]
Because = Annotated[str, typer.Option(help="Why; everybody who reads the agreement sees it.")]

EXAMPLE = """\
reference = "S22A-2026-01"
title = "Shared records of Essex and Kent"
kind = "section_22a"       # or section_22a_policing, section_22a_both, mutual_aid,
                           # emergency_services, memorandum, information_sharing
purpose = "To trace people and vehicles across the Thames."
parties = ["essex", "kent"]
functions = ["Crime recording"]  # of the shared list
# lead = "kent"                  # a lead force, if there is one
# excluded_functions = ["Neighbourhood policing"]  # what this framework keeps out of all others
direction_and_control = "Each officer stays under their own chief constable."
liability = "Each body answers for what its own people do."
exit_terms = "A party leaves after its notice and takes its own records with it."
exit_costs = "Whoever leaves pays what its leaving costs in the year that follows."
notice_months = 6
review_on = 2027-04-01
# starts_on = 2026-12-01         # without it: the day on which the last body signs
# ends_on = 2029-12-01           # the first day without it

[[sharing]]
kind = "crime"             # such as crime, stop-search, person, vehicle, place
level = "full"             # full, pointer, none
lawful_basis = "Data Protection Act 2018, section 35(2)(b)"
assessment = "DPIA-2026-01"
contact = "Joint data protection officer, telephone 01632 960001"
# roles = ["officer", "intelligence"]         # without it: every role that works with records
# purposes = ["investigation", "prevention"]  # without it: every policing purpose
# with_fire = true                            # fire services among the parties get these too

# [[resources]]
# resource = "Range and tactics centre"
# provider = "kent"
# terms = "Places by number of armed officers."

# [[costs]]
# item = "Running the shared record"
# formula = "population"   # or net-revenue-expenditure, budget, officers, use, percentages, equal
# year = 2015              # of the published figures; without it the latest
# least = 1000000          # pence that each pays at least; most = … at most

# [[benefits]]
# benefit = "Cashable savings"
# measure = "Pounds a year below the two budgets of the year before"
# target = "3.0 million by the third year"
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
    """Write down an agreement as a draft. It opens nothing until every body has signed."""
    actor = actor_named(username, Purpose.ADMINISTRATION, "")
    made = draft_agreement(actor, terms=_terms(file))
    show_agreement(made, as_json=as_json)
    missing = everything_missing(actor, terms=made.terms)
    if missing and not as_json:
        console.print("Before it can be proposed it needs " + escape("; ".join(missing)) + ".")


@app.command("propose")
def propose_draft(
    reference: Reference, because: Because = "", username: As = None, as_json: AsJson = False
) -> None:
    """Ask every body that must sign. From here on the text can’t be changed."""
    actor = actor_named(username, Purpose.ADMINISTRATION, "")
    show_agreement(propose(actor, reference=reference, because=because), as_json=as_json)


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
    """Enter that every body has signed a draft on paper: it is in force from the day named.

    Only whoever administers the service can; each signature is kept as one on paper.
    """
    actor = actor_named(username, Purpose.ADMINISTRATION, "")
    started = start_agreement(actor, reference=reference, starts_on=_day(on), ends_on=_day(until))
    show_agreement(started, as_json=as_json)


@app.command("notice")
def notice(
    reference: Reference,
    because: Because,
    on: Annotated[
        str | None, typer.Option(help="First day without it; without it, the soonest.")
    ] = None,
    username: As = None,
    as_json: AsJson = False,
) -> None:
    """Give notice of a whole agreement: it ends when the agreed notice has run."""
    actor = actor_named(username, Purpose.ADMINISTRATION, "")
    given = give_notice(actor, reference=reference, because=because, ends_on=_day(on))
    show_agreement(given, as_json=as_json)


@app.command("leave")
def leave_agreement(
    reference: Reference,
    body: Annotated[str, typer.Argument(help="The party that leaves, by its code.")],
    *,
    because: Because,
    on: Annotated[str | None, typer.Option(help="Its first day outside.")] = None,
    username: As = None,
    as_json: AsJson = False,
) -> None:
    """Let one party leave; the others go on. The service alone needs no notice."""
    actor = actor_named(username, Purpose.ADMINISTRATION, "")
    left = leave(actor, reference=reference, body=body, because=because, leaves_on=_day(on))
    show_agreement(left, as_json=as_json)


@app.command("succeed")
def succeed_party(
    reference: Reference,
    old: Annotated[str, typer.Argument(help="The party that lost its powers, by its code.")],
    new: Annotated[str, typer.Argument(help="Its successor, by its code.")],
    *,
    username: As = None,
    as_json: AsJson = False,
) -> None:
    """Let a body’s successor take its place from today, on the same clauses.

    Only whoever administers the service can, and only for the successor that the law named.
    """
    actor = actor_named(username, Purpose.ADMINISTRATION, "")
    show_agreement(succeed(actor, reference=reference, old=old, new=new), as_json=as_json)


@app.command("end")
def end(
    reference: Reference,
    on: Annotated[str | None, typer.Option(help="First day without it; today without it.")] = None,
    because: Because = "",
    username: As = None,
    as_json: AsJson = False,
) -> None:
    """End an agreement: what it opened is closed from the next statement on."""
    actor = actor_named(username, Purpose.ADMINISTRATION, "")
    ended = end_agreement(actor, reference=reference, ends_on=_day(on), because=because)
    show_agreement(ended, as_json=as_json)


@app.command("show")
def show(
    reference: Reference,
    version: Annotated[int | None, typer.Option(help="A version; without it, what counts.")] = None,
    username: As = None,
    as_json: AsJson = False,
) -> None:
    """Show what an agreement says, where it stands, and for whose signature it waits."""
    actor = actor_named(username, Purpose.ADMINISTRATION, "")
    show_agreement(agreement(actor, reference=reference, version=version), as_json=as_json)


@app.command("list")
def list_agreements(username: As = None, as_json: AsJson = False) -> None:
    """List every agreement, those in force first."""
    found = agreements(actor_named(username, Purpose.ADMINISTRATION, ""))
    if as_json:
        print_json([as_data(detail) for detail in found])
        return
    table = Table()
    for column in ("Reference", "Title", "Parties", "State", "From", "Until"):
        table.add_column(column)
    for detail in found:
        table.add_row(
            escape(detail.reference),
            escape(detail.title),
            ", ".join(party.short_name for party in detail.parties),
            detail.state.label,
            str(detail.starts_on or ""),
            str(detail.ends_on or ""),
        )
    console.print(table)


@app.command("waiting")
def list_waiting(username: As = None, as_json: AsJson = False) -> None:
    """List every signature that a proposal waits for, the longest wait first."""
    found = waiting(actor_named(username, Purpose.ADMINISTRATION, ""))
    if as_json:
        rows = [
            {
                "reference": row.agreement.reference,
                "version": row.agreement.version,
                "body": row.signature.body.code,
                "decision": row.signature.decision,
                "since": row.since,
                "days": row.days,
            }
            for row in found
        ]
        print_json(rows)
        return
    table = Table()
    for column in ("Reference", "Waits for", "Because", "For"):
        table.add_column(column)
    for row in found:
        body, decision = row.signature.body.name, row.signature.decision.label
        table.add_row(escape(row.agreement.reference), body, decision, plural(row.days, "day"))
    console.print(table)


def _terms(file: Path) -> AgreementTerms:
    """Return the terms in a TOML file; exit with what is wrong with it."""
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
        return from_document({"reference": "", **told})
    except KeyError as missing:
        progress_console.print(f"{file} can’t be read as an agreement: it has no {missing}.")
    except (OSError, tomllib.TOMLDecodeError, ValueError, TypeError, AttributeError) as problem:
        progress_console.print(f"{file} can’t be read as an agreement: {problem}")
    raise typer.Exit(REFUSED) from None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise typer.BadParameter(f"“{text}” is not a date such as 2026-11-21.") from None
