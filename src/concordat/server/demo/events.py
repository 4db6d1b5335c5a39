"""The invented events of the sample world, written as the monthly files that forces publish.

They come in through the same door as real files, so that load reports, conflicts, corrections and
the quarantine have something to show.
"""

import csv
import hashlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from random import Random

from concordat.base.clock import LONDON
from concordat.records.rules.loads import STOP_SEARCH_COLUMNS, STREET_COLUMNS
from concordat.records.rules.source_rows import ASB_CRIME_TYPE
from concordat.records.rules.vocabulary import (
    CRIME_TYPES,
    OBJECTS_OF_SEARCH,
    STOP_SEARCH_OUTCOMES,
)

_SEED = 20121121
_MONTHS = 12
_PER_MONTH = {
    "bedfordshire": ("Bedfordshire Police", 105),
    "cambridgeshire": ("Cambridgeshire Constabulary", 130),
    "essex": ("Essex Police", 270),
    "hertfordshire": ("Hertfordshire Constabulary", 165),
    "kent": ("Kent Police", 300),
    "norfolk": ("Norfolk Constabulary", 110),
    "suffolk": ("Suffolk Constabulary", 85),
}
_FIRST = [
    "Applegarth",
    "Barleycorn",
    "Candlewick",
    "Drovers",
    "Eelcatcher",
    "Foxglove",
    "Gooseberry",
    "Hollyhock",
    "Ironmonger",
    "Jackdaw",
    "Kingfisher",
    "Lamplighter",
    "Maltings",
    "Nightjar",
    "Otterburn",
    "Peppercorn",
    "Quince",
    "Ropewalk",
    "Saltpan",
    "Tollgate",
    "Undercliff",
    "Vinegar",
    "Wherry",
    "Yarrow",
]
_SECOND = ["Street", "Road", "Lane", "Close", "Avenue", "Way", "Drive", "Row", "Hill", "Green"]
_OPEN = "Under investigation"
_OUTCOMES = (
    "Investigation complete; no suspect identified",
    "Unable to prosecute suspect",
    "Local resolution",
    "Awaiting court outcome",
    "Offender given a caution",
)
_WEIGHTS = {"Violence and sexual offences": 9, ASB_CRIME_TYPE: 6, "Criminal damage and arson": 3,
            "Shoplifting": 4, "Vehicle crime": 3, "Burglary": 2, "Public order": 3}  # fmt: skip

Row = list[str]


def write_files(folder: Path, *, until: date, scale: int = 1) -> tuple[list[Path], list[Path]]:
    """Write a year of street files and of stop-and-search files, and return their paths.

    `scale` multiplies the number of rows.
    """
    world = _World(scale)
    street, stop_search = [], []
    for month in _months(until):
        for force in _PER_MONTH:
            rows = list(world.street_rows(force, month, until))
            street.append(_write(folder, f"{month}-{force}-street.csv", STREET_COLUMNS, rows))
            rows = list(world.stop_search_rows(force, month, until))
            name = f"{month}-{force}-stop-and-search.csv"
            stop_search.append(_write(folder, name, STOP_SEARCH_COLUMNS, rows))
    _add_faults(street[-len(_PER_MONTH) + 2])
    return street, stop_search


def write_later_files(folder: Path, street: Sequence[Path]) -> list[Path]:
    """Write files of past months as they are supplied again later: some outcomes have changed."""
    random = Random(_SEED + 1)  # noqa: S311 (invented data, not secrets)
    again = folder / "supplied again"
    again.mkdir()
    written = []
    for path in street[: 3 * len(_PER_MONTH)]:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))[1:]
        outcome = STREET_COLUMNS.index("Last outcome category")
        for row in rows:
            if row[outcome] == _OPEN and random.random() < 0.3:  # noqa: PLR2004
                row[outcome] = random.choice(_OUTCOMES)
        written.append(_write(again, path.name, STREET_COLUMNS, rows))
    return written


class _World:
    """Seeded invention of places and events."""

    def __init__(self, scale: int) -> None:
        self._scale = scale
        self._random = Random(_SEED)  # noqa: S311 (invented data, not secrets)
        self._number = 0
        self._places: dict[str, list[Row]] = {force: [] for force in _PER_MONTH}
        source = files("concordat.organisations") / "reference" / "district_centres.csv"
        for row in csv.DictReader(source.read_text(encoding="utf-8").splitlines()):
            self._places[row["force"]] += list(self._streets(row))

    def _streets(self, district: dict[str, str]) -> Iterator[Row]:
        """Yield some invented streets of a district: longitude, latitude, location, LSOA."""
        for number in range(1, 13):
            longitude = float(district["longitude"]) + self._random.gauss(0, 0.03)
            latitude = float(district["latitude"]) + self._random.gauss(0, 0.02)
            name = f"{district['name']} {number:03d}{self._random.choice('ABCDE')}"
            digits = int(hashlib.sha256(name.encode()).hexdigest(), 16) % 10_000
            named = f"{self._random.choice(_FIRST)} {self._random.choice(_SECOND)}"
            street = "High Street" if number == 1 else named
            yield [
                f"{longitude:.6f}", f"{latitude:.6f}", f"On or near {street}",
                f"E0109{digits:04d}", name,
            ]  # fmt: skip

    def street_rows(self, force: str, month: str, until: date) -> Iterator[Row]:
        """Yield a month of one force's crimes and anti-social behaviour."""
        name, count = _PER_MONTH[force]
        types = list(CRIME_TYPES)
        weights = [_WEIGHTS.get(kind, 1) for kind in types]
        recent = month >= f"{until - timedelta(days=60):%Y-%m}"
        for _ in range(count * self._scale):
            kind = self._random.choices(types, weights)[0]
            is_asb = kind == ASB_CRIME_TYPE
            still_open = recent or self._random.random() < 0.25  # noqa: PLR2004
            outcome = _OPEN if still_open else self._random.choice(_OUTCOMES)
            yield [
                "" if is_asb else self._identity(), month, name, name, *self._place(force), kind,
                "" if is_asb else outcome, "",
            ]  # fmt: skip

    def stop_search_rows(self, force: str, month: str, until: date) -> Iterator[Row]:
        """Yield a month of one force's stop and searches, none of them in the future."""
        _, count = _PER_MONTH[force]
        first = date.fromisoformat(f"{month}-01")
        days = min(28, (until - first).days)
        for _ in range(count * self._scale // 12 if days > 0 else 0):
            at = datetime(first.year, first.month, 1, tzinfo=LONDON) + timedelta(
                days=self._random.randrange(days), minutes=self._random.randrange(1440)
            )
            longitude, latitude, *_ = self._place(force)
            yield [
                self._random.choice(("Person search", "Person and Vehicle search")),
                at.isoformat(), "False", "", latitude, longitude,
                self._random.choice(("Male", "Female")),
                self._random.choice(("10-17", "18-24", "25-34", "over 34")), "", "",
                "Police and Criminal Evidence Act 1984 (section 1)",
                self._random.choice(OBJECTS_OF_SEARCH[:9]),
                self._random.choice(STOP_SEARCH_OUTCOMES), "", "False",
            ]  # fmt: skip

    def _place(self, force: str) -> Row:
        """Return a place of the force; once in sixty times one over its border, or none."""
        luck = self._random.random()
        if luck < 1 / 60:
            force = self._random.choice([other for other in _PER_MONTH if other != force])
        if luck > 0.98:  # noqa: PLR2004
            return ["", "", "No Location", "", ""]
        return self._random.choice(self._places[force])

    def _identity(self) -> str:
        self._number += 1
        return hashlib.sha256(f"invented event {self._number}".encode()).hexdigest()


def _add_faults(path: Path) -> None:
    """Put into one file what real files hold: a contradiction, and rows that can't be read."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    crimes = [row for row in rows if row[0]]
    contradiction = [*crimes[0][:9], "Robbery", "Awaiting court outcome", ""]
    no_month = [crimes[1][0][::-1], "someday", *crimes[1][2:]]
    half_a_point = [crimes[2][0][::-1], *crimes[2][1:4], "", *crimes[2][5:]]
    _write(path.parent, path.name, header, [*rows, contradiction, no_month, half_a_point])


def _months(until: date) -> list[str]:
    months = []
    day = until.replace(day=1)
    for _ in range(_MONTHS):
        months.append(f"{day:%Y-%m}")
        day = (day - timedelta(days=1)).replace(day=1)
    return sorted(months)


def _write(folder: Path, name: str, columns: Sequence[str], rows: Sequence[Row]) -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
    return path
