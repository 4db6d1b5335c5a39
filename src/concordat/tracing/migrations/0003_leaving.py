"""A force takes its alerts along: the service reads them when it acts for that force, not else."""

from django.db import migrations

SQL = """
ALTER POLICY read_what_is_shared ON tracing_alert USING (
    owner_id = (SELECT concordat.actor_organisation())
    AND (watcher_id = (SELECT concordat.actor_person())
         OR (SELECT concordat.actor_roles()) = ARRAY['system']));
"""


class Migration(migrations.Migration):
    dependencies = [("tracing", "0002_policies")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
