"""Kinds of protected record, levels of sharing, and the SQL of the one row policy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from uuid import UUID

from concordat.base.actor import Purpose, Role

POINTERS_PER_HOUR = 60
"""How many pointer look-ups one person may make in an hour."""


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
        for kind in cls:
            if kind.code == code:
                return kind
        known = ", ".join(kind.code for kind in cls)
        raise ValueError(f"There is no record kind “{code}”. There are: {known}.")


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


_LEVEL_LABELS = {
    Level.FULL: "The whole record",
    Level.POINTER: "Only that a record is held, and whom to ask",
    Level.NONE: "Nothing",
}


@dataclass(frozen=True, kw_only=True)
class ProtectedKind:
    """Where the records of some kinds lie: a table and the column that names the owner."""

    table: str
    kinds: tuple[RecordKind, ...]
    owner_column: str = "owner_id"


PROTECTED_KINDS = (
    ProtectedKind(table="records_event", kinds=EVENT_KINDS),
    ProtectedKind(table="records_event_version", kinds=EVENT_KINDS),
    ProtectedKind(table="records_event_conflict", kinds=EVENT_KINDS),
    ProtectedKind(table="records_person", kinds=(RecordKind.PERSON,)),
    ProtectedKind(table="records_person_version", kinds=(RecordKind.PERSON,)),
    ProtectedKind(table="records_person_conflict", kinds=(RecordKind.PERSON,)),
    ProtectedKind(table="records_warning_marker", kinds=(RecordKind.WARNING_MARKER,)),
    ProtectedKind(table="records_item", kinds=THING_KINDS),
    ProtectedKind(table="records_item_version", kinds=THING_KINDS),
    ProtectedKind(table="records_item_key", kinds=THING_KINDS),
    ProtectedKind(table="records_continuity", kinds=THING_KINDS),
    ProtectedKind(table="records_link", kinds=(RecordKind.LINK,)),
    ProtectedKind(table="records_draft", kinds=(RecordKind.DRAFT,)),
    ProtectedKind(table="records_numbering", kinds=(RecordKind.WORK,)),
    ProtectedKind(
        table="records_withheld", kinds=(RecordKind.WORK, RecordKind.INTELLIGENCE_CONDITIONAL)
    ),
    ProtectedKind(table="records_review", kinds=(RecordKind.WORK,)),
    ProtectedKind(table="records_transfer", kinds=(RecordKind.WORK,)),
    ProtectedKind(table="records_disclosure", kinds=(RecordKind.DISCLOSURE,)),
    ProtectedKind(table="tracing_watch", kinds=(RecordKind.WATCH,)),
    ProtectedKind(table="tracing_watch_key", kinds=(RecordKind.WATCH,)),
    ProtectedKind(table="tracing_alert", kinds=(RecordKind.WATCH,)),
    ProtectedKind(table="identity_feature", kinds=(RecordKind.PERSON,)),
    ProtectedKind(table="identity_key", kinds=(RecordKind.PERSON,)),
    ProtectedKind(table="identity_judgement", kinds=(RecordKind.JUDGEMENT,)),
    ProtectedKind(table="records_place", kinds=(RecordKind.PLACE,)),
    ProtectedKind(table="records_place_term", kinds=(RecordKind.PLACE,)),
    ProtectedKind(table="records_load_file", kinds=(RecordKind.LOAD,)),
    ProtectedKind(table="records_quarantine", kinds=(RecordKind.LOAD,)),
)
"""The registry of protected kinds: every force-owned table, without exception."""


@dataclass(frozen=True, kw_only=True)
class GrantTerms:
    """What one clause of one agreement gives one body to read of another's, from when until when.

    `valid_until` is exclusive; None means until the agreement is ended.
    """

    agreement_id: UUID
    agreement_version: int
    clause: int
    owner_id: int
    recipient_id: int
    kind: RecordKind
    level: Level
    roles: Sequence[Role]
    purposes: Sequence[Purpose]
    valid_from: datetime
    valid_until: datetime | None


def row_policy_sql(table: str) -> str:
    """Return the SQL that puts a force-owned table under row security, for its migration.

    The table has the columns `owner_id` and `compartment` (`concordat.compartment(owner, kind)`).
    A row is read by whoever may read its compartment; it is written only by its owner, in a role
    that records, and under a kind from 1 to 99, so that its compartment is its owner's. Nobody
    deletes. Policies are forced, so that even the tables' owner is bound.
    """
    return f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY read_what_is_shared ON {table} FOR SELECT TO concordat_app USING (
            compartment = ANY ((SELECT concordat.readable_compartments())::integer[]));
        CREATE POLICY owner_inserts ON {table} FOR INSERT TO concordat_app WITH CHECK (
            owner_id = (SELECT concordat.writable_organisation()) AND kind BETWEEN 1 AND 99);
        CREATE POLICY owner_updates ON {table} FOR UPDATE TO concordat_app
            USING (owner_id = (SELECT concordat.writable_organisation()))
            WITH CHECK (owner_id = (SELECT concordat.writable_organisation())
                        AND kind BETWEEN 1 AND 99);
    """
