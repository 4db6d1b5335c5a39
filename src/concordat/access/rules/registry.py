"""The registry of protected kinds: where records lie, and the SQL of the one row policy."""

from dataclasses import dataclass

from concordat.access.rules.kinds import EVENT_KINDS, THING_KINDS, RecordKind


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
