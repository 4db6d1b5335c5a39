"""Reading the register: every agreement of the service and every one that sources recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from uuid import UUID

from concordat.agreements.errors import UnknownAgreement
from concordat.agreements.models import RegisterProblem, RegisterRow
from concordat.agreements.queries.agreements import AgreementDetail, agreements, frameworks
from concordat.agreements.rules import State
from concordat.agreements.rules.register import (
    Entry,
    Gap,
    RecordedAgreement,
    RegisterWords,
    Row,
    SameBodies,
    SameFunction,
    Weight,
    bordering,
    entry_with,
    gaps,
    histories,
    matrix,
    on_the_list,
    partners,
    same_bodies,
    same_function,
    understood,
)
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.base.clock import today
from concordat.organisations.queries import (
    OrganisationSummary,
    force_outlines,
    names_by_id,
    organisations,
)
from concordat.organisations.rules import OrganisationKind, normal_name

_WEIGHTS = {
    State.PROPOSED: Weight.COMING,
    State.APPROVED: Weight.COMING,
    State.IN_FORCE: Weight.IN_FORCE,
    State.NOTICE: Weight.IN_FORCE,
    State.ENDED: Weight.ENDED,
}
"""What an agreement of each state counts for. A draft is nobody’s word yet, so it isn’t there."""


@dataclass(frozen=True, kw_only=True)
class RegisterProblemDetail:
    """A row of a register’s file that could not be understood, as it came, and why."""

    source_file: str
    line: int
    row_id: str
    text: str
    reason: str
    found_at: datetime


@dataclass(frozen=True, kw_only=True)
class RegisterPicture:
    """What the register shows of some bodies.

    `bodies` are the columns of `rows`, the one it is about first. `choices` are the bodies that
    one can ask about. `gaps` are those of the body it is about, or of all; overlaps are those that
    touch it. `entries` are all that touch the bodies, by title. `other_names` are functions that
    are not on the shared list. `nothing` is true where the register holds no text at all.
    """

    about: OrganisationSummary | None
    bodies: tuple[OrganisationSummary, ...]
    choices: tuple[OrganisationSummary, ...]
    entries: tuple[Entry, ...]
    rows: tuple[Row, ...]
    gaps: tuple[Gap, ...]
    same_function: tuple[SameFunction, ...]
    same_bodies: tuple[SameBodies, ...]
    other_names: tuple[str, ...]
    nothing: bool


def recorded_agreements(actor: Actor) -> tuple[RecordedAgreement, ...]:
    """Return what sources recorded of agreements of the past, each with its line of events.

    None of it grants anything. Everybody who is signed in may read it: the sources are public.
    """
    known = _codes_by_name()
    with acting(actor):
        rows = list(RegisterRow.objects.order_by("source_file", "row_id"))
    return histories(
        understood(words_of(row), source_file=row.source_file, bodies=known) for row in rows
    )


def recorded_agreement(
    actor: Actor, *, row_id: UUID
) -> tuple[RecordedAgreement, tuple[RecordedAgreement, ...]]:
    """Return the recorded agreement that holds this row, and those it grew from or went into.

    Any of its rows names it, so an address stays good when a source tells more. Raises
    UnknownAgreement.
    """
    every = recorded_agreements(actor)
    found = entry_with(every, row_id)
    if found is None:
        raise UnknownAgreement("The register has no such entry.")
    near = {*found.follows, *found.followed_by}
    return found, tuple(one for one in every if one.id in near)


def register_problems(actor: Actor) -> list[RegisterProblemDetail]:
    """Return every row that the latest import of each file could not understand."""
    with acting(actor):
        return [
            RegisterProblemDetail(
                source_file=row.source_file,
                line=row.line,
                row_id=row.row_id,
                text=row.text,
                reason=row.reason,
                found_at=row.found_at,
            )
            for row in RegisterProblem.objects.filter(settled_at=None).order_by(
                "source_file", "line"
            )
        ]


def register_entries(actor: Actor, *, with_recorded: bool = True) -> tuple[Entry, ...]:
    """Return every text of the register, by title: agreements of this service, and recorded ones.

    Drafts are left out.
    """
    forces = _forces_now()
    found = [_entry(detail) for detail in agreements(actor, states=tuple(_WEIGHTS))]
    if with_recorded:
        found += [_recorded_entry(one, forces) for one in recorded_agreements(actor)]
    return tuple(sorted(found, key=lambda entry: (entry.title.lower(), entry.key)))


def register_picture(
    actor: Actor, *, about: str = "", function: str = "", with_recorded: bool = True
) -> RegisterPicture:
    """Return what the register shows of a body and those it works with, or of all without one.

    `about` is a body’s code, unknown ones counting as none; `function` keeps that one alone.
    Neighbours are forces with a common border and bodies that work together already.
    """
    entries = register_entries(actor, with_recorded=with_recorded)
    bodies = {body.code: body for body in names_by_id().values()}
    together = partners(entries)
    borders = _borders()
    circle = _circle(about if about in bodies else "", together, borders)
    bound = frameworks(actor)
    near = [entry for entry in entries if entry.bodies & set(circle)]
    shown = [entry for entry in near if not function or function in entry.functions]
    rows = matrix(shown, columns=circle, frameworks=bound)
    missed = gaps(
        shown,
        columns=[about] if about in bodies else circle,
        neighbours={
            code: together.get(code, frozenset()) | borders.get(code, frozenset())
            for code in circle
        },
        frameworks=bound,
    )
    own = [entry for entry in shown if about not in bodies or about in entry.bodies]
    return RegisterPicture(
        about=bodies.get(about),
        bodies=tuple(bodies[code] for code in circle),
        choices=tuple(sorted(_choices(entries, bodies), key=lambda body: body.name)),
        entries=tuple(shown),
        rows=tuple(row for row in rows if not function or row.function == function),
        gaps=tuple(gap for gap in missed if not function or gap.function == function),
        same_function=same_function(own),
        same_bodies=same_bodies(own),
        other_names=tuple(sorted({f for e in near for f in e.functions if not on_the_list(f)})),
        nothing=not entries,
    )


def words_of(row: RegisterRow) -> RegisterWords:
    """Return a stored row as the rules know it."""
    return RegisterWords(
        row_id=row.row_id,
        function=row.function,
        parties=row.parties,
        lead=row.lead,
        event=row.event,
        date=row.date,
        precision=row.precision,
        note=row.note,
        source_url=row.source_url,
    )


def _entry(detail: AgreementDetail) -> Entry:
    gone = {body for body, day in detail.left.items() if day <= today()}
    return Entry(
        key=detail.reference,
        title=detail.title,
        functions=detail.functions,
        bodies=frozenset(party.code for party in detail.parties if party.id not in gone),
        weight=_WEIGHTS[detail.state],
        review_on=detail.terms.review_on,
        starts_on=detail.starts_on,
        ends_on=detail.ends_on,
    )


def _recorded_entry(one: RecordedAgreement, forces: frozenset[str]) -> Entry:
    weight = Weight.RECORDED
    if one.ended:
        weight = Weight.ENDED
    elif one.followed_by:
        weight = Weight.LARGER
    return Entry(
        key=str(one.id),
        title=one.title,
        functions=(one.naming.function or one.title,),
        bodies=forces if one.everybody else one.parties,
        weight=weight,
        unknown=one.unknown,
        recorded=True,
        everybody=one.everybody,
        starts_on=_first_day(one),
    )


def _first_day(one: RecordedAgreement) -> date | None:
    return next((line.event.date.first for line in one.lines if line.event.date.first), None)


def _circle(
    about: str,
    together: dict[str, frozenset[str]],
    borders: dict[str, frozenset[str]],
) -> list[str]:
    """Return the codes of the columns: a body and those it works with, or all that work so."""
    if about:
        near = together.get(about) or borders.get(about, frozenset())
        return [about, *sorted(near - {about})]
    return sorted(together)


def _choices(
    entries: Sequence[Entry], bodies: dict[str, OrganisationSummary]
) -> list[OrganisationSummary]:
    named = {code for entry in entries if not entry.everybody for code in entry.bodies}
    choices = named | _forces_now()
    return [body for body in bodies.values() if body.code in choices]


def _forces_now() -> frozenset[str]:
    day = today()
    return frozenset(
        force.code
        for force in organisations(kind=OrganisationKind.FORCE)
        if force.valid_until is None or force.valid_until > day
    )


def _codes_by_name() -> dict[str, str]:
    """Return the code of every body by every name that a source may use for it."""
    found: dict[str, str] = {}
    for body in names_by_id().values():
        for name in (body.name, body.short_name, body.code):
            found.setdefault(normal_name(name), body.code)
    return found


@cache
def _borders() -> dict[str, frozenset[str]]:
    return bordering(force_outlines())
