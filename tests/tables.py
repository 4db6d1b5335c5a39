"""Tables of invented persons, some of them twice, for the commands that take any table."""

import csv
import random
from pathlib import Path
from typing import NamedTuple

FORENAMES = (
    "Zoë", "Robert", "Ann", "Winston", "Priya", "Gareth", "Mohammed", "Ewa", "Terence", "Siobhan",
    "Kwame", "Elizabeth", "Piotr", "Harriet", "Dilip", "Maureen", "Callum", "Beatrice", "Owen",
    "Yasmin", "Frederick", "Ngozi", "Alastair", "Margaret",
)  # fmt: skip
SURNAMES = (
    "O’Brien", "Featherstone", "Okafor", "Llewellyn", "Patel", "Smith", "Begum", "Wright",
    "Ashdown", "Kowalska", "Thackeray", "Mensah", "Pemberton", "Quigley", "Rahman", "Sotheby",
    "Trevithick", "Underhill", "Vaughan", "Whitlock", "Yardley", "Abernethy", "Blenkinsop",
    "Cholmondeley",
)  # fmt: skip
HEADER = ("Given Nm", "Family Name", "Born", "Tel", "who", "Remarks")
SHORT = {"Robert": "Bob", "Elizabeth": "Liz", "Margaret": "Peggy", "Frederick": "Fred"}


class Row(NamedTuple):
    """One row: columns are called otherwise than ours, days are written as 03/05/87."""

    forename: str
    surname: str
    born: str
    phone: str
    who: str
    remarks: str


def invented(persons: int) -> list[Row]:
    """Return the rows of so many persons, every third of them twice with errors, shuffled."""
    choose = random.Random(3)  # noqa: S311 (the same persons every time)
    rows = []
    for person in range(persons):
        day, month, year = choose.randint(1, 28), choose.randint(1, 12), choose.randint(30, 99)
        row = Row(
            choose.choice(FORENAMES),
            choose.choice(SURNAMES),
            f"{day:02}/{month:02}/{year:02}",
            f"07700 9{choose.randint(0, 99_999):05}",
            f"P{person}",
            "a, <b>remark</b>",
        )
        rows.append(row)
        if person % 3 == 0:
            twice = _with_error(row, choose)
            rows.append(_with_error(twice, choose) if person % 2 == 0 else twice)
    choose.shuffle(rows)
    return rows


def write_rows(path: Path, rows: list[Row]) -> Path:
    """Write rows as CSV under their header and return the path."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(rows)
    return path


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file by their columns."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _with_error(row: Row, choose: random.Random) -> Row:
    kind = choose.randrange(4)
    if kind == 0:
        return row._replace(forename=SHORT.get(row.forename, row.forename[:-1] + "x"))
    if kind == 1:
        return row._replace(phone="")
    if kind == 2:
        return row._replace(born=row.born[:-1] + str((int(row.born[-1]) + 1) % 10))
    return row._replace(surname=row.surname[:2] + row.surname[3:])
