"""Judge what a tool wrote against the truth: the same code for every tool."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from benchmarks.linkage.accuracy import Accuracy, Labels, accuracy_of, best_over_pairs, codes_of
from benchmarks.linkage.datasets import Dataset

STEPS = 24


@dataclass(frozen=True)
class Judgement:
    """How right the clusters are, and how right they could have been at another threshold."""

    clusters: Accuracy
    best_clusters: float | None
    best_pairs: float | None


def judge(dataset: Dataset, *, out: Path, pairs: Path, id_column: str) -> Judgement:
    """Judge a tool's clusters (`out`) and, where it wrote them, its scored pairs.

    Where the pairs' file has clusters at several thresholds (our own), these are judged; else the
    pairs are joined to connected components at several thresholds, as the peers do it.
    """
    ids = dataset.table[id_column].cast(pa.string())
    labels = _labels(ids, out, id_column)
    clusters = accuracy_of(dataset.truth, labels, dataset.sources)
    if not pairs.exists():
        return Judgement(clusters, None, None)
    table = pyarrow.parquet.read_table(pairs)
    left = _rows(ids, table["id_left"])
    right = _rows(ids, table["id_right"])
    scores = table["score"].to_numpy().astype(np.float64)
    best_pairs = best_over_pairs(dataset.truth, left, right, scores, dataset.sources)
    others = pairs.with_suffix(".thresholds.parquet")
    if others.exists():
        found = _written(others, ids)
    else:
        found = _components(left, right, scores, rows=len(ids), true=clusters.true)
    best = max([clusters.f1, *(accuracy_of(dataset.truth, c, dataset.sources).f1 for c in found)])
    return Judgement(clusters, best, best_pairs.f1)


def _labels(ids: pa.ChunkedArray, out: Path, id_column: str) -> Labels:
    table = pyarrow.parquet.read_table(out, columns=[id_column, "cluster_id"])
    at = _rows(table[id_column].cast(pa.string()), ids)
    return codes_of(table["cluster_id"].to_numpy())[at]


def _rows(ids: pa.ChunkedArray, wanted: pa.ChunkedArray) -> Labels:
    """Return the row of each wanted id. Raises ValueError when one is not there."""
    at = pc.index_in(wanted.cast(pa.string()), value_set=ids.combine_chunks())
    if at.null_count:
        raise ValueError(f"{at.null_count:,} rows of the result are not in the data")
    rows: Labels = at.to_numpy().astype(np.int64)
    return rows


def _written(path: Path, ids: pa.ChunkedArray) -> list[Labels]:
    table = pyarrow.parquet.read_table(path)
    at = _rows(table["id"].cast(pa.string()), ids)
    names = [name for name in table.column_names if name != "id"]
    return [codes_of(table[name].to_numpy())[at] for name in names]


def _components(
    left: Labels, right: Labels, scores: npt.NDArray[np.float64], *, rows: int, true: int
) -> list[Labels]:
    """Return connected components when the best quarter to four times `true` pairs are kept."""
    if len(scores) == 0:
        return []
    descending = -np.sort(-scores)
    kept_at = np.minimum(np.geomspace(max(1, true // 4), 4 * true, STEPS), len(scores)).astype(int)
    found = []
    for threshold in np.unique(descending[kept_at - 1]):
        kept = scores >= threshold
        links = coo_array(
            (np.ones(int(kept.sum()), dtype=np.int8), (left[kept], right[kept])), shape=(rows, rows)
        )
        found.append(connected_components(links, directed=False)[1].astype(np.int64))
    return found
