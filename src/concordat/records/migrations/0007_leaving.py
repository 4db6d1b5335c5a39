"""A force takes along all that it owns; what others tied to its records is left as a stub."""

from django.db import migrations

READABLE = "ANY ((SELECT concordat.readable_compartments())::integer[])"
RECORDING = "(SELECT concordat.recording_organisation())"
OWN = f"owner_id = {RECORDING}"
CLEARED = "(SELECT concordat.actor_roles()) && ARRAY['supervisor', 'intelligence', 'system']"

# The service itself, acting for the owner, takes a whole force out or in: it reads the force's own
# links of which one end is closed by now, and writes what once was somebody else's to write: a
# draft that another person holds, a link or a disclosure that is over.
MOVING = """((SELECT concordat.actor_roles()) = ARRAY['system']
    AND owner_id = (SELECT concordat.actor_organisation()))"""

MOVED = f"""
ALTER POLICY read_what_is_shared ON records_link USING (
    (left_compartment = {READABLE} AND right_compartment = {READABLE}) OR {MOVING});
ALTER POLICY owner_inserts ON records_link WITH CHECK (kind = 92 AND ({MOVING} OR (
    {OWN} AND ended_at IS NULL AND left_compartment = {READABLE}
    AND (right_compartment = {READABLE} OR right_compartment = {RECORDING} * 100 + 10))));
ALTER POLICY owner_inserts ON records_draft WITH CHECK (kind = 93 AND ({MOVING} OR (
    {OWN} AND held_by = (SELECT concordat.actor_person()))));
ALTER POLICY owner_inserts ON records_disclosure WITH CHECK (kind = 95 AND ({MOVING} OR (
    {OWN} AND recalled_at IS NULL AND (event_kind <> 10 OR {CLEARED}))));
"""

# That a record is tied to something of another body which is closed to the whole of one's own by
# now: since when, and who said so. Not to what, and not by which words. Only of links that one's
# own body stated, and only where one may read the end that is left.
STUBS = """
GRANT SELECT (owner_id, left_id, left_compartment, right_id, right_compartment, recorded_at,
              recorded_by, ended_at) ON records_link TO concordat_resolver;
CREATE POLICY resolver_reads_ends ON records_link FOR SELECT TO concordat_resolver USING (true);

CREATE FUNCTION concordat.link_stubs(record uuid)
RETURNS TABLE (recorded_at timestamptz, recorded_by text, ended_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT tied.recorded_at, tied.recorded_by, tied.ended_at
    FROM (
        SELECT l.owner_id, l.recorded_at, l.recorded_by, l.ended_at,
               l.left_compartment AS near, l.right_compartment AS far
        FROM public.records_link l WHERE l.left_id = record
        UNION ALL
        SELECT l.owner_id, l.recorded_at, l.recorded_by, l.ended_at,
               l.right_compartment, l.left_compartment
        FROM public.records_link l WHERE l.right_id = record
    ) AS tied
    WHERE tied.owner_id = concordat.actor_organisation()
      AND tied.near = ANY (concordat.readable_compartments())
      AND tied.far / 100 <> concordat.actor_organisation()
      AND NOT EXISTS (
          SELECT FROM public.access_grant g
          WHERE g.recipient_id = concordat.actor_organisation()
            AND concordat.compartment(g.owner_id, g.kind) = tied.far
            AND g.level = 'full' AND g.retired_at IS NULL AND g.valid @> statement_timestamp())
    ORDER BY tied.recorded_at DESC
$$;
GRANT CREATE ON SCHEMA concordat TO concordat_resolver;
ALTER FUNCTION concordat.link_stubs(uuid) OWNER TO concordat_resolver;
REVOKE CREATE ON SCHEMA concordat FROM concordat_resolver;
REVOKE ALL ON FUNCTION concordat.link_stubs(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION concordat.link_stubs(uuid) TO concordat_app;
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0006_logging_policies")]
    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (MOVED, STUBS)]
