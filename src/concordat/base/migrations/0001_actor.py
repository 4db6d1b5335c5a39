"""The signing key, and the functions by which every row policy learns who acts."""

from django.db import migrations, models

FUNCTIONS = """
CREATE SCHEMA IF NOT EXISTS concordat;
GRANT USAGE ON SCHEMA concordat TO concordat_app, concordat_backup;

-- A UUIDv7 (RFC 9562): milliseconds since 1970, then random bits. PostgreSQL 18 has its own; 15 not.
CREATE FUNCTION concordat.new_id() RETURNS uuid
LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
    SELECT encode(set_bit(set_bit(overlay(
        uuid_send(gen_random_uuid()) PLACING
        substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
        FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid
$$;

-- The verified claims of the actor of this transaction: {person, organisation, roles, purpose};
-- NULL without a token, with a forged or damaged one, and after its expiry.
CREATE FUNCTION concordat.actor_claims() RETURNS text[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    token text := current_setting('concordat.actor', true);
    parts text[];
    claims bytea;
    pads record;
BEGIN
    IF token IS NULL OR token = '' THEN
        RETURN NULL;
    END IF;
    parts := string_to_array(token, '|');
    IF array_length(parts, 1) IS DISTINCT FROM 6 THEN
        RETURN NULL;
    END IF;
    claims := convert_to(array_to_string(parts[1:5], '|'), 'UTF8');
    SELECT inner_pad, outer_pad INTO pads FROM public.base_signing_key;
    IF NOT FOUND
       OR encode(sha256(pads.outer_pad || sha256(pads.inner_pad || claims)), 'hex') <> parts[6]
    THEN
        RETURN NULL;
    END IF;
    IF parts[5]::bigint < extract(epoch FROM clock_timestamp()) THEN
        RETURN NULL;
    END IF;
    RETURN parts[1:4];
END
$$;

CREATE FUNCTION concordat.actor_person() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS
$$ SELECT nullif((concordat.actor_claims())[1], '')::uuid $$;

CREATE FUNCTION concordat.actor_organisation() RETURNS integer
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS
$$ SELECT (concordat.actor_claims())[2]::integer $$;

CREATE FUNCTION concordat.actor_roles() RETURNS text[]
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS
$$ SELECT coalesce(string_to_array((concordat.actor_claims())[3], ','), '{}') $$;

CREATE FUNCTION concordat.actor_purpose() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS
$$ SELECT (concordat.actor_claims())[4] $$;
"""

DROP = "DROP SCHEMA concordat CASCADE"


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="SigningKey",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("inner_pad", models.BinaryField()),
                ("outer_pad", models.BinaryField()),
            ],
            options={
                "db_table": "base_signing_key",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="base_one_signing_key"
                    )
                ],
            },
        ),
        migrations.RunSQL(FUNCTIONS, DROP),
    ]
