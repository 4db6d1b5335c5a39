"""The invented agreements of the sample world. They differ, so that what is seen differs."""

from collections.abc import Sequence
from datetime import timedelta

from concordat.access.rules import SHAREABLE_KINDS, Level, RecordKind
from concordat.agreements.actions import draft_agreement, end_agreement, start_agreement
from concordat.agreements.rules import AgreementKind, AgreementTerms, SharingTerms
from concordat.base.actor import POLICING_PURPOSES, Actor, Purpose
from concordat.base.clock import today

SEVEN_FORCES = (
    "bedfordshire",
    "cambridgeshire",
    "essex",
    "hertfordshire",
    "kent",
    "norfolk",
    "suffolk",
)


def make_agreements(actor: Actor) -> None:
    """Make three agreements between neighbours, one of all seven, and three that open nothing."""
    _start(actor, _neighbours("ESSEX-KENT-01", "Essex and Kent joint directorates", _EK), 540)
    _start(
        actor, _neighbours("BCH-01", "Bedfordshire, Cambridgeshire and Hertfordshire", _BCH), 400
    )
    _start(actor, _victims_and_witnesses(), 200)
    _start(actor, _seven_forces(), 300)
    _start(actor, _memorandum(), 700)
    _start(actor, _neighbours("NORFOLK-CAMBS-01", "Norfolk and Cambridgeshire pilot", _NC), 500)
    end_agreement(actor, reference="NORFOLK-CAMBS-01")
    draft_agreement(actor, terms=_draft())


_EK = ("essex", "kent")
_BCH = ("bedfordshire", "cambridgeshire", "hertfordshire")
_NC = ("norfolk", "cambridgeshire")

# Two forces' records can be reviewed only by somebody who reads both.
_PURPOSES = {RecordKind.PERSON: (*POLICING_PURPOSES, Purpose.QUALITY)}


def _start(actor: Actor, terms: AgreementTerms, days_ago: int) -> None:
    draft_agreement(actor, terms=terms)
    start_agreement(actor, reference=terms.reference, starts_on=today() - timedelta(days=days_ago))


def _neighbours(reference: str, title: str, parties: Sequence[str]) -> AgreementTerms:
    return AgreementTerms(
        reference=reference,
        title=title,
        kind=AgreementKind.SECTION_22A,
        purpose="To run serious crime and support functions jointly, and to see each other’s "
        "records in full while doing so.",
        parties=parties,
        functions=["Serious crime", "Crime recording", "Fleet", "Training"],
        sharing=[_clause(kind, Level.FULL, reference) for kind in SHAREABLE_KINDS],
    )


def _seven_forces() -> AgreementTerms:
    levels = {
        RecordKind.CRIME: Level.FULL,
        RecordKind.ANTI_SOCIAL_BEHAVIOUR: Level.FULL,
        RecordKind.PLACE: Level.FULL,
        RecordKind.STOP_SEARCH: Level.POINTER,
        RecordKind.PERSON: Level.POINTER,
        RecordKind.INCIDENT: Level.FULL,
        RecordKind.SIGHTING: Level.FULL,
        RecordKind.SEIZURE: Level.FULL,
        RecordKind.MISSING_PERSON: Level.FULL,
        RecordKind.ARREST: Level.POINTER,
        RecordKind.INTELLIGENCE: Level.POINTER,
        RecordKind.VEHICLE: Level.FULL,
        RecordKind.WEAPON: Level.FULL,
        RecordKind.PROPERTY: Level.FULL,
    }
    return AgreementTerms(
        reference="SEVEN-FORCES-01",
        title="Shared record of the seven forces",
        kind=AgreementKind.SECTION_22A,
        purpose="To log once and trace across every border between the seven forces.",
        parties=SEVEN_FORCES,
        functions=["Crime recording", "Intelligence"],
        sharing=[_clause(kind, level, "SEVEN-FORCES-01") for kind, level in levels.items()],
    )


def _victims_and_witnesses() -> AgreementTerms:
    kinds = (RecordKind.PERSON, RecordKind.INCIDENT, RecordKind.PLACE)
    return AgreementTerms(
        reference="CAMBS-SUFFOLK-01",
        title="Care of victims and witnesses in Cambridgeshire and Suffolk",
        kind=AgreementKind.INFORMATION_SHARING,
        purpose="To look after a victim or witness who has to do with both forces as one person.",
        parties=("cambridgeshire", "suffolk"),
        functions=["Protecting vulnerable people"],
        sharing=[_clause(kind, Level.FULL, "CAMBS-SUFFOLK-01") for kind in kinds],
    )


def _memorandum() -> AgreementTerms:
    return AgreementTerms(
        reference="NORFOLK-SUFFOLK-MOU",
        title="Norfolk and Suffolk memorandum",
        kind=AgreementKind.MEMORANDUM,
        purpose="To look together at what could be shared. By itself it opens no record.",
        parties=("norfolk", "suffolk"),
        functions=["Finance", "Estates", "Legal services"],
    )


def _draft() -> AgreementTerms:
    return AgreementTerms(
        reference="ESSEX-SUFFOLK-02",
        title="Essex and Suffolk: stop and search in full",
        kind=AgreementKind.INFORMATION_SHARING,
        purpose="To see across the Stour where county lines are worked.",
        parties=("essex", "suffolk"),
        functions=["Crime recording"],
        sharing=[_clause(RecordKind.STOP_SEARCH, Level.FULL, "ESSEX-SUFFOLK-02")],
    )


def _clause(kind: RecordKind, level: Level, reference: str) -> SharingTerms:
    return SharingTerms(
        kind=kind,
        level=level,
        lawful_basis="Data Protection Act 2018, section 35(2)(b): necessary for a task carried "
        "out for a law enforcement purpose",
        assessment=f"DPIA {reference}",
        contact="Joint data protection officer (invented), telephone 01632 960100",
        purposes=_PURPOSES.get(kind, POLICING_PURPOSES),
    )
