"""Who reads a watch, and who is told: the watcher alone; and the service, which raises alerts."""

from django.db import migrations

MINE = """watcher_id = (SELECT concordat.actor_person())
    AND owner_id = (SELECT concordat.actor_organisation())"""
SERVICE = "(SELECT concordat.actor_roles()) && ARRAY['system']"

# The service looks watches up for everybody, and notes which records of a person it has told of.
WATCHES = "".join(
    f"""
    ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
    ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
    CREATE POLICY read_what_is_shared ON {table} FOR SELECT TO concordat_app
        USING (({MINE}) OR {SERVICE});
    CREATE POLICY owner_inserts ON {table} FOR INSERT TO concordat_app
        WITH CHECK (kind = 96 AND (({MINE}) OR {SERVICE}));
    CREATE POLICY owner_updates ON {table} FOR UPDATE TO concordat_app
        USING (({MINE}) OR {SERVICE}) WITH CHECK (kind = 96 AND (({MINE}) OR {SERVICE}));
    """
    for table in ("tracing_watch", "tracing_watch_key")
)

# An alert is written by the service and read by the watcher; not even the service reads it again.
ALERTS = f"""
ALTER TABLE tracing_alert ENABLE ROW LEVEL SECURITY;
ALTER TABLE tracing_alert FORCE ROW LEVEL SECURITY;
CREATE POLICY read_what_is_shared ON tracing_alert FOR SELECT TO concordat_app USING ({MINE});
CREATE POLICY owner_inserts ON tracing_alert FOR INSERT TO concordat_app
    WITH CHECK (kind = 96 AND {SERVICE});
CREATE POLICY owner_updates ON tracing_alert FOR UPDATE TO concordat_app
    USING ({MINE}) WITH CHECK ({MINE});
"""

GRANTS = """
GRANT SELECT, INSERT ON tracing_watch, tracing_watch_key, tracing_alert TO concordat_app;
GRANT UPDATE (ended_at, members) ON tracing_watch TO concordat_app;
GRANT UPDATE (live) ON tracing_watch_key TO concordat_app;
GRANT UPDATE (read_at) ON tracing_alert TO concordat_app;
"""


class Migration(migrations.Migration):
    dependencies = [("tracing", "0001_initial"), ("access", "0002_policies")]
    operations = [
        migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (WATCHES, ALERTS, GRANTS)
    ]
