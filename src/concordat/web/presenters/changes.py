"""What would change, in words and tables: for pages on which somebody decides about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from concordat.access.rules import Level, RecordKind
from concordat.agreements.queries import CountedChange, WhatChanges
from concordat.agreements.rules.change_words import (
    gained_or_lost,
    purposes_in_words,
    staff_in_words,
)
from concordat.agreements.rules.changes import Change
from concordat.organisations.queries import OrganisationSummary
from concordat.web.formatting import format_number
from concordat.web.presenters.agreements import listed, sentence


@dataclass(frozen=True, kw_only=True)
class Table:
    """One body's gain or loss: kinds of record down, owners across, numbers of records inside."""

    caption: str
    head: list[str | dict[str, object]]
    rows: list[list[str]]
    is_gain: bool


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """All that changes for one body."""

    name: str
    id: int
    summary: str
    tables: list[Table]
    is_own: bool


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What changes, answer first: `lead`, then who gains and gives how much, then all of it."""

    lead: str
    notes: list[str]
    glance_head: list[str | dict[str, object]]
    glance: list[list[str]]
    recipients: list[Recipient]


def what_changes(found: WhatChanges, *, own: int = 0) -> Shown:
    """Return what a version changes as the page part `concordat/parts_changes.html` shows it.

    `own` is the number of the reader's organisation, whose gains come first.
    """
    bodies = {one.recipient.id: one.recipient for one in found.changes}
    in_order = sorted(bodies.values(), key=lambda body: (body.id != own, body.id))
    return Shown(
        lead=_lead(found),
        notes=_notes(found),
        glance_head=[
            "Body",
            _numeric("Whole records gained"),
            _numeric("Pointers gained"),
            _numeric("Records lost"),
            _numeric("Own records opened further"),
        ],
        glance=_glance(found),
        recipients=[
            _recipient([one for one in found.changes if one.recipient.id == body.id], found, own)
            for body in in_order
        ],
    )


def _lead(found: WhatChanges) -> str:
    against = f"version {found.compared_with}" if found.compared_with else ""
    if not found.changes:
        same = f" that {against} did not open" if against else ""
        return f"No records {'would ' if found.is_ahead else ''}open or close{same}."
    if not found.is_ahead:
        return f"What this version changed, against {against or 'the time without it'}."
    instead = f", in place of {against}" if against else ""
    return f"If this version came into force now{instead}:"


def _notes(found: WhatChanges) -> list[str]:
    notes = []
    if found.beside:
        notes.append(
            f"What {listed(found.beside)} {'opens' if len(found.beside) == 1 else 'open'} already "
            "to the same people for the same purposes is not counted as a change."
        )
    if found.changes and not found.has_numbers:
        notes.append(
            "How many records these are is told to programme staff and signatories of those whom "
            "the agreement binds."
        )
    if found.changes and found.has_numbers:
        notes.append("Numbers are of the records held at this moment. No record is shown.")
    return notes


def _glance(found: WhatChanges) -> list[list[str]]:
    bodies = {body.id: body for one in found.changes for body in (one.recipient, one.owner)}
    return [
        [
            body.name,
            _total(one for one in found.changes if _gets(one, body, Level.FULL)),
            _total(one for one in found.changes if _gets(one, body, Level.POINTER)),
            _total(
                one
                for one in found.changes
                if one.recipient.id == body.id and not one.change.is_gain
            ),
            _total(one for one in found.changes if one.owner.id == body.id and one.change.is_gain),
        ]
        for _, body in sorted(bodies.items())
    ]


def _gets(one: CountedChange, body: OrganisationSummary, level: Level) -> bool:
    return one.recipient.id == body.id and one.change.is_gain and one.change.after is level


def _total(found: Iterable[CountedChange]) -> str:
    """Return how many records these changes concern, each counted once; kinds if untold."""
    by_kind = {(one.owner.id, one.change.kind): one.records for one in found}
    if not by_kind:
        return "–"
    told = [number for number in by_kind.values() if number is not None]
    if len(told) == len(by_kind):
        return format_number(sum(told))
    kinds = len({kind for _, kind in by_kind})
    return f"{kinds} {'kind' if kinds == 1 else 'kinds'}"


def _recipient(changes: Sequence[CountedChange], found: WhatChanges, own: int) -> Recipient:
    body = changes[0].recipient
    groups: dict[tuple[object, ...], list[CountedChange]] = {}
    for one in changes:
        change = one.change
        key = (change.before, change.after, change.roles, change.purposes)
        groups.setdefault(key, []).append(one)
    tables = [_table(group, found) for group in groups.values()]
    gains = sum(table.is_gain for table in tables)
    what = "gains and loses" if 0 < gains < len(tables) else "gains" if gains else "loses"
    return Recipient(
        name=body.name,
        id=body.id,
        summary=f"What {body.name} {_would(what, found)}",
        tables=tables,
        is_own=body.id == own,
    )


def _would(what: str, found: WhatChanges) -> str:
    if not found.is_ahead:
        return what.replace("gains", "gained").replace("loses", "lost")
    return "would " + what.replace("gains", "gain").replace("loses", "lose")


def _table(changes: Sequence[CountedChange], found: WhatChanges) -> Table:
    change = changes[0].change
    owners = {one.owner.id: one.owner for one in sorted(changes, key=lambda one: one.owner.id)}
    kinds = [kind for kind in RecordKind if any(one.change.kind is kind for one in changes)]
    cells = {(one.change.kind, one.owner.id): one.records for one in changes}
    return Table(
        caption=_caption(change, found),
        head=["Kind", *(_numeric(owner.short_name) for owner in owners.values())],
        rows=[
            [kind.label, *(_cell(cells, kind, owner_id) for owner_id in owners)] for kind in kinds
        ],
        is_gain=change.is_gain,
    )


def _caption(change: Change, found: WhatChanges) -> str:
    happens = gained_or_lost(
        change.before, change.after, what="these records", is_ahead=found.is_ahead
    )
    who, purposes = staff_in_words(change.roles), purposes_in_words(change.purposes)
    return sentence(f"{who} {happens}, for {purposes}")


def _cell(cells: dict[tuple[RecordKind, int], int | None], kind: RecordKind, owner_id: int) -> str:
    if (kind, owner_id) not in cells:
        return "–"
    number = cells[kind, owner_id]
    return "Yes" if number is None else format_number(number)


def _numeric(text: str) -> dict[str, object]:
    return {"text": text, "numeric": True}
