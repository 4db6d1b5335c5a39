"""Where each table of a force goes: the folders of POLE, and one for what keeps it running."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from concordat.access.rules import PROTECTED_KINDS

JOURNAL: Final = "administration/journal.csv"
"""What the journal tells of the force. Taken out to be read, never taken in: a chain can't be."""

_OWNED: Final = "owner_id = %(force)s"


@dataclass(frozen=True, kw_only=True)
class Exported:
    """One table of an export. `file` is its place without the ending, such as "person/persons".

    `taken` is the SQL condition of the rows that are the force’s; `known` that of the rows which
    an import compares with, if they are others.
    """

    table: str
    file: str
    about: str
    taken: str = _OWNED
    known: str = ""


_FILES: Final[Mapping[str, tuple[str, str]]] = {
    "records_person": ("person/persons", "people as they are recorded now"),
    "records_person_version": ("person/person_versions", "every state of a person’s record"),
    "records_person_conflict": ("person/person_conflicts", "rows that contradict a person’s"),
    "records_warning_marker": ("person/warning_markers", "warnings about people"),
    "identity_feature": ("person/features", "people in the standard form that is compared"),
    "identity_key": ("person/keys", "the numbers by which a feature is found"),
    "identity_judgement": ("person/judgements", "who is who, as the force’s people judged"),
    "records_item": ("object/things", "things as they are recorded now"),
    "records_item_version": ("object/thing_versions", "every state of a thing’s record"),
    "records_item_key": ("object/thing_keys", "by what a thing is found"),
    "records_continuity": ("object/continuity", "who has had a thing, step by step"),
    "records_place": ("location/places", "places"),
    "records_place_term": ("location/place_terms", "the words by which a place is found"),
    "records_event": ("event/events", "events as they are recorded now"),
    "records_event_version": ("event/event_versions", "every state of an event"),
    "records_event_conflict": ("event/event_conflicts", "rows that contradict an event’s"),
    "records_link": ("event/links", "what ties two records, as the force stated it"),
    "records_withheld": ("event/withheld", "what intelligence tells inside the force alone"),
    "records_review": ("event/reviews", "the supervision of events"),
    "records_transfer": ("event/transfers", "events offered to other forces"),
    "records_disclosure": ("event/disclosures", "what was told to other bodies"),
    "records_numbering": ("administration/numbering", "the last number given in each year"),
    "records_draft": ("administration/drafts", "what somebody is about to log"),
    "records_load_file": ("administration/load_files", "what each file brought"),
    "records_quarantine": ("administration/quarantine", "rows that await correction"),
    "tracing_watch": ("administration/watches", "who wants to be told of what"),
    "tracing_watch_key": ("administration/watch_keys", "by what a watch is touched"),
    "tracing_alert": ("administration/alerts", "what watchers were told"),
}

# A machine's judgement is derived, and tells of two forces: it is made anew from the features.
_TAKEN: Final = {"identity_judgement": f"{_OWNED} AND judged_by_id IS NOT NULL"}

_NEEDED: Final = (
    Exported(
        table="organisations_person",
        file="administration/staff",
        about="the force’s people, without what they sign in with",
        taken="organisation_id = %(force)s",
    ),
    Exported(
        table="organisations_person_role",
        file="administration/staff_roles",
        about="who held which role since when",
        taken="person_id IN "
        "(SELECT id FROM organisations_person WHERE organisation_id = %(force)s)",
    ),
    Exported(
        table="records_load",
        file="administration/loads",
        about="the runs that brought the force’s files",
        taken="id IN (SELECT load_id FROM records_load_file WHERE owner_id = %(force)s)",
        known="id IN (SELECT id FROM coming)",  # a run may have brought other forces' files too
    ),
)

EXPORTED: Final = (
    *_NEEDED,
    *(
        Exported(
            table=kind.table,
            file=_FILES[kind.table][0],
            about=_FILES[kind.table][1],
            taken=_TAKEN.get(kind.table, _OWNED),
        )
        for kind in PROTECTED_KINDS
    ),
)
"""Every table that a force takes with it: all that `access` protects, and what those rows need."""


def exported(table: str) -> Exported | None:
    """Return how this table is exported, or None for one that is not."""
    return next((one for one in EXPORTED if one.table == table), None)
