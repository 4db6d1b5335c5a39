"""A report as one flat form, there and back: what a page shows, and what it says was changed.

Every value has one name, which is also its id on the page: "field-ho_class", "p1-surname",
"p1-roles". A page carries the values it was made with (`base`), so that what was changed on it can
be told from what was changed elsewhere in the meantime.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.http import QueryDict

from concordat.access.rules import RecordKind
from concordat.records.rules.reports import Participant, Report, Thing, Where
from concordat.web.formatting import shown

PERSON: Final = "person"
PLACE: Final = "place"

_NAME = re.compile(r"kind|field-[a-z0-9_]+|[a-z]\d+-[a-z0-9_]+")
_LISTS = ("roles", "uses")
_YES = "yes"

# What a part is, which no control of the page can change: only commands do.
_UNSEEN = ("part", "record", "label")

Values = dict[str, str]


def key_of(name: str) -> str:
    """Return the key of the part that a value belongs to, such as "p1"; "field" for the event."""
    return name.partition("-")[0]


def code_of(name: str) -> str:
    """Return what a value is within its part, such as "surname"."""
    return name.partition("-")[2]


def values_of(report: Report) -> Values:
    """Return every value of a report by its name, in the order of the page."""
    values = {"kind": report.kind.code}
    values |= {f"field-{code}": text for code, text in report.fields.items()}
    for person in report.participants:
        values |= _part_values(person, PERSON)
        values[f"{person.key}-roles"] = _joined(person.roles)
        values[f"{person.key}-assessment"] = _YES if person.assessment else ""
        values[f"{person.key}-note"] = person.note
    for thing in report.things:
        values |= _part_values(thing, thing.kind.code)
        values[f"{thing.key}-uses"] = _joined(thing.uses)
    for place in report.places:
        values |= _part_values(place, PLACE)
    return values


def report_of(values: Mapping[str, str]) -> Report:
    """Return the report that these values tell of. Parts without their "part" are gone."""
    parts: dict[str, Values] = {}
    for name, text in values.items():
        if name != "kind":
            parts.setdefault(key_of(name), {})[code_of(name)] = text
    fields = parts.pop("field", {})
    whole = {key: told for key, told in parts.items() if told.get("part")}
    return Report(
        kind=RecordKind.from_code(values["kind"]),
        fields={code: text for code, text in fields.items() if text},
        participants=tuple(
            _participant(key, told) for key, told in whole.items() if told["part"] == PERSON
        ),
        things=tuple(
            _thing(key, told) for key, told in whole.items() if told["part"] not in (PERSON, PLACE)
        ),
        places=tuple(_where(key, told) for key, told in whole.items() if told["part"] == PLACE),
    )


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a page said: the values it was made with, and those it holds now."""

    base: Values
    mine: Values

    @classmethod
    def read(cls, data: QueryDict) -> "Told":
        """Read what was posted. What the page didn't show is as it was."""
        base = _base(data.get("base", ""))
        mine = dict(base)
        for name in data:
            if not _NAME.fullmatch(name) or code_of(name) in (*_UNSEEN, "roles_more"):
                continue
            text = _posted(data, name)
            if text != _plain(shown(base.get(name, ""))):
                mine[name] = text
        return cls(base=base, mine=mine)


def base_text(values: Mapping[str, str]) -> str:
    """Return values as a page carries them."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def _base(text: str) -> Values:
    try:
        read = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(read, dict):
        return {}
    return {str(name): str(value) for name, value in read.items()}


def _posted(data: QueryDict, name: str) -> str:
    if code_of(name) in _LISTS:
        return _joined([*data.getlist(name), *data.getlist(f"{name}_more")])
    return _plain(str(data[name]))


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _joined(codes: Iterable[str]) -> str:
    return " ".join(sorted({code for code in codes if code}))


def _part_values(one: Participant | Thing | Where, part: str) -> Values:
    record = f"{one.record_id} {one.owner_id}" if one.record_id else ""
    known = {"part": part, "record": record, "label": one.label}
    return {f"{one.key}-{code}": text for code, text in {**known, **one.fields}.items()}


def _record(told: Values) -> tuple[UUID | None, int | None]:
    record, _, owner = told.get("record", "").partition(" ")
    return (UUID(record), int(owner)) if record else (None, None)


def _fields(told: Values, *others: str) -> Values:
    if told.get("record"):
        return {}
    return {code: text for code, text in told.items() if text and code not in (*_UNSEEN, *others)}


def _participant(key: str, told: Values) -> Participant:
    record_id, owner_id = _record(told)
    return Participant(
        key=key,
        roles=tuple(told.get("roles", "").split()),
        record_id=record_id,
        owner_id=owner_id,
        label=told.get("label", ""),
        fields=_fields(told, "roles", "assessment", "note"),
        assessment=told.get("assessment") == _YES,
        note=told.get("note", ""),
    )


def _thing(key: str, told: Values) -> Thing:
    record_id, owner_id = _record(told)
    return Thing(
        key=key,
        kind=RecordKind.from_code(told["part"]),
        uses=tuple(told.get("uses", "").split()),
        record_id=record_id,
        owner_id=owner_id,
        label=told.get("label", ""),
        fields=_fields(told, "uses"),
    )


def _where(key: str, told: Values) -> Where:
    record_id, owner_id = _record(told)
    return Where(
        key=key,
        record_id=record_id,
        owner_id=owner_id,
        label=told.get("label", ""),
        fields=_fields(told),
    )
