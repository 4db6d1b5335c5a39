"""What every row policy asks: which compartments the actor may read, and whose rows they write."""

from django.db import migrations

SQL = """
-- Owner and kind in one number: the one column that row policies compare.
CREATE FUNCTION concordat.compartment(owner integer, kind smallint) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$ SELECT owner * 100 + kind $$;

-- The compartments whose rows the actor may read in full at this moment: their own force's, in a
-- role that works with records, and those that a grant in force opens to one of their roles for
-- the purpose they gave. Evaluated once a statement, so an ended agreement closes on the next one.
CREATE FUNCTION concordat.readable_compartments() RETURNS integer[]
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
    ) AS open;
    RETURN found_compartments;
END
$$;

-- The organisation whose rows the actor may write; NULL, which equals nothing, for all others.
CREATE FUNCTION concordat.writable_organisation() RETURNS integer
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    claims text[] := concordat.actor_claims();
BEGIN
    IF claims IS NULL
       OR NOT string_to_array(claims[3], ',') && ARRAY['data_quality', 'system']
       OR claims[2]::integer = 0
    THEN
        RETURN NULL;
    END IF;
    RETURN claims[2]::integer;
END
$$;

-- Grants are public among those who are signed in. Only the service writes them; programme staff of
-- a body that a grant names may end it, which the function below does for them.
GRANT SELECT, INSERT, UPDATE ON access_grant TO concordat_app;
ALTER TABLE access_grant ENABLE ROW LEVEL SECURITY;
CREATE POLICY signed_in_read ON access_grant FOR SELECT TO concordat_app USING (
    (SELECT concordat.actor_organisation()) IS NOT NULL);
CREATE POLICY service_inserts ON access_grant FOR INSERT TO concordat_app WITH CHECK (
    (SELECT concordat.actor_roles()) && ARRAY['system']);
CREATE POLICY service_updates ON access_grant FOR UPDATE TO concordat_app
    USING ((SELECT concordat.actor_roles()) && ARRAY['system'])
    WITH CHECK ((SELECT concordat.actor_roles()) && ARRAY['system']);

-- Lets an agreement's live grants end at a moment, or at once if that has passed: only ever sooner
-- than they would have, and never before now, so that what was lawful stays on record as lawful.
CREATE FUNCTION concordat.end_grants(agreement uuid, moment timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    claims text[] := concordat.actor_claims();
    held text[] := string_to_array(claims[3], ',');
    ended bigint;
BEGIN
    -- The parties of an agreement are those its grants name; one without grants has none to end.
    IF NOT coalesce(held && ARRAY['system'] OR (held && ARRAY['programme'] AND (
        SELECT coalesce(bool_or(claims[2]::integer IN (g.owner_id, g.recipient_id)), true)
        FROM public.access_grant g WHERE g.agreement_id = agreement)), false)
    THEN
        RAISE insufficient_privilege USING MESSAGE = 'only a party ends an agreement';
    END IF;
    UPDATE public.access_grant
    SET valid = valid * tstzrange(NULL, greatest(moment, statement_timestamp()))
    WHERE agreement_id = agreement AND retired_at IS NULL;
    GET DIAGNOSTICS ended = ROW_COUNT;
    RETURN ended;
END
$$;
REVOKE ALL ON FUNCTION concordat.end_grants(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION concordat.end_grants(uuid, timestamptz) TO concordat_app;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial"), ("base", "0001_actor")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
