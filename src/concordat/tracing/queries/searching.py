"""Searching the register of all forces: events, people and things that answer the same words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from concordat.access.rules import RecordKind
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.base.clock import today
from concordat.organisations.queries import force_ids_by_name, point_of_postcode
from concordat.records.queries import export_events, find_events, pointers
from concordat.records.rules.questions import Answer, EventRow, Near, Pointer, Question
from concordat.tracing.queries.people import PeopleFilters, PeopleFound, find_people
from concordat.tracing.queries.things import ThingsFound, find_things
from concordat.tracing.rules import Part, Reading, read, read_person, read_thing, searchable


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What was chosen beside the search box. Empty and None don't narrow.

    `warning` is the code of a warning marker, and narrows people alone; the owner narrows both
    people and events, and everything else is of events.
    """

    owner_ids: Sequence[int] = ()
    kinds: Sequence[RecordKind] = ()
    categories: Sequence[str] = ()
    occurred_from: datetime | None = None
    occurred_until: datetime | None = None
    elsewhere: bool = False
    area_ids: Sequence[int] = ()
    in_conflict: bool = False
    warning: str = ""

    @property
    def of_events(self) -> bool:
        """Whether something was chosen that only events have."""
        return bool(
            self.kinds
            or self.categories
            or self.occurred_from
            or self.occurred_until
            or self.elsewhere
            or self.area_ids
            or self.in_conflict
        )


@dataclass(frozen=True, kw_only=True)
class Found:
    """How a search was read, what it found, and what the reader should know of it.

    `people` and `things` are None where what was typed or chosen is of none.
    """

    parts: tuple[Part, ...]
    notes: tuple[str, ...]
    answer: Answer
    pointers: tuple[Pointer, ...]
    people: PeopleFound | None = None
    things: ThingsFound | None = None


def search(actor: Actor, *, text: str, filters: Filters | None = None, page: int = 1) -> Found:
    """Read `text`, narrow it by `filters`, and return people, things and one page of events found.

    People and things come with the first page. Journalled as a consultation with everybody and
    everything shown. Raises TooManyPointers when references are fished for.
    """
    text = searchable(text)
    chosen = filters or Filters()
    reading, question, notes = _question(text, chosen)
    with acting(actor):
        people = _people(actor, text, reading, chosen) if page == 1 else None
        things = _things(actor, text, reading, chosen) if page == 1 else None
        asked = _asked(text, chosen)
        answer = find_events(actor, question=question, page=page, asked=asked)
        # Who already sees the record needs no pointer, and no share of the hour's pointers.
        asks = question.reference and not answer.total
        held = tuple(pointers(actor, reference=question.reference)) if asks else ()
    return Found(
        parts=reading.parts,
        notes=tuple(notes),
        answer=answer,
        pointers=held,
        people=people,
        things=things,
    )


def export(actor: Actor, *, text: str, filters: Filters | None = None) -> list[EventRow]:
    """Return every event of the same search, for a file: journalled as a disclosure.

    Raises RecordsError when there are too many.
    """
    text = searchable(text)
    _, question, _ = _question(text, filters or Filters())
    return export_events(actor, question=question, asked=_asked(text, filters or Filters()))


def _people(actor: Actor, text: str, events: Reading, chosen: Filters) -> PeopleFound | None:
    if chosen.of_events:
        return None
    reading = read_person(text, events=events, forces=force_ids_by_name(), today=today())
    if reading is None:
        return None
    filters = PeopleFilters(owner_ids=chosen.owner_ids, warning=chosen.warning)
    return find_people(actor, reading=reading, filters=filters)


def _things(actor: Actor, text: str, events: Reading, chosen: Filters) -> ThingsFound | None:
    if chosen.of_events or chosen.warning:
        return None
    reading = read_thing(text, events=events)
    if reading is None:
        return None
    return find_things(actor, reading=reading, owner_ids=chosen.owner_ids)


def _asked(text: str, filters: Filters) -> str:
    """Return what was asked in words for the journal: what was typed, and what was chosen."""
    chosen = {name: value for name, value in vars(filters).items() if value}
    said = "; ".join(f"{name}: {value}" for name, value in chosen.items())
    return f"{text} [{said}]" if said else text


def _question(text: str, filters: Filters) -> tuple[Reading, Question, list[str]]:
    reading = read(text, forces=force_ids_by_name())
    question, notes = reading.question, []
    if reading.postcode:
        point = point_of_postcode(reading.postcode)
        if point is None:
            notes.append(
                f"The postcode {reading.postcode} is not in the lookup, so it did not narrow the "
                "search. An administrator can load the full list of postcodes."
            )
        else:
            if not point.exact:
                notes.append(
                    f"{reading.postcode} is not in the lookup: the middle of {point.found_as} "
                    "was used instead."
                )
            near = Near(latitude=point.latitude, longitude=point.longitude, metres=reading.metres)
            question = replace(question, near=near)
    return reading, _narrowed(question, filters), notes


def _narrowed(question: Question, filters: Filters) -> Question:
    """Return the question narrowed by what was chosen; a choice replaces what was typed."""
    return replace(
        question,
        owner_ids=filters.owner_ids or question.owner_ids,
        kinds=filters.kinds or question.kinds,
        categories=filters.categories or question.categories,
        occurred_from=filters.occurred_from or question.occurred_from,
        occurred_until=filters.occurred_until or question.occurred_until,
        elsewhere=filters.elsewhere or question.elsewhere,
        area_ids=filters.area_ids or question.area_ids,
        in_conflict=filters.in_conflict,
    )
