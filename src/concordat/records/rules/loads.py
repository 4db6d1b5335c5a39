"""Layouts of files that can be loaded, the verdict on each row, and the account of them all."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import StrEnum

from concordat.base.source_files import UnusableFile

STREET_COLUMNS = (
    "Crime ID",
    "Month",
    "Reported by",
    "Falls within",
    "Longitude",
    "Latitude",
    "Location",
    "LSOA code",
    "LSOA name",
    "Crime type",
    "Last outcome category",
    "Context",
)
STOP_SEARCH_COLUMNS = (
    "Type",
    "Date",
    "Part of a policing operation",
    "Policing operation",
    "Latitude",
    "Longitude",
    "Gender",
    "Age range",
    "Self-defined ethnicity",
    "Officer-defined ethnicity",
    "Legislation",
    "Object of search",
    "Outcome",
    "Outcome linked to object of search",
    "Removal of more than just outer clothing",
)


class Layout(StrEnum):
    """The file layouts that can be loaded. Source of the first two: data.police.uk.

    Files of persons have whatever columns their system gave them; a map says what each means.
    """

    STREET = "street"
    STOP_SEARCH = "stop-search"
    PERSONS = "persons"

    @property
    def label(self) -> str:
        """The layout in plain English."""
        return _LABELS[self]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns a file of this layout must have, in any order."""
        return _COLUMNS[self]


_LABELS = {
    Layout.STREET: "Street-level crime",
    Layout.STOP_SEARCH: "Stop and search",
    Layout.PERSONS: "Persons",
}
_COLUMNS = {
    Layout.STREET: STREET_COLUMNS,
    Layout.STOP_SEARCH: STOP_SEARCH_COLUMNS,
    Layout.PERSONS: (),
}


class Verdict(StrEnum):
    """What became of a source row. Every row has exactly one."""

    NEW = "new"
    UNCHANGED = "unchanged"
    CHANGED = "changed"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    QUARANTINED = "quarantined"


@dataclass(kw_only=True)
class Account:
    """How many rows got which verdict. `read` is always their sum."""

    new: int = 0
    unchanged: int = 0
    changed: int = 0
    duplicate: int = 0
    conflict: int = 0
    quarantined: int = 0

    @property
    def read(self) -> int:
        """Rows read, the header and blank lines not counted."""
        return sum(self.verdicts().values())

    def verdicts(self) -> dict[str, int]:
        """Return the count of each verdict by its name."""
        return {part.name: getattr(self, part.name) for part in fields(self)}

    def as_dict(self) -> dict[str, int]:
        """Return what `--json` prints: rows read, then each verdict."""
        return {"read": self.read, **self.verdicts()}

    @classmethod
    def total(cls, accounts: Iterable["Account"]) -> "Account":
        """Return the sum of several accounts."""
        summed = cls()
        for account in accounts:
            for name, count in account.verdicts().items():
                setattr(summed, name, getattr(summed, name) + count)
        return summed


def column_places(layout: Layout, header: list[str], file_name: str) -> list[int]:
    """Return where each of the layout's columns stands in the file, whatever their order.

    Raises UnusableFile naming the columns that are missing.
    """
    names = [name.strip().casefold() for name in header]
    missing = [column for column in layout.columns if column.casefold() not in names]
    if missing:
        raise UnusableFile(
            f"{file_name} is not a {layout.label.lower()} file of data.police.uk: it has no column "
            + ", ".join(f"“{column}”" for column in missing)
            + ". Nothing of it was loaded."
        )
    return [names.index(column.casefold()) for column in layout.columns]
