"""Ask Splink 5 who each of some typed records is: predict_between, one new record at a time."""

import logging
import time

import pyarrow.parquet
from splink import DuckDBAPI

from benchmarks.linkage.peers.runner import Answers, questions
from benchmarks.linkage.peers.splink_run import generated, register, trained


def main() -> None:
    """Answer the questions named on the command line; see runner.questions."""
    chosen = questions()
    logging.getLogger("splink").setLevel(logging.ERROR)
    model = generated()
    api = DuckDBAPI()
    known = register(api, str(chosen.register), "known", model.select)
    linker = trained(model, [known])
    for column in ("forename", "surname", "middle"):
        linker.table_management.compute_tf_table(column)
    asked = pyarrow.parquet.read_table(chosen.asked)
    names = [name for name in asked.column_names if name not in ("cluster", "err", "force")]
    asked = asked.select(names)
    answers = Answers()
    for number in range(len(asked)):
        one = asked.slice(number, 1)
        started = time.perf_counter()
        api.duckdb_con.from_arrow(one).project(model.select).create(f"new_{number}")
        new = api.register(f"new_{number}", dataset_display_name=f"new_{number}")
        predicted = linker.inference.predict_between(known, new, warning_mode="never")
        rows = predicted.as_duckdbpyrelation().project(
            "unique_id_l, unique_id_r, match_probability"
        )
        mine = one["unique_id"][0].as_py()
        found = [(left if right == mine else right, p) for left, right, p in rows.fetchall()]
        seconds = time.perf_counter() - started
        answers.add(seconds, found)
        predicted.drop_table_from_database_and_remove_from_cache()
    answers.write(chosen.out)


if __name__ == "__main__":
    main()
