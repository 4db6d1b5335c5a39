"""Run one program in a fresh process and watch its time and memory until its result is on disk."""

import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DONE = b"measured: "
PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 2**20
TICKS = os.sysconf("SC_CLK_TCK")
INTERVAL = 0.02


@dataclass
class Measured:
    """What one run took: seconds from start to result, and the most memory of its process tree."""

    seconds: float = 0.0
    peak_mb: float = 0.0
    cpu_seconds: float = 0.0
    """Of the whole tree, for machines that have other work beside."""
    facts: dict[str, Any] = field(default_factory=dict)
    """What the program said of itself when its result was written."""
    failure: str = ""
    """Why there is no result, in words; empty when there is one."""


def run(
    command: Sequence[str | Path], *, limit_seconds: float, limit_mb: float, log: Path
) -> Measured:
    """Run the command to its end; time and memory count until it says that its result is written.

    A run over either limit is ended with every process it started. Linux only: memory is read
    from /proc as the sum of resident pages of the tree, every 20 ms.
    """
    measured = Measured()
    with log.open("wb") as errors, tempfile.TemporaryFile() as said:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=said, stderr=errors, start_new_session=True, env=_environment()
        )
        try:
            while process.poll() is None:
                if not measured.facts:
                    _watch(measured, process.pid, started, limit_seconds, limit_mb)
                    measured.facts = _facts(said.fileno())
                if measured.failure:
                    break
                time.sleep(INTERVAL)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        measured.facts = measured.facts or _facts(said.fileno())
        if process.returncode != 0 and not measured.failure:
            measured.failure = f"failed ({_last_line(log)}), see {log}"
        if not measured.facts and not measured.failure:
            measured.failure = f"wrote no result, see {log}"
    return measured


def _watch(
    measured: Measured, root: int, started: float, limit_seconds: float, limit_mb: float
) -> None:
    measured.seconds = time.perf_counter() - started
    megabytes, measured.cpu_seconds = _tree(root)
    measured.peak_mb = max(measured.peak_mb, megabytes)
    if measured.seconds > limit_seconds:
        measured.failure = f"not finished in {limit_seconds:.0f} s"
    elif measured.peak_mb > limit_mb:
        measured.failure = f"ended at {measured.peak_mb:,.0f} MB after {measured.seconds:.0f} s"


def _facts(said: int) -> dict[str, Any]:
    """Return what the program said with its result; nothing while it has not said it."""
    text = os.pread(said, os.fstat(said).st_size, 0)
    line = text.rpartition(DONE)
    if not line[1] or b"\n" not in line[2]:
        return {}
    return {"finished": True, **json.loads(line[2].split(b"\n")[0])}


def _tree(root: int) -> tuple[float, float]:
    """Return the resident memory and the processor seconds of a process and of all it started."""
    waiting = [root]
    megabytes = ticks = 0.0
    while waiting:
        number = waiting.pop()
        try:
            pages = Path(f"/proc/{number}/statm").read_text().split()[1]
            times = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[11:15]
            children = Path(f"/proc/{number}/task/{number}/children").read_text()
        except (OSError, IndexError):
            continue
        megabytes += int(pages) * PAGE_MB
        ticks += sum(int(time) for time in times)
        waiting += [int(child) for child in children.split()]
    return megabytes, ticks / TICKS


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return lines[-1].replace("|", "/")[:200] if lines else "said nothing"


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONWARNINGS": "ignore"}
