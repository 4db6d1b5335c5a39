"""Who reads and writes agreements: everybody signed in reads; programme staff write."""

from django.db import migrations

TABLES = ("agreements_agreement", "agreements_party", "agreements_sharing_clause")


def _policies(table):
    return f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        CREATE POLICY signed_in_read ON {table} FOR SELECT TO concordat_app USING (
            (SELECT concordat.actor_organisation()) IS NOT NULL);
        CREATE POLICY programme_inserts ON {table} FOR INSERT TO concordat_app WITH CHECK (
            (SELECT concordat.actor_roles()) && ARRAY['programme', 'system']);
        GRANT SELECT, INSERT ON {table} TO concordat_app;
    """


SQL = "".join(_policies(table) for table in TABLES) + """
    GRANT UPDATE ON agreements_agreement TO concordat_app;
    CREATE POLICY programme_updates ON agreements_agreement FOR UPDATE TO concordat_app
        USING ((SELECT concordat.actor_roles()) && ARRAY['programme', 'system'])
        WITH CHECK ((SELECT concordat.actor_roles()) && ARRAY['programme', 'system']);
    GRANT USAGE ON SEQUENCE agreements_party_id_seq, agreements_sharing_clause_id_seq
        TO concordat_app;
"""


class Migration(migrations.Migration):
    dependencies = [("agreements", "0001_initial"), ("access", "0002_policies")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
