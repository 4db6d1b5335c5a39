"""The resolver of identities reads the persons of every force: one more answer of the policies."""

from django.db import migrations

# The resolver is an actor of its own: it reads the person records of every force, and judges.
RESOLVER = """
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
        UNION ALL
        SELECT concordat.compartment(g.owner_id, g.kind)
        FROM public.access_grant g
        WHERE g.recipient_id = own
          AND g.level = 'full'
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


class Migration(migrations.Migration):
    dependencies = [("access", "0003_person_kinds")]
    operations = [migrations.RunSQL(RESOLVER, migrations.RunSQL.noop)]
