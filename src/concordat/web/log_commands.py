"""What the buttons of a draft’s page do: look up, link, go on as new, take out, choose, submit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from concordat.access.rules import RecordKind
from concordat.base.actor import Actor
from concordat.base.clock import today
from concordat.records.queries import draft
from concordat.records.rules.reports import Report
from concordat.records.rules.telling import read_part
from concordat.tracing.queries import Candidate, candidates
from concordat.web import drafting
from concordat.web.drafting import Change, Saved
from concordat.web.presenters.logging import NEXT
from concordat.web.presenters.parts import kind_of, parts_of, search_text
from concordat.web.report_values import PERSON, PLACE, Told, Values, values_of

MOST = 6
"""Candidates shown at once."""

_GONE = "This can’t be linked any more: look it up again."

SECTIONS = (PERSON, "thing", PLACE)
"""What is added to a draft by one box each."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """What was looked for in a section, and what was found."""

    text: str
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, kw_only=True)
class Carried:
    """What a button came to: the draft, where the keyboard goes, and what is to be shown.

    `decided` are the keys of parts that somebody has decided to be new.
    """

    saved: Saved
    at: str = ""
    decided: tuple[str, ...] = ()
    looked_for: Mapping[str, Found] = field(default_factory=dict)
    submits: bool = False
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class _Pressed:
    """A button that was pressed on a page, and what the page said."""

    actor: Actor
    draft_id: UUID
    told: Told
    data: Mapping[str, str]
    decided: tuple[str, ...]

    def save(self, change: Change | None = None) -> Saved:
        return drafting.save(self.actor, draft_id=self.draft_id, told=self.told, change=change)

    def text(self, section: str) -> str:
        return self.data.get(f"add-{section}", "").strip()

    def decided_but(self, key: str) -> tuple[str, ...]:
        return tuple(one for one in self.decided if one != key)


def carry_out(actor: Actor, draft_id: UUID, told: Told, data: Mapping[str, str]) -> Carried:
    """Save what the page says, and do what its button says. Raises what `drafting.save` raises."""
    command, _, rest = data.get("do", "").partition(":")
    if command == "go":
        command, rest = _typed(data)
    if command in ("mine", "theirs"):
        theirs = values_of(draft(actor, draft_id=draft_id).report)
        told = drafting.settled(told, rest, theirs=theirs, keep_mine=command == "mine")
    decided = tuple(data.get("decided", "").split())
    pressed = _Pressed(actor=actor, draft_id=draft_id, told=told, data=data, decided=decided)
    target, _, record = rest.partition(":")
    if target in SECTIONS:
        return _found(pressed, target) if command == "find" else _added(pressed, target, record)
    if command == "link":
        return _linked(pressed, target, record)
    if command == "new":
        return Carried(saved=pressed.save(), at=NEXT, decided=(*decided, target))
    if command in ("find", "unlink"):
        saved = pressed.save(_unlinked(target) if command == "unlink" else None)
        return Carried(saved=saved, at=f"{target}:candidate", decided=pressed.decided_but(target))
    if command == "remove":
        return Carried(saved=pressed.save(drafting.removed(target)), decided=decided)
    return Carried(saved=pressed.save(), at="saved", decided=decided, submits=command == "submit")


def look_up(actor: Actor, kind: RecordKind, text: str) -> tuple[Candidate, ...]:
    """Return who or what of the register this may be, likeliest first."""
    return candidates(actor, kind=kind, text=text, limit=MOST) if text.strip() else ()


def section_kind(section: str, data: Mapping[str, str]) -> RecordKind:
    """Return the kind of record that is added in a section of the page."""
    if section == "thing":
        return RecordKind.from_code(data.get("add-thing-kind", RecordKind.VEHICLE.code))
    return RecordKind.PERSON if section == PERSON else RecordKind.PLACE


def found_for(
    actor: Actor, report: Report, decided: tuple[str, ...]
) -> dict[str, tuple[Candidate, ...]]:
    """Return who or what each part may be that is neither linked nor decided to be new."""
    return {
        part.key: look_up(actor, kind_of(part), search_text(part))
        for part in parts_of(report)
        if not part.record_id and part.key not in decided and search_text(part)
    }


def _typed(data: Mapping[str, str]) -> tuple[str, str]:
    """Return the command of the Enter key: look up what stands in a box for one more, or save."""
    section = next((one for one in SECTIONS if data.get(f"add-{one}", "").strip()), "")
    return ("find", section) if section else ("save", "")


def _found(pressed: _Pressed, section: str) -> Carried:
    text = pressed.text(section)
    found = Found(
        text=text,
        candidates=look_up(pressed.actor, section_kind(section, pressed.data), text),
    )
    return Carried(
        saved=pressed.save(),
        decided=pressed.decided,
        looked_for={section: found} if text else {},
    )


def _added(pressed: _Pressed, section: str, record: str) -> Carried:
    """Add what was picked or, without a record, what was typed as something new."""
    kind, text = section_kind(section, pressed.data), pressed.text(section)
    part = kind.code if section == "thing" else section
    told: Values = {"label": text} | dict(read_part(kind, text, today=today()))
    if record:
        picked = _picked(look_up(pressed.actor, kind, text), record)
        if picked is None:
            return Carried(saved=pressed.save(), decided=pressed.decided, problem=_GONE)
        told = {"label": picked.label, "record": drafting.record_text(picked)}
    saved = pressed.save(drafting.added(part, told))
    added = next(one for one in reversed(parts_of(saved.draft.report)) if kind_of(one) is kind)
    decided = pressed.decided if record else (*pressed.decided, added.key)
    return Carried(saved=saved, at=f"{added.key}:title", decided=decided)


def _linked(pressed: _Pressed, key: str, record: str) -> Carried:
    """Link a part to the record that was picked for it."""
    report = pressed.save().draft.report
    part = next((one for one in parts_of(report) if one.key == key), None)
    found = look_up(pressed.actor, kind_of(part), search_text(part)) if part else ()
    picked = _picked(found, record)
    saved = pressed.save(drafting.linked(key, picked) if picked else None)
    return Carried(saved=saved, at=NEXT, decided=pressed.decided, problem="" if picked else _GONE)


def _unlinked(key: str) -> Change:
    """Return the change that takes a link back: what its label says of it stays known."""

    def change(values: Values) -> Values:
        part = values.get(f"{key}-part", "")
        if not part:
            return values
        kind = {PERSON: RecordKind.PERSON, PLACE: RecordKind.PLACE}.get(part)
        kind = kind or RecordKind.from_code(part)
        fields = read_part(kind, values.get(f"{key}-label", ""), today=today())
        return drafting.unlinked(key, fields)(values)

    return change


def _picked(found: tuple[Candidate, ...], record: str) -> Candidate | None:
    return next((one for one in found if str(one.record_id) == record), None)
