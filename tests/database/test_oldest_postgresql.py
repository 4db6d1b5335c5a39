"""PostgreSQL 15, the oldest version that is supported, where this machine has its programs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAMS = Path("/usr/lib/postgresql/15/bin")


@pytest.mark.skipif(not (PROGRAMS / "postgres").exists(), reason="no PostgreSQL 15 on this machine")
def test_row_security_loads_and_searches_hold_on_postgresql_15() -> None:
    """The same tests again, in a run of their own, on the older server."""
    here = Path(__file__).parent
    files = (
        "test_row_security.py",
        "test_loading_stop_search.py",
        "test_loading_persons.py",
        "test_searching.py",
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider",
         *(str(here / name) for name in files)],
        env={**os.environ, "CONCORDAT_POSTGRES_BIN": str(PROGRAMS)},
        capture_output=True,
        text=True,
        check=False,
        cwd=here.parents[1],
        timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:]
