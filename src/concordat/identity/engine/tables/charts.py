"""Charts as inline SVG, readable without colour; each has a title and a description."""

from collections.abc import Sequence
from html import escape
from math import ceil, floor, log10
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

_WIDTH: Final = 960
_HEIGHT: Final = 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 16, 44, 48
_BARS: Final = 64


class Line(NamedTuple):
    """A vertical line at a value, with what is written at it."""

    at: float
    label: str


def histogram(values: npt.NDArray[Any], lines: Sequence[Line], *, title: str, x_label: str) -> str:
    """Return a histogram with a logarithmic count axis: rare scores between two hills stay seen."""
    if not len(values):
        return ""
    least = floor(min(float(values.min()), *(line.at for line in lines)) / 5) * 5
    most = ceil(max(float(values.max()), *(line.at for line in lines)) / 5) * 5
    counts, edges = np.histogram(values, bins=_BARS, range=(least, max(most, least + 5)))
    decades = max(1, ceil(log10(int(counts.max()) + 1)))
    scale = _Scale(float(edges[0]), float(edges[-1]), decades)
    shapes = [*_count_axis(scale), *_value_axis(scale, x_label)]
    for count, start, end in zip(counts, edges, edges[1:], strict=False):
        if count:
            x, y = scale.x(start), scale.y(count)
            width = scale.x(end) - x - 1
            shapes.append(
                f'<rect class="bar" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" '
                f'height="{_HEIGHT - _BOTTOM - y:.1f}"><title>{start:.1f} to {end:.1f} bits: '
                f"{_pairs(int(count))}</title></rect>"
            )
    shapes += _threshold_lines(scale, lines)
    return _svg(title, "".join(shapes))


def bar(share: float) -> str:
    """Return a small bar for a cell of a table; the cell beside it tells the number."""
    width = max(1.0, 200 * share)
    return (
        '<svg class="small" viewBox="0 0 200 12" width="200" height="12" aria-hidden="true">'
        f'<rect class="bar" width="{width:.1f}" height="12"/></svg>'
    )


class _Scale:
    """Where a value and a count lie in the picture."""

    def __init__(self, least: float, most: float, decades: int) -> None:
        self.least, self.most, self.decades = least, most, decades

    def x(self, value: float) -> float:
        share = (value - self.least) / (self.most - self.least)
        return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)

    def y(self, count: float) -> float:
        share = log10(count + 1) / self.decades if count else 0.0
        return _HEIGHT - _BOTTOM - min(1.0, share) * (_HEIGHT - _TOP - _BOTTOM)


def _count_axis(scale: _Scale) -> list[str]:
    shapes = []
    for decade in range(scale.decades + 1):
        count = 10**decade
        y = scale.y(count)
        shapes.append(f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y}" y2="{y}"/>')
        shapes.append(f'<text x="{_LEFT - 8}" y="{y + 5}" text-anchor="end">{count:,}</text>')
    return shapes


def _value_axis(scale: _Scale, label: str) -> list[str]:
    base = _HEIGHT - _BOTTOM
    step = max(5, round((scale.most - scale.least) / 60) * 5)
    shapes = [f'<line class="axis" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{base}" y2="{base}"/>']
    for value in range(ceil(scale.least / step) * step, floor(scale.most) + 1, step):
        written = str(value).replace("-", "−")
        shapes.append(
            f'<text x="{scale.x(value):.1f}" y="{base + 20}" text-anchor="middle">{written}</text>'
        )
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    shapes.append(f'<text x="{middle}" y="{base + 42}" text-anchor="middle">{escape(label)}</text>')
    return shapes


def _threshold_lines(scale: _Scale, lines: Sequence[Line]) -> list[str]:
    shapes = []
    for place, line in enumerate(sorted(lines)):
        x = scale.x(line.at)
        shapes.append(
            f'<line class="threshold" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP - 8}" '
            f'y2="{_HEIGHT - _BOTTOM}"/>'
        )
        first = place == 0 and len(lines) > 1
        anchor, beside = ("end", -6) if first else ("start", 6)
        shapes.append(
            f'<text class="told" x="{x + beside:.1f}" y="{_TOP - 16}" text-anchor="{anchor}">'
            f"{escape(line.label)}</text>"
        )
    return shapes


def _svg(title: str, shapes: str) -> str:
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(title)}">'
        f"{shapes}</svg>"
    )


def _pairs(count: int) -> str:
    return f"{count:,} pair" if count == 1 else f"{count:,} pairs"
