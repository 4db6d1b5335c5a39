"""A draft as a page: which fields stand first, what each part is called, and what is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django import forms

from concordat.access.rules import THING_KINDS
from concordat.organisations.queries import OrganisationSummary
from concordat.records.rules import catalogue
from concordat.records.rules.merging import Conflict
from concordat.records.rules.readiness import Missing, readiness
from concordat.records.rules.reports import Report
from concordat.tracing.queries import Candidate
from concordat.web.formatting import shown
from concordat.web.presenters.parts import (
    Part,
    kind_of,
    parts_of,
    record_url,
    search_text,
    title,
)
from concordat.web.report_values import code_of, key_of

Bodies = Mapping[int, OrganisationSummary]

BOXES: Final = ("roles", "uses", "roles_more")
"""What is chosen by checkboxes."""

NEXT: Final = "next"
"""Where the keyboard goes: to the next candidate to confirm, or to what is missing."""

SECTIONS: Final = (
    ("participants", "People", "person"),
    ("things", "Things", "thing"),
    ("places", "Places", "place"),
)
"""The sections of parts: the id on the page, the heading, and what one of them is called."""

THING_CHOICES: Final = tuple((kind.code, kind.label) for kind in THING_KINDS)

_ALWAYS = ("kind", "field-summary", "field-occurred_date", "field-occurred_time")
_TIMES = ("date", "time")
_UNNAMED = {"participants": "Somebody not named yet", "things": "Not described yet",
            "places": "Not described yet"}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class FieldGroup:
    """Some fields of the event under a heading: those needed first, the others under “More”."""

    id: str
    title: str
    first: tuple[str, ...]
    more: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PartView:
    """One person, thing or place of a draft.

    `url` and `owner` are of the record that it is linked to. Of one that isn’t, `candidates` are
    who or what it may be; None says that nobody has looked. While there are any, what was typed
    stands back. `boxes` are its roles or uses.
    """

    key: str
    kind: str
    title: str
    said: str
    url: str
    owner: OrganisationSummary | None
    warnings: tuple[str, ...]
    boxes: tuple[str, ...]
    first: tuple[str, ...]
    more: tuple[str, ...]
    candidates: tuple[Candidate, ...] | None
    focus: str


@dataclass(frozen=True, kw_only=True)
class Section:
    """The people, the things or the places of a draft, and the box by which more are added."""

    id: str
    title: str
    one: str
    parts: tuple[PartView, ...]


@dataclass(frozen=True, kw_only=True)
class Panel:
    """What is missing: what stands in the way first, then what may stay open."""

    needed: tuple[Missing, ...]
    gaps: tuple[Missing, ...]
    focus: str


@dataclass(frozen=True, kw_only=True)
class ConflictView:
    """A value that two windows changed differently, in words."""

    name: str
    label: str
    mine: str
    theirs: str


def panel(report: Report, *, today: date, focus: str = "") -> Panel:
    """Return what is missing from a report. `focus`: where the keyboard is put."""
    missing = readiness(report, today=today).missing
    return Panel(
        needed=tuple(one for one in missing if one.blocks),
        gaps=tuple(one for one in missing if not one.blocks),
        focus=focus,
    )


def groups(report: Report, form: forms.Form, missing: Sequence[Missing]) -> list[FieldGroup]:
    """Return the event's own fields: what happened, and when."""
    inputs = {f"field-{field.code}": field.input for field in catalogue.fields_of(report.kind)}
    what = ["kind", *(name for name, kind in inputs.items() if kind not in _TIMES)]
    when = [name for name, kind in inputs.items() if kind in _TIMES]
    return [
        FieldGroup(id=id_, title=heading, first=first, more=more)
        for id_, heading, names in (("what", "What happened", what), ("when", "When", when))
        for first, more in [_split(names, form, missing)]
    ]


def sections(
    report: Report,
    form: forms.Form,
    missing: Sequence[Missing],
    *,
    found: Mapping[str, tuple[Candidate, ...]],
    warnings: Mapping[str, tuple[str, ...]],
    bodies: Bodies,
    focus: str,
) -> list[Section]:
    """Return the people, things and places. `found` and `warnings` go by the parts’ keys."""
    parts: tuple[tuple[Part, ...], ...] = (report.participants, report.things, report.places)
    return [
        Section(
            id=id_,
            title=heading,
            one=one,
            parts=tuple(
                _part(part, id_, form, missing, found=found, warnings=warnings, bodies=bodies,
                      focus=focus)
                for part in of_section
            ),
        )
        for (id_, heading, one), of_section in zip(SECTIONS, parts, strict=True)
    ]  # fmt: skip


def label_of(name: str, report: Report, form: forms.Form) -> str:
    """Return a value’s name in words: “Robert Hale: Surname”."""
    field = form.fields.get(name)
    key = key_of(name)
    called = next(
        (title(part) for part in parts_of(report) if part.key == key),
        "" if field else "Another part",
    )
    words = str(field.label) if field else code_of(name).replace("_", " ")
    return ": ".join(filter(None, (called, words)))


def conflicts(found: Sequence[Conflict], report: Report, form: forms.Form) -> list[ConflictView]:
    """Return in words what two windows changed differently."""
    return [
        ConflictView(
            name=one.code,
            label=label_of(one.code, report, form),
            mine=_in_words(form, one.code, one.mine),
            theirs=_in_words(form, one.code, one.theirs),
        )
        for one in found
    ]


def elsewhere(
    names: Sequence[str], report: Report, form: forms.Form, *, unseen: bool = False
) -> list[str]:
    """Return what another window changed, in words, each once.

    `unseen`: the page doesn’t show every part that there is by now, or shows one that is gone.
    """
    said = [label_of(name, report, form) for name in names if name in form.fields]
    if unseen or any(name not in form.fields for name in names):
        said.append("who or what is in it")
    return list(dict.fromkeys(said))


def focus(
    at: str,
    report: Report,
    found: Mapping[str, tuple[Candidate, ...]],
    missing: Sequence[Missing],
) -> str:
    """Return where the keyboard is put: "p1:candidate", "p1:title", "needed", "gap", "submit".

    `at` is "next" for the next thing to confirm, and when all is confirmed for what happened if
    that isn’t said, or else for what is missing.
    """
    if at != NEXT:
        return at
    waiting = next((part.key for part in parts_of(report) if found.get(part.key)), "")
    if waiting:
        return f"{waiting}:candidate"
    if not report.value("summary"):
        return "field-summary"
    if any(one.blocks for one in missing):
        return "needed"
    return "gap" if missing else "submit"


def told_rows(report: Report) -> list[tuple[str, str]]:
    """Return what an event says, for whoever only reads it."""
    rows = [("Kind", report.kind.label)]
    for field in catalogue.fields_of(report.kind):
        text = report.value(field.code)
        if text and field.choices:
            text = catalogue.label_of(field.choices, text)
        if text:
            rows.append((field.label, shown(text)))
    return rows


def _part(
    part: Part,
    section: str,
    form: forms.Form,
    missing: Sequence[Missing],
    *,
    found: Mapping[str, tuple[Candidate, ...]],
    warnings: Mapping[str, tuple[str, ...]],
    bodies: Bodies,
    focus: str,
) -> PartView:
    names = [name for name in form.fields if key_of(name) == part.key]
    boxes = tuple(name for name in names if code_of(name) in BOXES)
    first, more = _split([name for name in names if name not in boxes], form, missing)
    return PartView(
        key=part.key,
        kind=kind_of(part).label,
        title=title(part) or _UNNAMED[section],
        said=search_text(part),
        url=record_url(part),
        owner=bodies.get(part.owner_id) if part.record_id and part.owner_id else None,
        warnings=warnings.get(part.key, ()),
        boxes=boxes,
        first=() if found.get(part.key) else first,
        more=(*first, *more) if found.get(part.key) else more,
        candidates=found.get(part.key),
        focus=focus.removeprefix(f"{part.key}:") if focus.startswith(f"{part.key}:") else "",
    )


def _split(
    names: Sequence[str], form: forms.Form, missing: Sequence[Missing]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names that stand first, in the order of the catalogue, and all others."""
    wanted = {one.where for one in missing}
    first = tuple(
        name for name in names if name in _ALWAYS or name in wanted or form.data.get(name)
    )
    return first, tuple(name for name in names if name not in first)


def _in_words(form: forms.Form, name: str, text: str) -> str:
    field = form.fields.get(name)
    if isinstance(field, forms.MultipleChoiceField):
        labels = dict(field.choices)  # type: ignore[arg-type]
        return ", ".join(str(labels.get(code, code)) for code in text.split()) or "nothing"
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(text, text)) if text else "nothing"  # type: ignore[arg-type]
    return shown(text) or "nothing"
