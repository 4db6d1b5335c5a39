"""Reading organisations, areas and people. These are public facts of the service, not records."""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from uuid import UUID

from django.db.models import F

from concordat.base.acting import acting
from concordat.base.actor import Actor, Purpose, Role
from concordat.organisations.errors import UnknownOrganisation
from concordat.organisations.models import (
    District,
    Figure,
    Lsoa,
    Organisation,
    Person,
    PersonRole,
    PostcodePoint,
)
from concordat.organisations.rules import (
    Measure,
    OrganisationKind,
    normal_name,
    postcode_sector,
    read_postcode,
)


@dataclass(frozen=True, kw_only=True)
class OrganisationSummary:
    """A body as pages and commands name it."""

    id: int
    code: str
    kind: OrganisationKind
    name: str
    short_name: str
    pnc_code: str
    ons_code: str
    police_uk_id: str
    valid_from: date | None
    valid_until: date | None
    successor: str


@dataclass(frozen=True, kw_only=True)
class FigureSummary:
    """One published figure."""

    measure: Measure
    as_at: date
    value: Decimal
    unit: str
    source: str


@dataclass(frozen=True, kw_only=True)
class PersonSummary:
    """A member of staff, without anything secret."""

    id: UUID
    username: str
    name: str
    collar_number: str
    organisation: OrganisationSummary
    roles: tuple[Role, ...]
    active: bool


@dataclass(frozen=True)
class Point:
    """A place on the map and how it was found: the full postcode, or only its sector's middle."""

    latitude: float
    longitude: float
    found_as: str
    exact: bool
    force_id: int | None = None
    """In whose area it lies."""


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """Somebody of one's own body, to hand work to."""

    id: UUID
    name: str
    collar_number: str
    roles: tuple[Role, ...]


def organisations(*, kind: OrganisationKind | None = None) -> list[OrganisationSummary]:
    """Return every body, present and past, in the order of its number."""
    rows = Organisation.objects.select_related("successor").order_by("id")
    if kind:
        rows = rows.filter(kind=kind)
    return [_summary(row) for row in rows]


def organisation(code: str) -> OrganisationSummary:
    """Return the body with this code, name, short name or PNC code. Raises UnknownOrganisation."""
    wanted = normal_name(code)
    for body in organisations():
        if wanted in (body.code, normal_name(body.name), body.pnc_code):
            return body
    for body in organisations(kind=OrganisationKind.FORCE):
        if wanted == normal_name(body.short_name):
            return body
    raise UnknownOrganisation(
        f"There is no organisation “{code}”. Use a code such as essex, a full name, or a PNC code."
    )


def names_by_id() -> dict[int, OrganisationSummary]:
    """Return every body by its number, for pages that show owners."""
    return {body.id: body for body in organisations()}


def related_bodies(organisation_id: int) -> list[OrganisationSummary]:
    """Return the fire services and policing bodies of a force, past ones last."""
    rows = Organisation.objects.filter(serves=organisation_id).select_related("successor")
    past_last = F("valid_until").desc(nulls_first=True)
    return [_summary(row) for row in rows.order_by(past_last, "kind", "valid_from", "id")]


def figures(organisation_id: int) -> list[FigureSummary]:
    """Return the published figures of a body, by measure and then by date."""
    return [
        FigureSummary(
            measure=Measure(row.measure),
            as_at=row.as_at,
            value=row.value,
            unit=row.unit,
            source=row.source,
        )
        for row in Figure.objects.filter(organisation=organisation_id).order_by("measure", "as_at")
    ]


def force_ids_by_name() -> dict[str, int]:
    """Return each force's number under every name a file may use for it, as `normal_name`."""
    names: dict[str, int] = {}
    for force in organisations(kind=OrganisationKind.FORCE):
        for name in (force.name, force.short_name, force.police_uk_id, force.code):
            if name:
                names[normal_name(name)] = force.id
    return names


def force_ids_by_district() -> dict[str, int]:
    """Return, for each district's name, the force whose area it lies in."""
    return dict(District.objects.order_by("valid_from").values_list("name", "force_id"))


def force_ids_by_lsoa() -> dict[str, int]:
    """Return the force of each LSOA code of the full ONS list; empty if that isn't loaded."""
    return dict(Lsoa.objects.values_list("code", "force_id"))


def point_of_postcode(text: str) -> Point | None:
    """Return where a postcode lies; where it is not loaded, the middle of its sector; or None."""
    postcode = read_postcode(text)
    if postcode is None:
        return None
    rows = {
        row.code: row
        for row in PostcodePoint.objects.filter(code__in=[postcode, postcode_sector(postcode)])
    }
    for code in (postcode, postcode_sector(postcode)):
        if code in rows:
            row = rows[code]
            return Point(
                row.latitude,
                row.longitude,
                code,
                exact=code == postcode,
                force_id=row.force_id,
            )
    return None


@cache
def force_outlines() -> dict[str, list[list[tuple[float, float]]]]:
    """Return the simplified outline of each force area: rings of (longitude, latitude), WGS 84."""
    source = files("concordat.organisations") / "reference" / "force_outlines.json"
    parsed = json.loads(source.read_text(encoding="utf-8"))
    return {
        code: [[(point[0], point[1]) for point in ring] for ring in rings]
        for code, rings in parsed["outlines"].items()
    }


def people(*, organisation_id: int | None = None) -> list[PersonSummary]:
    """Return the people who can sign in, by organisation and username."""
    rows = Person.objects.select_related("organisation", "organisation__successor")
    if organisation_id is not None:
        rows = rows.filter(organisation=organisation_id)
    with acting(Actor.service()):
        return [_person(row) for row in rows.order_by("organisation_id", "username")]


def colleagues(actor: Actor) -> tuple[Colleague, ...]:
    """Return who else is in `actor`'s body and can sign in, with their roles, by name."""
    with acting(actor):
        rows = PersonRole.objects.filter(
            person__organisation=actor.organisation_id, person__active=True, until=None
        ).select_related("person")
        found: dict[UUID, tuple[Person, list[Role]]] = {}
        for row in rows.order_by("person__name", "person_id", "role"):
            found.setdefault(row.person_id, (row.person, []))[1].append(Role(row.role))
    return tuple(
        Colleague(
            id=person.id,
            name=person.name,
            collar_number=person.collar_number,
            roles=tuple(roles),
        )
        for person, roles in found.values()
        if person.id != actor.person_id
    )


def person_summary(username: str) -> PersonSummary:
    """Return the person with this username. Raises UnknownOrganisation if there is none."""
    rows = Person.objects.select_related("organisation", "organisation__successor")
    with acting(Actor.service()):
        row = rows.filter(username=username.strip().lower()).first()
        if row is None:
            raise UnknownOrganisation(
                f"Nobody has the username “{username}”. `concordat user list` names everybody."
            )
        return _person(row)


def actor_of(person_id: UUID, *, purpose: Purpose, reason: str = "") -> Actor | None:
    """Return a person as an actor with the roles they hold now; None if they may not act."""
    with acting(Actor.service()):
        rows = Person.objects.select_related("organisation")
        row = rows.filter(id=person_id, active=True).first()
        roles = frozenset(_roles(row)) if row else frozenset()
    if row is None or not roles:
        return None
    return Actor(
        person_id=row.id,
        person_name=row.name,
        organisation_id=row.organisation_id,
        organisation_name=row.organisation.name,
        roles=roles,
        purpose=purpose,
        reason=reason,
    )


def _roles(row: Person) -> list[Role]:
    live = PersonRole.objects.filter(person=row, until=None).values_list("role", flat=True)
    return [Role(role) for role in sorted(live)]


def _person(row: Person) -> PersonSummary:
    return PersonSummary(
        id=row.id,
        username=row.username,
        name=row.name,
        collar_number=row.collar_number,
        organisation=_summary(row.organisation),
        roles=tuple(_roles(row)),
        active=row.active,
    )


def _summary(row: Organisation) -> OrganisationSummary:
    return OrganisationSummary(
        id=row.id,
        code=row.code,
        kind=OrganisationKind(row.kind),
        name=row.name,
        short_name=row.short_name,
        pnc_code=row.pnc_code,
        ons_code=row.ons_code,
        police_uk_id=row.police_uk_id,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        successor=row.successor.name if row.successor else "",
    )
