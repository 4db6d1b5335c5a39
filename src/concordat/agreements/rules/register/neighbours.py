"""Who is whose neighbour: by a common border, or by working together already."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from concordat.agreements.rules.register.picture import Entry

_Outline = Sequence[Sequence[tuple[float, float]]]


def partners(entries: Iterable[Entry]) -> dict[str, frozenset[str]]:
    """Return for each body those with which it is under one text that counts.

    A text of all forces doesn’t count: it would make everybody everybody’s partner.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        if not entry.everybody and entry.weight.shares:
            for body in entry.bodies:
                found[body] |= entry.bodies - {body}
    return {body: frozenset(others) for body, others in found.items()}


def bordering(outlines: Mapping[str, _Outline]) -> dict[str, frozenset[str]]:
    """Return for each force those with a common border: two points that both outlines have.

    Outlines are rings of (longitude, latitude) in which neighbours share their points.
    """
    points = {code: {point for ring in rings for point in ring} for code, rings in outlines.items()}
    return {
        code: frozenset(
            other for other, of_other in points.items() if other != code and len(own & of_other) > 1
        )
        for code, own in points.items()
    }
