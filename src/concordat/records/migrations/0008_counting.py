"""How many records a change of agreement would concern: numbers for those who decide on it."""

from django.db import migrations

TABLES = (
    "records_person",
    "records_warning_marker",
    "records_item",
    "records_place",
)
COUNTED = ("records_event", *TABLES)

# The resolver already reads the keys of events (0002); of the rest it may know whose they are and
# of which kind, and no more.
COLUMNS = "".join(
    f"""
    GRANT SELECT (owner_id, kind) ON {table} TO concordat_resolver;
    CREATE POLICY resolver_counts ON {table} FOR SELECT TO concordat_resolver USING (true);
    """
    for table in TABLES
)

_EACH = " UNION ALL ".join(
    f"""SELECT t.owner_id, t.kind, count(*) FROM public.{table} t
        WHERE t.owner_id = ANY (owners) AND t.kind = ANY (kinds) GROUP BY t.owner_id, t.kind"""
    for table in COUNTED
)

# Runs as `concordat_resolver`; called by the function below alone.
COUNT = f"""
CREATE FUNCTION concordat.count_of(owners integer[], kinds smallint[])
RETURNS TABLE (owner_id integer, kind smallint, records bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ {_EACH} $$;
GRANT CREATE ON SCHEMA concordat TO concordat_resolver;
ALTER FUNCTION concordat.count_of(integer[], smallint[]) OWNER TO concordat_resolver;
REVOKE CREATE ON SCHEMA concordat FROM concordat_resolver;
REVOKE ALL ON FUNCTION concordat.count_of(integer[], smallint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION concordat.count_of(integer[], smallint[]) TO CURRENT_USER;
"""

# How many records of these kinds, as far as an agreement can share them, each party of an agreement holds, its other versions' parties
# included: for programme staff and signatories of those whom it binds, and for the service.
GUARD = """
CREATE FUNCTION concordat.count_records(agreement uuid, kinds smallint[])
RETURNS TABLE (owner_id integer, kind smallint, records bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT (concordat.holds('system')
            OR (concordat.holds('programme', 'signatory') AND concordat.binds(agreement)))
    THEN
        RAISE insufficient_privilege
            USING MESSAGE = 'only programme staff and signatories of an agreement are told numbers';
    END IF;
    RETURN QUERY SELECT * FROM concordat.count_of(
        ARRAY(SELECT DISTINCT unnest(a.party_ids) FROM public.agreements_agreement a
              WHERE a.reference = (SELECT b.reference FROM public.agreements_agreement b
                                   WHERE b.id = agreement)),
        ARRAY(SELECT k.kind FROM concordat.shareable_kinds() k WHERE k.kind = ANY (kinds)));
END
$$;
REVOKE ALL ON FUNCTION concordat.count_records(uuid, smallint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION concordat.count_records(uuid, smallint[]) TO concordat_app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0007_leaving"),
        ("agreements", "0006_life"),
    ]
    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (COLUMNS, COUNT, GUARD)]
