"""The scored pairs, each with the weight of every comparison and the reasons in words."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from concordat.identity.engine.linking import Linkage, bits_of
from concordat.identity.engine.meanings import NAMES, Field, Meaning
from concordat.identity.engine.tables.columns import ColumnMap
from concordat.identity.engine.tables.writing import TableWriter, whole_file

BATCH: Final = 5_000
PRIOR: Final = "Prior"
KIN: Final = "Kin"
EXPLANATION: Final = "explanation"

Explain = Callable[[int, int], Any]
"""Explains a pair of rows: has `bits`, `probability`, `parts` and `words`."""


def pairs_to_review(linkage: Linkage, review: float) -> npt.NDArray[np.int64]:
    """Return the places of the pairs from the review threshold on, the surest first."""
    places = np.flatnonzero(linkage.bits >= bits_of(review))
    order = np.lexsort((linkage.right[places], linkage.left[places], -linkage.bits[places]))
    return places[order]


def to_look_at(linkage: Linkage, review: float, threshold: float) -> int:
    """Return how many pairs are left to a person: likely enough to look at, and kept apart."""
    between = np.logical_and(linkage.bits >= bits_of(review), linkage.bits < bits_of(threshold))
    left, right = linkage.left[between], linkage.right[between]
    return int((linkage.clusters[left] != linkage.clusters[right]).sum())


def borderline(linkage: Linkage, threshold: float, most: int) -> npt.NDArray[np.int64]:
    """Return the places of pairs nearest to the threshold: half above, half below it.

    No row is shown twice, so that one odd record does not fill the list.
    """
    away = linkage.bits - bits_of(threshold)
    shown: set[int] = set()
    chosen: list[int] = []
    for side in (np.flatnonzero(away >= 0), np.flatnonzero(away < 0)):
        nearest = side[np.lexsort((linkage.left[side], np.abs(away[side])))]
        room = most // 2
        for place in nearest.tolist():
            rows = {int(linkage.left[place]), int(linkage.right[place])}
            if room and not rows & shown:
                shown |= rows
                chosen.append(place)
                room -= 1
            if not room:
                break
    places = np.array(chosen, np.int64)
    return places[np.argsort(-away[places], kind="stable")]


def comparisons(columns: ColumnMap) -> list[str]:
    """Return the names of the parts that explanations of these columns can have."""
    meanings = {choice.meaning for choice in columns.used}
    if Meaning.FULL_NAME in meanings:
        meanings |= {field.meaning for field in NAMES}
    return [PRIOR, *(field.label for field in Field if field.meaning in meanings), KIN]


def write_pairs(
    path: Path,
    linkage: Linkage,
    places: npt.NDArray[np.int64],
    *,
    explain: Explain,
    comparisons: Sequence[str],
    progress: Callable[[float], None] | None = None,
) -> None:
    """Write pairs of rows, counted from 1, as CSV or Parquet. Raises UnwritableOutput.

    `comparisons` names the parts of an explanation; each becomes a column of bits, rarity
    included, and together they sum to `bits`. `linked` says whether the two are in one cluster.
    """
    schema = _schema(comparisons)
    with whole_file(path) as stream:
        writer = TableWriter(stream, path, schema)
        for start, batch in _batches(places):
            writer.write(_explained(linkage, batch, explain, comparisons, schema))
            if progress is not None:
                progress((start + len(batch)) / len(places))
        writer.close()


def column_of(comparison: str) -> str:
    """Return the name of the column of bits of a comparison: "bits_date_of_birth"."""
    plain = "".join(letter if letter.isalnum() else "_" for letter in comparison.lower())
    return f"bits_{plain}"


def _schema(comparisons: Sequence[str]) -> pa.Schema:
    return pa.schema(
        [
            ("left_row", pa.int64()),
            ("right_row", pa.int64()),
            ("linked", pa.bool_()),
            ("probability", pa.float64()),
            ("bits", pa.float64()),
            *((column_of(comparison), pa.float64()) for comparison in comparisons),
            (EXPLANATION, pa.string()),
        ]
    )


def _batches(places: npt.NDArray[np.int64]) -> Iterator[tuple[int, npt.NDArray[np.int64]]]:
    for start in range(0, len(places), BATCH):
        yield start, places[start : start + BATCH]


def _explained(
    linkage: Linkage,
    places: npt.NDArray[np.int64],
    explain: Explain,
    comparisons: Sequence[str],
    schema: pa.Schema,
) -> pa.Table:
    left, right = linkage.left[places], linkage.right[places]
    told = [explain(int(one), int(other)) for one, other in zip(left, right, strict=True)]
    weights = [{part.name: part.bits + part.rarity_bits for part in one.parts} for one in told]
    columns: list[Any] = [
        left.astype(np.int64) + 1,
        right.astype(np.int64) + 1,
        linkage.clusters[left] == linkage.clusters[right],
        [round(one.probability, 6) for one in told],
        [round(one.bits, 3) for one in told],
    ]
    columns += [[_rounded(one.get(name)) for one in weights] for name in comparisons]
    columns.append([one.words for one in told])
    arrays = [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
    return pa.table(arrays, schema=schema)


def _rounded(bits: float | None) -> float | None:
    return None if bits is None else round(bits, 3)
