"""The language of `standard/requirements.csv`: when something is demanded, and what would do.

Each row has a condition, `when`, and a demand, `what`.

`when` is a list of conditions that must all hold, parted by semicolons; an empty one always holds.
`outcome=1|2|3` says that the field outcome has one of these values, `hate_crime!=none` that it has
none of them; nothing stands for a blank field (`citations!=` means that some are cited). In rows of
persons and things, `role` and `use` stand for what they are in the event, and `event` for its kind.

`what` is a list of demands of which one suffices, parted by bars: a field's code, or several with
plus signs that go together (`postcode|latitude+longitude`); `people` or `places` for at least one,
`anything` for any content at all. `roles` and `uses`, in rows of persons and things, ask what they
are in the event, also of those in the register. What follows a prefix belongs to it: after `role:`
stand roles of which somebody must have one, after `thing:` kinds of which one must be there, after
`place:` fields of which a place must have one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from concordat.access.rules import RecordKind
from concordat.records.rules.catalogue import ROLE_BY_CODE, field_of
from concordat.records.rules.reports import Participant, Report, Thing, Where

PREFILLED: Final = frozenset(
    {"officer", "reported_date", "reported_time", "status", "outcome", "handling_code", "marking"}
)
"""Fields that say nothing of what happened."""

_WORDS: Final = {
    "people": "a person",
    "places": "a place",
    "anything": "what happened",
    "roles": "the role",
    "uses": "what it is to the event",
}
_ANCHORS: Final = {"role": "participants", "thing": "things", "place": "places"}
_WORD_ANCHORS: Final = {"people": "participants", "places": "places", "anything": "field-summary"}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a requirement is held against: the event, or one person, thing or place of it."""

    kind: RecordKind
    values: Mapping[str, str]
    report: Report
    words: Mapping[str, frozenset[str]]
    """What `role`, `use` and `event` stand for."""
    anchor: str
    whose: str = ""

    def says(self, code: str) -> str:
        """Return what a field says, without blanks around it."""
        return self.values.get(code, "").strip()


def is_told(part: Participant | Thing | Where) -> bool:
    """Whether a part of a report says anything: it is in the register, or something was typed."""
    note = part.note if isinstance(part, Participant) else ""
    return part.record_id is not None or any(
        value.strip() for value in (*part.fields.values(), note)
    )


@cache
def demands_of(what: str) -> tuple[tuple[str, str], ...]:
    """Return each demand with its prefix, "" for a field or a word."""
    found = []
    prefix = ""
    for part in what.split("|"):
        before, colon, after = part.strip().partition(":")
        prefix = before if colon else prefix
        found.append((prefix, after if colon else before))
    return tuple(found)


def holds(when: str, asked: Asked) -> bool:
    """Whether every condition holds."""
    for condition in filter(None, when.split(";")):
        name, _, values = condition.strip().partition("=")
        is_not, name = name.endswith("!"), name.rstrip("!")
        wanted = frozenset(value.strip() for value in values.split("|"))
        said = asked.words[name] if name in asked.words else frozenset({asked.says(name)})
        if said.isdisjoint(wanted) is not is_not:
            return False
    return True


def is_met(demand: tuple[str, str], asked: Asked) -> bool:
    """Whether one demand is met."""
    prefix, name = demand
    report = asked.report
    if prefix == "role":
        return any(is_told(one) for one in report.with_role(name))
    if prefix == "thing":
        return any(thing.kind.code == name for thing in report.things)
    if prefix == "place":
        return any(one.record_id is not None or _has(one.fields, name) for one in report.places)
    if name in ("roles", "uses"):
        return bool(asked.words[name[:-1]])
    if name in _WORDS:
        return _WORD_MET[name](report)
    return _has(asked.values, name)


def _has(values: Mapping[str, str], codes: str) -> bool:
    return all(values.get(code, "").strip() for code in codes.split("+"))


def _says_anything(report: Report) -> bool:
    said = any(value.strip() for code, value in report.fields.items() if code not in PREFILLED)
    parts: tuple[Participant | Thing | Where, ...] = (
        *report.participants,
        *report.things,
        *report.places,
    )
    return said or any(is_told(one) for one in parts)


def anchor_of(demand: tuple[str, str], asked: Asked) -> str:
    """Return the anchor of the part of the page that takes what is demanded."""
    prefix, name = demand
    if prefix:
        return _ANCHORS[prefix]
    return _WORD_ANCHORS.get(name) or f"{asked.anchor}-{name.split('+')[0]}"


def shown(demands: tuple[tuple[str, str], ...], kind: RecordKind) -> str:
    """Return demands in plain words: "Postcode, area or street"."""
    names = [_demand_name(prefix, name, kind) for prefix, name in demands]
    text = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
    return text[:1].upper() + text[1:]


def _demand_name(prefix: str, name: str, kind: RecordKind) -> str:
    if prefix == "role":
        return ROLE_BY_CODE[name].label.lower()
    if prefix == "thing":
        return RecordKind.from_code(name).label.lower()
    if name in _WORDS:
        return _WORDS[name]
    of_kind = RecordKind.PLACE if prefix == "place" else kind
    labels = [field.label for code in name.split("+") if (field := field_of(of_kind, code))]
    return " and ".join(_lower_first(label) for label in labels) or name


def _lower_first(label: str) -> str:
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


_WORD_MET: Final[Mapping[str, Callable[[Report], bool]]] = {
    "people": lambda report: any(is_told(one) for one in report.participants),
    "places": lambda report: any(is_told(one) for one in report.places),
    "anything": _says_anything,
}
