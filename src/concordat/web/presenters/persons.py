"""People in words: names, births, warnings, which record says what, and why they are one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from concordat.base.clock import today
from concordat.identity.engine import Explanation, probability
from concordat.identity.rules.answers import JudgementDetail
from concordat.identity.rules.clusters import LINK_BITS, REVIEW_BITS
from concordat.organisations.queries import OrganisationSummary
from concordat.records.queries import (
    PersonDetail,
    PersonSummary,
    PersonVersionDetail,
    WarningDetail,
)
from concordat.records.rules.person_codes import WARNINGS
from concordat.records.rules.persons import PersonContent
from concordat.tracing.rules import Fact, age_on
from concordat.web.formatting import MINUS, MONTHS, format_date, format_datetime

Bodies = Mapping[int, OrganisationSummary]

NO_NAME = "A person of unknown name"
_NEARLY_ALL = 0.995
_HARDLY_ANY = 0.01
_DASHES_OF_A_DATE = 2


@dataclass(frozen=True, kw_only=True)
class Column:
    """One record as a column of the table: whose it is, and where it comes from."""

    id: UUID
    owner_id: int
    owner: str
    reference: str
    source: str
    provenance: str
    recorded: str
    version: int
    in_conflict: bool
    notices: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One fact as a row: the values of each record, and a mark in words where they differ."""

    name: str
    cells: tuple[tuple[str, ...], ...]
    mark: str = ""
    tone: str = ""


@dataclass(frozen=True, kw_only=True)
class Warned:
    """One warning in words. `past_review` says that its review was due before today."""

    label: str
    text: str
    evidence: str
    owner: str
    owner_id: int
    dates: str
    source: str
    past_review: bool


@dataclass(frozen=True, kw_only=True)
class Link:
    """Why two records are one person, or might be: in words, and bit by bit."""

    left: str
    right: str
    strength: str
    words: str
    rows: list[list[object]]


def name_of(content: PersonContent) -> str:
    """Return the name a person goes by."""
    return next((name.text for name in content.names if name.text), NO_NAME)


def born(form: str, *, as_told: str = "", on: date | None = None) -> str:
    """Return a birth in words with the age: "3 May 1987 (39)"; what can't be read as it is told."""
    span = age_on(on or today(), form)
    if span is None:
        return as_told
    year, month, day = form.split("-")
    words = " ".join(
        filter(None, (day.lstrip("0"), MONTHS[int(month) - 1] if month != "00" else "", year))
    )
    low, high = span
    return f"{words} ({low if low == high else f'{low} or {high}'})"


def in_short(content: PersonContent) -> str:
    """Return what tells somebody from their namesakes, in one line."""
    birth = born(content.date_of_birth_form, as_told=content.date_of_birth)
    others = [name.text for name in content.names[1:] if name.text]
    address = next((one.text for one in content.addresses if one.text), "")
    parts = (
        f"Born {birth}" if birth else "Date of birth not recorded",
        (content.sex or content.gender).lower(),
        address,
        f"also known as {', '.join(others[:3])}" if others else "",
    )
    return " · ".join(filter(None, parts))


def answer_rows(best: PersonSummary, facts: Sequence[Fact]) -> list[tuple[str, str]]:
    """Return the answer first: born, sex, other names. Where records differ, it says so."""
    content = best.content
    differing = {fact.name for fact in facts if fact.differs}
    known_as = {
        text: None
        for fact in facts
        if fact.name in ("Name", "Also known as")
        for told in fact.told
        for text in told.values
        if text != name_of(content)
    }
    rows = (
        ("Born", born(content.date_of_birth_form, as_told=content.date_of_birth), "Born"),
        ("Sex", content.sex or content.gender, "Sex"),
        ("Also known as", ", ".join(known_as), ""),
    )
    note = " – the records differ, see below"
    return [(key, f"{value}{note if name in differing else ''}") for key, value, name in rows]


def warned(warnings: Iterable[WarningDetail], bodies: Bodies) -> list[Warned]:
    """Return warnings in words, each with who says so."""
    return [
        Warned(
            label=warning_label(warning.code),
            text=warning.text if warning.text != warning_label(warning.code) else "",
            evidence=warning.evidence,
            owner=bodies[warning.owner_id].name,
            owner_id=warning.owner_id,
            dates=_warning_dates(warning),
            source=source_text(warning.recorded_by, warning.file_name, warning.line),
            past_review=warning.review_date is not None and warning.review_date < today(),
        )
        for warning in warnings
    ]


def source_text(recorded_by: str, file_name: str, line: int) -> str:
    """Return where something comes from: who logged it, or the line of a file, as far as known."""
    if recorded_by:
        return f"logged by {recorded_by}"
    return f"{file_name or 'A file of that force'}, line {line:,}"


def warning_label(code: str) -> str:
    """Return a warning's code in plain English."""
    return WARNINGS.get(code.upper(), code)


def columns(records: Iterable[PersonSummary], bodies: Bodies) -> list[Column]:
    """Return records as columns."""
    return [
        Column(
            id=record.id,
            owner_id=record.owner_id,
            owner=bodies[record.owner_id].name,
            reference=record.reference,
            source=record.source,
            provenance=source_text(record.recorded_by, record.file_name, record.line),
            recorded=format_date(record.recorded_at),
            version=record.version,
            in_conflict=record.in_conflict,
            notices=tuple(
                f"{one.field.replace('_', ' ').capitalize()} “{one.value}”: {one.problem}"
                for one in record.content.notices
            ),
        )
        for record in records
    ]


def fact_rows(facts: Iterable[Fact]) -> list[Row]:
    """Return facts as rows, with a mark in words where two records have nothing in common."""
    return [
        Row(
            name=fact.name,
            cells=tuple(_values(fact.name, told.values) for told in fact.told),
            mark=_mark(fact),
            tone=_tone(fact),
        )
        for fact in facts
    ]


def link(left: str, right: str, explanation: Explanation) -> Link:
    """Return why two records are one person, or might be."""
    return Link(
        left=left,
        right=right,
        strength=strength(explanation.bits),
        words=explanation.words or "Nothing speaks for it or against it.",
        rows=bit_rows(explanation),
    )


def strength(bits: float) -> str:
    """Return how likely a score makes it, in words and figures."""
    share = probability(bits)
    shown = f"{share:.0%}" if share < _NEARLY_ALL else "over 99%"
    if bits >= LINK_BITS:
        return f"Very likely the same person ({shown})"
    if bits >= REVIEW_BITS:
        return f"More likely than not the same person ({shown})"
    return "Little speaks for it by itself" if share < _HARDLY_ANY else f"Possible ({shown})"


def fit(bits: float) -> str:
    """Return how well somebody answers what was typed, which is often too little to be sure."""
    if bits >= LINK_BITS:
        return "Very good match"
    return "Good match" if bits >= REVIEW_BITS else "Possible match"


def bit_rows(explanation: Explanation) -> list[list[object]]:
    """Return each comparison as cells: what, how they compare, both values, bits; then the sum."""
    rows: list[list[object]] = [
        [
            part.name,
            part.level.capitalize(),
            _shown(part.name, part.left),
            _shown(part.name, part.right),
            bits_text(part.bits + part.rarity_bits),
        ]
        for part in explanation.parts
    ]
    return [*rows, ["All together", "", "", "", bits_text(explanation.bits)]]


def bits_text(bits: float) -> str:
    """Return a weight with its sign: "+7.4"."""
    return f"{bits:+.1f}".replace("-", MINUS)


def judgement_rows(
    judgements: Iterable[JudgementDetail], names: Mapping[UUID, str]
) -> list[list[object]]:
    """Return judgements as cells: when, who, which, between whom, why, and whether taken back."""
    return [
        [
            format_datetime(one.judged_at),
            "The machine" if one.by_machine else one.judged_by,
            "Left to a person" if one.by_machine and one.verdict == "unsure" else one.verdict.label,
            " and ".join(names.get(side, "another record") for side in (one.left_id, one.right_id)),
            _why(one),
            _retired(one),
        ]
        for one in judgements
    ]


def version_rows(detail: PersonDetail) -> list[list[object]]:
    """Return every version of a record, newest first, then the rows that contradict it."""
    return [
        [
            f"{version.number}" if version.number else "In conflict",
            name_of(version.content),
            born(version.content.date_of_birth_form, as_told=version.content.date_of_birth),
            next((one.text for one in version.content.addresses), ""),
            ", ".join(phone.value for phone in version.content.phones),
            _version_source(version),
            format_date(version.recorded_at),
        ]
        for version in (*reversed(detail.versions), *detail.conflicts)
    ]


def warning_rows(details: Iterable[PersonDetail], bodies: Bodies) -> list[list[object]]:
    """Return every state that a warning ever had, newest first."""
    states = [state for detail in details for state in detail.warning_history]
    return [
        [
            warning_label(state.code),
            bodies[state.owner_id].name,
            state.text or state.evidence,
            _warning_dates(state),
            f"Ended {format_date(state.ended_on)}" if state.ended_on else "Holds",
            format_date(state.recorded_at),
        ]
        for state in sorted(states, key=lambda s: (s.recorded_at, s.version), reverse=True)
    ]


def record_names(records: Iterable[PersonSummary], bodies: Bodies) -> dict[UUID, str]:
    """Return what each record is called beside others: its force and reference."""
    return {one.id: f"{bodies[one.owner_id].name} {one.reference[:24]}" for one in records}


def _values(name: str, values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_shown(name, value) for value in values)


def _shown(name: str, value: str) -> str:
    """Return a value as people read it: a birth in words, names in capitals and small letters."""
    is_form = value[:4].isdigit() and value.count("-") == _DASHES_OF_A_DATE
    if name in ("Born", "Date of birth") and is_form:
        return born(value)
    if name in ("Forename", "Surname", "Middle names", "Street", "Town") and value.islower():
        return value.title()
    return value


def _mark(fact: Fact) -> str:
    if fact.differs:
        return "Nothing in common" if fact.of_contact else "Differs"
    told = [one for one in fact.told if one.values]
    if len(told) < len(fact.told):
        return "Not in all" if len(told) > 1 else "In one only"
    return "Agrees" if len(fact.told) > 1 else ""


def _tone(fact: Fact) -> str:
    if fact.differs:
        return "blue" if fact.of_contact else "orange"
    told = sum(bool(one.values) for one in fact.told)
    return "green" if told == len(fact.told) > 1 else "grey"


def _why(one: JudgementDetail) -> str:
    if not one.by_machine:
        return one.reason or "No reason given"
    return f"{bits_text(one.bits or 0.0)} bits, model {one.model_version}"


def _retired(one: JudgementDetail) -> str:
    if one.retired_at is None:
        return "Holds"
    by = one.retired_by or "the machine"
    because = f": {one.retired_because}" if one.retired_because else ""
    return f"Retired {format_datetime(one.retired_at)} by {by}{because}"


def _version_source(version: PersonVersionDetail) -> str:
    return source_text(version.recorded_by, version.file_name, version.line)


def _warning_dates(warning: WarningDetail) -> str:
    since = f"since {format_date(warning.since)}" if warning.since else ""
    review = f"review due {format_date(warning.review_date)}" if warning.review_date else ""
    return ", ".join(filter(None, (since, review))) or "no date given"
