"""The journal's tables. Rows are inserted by the serving role and never updated or deleted."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from concordat.audit.rules import Operation


class JournalEntry(models.Model):
    """One operation by one actor. Written by the function `concordat.journal` alone.

    `subjects` lists `[kind, id, owner]` of what was touched; it also writes one
    `JournalSubject` for each. `previous_hash` is the hash of the entry before it in its lane.
    """

    id = models.UUIDField(primary_key=True)
    recorded_at = models.DateTimeField()
    lane = models.SmallIntegerField()
    seq = models.BigIntegerField()
    operation = models.TextField(choices=[(o.value, o.label) for o in Operation])
    action = models.TextField()
    person_id = models.UUIDField(null=True)
    person_name = models.TextField()
    organisation_id = models.IntegerField()
    roles = ArrayField(models.TextField())
    purpose = models.TextField()
    reason = models.TextField()
    details = models.JSONField()
    subjects = models.JSONField()
    previous_hash = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        db_table = "audit_entry"
        constraints = (
            models.UniqueConstraint(fields=("lane", "seq"), name="audit_entry_lane_seq"),
            models.CheckConstraint(
                condition=models.Q(operation__in=[o.value for o in Operation]),
                name="audit_entry_operation_known",
            ),
        )
        indexes = (
            models.Index(fields=("organisation_id", "-recorded_at"), name="audit_entry_org_time"),
            models.Index(fields=("person_id", "-recorded_at"), name="audit_entry_person_time"),
        )

    def __str__(self) -> str:
        return f"{self.lane}/{self.seq} {self.action}"


class JournalSubject(models.Model):
    """That an entry touched a record: what "who looked at this" is answered from."""

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(JournalEntry, models.PROTECT, related_name="subject_rows")
    kind = models.TextField()
    subject_id = models.UUIDField()
    owner_id = models.IntegerField()
    organisation_id = models.IntegerField()

    class Meta:
        db_table = "audit_subject"
        indexes = (models.Index(fields=("subject_id",), name="audit_subject_subject"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"


class ChainHead(models.Model):
    """The last entry of each lane. Only the function that writes the journal moves it."""

    lane = models.SmallIntegerField(primary_key=True)
    seq = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        db_table = "audit_chain_head"

    def __str__(self) -> str:
        return f"{self.lane}/{self.seq}"
