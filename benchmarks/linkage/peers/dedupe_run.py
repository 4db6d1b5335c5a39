"""Link one data set with dedupe, which needs labels: it is given pairs marked by the truth.

As in its examples every name is a String field and others are Exact or ShortString. The pairs that
a person would mark at the console come from the truth, so it knows more than any other tool here.
"""

import random

import dedupe
import pandas as pd

from benchmarks.linkage.peers.recordlinkage_run import read
from benchmarks.linkage.peers.runner import measured, task

THRESHOLD = 0.5
TRAINING_PAIRS = 300

FIELDS = {
    "febrl": {
        "given_name": "String",
        "surname": "String",
        "date_of_birth": "ShortString",
        "soc_sec_id": "ShortString",
        "street_number": "Exact",
        "postcode": "ShortString",
    },
    "fake": {
        "first_name": "String",
        "surname": "String",
        "dob": "ShortString",
        "city": "ShortString",
        "email": "String",
    },
    "historical": {
        "first_name": "String",
        "surname": "String",
        "dob": "ShortString",
        "postcode_fake": "ShortString",
        "birth_place": "ShortString",
        "occupation": "Exact",
    },
    "pseudopeople": {
        "first_name": "String",
        "last_name": "String",
        "date_of_birth": "ShortString",
        "street_number": "Exact",
        "street_name": "String",
        "sex": "Exact",
    },
    "generated": {
        "forename": "String",
        "surname": "String",
        "dob": "ShortString",
        "postcode": "ShortString",
        "phone": "ShortString",
    },
}
ID = {"febrl": "rec_id"}

Records = dict[str, dict[str, str | None]]


def records(file: str, style: str) -> Records:
    """Return the file's rows by their id, with the truth under `person`."""
    table = read(file)
    table["person"] = (
        table[ID[style]].str.extract(r"^(rec-\d+)") if style in ID else table["cluster"]
    )
    wanted = table[[*FIELDS[style], "person"]].astype(object)
    wanted.index = table[ID.get(style, "unique_id")].astype(str)
    found: Records = wanted.where(wanted.notna(), None).to_dict("index")
    return found


def fields(style: str) -> list[dedupe.variables.base.Variable]:
    """Return how each column is compared."""
    return [
        getattr(dedupe.variables, kind)(name, has_missing=True)
        for name, kind in FIELDS[style].items()
    ]


def main() -> None:
    """Link the files named on the command line; see runner.task."""
    chosen = task()
    random.seed(1)
    tables = [records(file, chosen.style) for file in chosen.files]
    if len(tables) == 1:
        tool = dedupe.Dedupe(fields(chosen.style), num_cores=2)
        marked = dedupe.training_data_dedupe(tables[0], "person", TRAINING_PAIRS)
    else:
        tool = dedupe.RecordLink(fields(chosen.style), num_cores=2)
        marked = dedupe.training_data_link(*tables, "person", TRAINING_PAIRS)
    tool.prepare_training(*tables)
    tool.mark_pairs(marked)
    tool.train(index_predicates=False)
    if len(tables) == 1:
        groups = [ids for ids, _ in tool.partition(tables[0], THRESHOLD)]
    else:
        groups = [ids for ids, _ in tool.join(*tables, THRESHOLD, "one-to-one")]
    everyone = [name for table in tables for name in table]
    cluster = {name: number for number, group in enumerate(groups) for name in group}
    alone = {name: len(groups) + number for number, name in enumerate(everyone)}
    id_column = ID.get(chosen.style, "unique_id")
    labels = [cluster.get(name, alone[name]) for name in everyone]
    pd.DataFrame({id_column: everyone, "cluster_id": labels}).to_parquet(chosen.out)
    measured(threshold=THRESHOLD, id_column=id_column)


if __name__ == "__main__":
    main()
