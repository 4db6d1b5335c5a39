"""Measure, now and on this machine: persons loaded, resolved in bulk, and asked after one by one.

The persons are the generated register of the linkage benchmark, dealt out to the seven forces as
its column `force` says. Everything happens in an installation that is thrown away afterwards.
"""

import argparse
import random
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv

from benchmarks.installation import officer_of_essex, percentiles, thrown_away
from benchmarks.linkage.datasets import generated

QUESTIONS = 300
COLUMNS = {
    "forename": "forename",
    "middle_names": "middle",
    "surname": "surname",
    "date_of_birth": "dob",
    "sex": "sex",
    "postcode": "postcode",
    "house": "house",
    "phones": "phone",
}


def main() -> int:
    """Run the benchmark; exit code 0 unless something failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument(
        "--generator", type=Path, default=Path("../shared/prototypes/gen_persons.py")
    )
    parser.add_argument("--python", type=Path, default=Path(".venv-bench/bin/python"))
    chosen = parser.parse_args()
    table = generated(chosen.rows, generator=chosen.generator, python=chosen.python).table
    with thrown_away() as home:
        _load(_files(table, home / "files"))
        actor = officer_of_essex()
        _resolve()
        _ask(actor, table)
    return 0


def _files(table: pa.Table, folder: Path) -> dict[str, Path]:
    """Write one CSV file for each force; return them by force."""
    from concordat.server.demo.sharing import SEVEN_FORCES

    folder.mkdir()
    force = np.asarray(table["force"]).astype(int)
    wanted = table.select(["unique_id", *COLUMNS.values()])
    files = {}
    for number, name in enumerate(SEVEN_FORCES):
        files[name] = folder / f"{name}.csv"
        rows = pa.array(np.flatnonzero(force == number))
        pyarrow.csv.write_csv(wanted.take(rows), files[name])
    return files


def _load(files: dict[str, Path]) -> None:
    from concordat.base.actor import Actor
    from concordat.records.actions import load_persons
    from concordat.records.rules.person_maps import read_map

    lists = ("phones",)
    columns = [
        f'{target} = ["{column}"]' if target in lists else f'{target} = "{column}"'
        for target, column in COLUMNS.items()
    ]
    person_map = read_map("\n".join(['reference = "unique_id"', "[columns]", *columns]))
    service = Actor.service(reason="benchmark")
    for what in ("first time", "again"):
        rows, started = 0, time.perf_counter()
        for force, path in files.items():
            report = load_persons(service, paths=[path], force=force, person_map=person_map)
            rows += report.total.read
        seconds = time.perf_counter() - started
        print(
            f"persons, {what:<12}{rows:>10,} rows {seconds:>8.1f} s {rows / seconds:>8,.0f} rows/s",
            flush=True,
        )


def _resolve() -> None:
    from concordat.base.actor import Actor
    from concordat.identity.actions import rebuild, resolve_all

    service = Actor.service(reason="benchmark")
    started = time.perf_counter()
    resolve_all(service)
    print(f"identity resolve {time.perf_counter() - started:>31.1f} s", flush=True)
    started = time.perf_counter()
    told = rebuild(service)
    print(f"identity rebuild {time.perf_counter() - started:>31.1f} s   {told}", flush=True)


def _ask(actor: object, table: pa.Table) -> None:
    from concordat.base.actor import Actor
    from concordat.identity.engine import Meaning
    from concordat.identity.queries import who_is

    assert isinstance(actor, Actor)
    chosen = random.Random(1).sample(range(table.num_rows), QUESTIONS)  # noqa: S311 - a sample
    meanings = {
        column: Meaning(target.removesuffix("s") if target == "phones" else target)
        for target, column in COLUMNS.items()
    }
    taken = []
    for row in table.take(chosen).to_pylist():
        partial = {meanings[column]: row[column] for column in meanings if row[column]}
        start = time.perf_counter()
        who_is(actor, partial=partial)
        taken.append((time.perf_counter() - start) * 1000)
    print(f"who_is, {QUESTIONS} questions, as an Essex officer (ms){percentiles(taken[10:])}")


if __name__ == "__main__":
    sys.exit(main())
