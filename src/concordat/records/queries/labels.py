"""How records are named in a line: what the actor may read of them, by kind and id."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from concordat.access.rules import EVENT_KINDS, THING_KINDS, RecordKind
from concordat.records.models import Event, Item, Person, Place
from concordat.records.rules.item_keys import item_keys
from concordat.records.rules.logged import RecordRef
from concordat.records.rules.persons import PersonName
from concordat.records.rules.told_events import title_of
from concordat.records.rules.told_persons import label_of


@dataclass(frozen=True, kw_only=True)
class Named:
    """A record that the actor may read: whose it is, of which kind and compartment, its name."""

    id: UUID
    owner_id: int
    kind: RecordKind
    compartment: int
    label: str
    keys: tuple[str, ...] = ()
    """By what a thing is found (`rules.item_keys`)."""


def named(refs: Iterable[RecordRef]) -> Mapping[UUID, Named]:
    """Return how these records are called, without those that the actor may not read.

    To be called inside `acting`. An event may have another kind by now than the reference says.
    """
    ids: dict[str, set[UUID]] = {"event": set(), "thing": set(), "person": set(), "place": set()}
    for ref in refs:
        ids[_table_of(ref.kind)].add(ref.id)
    found: dict[UUID, Named] = {}
    for table, read in (
        ("person", _persons), ("thing", _things), ("place", _places), ("event", _events),
    ):  # fmt: skip
        if ids[table]:
            found |= {one.id: one for one in read(ids[table])}
    return found


def _table_of(kind: RecordKind) -> str:
    if kind in EVENT_KINDS:
        return "event"
    if kind in THING_KINDS:
        return "thing"
    return {RecordKind.PERSON: "person", RecordKind.PLACE: "place"}[kind]


def _persons(ids: set[UUID]) -> Iterable[Named]:
    rows = Person.objects.filter(id__in=ids).values_list(
        "id", "owner_id", "compartment", "names", "date_of_birth_form"
    )
    for id_, owner, compartment, names, born in rows:
        name = PersonName.from_json(names[0]).text if names else ""
        yield Named(
            id=id_,
            owner_id=owner,
            kind=RecordKind.PERSON,
            compartment=compartment,
            label=label_of(name, born),
        )


def _things(ids: set[UUID]) -> Iterable[Named]:
    rows = Item.objects.filter(id__in=ids).values_list(
        "id", "owner_id", "compartment", "kind", "label", "content"
    )
    for id_, owner, compartment, kind, label, content in rows:
        yield Named(
            id=id_,
            owner_id=owner,
            kind=RecordKind(kind),
            compartment=compartment,
            label=label,
            keys=item_keys(RecordKind(kind), content),
        )


def _places(ids: set[UUID]) -> Iterable[Named]:
    rows = Place.objects.filter(id__in=ids).values_list(
        "id", "owner_id", "compartment", "location", "lsoa_name"
    )
    for id_, owner, compartment, location, lsoa_name in rows:
        yield Named(
            id=id_,
            owner_id=owner,
            kind=RecordKind.PLACE,
            compartment=compartment,
            label=location or lsoa_name or "A point without a street name",
        )


def _events(ids: set[UUID]) -> Iterable[Named]:
    rows = Event.objects.filter(id__in=ids).values_list(
        "id", "owner_id", "compartment", "kind", "category", "reference", "source", "details"
    )
    for id_, owner, compartment, number, category, reference, source, details in rows:
        kind = RecordKind(number)
        told = details.get("report", {}).get("fields", {}) if source == "concordat" else {}
        title = title_of(kind, category, told)
        yield Named(
            id=id_,
            owner_id=owner,
            kind=kind,
            compartment=compartment,
            label=f"{title}, {reference}" if told else title,
        )
