"""The standard in words: what each kind of record should hold, and why."""

from dataclasses import dataclass
from functools import cache

from concordat.access.rules import EVENT_KINDS, THING_KINDS, RecordKind
from concordat.records.rules import catalogue
from concordat.records.rules.catalogue import Requirement
from concordat.records.rules.demands import demands_of, shown
from concordat.records.rules.outcomes import OUTCOMES
from concordat.web.presenters import reports
from concordat.web.presenters.agreements import listed, sentence
from concordat.web.presenters.reports import field_label, spelled

_KINDS = (*EVENT_KINDS, RecordKind.PERSON, *THING_KINDS, RecordKind.PLACE)
_LEVELS = {
    "blocks": "Can’t be submitted without it",
    "wanted": "Asked for; a gap may stay",
}
_MANY = 6
_SUSPECT = {"needed": "Needs a suspect", "forbidden": "Forbids a suspect", "free": "Either"}
_WORDS = {"role": "their role", "use": "what it was to the event", "event": "the event"}


@dataclass(frozen=True, kw_only=True)
class KindLine:
    """One kind: its code as an anchor, its requirements and its fields as cells."""

    code: str
    label: str
    requirements: list[list[object]]
    fields: list[list[object]]


@cache
def kinds() -> list[KindLine]:
    """Return every kind that somebody logs, with what it should hold."""
    return [
        KindLine(
            code=kind.code,
            label=kind.label,
            requirements=[_requirement(kind, one) for one in catalogue.requirements(kind)],
            fields=[
                [one.label, _input(one.input), one.hint or "", one.code]
                for one in catalogue.fields_of(kind)
            ],
        )
        for kind in _KINDS
    ]


def outcome_rows() -> list[list[object]]:
    """Return every outcome of a crime as cells: its number, what it means, and of suspects."""
    return [[one.code, one.label, _SUSPECT[one.suspect]] for one in OUTCOMES]


def _requirement(kind: RecordKind, one: Requirement) -> list[object]:
    return [
        "Anything at all" if one.what == "anything" else shown(demands_of(one.what), kind),
        _when(kind, one.when),
        _LEVELS.get(one.level, one.level),
        f"{one.why} (wanted by {one.by_whom})",
        one.source,
    ]


def _when(kind: RecordKind, text: str) -> str:
    """Return the conditions in words: "Always", "Outcome is 1 or 2"."""
    conditions = [_condition(kind, part) for part in text.split(";") if part.strip()]
    return sentence(listed(conditions)) if conditions else "Always"


def _condition(kind: RecordKind, text: str) -> str:
    name, _, told = text.strip().partition("=")
    verb = "is not" if name.endswith("!") else "is"
    code = name.rstrip("!")
    values = told.split("|")
    # So many outcomes would hide what is asked: they stand in a table of their own below.
    labels = values if len(values) > _MANY else [_value(kind, code, value) for value in values]
    return f"{_WORDS.get(code) or field_label(kind, code).lower()} {verb} {_either(labels)}"


def _value(kind: RecordKind, code: str, value: str) -> str:
    if not value:
        return "not told"
    if code == "role":
        return catalogue.ROLE_BY_CODE[value].label.lower()
    if code == "use":
        return reports.use_labels(kind, [value]).lower()
    if code == "event":
        return RecordKind.from_code(value).label.lower()
    field = catalogue.field_of(kind, code)
    return catalogue.label_of(field.choices, value) if field and field.choices else spelled(value)


def _either(words: list[str]) -> str:
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _input(name: str) -> str:
    return {
        "text": "One line",
        "long": "Several lines",
        "choice": "A choice",
        "yes_no": "Yes or no",
        "date": "A date",
        "time": "A time",
        "number": "A number",
    }[name]
