"""The sample world: seven forces, invented people and events, made once and kept.

It is seeded: two installations made in the same month hold the same events. Nothing in it
describes anybody; streets, crimes and staff are invented.
"""

import tempfile
from pathlib import Path

from concordat.agreements.queries import agreements
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.base.clock import today
from concordat.identity.actions import resolve_all
from concordat.organisations.queries import people
from concordat.records.actions import load_persons, load_stop_search, load_street
from concordat.records.queries import loads
from concordat.server import configuration
from concordat.server.demo.events import write_files, write_later_files
from concordat.server.demo.persons import person_map, write_person_files
from concordat.server.demo.recorded import record_history
from concordat.server.demo.sharing import make_agreements
from concordat.server.demo.staff import PASSWORD_FILE, STAFF, make_staff, password
from concordat.server.demo.stories import tell_stories
from concordat.server.embedded import EmbeddedPostgres
from concordat.server.installation import Say

_REASON = "the sample world of concordat demo"
_BEGUN, _MADE = "demo-begun", "demo-made"

__all__ = ["NotADemo", "forget", "make", "make_persons", "password", "sign_ins", "tell_stories"]


class NotADemo(Exception):
    """The home holds something other than a demo, or a demo in use; it was left alone."""


def make(*, say: Say) -> None:
    """Make the sample world unless this installation has it already.

    A first run that was interrupted is completed: every step leaves alone what is there.
    Raises NotADemo for an installation that holds people, agreements or loads of its own.
    """
    home = configuration.home()
    if (home / _MADE).exists():
        return
    service = Actor.service(reason=_REASON)
    if not (home / _BEGUN).exists():
        if people() or agreements(service) or loads(service):
            raise NotADemo(
                f"{home} is in use for something other than a demo; it was left as it is. "
                "Choose another folder for the demo: CONCORDAT_HOME=… make demo."
            )
        (home / _BEGUN).touch()
    say("Making people and agreements …")
    with acting(service):  # one transaction each: all of them, or none
        if not people():
            make_staff(service)
    with acting(service):
        if not agreements(service):
            make_agreements(service)
        record_history(service)
    say("Making a year of events for seven forces …")
    with tempfile.TemporaryDirectory() as folder:
        street, stop_search = write_files(Path(folder), until=today())
        load_street(service, paths=street)
        load_stop_search(service, paths=stop_search)
        load_street(service, paths=write_later_files(Path(folder), street))
    say("Making some 300 person records, and deciding who is who …")
    make_persons(service)
    say("Telling stories that cross borders …")
    tell_stories(service)
    (home / _MADE).touch()


def make_persons(service: Actor) -> None:
    """Load the invented persons of every force, and decide which of them are one."""
    with tempfile.TemporaryDirectory() as folder:
        for force, path in write_person_files(Path(folder), until=today()).items():
            load_persons(service, paths=[path], force=force, person_map=person_map())
    resolve_all(service)


def sign_ins() -> list[tuple[str, str, str, str]]:
    """Return username, name, organisation and roles of everybody in the demo."""
    known = {row.username for row in STAFF}
    return [
        (
            person.username,
            person.name,
            person.organisation.name,
            ", ".join(role.label for role in person.roles),
        )
        for person in people()
        if person.username in known
    ]


def forget() -> None:
    """Throw away the demo's database, anchors and password.

    Raises NotADemo for a home that holds something else, and for a demo that is running.
    """
    home = configuration.home()
    if not (home / _BEGUN).exists():
        if (home / "secret-key").exists() or (home / "journal-anchors.jsonl").exists():
            raise NotADemo(f"{home} holds no demo; it was left as it is.")
        return
    server = EmbeddedPostgres(home)
    with server:
        pass  # whoever is the last to leave stops it
    if server.running:
        raise NotADemo("The demo is running: stop it first (Ctrl-C where it was started).")
    server.destroy()
    for name in (_BEGUN, _MADE, PASSWORD_FILE, "journal-anchors.jsonl"):
        (home / name).unlink(missing_ok=True)
