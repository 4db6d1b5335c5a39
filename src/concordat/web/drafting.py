"""Joining what a page says with what the draft says by now, and the commands of its buttons.

Two windows, or two machines, may show one draft. Each sends what it holds with what it was made
of; only what was changed on it is taken, so that neither overwrites the other.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from concordat.base.actor import Actor
from concordat.records.actions import save_draft
from concordat.records.errors import StaleDraft
from concordat.records.queries import DraftDetail, draft
from concordat.records.rules.merging import Conflict, merge
from concordat.tracing.queries import Candidate
from concordat.web.report_values import (
    PERSON,
    PLACE,
    Told,
    Values,
    key_of,
    report_of,
    values_of,
)

Change = Callable[[Values], Values]
"""What a button does to the values of a draft."""

_TRIES = 10
"""So often another save may come between reading a draft and saving it."""


@dataclass(frozen=True, kw_only=True)
class Saved:
    """A draft as it is kept now, and what a page has to know of it.

    `elsewhere` are the names of values that another window changed; of the `conflicts`, which both
    changed, the draft keeps what was there first until somebody chooses. `values` are what the
    page should show, and `base` what it is made of.
    """

    draft: DraftDetail
    values: Values
    base: Values
    elsewhere: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


def opened(draft: DraftDetail) -> Saved:
    """Return a draft as a page shows it that is opened now."""
    values = values_of(draft.report)
    return Saved(draft=draft, values=values, base=values)


def save(actor: Actor, *, draft_id: UUID, told: Told, change: Change | None = None) -> Saved:
    """Save what a page says, then what its button does.

    Raises StaleDraft if others save without a pause, and what `save_draft` raises.
    """
    for attempt in range(_TRIES):
        current = draft(actor, draft_id=draft_id)
        theirs = values_of(current.report)
        base = told.base or theirs
        merged = merge(base, told.mine if told.base else theirs, theirs)
        values = {"kind": theirs["kind"], **merged.values}
        report = report_of(change(values) if change else values)
        if report != current.report:
            try:
                current = save_draft(
                    actor, draft_id=draft_id, revision=current.revision, report=report
                )
            except StaleDraft:
                if attempt == _TRIES - 1:
                    raise
                continue
        break
    return _saved(current, told, theirs, merged.conflicts)


def _saved(
    current: DraftDetail, told: Told, theirs: Values, conflicts: tuple[Conflict, ...]
) -> Saved:
    values = values_of(current.report)
    elsewhere = tuple(
        name
        for name in dict.fromkeys((*told.base, *theirs))
        if told.base
        and told.base.get(name, "") != theirs.get(name, "")
        and told.mine.get(name, "") != theirs.get(name, "")
        and name not in {one.code for one in conflicts}
    )
    return Saved(
        draft=current,
        values=values | {one.code: one.mine for one in conflicts},
        base=values | {one.code: one.base for one in conflicts},
        elsewhere=elsewhere,
        conflicts=conflicts,
    )


def settled(told: Told, name: str, *, theirs: Values, keep_mine: bool) -> Told:
    """Return what a page says once somebody has chosen which of two values of a field holds.

    Who keeps something of a part that was left out elsewhere, keeps the part.
    """
    key = key_of(name)
    names = [name]
    if keep_mine and f"{key}-part" in told.mine and f"{key}-part" not in theirs:
        names = [other for other in told.mine if key_of(other) == key]
    base = told.base | {one: theirs.get(one, "") for one in names}
    kept = told.mine if keep_mine else theirs
    return Told(base=base, mine=told.mine | {one: kept.get(one, "") for one in names})


def linked(key: str, candidate: Candidate) -> Change:
    """Return the change that says who or what a part is: what was typed of it is not needed."""
    return lambda values: (
        values
        | {
            f"{key}-record": record_text(candidate),
            f"{key}-label": candidate.label,
        }
    )


def unlinked(key: str, fields: Mapping[str, str]) -> Change:
    """Return the change that takes a link back; `fields` are what is known without it."""
    known = {f"{key}-{code}": text for code, text in fields.items()}
    return lambda values: values | {f"{key}-record": ""} | known


def removed(key: str) -> Change:
    """Return the change that leaves a part out."""
    return lambda values: {name: text for name, text in values.items() if key_of(name) != key}


def added(part: str, told: Mapping[str, str]) -> Change:
    """Return the change that adds a part, last. `told` are its values by code."""

    def change(values: Values) -> Values:
        letter = {PERSON: "p", PLACE: "w"}.get(part, "t")
        number = 1
        while f"{letter}{number}-part" in values:
            number += 1
        new = {"part": part, **told}
        return values | {f"{letter}{number}-{code}": text for code, text in new.items()}

    return change


def record_text(candidate: Candidate) -> str:
    """Return how a value names a record: its number and its owner’s."""
    return f"{candidate.record_id} {candidate.owner_id}"
