"""The work on logged events: their numbers, their supervision, their transfer to another force."""

from django.db import models
from django.db.models import F, Q

from concordat.records.models.event import Event
from concordat.records.models.owned import Owned
from concordat.records.rules.logged import ReviewState, TransferState


class Numbering(Owned):
    """The last number that a force has given to an event of a year."""

    pk = models.CompositePrimaryKey("owner_id", "year")
    year = models.SmallIntegerField()
    last = models.IntegerField()

    class Meta:
        db_table = "records_numbering"

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Withheld(Owned):
    """What one version of an intelligence report tells that is read in its own force alone.

    It may reveal the source or the tactics. Its kind is one that no agreement shares: that of
    work, or of intelligence under conditions where the report is.
    """

    pk = models.CompositePrimaryKey("owner_id", "event_id", "version")
    event = models.ForeignKey(
        Event, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    version = models.IntegerField()
    fields = models.JSONField()

    class Meta:
        db_table = "records_withheld"

    def __str__(self) -> str:
        return f"withheld of {self.event_id} version {self.version}"


class Review(Owned):
    """One step in the supervision of an event. Append-only, but that a later one takes its place.

    Read by whoever may read the event as well: notes tell of it. `to_id` is whom it is allocated
    to.
    """

    pk = models.CompositePrimaryKey("owner_id", "event_id", "number")
    event = models.ForeignKey(
        Event, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    event_compartment = models.IntegerField()
    number = models.IntegerField()
    state = models.TextField(choices=[(s.value, s.label) for s in ReviewState])
    note = models.TextField()
    by_id = models.UUIDField(null=True)
    by = models.TextField()
    to_id = models.UUIDField(null=True)
    to = models.TextField(default="")
    recorded_by_id = models.UUIDField(null=True)
    recorded_by = models.TextField()
    at = models.DateTimeField()
    is_current = models.BooleanField()

    class Meta:
        db_table = "records_review"
        constraints = (
            models.UniqueConstraint(
                fields=("owner", "event"),
                condition=Q(is_current=True),
                name="records_review_one_current",
            ),
        )
        indexes = (
            models.Index(
                fields=("owner", "state", "at"),
                condition=Q(is_current=True),
                name="records_review_queue",
            ),
            models.Index(
                fields=("owner", "recorded_by_id"),
                condition=Q(is_current=True, state=ReviewState.SENT_BACK.value),
                name="records_review_sent_back",
            ),
        )

    def __str__(self) -> str:
        return f"{self.event_id} {self.state}"


class Transfer(Owned):
    """An event offered by its owner to the force that it belongs to. Both bodies read it.

    `content` is the report as it was offered, with what the owner's records said of its people
    and things. `new_event_id` and `new_reference` are those that the accepting force gave.
    """

    id = models.UUIDField(primary_key=True)
    event = models.ForeignKey(
        Event, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    event_kind = models.SmallIntegerField()
    reference = models.TextField()
    title = models.TextField()
    to = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="+", db_index=False
    )
    reason = models.TextField()
    content = models.JSONField()
    state = models.TextField(choices=[(s.value, s.label) for s in TransferState])
    offered_at = models.DateTimeField()
    offered_by = models.TextField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.TextField(default="")
    answer = models.TextField(default="")
    new_event_id = models.UUIDField(null=True)
    new_reference = models.TextField(default="")

    class Meta:
        db_table = "records_transfer"
        constraints = (
            models.CheckConstraint(
                condition=Q(state=TransferState.OFFERED.value, answered_at=None, answered_by="")
                | (
                    ~Q(state=TransferState.OFFERED.value)
                    & Q(answered_at__isnull=False)
                    & ~Q(answered_by="")
                ),
                name="records_transfer_answered_whole",
            ),
            models.CheckConstraint(
                condition=Q(state=TransferState.ACCEPTED.value, new_event_id__isnull=False)
                | (~Q(state=TransferState.ACCEPTED.value) & Q(new_event_id=None)),
                name="records_transfer_accepted_whole",
            ),
            models.CheckConstraint(condition=~Q(owner=F("to")), name="records_transfer_to_another"),
            models.UniqueConstraint(
                fields=("owner", "event"),
                condition=Q(state=TransferState.OFFERED.value),
                name="records_transfer_one_offer",
            ),
        )
        indexes = (
            models.Index(fields=("owner", "-offered_at"), name="records_transfer_from"),
            models.Index(fields=("to", "-offered_at"), name="records_transfer_to"),
            models.Index(
                fields=("to",),
                condition=Q(state=TransferState.OFFERED.value),
                name="records_transfer_offered",
            ),
            models.Index(fields=("event",), name="records_transfer_event"),
            models.Index(
                fields=("new_event_id",),
                condition=Q(new_event_id__isnull=False),
                name="records_transfer_new_event",
            ),
        )

    def __str__(self) -> str:
        return f"{self.reference} to {self.to_id}: {self.state}"
