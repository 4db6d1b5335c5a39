"""Row security of identity, what the resolver may do, and the one question that a pointer answers."""

from django.db import migrations

from concordat.access.rules import row_policy_sql

OWNERS = """
-- The owners whose persons the actor may read: the beginning of every index of identity.
CREATE FUNCTION concordat.readable_person_owners() RETURNS integer[]
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(c / 100 ORDER BY c), '{}')
    FROM unnest(concordat.readable_compartments()) AS c WHERE c % 100 = 4
$$;
"""

TABLES = """
CREATE SEQUENCE identity_feature_number;
ALTER TABLE identity_feature ALTER COLUMN id SET DEFAULT nextval('identity_feature_number');
-- What a look-up needs stands in the index itself.
ALTER TABLE identity_key DROP CONSTRAINT identity_key_pkey;
ALTER TABLE identity_key ADD CONSTRAINT identity_key_pkey
    PRIMARY KEY (owner_id, key, feature_id) INCLUDE (compartment);

GRANT USAGE ON SEQUENCE identity_feature_number TO concordat_app;
GRANT SELECT, INSERT, UPDATE ON identity_feature TO concordat_app;
GRANT SELECT, INSERT ON identity_key, identity_judgement TO concordat_app;
GRANT UPDATE (retired_at, retired_by, retired_because) ON identity_judgement TO concordat_app;
GRANT SELECT, INSERT, UPDATE ON identity_cluster, identity_model, identity_run, identity_run_facts
    TO concordat_app;
"""

# A judgement is read by whoever may read both records. A person judges in the name of their own
# body, and only of records that they may read; the resolver writes machine judgements alone. What
# is retired stays retired.
JUDGEMENTS = """
ALTER TABLE identity_judgement ENABLE ROW LEVEL SECURITY;
ALTER TABLE identity_judgement FORCE ROW LEVEL SECURITY;
CREATE POLICY read_what_is_shared ON identity_judgement FOR SELECT TO concordat_app USING (
    left_compartment = ANY ((SELECT concordat.readable_compartments())::integer[])
    AND right_compartment = ANY ((SELECT concordat.readable_compartments())::integer[]));
CREATE POLICY owner_inserts ON identity_judgement FOR INSERT TO concordat_app WITH CHECK (
    kind = 91 AND retired_at IS NULL AND CASE WHEN judged_by_id IS NULL
    THEN (SELECT concordat.actor_roles()) = ARRAY['resolver']
    ELSE judged_by_id = (SELECT concordat.actor_person())
         AND owner_id = (SELECT concordat.actor_organisation())
         AND (SELECT concordat.actor_roles()) && ARRAY['data_quality', 'intelligence']
         AND EXISTS (SELECT FROM identity_feature f
                     WHERE f.owner_id = left_compartment / 100 AND f.record_id = left_id
                       AND f.compartment = left_compartment)
         AND EXISTS (SELECT FROM identity_feature f
                     WHERE f.owner_id = right_compartment / 100 AND f.record_id = right_id
                       AND f.compartment = right_compartment)
    END);
CREATE POLICY owner_updates ON identity_judgement FOR UPDATE TO concordat_app
    USING (retired_at IS NULL AND CASE WHEN judged_by_id IS NULL
           THEN (SELECT concordat.actor_roles()) = ARRAY['resolver']
           ELSE owner_id = (SELECT concordat.actor_organisation())
                AND (SELECT concordat.actor_roles()) && ARRAY['data_quality', 'intelligence'] END)
    WITH CHECK (retired_at IS NOT NULL);
"""

# What no force owns. Clusters of the whole register are the resolver's alone, and so are counts.
OTHERS = """
ALTER TABLE identity_cluster ENABLE ROW LEVEL SECURITY;
CREATE POLICY resolver_works ON identity_cluster FOR ALL TO concordat_app
    USING ((SELECT concordat.actor_roles()) = ARRAY['resolver'])
    WITH CHECK ((SELECT concordat.actor_roles()) = ARRAY['resolver']);
ALTER TABLE identity_run_facts ENABLE ROW LEVEL SECURITY;
CREATE POLICY service_reads ON identity_run_facts FOR SELECT TO concordat_app USING (
    (SELECT concordat.actor_roles()) && ARRAY['resolver', 'system']);
CREATE POLICY resolver_inserts ON identity_run_facts FOR INSERT TO concordat_app WITH CHECK (
    (SELECT concordat.actor_roles()) = ARRAY['resolver']);
CREATE POLICY resolver_updates ON identity_run_facts FOR UPDATE TO concordat_app
    USING ((SELECT concordat.actor_roles()) = ARRAY['resolver'])
    WITH CHECK ((SELECT concordat.actor_roles()) = ARRAY['resolver']);
ALTER TABLE identity_run ENABLE ROW LEVEL SECURITY;
CREATE POLICY signed_in_read ON identity_run FOR SELECT TO concordat_app USING (
    (SELECT concordat.actor_organisation()) IS NOT NULL);
CREATE POLICY resolver_inserts ON identity_run FOR INSERT TO concordat_app WITH CHECK (
    (SELECT concordat.actor_roles()) = ARRAY['resolver']);
CREATE POLICY resolver_updates ON identity_run FOR UPDATE TO concordat_app
    USING ((SELECT concordat.actor_roles()) = ARRAY['resolver'])
    WITH CHECK ((SELECT concordat.actor_roles()) = ARRAY['resolver']);
ALTER TABLE identity_model ENABLE ROW LEVEL SECURITY;
CREATE POLICY signed_in_read ON identity_model FOR SELECT TO concordat_app USING (
    (SELECT concordat.actor_organisation()) IS NOT NULL);
CREATE POLICY service_inserts ON identity_model FOR INSERT TO concordat_app WITH CHECK (
    (SELECT concordat.actor_roles()) && ARRAY['system']);
CREATE POLICY service_updates ON identity_model FOR UPDATE TO concordat_app
    USING ((SELECT concordat.actor_roles()) && ARRAY['system'])
    WITH CHECK ((SELECT concordat.actor_roles()) && ARRAY['system']);
"""

# Runs as `concordat_resolver`, whose own policy lets it see the keys of every person and no more.
POINTERS = """
GRANT SELECT (owner_id, kind, key) ON identity_key TO concordat_resolver;
CREATE POLICY resolver_reads_keys ON identity_key FOR SELECT TO concordat_resolver USING (true);

-- Who holds a person under one of these exact keys (an identifier, or full name and date of birth)
-- that the actor may know of by a pointer, and the clause that says so: never the record.
CREATE FUNCTION concordat.person_pointers(wanted bigint[])
RETURNS TABLE (owner_id integer, agreement_id uuid, clause integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT DISTINCT g.owner_id, g.agreement_id, g.clause
    FROM public.access_grant g
    WHERE g.recipient_id = concordat.actor_organisation()
      AND g.kind = 4
      AND g.level = 'pointer'
      AND g.retired_at IS NULL
      AND g.valid @> statement_timestamp()
      AND g.roles && concordat.actor_roles()
      AND concordat.actor_purpose() = ANY (g.purposes)
      AND EXISTS (SELECT FROM public.identity_key k
                  WHERE k.owner_id = g.owner_id AND k.key = ANY (wanted) AND k.kind = g.kind)
$$;
GRANT CREATE ON SCHEMA concordat TO concordat_resolver;
ALTER FUNCTION concordat.person_pointers(bigint[]) OWNER TO concordat_resolver;
REVOKE CREATE ON SCHEMA concordat FROM concordat_resolver;
REVOKE ALL ON FUNCTION concordat.person_pointers(bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION concordat.person_pointers(bigint[]) TO concordat_app;

-- How many pointers to persons the actor has asked for in the last hour.
CREATE FUNCTION concordat.person_pointers_last_hour() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT count(*) FROM public.audit_entry
    WHERE person_id = concordat.actor_person() AND action = 'identity.pointers'
      AND recorded_at > clock_timestamp() - interval '1 hour'
$$;
REVOKE ALL ON FUNCTION concordat.person_pointers_last_hour() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION concordat.person_pointers_last_hour() TO concordat_app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0001_initial"),
        ("access", "0004_resolver"),
        ("audit", "0002_chain"),
        ("organisations", "0002_policies"),
    ]
    operations = [
        migrations.RunSQL(sql, migrations.RunSQL.noop)
        for sql in (
            OWNERS,
            TABLES,
            row_policy_sql("identity_feature"),
            row_policy_sql("identity_key"),
            JUDGEMENTS,
            OTHERS,
            POINTERS,
        )
    ]
