"""Disclosures: what was told to another body, on which conditions, and whether it was recalled."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from concordat.records.models.owned import Owned


class Disclosure(Owned):
    """One telling of an event to one body. Read by all who gave it on its way, and who got it.

    `owner` is who disclosed it, `originator` whose event it is. `codes` are those of its handling,
    `quality` says how accurate, complete, reliable and current it is (DPA 2018, section 38(4)).
    `onward_of` is the disclosure by which the owner itself has it, `root_id` the first of them,
    and `passed_by` the bodies it has come through: each of them can recall it.
    """

    id = models.UUIDField(primary_key=True)
    event_id = models.UUIDField()
    event_kind = models.SmallIntegerField()
    reference = models.TextField()
    title = models.TextField()
    originator = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="+", db_index=False
    )
    recipient = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="+", db_index=False
    )
    content = models.JSONField()
    sanitised = models.BooleanField()
    codes = models.JSONField()
    purpose = models.TextField()
    quality = models.TextField()
    originator_agrees = models.TextField(default="")
    onward_of = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    root_id = models.UUIDField()
    passed_by = ArrayField(models.IntegerField())
    disclosed_at = models.DateTimeField()
    disclosed_by = models.TextField()
    recalled_at = models.DateTimeField(null=True)
    recalled_by = models.TextField(default="")
    recalled_because = models.TextField(default="")
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.TextField(default="")

    class Meta:
        db_table = "records_disclosure"
        constraints = (
            models.CheckConstraint(
                condition=Q(recalled_at=None, recalled_by="", recalled_because="")
                | (Q(recalled_at__isnull=False) & ~Q(recalled_by="")),
                name="records_disclosure_recalled_whole",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None, acknowledged_by="")
                | (
                    Q(acknowledged_at__isnull=False, recalled_at__isnull=False)
                    & ~Q(acknowledged_by="")
                ),
                name="records_disclosure_acknowledged_whole",
            ),
            models.CheckConstraint(
                condition=~Q(owner=F("recipient")), name="records_disclosure_to_another"
            ),
        )
        indexes = (
            models.Index(fields=("event_id",), name="records_disclosure_event"),
            models.Index(fields=("root_id",), name="records_disclosure_root"),
            models.Index(fields=("recipient", "-disclosed_at"), name="records_disclosure_to"),
            models.Index(
                fields=("recipient",),
                condition=Q(recalled_at__isnull=False, acknowledged_at=None),
                name="records_disclosure_recalled",
            ),
        )

    def __str__(self) -> str:
        return f"{self.reference} to {self.recipient_id}"
