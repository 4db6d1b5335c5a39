"""Two people at one agreement in the same moment: one is first, and nothing is in between."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import connections

from concordat.access.queries import grants_in_force
from concordat.agreements.actions import (
    draft_agreement,
    end_agreement,
    give_notice,
    leave,
    propose,
    refuse,
    revise,
    sign,
    vary,
)
from concordat.agreements.errors import AgreementsError
from concordat.agreements.queries import agreement, versions
from concordat.agreements.rules import Decision, State, Step
from concordat.base.actor import Actor
from concordat.base.clock import today
from tests.signing import drafter, signatory, signed_by
from tests.world import SERVICE, agreement_in_force, terms

PARTIES = ["essex", "kent"]
DAY = timedelta(days=1)
TIMES = 3
"""How often each pair is tried: who is first is up to the moment."""

Call = Callable[[], object]


@dataclass(frozen=True)
class People:
    """Who takes part, of two forces and their policing bodies."""

    essex: Actor
    kent: Actor
    signatories: tuple[Actor, ...]


@pytest.fixture
def people(own_database: str) -> People:
    """The people, in a database of this test alone."""
    assert own_database
    bodies = ("essex", "kent", "essex-pfcc", "kent-pcc")
    return People(drafter("essex"), drafter("kent"), tuple(signatory(body) for body in bodies))


def at_once(*calls: Call) -> list[object]:
    """Call all of these at the same moment, each on a connection of its own."""
    barrier = threading.Barrier(len(calls))
    outcomes: list[object] = []

    def run(call: Call) -> None:
        barrier.wait()
        try:
            outcomes.append(call())
        except Exception as problem:  # noqa: BLE001 (whatever it is, the test looks at it)
            outcomes.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def proposal(people: People, reference: str, *, signed: int) -> str:
    """Propose an agreement, let the first few sign, and return the digest of its text."""
    draft_agreement(people.essex, terms=terms(reference, PARTIES))
    digest = propose(people.essex, reference=reference).digest
    signed_by(reference, people.signatories[:signed])
    return digest


def two_last_signatures(people: People, reference: str) -> tuple[Call, Call]:
    digest = proposal(people, reference, signed=2)
    third, fourth = people.signatories[2:]
    return (
        lambda: sign(third, reference=reference, digest=digest),
        lambda: sign(fourth, reference=reference, digest=digest),
    )


def signed_and_taken_back(people: People, reference: str) -> tuple[Call, Call]:
    digest = proposal(people, reference, signed=3)
    return (
        lambda: sign(people.signatories[3], reference=reference, digest=digest),
        lambda: revise(people.essex, reference=reference, because="A slip"),
    )


def signed_and_refused(people: People, reference: str) -> tuple[Call, Call]:
    digest = proposal(people, reference, signed=2)
    return (
        lambda: sign(people.signatories[2], reference=reference, digest=digest),
        lambda: refuse(people.signatories[3], reference=reference, reasons="No"),
    )


def signed_twice_for_one_body(people: People, reference: str) -> tuple[Call, Call]:
    digest = proposal(people, reference, signed=3)
    last = people.signatories[3]
    return (
        lambda: sign(last, reference=reference, digest=digest),
        lambda: sign(last, reference=reference, digest=digest),
    )


def proposed_twice(people: People, reference: str) -> tuple[Call, Call]:
    draft_agreement(people.essex, terms=terms(reference, PARTIES))
    return (
        lambda: propose(people.essex, reference=reference),
        lambda: propose(people.kent, reference=reference),
    )


def varied_twice(people: People, reference: str) -> tuple[Call, Call]:
    agreement_in_force(reference, PARTIES)
    return (
        lambda: vary(people.essex, reference=reference),
        lambda: vary(people.kent, reference=reference),
    )


def _last_signature_of_the_next(people: People, reference: str) -> Call:
    agreement_in_force(reference, PARTIES)
    vary(people.essex, reference=reference)
    digest = propose(people.essex, reference=reference).digest
    signed_by(reference, people.signatories[:3])
    return lambda: sign(people.signatories[3], reference=reference, digest=digest)


def replaced_and_given_notice(people: People, reference: str) -> tuple[Call, Call]:
    return (
        _last_signature_of_the_next(people, reference),
        lambda: give_notice(people.kent, reference=reference, because="Out", ends_on=today() + DAY),
    )


def replaced_and_ended(people: People, reference: str) -> tuple[Call, Call]:
    return (
        _last_signature_of_the_next(people, reference),
        lambda: end_agreement(people.kent, reference=reference),
    )


def left_and_ended(people: People, reference: str) -> tuple[Call, Call]:
    agreement_in_force(reference, PARTIES)
    return (
        lambda: leave(people.essex, reference=reference, body="essex", because="Out"),
        lambda: end_agreement(people.kent, reference=reference),
    )


def left_by_both(people: People, reference: str) -> tuple[Call, Call]:
    agreement_in_force(reference, [*PARTIES, "norfolk"])
    return (
        lambda: leave(people.essex, reference=reference, body="essex", because="Out"),
        lambda: leave(people.kent, reference=reference, body="kent", because="Out"),
    )


PAIRS = (
    two_last_signatures,
    signed_and_taken_back,
    signed_and_refused,
    signed_twice_for_one_body,
    proposed_twice,
    varied_twice,
    replaced_and_given_notice,
    replaced_and_ended,
    left_and_ended,
    left_by_both,
)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.__name__)
def test_of_two_at_once_one_is_first_and_all_stays_true(
    people: People, pair: Callable[[People, str], tuple[Call, Call]]
) -> None:
    for number in range(TIMES):
        reference = f"{pair.__name__}-{number}"
        outcomes = at_once(*pair(people, reference))
        problems = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
        assert all(isinstance(problem, AgreementsError) for problem in problems), problems
        assert len(problems) < len(outcomes), problems
        check_that_all_is_true(reference)
        if pair is two_last_signatures:
            assert agreement(SERVICE, reference=reference).state is State.IN_FORCE


def check_that_all_is_true(reference: str) -> None:
    """Check what holds of an agreement at every moment, whoever was first."""
    known = versions(SERVICE, reference=reference)
    for version in known:
        steps = [step.step for step in version.steps]
        assert steps.count(Step.APPROVE) <= 1
        if version.state is State.PROPOSED:
            assert version.waiting_on
            assert len(version.signatures) == len(PARTIES) * 2
        if version.state.opens:
            assert {s.decision for s in version.signatures} == {Decision.APPROVED}
    in_force = [version.id for version in known if version.state.opens]
    assert len(in_force) <= 1
    ids = {version.id for version in known}
    live = [grant for grant in grants_in_force(SERVICE) if grant.agreement_id in ids]
    assert {grant.agreement_id for grant in live} == set(in_force)
    ways = [(grant.owner_id, grant.recipient_id, grant.kind) for grant in live]
    assert len(ways) == len(set(ways))
