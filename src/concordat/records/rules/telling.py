"""Reading one line that tells what happened into the beginning of a report.

"Theft of a phone from Mary Quill by Robert Hale b 3/5/87 in AB12 CDE at CO1 1AA yesterday 22:15":
the words that are known stand in the tables `telling_….csv`. Whatever is not understood stays where
it always is, in the summary: the whole line. What is understood is a proposal that whoever logs it
sees and corrects; so where a word may mean two things, nothing is made of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from concordat.access.rules import RecordKind
from concordat.records.rules.catalogue import crime_type_of, kinds_in
from concordat.records.rules.reports import Participant, Thing, Where
from concordat.records.rules.standard_tables import table
from concordat.records.rules.telling_businesses import take_businesses
from concordat.records.rules.telling_numbers import take_numbers
from concordat.records.rules.telling_parts import read_part
from concordat.records.rules.telling_people import Named, settle_roles, take_people
from concordat.records.rules.telling_places import addresses_of, places, take_streets, take_towns
from concordat.records.rules.telling_property import take_property
from concordat.records.rules.telling_text import Line, phrases, word_set
from concordat.records.rules.telling_things import (
    NamedThing,
    take_contacts,
    take_vehicles,
    take_weapons,
)
from concordat.records.rules.telling_times import occurred, take_times

__all__ = ["Told", "kind_of", "read_part", "read_telling"]

_INTELLIGENCE: Final = (RecordKind.INTELLIGENCE, RecordKind.INTELLIGENCE_CONDITIONAL)


@dataclass(frozen=True, kw_only=True)
class Told:
    """What was made of one line. `kind` is None where the line doesn't say what it was.

    `fields` always has the whole line as `summary`. Keys are p1, p2 … for people, t1 … for things
    and w1 … for places.
    """

    kind: RecordKind | None
    fields: Mapping[str, str] = field(default_factory=dict)
    participants: tuple[Participant, ...] = ()
    things: tuple[Thing, ...] = ()
    places: tuple[Where, ...] = ()


def read_telling(text: str, *, today: date, kind: RecordKind | None = None) -> Told:
    """Return a line as the beginning of a report; `kind` is what it is already known to be.

    Nothing is ever raised for what is in the line, and no word of it is lost.
    """
    summary = text.replace("\x00", " ").strip()
    line = Line(summary)
    of_line, ho_class = kind_of(line.text)
    kind = kind or of_line
    take_numbers(line, today)
    take_times(line, today)
    take_streets(line)
    businesses = take_businesses(line, kind)
    vehicles = take_vehicles(line, kind, ho_class)
    take_towns(line)
    people = take_people(line, kind, today)
    addresses_of(people, line)
    settle_roles(people, line, kind)
    things = [*vehicles, *take_weapons(line, kind), *take_property(line), *take_contacts(line)]
    things = sorted((*things, *businesses), key=lambda one: one.start)
    where = places(line)
    fields = {"summary": summary, **_class(kind, ho_class, people, things)}
    fields.update(_moments(kind, occurred(line, today), where))
    fields.update(_said(kind, line.text))
    if kind is RecordKind.SIGHTING:
        fields["direction"] = " ".join(one.value for one in line.found("direction"))
    return Told(
        kind=kind,
        fields={code: value for code, value in fields.items() if value},
        participants=tuple(_participant(n, one) for n, one in enumerate(people, start=1)),
        things=tuple(_thing(n, one) for n, one in enumerate(things, start=1)),
        places=tuple(Where(key=f"w{n}", fields=one) for n, one in enumerate(where, start=1)),
    )


def kind_of(text: str) -> tuple[RecordKind | None, str]:
    """Return what kind of event a line tells of, and its class of offence, "" if it tells none.

    The strongest word decides, and of equally strong ones the first.
    """
    matches = []
    for place, row in enumerate(table("telling_kinds")):
        found = phrases(row["words"]).search(text)
        if found and (not row["needs"] or phrases(row["needs"]).search(text)):
            matches.append((found, place, row))
    spans = [found.span() for found, _, _ in matches]
    ranked = [
        (-int(row["strength"]), found.start(), place)
        for found, place, row in matches
        if not any(_is_inside(found.span(), span) for span in spans)
    ]
    if not ranked:
        return None, ""
    best = table("telling_kinds")[min(ranked)[2]]
    return RecordKind.from_code(best["kind"]), best["ho_class"]


def _is_inside(span: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether a word is part of a longer one, which says more: "stolen" of "stolen car"."""
    return span != other and other[0] <= span[0] and span[1] <= other[1]


def _class(
    kind: RecordKind | None, ho_class: str, people: list[Named], things: list[NamedThing]
) -> Mapping[str, str]:
    """Return the class of offence and the type of crime. Taken off somebody, it is class 39."""
    if kind is not RecordKind.CRIME or not ho_class:
        return {}
    if ho_class == _OTHER_THEFT and _is_theft_of_vehicle(things):
        ho_class = _THEFT_OF_VEHICLE
    from_somebody = any(one.role == "victim" and one.cue == "from" for one in people)
    if ho_class == _OTHER_THEFT and from_somebody and any(map(_is_carried, things)):
        ho_class = _THEFT_FROM_PERSON
    return {"ho_class": ho_class, "crime_type": crime_type_of(ho_class)}


_OTHER_THEFT, _THEFT_FROM_PERSON, _THEFT_OF_VEHICLE = "49", "39", "48"


def _is_theft_of_vehicle(things: list[NamedThing]) -> bool:
    stolen = [one.kind for one in things if "stolen" in one.uses]
    return bool(stolen) and stolen[0] is RecordKind.VEHICLE


def _is_carried(one: NamedThing) -> bool:
    words = one.fields.get("description", "").lower().split()
    return one.kind is RecordKind.PROPERTY and not word_set("carried").isdisjoint(words)


def _moments(
    kind: RecordKind | None, when: Mapping[str, str], where: list[dict[str, str]]
) -> Mapping[str, str]:
    """Return when it happened, and the same where a kind asks for it in fields of its own."""
    fields = dict(when)
    if kind is RecordKind.MISSING_PERSON:
        fields["last_seen_date"] = when.get("occurred_date", "")
        fields["last_seen_time"] = when.get("occurred_time", "")
        fields["last_seen_where"] = ", ".join(where[0].values()) if where else ""
    elif kind in _INTELLIGENCE:
        fields["intelligence_date"] = when.get("occurred_date", "")
    return fields


def _said(kind: RecordKind | None, text: str) -> Mapping[str, str]:
    """Return the choices that a line says in so many words; of one field the first that is told."""
    fields: dict[str, str] = {}
    for row in table("telling_fields"):
        if kind in kinds_in(row["kind"]) and phrases(row["words"]).search(text):
            fields.setdefault(row["field"], row["value"])
    return fields


def _participant(number: int, one: Named) -> Participant:
    names = (one.fields.get("given_names", ""), one.fields.get("surname", ""))
    return Participant(
        key=f"p{number}",
        roles=(one.role,),
        label=" ".join(filter(None, names)),
        fields=one.fields,
    )


def _thing(number: int, one: NamedThing) -> Thing:
    return Thing(key=f"t{number}", kind=one.kind, uses=one.uses, fields=one.fields)
