"""Whoever may log persons hands their features over."""

from django.db import migrations

OWN = "owner_id = (SELECT concordat.recording_organisation())"


def recorded(table):
    return f"""
        ALTER POLICY owner_inserts ON {table} WITH CHECK ({OWN} AND kind BETWEEN 1 AND 99);
        ALTER POLICY owner_updates ON {table} USING ({OWN})
            WITH CHECK ({OWN} AND kind BETWEEN 1 AND 99);
    """


class Migration(migrations.Migration):
    dependencies = [("identity", "0003_logged_kinds"), ("access", "0006_recording")]
    operations = [
        migrations.RunSQL(recorded(table), migrations.RunSQL.noop)
        for table in ("identity_feature", "identity_key")
    ]
