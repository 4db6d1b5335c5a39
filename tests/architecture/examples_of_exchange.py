"""One use of every action and query of exchange, and calls that must leave nothing."""

from collections.abc import Mapping
from pathlib import Path

from concordat.exchange.actions import export_force, import_force, withdraw_force
from concordat.exchange.errors import CannotWrite, ExchangeError, NotAllowedToMove, UnusableExport
from concordat.exchange.queries import holdings
from concordat.records.queries import link_stubs
from tests.architecture.examples import Example, Failure, Scene
from tests.world import SERVICE


def taken_out(scene: Scene) -> Path:
    """Take Essex out, with the events of its file, and return the folder."""
    out = scene.folder / "out"
    if not out.exists():
        assert scene.load_id
        export_force(SERVICE, force="essex", out=out)
    return out


EXAMPLES_OF_EXCHANGE: Mapping[str, Example] = {
    "exchange.actions.export_force": Example(taken_out, given=lambda s: s.officer),
    "exchange.actions.import_force": Example(
        lambda s: import_force(SERVICE, folder=taken_out(s)), given=taken_out
    ),
    "exchange.actions.withdraw_force": Example(
        lambda _: withdraw_force(SERVICE, force="essex", because="Its own way"),
        given=lambda s: s.agreement_in_force,
    ),
    "exchange.queries.holdings": Example(lambda _: holdings(SERVICE, force="essex")),
    "records.queries.link_stubs": Example(
        lambda s: link_stubs(s.officer, ids=[s.person_id]),
        given=lambda s: s.person_id,
    ),
}

FAILURES_OF_EXCHANGE: Mapping[str, Failure] = {
    "taking a force out as a person": Failure(
        NotAllowedToMove,
        lambda s: export_force(s.officer, force="essex", out=s.folder / "mine"),
        given=lambda s: s.officer,
    ),
    "taking a force out over a folder that is there": Failure(
        CannotWrite, lambda s: export_force(SERVICE, force="essex", out=s.folder)
    ),
    "taking in a folder that is no export": Failure(
        UnusableExport, lambda s: import_force(SERVICE, folder=s.folder)
    ),
    "withdrawing without a reason": Failure(
        ExchangeError,
        lambda _: withdraw_force(SERVICE, force="essex", because=""),
        given=lambda s: s.agreement_in_force,
    ),
}
