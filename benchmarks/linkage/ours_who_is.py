"""Ask our engine, used as a library, who each of some typed records is, one after the other."""

import time

import pyarrow.parquet

from benchmarks.linkage.datasets import COLUMNS
from benchmarks.linkage.peers.runner import Answers, questions
from concordat.identity.engine import Index, Meaning, People, features_of, train


def main() -> None:
    """Answer the questions named on the command line; see runner.questions."""
    chosen = questions()
    table = pyarrow.parquet.read_table(chosen.register)
    columns = {name: Meaning(meaning) for name, meaning in COLUMNS["generated"].items()}
    people = People.from_table(table, columns)
    index = Index(people, train(people))
    ids = table["unique_id"].to_numpy()
    asked = pyarrow.parquet.read_table(chosen.asked, columns=list(columns)).to_pylist()
    answers = Answers()
    index.who_is(features_of({Meaning.SURNAME: "warm", Meaning.FORENAME: "up"}))
    for row in asked:
        values = {columns[name]: text for name, text in row.items() if text}
        started = time.perf_counter()
        found = index.who_is(features_of(values), limit=10)
        seconds = time.perf_counter() - started
        answers.add(seconds, [(int(ids[one.row]), one.probability) for one in found])
    answers.write(chosen.out)


if __name__ == "__main__":
    main()
