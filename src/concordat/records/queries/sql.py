"""The SQL of a question. Every condition is one that a b-tree can answer under row security."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from concordat.records.rules.events import Source
from concordat.records.rules.grid import CELL_DEGREES, squares_around
from concordat.records.rules.questions import Near, Question

_METRES = (
    "2 * 6371009 * asin(sqrt(sin(radians(p.latitude - %s) / 2) ^ 2 + cos(radians(%s)) "
    "* cos(radians(p.latitude)) * sin(radians(p.longitude - %s) / 2) ^ 2)) <= %s"
)


@dataclass
class Where:
    """Conditions on `records_event e`, and their parameters in the same order."""

    conditions: list[str] = field(default_factory=list)
    parameters: list[Any] = field(default_factory=list)

    def add(self, condition: str, *parameters: Any) -> None:  # noqa: ANN401 (as SQL takes)
        """Add one condition; its placeholders are filled by `parameters`."""
        self.conditions.append(condition)
        self.parameters.extend(parameters)

    @property
    def text(self) -> str:
        """The WHERE clause, or nothing at all."""
        return f"WHERE {' AND '.join(self.conditions)}" if self.conditions else ""


def where(question: Question) -> Where:
    """Return the conditions that a question amounts to."""
    made = Where()
    for column, values in (
        ("e.owner_id", list(question.owner_ids)),
        ("e.kind", [kind.value for kind in question.kinds]),
        ("e.category", list(question.categories)),
        ("e.outcome", list(question.outcomes)),
    ):
        if values:
            made.add(f"{column} = ANY (%s)", values)
    _add_time(made, question.occurred_from, question.occurred_until)
    _add_place(made, question)
    _add_area(made, question)
    if question.in_conflict:
        made.add("e.in_conflict")
    if question.reference:
        # Every owner and source is named, because the index of references begins with them.
        made.add(
            "e.owner_id = ANY (ARRAY(SELECT id FROM organisations_organisation)) "
            "AND e.source = ANY (%s) AND e.reference = %s",
            [source.value for source in Source],
            question.reference,
        )
    return made


def _add_time(made: Where, start: datetime | None, end: datetime | None) -> None:
    # An event known only to its month counts as within any stretch that holds the month's start.
    if start is not None:
        made.add("e.occurred_from >= %s", start)
    if end is not None:
        made.add("e.occurred_from < %s", end)


def _add_place(made: Where, question: Question) -> None:
    """Narrow by place: the places are found first, by their own keys, then their events.

    As an array the places are one look-up in the index of events by place, whatever the
    planner's statistics say.
    """
    if question.place_id is not None:
        made.add("e.place_id = %s", question.place_id)
    found = Where()
    exact = list(question.words)
    prefix = exact.pop() if exact and question.last_is_prefix else ""
    for word in exact:
        found.add("SELECT t.place_id FROM records_place_term t WHERE t.term = %s", word)
    if prefix:
        found.add(
            "SELECT t.place_id FROM records_place_term t WHERE t.term >= %s AND t.term < %s",
            prefix,
            prefix[:-1] + chr(ord(prefix[-1]) + 1),
        )
    if question.lsoa_code:
        found.add("SELECT p.id FROM records_place p WHERE p.lsoa_code = %s", question.lsoa_code)
    if question.near is not None:
        _add_near(found, question.near)
    if found.conditions:
        made.add(
            f"e.place_id = ANY (ARRAY({' INTERSECT '.join(found.conditions)}))", *found.parameters
        )


def _add_near(found: Where, near: Near) -> None:
    cells = squares_around(near.latitude, near.longitude, metres=near.metres, degrees=CELL_DEGREES)
    found.add(
        f"SELECT p.id FROM records_place p WHERE p.cell = ANY (%s) AND {_METRES}",  # noqa: S608
        cells,
        near.latitude,
        near.latitude,
        near.longitude,
        near.metres,
    )


def _add_area(made: Where, question: Question) -> None:
    if question.area_ids:
        made.add("e.area_id = ANY (%s)", list(question.area_ids))
    if question.elsewhere or question.area_ids:
        made.add("(e.area_id < e.owner_id OR e.area_id > e.owner_id)")  # as the index has it
