"""The register of agreements in words: its matrix, gaps, overlaps, review dates and histories."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from urllib.parse import urlsplit

from concordat.agreements.queries import RegisterPicture
from concordat.agreements.rules.register import (
    Cell,
    Entry,
    Gap,
    HistoryLine,
    Precision,
    RecordedAgreement,
    RegisterDate,
    Row,
    SameFunction,
    Weight,
)
from concordat.web.formatting import format_date, format_month, plural
from concordat.web.presenters.agreements import listed

SOON_DAYS = 90
"""How long before its day a review counts as near."""

UNKNOWN_DATE = "Date not known"
COLOURS = {
    Weight.IN_FORCE: "green",
    Weight.COMING: "blue",
    Weight.RECORDED: "grey",
    Weight.LARGER: "grey",
    Weight.ENDED: "grey",
}
MEANINGS = {
    Weight.IN_FORCE: "an agreement of this service is in force",
    Weight.COMING: "one is proposed, or agreed and not yet begun",
    Weight.RECORDED: "a public source recorded one; it opens nothing here",
    Weight.ENDED: "it ended",
}
_NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row of the matrix: its function and what each cell shows."""

    function: str
    cells: list[dict[str, object]]


@dataclass(frozen=True, kw_only=True)
class GapLine:
    """One gap: who shares, and of each body that doesn’t, what is known of closing it.

    `weight` is that of the strongest text under which it is shared.
    """

    function: str
    shared_by: str
    weight: Weight
    lacking: list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Overlap:
    """One overlap as a sentence, with its texts."""

    sentence: str
    bodies: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, kw_only=True)
class Happened:
    """One event of a history as the page shows it."""

    title: str
    when: str
    words: str
    changes: list[str]
    note: str
    source: str
    source_url: str
    row: str


def groups(rows: Iterable[Row]) -> list[tuple[str, list[Line]]]:
    """Return the rows of the matrix by the group of their function, both in their order."""
    return [
        (group, [Line(function=r.function, cells=[_cell(c) for c in r.cells]) for r in of_group])
        for group, of_group in groupby(rows, key=lambda row: row.group)
    ]


def _cell(cell: Cell) -> dict[str, object]:
    if cell.weight is None:
        text = "Excluded" if cell.excluded_by else ""
        return {"text": text, "mark": "excluded" if text else "", "more": ""}
    texts = len({entry.key for entry in cell.entries})
    return {
        "text": cell.weight.label,
        "mark": cell.weight.value,
        "more": plural(texts, "text") if texts > 1 else "",
    }


def key_of_marks(rows: Iterable[Row]) -> list[tuple[str, str, str]]:
    """Return the marks that the matrix shows, each with its class and what it means."""
    cells = [cell for row in rows for cell in row.cells]
    shown = {cell.weight for cell in cells}
    found = [(w.label, w.value, said) for w, said in MEANINGS.items() if w in shown]
    excluded = sorted({cell.excluded_by for cell in cells if cell.excluded_by})
    if excluded:
        said = f"{listed(excluded)} keeps it out of every agreement between these bodies"
        found.append(("Excluded", "excluded", said))
    return found


def headline(picture: RegisterPicture, *, chosen: str) -> str:
    """Return in one sentence how much is shared by the body asked about or by all.

    With one function chosen, how many of the bodies shown share that.
    """
    if chosen:
        sharing = [cell for row in picture.rows for cell in row.cells if _shares(cell)]
        return f"{len(sharing)} of {plural(len(picture.bodies), 'body', 'bodies')} share {chosen}."
    own = [row.cells[0] for row in picture.rows if row.cells] if picture.about else []
    if picture.about is None:
        counted = {entry.key for entry in picture.entries if entry.weight.shares}
        shared = sum(any(_shares(cell) for cell in row.cells) for row in picture.rows)
        return (
            f"{plural(len(picture.bodies), 'body', 'bodies')} share "
            f"{plural(shared, 'function')} under {plural(len(counted), 'text')}."
        )
    counts = Counter(cell.weight for cell in own)
    name = picture.about.name
    told = [
        f"{counts[weight]} {said}"
        for weight, said in (
            (Weight.IN_FORCE, "under agreements in force"),
            (Weight.RECORDED, "as sources recorded"),
        )
        if counts[weight]
    ]
    shared = counts[Weight.IN_FORCE] + counts[Weight.RECORDED]
    if shared:
        text = f"{name} shares {plural(shared, 'function')} with others: {listed(told)}."
    else:
        text = f"{name} shares no function with others, as far as the register knows."
    coming = counts[Weight.COMING]
    return f"{text} {coming} more {'is' if coming == 1 else 'are'} coming." if coming else text


def _shares(cell: Cell) -> bool:
    return cell.weight is not None and cell.weight.shares


def gap_lines(gaps: Iterable[Gap], names: Mapping[str, str]) -> list[GapLine]:
    """Return the gaps in words. `names` gives a body’s short name by its code."""
    return [
        GapLine(
            function=gap.function,
            shared_by=bodies(gap.shared_by, names),
            weight=gap.entries[0].weight,
            lacking=[(names[lack.body], closing(lack.coming, lack.excluded_by))
                     for lack in gap.lacking],
        )
        for gap in gaps
    ]  # fmt: skip


def closing(coming: Sequence[Entry], excluded_by: str) -> str:
    """Return what is known of closing a gap, or ""."""
    if coming:
        return f"Coming with {listed(entry.key for entry in coming)}"
    return f"Excluded by {excluded_by}" if excluded_by else ""


def lacking(gap: GapLine) -> str:
    """Return who lacks a function as a list in a sentence, with what is known of each."""
    return listed(f"{name} ({known[0].lower()}{known[1:]})" if known else name
                  for name, known in gap.lacking)  # fmt: skip


def overlaps(picture: RegisterPicture, names: Mapping[str, str]) -> list[Overlap]:
    """Return the overlaps as sentences: whole companies of bodies first, then single functions."""
    companies = [
        Overlap(
            sentence=f"{_counted(len(one.functions), 'function')} shared by the same "
            f"{_counted(len(one.bodies), 'body', 'bodies').lower()} under "
            f"{_counted(len(one.entries), 'text').lower()}",
            bodies=bodies(one.bodies, names),
            entries=one.entries,
        )
        for one in picture.same_bodies
    ]
    single = [
        Overlap(
            sentence=_function_sentence(one),
            bodies=bodies(one.bodies, names),
            entries=one.entries,
        )
        for one in picture.same_function
    ]
    return [*companies, *single]


def _function_sentence(one: SameFunction) -> str:
    bodies = _counted(len(one.bodies), "body", "bodies").lower()
    texts = _counted(len(one.entries), "text").lower()
    if len(one.entries) == 2:  # noqa: PLR2004 -- then each of the bodies stands under both
        return f"{one.function}: the same {bodies} under {texts}"
    return f"{one.function}: {bodies}, each under two or more of {texts}"


def _counted(number: int, one: str, many: str = "") -> str:
    word = _NUMBERS[number].capitalize() if number < len(_NUMBERS) else str(number)
    return f"{word} {one if number == 1 else many or one + 's'}"


def review_state(entry: Entry, *, today: date) -> tuple[str, str]:
    """Return how near an agreement’s review is, and the colour of its tag."""
    if entry.review_on is None:
        return "No date agreed", "yellow"
    days = (entry.review_on - today).days
    if days < 0:
        return f"Overdue by {plural(-days, 'day')}", "red"
    if days <= SOON_DAYS:
        return ("Today" if days == 0 else f"In {plural(days, 'day')}"), "yellow"
    return "Later", "grey"


def by_review(entries: Iterable[Entry]) -> list[Entry]:
    """Return the agreements in force and coming by review date: those without one first."""
    alive = [e for e in entries if e.weight in (Weight.IN_FORCE, Weight.COMING)]
    return sorted(alive, key=lambda e: (e.review_on or date.min, e.key))


def bodies_of(entry: Entry, names: Mapping[str, str]) -> str:
    """Return whose text it is, in words."""
    if entry.everybody:
        return "All forces"
    known = sorted(names.get(code, code) for code in entry.bodies)
    return listed([*known, *(f"“{name}”" for name in entry.unknown)])


def bodies(codes: Iterable[str], names: Mapping[str, str]) -> str:
    """Return bodies as a list in a sentence, by their short names."""
    return listed(sorted(names.get(code, code) for code in codes))


# --- one recorded agreement -----------------------------------------------------------------------


def date_words(when: RegisterDate) -> str:
    """Return a date as exactly as it is known: “April 2009”, “2 June 2011 (published)”."""
    if when.first is None:
        return UNKNOWN_DATE
    text = {
        Precision.DAY: format_date(when.first),
        Precision.MONTH: format_month(when.first),
        Precision.YEAR: str(when.first.year),
    }[when.precision]
    return f"{text} ({when.of})" if when.of else text


def recorded_rows(one: RecordedAgreement, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what is recorded of an agreement, as pairs."""
    parties = [names.get(code, code) for code in one.parties]
    unknown = [f"“{name}” (not a body that this service knows)" for name in one.unknown]
    known = [line.event.date for line in one.lines if line.event.date.first]
    return [
        ("Function", one.naming.function or "Not on the shared list of functions"),
        ("Parties", "All forces" if one.everybody else listed([*sorted(parties), *unknown])),
        ("Lead", names.get(one.lead, one.lead)),
        ("First known date", date_words(known[0]) if known else ""),
        ("Last known date", date_words(known[-1]) if known else ""),
    ]


def standing(one: RecordedAgreement) -> tuple[str, str]:
    """Return what is known of where it stands today, and the colour of its tag."""
    if one.ended:
        return "Ended", "grey"
    if one.followed_by:
        return "In a larger one", "grey"
    return "Recorded", "grey"


def happened(lines: Iterable[HistoryLine], names: Mapping[str, str]) -> list[Happened]:
    """Return a history’s events, the oldest first."""
    return [_happened(line, names) for line in lines]


def _happened(line: HistoryLine, names: Mapping[str, str]) -> Happened:
    event = line.event
    source, address = _source(event.words.source_url)
    changes = [f"{names.get(code, code)} joined" for code in line.joined]
    changes += [f"{names.get(code, code)} no longer named" for code in line.left]
    return Happened(
        title=listed([h.label if n == 0 else h.label.lower()
                      for n, h in enumerate(event.happenings)]),
        when=date_words(event.date),
        words=f"{event.words.function}: {event.words.event}",
        changes=changes,
        note=event.words.note,
        source=source,
        source_url=address,
        row=f"{event.source_file}, row {event.words.row_id}",
    )  # fmt: skip


def _source(text: str) -> tuple[str, str]:
    """Return what a source is called, and the address a link may lead to, "": never a script."""
    try:
        parts = urlsplit(text)
    except ValueError:  # such as http://[
        return text, ""
    if parts.scheme in ("http", "https") and parts.hostname:
        return parts.hostname, text
    return text, ""
