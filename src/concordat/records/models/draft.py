"""Drafts: what somebody is about to log."""

from django.db import models

from concordat.records.models.owned import Owned
from concordat.records.rules.logged import DraftState


class Draft(Owned):
    """A report on its way. Written by its holder alone; a save counts `revision` up.

    `handed_by` is who handed it over, until the new holder saves it: they still see that it went.
    """

    id = models.UUIDField(primary_key=True)
    held_by = models.UUIDField()
    held_by_name = models.TextField()
    handed_by = models.UUIDField(null=True)
    handed_by_name = models.TextField(default="")
    event_kind = models.SmallIntegerField()
    content = models.JSONField()
    revision = models.IntegerField()
    state = models.TextField(choices=[(s.value, s.label) for s in DraftState])
    event_id = models.UUIDField(null=True)
    reference = models.TextField(default="")
    started_at = models.DateTimeField()
    started_by = models.TextField()
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "records_draft"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state=DraftState.SUBMITTED.value, event_id__isnull=False)
                | (~models.Q(state=DraftState.SUBMITTED.value) & models.Q(event_id=None)),
                name="records_draft_submitted_whole",
            ),
        )
        indexes = (
            models.Index(
                fields=("owner", "held_by", "-saved_at"),
                condition=models.Q(state=DraftState.OPEN.value),
                name="records_draft_open",
            ),
        )

    def __str__(self) -> str:
        return f"{self.id} revision {self.revision}"
