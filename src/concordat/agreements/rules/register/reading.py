"""Reading one row of a register of agreements that others keep, as CSV, in its own words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from concordat.agreements.rules.terms import FEWEST_PARTIES

COLUMNS: Final = (
    "row_id",
    "function",
    "parties",
    "lead_force",
    "event",
    "date",
    "date_precision",
    "note",
    "source_url",
)
"""The columns of a register’s file. The first three and `event` must be there."""

EVERYBODY: Final = "all forces"
"""What stands in `parties` where a register means every force there is."""

LONGEST: Final = 2_000
"""Characters that one field may have."""

_NEEDED = ("row_id", "function", "parties", "event")
_NAMESPACE = uuid5(NAMESPACE_URL, "concordat:register")


class UnreadableRow(Exception):
    """A row can’t be understood; the message says why, for whoever corrects it."""


class Precision(StrEnum):
    """How exactly a register knows a date."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    UNKNOWN = "not shown"


class Happening(StrEnum):
    """What one row says happened to an agreement."""

    ESTABLISHED = "established"
    FRAMEWORK = "framework"
    ANNOUNCED = "announced"
    AGREED = "agreed"
    INTERIM = "interim"
    RENEWED = "renewed"
    VARIED = "varied"
    PARTY_ADDED = "party_added"
    PARTY_LEFT = "party_left"
    LEAD_CHANGED = "lead_changed"
    TERMINATED = "terminated"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The happening in plain English."""
        return _LABELS[self]


_LABELS = {
    Happening.ESTABLISHED: "Established",
    Happening.FRAMEWORK: "Framework agreed",
    Happening.ANNOUNCED: "Announced",
    Happening.AGREED: "Agreed",
    Happening.INTERIM: "Interim",
    Happening.RENEWED: "Renewed",
    Happening.VARIED: "Varied",
    Happening.PARTY_ADDED: "Party added",
    Happening.PARTY_LEFT: "Party left",
    Happening.LEAD_CHANGED: "Lead changed",
    Happening.TERMINATED: "Terminated",
    Happening.OTHER: "Recorded",
}

# Words of the registers seen so far. A renewal or variation that "commences" establishes nothing
# new, so the last line counts only where no other does.
_SAID: Final = (
    (Happening.TERMINATED, re.compile(r"\bterminat|\bdissolved\b|\bcease[sd]?\b")),
    (Happening.RENEWED, re.compile(r"\brenew")),
    (Happening.VARIED, re.compile(r"\bvariation\b|\bvaried\b|\bupdated\b|\bamended\b")),
    (Happening.PARTY_ADDED, re.compile(r"\badded\b|\bjoin(s|ed)\b")),
    (Happening.PARTY_LEFT, re.compile(r"\bleaves\b|\bleft\b|\bwithdr(aws|ew)\b|\bremoved\b")),
    (Happening.LEAD_CHANGED, re.compile(r"\blead (moves|moved|changes|changed|passes)\b")),
    (Happening.INTERIM, re.compile(r"\binterim\b")),
    (Happening.FRAMEWORK, re.compile(r"\bframework\b")),
    (Happening.ANNOUNCED, re.compile(r"\bannounced\b")),
    (Happening.AGREED, re.compile(r"\bsign(ed|ature)\b|\bapproved\b|\bagreement (dated|v\d)")),
)
_BEGINS = re.compile(r"\bestablish|\blive\b|\bcommence|\bbeg(ins|an)\b|\bstart(s|ed)\b")


@dataclass(frozen=True, kw_only=True)
class RegisterWords:
    """One row of a register, in the words of its source."""

    row_id: str
    function: str
    parties: str
    lead: str = ""
    event: str = ""
    date: str = ""
    precision: str = ""
    note: str = ""
    source_url: str = ""


@dataclass(frozen=True, kw_only=True)
class RegisterDate:
    """When something happened, as exactly as it is known.

    `first` is the first day it may have been, None where no date is known. `of` says what the date
    is the date of, where not of the event itself: "published", "version".
    """

    first: date | None
    precision: Precision
    of: str = ""


def row_uuid(source_file: str, row_id: str) -> UUID:
    """Return the id of a row: the same on every installation."""
    return uuid5(_NAMESPACE, f"{source_file}\n{row_id}")


def column_places(header: Sequence[str]) -> dict[str, int]:
    """Return where each known column stands. Raises UnreadableRow naming those that are missing."""
    places = {name.strip().lower(): place for place, name in enumerate(header)}
    missing = [name for name in _NEEDED if name not in places]
    if missing:
        raise UnreadableRow(f"the header lacks {', '.join(missing)}")
    return {name: places[name] for name in COLUMNS if name in places}


def read_row(cells: Sequence[str], *, places: Mapping[str, int], width: int) -> RegisterWords:
    """Return a row’s words, spaces tidied. `width` is how many cells the header has.

    Unknown forces and unknown dates are fine: they stay words. Raises UnreadableRow for a row
    without its identifier, function, event or parties, and for dates that contradict themselves.
    """
    if len(cells) != width:
        raise UnreadableRow(f"it has {len(cells)} fields where the header has {width}")
    told = {name: " ".join(cells[place].split()) for name, place in places.items()}
    for name in _NEEDED:
        if not told[name]:
            raise UnreadableRow(f"its {name} is empty")
    for name, value in told.items():
        if len(value) > LONGEST:
            raise UnreadableRow(f"its {name} is longer than {LONGEST:,} characters")
    named = len(party_words(told["parties"]))
    if named < FEWEST_PARTIES and told["parties"].lower() != EVERYBODY:
        raise UnreadableRow("it names fewer than two parties; they are divided by “|”")
    words = RegisterWords(
        row_id=told["row_id"],
        function=told["function"],
        parties=told["parties"],
        lead=told.get("lead_force", ""),
        event=told["event"],
        date=told.get("date", ""),
        precision=told.get("date_precision", ""),
        note=told.get("note", ""),
        source_url=told.get("source_url", ""),
    )
    read_date(words.date, words.precision)
    return words


def party_words(parties: str) -> list[str]:
    """Return the parties of a row as they are written, each once."""
    return list(dict.fromkeys(name for part in parties.split("|") if (name := part.strip())))


def read_date(text: str, precision: str) -> RegisterDate:
    """Return a date with its precision: “2011-04” and “month”; nothing and “not shown”.

    `precision` may say in brackets what the date is of, as in “day (published)”, and may be left
    out. Raises UnreadableRow where it isn’t a date, or is more or less exact than it claims.
    """
    word, _, of = precision.lower().partition("(")
    claimed = word.strip()
    if claimed and claimed not in set(Precision):
        raise UnreadableRow(
            f"its date_precision is “{precision}”, not one of {', '.join(Precision)}"
        )
    if not text:
        if claimed and claimed != Precision.UNKNOWN:
            raise UnreadableRow(f"it claims to know the {claimed} but gives no date")
        return RegisterDate(first=None, precision=Precision.UNKNOWN)
    first, found = _day(text)
    if claimed and claimed != found:
        raise UnreadableRow(f"its date {text} is a {found}, and date_precision says “{claimed}”")
    return RegisterDate(first=first, precision=found, of=of.rstrip(" )").strip())


def _day(text: str) -> tuple[date, Precision]:
    for pattern, rest, precision in (
        (r"\d{4}-\d{2}-\d{2}", "", Precision.DAY),
        (r"\d{4}-\d{2}", "-01", Precision.MONTH),
        (r"\d{4}", "-01-01", Precision.YEAR),
    ):
        if re.fullmatch(pattern, text, re.ASCII):
            try:
                return date.fromisoformat(text + rest), precision
            except ValueError:
                break
    raise UnreadableRow(f"its date “{text}” is none: write 2011-04-30, 2011-04 or 2011")


def happenings(event: str) -> tuple[Happening, ...]:
    """Return all that a row’s event says, in the order of the table; OTHER if nothing known."""
    said = event.lower()
    found = [happening for happening, pattern in _SAID if pattern.search(said)]
    if not found and _BEGINS.search(said):
        found = [Happening.ESTABLISHED]
    return tuple(found) or (Happening.OTHER,)
