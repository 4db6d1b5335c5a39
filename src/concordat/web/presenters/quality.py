"""The quality of a force's person records, in words and bars."""

from collections.abc import Mapping
from uuid import UUID

from concordat.identity.rules.answers import Duplicates, RunProgress
from concordat.records.queries import Completeness, PersonSummary
from concordat.web.formatting import format_number
from concordat.web.presenters.persons import in_short, name_of

_PARTS = {
    "given name": "Given name",
    "surname": "Surname",
    "date of birth": "Whole date of birth",
    "gender": "Gender",
    "contact": "At least one contact",
}


def completeness_bars(found: Completeness) -> list[dict[str, object]]:
    """Return how many records have each part of the minimum, in percent, and all of them."""
    shown = {label: found.total - found.lacking[part] for part, label in _PARTS.items()}
    shown["All five"] = found.complete
    return [
        {"label": label, "value": _percent(count, found.total), "text": _of(count, found.total)}
        for label, count in shown.items()
    ]


def duplicate_lines(
    found: Duplicates, told: Mapping[UUID, PersonSummary], *, most: int
) -> list[dict[str, object]]:
    """Return the persons held most often as lines: who, how many records, which two to review."""
    return [
        {
            "name": name_of(told[group[0]].content),
            "facts": in_short(told[group[0]].content),
            "count": len(group),
            "first": group[0],
            "second": group[1],
        }
        for group in found.examples[:most]
        if group[0] in told
    ]


def shown_records(found: Duplicates, *, most: int) -> list[UUID]:
    """Return the records that `duplicate_lines` will name."""
    return [group[0] for group in found.examples[:most]]


def share_text(found: Duplicates, total: int) -> str:
    """Return how many records are one too many, with their share of all."""
    return _of(found.surplus, total)


def run_rows(run: RunProgress) -> list[tuple[str, str]]:
    """Return what a run counted, for the service; empty for everybody else."""
    return [
        (name.replace("_", " ").capitalize(), str(value))
        for name, value in run.facts.items()
        if not isinstance(value, Mapping)
    ]


def percent(share: float) -> int:
    """Return a share from 0 to 1 as whole percent; 100 only when it is all."""
    return min(99, int(share * 100)) if share < 1 else 100


def _percent(count: int, total: int) -> float:
    return round(100 * count / total, 1) if total else 0.0


def _of(count: int, total: int) -> str:
    return f"{format_number(count)} of {format_number(total)} ({_percent(count, total):g}%)"
