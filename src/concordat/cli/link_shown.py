"""What `concordat link` shows on the terminal: columns, measures, costs."""

from rich.markup import escape
from rich.table import Table

from concordat.cli.terminal import plural
from concordat.identity.engine.tables.columns import ColumnMap
from concordat.identity.engine.tables.measuring import BestThreshold, Measured
from concordat.identity.engine.tables.reading import Tables
from concordat.identity.engine.tables.stages import Stages, peak_bytes


def columns_shown(read: Tables, columns: ColumnMap) -> Table:
    """Return what was read and what each column was taken for."""
    files = ", ".join(f"{file.name} ({file.form})" for file in read.files)
    table = Table(title=f"{plural(len(read.table), 'row')} of {escape(files)}")
    for name in ("Column", "Taken for", "Why not"):
        table.add_column(name, overflow="fold")
    for choice in columns.choices:
        style = "" if choice.meaning else "dim"
        shown = escape(choice.column.strip()) or "(no name)"
        table.add_row(shown, choice.label, escape(choice.why), style=style)
    return table


def measures_shown(measured: Measured, best: BestThreshold | None) -> Table:
    """Return how right a linkage is."""
    table = Table(title="Against the truth, over all true pairs")
    table.add_column("What is counted")
    for name in ("Precision", "Recall", "F1", "Said", "True", "Right"):
        table.add_column(name, justify="right")
    scores = {
        "Pairs in one cluster": measured.pairs,
        "Clusters of two rows or more, exactly": measured.clusters,
        "All clusters, exactly": measured.all_clusters,
    }
    if best is not None:
        scores[f"Pairs alone, at best ({best.bits:.1f} bits)"] = best.pairs
    for name, score in scores.items():
        shares = (f"{share:.4f}" for share in (score.precision, score.recall, score.f1))
        counts = (f"{int(count):,}" for count in (score.said, score.true, score.right))
        table.add_row(name, *shares, *counts)
    return table


def costs_shown(stages: Stages) -> Table:
    """Return the seconds and the peak memory of every stage."""
    table = Table(title="Time and memory")
    table.add_column("Stage")
    table.add_column("Seconds", justify="right")
    table.add_column("Peak memory so far, MB", justify="right")
    for stage in stages.done:
        table.add_row(stage.name, f"{stage.seconds:.2f}", f"{stage.peak_bytes / 1e6:,.0f}")
    table.add_section()
    table.add_row("Together", f"{stages.seconds:.2f}", f"{peak_bytes() / 1e6:,.0f}")
    return table
