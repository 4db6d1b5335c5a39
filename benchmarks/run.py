"""Measure, now and on this machine: the load of monthly files, and ten typical searches.

Everything happens in an installation of its own that is thrown away afterwards, with real
durability. Searches run as the serving role under row security, journal entry and commit included.
"""

import argparse
import resource
import sys
import time
from datetime import date
from pathlib import Path

from benchmarks.installation import officer_of_essex, percentiles, thrown_away

SEARCHES = (
    "burglary",
    "kent vehicle crime",
    "high street",
    "shopping area shoplifting",
    "near CO1 1AA",
    "within 2km of ME4 4DF burglary",
    "parking area colchester",
    "elsewhere",
    "violence essex january 2024",
    "under investigation robbery",
)
REPEATS = 30


def main() -> int:
    """Run the benchmark; exit code 0 unless something failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data",
        type=Path,
        default=Path("../shared/data/police_uk"),
        help="folder with street/ and stop_and_search/ files of data.police.uk; "
        "without it as many invented rows are made",
    )
    arguments = parser.parse_args()
    with thrown_away() as home:
        _measure(_files(arguments.data, home))
    return 0


def _files(data: Path, home: Path) -> tuple[list[Path], list[Path]]:
    """Return the street and the stop-and-search files to load."""
    street = sorted(data.glob("street/*/*.csv*"))
    stop_search = sorted(data.glob("stop_and_search/*/*.csv*"))
    if street and stop_search:
        return street, stop_search
    print(f"No files in {data}: making invented ones.")
    from concordat.server.demo.events import write_files

    folder = home / "files"
    folder.mkdir()
    return write_files(folder, until=date(2024, 3, 31), scale=12)


def _measure(files: tuple[list[Path], list[Path]]) -> None:
    from concordat.base.actor import Actor
    from concordat.records.actions import LoadReport, load_stop_search, load_street

    service = Actor.service(reason="benchmark")
    street, stop_search = files

    def show(name: str, report: LoadReport) -> None:
        total = report.total
        print(
            f"{name:<34}{total.read:>9,} rows {report.seconds:>7.2f} s "
            f"{total.read / report.seconds:>9,.0f} rows/s   new {total.new:,}"
        )

    print("Loading, with provenance, versions, journal and durable commits:")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    show("street files, first time", load_street(service, paths=street))
    show("street files, again", load_street(service, paths=street))
    show("stop-and-search files, first time", load_stop_search(service, paths=stop_search))
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"memory of the loading process: {before / 1024:.0f} MB before, {after / 1024:.0f} MB peak"
    )
    _search()


def _search() -> None:
    from concordat.tracing.queries import search

    actor = officer_of_essex()
    print("\nSearching as the serving role, as an Essex officer (milliseconds):")
    everything: list[float] = []
    for text in SEARCHES:
        taken = []
        for _ in range(REPEATS):
            start = time.perf_counter()
            found = search(actor, text=text)
            taken.append((time.perf_counter() - start) * 1000)
        everything += taken
        print(f"{text:<34}{found.answer.total:>9,} found {percentiles(taken)}")
    print(f"{'all ten':<50}{percentiles(everything)}")


if __name__ == "__main__":
    sys.exit(main())
