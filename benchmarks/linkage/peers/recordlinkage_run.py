"""Link one data set with recordlinkage: its unsupervised classifier (ECM) over exact blocks.

Blocks, comparisons and cut-offs follow the examples of its documentation (febrl: names by
Jaro-Winkler from 0.85, the address by Levenshtein from 0.85, the rest exact). For files that are
not in its documentation they were chosen among a few by F1 on the file itself, which favours it.
It does not cluster: links are joined to connected components.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import recordlinkage
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from benchmarks.linkage.peers.runner import Task, measured, task

THRESHOLD = 0.5


@dataclass(frozen=True)
class Model:
    """Which columns block, and how each is compared."""

    blocks: list[tuple[str, ...]]
    exact: tuple[str, ...]
    names: tuple[str, ...]
    texts: tuple[str, ...] = ()
    unique_id: str = "unique_id"


MODELS = {
    "febrl": Model(
        unique_id="rec_id",
        blocks=[("given_name",), ("surname",), ("date_of_birth",), ("soc_sec_id",)],
        exact=("date_of_birth", "suburb", "state", "soc_sec_id", "postcode"),
        names=("given_name", "surname"),
        texts=("address_1",),
    ),
    "fake": Model(
        blocks=[("first_name",), ("surname",), ("dob",), ("email",)],
        exact=("dob", "city"),
        names=("first_name", "surname"),
        texts=("email",),
    ),
    "historical": Model(
        blocks=[("dob",), ("postcode_fake",)],
        exact=("dob", "postcode_fake", "birth_place", "occupation"),
        names=("first_name", "surname"),
    ),
    "pseudopeople": Model(
        blocks=[
            ("first_name", "last_name"),
            ("date_of_birth",),
            ("last_name", "street_name"),
            ("first_name", "street_name"),
        ],
        exact=("date_of_birth", "middle_initial", "sex", "street_number"),
        names=("first_name", "last_name"),
        texts=("street_name",),
    ),
    "generated": Model(
        blocks=[
            ("surname", "dob"),
            ("forename", "dob"),
            ("postcode", "forename"),
            ("postcode", "surname"),
            ("phone",),
        ],
        exact=("dob", "postcode", "house", "phone", "sex"),
        names=("forename", "surname"),
    ),
}


def read(file: str) -> pd.DataFrame:
    """Read one file with every cell a stripped text, blank ones missing."""
    if file.endswith(".parquet"):
        return pd.read_parquet(file)
    table = pd.read_csv(file, dtype=str, skipinitialspace=True)
    table.columns = table.columns.str.strip()
    return table.apply(lambda column: column.str.strip()).replace("", None)


def candidates(model: Model, tables: list[pd.DataFrame]) -> pd.MultiIndex:
    """Return the pairs of rows that agree on at least one block."""
    indexer = recordlinkage.Index()
    for columns in model.blocks:
        indexer.block(list(columns))
    return indexer.index(*tables)


def compared(model: Model, pairs: pd.MultiIndex, tables: list[pd.DataFrame]) -> pd.DataFrame:
    """Return one row of noughts and ones for each pair: which comparisons agree."""
    comparer = recordlinkage.Compare()
    for name in model.exact:
        comparer.exact(name, name, label=name)
    for name in model.names:
        comparer.string(name, name, method="jarowinkler", threshold=0.85, label=name)
    for name in model.texts:
        comparer.string(name, name, method="levenshtein", threshold=0.85, label=name)
    return comparer.compute(pairs, *tables)


def linked(chosen: Task, model: Model) -> tuple[pd.MultiIndex, np.ndarray]:
    """Write every row with its cluster; return the pairs and their probabilities."""
    tables = [read(file).set_index(model.unique_id, drop=False) for file in chosen.files]
    pairs = candidates(model, tables)
    features = compared(model, pairs, tables)
    classifier = recordlinkage.ECMClassifier(init="jaro", binarize=None)
    classifier.fit(features)
    probabilities = classifier.prob(features).to_numpy()
    rows = pd.concat(tables, ignore_index=True)
    positions = pd.Index(rows[model.unique_id])
    kept = pairs[probabilities >= THRESHOLD]
    ends = [positions.get_indexer(kept.get_level_values(level)) for level in (0, 1)]
    links = coo_array((np.ones(len(kept), dtype=np.int8), ends), shape=(len(rows), len(rows)))
    rows["cluster_id"] = connected_components(links, directed=False)[1]
    rows.to_parquet(chosen.out)
    return pairs, probabilities


def main() -> None:
    """Link the files named on the command line; see runner.task."""
    chosen = task()
    model = MODELS[chosen.style]
    pairs, probabilities = linked(chosen, model)
    measured(threshold=THRESHOLD, id_column=model.unique_id)
    found = {
        "id_left": pairs.get_level_values(0),
        "id_right": pairs.get_level_values(1),
        "score": probabilities,
    }
    pd.DataFrame(found).to_parquet(chosen.pairs)


if __name__ == "__main__":
    main()
