"""What the invented agreements of the sample world say. They differ, so that views differ."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from concordat.access.rules import SHAREABLE_KINDS, Level, RecordKind
from concordat.agreements.rules import (
    AgreementKind,
    AgreementTerms,
    BenefitTerms,
    CostTerms,
    ResourceTerms,
    SharingTerms,
)
from concordat.base.actor import POLICING_PURPOSES, Purpose, Role
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
NORFOLK_CAMBS = ("norfolk", "cambridgeshire")
BCH = ("bedfordshire", "cambridgeshire", "hertfordshire")

# Two forces' records can be reviewed only by somebody who reads both.
_PURPOSES = {RecordKind.PERSON: (*POLICING_PURPOSES, Purpose.QUALITY)}

_LOCAL_POLICING = ("Incident response", "Neighbourhood policing", "Volume crime investigation")
_YEAR = 365
_MONTHS = 6


def neighbours(
    reference: str, title: str, parties: Sequence[str], *, notice: int = 0
) -> AgreementTerms:
    """Return an agreement by which neighbours see each other’s records in full."""
    return _whole(
        AgreementTerms(
            reference=reference,
            title=title,
            kind=AgreementKind.SECTION_22A,
            purpose="To run serious crime and support functions jointly, and to see each other’s "
            "records in full while doing so.",
            parties=parties,
            functions=["Serious crime", "Crime recording", "Fleet", "Training"],
            sharing=[_clause(kind, Level.FULL, reference) for kind in SHAREABLE_KINDS],
            notice_months=notice,
        )
    )


def essex_and_kent() -> AgreementTerms:
    """Return the agreement of Essex and Kent, whose review is due soon."""
    return replace(
        neighbours(
            "ESSEX-KENT-01", "Essex and Kent joint directorates", ("essex", "kent"), notice=12
        ),
        lead="kent",
        review_on=today() + timedelta(days=40),
        resources=[
            ResourceTerms(
                resource="Serious crime directorate: 420 officers and staff",
                provider="kent",
                terms="Posted by either force; each pays its own people.",
            )
        ],
        costs=[
            CostTerms(item="Joint directorates", formula="officers"),
            CostTerms(item="Joint headquarters building", formula="percentages",
                      weights={"essex": "52", "kent": "48"}),
        ],
        benefits=[
            BenefitTerms(
                benefit="Cashable savings",
                measure="Pounds a year below the two budgets of the year before",
                target="3.0 million by the third year",
            )
        ],
    )  # fmt: skip


def seven_forces() -> AgreementTerms:
    """Return the agreement of all seven, much of it in pointers."""
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
    return _whole(
        AgreementTerms(
            reference="SEVEN-FORCES-01",
            title="Shared record of the seven forces",
            kind=AgreementKind.SECTION_22A,
            purpose="To log once and trace across every border between the seven forces.",
            parties=SEVEN_FORCES,
            functions=["Crime recording", "Intelligence"],
            sharing=_clauses("SEVEN-FORCES-01", levels),
            costs=[
                CostTerms(item="Running the shared record", formula="population", year=2015),
                CostTerms(item="Support desk", formula="officers", fixed_percent=60,
                          unit="call"),
            ],
        )
    )  # fmt: skip


def victims_and_witnesses() -> AgreementTerms:
    """Return an agreement for those who have to do with two forces."""
    kinds = (RecordKind.PERSON, RecordKind.INCIDENT, RecordKind.PLACE)
    return _whole(
        AgreementTerms(
            reference="CAMBS-SUFFOLK-01",
            title="Care of victims and witnesses in Cambridgeshire and Suffolk",
            kind=AgreementKind.INFORMATION_SHARING,
            purpose="To look after a victim or witness who has to do with both forces as one "
            "person.",
            parties=("cambridgeshire", "suffolk"),
            functions=["Protecting vulnerable people"],
            sharing=_clauses("CAMBS-SUFFOLK-01", dict.fromkeys(kinds, Level.FULL)),
            notice_months=3,
        )
    )


def memorandum() -> AgreementTerms:
    """Return a memorandum, which opens nothing."""
    return _whole(
        AgreementTerms(
            reference="NORFOLK-SUFFOLK-MOU",
            title="Norfolk and Suffolk memorandum",
            kind=AgreementKind.MEMORANDUM,
            purpose="To look together at what could be shared. By itself it opens no record.",
            parties=("norfolk", "suffolk"),
            functions=["Finance", "Estates", "Legal services"],
        )
    )


def framework() -> AgreementTerms:
    """Return a memorandum that keeps some functions out of whatever its parties agree."""
    return _whole(
        AgreementTerms(
            reference="BCH-FRAMEWORK",
            title="Framework of Bedfordshire, Cambridgeshire and Hertfordshire",
            kind=AgreementKind.MEMORANDUM,
            purpose="To say what the three forces may do together, and what each keeps to itself: "
            "local policing and the protection of vulnerable people.",
            parties=BCH,
            functions=["Firearms", "Major crime", "Scientific services", "Professional standards"],
            excluded_functions=[*_LOCAL_POLICING, "Protecting vulnerable people"],
            notice_months=12,
        )
    )


def with_the_fire_service() -> AgreementTerms:
    """Return an agreement of Essex Police and its fire service, under one commissioner."""
    kinds = (RecordKind.INCIDENT, RecordKind.PLACE)
    return _whole(
        AgreementTerms(
            reference="ESSEX-FIRE-01",
            title="Essex Police and Essex Fire: joint community safety",
            kind=AgreementKind.EMERGENCY_SERVICES,
            purpose="To send the nearest crew of either service, and to visit homes at risk once "
            "instead of twice.",
            parties=("essex", "essex-fire"),
            functions=["Community safety education", "Fleet", "Estates"],
            sharing=[
                replace(clause, with_fire=True)
                for clause in _clauses("ESSEX-FIRE-01", dict.fromkeys(kinds, Level.POINTER))
            ],
            resources=[
                ResourceTerms(
                    resource="Fleet workshop with eight bays",
                    provider="essex-fire",
                    terms="Booked by either service; emergency vehicles first.",
                )
            ],
            costs=[CostTerms(item="Workshop", formula="use", unit="hour", unit_price=6200)],
            notice_months=_MONTHS,
        )
    )


def fleet() -> AgreementTerms:
    """Return an agreement of which a party will give notice."""
    return _whole(
        AgreementTerms(
            reference="BEDS-SUFFOLK-FLEET",
            title="Bedfordshire and Suffolk: one fleet workshop",
            kind=AgreementKind.SECTION_22A,
            purpose="To keep the vehicles of both forces on the road at lower cost.",
            parties=("bedfordshire", "suffolk"),
            functions=["Fleet"],
            costs=[CostTerms(item="Workshop", formula="equal")],
            notice_months=_MONTHS,
        )
    )


def firearms() -> AgreementTerms:
    """Return a proposal of three forces, which six bodies must sign."""
    reference = "EAST-FIREARMS-01"
    return _whole(
        AgreementTerms(
            reference=reference,
            title="Essex, Norfolk and Suffolk: joint firearms command",
            kind=AgreementKind.SECTION_22A,
            purpose="To have armed officers at every place of the three counties within twenty "
            "minutes, trained to one standard.",
            parties=("essex", "norfolk", "suffolk"),
            functions=["Firearms", "Training"],
            lead="norfolk",
            sharing=[
                replace(
                    _clause(RecordKind.INTELLIGENCE, Level.FULL, reference),
                    roles=(Role.INTELLIGENCE,),
                    purposes=(Purpose.PREVENTION, Purpose.INVESTIGATION, Purpose.INTELLIGENCE),
                ),
                _clause(RecordKind.ARREST, Level.FULL, reference),
            ],
            resources=[
                ResourceTerms(
                    resource="Range and tactics centre",
                    provider="norfolk",
                    terms="Places by number of armed officers; unused places go to the others.",
                )
            ],
            costs=[CostTerms(item="Joint command", formula="population", damping_years=3)],
            benefits=[
                BenefitTerms(
                    benefit="Armed response in time",
                    measure="Share of calls reached within twenty minutes",
                    target="95 in 100",
                )
            ],
            notice_months=12,
        )
    )


def draft() -> AgreementTerms:
    """Return a draft with gaps: it says neither how a party leaves nor who is liable."""
    return AgreementTerms(
        reference="ESSEX-SUFFOLK-02",
        title="Essex and Suffolk: stop and search in full",
        kind=AgreementKind.INFORMATION_SHARING,
        purpose="To see across the Stour where county lines are worked.",
        parties=("essex", "suffolk"),
        functions=["Crime recording"],
        sharing=[_clause(RecordKind.STOP_SEARCH, Level.FULL, "ESSEX-SUFFOLK-02")],
    )


def _whole(terms: AgreementTerms) -> AgreementTerms:
    """Return the terms with what every agreement must say."""
    return replace(
        terms,
        direction_and_control="Each officer stays under the direction and control of their own "
        "chief constable, unless the operational order names another.",
        liability="Each body answers for what its own people do; claims that can’t be told apart "
        "are borne in the proportion of the costs.",
        exit_terms="A party leaves after its notice. Each takes its own records, people and "
        "equipment with it; links of others to its records stay as pointers without content.",
        exit_costs="Whoever leaves pays what its leaving costs in the year that follows, at most "
        "one year’s share.",
        review_on=terms.review_on or _in_a_year(),
    )


def _in_a_year() -> date:
    return today() + timedelta(days=_YEAR)


def _clauses(reference: str, levels: Mapping[RecordKind, Level]) -> list[SharingTerms]:
    return [_clause(kind, level, reference) for kind, level in levels.items()]


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
