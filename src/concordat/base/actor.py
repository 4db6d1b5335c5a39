"""Who acts: the person, the body they act for, their roles, and the purpose they gave.

Every action and every query takes an `Actor`. PostgreSQL is told of it by a signed token
(see `concordat.base.acting`) and decides by it which rows exist for this caller.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a person does for their organisation; a person may hold several."""

    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    INTELLIGENCE = "intelligence"
    CONTROL_ROOM = "control_room"
    RESOURCE_MANAGER = "resource_manager"
    FINANCE = "finance"
    PROGRAMME = "programme"
    DATA_QUALITY = "data_quality"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    SIGNATORY = "signatory"
    """A chief officer, a commissioner, a fire authority: signs agreements for their own body."""
    SYSTEM = "system"
    """The service itself: commands and jobs. Never given to a person."""
    RESOLVER = "resolver"
    """The job that decides who is who: it reads every force's persons and writes machine judgements
    and nothing else. Never given to a person."""

    @property
    def label(self) -> str:
        """The role in plain English."""
        return self.value.replace("_", " ").capitalize()


PERSONAL_ROLES = tuple(role for role in Role if role not in (Role.SYSTEM, Role.RESOLVER))
"""The roles that a person can hold."""


class Purpose(StrEnum):
    """Why somebody looks or writes: chosen at sign-in, journalled with every operation."""

    PREVENTION = "prevention"
    INVESTIGATION = "investigation"
    SAFEGUARDING = "safeguarding"
    INTELLIGENCE = "intelligence"
    INCIDENT = "incident"
    QUALITY = "quality"
    AUDIT = "audit"
    ADMINISTRATION = "administration"

    @property
    def label(self) -> str:
        """The purpose in plain English."""
        return _PURPOSE_LABELS[self]


_PURPOSE_LABELS = {
    Purpose.PREVENTION: "Preventing crime",
    Purpose.INVESTIGATION: "Investigating crime",
    Purpose.SAFEGUARDING: "Protecting people at risk",
    Purpose.INTELLIGENCE: "Developing intelligence",
    Purpose.INCIDENT: "Dealing with a live incident",
    Purpose.QUALITY: "Checking data quality",
    Purpose.AUDIT: "Audit",
    Purpose.ADMINISTRATION: "Running the service",
}

POLICING_PURPOSES = (
    Purpose.PREVENTION,
    Purpose.INVESTIGATION,
    Purpose.SAFEGUARDING,
    Purpose.INTELLIGENCE,
    Purpose.INCIDENT,
)
"""The purposes for which records may be shared between forces."""

NO_ORGANISATION = 0
"""The organisation number of the service when it acts for nobody: it owns and reads no record."""


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Somebody, or the service itself, acting for exactly one organisation at a time.

    `person_id` is None for the service. `organisation_id` is the number of the organisation acted
    for (`NO_ORGANISATION` for none). `reason` is free text, such as a crime or incident number.
    """

    person_id: UUID | None
    person_name: str
    organisation_id: int
    organisation_name: str
    roles: frozenset[Role]
    purpose: Purpose
    reason: str = ""

    @classmethod
    def service(cls, *, purpose: Purpose = Purpose.ADMINISTRATION, reason: str = "") -> "Actor":
        """Return the service itself, acting for nobody: a command, a job, a sign-in page."""
        return cls(
            person_id=None,
            person_name="Concordat",
            organisation_id=NO_ORGANISATION,
            organisation_name="the service",
            roles=frozenset({Role.SYSTEM}),
            purpose=purpose,
            reason=reason,
        )

    @classmethod
    def resolver(cls, *, reason: str = "") -> "Actor":
        """Return the job that decides who is who, over the persons of all forces."""
        return replace(
            cls.service(purpose=Purpose.QUALITY, reason=reason),
            person_name="Concordat, identity resolution",
            roles=frozenset({Role.RESOLVER}),
        )

    def acting_for(self, organisation_id: int, organisation_name: str) -> "Actor":
        """Return the service acting for one organisation, as when it loads that force's file.

        Raises ValueError for a person: people act for their own organisation only.
        """
        if Role.SYSTEM not in self.roles:
            raise ValueError(f"{self.person_name} cannot act for {organisation_name}")
        return replace(self, organisation_id=organisation_id, organisation_name=organisation_name)

    @property
    def purpose_label(self) -> str:
        """The purpose in plain English."""
        return self.purpose.label

    def holds(self, *roles: Role) -> bool:
        """Whether the actor holds at least one of `roles`."""
        return not self.roles.isdisjoint(roles)
