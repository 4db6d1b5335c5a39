"""The files of the benchmark: where they are, what their columns mean, which rows are one person.

Every tool reads the same files itself. What is said here of a file is only the meaning of its
columns, which is all that our engine is told, and the truth, which no tool is shown.
"""

import os
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from benchmarks.linkage.accuracy import Labels, codes_of

CACHE = Path(".cache/bench")

COLUMNS: dict[str, dict[str, str]] = {
    "historical": {
        "first_name": "forename",
        "surname": "surname",
        "dob": "date_of_birth",
        "gender": "sex",
        "postcode_fake": "postcode",
        "birth_place": "birth_place",
        "occupation": "occupation",
    },
    "fake": {
        "first_name": "forename",
        "surname": "surname",
        "dob": "date_of_birth",
        "city": "town",
        "email": "email",
    },
    "febrl": {
        "given_name": "forename",
        "surname": "surname",
        "street_number": "house",
        "address_1": "street",
        "address_2": "street",
        "suburb": "town",
        "postcode": "postcode",
        "state": "region",
        "date_of_birth": "date_of_birth",
        "soc_sec_id": "identifier",
    },
    "pseudopeople": {
        "first_name": "forename",
        "middle_initial": "middle_names",
        "last_name": "surname",
        "date_of_birth": "date_of_birth",
        "sex": "sex",
        "street_number": "house",
        "street_name": "street",
        "city": "town",
        "state": "region",
        "zipcode": "postcode",
    },
    "generated": {
        "forename": "forename",
        "middle": "middle_names",
        "surname": "surname",
        "dob": "date_of_birth",
        "sex": "sex",
        "postcode": "postcode",
        "house": "house",
        "phone": "phone",
    },
}
"""What is told of each kind of file: column name to the engine's Meaning."""


@dataclass(frozen=True)
class Dataset:
    """One task: to find who is who within one file, or between two."""

    name: str
    files: tuple[Path, ...]
    style: str
    """Which columns it has, so which settings every tool uses for it."""

    @property
    def columns(self) -> dict[str, str]:
        """Column name to the engine's Meaning."""
        return COLUMNS[self.style]

    @property
    def between_files(self) -> bool:
        """Whether only pairs with one row in each file are looked for."""
        return len(self.files) > 1

    @cached_property
    def table(self) -> pa.Table:
        """Every row as text, the files one after the other."""
        return pa.concat_tables([read_table(file) for file in self.files])

    @cached_property
    def sources(self) -> Labels | None:
        """The number of the file each row is from; None within one file."""
        if not self.between_files:
            return None
        lengths = [read_table(file).num_rows for file in self.files]
        return np.repeat(np.arange(len(lengths), dtype=np.int64), lengths)

    @cached_property
    def truth(self) -> Labels:
        """One label for each row: rows with the same label are the same person."""
        if self.style == "febrl":
            persons = pc.extract_regex(self.table["rec_id"], r"^(?P<person>rec-\d+)-")
            return codes_of(pc.struct_field(persons, "person").to_numpy())
        return codes_of(self.table["cluster"].to_numpy())


def read_table(path: Path) -> pa.Table:
    """Read a CSV or Parquet file; a CSV's every cell is text, stripped, and null when blank."""
    if path.suffix == ".parquet":
        return pyarrow.parquet.read_table(path)
    with path.open(encoding="utf-8") as lines:
        header = lines.readline().rstrip("\r\n").split(",")
    table = pyarrow.csv.read_csv(
        path,
        convert_options=pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(header, pa.string())),
    )
    stripped = [pc.utf8_trim_whitespace(column) for column in table.columns]
    filled = [pc.if_else(pc.equal(column, ""), None, column) for column in stripped]
    return pa.table(filled, names=[name.strip() for name in header])


def data_sets(data: Path) -> dict[str, Dataset]:
    """Return the sets of labelled files in the folder `data`, smallest first.

    Raises SystemExit, with what to do, when the folder is not there.
    """
    if not (data / "fake_1000.csv").exists():
        message = (
            f"There is no labelled data in {data.resolve()}. Name the folder that has "
            "fake_1000.csv and the others: make bench-linkage DATA=folder"
        )
        raise SystemExit(message)

    def one(name: str, style: str, *files: str) -> Dataset:
        return Dataset(name, tuple(data / file for file in files), style)

    found = [
        one("fake_1000", "fake", "fake_1000.csv"),
        one("febrl1", "febrl", "febrl_dataset1.csv"),
        one("febrl2", "febrl", "febrl_dataset2.csv"),
        one("febrl3", "febrl", "febrl_dataset3.csv"),
        one("febrl4", "febrl", "febrl_dataset4a.csv", "febrl_dataset4b.csv"),
        one("pseudopeople", "pseudopeople", "pseudopeople_4src.parquet"),
        one("historical", "historical", "historical_figures_with_errors_50k.parquet"),
    ]
    return {found.name: found for found in found}


def generated(rows: int, *, generator: Path, python: Path, seed: int = 7) -> Dataset:
    """Return a register of `rows` invented persons, made once and then kept under the cache.

    Raises SystemExit when the generator is missing, CalledProcessError when it fails.
    """
    kept = CACHE / f"generated_{rows}_{seed}.parquet"
    if not kept.exists():
        if not generator.exists():
            message = (
                f"There is no generator at {generator.resolve()}: make bench-linkage GENERATOR=file"
            )
            raise SystemExit(message)
        CACHE.mkdir(parents=True, exist_ok=True)
        unfinished = kept.with_suffix(".part")
        print(f"Making {rows:,} invented rows once …", flush=True)
        subprocess.run(
            [python, generator, str(rows), unfinished, str(seed)],
            check=True,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "PANDAS_FUTURE_INFER_STRING": "0"},
        )
        unfinished.rename(kept)
    return Dataset(f"generated {size_name(rows)}", (kept,), "generated")


def split_for_questions(dataset: Dataset, questions: int, *, seed: int = 1) -> tuple[Path, Path]:
    """Take some damaged records out of a generated register; return the files of the rest and them.

    Each question's person has its first, undamaged record in the register that remains.
    """
    known = CACHE / f"{dataset.files[0].stem}_register.parquet"
    asked = CACHE / f"{dataset.files[0].stem}_questions.parquet"
    table = dataset.table
    damaged = np.flatnonzero(table["err"].to_numpy(zero_copy_only=False) != "base")
    chosen = np.random.default_rng(seed).choice(damaged, questions, replace=False)
    stays = np.ones(table.num_rows, dtype=bool)
    stays[chosen] = False
    pyarrow.parquet.write_table(table.filter(pa.array(stays)), known)
    pyarrow.parquet.write_table(table.take(pa.array(chosen)), asked)
    return known, asked


def size_name(rows: int) -> str:
    """Return 50k, 1m and so on."""
    million = 1_000_000
    return f"{rows // million}m" if rows >= million else f"{rows // 1_000}k"
