"""What every benchmark of the service needs: an installation to throw away, an officer, figures."""

import os
import shutil
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from concordat.base.actor import Actor


PASSWORD = "three invented words"  # noqa: S105 - of an installation to throw away


@contextmanager
def thrown_away() -> Iterator[Path]:
    """Make an installation with real durability, open it, and remove it in the end."""
    home = Path(tempfile.mkdtemp(prefix="concordat-bench-"))
    for name in [name for name in os.environ if name.startswith("CONCORDAT_")]:
        del os.environ[name]
    os.environ["CONCORDAT_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "concordat.server.settings"
    from concordat.server import configuration

    configuration.secret_key(create=True)
    django.setup()
    from concordat.server.embedded import EmbeddedPostgres
    from concordat.server.installation import opened

    try:
        with opened():
            yield home
    finally:
        EmbeddedPostgres(home).destroy()
        shutil.rmtree(home, ignore_errors=True)


def officer_of_essex() -> "Actor":
    """Share everything among the seven forces and return an officer of one of them."""
    from concordat.access.rules import SHAREABLE_KINDS, Level
    from concordat.agreements.actions import draft_agreement, start_agreement
    from concordat.agreements.rules import AgreementKind, AgreementTerms, SharingTerms
    from concordat.base.actor import Actor, Purpose, Role
    from concordat.organisations.actions import add_person
    from concordat.organisations.queries import actor_of
    from concordat.server.demo.terms import SEVEN_FORCES

    service = Actor.service(reason="benchmark")
    sharing = [
        SharingTerms(kind=kind, level=Level.FULL, lawful_basis="-", assessment="-", contact="-")
        for kind in SHAREABLE_KINDS
    ]
    terms = AgreementTerms(
        reference="BENCH",
        title="Benchmark",
        kind=AgreementKind.SECTION_22A,
        purpose="Benchmark",
        parties=SEVEN_FORCES,
        functions=[],
        sharing=sharing,
    )
    draft_agreement(service, terms=terms)
    start_agreement(service, reference="BENCH")
    person = add_person(
        service,
        organisation="essex",
        collar_number="1",
        username="bench",
        name="Bench Mark",
        roles=[Role.OFFICER, Role.SUPERVISOR, Role.INTELLIGENCE],
        password=PASSWORD,
    )
    actor = actor_of(person.id, purpose=Purpose.INVESTIGATION)
    assert actor is not None
    return actor


def percentiles(taken: list[float]) -> str:
    """Return the middle and the 95th percentile of some times."""
    ordered = statistics.quantiles(taken, n=20)
    return f"  p50 {statistics.median(taken):>6.1f}  p95 {ordered[-1]:>6.1f}"
