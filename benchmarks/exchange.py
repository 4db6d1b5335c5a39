"""Measure, now and on this machine: a whole force taken out, and taken in elsewhere, twice.

The persons are the generated register of the linkage benchmark, all of them Essex’s; each is some
twenty rows. The commands run as processes of their own, so that their memory is theirs alone;
everything happens in installations that are thrown away afterwards.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.installation import thrown_away
from benchmarks.linkage.datasets import generated
from benchmarks.register import load_register, person_files


def main() -> int:
    """Run the benchmark; exit code 0 unless something failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=60_000, help="persons; ~20 rows come of each")
    parser.add_argument(
        "--generator", type=Path, default=Path("../shared/prototypes/gen_persons.py")
    )
    parser.add_argument("--python", type=Path, default=Path(".venv-bench/bin/python"))
    chosen = parser.parse_args()
    table = generated(chosen.rows, generator=chosen.generator, python=chosen.python).table
    with thrown_away() as home:
        for path in person_files(table, home / "files").values():
            load_register({"essex": path})
        elsewhere = home.with_name(f"{home.name}-elsewhere")
        try:
            _measure(home, elsewhere)
        finally:
            _destroy(elsewhere)
    return 0


def _measure(home: Path, elsewhere: Path) -> None:
    out, again = home / "out", home / "again"
    first = _run("export", home, "export", "essex", "--out", str(out))
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    print(f"the folder holds {size / 1e6:,.0f} MB", flush=True)
    _concordat(elsewhere, "migrate", "--json")
    _run("import", elsewhere, "import", str(out))
    _run("import again", elsewhere, "import", str(out))
    second = _run("export elsewhere", elsewhere, "export", "essex", "--out", str(again))
    assert first["tables"] == second["tables"], "the same counts and hashes"


def _run(what: str, home: Path, *arguments: str) -> dict[str, Any]:
    """Run a command on a force, print how fast it was and how much memory it took."""
    started = time.perf_counter()
    told, memory = _concordat(home, "force", *arguments, "--json")
    seconds = time.perf_counter() - started
    found: dict[str, Any] = json.loads(told)
    rows = found["rows"]
    print(
        f"{what:<18}{rows:>12,} rows {seconds:>8.1f} s {rows / seconds:>10,.0f} rows/s "
        f"{memory:>6,.0f} MB at most",
        flush=True,
    )
    return found


def _concordat(home: Path, *arguments: str) -> tuple[str, float]:
    """Run a command to its end; return what it printed, and its greatest memory in megabytes."""
    command = [sys.executable, "-m", "concordat.server.main", *arguments]
    environment = {**os.environ, "CONCORDAT_HOME": str(home)}
    greatest = 0.0
    with tempfile.TemporaryFile("w+") as told:
        process = subprocess.Popen(command, env=environment, stdout=told)
        while process.poll() is None:
            greatest = max(greatest, _memory(process.pid))
            time.sleep(0.05)
        assert process.returncode == 0
        told.seek(0)
        return told.read(), greatest


def _memory(process_id: int) -> float:
    """Return the greatest memory that a process has had so far, in megabytes (Linux)."""
    for line in Path(f"/proc/{process_id}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0  # it has just ended


def _destroy(home: Path) -> None:
    from concordat.server.embedded import EmbeddedPostgres

    EmbeddedPostgres(home).destroy()
    shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
