"""Row security on every table of the register, and the one question that a pointer answers."""

from django.db import migrations

from concordat.access.rules import row_policy_sql

OWNED = (
    "records_place",
    "records_place_term",
    "records_event",
    "records_event_version",
    "records_event_conflict",
    "records_load_file",
    "records_quarantine",
)
APPEND_ONLY = (
    "records_place",
    "records_place_term",
    "records_event_version",
    "records_event_conflict",
    "records_load_file",
    "records_quarantine",
)

GRANTS = f"""
GRANT SELECT, INSERT ON {", ".join(APPEND_ONLY)} TO concordat_app;
GRANT SELECT, INSERT, UPDATE ON records_event, records_load TO concordat_app;
ALTER TABLE records_load ENABLE ROW LEVEL SECURITY;
CREATE POLICY signed_in_read ON records_load FOR SELECT TO concordat_app USING (
    (SELECT concordat.actor_organisation()) IS NOT NULL);
CREATE POLICY loaders_insert ON records_load FOR INSERT TO concordat_app WITH CHECK (
    (SELECT concordat.actor_roles()) && ARRAY['data_quality', 'system']);
CREATE POLICY loaders_update ON records_load FOR UPDATE TO concordat_app
    USING ((SELECT concordat.actor_roles()) && ARRAY['data_quality', 'system'])
    WITH CHECK ((SELECT concordat.actor_roles()) && ARRAY['data_quality', 'system']);
"""

# Runs as `concordat_resolver`, whose own policy lets it see the keys of every event and no more.
POINTERS = """
GRANT USAGE ON SCHEMA public, concordat TO concordat_resolver;
GRANT SELECT (id, owner_id, kind, compartment, reference) ON records_event TO concordat_resolver;
GRANT SELECT ON access_grant TO concordat_resolver;
CREATE POLICY resolver_reads_keys ON records_event FOR SELECT TO concordat_resolver USING (true);
CREATE POLICY resolver_reads ON access_grant FOR SELECT TO concordat_resolver USING (true);

-- Who holds an event of exactly this reference that the actor may know of by a pointer, and the
-- clause that says so: the owner, never the record.
CREATE FUNCTION concordat.event_pointers(wanted text)
RETURNS TABLE (owner_id integer, kind smallint, agreement_id uuid, clause integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT DISTINCT e.owner_id, e.kind, g.agreement_id, g.clause
    FROM public.access_grant g
    JOIN public.records_event e
        ON e.owner_id = g.owner_id AND e.kind = g.kind AND e.reference = wanted
    WHERE g.recipient_id = concordat.actor_organisation()
      AND g.level = 'pointer'
      AND g.retired_at IS NULL
      AND g.valid @> statement_timestamp()
      AND g.roles && concordat.actor_roles()
      AND concordat.actor_purpose() = ANY (g.purposes)
      AND e.source = ANY (ARRAY['police.uk street', 'police.uk stop and search'])
$$;
GRANT SELECT (source) ON records_event TO concordat_resolver;
GRANT CREATE ON SCHEMA concordat TO concordat_resolver;
ALTER FUNCTION concordat.event_pointers(text) OWNER TO concordat_resolver;
REVOKE CREATE ON SCHEMA concordat FROM concordat_resolver;
REVOKE ALL ON FUNCTION concordat.event_pointers(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION concordat.event_pointers(text) TO concordat_app;

-- How many pointers the actor has asked for in the last hour.
CREATE FUNCTION concordat.pointers_last_hour() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT count(*) FROM public.audit_entry
    WHERE person_id = concordat.actor_person() AND action = 'records.pointers'
      AND recorded_at > clock_timestamp() - interval '1 hour'
$$;
REVOKE ALL ON FUNCTION concordat.pointers_last_hour() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION concordat.pointers_last_hour() TO concordat_app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0001_initial"),
        ("access", "0002_policies"),
        ("audit", "0002_chain"),
    ]
    operations = [
        *(migrations.RunSQL(row_policy_sql(table), migrations.RunSQL.noop) for table in OWNED),
        migrations.RunSQL(GRANTS, migrations.RunSQL.noop),
        migrations.RunSQL(POINTERS, migrations.RunSQL.noop),
    ]
