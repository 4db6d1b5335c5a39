"""Who can see what and why, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from concordat.access.rules import Level
from concordat.agreements.queries import Explanation, OpenedBy
from concordat.agreements.rules.change_words import (
    listed,
    purposes_in_words,
    staff_in_words,
)
from concordat.base.actor import Role
from concordat.web.formatting import format_date

_COLOURS = {Level.FULL: "green", Level.POINTER: "yellow", Level.NONE: "grey"}
_LOOKS = {
    Level.FULL: " concordat-answer--open",
    Level.POINTER: " concordat-answer--waiting",
    Level.NONE: "",
}
_TAGS = {Level.FULL: "The whole record", Level.POINTER: "Only a pointer", Level.NONE: "Nothing"}


@dataclass(frozen=True, kw_only=True)
class Clause:
    """The clause that opens something: a link to its agreement and what it says."""

    reference: str
    version: int
    text: str
    opens: str


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The answer first, then what it rests on, then what is missing for more."""

    sentence: str
    tag: str
    colour: str
    look: str
    asked: list[tuple[str, str]]
    ground: str
    clauses: list[Clause]
    missing: tuple[str, ...]
    missing_title: str
    proposed: tuple[str, ...]


def answer(found: Explanation, *, is_reader: bool) -> Answer:
    """Return an explanation as the page shows it; `is_reader` if it is about whoever reads it."""
    about = found.about
    return Answer(
        sentence=_sentence(found, is_reader=is_reader),
        tag=_TAGS[found.level],
        colour=_COLOURS[found.level],
        look=_LOOKS[found.level],
        asked=[
            ("Who", f"{about.person_name}, {about.organisation_name}"),
            ("Roles", listed(role.label for role in Role if role in about.roles)),
            ("What for", about.purpose_label),
            ("Whose records", found.owner.name),
            ("Kind", found.kind.label),
        ],
        ground=_ground(found, is_reader=is_reader),
        clauses=clauses(found.by),
        missing=found.missing,
        proposed=found.proposed,
        missing_title=(
            "Why no more than a pointer" if found.level is Level.POINTER else "What is missing"
        ),
    )


def clauses(opened: Iterable[OpenedBy]) -> list[Clause]:
    """Return the clauses that open something, each with what it says."""
    return [
        Clause(
            reference=one.reference,
            version=one.version,
            text=f"Clause {one.clause}",
            opens=(
                f"{one.level.label.lower()}, to {staff_in_words(one.roles)}, for "
                f"{purposes_in_words(one.purposes)}, {_runs(one.valid_from, one.valid_until)}"
            ),
        )
        for one in opened
    ]


def _sentence(found: Explanation, *, is_reader: bool) -> str:
    who = "You" if is_reader else found.about.person_name
    records = f"{found.kind.label.lower()} records of {found.owner.name}"
    purpose = f"for “{found.about.purpose_label.lower()}”"
    if found.level is Level.FULL:
        return f"{who} can read {records} in whole, {purpose}."
    if found.level is Level.POINTER:
        return f"{who} may learn only that {found.owner.name} holds a record, {purpose}."
    return f"{who} can see no {records}, {purpose}."


def _ground(found: Explanation, *, is_reader: bool) -> str:
    if not (found.own and found.level is Level.FULL):
        return ""
    return (
        "They are your own force’s records, and your role works with records."
        if is_reader
        else "They are their own force’s records, and their role works with records."
    )


def _runs(since: datetime, until: datetime | None) -> str:
    ends = f"until {format_date(until)}" if until else "without an end"
    return f"since {format_date(since)}, {ends}"
