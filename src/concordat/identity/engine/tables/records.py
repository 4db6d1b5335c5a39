"""The parts of a report that show persons' rows: the largest clusters, the borderline pairs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from concordat.identity.engine.linking import Linkage
from concordat.identity.engine.model import Model
from concordat.identity.engine.tables.columns import ColumnMap
from concordat.identity.engine.tables.markup import Cell, Markup, paragraph, section, table, tag
from concordat.identity.engine.tables.measuring import BestThreshold, Measured
from concordat.identity.engine.tables.pairs import Explain, borderline
from concordat.identity.engine.tables.reading import Tables, text_of
from concordat.identity.engine.tables.stages import Stages

BORDERLINE: Final = 20
"""Pairs shown side by side."""

LARGEST: Final = 10
"""Clusters shown in full, as far as `ROWS_SHOWN`."""

ROWS_SHOWN: Final = 12
_LONGEST: Final = 120

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Findings:
    """All that a report tells. `made` says when, in words; `explain` explains a pair of rows."""

    read: Tables
    columns: ColumnMap
    model: Model
    linkage: Linkage
    explain: Explain
    threshold: float
    review: float
    across_only: bool
    stages: Stages
    made: str
    notes: Sequence[str] = ()
    measured: Measured | None = None
    best: BestThreshold | None = None


def largest_clusters(found: Findings) -> Markup:
    """Return the section that shows the largest clusters, row by row."""
    labels, sizes = np.unique(found.linkage.clusters, return_counts=True)
    order = np.lexsort((labels, -sizes))[:LARGEST]
    pieces = []
    for place in order[sizes[order] > 1]:
        members = np.flatnonzero(found.linkage.clusters == labels[place])
        size = int(sizes[place])
        shown = f", the first {ROWS_SHOWN} shown" if size > ROWS_SHOWN else ""
        caption = f"Cluster {int(labels[place]) + 1:,}: {rows_counted(size)}{shown}"
        pieces.append(_members(found, caption, members[:ROWS_SHOWN]))
    if not pieces:
        pieces = [paragraph("No two rows were put together.")]
    else:
        text = "A wrong cluster shows here first: look whether these are one person each."
        pieces.insert(0, paragraph(text))
    return section("The largest clusters", *pieces)


def _members(found: Findings, caption: str, rows: Rows) -> Markup:
    used = [choice.column for choice in found.columns.used]
    values = _values(found, used, rows)
    head = ["Row", *(name.strip() for name in used)]
    several = len(found.read.files) > 1
    body: list[list[Cell]] = []
    for place, row in enumerate(rows.tolist()):
        file = f" ({found.read.files[int(found.read.source[row])].name})" if several else ""
        body.append([f"{row + 1:,}{file}", *(column[place] for column in values)])
    return table(caption, head, body, wide=True)


def borderline_pairs(found: Findings) -> Markup:
    """Return the section that shows the pairs nearest to the threshold, side by side."""
    places = borderline(found.linkage, found.threshold, BORDERLINE)
    pieces = [
        _pair(found, number, int(found.linkage.left[place]), int(found.linkage.right[place]))
        for number, place in enumerate(places, 1)
    ]
    if not pieces:
        return section("Borderline pairs", paragraph("No pair came near the threshold."))
    return section(
        "Borderline pairs",
        paragraph(
            f"The pairs nearest to the threshold of {found.threshold:.0%}, above and below it. "
            "What differs is marked. If you would decide most of them otherwise, move the "
            "threshold."
        ),
        *pieces,
    )


def _pair(found: Findings, number: int, left: int, right: int) -> str:
    told = found.explain(left, right)
    together = found.linkage.clusters[left] == found.linkage.clusters[right]
    verdict = "put together" if together else "kept apart"
    used = [choice.column for choice in found.columns.used]
    values = _values(found, used, np.array([left, right]))
    sides = [[name.strip(), *_marked(*both)] for name, both in zip(used, values, strict=True)]
    reasons: list[list[Cell]] = [
        [part.name, part.level.replace("_", " "), part.bits + part.rarity_bits]
        for part in told.parts
    ]
    reasons.append(["Together", f"{told.probability:.1%}", told.bits])
    heading = f"{number}. {told.probability:.1%}: {verdict}"
    head = ("Column", f"Row {left + 1:,}", f"Row {right + 1:,}")
    return (
        f'<div class="pair">{tag("h3", heading)}{paragraph(told.words)}<div class="sides">'
        + table(f"Pair {number}: what the rows say", head, sides)
        + table(f"Pair {number}: why", ("Compared", "Found", "Bits"), reasons, numbers=(2,))
        + "</div></div>"
    )


def _marked(left: str, right: str) -> tuple[Cell, Cell]:
    if not left or not right or left.strip().lower() == right.strip().lower():
        return left, right
    return Markup(tag("mark", left)), Markup(tag("mark", right))


def _values(found: Findings, columns: Sequence[str], rows: Rows) -> list[list[str]]:
    taken = found.read.table.select(list(columns)).take(pa.array(rows))
    return [[_short(value) for value in text_of(column).to_pylist()] for column in taken.columns]


def _short(value: str | None) -> str:
    text = (value or "").strip()
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def rows_counted(count: int) -> str:
    """Return "1 row" or "2 rows"."""
    return f"{count:,} row" if count == 1 else f"{count:,} rows"
