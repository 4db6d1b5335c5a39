"""What a report still lacks, why and for whom; and whether it can be submitted.

The demands are rows of `standard/requirements.csv`; `demands` says how they are written.

What is already in the register is not asked again: only what was typed anew is looked at.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from concordat.access.rules import RecordKind
from concordat.records.rules.catalogue import (
    ROLE_BY_CODE,
    Field,
    Requirement,
    choices,
    field_of,
    fields_of,
    requirements,
)
from concordat.records.rules.demands import Asked, anchor_of, demands_of, holds, is_met, shown
from concordat.records.rules.handling import handling_of, problems, settled_kind
from concordat.records.rules.outcomes import OUTCOME_BY_CODE, SUSPECT_ROLES, check_outcome
from concordat.records.rules.reports import Participant, Report, Thing, Where
from concordat.records.rules.standards import check

IDENTIFYING: Final = frozenset(
    {"given_names", "surname", "pnc_id", "cro", "nino", "driving_licence", "passport"}
)
"""Fields by which somebody typed anew is known: a name or a number, not looks alone."""

_INTELLIGENCE: Final = (RecordKind.INTELLIGENCE, RecordKind.INTELLIGENCE_CONDITIONAL)


@dataclass(frozen=True, kw_only=True)
class Missing:
    """Something a report lacks. `where` is the anchor of the part of the page that takes it.

    `blocks` says that the report can't stand without it; everything else is a gap that may stay.
    """

    code: str
    where: str
    what: str
    why: str
    by_whom: str
    blocks: bool


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What is wrong with a value; it is kept as it was typed and never blocks."""

    where: str
    what: str
    problem: str


@dataclass(frozen=True, kw_only=True)
class Readiness:
    """What a report lacks, what blocks first, and what of it looks wrong."""

    missing: tuple[Missing, ...]
    notices: tuple[Notice, ...] = ()

    @property
    def can_submit(self) -> bool:
        """Whether nothing blocks; gaps may stay."""
        return not self.blocking

    @property
    def blocking(self) -> tuple[Missing, ...]:
        """What must be told, or settled, before it can be submitted."""
        return tuple(one for one in self.missing if one.blocks)

    @property
    def gaps(self) -> tuple[Missing, ...]:
        """What is wanted, and may stay open."""
        return tuple(one for one in self.missing if not one.blocks)


def readiness(report: Report, *, today: date) -> Readiness:
    """Return everything that a report lacks, and what of it looks wrong."""
    report = replace(report, kind=settled_kind(report.kind, report.fields))
    missing = [*_contradictions(report), *_missing_of_event(report), *_missing_of_parts(report)]
    missing.sort(key=lambda one: not one.blocks)
    return Readiness(missing=tuple(missing), notices=tuple(_notices(report, today)))


def is_identified(participant: Participant) -> bool:
    """Whether it is known who somebody is. Whoever is only described is not identified."""
    return participant.record_id is not None or any(
        participant.fields.get(code, "").strip() for code in IDENTIFYING
    )


def _missing_of_event(report: Report) -> Iterator[Missing]:
    asked = Asked(kind=report.kind, values=report.fields, report=report, words={}, anchor="field")
    return _missing(asked)


def _missing_of_parts(report: Report) -> Iterator[Missing]:
    event = frozenset({report.kind.code})
    for person in report.participants:
        roles = frozenset(person.roles)
        yield from _missing_of_part(
            report, person, RecordKind.PERSON, {"event": event, "role": roles}
        )
    for thing in report.things:
        uses = frozenset(thing.uses)
        yield from _missing_of_part(report, thing, thing.kind, {"event": event, "use": uses})
    for place in report.places:
        yield from _missing_of_part(report, place, RecordKind.PLACE, {"event": event})


def _missing_of_part(
    report: Report,
    part: Participant | Thing | Where,
    kind: RecordKind,
    words: Mapping[str, frozenset[str]],
) -> Iterator[Missing]:
    asked = Asked(
        kind=kind, values=part.fields, report=report, words=words, anchor=part.key,
        whose=_name_of(part, kind),
    )  # fmt: skip
    yield from _missing(asked, is_known=part.record_id is not None)


def _missing(asked: Asked, *, is_known: bool = False) -> Iterator[Missing]:
    for requirement in requirements(asked.kind):
        if is_known and requirement.what not in _ASKED_OF_ALL:
            continue
        demanded = demands_of(requirement.what)
        if holds(requirement.when, asked) and not any(is_met(one, asked) for one in demanded):
            yield _as_missing(requirement, demanded, asked)


_ASKED_OF_ALL: Final = frozenset({"roles", "uses"})
"""What the register can't know already."""


def _as_missing(
    requirement: Requirement, demanded: tuple[tuple[str, str], ...], asked: Asked
) -> Missing:
    what = shown(demanded, asked.kind)
    return Missing(
        code=requirement.what,
        where=anchor_of(demanded[0], asked),
        what=f"{what} ({asked.whose})" if asked.whose else what,
        why=requirement.why,
        by_whom=requirement.by_whom,
        blocks=requirement.level == "blocks",
    )


def _contradictions(report: Report) -> Iterator[Missing]:
    """Yield what can't stand beside something else: these block, as they need a decision."""
    if report.kind is RecordKind.CRIME:
        outcome = OUTCOME_BY_CODE.get(report.value("outcome"))
        suspects = report.with_role(*SUSPECT_ROLES)
        if outcome and outcome.suspect == "forbidden" and any(map(is_identified, suspects)):
            why = check_outcome(outcome.code, has_suspect=True)
            yield _contradiction("outcome", "Another outcome", why, "the Home Office")
    if report.kind in _INTELLIGENCE:
        for problem in problems(handling_of(report.kind, report.fields)):
            if not problem.is_missing:
                yield _contradiction(
                    problem.field, _label(report.kind, problem.field), problem.text, _READERS
                )


_READERS: Final = "whoever reads it"


def _contradiction(code: str, what: str, why: str, by_whom: str) -> Missing:
    return Missing(
        code=f"contradiction:{code}", where=f"field-{code}", what=what, why=why, by_whom=by_whom,
        blocks=True,
    )  # fmt: skip


def _label(kind: RecordKind, code: str) -> str:
    field = field_of(kind, code)
    return field.label if field else code.replace("_", " ").capitalize()


def _notices(report: Report, today: date) -> Iterator[Notice]:
    yield from _notices_of(report.kind, report.fields, "field", "", today)
    yield from _wrong_order(report, today)
    for one in report.participants:
        yield from _notices_of_part(one, RecordKind.PERSON, today)
    for thing in report.things:
        yield from _notices_of_part(thing, thing.kind, today)
    for place in report.places:
        yield from _notices_of_part(place, RecordKind.PLACE, today)


def _notices_of_part(
    part: Participant | Thing | Where, kind: RecordKind, today: date
) -> Iterator[Notice]:
    if part.record_id is None:
        yield from _notices_of(kind, part.fields, part.key, _name_of(part, kind), today)


def _notices_of(
    kind: RecordKind, values: Mapping[str, str], anchor: str, whose: str, today: date
) -> Iterator[Notice]:
    for field in fields_of(kind):
        value = values.get(field.code, "").strip()
        if not value:
            continue
        problem = check(field.check, value, today=today).problem
        if not problem and field.choices and field.check == "" and not _offers(field, value):
            problem = "is not one of the choices"
        if problem:
            what = f"{field.label} ({whose})" if whose else field.label
            yield Notice(where=f"{anchor}-{field.code}", what=what, problem=problem)


def _offers(field: Field, value: str) -> bool:
    return any(choice.code == value for choice in choices(field.choices))


def _wrong_order(report: Report, today: date) -> Iterator[Notice]:
    """Yield a notice where something ended before it began."""

    def moment(date_code: str, time_code: str) -> tuple[str, str]:
        day = check("date", report.value(date_code), today=today).form
        return day, check("time", report.value(time_code), today=today).form

    day, time = moment("occurred_date", "occurred_time")
    last_day, last_time = moment("occurred_until_date", "occurred_until_time")
    is_late = bool(day and last_day) and last_day < day
    if is_late or (day == (last_day or day) and time and last_time and last_time < time):
        where = "date" if is_late else "time"
        yield Notice(
            where=f"field-occurred_until_{where}",
            what=_label(report.kind, f"occurred_until_{where}"),
            problem="lies before it began",
        )


def _name_of(part: Participant | Thing | Where, kind: RecordKind) -> str:
    """Return how a part typed anew is named in a list of gaps."""
    told = [part.fields.get(code, "").strip() for code in _NAMING.get(kind, ())]
    name = " ".join(filter(None, told)) or part.label
    if name or not isinstance(part, Participant):
        return name or kind.label.lower()
    roles = [ROLE_BY_CODE[role].label.lower() for role in part.roles if role in ROLE_BY_CODE]
    return " and ".join(roles) or "a person"


_NAMING: Final[Mapping[RecordKind, tuple[str, ...]]] = {
    RecordKind.PERSON: ("given_names", "surname"),
    RecordKind.VEHICLE: ("mark",),
    RecordKind.WEAPON: ("make", "model"),
    RecordKind.PHONE: ("number",),
    RecordKind.ACCOUNT: ("address",),
    RecordKind.PROPERTY: ("description",),
    RecordKind.DOCUMENT: ("number",),
    RecordKind.BUSINESS: ("name",),
    RecordKind.PLACE: ("house", "street", "town", "postcode"),
}
