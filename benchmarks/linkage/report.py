"""The tables that a run ends with, in Markdown."""

from collections.abc import Sequence
from typing import Protocol

from benchmarks.linkage.judge import Judgement
from benchmarks.linkage.measure import Measured
from benchmarks.linkage.who_is import Answered

NAMES = {
    "ours": "**Concordat**",
    "splink": "Splink 5.0.0",
    "recordlinkage": "recordlinkage 0.16 (ECM)",
    "dedupe": "dedupe 3.0.3, given 300 labelled pairs",
}


class Linked(Protocol):
    """One tool on one data set."""

    dataset: str
    rows: int
    tool: str
    measured: Measured
    judgement: Judgement | None


def accuracy_table(results: Sequence[Linked]) -> str:
    """Return the table of accuracy, time and memory, with each tool's ratio to Splink."""
    names = "data rows tool F1 precision recall best_F1 best_pair_F1 s MB time/Splink memory/Splink"
    lines = [
        "".join(f"| {name.replace('_', ' ').replace('/', ' ÷ ')} " for name in names.split()) + "|",
        "|---|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    splink = {r.dataset: r.measured for r in results if r.tool == "splink"}
    for result in results:
        start = f"| {result.dataset} | {result.rows:,} | {NAMES[result.tool]} "
        found, took = result.judgement, result.measured
        if took.failure or found is None:
            lines.append(f"{start}| {took.failure} | | | | | | | | |")
            continue
        other = splink.get(result.dataset)
        cells = [
            *(_share(found.clusters.f1), _share(found.clusters.precision)),
            *(_share(found.clusters.recall), _share(found.best_clusters)),
            *(_share(found.best_pairs), f"{took.seconds:.1f}", f"{took.peak_mb:,.0f}"),
            _ratio(took.seconds, other.seconds if other else 0),
            _ratio(took.peak_mb, other.peak_mb if other else 0),
        ]
        lines.append(f"{start}| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def latency_table(answers: Sequence[Answered]) -> str:
    """Return the table of the times of one record against a register."""
    lines = [
        "| register | tool | p50 ms | p95 ms | right person first | wrong and sure, a question |",
        "|--:|---|--:|--:|--:|--:|",
    ]
    for one in answers:
        start = f"| {one.rows:,} | {NAMES[one.tool]} "
        if one.failure:
            lines.append(f"{start}| {one.failure} | | | |")
        else:
            lines.append(
                f"{start}| {one.p50:.2f} | {one.p95:.2f} | {one.right_first:.3f} |"
                f" {one.wrong_sure:.3f} |"
            )
    return "\n".join(lines) + "\n"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


def _ratio(value: float, other: float) -> str:
    return f"{value / other:.2f}" if other else "–"
