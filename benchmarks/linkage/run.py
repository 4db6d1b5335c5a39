"""Our engine and its peers on the same files, each in a fresh process: one table.

Run by `make bench-linkage` in the peers' environment. A tool's time is that of its whole process,
from its start until every row is written with its cluster: imports, reading, training, linking and
writing. Accuracy counts every pair of rows of one person, also those that a tool never compared.
"""

import argparse
import json
import os
import platform
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.linkage import datasets, who_is
from benchmarks.linkage.datasets import Dataset
from benchmarks.linkage.judge import Judgement, judge
from benchmarks.linkage.measure import Measured, run
from benchmarks.linkage.report import accuracy_table, latency_table
from benchmarks.linkage.who_is import Answered

GENERATED = {"50k": 50_000, "100k": 100_000, "1m": 1_000_000, "5m": 5_000_000, "10m": 10_000_000}
ASKED = ("50k", "1m")
TOOLS = ("splink", "recordlinkage", "dedupe", "ours")
MODULES = {
    "splink": "benchmarks.linkage.peers.splink_run",
    "recordlinkage": "benchmarks.linkage.peers.recordlinkage_run",
    "dedupe": "benchmarks.linkage.peers.dedupe_run",
    "ours": "benchmarks.linkage.ours",
}
MOST_ROWS = {"dedupe": 10_000, "recordlinkage": 1_000_000, "splink": 5_000_000}
"""A tool is left out of larger files: it would not end in reasonable time or memory."""

RESULTS = datasets.CACHE / "results"
WORK = datasets.CACHE / "work"


@dataclass
class Result:
    """One tool on one data set."""

    dataset: str
    rows: int
    tool: str
    measured: Measured
    judgement: Judgement | None = None


@dataclass
class Results:
    """All that a run found out."""

    linked: list[Result] = field(default_factory=list)
    answered: list[Answered] = field(default_factory=list)


def main() -> int:
    """Run the benchmark; exit code 0 unless our own engine failed."""
    arguments = _arguments()
    WORK.mkdir(parents=True, exist_ok=True)
    sizes = _sizes(arguments.size)
    tools = [tool for tool in TOOLS if tool in arguments.tools.split(",")]
    sets = _data_sets(sizes, arguments)
    results = Results()
    if "ours" in tools:
        _warm(arguments)
    for dataset in sets:
        for tool in tools:
            if len(dataset.truth) > MOST_ROWS.get(tool, sys.maxsize):
                continue
            results.linked.append(_best_of(arguments.repeat, dataset, tool, arguments))
            _say(results.linked[-1])
    for size in (size for size in ASKED if size in sizes and not arguments.no_questions):
        for tool in (tool for tool in tools if tool in who_is.MODULES):
            register = _generated(GENERATED[size], arguments)
            results.answered.append(who_is.ask(register, tool, _python(tool, arguments), WORK))
    _write(results)
    return int(any(r.tool == "ours" and r.measured.failure for r in results.linked))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--size", default="small,50k,1m", help="of: small, all, " + ", ".join(GENERATED)
    )
    parser.add_argument("--tools", default=",".join(TOOLS))
    parser.add_argument("--data", type=Path, default=Path("../shared/data/linkage"))
    parser.add_argument(
        "--generator", type=Path, default=Path("../shared/prototypes/gen_persons.py")
    )
    parser.add_argument("--ours", type=Path, default=Path(".venv/bin/python"), help="our Python")
    parser.add_argument("--limit", type=float, default=300, help="seconds for a peer but Splink")
    parser.add_argument("--memory", type=float, default=14 * 1024, help="MB for any tool")
    parser.add_argument("--repeat", type=int, default=1, help="runs of each; the fastest counts")
    parser.add_argument("--no-questions", action="store_true", help="leave out one-record times")
    return parser.parse_args()


def _sizes(wanted: str) -> list[str]:
    sizes = ["small", "50k", "100k", "1m", "5m"] if wanted == "all" else wanted.split(",")
    unknown = [size for size in sizes if size != "small" and size not in GENERATED]
    if unknown:
        message = f"SIZE is not one of small, all, {', '.join(GENERATED)}: {', '.join(unknown)}"
        raise SystemExit(message)
    return sizes


def _data_sets(sizes: list[str], arguments: argparse.Namespace) -> list[Dataset]:
    """Return what the sizes stand for; the historical 50k file is also at 50k."""
    sets: list[Dataset] = []
    if "small" in sizes or "50k" in sizes:
        files = datasets.data_sets(arguments.data)
        sets += files.values() if "small" in sizes else [files["historical"]]
    return sets + [_generated(GENERATED[size], arguments) for size in sizes if size != "small"]


def _generated(rows: int, arguments: argparse.Namespace) -> Dataset:
    return datasets.generated(rows, generator=arguments.generator, python=Path(sys.executable))


def _python(tool: str, arguments: argparse.Namespace) -> Path:
    return arguments.ours if tool == "ours" else Path(sys.executable)


def _warm(arguments: argparse.Namespace) -> None:
    """Link the smallest file once: afterwards our kernels are compiled and kept."""
    files = datasets.data_sets(arguments.data)
    for name in ("fake_1000", "febrl1"):
        warm = _link(files[name], "ours", arguments)
        print(f"Our kernels made ready on {name} in {warm.measured.seconds:.1f} s.", flush=True)


def _best_of(times: int, dataset: Dataset, tool: str, arguments: argparse.Namespace) -> Result:
    runs = [_link(dataset, tool, arguments) for _ in range(times)]
    return min(runs, key=lambda one: (bool(one.measured.failure), one.measured.seconds))


def _link(dataset: Dataset, tool: str, arguments: argparse.Namespace) -> Result:
    out, pairs = WORK / "out.parquet", WORK / "pairs.parquet"
    for left_over in WORK.glob("*.parquet"):
        left_over.unlink()
    command: list[str | Path] = [
        _python(tool, arguments),
        "-m",
        MODULES[tool],
        "--style",
        dataset.style,
    ]
    command += ["--out", out, "--pairs", pairs, *dataset.files]
    measured = run(
        command,
        limit_seconds=arguments.limit if tool in ("recordlinkage", "dedupe") else 6 * 3600,
        limit_mb=arguments.memory,
        log=WORK / f"{tool}_{dataset.name.replace(' ', '_')}.log",
    )
    result = Result(dataset.name, len(dataset.truth), tool, measured)
    if not measured.failure:
        id_column = str(measured.facts["id_column"])
        result.judgement = judge(dataset, out=out, pairs=pairs, id_column=id_column)
    return result


def _say(result: Result) -> None:
    found = result.judgement
    text = result.measured.failure or (
        f"F1 {found.clusters.f1:.4f}, {result.measured.seconds:.1f} s "
        f"({result.measured.cpu_seconds:.1f} of processors), "
        f"{result.measured.peak_mb:,.0f} MB"
        if found
        else ""
    )
    print(f"{result.dataset}, {result.tool}: {text}", flush=True)


def _write(results: Results) -> None:
    """Print the tables, and keep them with everything measured under the cache."""
    machine = (
        f"{os.cpu_count()} processors, {platform.system()}, Python {platform.python_version()}"
    )
    text = f"{machine}.\n\n{accuracy_table(results.linked)}"
    if results.answered:
        text += f"\n{latency_table(results.answered)}"
    print("\n" + text)
    RESULTS.mkdir(parents=True, exist_ok=True)
    name = time.strftime("%Y%m%d-%H%M%S")
    (RESULTS / f"{name}.md").write_text(text, encoding="utf-8")
    told = json.dumps(results, default=vars, indent=1)
    (RESULTS / f"{name}.json").write_text(told, encoding="utf-8")
    print(f"Kept as {RESULTS / name}.md and .json")


if __name__ == "__main__":
    sys.exit(main())
