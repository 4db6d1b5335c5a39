"""Who reads and writes organisations and people.

Bodies and areas are public facts, written by those who keep them. People are seen by whoever is
signed in and managed by their own organisation's administrators. What somebody signs in with is for
the service alone.
"""

from django.db import migrations

FACTS = (
    "organisations_organisation",
    "organisations_serves",
    "organisations_figure",
    "organisations_district",
    "organisations_lsoa",
    "organisations_postcode_point",
)
KEEPERS = "(SELECT concordat.actor_roles()) && ARRAY['system', 'administrator', 'data_quality']"
SERVICE = "(SELECT concordat.actor_roles()) && ARRAY['system']"
SIGNED_IN = "(SELECT concordat.actor_organisation()) IS NOT NULL"
OWN_PEOPLE = f"""({SERVICE} OR ((SELECT concordat.actor_roles()) && ARRAY['administrator']
    AND organisation_id = (SELECT concordat.actor_organisation())))"""
OWN_ROLES = f"""({SERVICE} OR ((SELECT concordat.actor_roles()) && ARRAY['administrator']
    AND EXISTS (SELECT FROM organisations_person p
                WHERE p.id = person_id
                  AND p.organisation_id = (SELECT concordat.actor_organisation()))))"""


def protect(table, *, read, write):
    return f"""
        GRANT SELECT, INSERT, UPDATE ON {table} TO concordat_app;
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        CREATE POLICY who_reads ON {table} FOR SELECT TO concordat_app USING ({read});
        CREATE POLICY who_inserts ON {table} FOR INSERT TO concordat_app WITH CHECK ({write});
        CREATE POLICY who_updates ON {table} FOR UPDATE TO concordat_app
            USING ({write}) WITH CHECK ({write});
    """


SQL = [
    *(protect(table, read="true", write=KEEPERS) for table in FACTS),
    protect("organisations_person", read=SIGNED_IN, write=OWN_PEOPLE),
    protect("organisations_person_role", read=SIGNED_IN, write=OWN_ROLES),
    protect("organisations_credential", read=SERVICE, write=SERVICE),
]


class Migration(migrations.Migration):
    dependencies = [("organisations", "0001_initial"), ("base", "0001_actor")]
    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in SQL]
