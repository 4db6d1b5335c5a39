"""Loads: what was read from which file, and the rows that await correction."""

from django.db import models

from concordat.records.models.owned import Owned
from concordat.records.rules.loads import Layout


class Load(models.Model):
    """One run of a load command over any number of files.

    `refused` lists `{"name", "problem"}` of files that could not be read and brought nothing.
    """

    id = models.UUIDField(primary_key=True)
    layout = models.TextField(choices=[(v.value, v.label) for v in Layout])
    started_at = models.DateTimeField()
    last_progress_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    started_by = models.TextField()
    files = models.IntegerField()
    refused = models.JSONField(default=list)

    class Meta:
        db_table = "records_load"

    def __str__(self) -> str:
        return f"{self.layout} {self.started_at}"


class LoadFile(Owned):
    """What one file brought for one owner. Every row read has exactly one of the six verdicts.

    A file of persons is stored in parts, one transaction each; each part has a row of its own.
    """

    id = models.UUIDField(primary_key=True)
    load = models.ForeignKey(Load, models.PROTECT, related_name="file_rows")
    name = models.TextField()
    sha256 = models.TextField()
    bytes = models.BigIntegerField()
    header = models.TextField()
    read = models.IntegerField()
    new = models.IntegerField()
    unchanged = models.IntegerField()
    changed = models.IntegerField()
    duplicate = models.IntegerField()
    conflict = models.IntegerField()
    quarantined = models.IntegerField()
    notices = models.JSONField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "records_load_file"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(
                    read=models.F("new")
                    + models.F("unchanged")
                    + models.F("changed")
                    + models.F("duplicate")
                    + models.F("conflict")
                    + models.F("quarantined")
                ),
                name="records_every_row_accounted_for",
            ),
        )

    def __str__(self) -> str:
        return self.name


class QuarantinedRow(Owned):
    """A source row that could not be loaded: the row as it came, and the reason."""

    id = models.BigAutoField(primary_key=True)
    load_file = models.ForeignKey(LoadFile, models.PROTECT, related_name="+")
    line = models.IntegerField()
    reason = models.TextField()
    raw = models.TextField()

    class Meta:
        db_table = "records_quarantine"

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"
