"""The grants: what agreements in force let one body read of another's records."""

from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.db import models

from concordat.access.rules import Level, RecordKind


class Grant(models.Model):
    """One clause's permission for one pair of bodies and one kind of record.

    Written by `concordat.approve_agreement` alone. Ending shortens `valid`; no row is ever
    deleted, so that what could be seen on any day can be answered for ever. `retired_at` is of
    grants that were replaced before agreements had versions.
    """

    id = models.UUIDField(primary_key=True)
    agreement_id = models.UUIDField()
    agreement_version = models.IntegerField()
    clause = models.IntegerField()
    owner = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    recipient = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    kind = models.SmallIntegerField(choices=[(k.value, k.label) for k in RecordKind])
    level = models.TextField(choices=[(v.value, v.label) for v in Level])
    roles = ArrayField(models.TextField())
    purposes = ArrayField(models.TextField())
    valid = DateTimeRangeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "access_grant"
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(owner=models.F("recipient")), name="access_grant_to_another"
            ),
            models.CheckConstraint(
                condition=models.Q(level__in=[Level.FULL.value, Level.POINTER.value]),
                name="access_grant_level_known",
            ),
        )
        indexes = (
            models.Index(fields=("recipient", "kind"), name="access_grant_recipient"),
            models.Index(fields=("agreement_id",), name="access_grant_agreement"),
        )

    def __str__(self) -> str:
        return f"{self.owner_id} → {self.recipient_id}: {RecordKind(self.kind).label}"
