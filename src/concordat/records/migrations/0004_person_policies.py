"""Row security on the tables of people and of warnings about them."""

from django.db import migrations

from concordat.access.rules import row_policy_sql

OWNED = (
    "records_person",
    "records_person_version",
    "records_person_conflict",
    "records_warning_marker",
)

GRANTS = """
GRANT SELECT, INSERT ON records_person_version, records_person_conflict, records_warning_marker
    TO concordat_app;
GRANT SELECT, INSERT, UPDATE ON records_person TO concordat_app;
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0003_persons"), ("access", "0003_person_kinds")]
    operations = [
        *(migrations.RunSQL(row_policy_sql(table), migrations.RunSQL.noop) for table in OWNED),
        migrations.RunSQL(GRANTS, migrations.RunSQL.noop),
    ]
