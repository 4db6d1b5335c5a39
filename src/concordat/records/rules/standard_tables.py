"""Reading the tables of the standard: files of CSV in the folder `standard`, data and not code."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@cache
def table(name: str) -> tuple[Mapping[str, str], ...]:
    """Return the rows of one table by column. Raises FileNotFoundError if there is none."""
    path = files("concordat.records.rules").joinpath("standard", f"{name}.csv")
    return tuple(
        MappingProxyType({column: (cell or "").strip() for column, cell in row.items()})
        for row in csv.DictReader(path.read_text("utf-8").splitlines())
    )


def listed(cell: str) -> tuple[str, ...]:
    """Return the values of a cell that holds several: "suspect|offender"."""
    return tuple(value.strip() for value in cell.split("|") if value.strip())
