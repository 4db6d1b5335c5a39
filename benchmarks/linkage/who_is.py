"""How long one typed record takes against a register, and whether the right person comes first."""

import json
import statistics
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet

from benchmarks.linkage.datasets import Dataset, split_for_questions
from benchmarks.linkage.measure import run

QUESTIONS = 300
SURE = 0.95
MODULES = {
    "splink": "benchmarks.linkage.peers.splink_who_is",
    "recordlinkage": "benchmarks.linkage.peers.recordlinkage_who_is",
    "ours": "benchmarks.linkage.ours_who_is",
}


@dataclass
class Answered:
    """One tool asked about one register; times in milliseconds."""

    rows: int
    tool: str
    failure: str
    p50: float = 0.0
    p95: float = 0.0
    right_first: float = 0.0
    """Share of the questions whose best candidate is the person."""
    wrong_sure: float = 0.0
    """Candidates a question that are somebody else, at a probability of 0.95 or more."""


def ask(register: Dataset, tool: str, python: Path, work: Path) -> Answered:
    """Ask a tool about damaged records taken out of a generated register."""
    known, asked = split_for_questions(register, QUESTIONS)
    out = work / "answers.json"
    command: list[str | Path] = [python, "-m", MODULES[tool], "--register", known]
    command += ["--asked", asked, "--out", out]
    measured = run(
        command,
        limit_seconds=3600,
        limit_mb=14 * 1024,
        log=work / f"{tool}_who_is_{len(register.truth)}.log",
    )
    answered = Answered(len(register.truth), tool, measured.failure)
    if measured.failure:
        return answered
    persons = pyarrow.parquet.read_table(asked, columns=["cluster"])["cluster"].to_pylist()
    person_of = dict(
        zip(
            register.table["unique_id"].to_pylist(),
            register.table["cluster"].to_pylist(),
            strict=True,
        )
    )
    answers = json.loads(out.read_text(encoding="utf-8"))
    times = [1000 * answer["seconds"] for answer in answers]
    firsts = [[person_of[one] for one, _ in answer["found"][:1]] for answer in answers]
    wrong = [
        person_of[one] != person
        for answer, person in zip(answers, persons, strict=True)
        for one, probability in answer["found"]
        if probability >= SURE
    ]
    answered.p50 = statistics.median(times)
    answered.p95 = statistics.quantiles(times, n=20)[-1]
    answered.right_first = sum(
        first == [person] for first, person in zip(firsts, persons, strict=True)
    ) / len(persons)
    answered.wrong_sure = sum(wrong) / len(persons)
    return answered
