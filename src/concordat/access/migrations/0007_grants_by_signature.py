"""Nobody who serves pages writes a grant: PostgreSQL does, when an agreement has been signed."""

from django.db import migrations

SQL = """
DROP POLICY service_inserts ON access_grant;
DROP POLICY service_updates ON access_grant;
REVOKE INSERT, UPDATE ON access_grant FROM concordat_app;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0006_recording")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
