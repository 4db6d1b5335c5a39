"""Maps as plain shapes: force areas and circles, in the units of an SVG's own view box.

The projection is equirectangular with longitude scaled by the cosine of 52° north, which is true
to shape for the East of England and near enough for all of England and Wales.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians, sqrt

from concordat.records.rules.grid import MAP_CELL_DEGREES
from concordat.records.rules.questions import Cluster

Rings = Sequence[Sequence[tuple[float, float]]]
"""Closed rings of (longitude, latitude), WGS 84, drawn by the even-odd rule."""

UNITS_PER_DEGREE = 1000
"""View box units to one degree of latitude: a thousandth of a degree, as fine as the outlines."""

_EASTING = cos(radians(52))
_LARGEST_RADIUS = 0.62 * MAP_CELL_DEGREES * UNITS_PER_DEGREE
_SMALLEST_RADIUS = 0.09 * MAP_CELL_DEGREES * UNITS_PER_DEGREE
_MARGIN = 0.06
_FAR_SHARE = 0.006
_LETTER_WIDTH = 0.55
_OVERHANG = 0.5
_WIDEST, _TALLEST = 2.6, 1.25


@dataclass(frozen=True)
class Box:
    """A rectangle on the map, in degrees."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, longitude: float, latitude: float) -> bool:
        """Whether a point lies inside."""
        return self.west <= longitude <= self.east and self.south <= latitude <= self.north

    def meets(self, other: "Box") -> bool:
        """Whether the two have any part in common."""
        return (
            self.west <= other.east
            and other.west <= self.east
            and self.south <= other.north
            and other.south <= self.north
        )

    def grown(self, degrees: float) -> "Box":
        """Return the box with a margin of `degrees` of latitude all round."""
        wide = degrees / _EASTING
        return Box(self.west - wide, self.south - degrees, self.east + wide, self.north + degrees)

    def shaped(self) -> "Box":
        """Return the box made wider or taller until it is neither a ribbon nor a tower."""
        wide, tall = (self.east - self.west) * _EASTING, self.north - self.south
        more_tall = max(0.0, wide / _WIDEST - tall) / 2
        more_wide = max(0.0, tall / _TALLEST - wide) / 2 / _EASTING
        return Box(
            self.west - more_wide,
            self.south - more_tall,
            self.east + more_wide,
            self.north + more_tall,
        )


@dataclass(frozen=True, kw_only=True)
class Area:
    """One force area: the path to draw, where its name stands, and how it is emphasised."""

    code: str
    name: str
    path: str
    label_x: int
    label_y: int
    is_labelled: bool
    emphasis: str = ""


@dataclass(frozen=True, kw_only=True)
class Circle:
    """One circle: where, how large, what it says, and where it leads ("" for nowhere)."""

    x: int
    y: int
    radius: float
    text: str
    href: str = ""


@dataclass(frozen=True, kw_only=True)
class Map:
    """A drawing with its view box. `label_size` is a font size that suits its width."""

    view_box: str
    box: Box
    areas: tuple[Area, ...]
    circles: tuple[Circle, ...]
    label_size: int


def project(longitude: float, latitude: float) -> tuple[int, int]:
    """Return where a WGS 84 point lies in the view box: x to the east, y to the south."""
    return (
        round(longitude * _EASTING * UNITS_PER_DEGREE),
        round(-latitude * UNITS_PER_DEGREE),
    )


def outline_path(rings: Rings) -> str:
    """Return SVG path data for rings of (longitude, latitude): one closed line for each."""
    lines = (" ".join("{},{}".format(*project(*point)) for point in ring) for ring in rings)
    return "".join(f"M{line}Z" for line in lines if line)


def box_of(points: Iterable[tuple[float, float]]) -> Box | None:
    """Return the smallest box around points of (longitude, latitude), or None without any."""
    listed = list(points)
    if not listed:
        return None
    longitudes, latitudes = zip(*listed, strict=True)
    return Box(min(longitudes), min(latitudes), max(longitudes), max(latitudes))


def box_of_most(clusters: Sequence[Cluster]) -> Box | None:
    """Return the smallest box around nearly all that the clusters count, or None without any.

    A handful of events far away, as every large set has, would shrink all others to a speck.
    """
    if not clusters:
        return None
    west, east = _bounds([(cluster.longitude, cluster.count) for cluster in clusters])
    south, north = _bounds([(cluster.latitude, cluster.count) for cluster in clusters])
    return Box(west, south, east, north)


def _bounds(values: Sequence[tuple[float, int]]) -> tuple[float, float]:
    """Return the least and the greatest value without the outermost of each side, by count."""
    ignored = sum(count for _, count in values) * _FAR_SHARE

    def first(ordered: list[tuple[float, int]]) -> float:
        passed = 0
        for value, count in ordered:
            passed += count
            if passed > ignored:
                return value
        return ordered[-1][0]

    return first(sorted(values)), first(sorted(values, reverse=True))


def centre_of(rings: Rings) -> tuple[float, float]:
    """Return the middle of the largest ring, by area, as (longitude, latitude)."""
    return max((_centroid(ring) for ring in rings), key=lambda found: found[0])[1]


def radius(count: int, largest: int) -> float:
    """Return a circle's radius, so that its area is in proportion to `count`."""
    share = sqrt(count / largest) if largest else 0.0
    return round(max(_LARGEST_RADIUS * share, _SMALLEST_RADIUS), 1)


def circles_of(clusters: Iterable[Cluster], *, hrefs: Sequence[str] = ()) -> tuple[Circle, ...]:
    """Return a circle for each cluster, largest first, so that small ones stay on top."""
    listed = list(clusters)
    largest = max((cluster.count for cluster in listed), default=0)
    circles = []
    for place, cluster in enumerate(listed):
        x, y = project(cluster.longitude, cluster.latitude)
        circles.append(
            Circle(
                x=x,
                y=y,
                radius=radius(cluster.count, largest),
                text=f"{cluster.count:,} around {point_text(cluster.latitude, cluster.longitude)}",
                href=hrefs[place] if hrefs else "",
            )
        )
    return tuple(sorted(circles, key=lambda circle: -circle.radius))


def point_text(latitude: float, longitude: float) -> str:
    """Return a point for people: "51.85° north, 0.95° east"."""
    side = "east" if longitude >= 0 else "west"
    return f"{latitude:.2f}° north, {abs(longitude):.2f}° {side}"


def draw(
    outlines: Mapping[str, Rings],
    *,
    names: Mapping[str, str],
    around: Box | None,
    circles: Sequence[Circle] = (),
    emphasis: Mapping[str, str] | None = None,
    label_share: float = 0.05,
) -> Map | None:
    """Return the map of `around` with a margin: every force area that shows in it, and circles.

    `names` gives the label of an area by its force's code; `emphasis` a modifier of its look;
    `label_share` the size of the labels as a share of the map's width.
    """
    if around is None:
        return None
    tall = max(around.north - around.south, (around.east - around.west) * _EASTING)
    shown = around.grown(max(tall * _MARGIN, 0.05)).shaped()
    left, top = project(shown.west, shown.north)
    right, bottom = project(shown.east, shown.south)
    label_size = max(round((right - left) * label_share), 1)
    looks = emphasis or {}
    areas = (
        _area(
            code=code,
            rings=rings,
            name=names.get(code, ""),
            emphasis=looks.get(code, ""),
            shown=shown,
            label_size=label_size,
        )
        for code, rings in outlines.items()
    )
    return Map(
        view_box=f"{left} {top} {right - left} {bottom - top}",
        box=shown,
        areas=tuple(area for area in areas if area),
        circles=tuple(circles),
        label_size=label_size,
    )


def _area(
    *, code: str, rings: Rings, name: str, emphasis: str, shown: Box, label_size: int
) -> Area | None:
    """Return a force area as it is drawn, or None where nothing of it shows."""
    box = box_of(point for ring in rings for point in ring)
    if box is None or not box.meets(shown):
        return None
    middle = centre_of(rings)
    x, y = project(*middle)
    return Area(
        code=code,
        name=name,
        path=outline_path(rings),
        label_x=x,
        label_y=y,
        is_labelled=_has_room(name, box, middle, shown, label_size),
        emphasis=emphasis,
    )


def _has_room(
    name: str, area: Box, middle: tuple[float, float], shown: Box, label_size: int
) -> bool:
    """Whether a name can stand in its area without being cut off or covering its neighbours."""
    width = len(name) * label_size * _LETTER_WIDTH / UNITS_PER_DEGREE / _EASTING
    half = width / 2
    inner = Box(shown.west + half, shown.south, shown.east - half, shown.north)
    return bool(name) and width * _OVERHANG <= area.east - area.west and inner.holds(*middle)


def _centroid(ring: Sequence[tuple[float, float]]) -> tuple[float, tuple[float, float]]:
    """Return the ring's area in square degrees and its centroid (the shoelace formula)."""
    total = x = y = 0.0
    for (x_a, y_a), (x_b, y_b) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = x_a * y_b - x_b * y_a
        total += cross
        x += (x_a + x_b) * cross
        y += (y_a + y_b) * cross
    if total == 0:
        return 0.0, ring[0]
    return abs(total) / 2, (x / (3 * total), y / (3 * total))
