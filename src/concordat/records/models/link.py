"""Links: what ties two records, who says so, and until when."""

from django.db import models

from concordat.records.models.owned import Owned
from concordat.records.rules.logged import Confidence


class Link(Owned):
    """That two records are tied, stated by its owner. Ended, never deleted.

    It is seen by whoever may read both ends, so each end carries its compartment. Of a link
    between an event and whoever or whatever was in it the event is on the right, and `reason` is
    the code of a role or use; of others that of a reason (`rules.catalogue`). `assessment` marks
    somebody's assessment rather than a fact. `event_id` is the event it was logged with.
    """

    id = models.UUIDField(primary_key=True)
    left_kind = models.SmallIntegerField()
    left_id = models.UUIDField()
    left_compartment = models.IntegerField()
    right_kind = models.SmallIntegerField()
    right_id = models.UUIDField()
    right_compartment = models.IntegerField()
    reason = models.TextField()
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    stated_by = models.TextField()
    confidence = models.TextField(choices=[(c.value, c.label) for c in Confidence])
    assessment = models.BooleanField()
    event_id = models.UUIDField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.TextField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.TextField(default="")
    ended_because = models.TextField(default="")

    class Meta:
        db_table = "records_link"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ended_at=None, ended_by="", ended_because="")
                | (models.Q(ended_at__isnull=False) & ~models.Q(ended_by="")),
                name="records_link_ended_whole",
            ),
            models.CheckConstraint(
                condition=~models.Q(left_id=models.F("right_id")), name="records_link_of_two"
            ),
        )
        indexes = (
            models.Index(fields=("left_id", "recorded_at"), name="records_link_left"),
            models.Index(fields=("right_id", "recorded_at"), name="records_link_right"),
        )

    def __str__(self) -> str:
        return f"{self.left_id} {self.reason} {self.right_id}"
