"""The page of results: how the search was read, ways to narrow it, a map, and the pages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from concordat.access.rules import RecordKind
from concordat.organisations.queries import OrganisationSummary
from concordat.records.rules.questions import PAGE_SIZE, Answer, Count
from concordat.tracing.queries import Found, FoundPerson, FoundThing, PeopleFound, ThingsFound
from concordat.tracing.rules import Part, listed
from concordat.web.formatting import plural
from concordat.web.presenters import events, paging, persons
from concordat.web.presenters.maps import (
    Map,
    Rings,
    box_of_most,
    circles_of,
    draw,
    point_text,
)

Link = Callable[[Mapping[str, str]], str]
"""Makes the address of a search from its query."""

SHORT_LIST = 10
_NEAR_KILOMETRES = 6
_PLACED = frozenset({"Near", "Within", "LSOA"})
_CLUSTERS_LISTED = 30
_THINGS = ("record of a thing", "records of things")
_NOUNS = {
    RecordKind.VEHICLE: ("vehicle record", "vehicle records"),
    RecordKind.WEAPON: ("weapon record", "weapon records"),
    RecordKind.PHONE: ("phone record", "phone records"),
    RecordKind.ACCOUNT: ("account record", "account records"),
}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A search as it was asked: its query, its choices in words, and how to address another."""

    query: Mapping[str, str]
    chosen: Mapping[str, str]
    link: Link

    def with_choice(self, name: str, value: str) -> str:
        """Return the address of the same search narrowed by one more choice."""
        return self.link({**self.query, name: value})

    def without(self, name: str) -> str:
        """Return the address of the same search without one choice."""
        return self.link({key: value for key, value in self.query.items() if key != name})


@dataclass(frozen=True, kw_only=True)
class PersonLine:
    """One identity that answers, in words. `records` counts those that the reader may see."""

    id: UUID
    name: str
    facts: str
    why: str
    strength: str
    records: int
    owners: tuple[tuple[int, str], ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ThingLine:
    """One record of a thing that answers, in words."""

    id: UUID
    kind: str
    label: str
    fit: str
    owner: tuple[int, str]


def heading(found: Found, *, shows_events: bool) -> str:
    """Return how much was found, in words: people first, then things, then events."""
    people = len(found.people.people) if found.people else 0
    things = len(found.things.things) if found.things else 0
    events_found = found.answer.total if shows_events else 0
    told = [plural(people, "person", "people")] if people else []
    told += [plural(things, *_noun(found.things.things))] if found.things and things else []
    told += [plural(events_found, "event")] if events_found else []
    return f"{listed(told)} found" if told else "Nothing found"


def thing_lines(found: ThingsFound, bodies: Mapping[int, OrganisationSummary]) -> list[ThingLine]:
    """Return the things that answer as lines, best first."""
    return [
        ThingLine(
            id=one.thing.id,
            kind=one.thing.kind.label,
            label=one.thing.label,
            fit=one.fit.words,
            owner=(one.thing.owner_id, bodies[one.thing.owner_id].name),
        )
        for one in found.things
    ]


def _noun(things: Sequence[FoundThing]) -> tuple[str, str]:
    kinds = {one.thing.kind for one in things}
    if len(kinds) == 1:
        return _NOUNS.get(kinds.pop(), _THINGS)
    return _THINGS


def person_lines(found: PeopleFound, bodies: Mapping[int, OrganisationSummary]) -> list[PersonLine]:
    """Return the people who answer as lines, likeliest first."""
    return [_person_line(one, bodies) for one in found.people]


def person_force_facets(
    asked: Asked, found: PeopleFound, bodies: Mapping[int, OrganisationSummary]
) -> list[dict[str, object]]:
    """Return the forces that hold records of these people, as links that narrow."""
    return [
        _facet(asked, "force", bodies[int(count.key)].code, bodies[int(count.key)].name, count)
        for count in found.by_owner
    ]


def warning_facets(asked: Asked, found: PeopleFound) -> list[dict[str, object]]:
    """Return the warnings about these people, as links that narrow."""
    return [
        _facet(asked, "warning", str(count.key), persons.warning_label(str(count.key)), count)
        for count in found.by_warning
    ]


def _person_line(one: FoundPerson, bodies: Mapping[int, OrganisationSummary]) -> PersonLine:
    best = one.best
    owners = sorted({record.owner_id for record in one.records})
    codes = sorted({warning.code for record in one.records for warning in record.warnings})
    return PersonLine(
        id=best.id,
        name=persons.name_of(best.content),
        facts=persons.in_short(best.content),
        why=one.person.explanation.words,
        strength=persons.fit(one.person.bits),
        records=len(one.records),
        owners=tuple((owner, bodies[owner].name) for owner in owners),
        warnings=tuple(persons.warning_label(code) for code in codes),
    )


def reading_parts(parts: tuple[Part, ...]) -> list[dict[str, str]]:
    """Return how the search was read, as the macro `reading` takes it."""
    return [
        {
            "meaning": part.what if part.what.isupper() else part.what.lower(),
            "text": part.shown,
        }
        for part in parts
    ]


def tags(asked: Asked) -> list[dict[str, str]]:
    """Return the choices in use; following one removes it."""
    return [{"text": words, "href": asked.without(name)} for name, words in asked.chosen.items()]


def force_facets(
    asked: Asked, answer: Answer, bodies: Mapping[int, OrganisationSummary]
) -> list[dict[str, object]]:
    """Return the forces that the results belong to, with counts, as links that narrow."""
    return [
        _facet(asked, "force", bodies[int(count.key)].code, bodies[int(count.key)].name, count)
        for count in answer.by_owner
    ]


def type_facets(asked: Asked, answer: Answer) -> list[dict[str, object]]:
    """Return the types among the results, commonest first, as links that narrow."""
    return [
        _facet(asked, "type", str(count.key), str(count.key), count)
        for count in answer.by_category
        if count.key
    ]


def suggestions(asked: Asked, found: Found) -> list[dict[str, str]]:
    """Return other searches to try where one found nothing: each leaves out one thing."""
    without_choices = [
        {"text": f"Without the choice “{words}”", "href": asked.without(name)}
        for name, words in asked.chosen.items()
    ]
    if len(found.parts) <= 1:
        return without_choices
    typed = asked.query.get("q", "")
    without_parts = [
        {
            "text": f"Without “{part.typed.strip()}”",
            "href": asked.link(
                {**asked.query, "q": " ".join(typed.replace(part.typed, " ").split())}
            ),
        }
        for part in found.parts
        if part.typed in typed
    ]
    return without_choices + without_parts


def results_map(
    asked: Asked,
    found: Found,
    outlines: Mapping[str, Rings],
    bodies: Mapping[int, OrganisationSummary],
) -> Map | None:
    """Return the map of all results, or None where none of them has a point."""
    clusters = found.answer.clusters
    hrefs = [] if _has_place(found) else [_around(asked, c.latitude, c.longitude) for c in clusters]
    owners = {bodies[int(count.key)].code for count in found.answer.by_owner}
    return draw(
        outlines,
        names={body.code: body.short_name for body in bodies.values() if body.code in owners},
        around=box_of_most(clusters),
        circles=circles_of(clusters, hrefs=hrefs),
        emphasis=dict.fromkeys(owners, "sharing"),
        label_share=0.036,
    )


def outside(drawn: Map | None, found: Found) -> int:
    """Return how many events lie outside the picture."""
    if drawn is None:
        return 0
    return sum(
        cluster.count
        for cluster in found.answer.clusters
        if not drawn.box.holds(cluster.longitude, cluster.latitude)
    )


def cluster_rows(asked: Asked, found: Found) -> list[list[object]]:
    """Return the circles of the map as rows of a table, the largest first."""
    linked = not _has_place(found)
    rows: list[list[object]] = []
    for cluster in found.answer.clusters[:_CLUSTERS_LISTED]:
        cell: dict[str, object] = {"text": point_text(cluster.latitude, cluster.longitude)}
        if linked:
            cell["href"] = _around(asked, cluster.latitude, cluster.longitude)
        rows.append([cell, f"{cluster.count:,}"])
    return rows


def result_pages(asked: Asked, answer: Answer) -> dict[str, object]:
    """Return the links to the other pages of results."""
    return paging.pages(
        page=answer.page,
        pages=answer.pages,
        total=answer.total,
        size=PAGE_SIZE,
        href=lambda number: asked.with_choice("page", str(number)),
    )


def lines(answer: Answer, bodies: Mapping[int, OrganisationSummary]) -> list[events.EventLine]:
    """Return the results as lines."""
    return [events.line(row, bodies) for row in answer.rows]


def _facet(asked: Asked, name: str, value: str, text: str, count: Count) -> dict[str, object]:
    selected = asked.query.get(name) == value
    return {
        "text": text,
        "count": count.count,
        "selected": selected,
        "href": asked.without(name) if selected else asked.with_choice(name, value),
    }


def _has_place(found: Found) -> bool:
    return any(part.what in _PLACED for part in found.parts)


def _around(asked: Asked, latitude: float, longitude: float) -> str:
    near = f"within {_NEAR_KILOMETRES} km of {latitude:.2f}, {longitude:.2f}"
    return asked.with_choice("q", f"{asked.query.get('q', '')} {near}".strip())
