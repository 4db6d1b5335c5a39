"""Measure, now and on this machine: persons loaded, resolved in bulk, and asked after one by one.

The persons are the generated register of the linkage benchmark, dealt out to the seven forces as
its column `force` says. Everything happens in an installation that is thrown away afterwards.
"""

import argparse
import random
import sys
import time
from pathlib import Path

import pyarrow as pa

from benchmarks.installation import officer_of_essex, percentiles, thrown_away
from benchmarks.linkage.datasets import generated
from benchmarks.register import COLUMNS, load_register, person_files

QUESTIONS = 300


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
        load_register(person_files(table, home / "files"), times=("first time", "again"))
        actor = officer_of_essex()
        _resolve()
        _ask(actor, table)
    return 0


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
