"""The generated register of the linkage benchmark in the service: files, map and load."""

import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv

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


def person_files(table: pa.Table, folder: Path) -> dict[str, Path]:
    """Write one CSV file for each force; return them by force."""
    from concordat.server.demo.terms import SEVEN_FORCES

    folder.mkdir()
    force = np.asarray(table["force"]).astype(int)
    wanted = table.select(["unique_id", *COLUMNS.values()])
    files = {}
    for number, name in enumerate(SEVEN_FORCES):
        files[name] = folder / f"{name}.csv"
        rows = pa.array(np.flatnonzero(force == number))
        pyarrow.csv.write_csv(wanted.take(rows), files[name])
    return files


def load_register(files: dict[str, Path], *, times: tuple[str, ...] = ("first time",)) -> None:
    """Load every force's file, as often as there are `times`, and print how fast."""
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
    for what in times:
        rows, started = 0, time.perf_counter()
        for force, path in files.items():
            report = load_persons(service, paths=[path], force=force, person_map=person_map)
            rows += report.total.read
        seconds = time.perf_counter() - started
        print(
            f"persons, {what:<12}{rows:>10,} rows {seconds:>8.1f} s {rows / seconds:>8,.0f} rows/s",
            flush=True,
        )
