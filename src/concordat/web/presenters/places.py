"""Places on a map."""

from collections.abc import Mapping

from concordat.organisations.queries import OrganisationSummary
from concordat.records.queries import PlaceDetail
from concordat.web.presenters.maps import Box, Circle, Map, Rings, draw, project

_AROUND_DEGREES = 0.22
_DOT = 13


def place_map(
    place: PlaceDetail,
    outlines: Mapping[str, Rings],
    bodies: Mapping[int, OrganisationSummary],
) -> Map | None:
    """Return the map around a place with its point, or None if it has none."""
    if place.latitude is None or place.longitude is None:
        return None
    x, y = project(place.longitude, place.latitude)
    area = bodies[place.area_id].code if place.area_id else ""
    point = Box(place.longitude, place.latitude, place.longitude, place.latitude)
    return draw(
        outlines,
        names={body.code: body.short_name for body in bodies.values()},
        around=point.grown(_AROUND_DEGREES),
        circles=[Circle(x=x, y=y, radius=_DOT, text="This place")],
        emphasis={area: "sharing"} if area else {},
    )
