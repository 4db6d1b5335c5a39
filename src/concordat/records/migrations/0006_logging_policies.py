"""Row security of what is logged, and of the work on it."""

from django.db import migrations

READABLE = "compartment = ANY ((SELECT concordat.readable_compartments())::integer[])"
RECORDING = "(SELECT concordat.recording_organisation())"
LOADING = "(SELECT concordat.writable_organisation())"
OWN = f"owner_id = {RECORDING}"
A_KIND = "kind BETWEEN 1 AND 99"
SUPERVISES = "(SELECT concordat.actor_roles()) && ARRAY['supervisor', 'system']"
CLEARED = "(SELECT concordat.actor_roles()) && ARRAY['supervisor', 'intelligence', 'system']"


def writable(table, *, insert, update=None):
    """Let more people than those who load files write to a table that is already protected."""
    change = f"""
        ALTER POLICY owner_updates ON {table} USING ({update})
            WITH CHECK ({update} AND {A_KIND});
    """
    return f"""
        ALTER POLICY owner_inserts ON {table} WITH CHECK ({insert} AND {A_KIND});
        {change if update else ""}
    """


def protect(table, *, read=READABLE, insert=OWN, update=OWN, updated=""):
    """Put a new table under row security. `updated` is what must hold of a row once changed."""
    return f"""
        GRANT SELECT, INSERT ON {table} TO concordat_app;
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY read_what_is_shared ON {table} FOR SELECT TO concordat_app USING ({read});
        CREATE POLICY owner_inserts ON {table} FOR INSERT TO concordat_app
            WITH CHECK ({insert} AND {A_KIND});
        CREATE POLICY owner_updates ON {table} FOR UPDATE TO concordat_app
            USING ({update}) WITH CHECK ({updated or update} AND {A_KIND});
    """


# What comes from a file stays with those who load files: whoever else records writes rows that name
# none, and of events changes only those that were logged.
LOGGED = f"(owner_id = {LOADING} OR ({OWN} AND load_file_id IS NULL))"
LOGGED_EVENT = (
    f"(owner_id = {LOADING} OR ({OWN} AND source = 'concordat' AND load_file_id IS NULL))"
)
EXISTING = (
    writable("records_event", insert=LOGGED_EVENT, update=LOGGED_EVENT),
    writable("records_event_version", insert=LOGGED),
    writable("records_person", insert=LOGGED, update=OWN),
    writable("records_person_version", insert=LOGGED),
    writable("records_warning_marker", insert=LOGGED),
    writable("records_place", insert=OWN),
    writable("records_place_term", insert=OWN),
)

THINGS = (
    protect("records_item"),
    "GRANT UPDATE ON records_item TO concordat_app;",
    protect("records_item_version"),
    protect("records_item_key"),
    protect("records_continuity"),
)

# A link is read by whoever may read both ends, and made by whoever may read them, or has just logged
# the end that is not theirs to read: intelligence under conditions (kind 10) of their own force.
BOTH = (
    "left_compartment = ANY ((SELECT concordat.readable_compartments())::integer[]) "
    "AND right_compartment = ANY ((SELECT concordat.readable_compartments())::integer[])"
)
LOGGED_BOTH = (
    "left_compartment = ANY ((SELECT concordat.readable_compartments())::integer[]) "
    "AND (right_compartment = ANY ((SELECT concordat.readable_compartments())::integer[]) "
    f"OR right_compartment = {RECORDING} * 100 + 10)"
)
LINKS = (
    protect(
        "records_link",
        read=BOTH,
        insert=f"{OWN} AND kind = 92 AND ended_at IS NULL AND {LOGGED_BOTH}",
        update=f"{OWN} AND ended_at IS NULL",
        updated=f"{OWN} AND ended_at IS NOT NULL",
    ),
    "GRANT UPDATE (ended_at, ended_by, ended_because) ON records_link TO concordat_app;",
)

# A draft is its holder's. Whoever handed it over sees it until it is saved again.
DRAFTS = (
    protect(
        "records_draft",
        read=f"{READABLE} AND (held_by = (SELECT concordat.actor_person()) "
        f"OR handed_by = (SELECT concordat.actor_person()) OR {SUPERVISES})",
        insert=f"{OWN} AND kind = 93 AND held_by = (SELECT concordat.actor_person())",
        update=f"{OWN} AND held_by = (SELECT concordat.actor_person()) AND state = 'open'",
        updated=f"{OWN} AND kind = 93",
    ),
    "GRANT UPDATE ON records_draft TO concordat_app;",
)

WORK = (
    protect("records_numbering"),
    protect("records_withheld"),
    "GRANT UPDATE (last) ON records_numbering TO concordat_app;",
    protect(
        "records_review",
        read=f"{READABLE} AND event_compartment = "
        "ANY ((SELECT concordat.readable_compartments())::integer[])",
        insert=f"{OWN} AND kind = 94 AND (state = 'waiting' OR {SUPERVISES})",
    ),
    "GRANT UPDATE (is_current) ON records_review TO concordat_app;",
    protect(
        "records_transfer",
        read=f"({READABLE} OR to_id = {RECORDING})",
        insert=f"{OWN} AND kind = 94 AND event_kind <> 10 AND {SUPERVISES}",
        update=f"to_id = {RECORDING} AND state = 'offered' AND {SUPERVISES}",
        updated=f"to_id = {RECORDING} AND state <> 'offered'",
    ),
    """GRANT UPDATE (state, answered_at, answered_by, answer, new_event_id, new_reference)
        ON records_transfer TO concordat_app;""",
)

# A disclosure is read by its owner, its originator, its recipient, and those it came through; one of
# intelligence under conditions by their intelligence staff and supervisors alone. Whoever it came
# from can recall it; its recipient says that they have seen that.
GAVE = f"(originator_id = {RECORDING} OR {RECORDING} = ANY (passed_by))"
DISCLOSURES = (
    protect(
        "records_disclosure",
        read=f"({READABLE} OR {GAVE} OR recipient_id = {RECORDING}) "
        f"AND (event_kind <> 10 OR {CLEARED})",
        insert=f"{OWN} AND kind = 95 AND recalled_at IS NULL AND (event_kind <> 10 OR {CLEARED})",
        update=f"({GAVE} AND recalled_at IS NULL) OR "
        f"(recipient_id = {RECORDING} AND acknowledged_at IS NULL)",
        updated=f"(({GAVE} OR recipient_id = {RECORDING}) AND recalled_at IS NOT NULL)",
    ),
    """GRANT UPDATE (recalled_at, recalled_by, recalled_because, acknowledged_at, acknowledged_by)
        ON records_disclosure TO concordat_app;""",
)

# What was logged answers the question of a pointer as what was loaded does.
POINTERS = """
CREATE OR REPLACE FUNCTION concordat.event_pointers(wanted text)
RETURNS TABLE (owner_id integer, kind smallint, agreement_id uuid, clause integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT DISTINCT e.owner_id, e.kind, g.agreement_id, g.clause
    FROM public.access_grant g
    JOIN public.records_event e
        ON e.owner_id = g.owner_id AND e.kind = g.kind AND e.reference = wanted
    WHERE g.recipient_id = concordat.actor_organisation()
      AND g.level = 'pointer'
      AND g.kind <> 10
      AND g.retired_at IS NULL
      AND g.valid @> statement_timestamp()
      AND g.roles && concordat.actor_roles()
      AND concordat.actor_purpose() = ANY (g.purposes)
      AND e.source = ANY (ARRAY['police.uk street', 'police.uk stop and search', 'concordat'])
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0005_logging"), ("access", "0006_recording")]
    operations = [
        migrations.RunSQL(sql, migrations.RunSQL.noop)
        for sql in (*EXISTING, *THINGS, *LINKS, *DRAFTS, *WORK, *DISCLOSURES, POINTERS)
    ]
