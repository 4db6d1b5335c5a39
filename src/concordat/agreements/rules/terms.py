"""What an agreement says, the states it goes through, and the grants that follow from it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import permutations
from uuid import UUID

from concordat.access.rules import SHAREABLE_KINDS, GrantTerms, Level, RecordKind
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


class AgreementKind(StrEnum):
    """The legal form of an agreement. Sources: Police Act 1996 ss.22A, 24; 2017 Act."""

    SECTION_22A = "section_22a"
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
        return self is not AgreementKind.MEMORANDUM


_KIND_LABELS = {
    AgreementKind.SECTION_22A: "Collaboration agreement (section 22A)",
    AgreementKind.MUTUAL_AID: "Mutual aid (section 24)",
    AgreementKind.EMERGENCY_SERVICES: "Emergency services collaboration",
    AgreementKind.MEMORANDUM: "Memorandum of understanding",
    AgreementKind.INFORMATION_SHARING: "Information-sharing agreement",
}


class State(StrEnum):
    """Where an agreement stands in its life."""

    DRAFT = "draft"
    APPROVED = "approved"
    ENDED = "ended"


class Step(StrEnum):
    """What moves an agreement from one state to the next."""

    START = "start"
    END = "end"


TRANSITIONS: Mapping[tuple[State, Step], State] = {
    (State.DRAFT, Step.START): State.APPROVED,
    (State.APPROVED, Step.END): State.ENDED,
}
"""The life of an agreement, whole: what is not in this table can't be done."""


class Standing(StrEnum):
    """What an agreement's state and dates amount to on a given day."""

    DRAFT = "draft"
    AGREED = "agreed"
    IN_FORCE = "in_force"
    ENDED = "ended"

    @property
    def label(self) -> str:
        """The standing in plain English."""
        return _STANDING_LABELS[self]


_STANDING_LABELS = {
    Standing.DRAFT: "Draft",
    Standing.AGREED: "Agreed, not yet begun",
    Standing.IN_FORCE: "In force",
    Standing.ENDED: "Ended",
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


@dataclass(frozen=True, kw_only=True)
class AgreementTerms:
    """What an agreement says. `parties` are codes of organisations; `functions` are plain names."""

    reference: str
    title: str
    kind: AgreementKind
    purpose: str
    parties: Sequence[str]
    functions: Sequence[str]
    sharing: Sequence[SharingTerms] = ()


def missing_terms(terms: AgreementTerms) -> list[str]:
    """Return, in plain words, everything these terms still lack; empty when they are complete."""
    missing = []
    if not terms.reference.strip():
        missing.append("a reference")
    if not terms.title.strip():
        missing.append("a title")
    if not terms.purpose.strip():
        missing.append("its purpose, which all parties must understand alike")
    if len(set(terms.parties)) < 2:  # noqa: PLR2004 (it takes two to agree)
        missing.append("at least two parties")
    if terms.sharing and not terms.kind.grants_access:
        missing.append("a binding form: a memorandum alone never opens records")
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


def next_state(state: State, step: Step) -> State | None:
    """Return the state that `step` leads to, or None if it can't be taken from `state`."""
    return TRANSITIONS.get((state, step))


def standing_on(day: date, *, state: State, starts: date | None, ends: date | None) -> Standing:
    """Return what an agreement amounts to on `day`. `ends` is the first day without it."""
    if state is State.DRAFT or starts is None:
        return Standing.DRAFT
    if ends is not None and day >= ends:
        return Standing.ENDED
    return Standing.IN_FORCE if day >= starts else Standing.AGREED


def grants_of(
    *,
    agreement_id: UUID,
    version: int,
    party_ids: Iterable[int],
    sharing: Sequence[SharingTerms],
    starts: date,
    ends: date | None,
) -> list[GrantTerms]:
    """Return the grants that follow: for each clause, from each party to each other party."""
    pairs = list(permutations(sorted(party_ids), 2))
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
        for owner, recipient in pairs
    ]
