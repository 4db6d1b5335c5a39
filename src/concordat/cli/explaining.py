"""`concordat agreement explain` and `changes`: who can see what and why, and what would change."""

from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.markup import escape

from concordat.access.rules import ASKED_KINDS
from concordat.agreements.queries import (
    CountedChange,
    Explanation,
    OpenedBy,
    WhatChanges,
    explain,
    what_would_change,
)
from concordat.agreements.rules.change_words import (
    gained_or_lost,
    purposes_in_words,
    staff_in_words,
)
from concordat.base.actor import Purpose
from concordat.cli.common import (
    REFUSED,
    As,
    AsJson,
    ForPurpose,
    actor_named,
    console,
    print_json,
    progress_console,
)
from concordat.organisations.queries import actor_of, organisation, person_summary


def explain_access(
    person: Annotated[str, typer.Argument(metavar="USERNAME", help="Whose access is asked for.")],
    owner: Annotated[str, typer.Argument(help="The force whose records they are.")],
    kind: Annotated[str, typer.Argument(help="The kind of record, such as person or crime.")],
    *,
    purpose: ForPurpose = Purpose.INVESTIGATION,
    username: As = None,
    as_json: AsJson = False,
) -> None:
    """Say which clause of which agreement lets somebody see a kind of record, or what is missing.

    --purpose is theirs: what they would have to have signed in for.
    """
    actor = actor_named(username, Purpose.ADMINISTRATION, "")
    asked = next((one for one in ASKED_KINDS if one.code == kind), None)
    if asked is None:
        known = ", ".join(one.code for one in ASKED_KINDS)
        raise typer.BadParameter(f"There is no record kind “{kind}”. There are: {known}.")
    about = actor_of(person_summary(person).id, purpose=purpose)
    if about is None:
        progress_console.print(f"The account “{escape(person)}” is closed or has no role.")
        raise typer.Exit(REFUSED)
    found = explain(actor, about=about, owner_id=organisation(owner).id, kind=asked)
    if as_json:
        print_json(_explained(found))
        return
    console.print(
        f"[bold]{escape(found.about.person_name)}[/], {escape(found.about.organisation_name)}, "
        f"for “{found.about.purpose_label.lower()}”, {found.kind.label.lower()} records of "
        f"{escape(found.owner.name)}: [bold]{found.level.label.lower()}[/]"
    )
    if found.own and not found.missing:
        console.print("  Their own force’s records, and their role works with records.")
    for opened in found.by:
        console.print(f"  {escape(_opened(opened))}")
    for missing in found.missing:
        console.print(f"  {escape(missing)}")
    for reference in found.proposed:
        console.print(f"  {escape(reference)} would open it, and waits for signatures.")


def show_changes(
    reference: Annotated[str, typer.Argument(help="The agreement’s reference.")],
    version: Annotated[
        int | None, typer.Option(help="Which version; without it the one that counts.")
    ] = None,
    username: As = None,
    as_json: AsJson = False,
) -> None:
    """Say who would gain and lose what if a version came into force. No record is shown."""
    actor = actor_named(username, Purpose.ADMINISTRATION, "")
    found = what_would_change(actor, reference=reference, version=version)
    if as_json:
        print_json(_changed(found))
        return
    against = f"version {found.compared_with}" if found.compared_with else "nothing"
    console.print(f"[bold]{escape(found.reference)}[/] version {found.version} against {against}")
    if not found.changes:
        console.print("  Nothing changes.")
    for one in found.changes:
        console.print(f"  {escape(_sentence(one, found))}")
    if found.beside:
        console.print(f"Not counted: what {escape(', '.join(found.beside))} opens already.")


def _opened(opened: OpenedBy) -> str:
    return (
        f"Clause {opened.clause} of {opened.reference}, version {opened.version}, opens it to "
        f"{staff_in_words(opened.roles)}, for {purposes_in_words(opened.purposes)}."
    )


def _explained(found: Explanation) -> dict[str, Any]:
    return {
        "person": found.about.person_name,
        "purpose": found.about.purpose,
        "owner": found.owner.code,
        "kind": found.kind.code,
        "level": found.level,
        "own": found.own,
        "by": [asdict(opened) for opened in found.by],
        "missing": list(found.missing),
        "proposed": list(found.proposed),
    }


def _changed(found: WhatChanges) -> dict[str, Any]:
    return {
        "reference": found.reference,
        "version": found.version,
        "compared_with": found.compared_with,
        "beside": list(found.beside),
        "changes": [
            {
                "recipient": one.recipient.code,
                "owner": one.owner.code,
                "kind": one.change.kind.code,
                "roles": list(one.change.roles),
                "purposes": list(one.change.purposes),
                "before": one.change.before,
                "after": one.change.after,
                "records": one.records,
            }
            for one in found.changes
        ],
    }


def _sentence(one: CountedChange, found: WhatChanges) -> str:
    change = one.change
    number = "" if one.records is None else f"{one.records:,} "
    what = f"{number}{change.kind.label.lower()} records of {one.owner.name}"
    happens = gained_or_lost(change.before, change.after, what=what, is_ahead=found.is_ahead)
    return (
        f"{one.recipient.name}: {staff_in_words(change.roles)} {happens}, "
        f"for {purposes_in_words(change.purposes)}."
    )
