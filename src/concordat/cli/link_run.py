"""One run of `concordat link` or `concordat train`: its stages in order, and what it says."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import typer
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from concordat.base import clock
from concordat.cli.link_shown import columns_shown, costs_shown, measures_shown
from concordat.cli.terminal import console, plural, print_json, progress_console
from concordat.identity.engine import (
    DEFAULT_THRESHOLD,
    REVIEW_THRESHOLD,
    Blocks,
    Linkage,
    Model,
    People,
    default_model,
    link,
    train,
)
from concordat.identity.engine.explaining import explain_weighed
from concordat.identity.engine.tables.columns import (
    ColumnMap,
    column_called,
    guess,
    people_table,
    read_map,
)
from concordat.identity.engine.tables.measuring import (
    BestThreshold,
    Measured,
    best_threshold,
    measure,
    truth_labels,
)
from concordat.identity.engine.tables.pairs import (
    comparisons,
    pairs_to_review,
    to_look_at,
    write_pairs,
)
from concordat.identity.engine.tables.reading import Tables, read_tables
from concordat.identity.engine.tables.records import Findings
from concordat.identity.engine.tables.report import report
from concordat.identity.engine.tables.stages import Stages, peak_bytes
from concordat.identity.engine.tables.writing import (
    check_ending,
    check_outputs,
    linked_table,
    whole_file,
    write_table,
)


@dataclass(frozen=True, kw_only=True)
class _Options:
    out: Path | None = None
    columns: Path | None = None
    pairs: Path | None = None
    report: Path | None = None
    truth: str | None = None
    threshold: float = DEFAULT_THRESHOLD
    review: float = REVIEW_THRESHOLD
    model: Path | None = None
    no_train: bool = False
    save_model: Path | None = None
    across_only: bool = False
    as_json: bool = False


@dataclass(frozen=True)
class Wanted(_Options):
    """What was asked for on the command line."""

    files: list[Path]


def show_map(wanted: Wanted) -> None:
    """Print what the columns are taken for, as a file for --columns."""
    read = read_tables(wanted.files)
    typer.echo(_columns_of(read, wanted).as_toml(), nl=False)


class Run:
    """The stages of one run; what they find is kept here until it is told."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.stages = Stages()
        self.notes: list[str] = []
        self._given = Model.read(wanted.model) if wanted.model is not None else None
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TimeElapsedColumn(),
            console=progress_console,
            disable=wanted.as_json,
        )

    def link(self) -> None:
        """Link the files and write everything that is wanted."""
        self._check_outputs()
        with self._bar:
            read, columns = self._read()
            people, blocks = self._people(read, columns)
            model = self._model(people, blocks)
            linkage = self._link(people, blocks, model, read)
            cluster_column = self._write(read, linkage)
            measured, best = self._measure(read, linkage)
            explain = partial(explain_weighed, people, model.weights(people))
            findings = Findings(
                read, columns, model, linkage, explain,
                threshold=self.wanted.threshold, review=self.wanted.review,
                across_only=self.wanted.across_only, stages=self.stages, made=_now(),
                notes=self.notes, measured=measured, best=best,
            )  # fmt: skip
            self._write_pairs(findings)
            self._write_model(model)
            self._write_report(findings)
        self._tell(findings, cluster_column)

    def train(self) -> None:
        """Train a model on the files and write it."""
        self._check_outputs()
        with self._bar:
            read, columns = self._read()
            people, blocks = self._people(read, columns)
            with self._stage("Train"):
                start = self._given or default_model()
                model = train(people, start=start, blocks=blocks, progress=self._progress)
            self._write_model(model)
        if self.wanted.as_json:
            print_json({"model": model.version, "facts": dict(model.facts), **self._costs()})
            return
        console.print(costs_shown(self.stages))
        console.print(f"Written to {self.wanted.save_model}. Use it with --model.")

    def _check_outputs(self) -> None:
        wanted = self.wanted
        for path in (wanted.out, wanted.pairs):
            if path is not None:
                check_ending(path)
        results = (wanted.out, wanted.pairs, wanted.report, wanted.save_model)
        inputs = [*wanted.files, *filter(None, (wanted.columns, wanted.model))]
        check_outputs([path for path in results if path is not None], inputs)

    def _read(self) -> tuple[Tables, ColumnMap]:
        with self._stage("Read"):
            read = read_tables(self.wanted.files, say=lambda name: self._progress(name, 0.0))
            columns = _columns_of(read, self.wanted)
        used = {choice.meaning for choice in columns.used}
        if len(used) == 1:
            only = columns.used[0].label.lower()
            self.notes.append(
                f"Only one thing is compared: {only}. That seldom tells persons apart; look at the "
                "result with care."
            )
        if not self.wanted.as_json:
            self._bar.stop()  # what is printed now goes elsewhere than the bar
            self._bar.update(self._task, visible=False)
            console.print(columns_shown(read, columns))
            for note in read.notes:
                console.print(f"[bold]Note:[/] {escape(note)}")
            self._bar.start()
        return read, columns

    def _people(self, read: Tables, columns: ColumnMap) -> tuple[People, Blocks]:
        with self._stage("Standardise"):
            people = People.from_table(*people_table(read.table, columns))
        with self._stage("Block"):
            return people, Blocks.of(people)

    def _model(self, people: People, blocks: Blocks) -> Model:
        if self._given is not None:
            return self._given
        if self.wanted.no_train:
            return default_model()
        with self._stage("Train"):
            return train(people, start=default_model(), blocks=blocks, progress=self._progress)

    def _link(self, people: People, blocks: Blocks, model: Model, read: Tables) -> Linkage:
        with self._stage("Link"):
            return link(
                people,
                model,
                threshold=self.wanted.threshold,
                review=self.wanted.review,
                across=read.source if self.wanted.across_only else None,
                blocks=blocks,
                progress=self._progress,
            )

    def _write(self, read: Tables, linkage: Linkage) -> str:
        with self._stage("Write"):
            table, name, notes = linked_table(read, linkage.clusters.astype(np.int64))
            self.notes += notes
            if self.wanted.out is not None:
                write_table(self.wanted.out, table)
        return name

    def _measure(
        self, read: Tables, linkage: Linkage
    ) -> tuple[Measured | None, BestThreshold | None]:
        if self.wanted.truth is None:
            return None, None
        with self._stage("Measure"):
            name = column_called(self.wanted.truth, read.table.column_names, "--truth names")
            truth = truth_labels(read.table.column(name))
            across = read.source if self.wanted.across_only else None
            measured = measure(linkage.clusters.astype(np.int64), truth, across)
            pairs = (linkage.bits, linkage.left, linkage.right)
            return measured, best_threshold(*pairs, truth, measured.pairs.true)

    def _write_pairs(self, found: Findings) -> None:
        if self.wanted.pairs is None:
            return
        with self._stage("Explain pairs"):
            write_pairs(
                self.wanted.pairs,
                found.linkage,
                pairs_to_review(found.linkage, self.wanted.review),
                explain=found.explain,
                comparisons=comparisons(found.columns),
                progress=lambda done: self._progress("", done),
            )

    def _write_model(self, model: Model) -> None:
        if self.wanted.save_model is not None:
            with whole_file(self.wanted.save_model) as stream:
                stream.write((json.dumps(model.as_dict(), indent=1) + "\n").encode())

    def _write_report(self, found: Findings) -> None:
        if self.wanted.report is not None:
            with self._stage("Report"), whole_file(self.wanted.report) as stream:
                stream.write(report(found).encode())

    @contextmanager
    def _stage(self, name: str) -> Iterator[None]:
        """Show a stage while it lasts, and take its time."""
        self._name = name
        self._task = self._bar.add_task(name, total=None)
        with self.stages.stage(name):
            yield
        self._bar.update(self._task, description=name, total=1.0, completed=1.0)

    def _progress(self, what: str, done: float) -> None:
        description = f"{self._name}: {escape(what)}" if what else self._name
        nearly = min(done, 0.99)  # a stage is over when its block is left
        self._bar.update(self._task, description=description, total=1.0, completed=nearly)

    def _tell(self, found: Findings, cluster_column: str) -> None:
        sizes = np.unique(found.linkage.clusters, return_counts=True)[1]
        look = to_look_at(found.linkage, self.wanted.review, self.wanted.threshold)
        if self.wanted.as_json:
            print_json(
                {
                    "rows": len(found.linkage.clusters),
                    "clusters": len(sizes),
                    "clusters_of_several_rows": int((sizes > 1).sum()),
                    "pairs_to_look_at": look,
                    "cluster_column": cluster_column,
                    "columns": {c.column: c.word for c in found.columns.choices},
                    "notes": [*found.read.notes, *self.notes],
                    "measured": found.measured.as_dict() if found.measured else None,
                    "facts": found.linkage.facts,
                    "model": found.model.version,
                    **self._costs(),
                }
            )
            return
        for note in self.notes:
            console.print(f"[bold]Note:[/] {escape(note)}")
        if found.measured is not None:
            console.print(measures_shown(found.measured, found.best))
        console.print(costs_shown(self.stages))
        console.print(
            f"{plural(len(found.linkage.clusters), 'row')}: {plural(len(sizes), 'cluster')}, "
            f"{int((sizes > 1).sum()):,} of them of two rows or more. "
            f"{plural(look, 'pair')} of {self.wanted.review:.0%} to {self.wanted.threshold:.0%} "
            "kept apart: a person should look at them."
        )
        written = (self.wanted.out, self.wanted.pairs, self.wanted.report, self.wanted.save_model)
        console.print(f"Written: {', '.join(str(path) for path in written if path)}.", markup=False)

    def _costs(self) -> dict[str, Any]:
        return {
            "seconds": {stage.name: round(stage.seconds, 3) for stage in self.stages.done},
            "total_seconds": round(self.stages.seconds, 3),
            "peak_megabytes": round(peak_bytes() / 1e6),
        }


def _columns_of(read: Tables, wanted: Wanted) -> ColumnMap:
    never = []
    if wanted.truth is not None:
        never = [column_called(wanted.truth, read.table.column_names, "--truth names")]
    if wanted.columns is not None:
        return read_map(wanted.columns, read.table)
    return guess(read.table, never=never)


def _now() -> str:
    now = clock.now().astimezone(clock.LONDON)
    return f"{now.day} {now:%B %Y, %H:%M}"
