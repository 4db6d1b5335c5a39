"""Load reports in words."""

from dataclasses import dataclass

from concordat.records.queries import LoadSummary
from concordat.records.rules.loads import Account, Layout, Verdict

VERDICTS = {
    Verdict.NEW: "Recorded for the first time",
    Verdict.UNCHANGED: "Already recorded, with the same content",
    Verdict.CHANGED: "Recorded as a new version; the former one is kept",
    Verdict.DUPLICATE: "Stands in the same file more than once",
    Verdict.CONFLICT: "Contradicts another row of the same reference; both are kept and flagged",
    Verdict.QUARANTINED: "Could not be read; kept aside with the reason, to be corrected",
}
"""What each verdict on a row means."""


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How a load stands: a word for it, the tag's colour, and what to do about it."""

    text: str
    colour: str
    advice: str = ""


def progress(load: LoadSummary) -> Progress:
    """Return how a load stands."""
    if load.finished_at:
        return Progress(text="Finished", colour="green")
    if load.interrupted:
        return Progress(
            text="Interrupted",
            colour="red",
            advice="It stopped before its end. What was loaded is kept; loading the same files "
            "again completes the rest and changes nothing else.",
        )
    return Progress(
        text="Running",
        colour="blue",
        advice="It is still running. Load this page again to see how far it has come.",
    )


def total_rows(account: Account) -> list[list[object]]:
    """Return an account as cells: the verdict, the rows, what it means."""
    counts = account.verdicts()
    rows: list[list[object]] = [
        ["Read", f"{account.read:,}", "Every row is in exactly one of the lines below"]
    ]
    for verdict, meaning in VERDICTS.items():
        rows.append([verdict.value.capitalize(), f"{counts[verdict.value]:,}", meaning])
    return rows


def file_rows(load: LoadSummary) -> list[list[object]]:
    """Return the files of a load as cells: name, rows read, then each verdict."""
    return [
        [file.name, *(f"{count:,}" for count in file.account.as_dict().values())]
        for file in load.files
    ]


def notices(load: LoadSummary) -> list[tuple[str, str]]:
    """Return what is worth knowing of the files, as (file, notice)."""
    return [(file.name, notice) for file in load.files for notice in file.notices]


def corrections_name(load: LoadSummary, force_code: str) -> str:
    """Return a name for the file of rows to correct, by which loading knows whose rows they are."""
    kind = "stop-and-search" if load.layout is Layout.STOP_SEARCH else load.layout.value
    return f"{load.started_at:%Y-%m}-{force_code}-{kind}-corrections.csv"
