"""The agreements of the sample world at every stage of their lives: drafted, waiting, ended."""

from datetime import timedelta

from concordat.agreements.actions import (
    draft_agreement,
    end_agreement,
    give_notice,
    propose,
    publish_notice,
    recommend,
    sign,
    start_agreement,
)
from concordat.agreements.rules import AgreementTerms
from concordat.base.actor import Actor, Purpose
from concordat.base.clock import today
from concordat.organisations.queries import actor_of, person_summary
from concordat.server.demo import terms


def make_agreements(actor: Actor) -> None:
    """Make agreements between neighbours, one of all seven, and some that open nothing.

    The staff must be there: some of them sign, give notice and publish.
    """
    _start(actor, terms.framework(), 900)
    _start(actor, terms.essex_and_kent(), 540)
    _start(
        actor,
        terms.neighbours("BCH-01", "Bedfordshire, Cambridgeshire and Hertfordshire", terms.BCH),
        400,
    )
    _start(actor, terms.victims_and_witnesses(), 200)
    _start(actor, terms.seven_forces(), 300)
    _start(actor, terms.memorandum(), 700)
    _start(actor, terms.with_the_fire_service(), 250)
    pilot = terms.neighbours(
        "NORFOLK-CAMBS-01", "Norfolk and Cambridgeshire pilot", terms.NORFOLK_CAMBS
    )
    _start(actor, pilot, 500)
    end_agreement(actor, reference=pilot.reference)
    _give_notice(actor)
    _publish()
    _wait_for_signatures(actor)
    draft_agreement(actor, terms=terms.draft())


def _start(actor: Actor, text: AgreementTerms, days_ago: int) -> None:
    draft_agreement(actor, terms=text)
    start_agreement(actor, reference=text.reference, starts_on=today() - timedelta(days=days_ago))


def _give_notice(actor: Actor) -> None:
    text = terms.fleet()
    _start(actor, text, 800)
    give_notice(
        _staff("suffolk.programme"),
        reference=text.reference,
        because="Suffolk’s vehicles will be kept by the county’s own workshop.",
    )


def _publish() -> None:
    text = terms.with_the_fire_service()
    publish_notice(
        _staff("essex.commissioner"),
        reference=text.reference,
        title=f"Decision: {text.title}",
        text="The Police, Fire and Crime Commissioner for Essex has agreed, for policing and for "
        f"the fire and rescue authority, to this collaboration. {text.purpose} "
        f"{text.exit_terms} {text.exit_costs}",
        redactions={"resources": "Where the workshop stands is kept from the public."},
    )


def _wait_for_signatures(actor: Actor) -> None:
    """Propose the joint firearms command; three of six sign, one of them under a condition."""
    reference = terms.firearms().reference
    draft_agreement(actor, terms=terms.firearms())
    proposed = propose(_staff("norfolk.programme"), reference=reference)
    recommend(
        _staff("essex.programme"),
        reference=reference,
        board="Joint chief officer board",
        text="Recommended. The board asks for a first review after one year.",
    )
    for username, reasons, conditions in (
        ("norfolk.chief", "More armed officers at hand for fewer officers trained.", ""),
        ("norfolk.commissioner", "The consultation supports it.", ""),
        (
            "suffolk.chief",
            "It closes our gap on the coast.",
            "Two armed response vehicles stay based at Lowestoft.",
        ),
    ):
        sign(
            _staff(username),
            reference=reference,
            digest=proposed.digest,
            reasons=reasons,
            conditions=conditions,
        )


def _staff(username: str) -> Actor:
    found = actor_of(
        person_summary(username).id, purpose=Purpose.ADMINISTRATION, reason="the sample world"
    )
    if found is None:
        raise LookupError(f"{username} can’t act: the demo’s staff have changed.")
    return found
