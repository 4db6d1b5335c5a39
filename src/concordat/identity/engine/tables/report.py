"""The report of a linkage: one HTML file without scripts, to be read, printed and kept."""

from collections.abc import Sequence
from html import escape
from typing import Final

import numpy as np
import numpy.typing as npt

from concordat.identity.engine.linking import bits_of
from concordat.identity.engine.tables.charts import Line, bar, histogram
from concordat.identity.engine.tables.markup import (
    Cell,
    Markup,
    joined,
    page,
    paragraph,
    section,
    table,
    tag,
)
from concordat.identity.engine.tables.measuring import Score
from concordat.identity.engine.tables.pairs import to_look_at
from concordat.identity.engine.tables.records import (
    Findings,
    borderline_pairs,
    largest_clusters,
    rows_counted,
)

_SIZES_TOLD_APART: Final = 10


def report(found: Findings) -> str:
    """Return the report as HTML."""
    first, *others = [file.name for file in found.read.files]
    more = others[0] if len(others) == 1 else f"{len(others)} more files"
    return page(
        f"Linkage of {first} and {more}" if others else f"Linkage of {first}",
        joined([_lead(found), _privacy(), _figures(found), *_notes(found)]),
        _measures(found),
        _scores(found),
        _sizes(found),
        largest_clusters(found),
        borderline_pairs(found),
        _read(found),
        _columns(found),
        _model(found),
        _cost(found),
    )


def _lead(found: Findings) -> Markup:
    only = " Rows of one file were not compared with each other." if found.across_only else ""
    return paragraph(
        f"Made on {found.made}. Rows were put into one cluster where they are one person with a "
        f"probability of {found.threshold:.0%} or more, judged by all they say together.{only}"
    )


def _privacy() -> Markup:
    text = (
        "This report contains personal data: names, dates and addresses of the persons in the "
        "files. Keep, share and delete it under the same rules as the files themselves."
    )
    return Markup(f'<div class="note" role="note">{paragraph(text)}</div>')


def _figures(found: Findings) -> Markup:
    sizes = _cluster_sizes(found)
    look = to_look_at(found.linkage, found.review, found.threshold)
    told = {
        "rows": len(found.linkage.clusters),
        "clusters: persons, as far as this can tell": len(sizes),
        "clusters of two rows or more": int((sizes > 1).sum()),
        "pairs kept apart that a person should look at": look,
    }
    boxes = [f"<div>{tag('dt', name)}{tag('dd', count)}</div>" for name, count in told.items()]
    return Markup(f'<dl class="figures">{"".join(boxes)}</dl>')


def _notes(found: Findings) -> list[str]:
    notes = [*found.read.notes, *found.notes]
    return [f'<div class="note">{joined(map(paragraph, notes))}</div>'] if notes else []


def _measures(found: Findings) -> Markup:
    measured = found.measured
    if measured is None:
        return Markup()
    rows: list[Sequence[Cell]] = [
        _score("Pairs of rows in one cluster", measured.pairs),
        _score("Clusters of two rows or more, exactly right", measured.clusters),
        _score("All clusters, single rows included, exactly right", measured.all_clusters),
    ]
    if found.best is not None:
        at = f"Pairs before clustering, at the best threshold ({_bits(found.best.bits)})"
        rows.append(_score(at, found.best.pairs))
    head = ("What is counted", "Precision", "Recall", "F1", "Said", "True", "Right")
    unknown = f" {measured.unknown:,} rows without a truth are left out." * bool(measured.unknown)
    return section(
        "How right it is",
        paragraph(
            f"Against the truth that was given: {measured.rows:,} rows of {measured.persons:,} "
            "persons. Every true pair counts, those that were never compared included. Precision "
            "is the share of what was said that is true, recall the share of what is true that "
            f"was said, F1 their harmonic mean.{unknown}"
        ),
        table("Linkage against the truth", head, rows, numbers=range(1, 7), wide=True),
    )


def _score(name: str, score: Score) -> list[Cell]:
    shares = [f"{share:.4f}" for share in (score.precision, score.recall, score.f1)]
    return [name, *shares, int(score.said), int(score.true), int(score.right)]


def _scores(found: Findings) -> Markup:
    link, review = bits_of(found.threshold), bits_of(found.review)
    lines = [Line(link, f"link from {found.threshold:.0%}")]
    if review < link:
        lines.append(Line(review, f"look from {found.review:.0%}"))
    bits = found.linkage.bits
    chart = histogram(
        bits, lines, title="How many pairs have which score", x_label="score in bits (log2 odds)"
    )
    bands: list[list[Cell]] = [
        [f"Surely one person: {found.threshold:.0%} or more", int((bits >= link).sum())],
        [
            f"To be looked at: {found.review:.0%} to {found.threshold:.0%}",
            int(_between(found).sum()),
        ],
        [f"Kept but less likely than {found.review:.0%}", int((bits < review).sum())],
    ]
    return section(
        "Scores",
        paragraph(
            "Every pair’s score is the log2 odds that its two rows are one person: 0 bits is even "
            f"odds, {_bits(link)} is {found.threshold:.0%}. The better the columns tell persons "
            "apart, the deeper the valley between the two hills. The scale of the counts is "
            "logarithmic."
        ),
        f"<figure>{chart}</figure>",
        table("Pairs by score", ("Score", "Pairs"), bands, numbers=(1,)),
    )


def _sizes(found: Findings) -> Markup:
    sizes, counts = np.unique(_cluster_sizes(found), return_counts=True)
    rows: list[list[Cell]] = []
    most = int(counts.max(initial=1))
    for size, count in zip(sizes.tolist(), counts.tolist(), strict=True):
        if size <= _SIZES_TOLD_APART:
            rows.append([rows_counted(size), count, Markup(bar(count / most))])
    larger = int(counts[sizes > _SIZES_TOLD_APART].sum())
    if larger:
        name = f"more than {rows_counted(_SIZES_TOLD_APART)} (the largest: {int(sizes.max()):,})"
        rows.append([name, larger, Markup(bar(larger / most))])
    head = ("Rows in the cluster", "Clusters", "As a bar")
    return section("Sizes of clusters", table("Clusters by size", head, rows, numbers=(1,)))


def _read(found: Findings) -> Markup:
    rows: list[list[Cell]] = [[f.name, f.form, f.rows, len(f.columns)] for f in found.read.files]
    head = ("File", "Form", "Rows", "Columns")
    return section("What was read", table("Files", head, rows, numbers=(2, 3)))


def _columns(found: Findings) -> Markup:
    rows: list[list[Cell]] = [
        [choice.column.strip() or "(no name)", choice.label, Markup(escape(choice.why))]
        for choice in found.columns.choices
    ]
    return section(
        "Columns",
        paragraph(
            "What each column was taken for. If one is wrong, write a column map and link again."
        ),
        table("Columns and their meanings", ("Column", "Taken for", "Why not"), rows),
    )


def _model(found: Findings) -> Markup:
    facts = {"Version": found.model.version, **found.model.facts}
    told = {"Expected pairs of one person for each row": f"{found.model.matches:.3g}"}
    told["Odds before anything is compared"] = _bits(found.linkage.facts["prior_bits"])
    told["Pairs compared"] = f"{found.linkage.facts['pairs_compared']:,}"
    rows: list[list[Cell]] = [
        [_words(name), _plain(value)] for name, value in {**facts, **told}.items()
    ]
    return section(
        "Model",
        paragraph(
            "The model says how often each comparison agrees among rows of one person and among "
            "rows of strangers. It was trained without being told any right answer."
        ),
        table("The model and what it was trained on", ("Fact", "Value"), rows),
    )


def _cost(found: Findings) -> Markup:
    rows: list[list[Cell]] = [
        [stage.name, f"{stage.seconds:.2f}", _megabytes(stage.peak_bytes)]
        for stage in found.stages.done
    ]
    last = found.stages.done[-1].peak_bytes if found.stages.done else 0
    rows.append(["Together", f"{found.stages.seconds:.2f}", _megabytes(last)])
    head = ("Stage", "Seconds", "Peak memory so far, MB")
    return section("Time and memory", table("What the work cost", head, rows, numbers=(1, 2)))


def _between(found: Findings) -> npt.NDArray[np.bool_]:
    bits = found.linkage.bits
    return np.logical_and(bits >= bits_of(found.review), bits < bits_of(found.threshold))


def _cluster_sizes(found: Findings) -> npt.NDArray[np.int64]:
    return np.unique(found.linkage.clusters, return_counts=True)[1]


def _bits(bits: float) -> str:
    return f"{bits:.1f} bits".replace("-", "−")


def _words(name: str) -> str:
    plain = name.replace("_", " ")
    return plain[:1].upper() + plain[1:]


def _plain(value: object) -> Cell:
    if isinstance(value, list | tuple):
        return ", ".join(str(one).replace("_", " ") for one in value)
    return value if isinstance(value, int | float | str) else str(value)


def _megabytes(count: int) -> Cell:
    return f"{count / 1e6:,.0f}" if count else None
