"""`concordat link` and `concordat train`: who is who in any table, without an installation.

Nothing here needs Django, a database or the service. The engine is imported only when a command
runs, so that asking for help stays quick.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from concordat.cli.terminal import REFUSED, UNAVAILABLE, AsJson, progress_console

if TYPE_CHECKING:
    from concordat.cli.link_run import Wanted

STOPPED = 130
"""Exit code: stopped by Ctrl-C."""

ALONE = ("link", "train")
"""The commands that need no installation."""

Files = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILE…", help="CSV (plain or .gz) or Parquet files.", show_default=False
    ),
]
ColumnsFile = Annotated[
    Path | None,
    typer.Option(
        "--columns", metavar="MAP.toml", help="What each column means. Without it: guessed."
    ),
]
ModelFile = Annotated[
    Path | None, typer.Option("--model", metavar="MODEL.json", help="Use this model as it is.")
]
Probability = Annotated[
    float | None,
    typer.Option(metavar="0…1", help="Link from this probability.", show_default="0.7"),
]
Review = Annotated[
    float | None,
    typer.Option(metavar="0…1", help="Show pairs from this probability.", show_default="0.5"),
]


def link_command(
    files: Files,
    *,
    out: Annotated[
        Path | None,
        typer.Option(help="Every input row with its cluster_id: .csv, .csv.gz or .parquet."),
    ] = None,
    columns: ColumnsFile = None,
    show_columns: Annotated[
        bool,
        typer.Option(
            "--show-columns", help="Print what columns are taken for, as a map, and stop."
        ),
    ] = False,
    pairs: Annotated[
        Path | None, typer.Option(help="Scored pairs and their reasons: .csv or .parquet.")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="A report to read: one HTML file.")] = None,
    truth: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="The column that holds the truth, to measure against."),
    ] = None,
    threshold: Probability = None,
    review: Review = None,
    model: ModelFile = None,
    no_train: Annotated[
        bool, typer.Option("--no-train", help="Use the default model without training it here.")
    ] = False,
    save_model: Annotated[
        Path | None, typer.Option(metavar="MODEL.json", help="Write the model that was used.")
    ] = None,
    across_only: Annotated[
        bool,
        typer.Option(
            "--across-only", help="Compare rows of different files only: no file repeats a person."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Find which rows of a table, or of several, are one person.

    Every input row is written to OUT in its order, its own columns kept and `cluster_id` added:
    rows of one person have the same. Columns are guessed by name and values, and shown.
    """
    with _answered():
        from concordat.cli.link_run import Run, Wanted, show_map  # noqa: PLC0415 (see above)

        wanted = Wanted(
            files, out=out, columns=columns, pairs=pairs, report=report, truth=truth, model=model,
            no_train=no_train, save_model=save_model, across_only=across_only, as_json=as_json,
            **_thresholds(threshold, review),
        )  # fmt: skip
        if show_columns:
            show_map(wanted)
            return
        if out is None:
            raise typer.BadParameter("Say where to write with --out.", param_hint="--out")
        _check_together(wanted)
        Run(wanted).link()


def train_command(
    files: Files,
    *,
    out: Annotated[Path, typer.Option(metavar="MODEL.json", help="The model to write.")],
    columns: ColumnsFile = None,
    start: Annotated[
        Path | None,
        typer.Option("--model", metavar="MODEL.json", help="Start from this model."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Train a model on a table, without labels, for `concordat link --model`."""
    with _answered():
        from concordat.cli.link_run import Run, Wanted  # noqa: PLC0415 (see above)

        Run(Wanted(files, columns=columns, model=start, save_model=out, as_json=as_json)).train()


def run_alone() -> None:
    """Run one of these commands without setting up what the others need."""
    app = typer.Typer(
        name="concordat", pretty_exceptions_enable=False, rich_markup_mode="rich",
        add_completion=False,
    )  # fmt: skip
    app.callback()(lambda: None)
    add_to(app)
    app()


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command `concordat`."""
    app.command("link")(link_command)
    app.command("train")(train_command)


def _check_together(wanted: "Wanted") -> None:
    if wanted.across_only and len(wanted.files) < len(("one", "other")):
        raise typer.BadParameter("Give two files or more.", param_hint="--across-only")
    if wanted.no_train and wanted.model is not None:
        raise typer.BadParameter(
            "A model given with --model is never trained further here.", param_hint="--no-train"
        )


def _thresholds(threshold: float | None, review: float | None) -> dict[str, float]:
    """Return the two probabilities as given or as the engine has them."""
    from concordat.identity.engine import (  # noqa: PLC0415 (see above)
        DEFAULT_THRESHOLD,
        REVIEW_THRESHOLD,
    )

    for value, option in ((threshold, "--threshold"), (review, "--review")):
        if value is not None and not 0 < value < 1:
            raise typer.BadParameter("A probability lies between 0 and 1.", param_hint=option)
    link_from = DEFAULT_THRESHOLD if threshold is None else threshold
    look_from = min(REVIEW_THRESHOLD, link_from) if review is None else review
    if look_from > link_from:
        raise typer.BadParameter("Must not be above --threshold.", param_hint="--review")
    return {"threshold": link_from, "review": look_from}


@contextmanager
def _answered() -> Iterator[None]:
    """Say in one sentence what was wrong with the files, and leave with an exit code to trust."""
    from concordat.identity.engine.model import UnusableModel  # noqa: PLC0415
    from concordat.identity.engine.tables.errors import (  # noqa: PLC0415
        UnusableTable,
        UnwritableOutput,
        WrongOutput,
    )

    try:
        yield
    except (UnusableTable, UnusableModel, WrongOutput) as problem:
        _say(problem)
        raise typer.Exit(REFUSED) from problem
    except UnwritableOutput as problem:
        _say(problem)
        raise typer.Exit(UNAVAILABLE) from problem
    except KeyboardInterrupt as stop:
        _say("Stopped. What was finished is kept, and nothing half-written was left.")
        raise typer.Exit(STOPPED) from stop
    except MemoryError as problem:
        _say("There is not enough memory for a table of this size. Nothing more was written.")
        raise typer.Exit(UNAVAILABLE) from problem


def _say(problem: object) -> None:
    progress_console.print("[bold red]concordat:[/] ", end="")
    progress_console.print(str(problem), markup=False, highlight=False, soft_wrap=True)
