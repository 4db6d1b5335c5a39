"""Kinds of record that a force owns, who works with them, and levels of sharing."""

from enum import IntEnum, StrEnum

from concordat.base.actor import Role


class RecordKind(IntEnum):
    """The kinds of record that a force owns. The number is stored; it never changes its meaning."""

    CRIME = 1
    ANTI_SOCIAL_BEHAVIOUR = 2
    STOP_SEARCH = 3
    PERSON = 4
    WARNING_MARKER = 5
    """What officers must know before they meet a person. A kind of its own, so that an agreement
    can share it on a lawful basis of its own: some markers are about health."""
    INCIDENT = 6
    ARREST = 7
    SIGHTING = 8
    INTELLIGENCE = 9
    """An intelligence report under handling code P: lawful sharing permitted."""
    INTELLIGENCE_CONDITIONAL = 10
    """An intelligence report under handling code C. No agreement shares it: its originator
    discloses it, body by body, on the conditions of its codes; inside the force it is for
    intelligence staff and supervisors alone."""
    SEIZURE = 11
    SUDDEN_DEATH = 12
    MISSING_PERSON = 13
    PLACE = 20
    VEHICLE = 30
    WEAPON = 31
    PHONE = 32
    ACCOUNT = 33
    """An e-mail address or another online account."""
    PROPERTY = 34
    DOCUMENT = 35
    BUSINESS = 36
    """An organisation, such as a shop or a charity."""
    LOAD = 90
    """How a file was loaded, and its rows that await correction. Never shared."""
    JUDGEMENT = 91
    """That two person records are of one person, or not. Read by whoever may read both records,
    never shared by itself."""
    LINK = 92
    """What ties two records. Read by whoever may read both records, never shared by itself."""
    DRAFT = 93
    """What somebody is about to log. Read by them and their supervisors."""
    WORK = 94
    """How an event is supervised, and transferred to the force that it belongs to."""
    DISCLOSURE = 95
    """What was told to another body, on which conditions. Read by those who gave and got it."""
    WATCH = 96
    """What somebody wants to be told of. Never shared."""

    @property
    def code(self) -> str:
        """The kind as commands and files write it: "stop-search"."""
        return self.name.lower().replace("_", "-")

    @property
    def label(self) -> str:
        """The kind in plain English."""
        return _KIND_LABELS[self]

    @classmethod
    def from_code(cls, code: str) -> "RecordKind":
        """Return the kind with this code. Raises ValueError naming the codes there are."""
        try:
            return _BY_CODE[code]
        except KeyError:
            known = ", ".join(_BY_CODE)
            raise ValueError(f"There is no record kind “{code}”. There are: {known}.") from None


_BY_CODE = {kind.code: kind for kind in RecordKind}


_KIND_LABELS = {
    RecordKind.CRIME: "Crime",
    RecordKind.ANTI_SOCIAL_BEHAVIOUR: "Anti-social behaviour",
    RecordKind.STOP_SEARCH: "Stop and search",
    RecordKind.PERSON: "Person",
    RecordKind.WARNING_MARKER: "Warning marker",
    RecordKind.INCIDENT: "Incident",
    RecordKind.ARREST: "Arrest",
    RecordKind.SIGHTING: "Sighting",
    RecordKind.INTELLIGENCE: "Intelligence report",
    RecordKind.INTELLIGENCE_CONDITIONAL: "Intelligence report under conditions",
    RecordKind.SEIZURE: "Seizure",
    RecordKind.SUDDEN_DEATH: "Sudden death",
    RecordKind.MISSING_PERSON: "Missing person",
    RecordKind.PLACE: "Place",
    RecordKind.VEHICLE: "Vehicle",
    RecordKind.WEAPON: "Weapon",
    RecordKind.PHONE: "Phone",
    RecordKind.ACCOUNT: "E-mail or online account",
    RecordKind.PROPERTY: "Property",
    RecordKind.DOCUMENT: "Document",
    RecordKind.BUSINESS: "Organisation",
    RecordKind.LOAD: "Load report",
    RecordKind.JUDGEMENT: "Judgement of identity",
    RecordKind.LINK: "Link",
    RecordKind.DRAFT: "Draft",
    RecordKind.WORK: "Supervision",
    RecordKind.DISCLOSURE: "Disclosure",
    RecordKind.WATCH: "Watch",
}

EVENT_KINDS = (
    RecordKind.CRIME,
    RecordKind.ANTI_SOCIAL_BEHAVIOUR,
    RecordKind.STOP_SEARCH,
    RecordKind.INCIDENT,
    RecordKind.ARREST,
    RecordKind.SIGHTING,
    RecordKind.INTELLIGENCE,
    RecordKind.INTELLIGENCE_CONDITIONAL,
    RecordKind.SEIZURE,
    RecordKind.SUDDEN_DEATH,
    RecordKind.MISSING_PERSON,
)
"""The kinds of what happened, or was reported."""

THING_KINDS = (
    RecordKind.VEHICLE,
    RecordKind.WEAPON,
    RecordKind.PHONE,
    RecordKind.ACCOUNT,
    RecordKind.PROPERTY,
    RecordKind.DOCUMENT,
    RecordKind.BUSINESS,
)
"""The kinds of what people have, use and own."""

ASKED_KINDS = (
    RecordKind.PERSON,
    RecordKind.WARNING_MARKER,
    *EVENT_KINDS,
    *THING_KINDS,
    RecordKind.PLACE,
)
"""The kinds that people look for, and whose access is explained. What remains is how they work."""

SHAREABLE_KINDS = (
    *(kind for kind in EVENT_KINDS if kind is not RecordKind.INTELLIGENCE_CONDITIONAL),
    RecordKind.PERSON,
    RecordKind.WARNING_MARKER,
    RecordKind.PLACE,
    *THING_KINDS,
)
"""The kinds that an agreement can share."""

RECORDING_ROLES = (
    Role.OFFICER,
    Role.SUPERVISOR,
    Role.INTELLIGENCE,
    Role.CONTROL_ROOM,
    Role.DATA_QUALITY,
    Role.SYSTEM,
)
"""The roles that log and amend records of their own force. `concordat.recording_organisation`
names them as well."""

CONDITIONAL_ROLES = (Role.INTELLIGENCE, Role.SUPERVISOR, Role.SYSTEM)
"""The roles that read their force's intelligence under conditions, and what others disclosed of
theirs. `concordat.readable_compartments` names them as well."""


class Level(StrEnum):
    """How much of a record kind is shared."""

    FULL = "full"
    POINTER = "pointer"
    NONE = "none"

    @property
    def label(self) -> str:
        """The level in plain English."""
        return _LEVEL_LABELS[self]

    @property
    def rank(self) -> int:
        """How much it lets be known: 0 for nothing, 2 for the whole record."""
        return (Level.NONE, Level.POINTER, Level.FULL).index(self)


_LEVEL_LABELS = {
    Level.FULL: "The whole record",
    Level.POINTER: "Only that a record is held, and whom to ask",
    Level.NONE: "Nothing",
}
