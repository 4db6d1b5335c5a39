"""What an agreement says, the states it goes through, and the grants that follow from it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from concordat.access.rules import SHAREABLE_KINDS, GrantTerms, Level, RecordKind
from concordat.agreements.rules.costs import Formula
from concordat.agreements.rules.functions import unknown_functions
from concordat.base.actor import POLICING_PURPOSES, Purpose, Role
from concordat.base.clock import midnight

RECORD_ROLES = (
    Role.OFFICER,
    Role.SUPERVISOR,
    Role.INTELLIGENCE,
    Role.CONTROL_ROOM,
    Role.DATA_QUALITY,
)
"""The roles that work with records: those to which a clause shares unless it says less."""


FEWEST_PARTIES = 2
"""It takes two to agree, and to share a cost."""


class AgreementKind(StrEnum):
    """The legal form of an agreement. Sources: Police Act 1996 ss.22A, 24; 2017 Act."""

    SECTION_22A = "section_22a"
    SECTION_22A_POLICING = "section_22a_policing"
    SECTION_22A_BOTH = "section_22a_both"
    MUTUAL_AID = "mutual_aid"
    EMERGENCY_SERVICES = "emergency_services"
    MEMORANDUM = "memorandum"
    INFORMATION_SHARING = "information_sharing"

    @property
    def label(self) -> str:
        """The form in plain English."""
        return _KIND_LABELS[self]

    @property
    def grants_access(self) -> bool:
        """Whether this form can open records at all: a memorandum alone never does."""
        return self not in (AgreementKind.MEMORANDUM, AgreementKind.SECTION_22A_POLICING)

    @property
    def directs_officers(self) -> bool:
        """Whether officers may come under another force’s direction, which it must then settle."""
        return self in (
            AgreementKind.SECTION_22A,
            AgreementKind.SECTION_22A_BOTH,
            AgreementKind.MUTUAL_AID,
            AgreementKind.EMERGENCY_SERVICES,
        )


_KIND_LABELS = {
    AgreementKind.SECTION_22A: "Collaboration agreement of forces (section 22A)",
    AgreementKind.SECTION_22A_POLICING: "Collaboration agreement of policing bodies (section 22A)",
    AgreementKind.SECTION_22A_BOTH: "Collaboration agreement of forces and policing bodies "
    "(section 22A)",
    AgreementKind.MUTUAL_AID: "Mutual aid (section 24)",
    AgreementKind.EMERGENCY_SERVICES: "Emergency services collaboration (2017 Act)",
    AgreementKind.MEMORANDUM: "Memorandum of understanding",
    AgreementKind.INFORMATION_SHARING: "Information-sharing agreement",
}


@dataclass(frozen=True, kw_only=True)
class SharingTerms:
    """One clause of the sharing schedule: every party shares this kind with every other party.

    `lawful_basis`, `assessment` (the reference of the data protection impact assessment) and
    `contact` (the joint controllers' contact point) are what section 58 of the Data Protection Act
    2018 has an arrangement name.
    """

    kind: RecordKind
    level: Level
    lawful_basis: str
    assessment: str
    contact: str
    roles: Sequence[Role] = RECORD_ROLES
    purposes: Sequence[Purpose] = POLICING_PURPOSES
    with_fire: bool = False
    """Whether fire services among the parties get these records too: never unless said."""


@dataclass(frozen=True, kw_only=True)
class ResourceTerms:
    """One line of the resources schedule: what is pooled, whose it is, and on which terms."""

    resource: str
    provider: str
    terms: str


@dataclass(frozen=True, kw_only=True)
class CostTerms:
    """One line of the costs schedule: what is paid for, and by which formula it is shared.

    `formula` is one of `costs.Formula`. `year` names the published figures, None the latest that
    all have; `weights` are for formulas without published figures. `fixed_percent` is None, or the
    part of a hybrid that is shared by `formula`, the rest being shared by use. `least` and `most`
    are collar and cap in pence. `savings_formula` is "" where savings are shared by the same key.
    """

    item: str
    formula: str
    year: int | None = None
    weights: Mapping[str, str] = field(default_factory=dict)
    fixed_percent: int | None = None
    least: int = 0
    most: int | None = None
    damping_years: int = 0
    unit: str = ""
    unit_price: int = 0
    savings_formula: str = ""


@dataclass(frozen=True, kw_only=True)
class BenefitTerms:
    """One line of the benefits schedule: what is hoped for, how it is measured, and the target."""

    benefit: str
    measure: str
    target: str


@dataclass(frozen=True, kw_only=True)
class AgreementTerms:
    """What an agreement says.

    `parties` are codes of organisations, `functions` names of the shared list
    (`functions.functions`). `excluded_functions` are what a framework keeps out of every agreement
    between its parties. `notice_months` is how long a party must give notice before it leaves or
    ends it; `ends_on` is the first day without it, None until ended.
    """

    reference: str
    title: str
    kind: AgreementKind
    purpose: str
    parties: Sequence[str]
    functions: Sequence[str]
    sharing: Sequence[SharingTerms] = ()
    lead: str = ""
    excluded_functions: Sequence[str] = ()
    direction_and_control: str = ""
    liability: str = ""
    exit_terms: str = ""
    exit_costs: str = ""
    notice_months: int = 0
    review_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    resources: Sequence[ResourceTerms] = ()
    costs: Sequence[CostTerms] = ()
    benefits: Sequence[BenefitTerms] = ()


def missing_terms(terms: AgreementTerms) -> list[str]:
    """Return, in plain words, everything these terms still lack before they can be proposed.

    Empty when they are complete. Purpose and exit terms are asked of every form: collaborations
    failed for want of both (HM Inspectorate of Constabulary, 2020).
    """
    missing = [
        name
        for value, name in (
            (terms.reference, "a reference"),
            (terms.title, "a title"),
            (terms.purpose, "its purpose, which all parties must understand alike"),
            (terms.exit_terms, "exit terms: how a party leaves and what then happens"),
            (terms.exit_costs, "what leaving costs, and who pays it"),
            (terms.liability, "who is liable for what"),
        )
        if not value.strip()
    ]
    if len(set(terms.parties)) < FEWEST_PARTIES:
        missing.append("at least two parties")
    if not terms.functions:
        missing.append("at least one function")
    missing += [f"a function of the shared list: not “{n}”" for n in _unknown(terms)]
    if terms.lead and terms.lead not in terms.parties:
        missing.append("a lead that is one of the parties")
    if terms.kind.directs_officers and not terms.direction_and_control.strip():
        missing.append("under whose direction and control officers act")
    return missing + _missing_dates(terms) + _missing_sharing(terms) + _missing_schedules(terms)


def _unknown(terms: AgreementTerms) -> list[str]:
    return unknown_functions([*terms.functions, *terms.excluded_functions])


def _missing_dates(terms: AgreementTerms) -> list[str]:
    missing = []
    if terms.review_on is None:
        missing.append("a review date")
    if terms.notice_months < 0:
        missing.append("a notice period of no or more months")
    if terms.starts_on and terms.ends_on and terms.ends_on <= terms.starts_on:
        missing.append("an end that comes after its start")
    return missing


def _missing_sharing(terms: AgreementTerms) -> list[str]:
    missing = []
    if terms.sharing and not terms.kind.grants_access:
        missing.append(
            "a binding form: a memorandum alone never opens records"
            if terms.kind is AgreementKind.MEMORANDUM
            else "another form: policing bodies hold no records to share"
        )
    if len({clause.kind for clause in terms.sharing}) < len(terms.sharing):
        missing.append("one clause for each kind of record, not several")
    for number, clause in enumerate(terms.sharing, start=1):
        missing += _missing_in_clause(number, clause)
    return missing


def _missing_in_clause(number: int, clause: SharingTerms) -> list[str]:
    missing = []
    if clause.kind not in SHAREABLE_KINDS:
        missing.append(f"another kind in clause {number}: no {clause.kind.label.lower()} is shared")
    for value, name in (
        (clause.lawful_basis, "lawful basis"),
        (clause.assessment, "assessment reference"),
        (clause.contact, "contact point"),
    ):
        if not value.strip():
            missing.append(f"the {name} of sharing clause {number}")
    return missing


def _missing_schedules(terms: AgreementTerms) -> list[str]:
    missing = []
    for number, line in enumerate(terms.resources, start=1):
        if not line.resource.strip() or line.provider not in terms.parties:
            missing.append(f"a resource, and a party that provides it, in resource line {number}")
    for number, cost in enumerate(terms.costs, start=1):
        if not cost.item.strip():
            missing.append(f"what is paid for in cost line {number}")
        if cost.formula not in set(Formula):
            missing.append(f"a formula in cost line {number}")
        elif cost.unit_price and cost.formula != Formula.USE:
            missing.append(f"sharing by use in cost line {number}, or no unit price there")
    for number, benefit in enumerate(terms.benefits, start=1):
        if not (benefit.benefit.strip() and benefit.measure.strip()):
            missing.append(f"what benefit line {number} hopes for and how it is measured")
    return missing


def grants_of(
    *,
    agreement_id: UUID,
    version: int,
    forces: Collection[int],
    fire_services: Collection[int] = (),
    sharing: Sequence[SharingTerms],
    starts: date,
    ends: date | None,
) -> list[GrantTerms]:
    """Return the grants that follow: for each clause, from each force to each other party.

    Fire services own no police records, and receive those alone of which a clause says so.
    `concordat.approve_agreement` writes the same in PostgreSQL; a test holds both together.
    """
    return [
        GrantTerms(
            agreement_id=agreement_id,
            agreement_version=version,
            clause=number,
            owner_id=owner,
            recipient_id=recipient,
            kind=clause.kind,
            level=clause.level,
            roles=clause.roles,
            purposes=clause.purposes,
            valid_from=midnight(starts),
            valid_until=midnight(ends) if ends else None,
        )
        for number, clause in enumerate(sharing, start=1)
        if clause.level is not Level.NONE
        for owner in sorted(forces)
        for recipient in sorted({*forces, *(fire_services if clause.with_fire else ())})
        if owner != recipient
    ]
