"""`concordat identity`: who is who."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from concordat.base.actor import Purpose
from concordat.base.clock import LONDON
from concordat.cli.common import (
    FOUND_PROBLEMS,
    As,
    AsJson,
    AsPerson,
    ForPurpose,
    Reason,
    actor_named,
    console,
    plural,
    print_json,
    progress_console,
)
from concordat.identity.actions import (
    Progress as Tell,
)
from concordat.identity.actions import (
    judge,
    rebuild,
    rekey,
    resolve_all,
    resolve_pending,
    retire,
)
from concordat.identity.engine import Meaning
from concordat.identity.queries import identity_of, progress, review_queue, who_is
from concordat.identity.rules.answers import JudgementDetail, Person
from concordat.identity.rules.judgements import Verdict
from concordat.organisations.queries import OrganisationSummary, names_by_id

app = typer.Typer(help="Who is who: resolve, ask, judge, and undo.")

Record = Annotated[UUID, typer.Argument(metavar="RECORD", help="The id of a person record.")]
Why = Annotated[str, typer.Option("--because", help="Why, for whoever reads the history.")]


@app.command("resolve")
def resolve(
    username: As = None,
    *,
    pending: Annotated[
        bool, typer.Option("--pending", help="Only records that are new or changed.")
    ] = False,
    train_anew: Annotated[
        bool, typer.Option("--train", help="Train the model on the register once more before.")
    ] = False,
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """Decide who is who in the whole register. People’s judgements stay and outrank.

    Can be stopped and run again: judgements already written are kept.
    """
    actor = actor_named(username, Purpose.ADMINISTRATION, reason)
    if pending:
        counts = asdict(resolve_pending(actor))
    else:
        with _bar(quiet=as_json) as tell:
            counts = resolve_all(actor, train_anew=train_anew, progress=tell).facts
    if as_json:
        print_json(counts)
        return
    console.print(
        f"{plural(counts['records'], 'record')} resolved: {counts['appended']:,} judgements of the "
        f"machine appended, {counts['retired']:,} retired."
    )
    if "persons" in counts:
        console.print(
            f"They are of {plural(counts['persons'], 'person', 'persons')}, "
            f"by the model {counts['model']}."
        )


@app.command("rebuild")
def rebuild_command(username: As = None, reason: Reason = "", as_json: AsJson = False) -> None:
    """Derive every cluster anew from judgements and features; exit code 1 if any differs."""
    actor = actor_named(username, Purpose.ADMINISTRATION, reason)
    with _bar(quiet=as_json) as tell:
        found = rebuild(actor, progress=tell)
    if as_json:
        print_json(asdict(found) | {"holds": found.holds})
    else:
        console.print(
            f"{found.clusters:,} clusters of {found.records:,} records derived anew in "
            f"{found.seconds:.0f} s. Fingerprint {found.fingerprint}."
        )
        console.print(
            "They are exactly those that are kept."
            if found.holds
            else f"{plural(found.different, 'record')} is not where it is kept: run "
            "`concordat identity resolve`."
        )
    if not found.holds:
        raise typer.Exit(FOUND_PROBLEMS)


@app.command("rekey")
def rekey_command(username: As = None, reason: Reason = "") -> None:
    """Add the keys that a new release makes; run `resolve` afterwards. Can be stopped and rerun."""
    added = rekey(actor_named(username, Purpose.ADMINISTRATION, reason))
    console.print(f"{plural(added, 'key')} added.")


@app.command("who-is")
def who_is_command(
    *,
    username: AsPerson,
    forename: str = "",
    middle_names: str = "",
    surname: str = "",
    name: Annotated[str, typer.Option(help="The whole name, in any order.")] = "",
    dob: Annotated[str, typer.Option(help="Date of birth, as known.")] = "",
    sex: str = "",
    postcode: str = "",
    house: str = "",
    street: str = "",
    town: str = "",
    phone: str = "",
    email: str = "",
    pnc: Annotated[str, typer.Option(help="PNC ID.")] = "",
    cro: Annotated[str, typer.Option(help="CRO number.")] = "",
    licence: Annotated[str, typer.Option(help="Driving licence number.")] = "",
    nino: Annotated[str, typer.Option(help="National Insurance number.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=50)] = 10,
    purpose: ForPurpose = Purpose.INVESTIGATION,
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """Ask who this may be, of all forces’ records that the person may read."""
    asked = {
        Meaning.FORENAME: forename,
        Meaning.MIDDLE_NAMES: middle_names,
        Meaning.SURNAME: surname,
        Meaning.FULL_NAME: name,
        Meaning.DATE_OF_BIRTH: dob,
        Meaning.SEX: sex,
        Meaning.POSTCODE: postcode,
        Meaning.HOUSE: house,
        Meaning.STREET: street,
        Meaning.TOWN: town,
        Meaning.PHONE: phone,
        Meaning.EMAIL: email,
        Meaning.PNC_ID: pnc,
        Meaning.CRO: cro,
        Meaning.DRIVING_LICENCE: licence,
        Meaning.NINO: nino,
    }
    partial = {meaning: text for meaning, text in asked.items() if text}
    found = who_is(actor_named(username, purpose, reason), partial=partial, limit=limit)
    if as_json:
        print_json([asdict(person) for person in found])
    else:
        _show_persons(found, names_by_id())


@app.command("judge")
def judge_command(
    one: Record,
    other: Record,
    verdict: Annotated[Verdict, typer.Argument(help="same, different, or unsure.")],
    *,
    username: AsPerson,
    because: Why = "",
    purpose: ForPurpose = Purpose.INVESTIGATION,
    reason: Reason = "",
) -> None:
    """Judge whether two records are of one person. “different” undoes a merge, for good."""
    actor = actor_named(username, purpose, reason)
    made = judge(actor, left=one, right=other, verdict=verdict, reason=because)
    console.print(f"Judged: {verdict.label.lower()}. To undo: concordat identity retire {made}")


@app.command("retire")
def retire_command(
    judgement: Annotated[UUID, typer.Argument(help="The id of a judgement of one’s own body.")],
    *,
    username: AsPerson,
    because: Why = "",
    purpose: ForPurpose = Purpose.INVESTIGATION,
    reason: Reason = "",
) -> None:
    """Retire a judgement: what held before it holds again."""
    retire(actor_named(username, purpose, reason), judgement_id=judgement, reason=because)
    console.print("Retired. It stays in the history.")


@app.command("history")
def history(
    record: Record,
    *,
    username: AsPerson,
    purpose: ForPurpose = Purpose.INVESTIGATION,
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """Show the records that are one person with this one, and every judgement about them."""
    found = identity_of(actor_named(username, purpose, reason), record_id=record)
    if as_json:
        print_json(asdict(found))
        return
    bodies = names_by_id()
    for record_id, owner_id in found.records:
        console.print(f"{record_id}  {bodies[owner_id].name}")
    console.print(_judgements(found.judgements))
    for left, right in found.conflicts:
        console.print(f"People have judged {left} and {right} differently.")


@app.command("queue")
def queue(
    *,
    username: AsPerson,
    limit: Annotated[int, typer.Option(min=1, max=500)] = 25,
    purpose: ForPurpose = Purpose.INVESTIGATION,
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """List the pairs that wait for a person’s judgement, likeliest first."""
    found = review_queue(actor_named(username, purpose, reason), limit=limit)
    if as_json:
        print_json([asdict(one) for one in found])
        return
    bodies = names_by_id()
    table = Table(title="Waiting for a judgement")
    for column in ("One", "Of", "Other", "Of", "Probability"):
        table.add_column(column, overflow="fold")
    for one in found:
        table.add_row(
            str(one.left_id),
            bodies[one.left_owner_id].name,
            str(one.right_id),
            bodies[one.right_owner_id].name,
            f"{one.probability:.0%}",
        )
    console.print(table)


@app.command("status")
def status(username: As = None, as_json: AsJson = False) -> None:
    """Say how far the latest resolution of the whole register is."""
    found = progress(actor_named(username, Purpose.ADMINISTRATION, ""))
    if as_json:
        print_json(asdict(found) if found else None)
        return
    if found is None:
        console.print("The register has not been resolved yet: run `concordat identity resolve`.")
        return
    console.print(
        f"Started {found.started_at.astimezone(LONDON):%-d %B %Y, %H:%M}: {found.stage.lower()}"
        f"{'' if found.finished_at else f', {found.share:.0%}'}."
    )
    if found.problem:
        console.print(f"It ended early: {found.problem}")
    for name, value in found.facts.items():
        console.print(f"  {name}: {value}")


@contextmanager
def _bar(*, quiet: bool) -> Iterator[Tell | None]:
    if quiet:
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=progress_console) as bar:
        task = bar.add_task("Starting", total=1.0)

        def tell(stage: str, share: float) -> None:
            bar.update(task, description=stage, completed=share)

        yield tell


def _show_persons(found: tuple[Person, ...], bodies: dict[int, OrganisationSummary]) -> None:
    if not found:
        console.print("Nobody that you may read of is like this.")
    for person in found:
        console.print(f"[bold]{person.probability:.1%}[/]  {person.explanation.words}")
        for candidate in person.records:
            said: dict[str, Any] = dict(candidate.features)
            shown = ", ".join(str(text) for text in said.values())
            console.print(f"  {candidate.record_id}  {bodies[candidate.owner_id].name}: {shown}")
        others = len(person.members) - len(person.records)
        if others:
            console.print(f"  and {plural(others, 'further record')} of the same person")


def _judgements(found: tuple[JudgementDetail, ...]) -> Table:
    table = Table(title="Judgements")
    for column in ("Id", "When", "By", "Verdict", "Bits", "Why", "Retired"):
        table.add_column(column, overflow="fold")
    for one in found:
        table.add_row(
            str(one.id),
            f"{one.judged_at.astimezone(LONDON):%-d %B %Y, %H:%M}",
            one.judged_by,
            one.verdict.label,
            "" if one.bits is None else f"{one.bits:.1f}",
            one.reason or one.model_version,
            f"{one.retired_by}: {one.retired_because}" if one.retired_at else "",
        )
    return table
