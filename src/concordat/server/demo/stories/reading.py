"""Reading stories: what their files say, as steps, days and reports."""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from typing import Any, Final
from uuid import UUID

from concordat.access.rules import RecordKind
from concordat.base.actor import Purpose
from concordat.records.rules.reports import Participant, Report, Thing, Where

_DAYS_AGO: Final = re.compile(r"@(-?\d+)")
_NOT_FIELDS: Final = frozenset(
    {"as", "is", "find", "owner", "roles", "uses", "kind", "assessment", "note"}
)


class StoryBroken(Exception):
    """A story asks for what isn't there; the message says where."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """A record that a story has spoken of, or found."""

    kind: RecordKind
    id: UUID
    owner_id: int


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a story: who does what, what for, and everything else that its file says."""

    story: str
    do: str
    by: str
    purpose: Purpose
    told: Mapping[str, Any]

    def text(self, name: str) -> str:
        """Return what the step says under a name, "" if nothing."""
        return str(self.told.get(name, ""))


Look = Callable[[RecordKind, Mapping[str, Any]], Known | None]
"""Finds what a part of a report means in the register; None for whoever or whatever is new."""


def read_story(name: str) -> list[Step]:
    """Return the steps of a story by the name of its file."""
    source = files("concordat.server.demo.stories") / f"{name}.toml"
    return [
        Step(
            story=name,
            do=told["do"],
            by=told["by"],
            purpose=Purpose(told.get("purpose", Purpose.INVESTIGATION)),
            told=told,
        )
        for told in tomllib.loads(source.read_text(encoding="utf-8"))["steps"]
    ]


def day(text: str, *, until: date) -> date | None:
    """Return the day that "@12" or "@-30" means, None if the text means none."""
    found = _DAYS_AGO.fullmatch(text)
    return until - timedelta(days=int(found[1])) if found else None


def fields(told: Mapping[str, Any], *, until: date) -> dict[str, str]:
    """Return fields with days as they are typed."""
    return {
        code: found.isoformat() if (found := day(str(text), until=until)) else str(text)
        for code, text in told.items()
    }


def read_report(step: Step, *, until: date, look: Look) -> Report:
    """Return the report that a step logs. What `look` finds is linked, the rest is typed."""

    def part(kind: RecordKind, told: Mapping[str, Any], key: str) -> dict[str, Any]:
        known = look(kind, told)
        if known is None:
            typed = {code: text for code, text in told.items() if code not in _NOT_FIELDS}
            return {"key": key, "fields": fields(typed, until=until)}
        return {"key": key, "record_id": known.id, "owner_id": known.owner_id}

    return Report(
        kind=RecordKind.from_code(step.text("kind")),
        fields=fields(step.told.get("fields", {}), until=until),
        participants=tuple(
            Participant(
                **part(RecordKind.PERSON, one, f"p{number}"),
                roles=tuple(one["roles"]),
                assessment=one.get("assessment", False),
                note=one.get("note", ""),
            )
            for number, one in enumerate(step.told.get("people", ()), start=1)
        ),
        things=tuple(
            Thing(
                **part(thing_kind(one), one, f"t{number}"),
                kind=thing_kind(one),
                uses=tuple(one["uses"]),
            )
            for number, one in enumerate(step.told.get("things", ()), start=1)
        ),
        places=tuple(
            Where(**part(RecordKind.PLACE, one, f"w{number}"))
            for number, one in enumerate(step.told.get("places", ()), start=1)
        ),
    )


def thing_kind(told: Mapping[str, Any]) -> RecordKind:
    """Return the kind of a thing in a story."""
    return RecordKind.from_code(told["kind"])
