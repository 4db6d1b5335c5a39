"""Who reads and writes agreements.

Everybody signed in reads. The service makes and starts them; programme staff of a party may end one.
"""

from django.db import migrations

TABLES = ("agreements_agreement", "agreements_party", "agreements_sharing_clause")


def _policies(table):
    return f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        CREATE POLICY signed_in_read ON {table} FOR SELECT TO concordat_app USING (
            (SELECT concordat.actor_organisation()) IS NOT NULL);
        CREATE POLICY service_inserts ON {table} FOR INSERT TO concordat_app WITH CHECK (
            (SELECT concordat.actor_roles()) && ARRAY['system']);
        GRANT SELECT, INSERT ON {table} TO concordat_app;
    """


SQL = "".join(_policies(table) for table in TABLES) + """
    GRANT UPDATE ON agreements_agreement TO concordat_app;
    CREATE POLICY parties_update ON agreements_agreement FOR UPDATE TO concordat_app
        USING ((SELECT concordat.actor_roles()) && ARRAY['system']
               OR ((SELECT concordat.actor_roles()) && ARRAY['programme'] AND EXISTS (
                   SELECT FROM agreements_party p WHERE p.agreement_id = agreements_agreement.id
                   AND p.organisation_id = (SELECT concordat.actor_organisation()))))
        WITH CHECK ((SELECT concordat.actor_roles()) && ARRAY['system']
                    OR ((SELECT concordat.actor_roles()) && ARRAY['programme']
                        AND ends_on IS NOT NULL));
    GRANT USAGE ON SEQUENCE agreements_party_id_seq, agreements_sharing_clause_id_seq
        TO concordat_app;
"""


class Migration(migrations.Migration):
    dependencies = [("agreements", "0001_initial"), ("access", "0002_policies")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
