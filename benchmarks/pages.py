"""Measure, now and on this machine: the server's time for each page of a large register.

A million persons, half a million events of the monthly files, and some thousands of logged events
with people, vehicles and weapons in them. Every page is asked for as an officer and as a
supervisor of Essex would, through middleware, row security, journal and template.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from benchmarks.installation import PASSWORD, officer_of_essex, percentiles, thrown_away
from benchmarks.linkage.datasets import generated
from benchmarks.register import load_register, person_files

if TYPE_CHECKING:
    from django.test import Client

    from concordat.base.actor import Actor

MOST_MS = 150.0
REPEATS = 25
BUSY = 60
"""So many of the logged events have the same suspect and the same vehicle."""


def main() -> int:
    """Run the benchmark; exit code 1 if a page is slower than it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=1_000_000)
    parser.add_argument("--events", type=int, default=500_000)
    parser.add_argument("--logged", type=int, default=3_000)
    parser.add_argument(
        "--generator", type=Path, default=Path("../shared/prototypes/gen_persons.py")
    )
    parser.add_argument("--python", type=Path, default=Path(".venv-bench/bin/python"))
    chosen = parser.parse_args()
    table = generated(chosen.persons, generator=chosen.generator, python=chosen.python).table
    with thrown_away() as home:
        load_register(person_files(table, home / "files"))
        _load_events(home / "months", chosen.events)
        actor = officer_of_essex()
        world = World(actor, table.slice(0, 5_000).to_pylist(), chosen.logged)
        return _measure(world)


def _load_events(folder: Path, wanted: int) -> None:
    from concordat.base.actor import Actor
    from concordat.records.actions import load_stop_search, load_street
    from concordat.server.demo.events import write_files

    service = Actor.service(reason="benchmark")
    loaded, scale = 0, 1
    while loaded < wanted:
        part = folder / str(scale)
        part.mkdir(parents=True)
        until = date(2024, 3, 31) - timedelta(days=400 * (scale - 1))
        street, stop_search = write_files(part, until=until, scale=33)
        loaded += load_street(service, paths=street).total.new
        loaded += load_stop_search(service, paths=stop_search).total.new
        scale += 1
    print(f"events of monthly files {loaded:>17,} rows", flush=True)


class World:
    """What was logged, and the addresses of the pages that show it."""

    def __init__(self, actor: "Actor", people: list[dict[str, str]], logged: int) -> None:
        self._random = random.Random(7)  # noqa: S311 - a sample
        self._actor = actor
        self._known = self._persons(people)
        started = time.perf_counter()
        self.events = [self._log(number) for number in range(logged)]
        seconds = time.perf_counter() - started
        print(f"events logged {logged:>27,} {seconds:>13.1f} s {logged / seconds:>8,.0f} a second")

    def _persons(self, people: list[dict[str, str]]) -> list[tuple[UUID, int]]:
        from concordat.identity.engine import Meaning
        from concordat.identity.queries import who_is

        found = []
        for one in people[::50]:
            asked = {Meaning.FORENAME: one["forename"] or "", Meaning.SURNAME: one["surname"] or "",
                     Meaning.DATE_OF_BIRTH: one["dob"] or ""}  # fmt: skip
            if all(asked.values()):
                for person in who_is(self._actor, partial=asked)[:1]:
                    found += [(each.record_id, each.owner_id) for each in person.records]
        return found

    def _log(self, number: int) -> UUID:
        from concordat.access.rules import RecordKind
        from concordat.records.actions import log_event
        from concordat.records.rules.reports import Participant, Report, Thing, Where

        place = self._known[0 if number < BUSY else self._random.randrange(len(self._known))]
        victim = self._random.choice(self._known)
        mark = "ZZ99ZZZ" if number < BUSY else f"ZZ{number % 99:02}Z{chr(65 + number // 99 % 26)}Z"
        day = date(2026, 1, 1) + timedelta(days=number % 300)
        report = Report(
            kind=RecordKind.CRIME if number % 3 else RecordKind.SIGHTING,
            fields={"summary": f"Benchmark {number}", "occurred_date": day.isoformat()},
            participants=(
                Participant(key="p1", roles=("suspect",), record_id=place[0], owner_id=place[1]),
                Participant(key="p2", roles=("victim",), record_id=victim[0], owner_id=victim[1]),
            ),
            things=(Thing(key="t1", kind=RecordKind.VEHICLE, uses=("used",),
                          fields={"mark": mark, "colour": "red"}),),
            places=(Where(key="w1", fields={"house": str(number % 90), "street": "Bench Road",
                                            "town": "Harlow", "postcode": "CM20 1AA"}),),
        )  # fmt: skip
        return log_event(self._actor, report=report).event_id

    def pages(self) -> Iterator[tuple[str, str]]:
        """Yield what each page is called, and its address; busy records first."""
        from django.urls import reverse

        from concordat.records.actions import start_draft
        from concordat.records.queries import report_of

        report = report_of(self._actor, event_id=self.events[0]).report
        thing, place = report.things[0].record_id, report.places[0].record_id
        draft = start_draft(self._actor, telling="Theft of a bicycle yesterday in ZZ99 ZZZ")
        of: dict[str, dict[str, object]] = {
            "event": {"event_id": self.events[0]},
            "person": {"record_id": self._known[0][0]},
            "thing": {"item_id": thing},
            "place": {"place_id": place},
            "log-draft": {"draft_id": draft.id},
        }
        for name in ("home", "log", "work", "inbox", "watches", "standards"):
            yield name, reverse(name)
        for name, arguments in of.items():
            yield name, reverse(name, kwargs=arguments)
        for text in ("ZZ99ZZZ", "ZZ9?Z*", "Benchmark", "smith 1987"):
            yield f"search {text}", f"{reverse('results')}?q={text}"


def _measure(world: World) -> int:
    from django.test import Client

    client = Client(SERVER_NAME="127.0.0.1")
    form = {"username": "bench", "password": PASSWORD, "purpose": "investigation"}
    assert client.post("/sign-in", form).status_code == 302  # noqa: PLR2004
    print("\nPages, as the server makes them (milliseconds):")
    slow = 0
    for name, address in world.pages():
        taken = _times(lambda address=address: _get(client, address))  # type: ignore[misc]
        slow += sorted(taken)[int(len(taken) * 0.95)] > MOST_MS
        print(f"{name:<34}{percentiles(taken)}", flush=True)
    return 1 if slow else 0


def _get(client: "Client", address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)  # noqa: PLR2004


def _times(ask: Callable[[], None]) -> list[float]:
    ask()
    taken = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - start) * 1000)
    return taken


if __name__ == "__main__":
    sys.exit(main())
