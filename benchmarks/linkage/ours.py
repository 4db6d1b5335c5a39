"""Link one data set with our engine as `concordat link` does: read, train, link, write.

The only thing told of a file is what its columns mean; there is one configuration for all of them.
"""

import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet

from benchmarks.linkage.datasets import COLUMNS, read_table
from benchmarks.linkage.peers.runner import measured, task
from concordat.identity.engine import (
    DEFAULT_THRESHOLD,
    Linkage,
    Meaning,
    Model,
    People,
    link,
    train,
)

THRESHOLDS = (0.2, 0.5, 0.7, 0.9, 0.99, 0.999)
MOST_ROWS_AT_OTHER_THRESHOLDS = 2_000_000


def main() -> None:
    """Link the files named on the command line; see runner.task."""
    chosen = task()
    clock = [time.perf_counter()]
    tables = [read_table(Path(file)) for file in chosen.files]
    table = pa.concat_tables(tables)
    across = None
    if len(tables) > 1:
        lengths = [part.num_rows for part in tables]
        across = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    clock.append(time.perf_counter())
    columns = {name: Meaning(meaning) for name, meaning in COLUMNS[chosen.style].items()}
    people = People.from_table(table, columns)
    clock.append(time.perf_counter())
    model = train(people)
    clock.append(time.perf_counter())
    linkage = link(people, model, across=across)
    clock.append(time.perf_counter())
    clusters = pa.array(linkage.clusters)
    pyarrow.parquet.write_table(table.append_column("cluster_id", clusters), chosen.out)
    clock.append(time.perf_counter())
    id_column = table.column_names[0]
    stages = ("read", "standardise", "train", "link", "write")
    seconds = {name: round(s, 3) for name, s in zip(stages, np.diff(clock), strict=True)}
    measured(
        threshold=DEFAULT_THRESHOLD, id_column=id_column, seconds=seconds, stages=linkage.facts
    )
    _write_pairs(table[id_column], linkage, chosen.pairs)
    if len(people) <= MOST_ROWS_AT_OTHER_THRESHOLDS:
        _write_other_thresholds(table[id_column], people, model, across, chosen.pairs)


def _write_pairs(ids: pa.ChunkedArray, linkage: Linkage, path: Path) -> None:
    columns = {
        "id_left": ids.take(pa.array(linkage.left)),
        "id_right": ids.take(pa.array(linkage.right)),
        "score": pa.array(linkage.bits),
    }
    pyarrow.parquet.write_table(pa.table(columns), path)


def _write_other_thresholds(
    ids: pa.ChunkedArray,
    people: People,
    model: Model,
    across: np.ndarray[tuple[int], np.dtype[np.int32]] | None,
    path: Path,
) -> None:
    columns = {"id": ids}
    for threshold in THRESHOLDS:
        found = link(people, model, across=across, threshold=threshold)
        columns[str(threshold)] = pa.chunked_array([found.clusters])
    pyarrow.parquet.write_table(pa.table(columns), path.with_suffix(".thresholds.parquet"))


if __name__ == "__main__":
    main()
