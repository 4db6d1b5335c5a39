"""Who may log, and who may read intelligence that comes with conditions."""

from django.db import migrations

# Intelligence under handling code C (kind 10) is no agreement's to share, and inside its force it is
# for intelligence staff and supervisors alone.
READABLE = """
CREATE OR REPLACE FUNCTION concordat.readable_compartments() RETURNS integer[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    claims text[] := concordat.actor_claims();
    own integer;
    held text[];
    found_compartments integer[];
BEGIN
    IF claims IS NULL THEN
        RETURN '{}';
    END IF;
    own := claims[2]::integer;
    held := string_to_array(claims[3], ',');
    SELECT coalesce(array_agg(DISTINCT open.compartment), '{}') INTO found_compartments
    FROM (
        SELECT concordat.compartment(own, kind::smallint) AS compartment
        FROM generate_series(1, 99) AS kind
        WHERE own > 0
          AND held && ARRAY['officer', 'supervisor', 'intelligence', 'control_room',
                            'data_quality', 'system']
          AND (kind <> 10 OR held && ARRAY['supervisor', 'intelligence', 'system'])
        UNION ALL
        SELECT concordat.compartment(g.owner_id, g.kind)
        FROM public.access_grant g
        WHERE g.recipient_id = own
          AND g.level = 'full'
          AND g.kind <> 10
          AND g.retired_at IS NULL
          AND g.valid @> statement_timestamp()
          AND g.roles && held
          AND claims[4] = ANY (g.purposes)
        UNION ALL
        SELECT concordat.compartment(o.id, 4::smallint)
        FROM public.organisations_organisation o
        WHERE own = 0 AND held = ARRAY['resolver']
    ) AS open;
    RETURN found_compartments;
END
$$;
"""

# The organisation in whose name the actor may log and amend records; NULL, which equals nothing, for
# all who don't work with records. Loading files stays with `writable_organisation`.
RECORDING = """
CREATE FUNCTION concordat.recording_organisation() RETURNS integer
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    claims text[] := concordat.actor_claims();
BEGIN
    IF claims IS NULL
       OR NOT string_to_array(claims[3], ',') && ARRAY['officer', 'supervisor', 'intelligence',
                                                       'control_room', 'data_quality', 'system']
       OR claims[2]::integer = 0
    THEN
        RETURN NULL;
    END IF;
    RETURN claims[2]::integer;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0005_logged_kinds")]
    operations = [
        migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (READABLE, RECORDING)
    ]
