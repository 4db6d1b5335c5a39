"""Files of persons as some force's old system might write them; nobody in them is real.

Telephone numbers are of the ranges that Ofcom keeps for drama, postcodes of none that is in use.
"""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.files import write_csv

COLUMNS = (
    "NOMINAL_ID",
    "FIRST",
    "MIDDLE",
    "LAST",
    "DOB",
    "SEX",
    "HOUSE",
    "STREET",
    "TOWN",
    "POSTCODE",
    "MOBILE",
    "PNC",
    "AKA",
    "WARN",
    "WARN_DATE",
    "SHOE_SIZE",
)
MAP = """
reference = "NOMINAL_ID"
source = "Invented nominals"

[columns]
forename = "FIRST"
middle_names = "MIDDLE"
surname = "LAST"
date_of_birth = "DOB"
sex = "SEX"
house = "HOUSE"
street = "STREET"
town = "TOWN"
postcode = "POSTCODE"
phones = ["MOBILE"]
pnc_id = "PNC"
aliases = { column = "AKA", separator = ";" }
warning_markers = { column = "WARN", separator = ";", since = "WARN_DATE" }

[dates]
order = "dmy"

[values.sex]
"1" = "male"
"2" = "female"
"""
"""The map of such a file: everything but the size of shoes is read."""

_FORENAMES = ("Ann", "Bob", "Cora", "Dan", "Eve", "Finn", "Gwen", "Hal", "Ida", "Jon", "Kit", "Lea")
_SURNAMES = ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Gorse", "Hazel", "Juniper", "Oak")


def person_row(number: int | str = 1, /, **changes: str) -> list[str]:
    """Return one row; `changes` are by column in lower case: `last="Birch"`."""
    values = {
        "NOMINAL_ID": f"N{number}" if number else "",
        "FIRST": "Ann",
        "MIDDLE": "",
        "LAST": "Alder",
        "DOB": "03/05/1987",
        "SEX": "2",
        "HOUSE": "14",
        "STREET": "Invented Street",
        "TOWN": "Nowhere",
        "POSTCODE": "SS99 9ZZ",
        "MOBILE": "07700 900123",
        "PNC": "",
        "AKA": "",
        "WARN": "",
        "WARN_DATE": "",
        "SHOE_SIZE": "7",
    }
    values.update({key.upper(): value for key, value in changes.items()})
    return [values[column] for column in COLUMNS]


def write_persons(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    """Write rows under their header, gzipped if the name ends in .gz, and return the path."""
    return write_csv(path, rows, columns=COLUMNS)


def invented_rows(count: int, *, seed: int = 1) -> Iterator[list[str]]:
    """Yield rows of different people, each with a reference."""
    chance = random.Random(seed)  # noqa: S311 (no secret)
    for number in range(1, count + 1):
        yield person_row(
            number,
            first=chance.choice(_FORENAMES),
            middle=chance.choice(["", "", *_FORENAMES]),
            last=f"{chance.choice(_SURNAMES)}{chance.choice(['', 'son', 'field', 'ley'])}",
            dob=_day(chance),
            sex=chance.choice("12"),
            house=str(chance.randint(1, 200)),
            mobile=f"07700 900{chance.randint(0, 999):03}" if chance.random() < 0.5 else "",
            warn=chance.choice(["VI", "WE;DR"]) if chance.random() < 0.05 else "",
        )


def _day(chance: random.Random) -> str:
    return f"{chance.randint(1, 28):02}/{chance.randint(1, 12):02}/{chance.randint(1940, 2008)}"
