"""What every measured program shares: its command line, and how it says that it is done."""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

DONE = "measured: "


@dataclass(frozen=True)
class Task:
    """Which files to link, and where the results go."""

    style: str
    files: list[str]
    out: Path
    """Every row of the files, with its cluster_id (Parquet)."""
    pairs: Path
    """Scored pairs, written after the measured part (Parquet)."""


def task() -> Task:
    """Read the task from the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--style", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--pairs", type=Path, required=True)
    parser.add_argument("files", nargs="+")
    found = parser.parse_args()
    return Task(style=found.style, files=found.files, out=found.out, pairs=found.pairs)


def measured(**facts: object) -> None:
    """Say that everything asked for is on disk: the clock and the memory watch stop here."""
    print(DONE + json.dumps(facts), flush=True)


@dataclass(frozen=True)
class Questions:
    """A register, and records that are asked for one at a time."""

    register: Path
    asked: Path
    out: Path


def questions() -> Questions:
    """Read from the command line which register is asked what."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--register", type=Path, required=True)
    parser.add_argument("--asked", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    found = parser.parse_args()
    return Questions(register=found.register, asked=found.asked, out=found.out)


class Answers:
    """For each question in turn the seconds it took and the candidates it gave."""

    def __init__(self) -> None:
        self._answers: list[dict[str, object]] = []

    def add(self, seconds: float, found: list[tuple[int, float]]) -> None:
        """Keep one answer: each candidate's id and probability."""
        best_first = sorted(found, key=lambda one: -one[1])
        self._answers.append({"seconds": seconds, "found": best_first})

    def write(self, out: Path) -> None:
        """Write the answers and say that they are written."""
        out.write_text(json.dumps(self._answers), encoding="utf-8")
        measured(questions=len(self._answers))
