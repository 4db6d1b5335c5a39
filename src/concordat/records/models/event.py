"""Events: what happened, its versions, and what contradicts it."""

from django.db import models

from concordat.records.models.load import LoadFile
from concordat.records.models.owned import Owned
from concordat.records.models.place import Place
from concordat.records.rules.events import Precision

LIES_ELSEWHERE = models.Q(area__lt=models.F("owner")) | models.Q(area__gt=models.F("owner"))
"""In another force's area than its owner's. Questions use the same words, to find the index."""


class Told(Owned):
    """What one source row, or one person who logged it, tells of an event.

    `content` is the fingerprint of the whole row. The event happened at or after `occurred_from`
    and before `occurred_until`; `precision` says how exactly the source knows. `line` is the row's
    line in its file; what was logged has no file, but `recorded_by`, and its report in `details`.
    The place and the file are stored by the statements just before, and no role may delete either,
    so that a foreign key would cost a fifth of a load and could never fire.
    """

    category = models.TextField()
    outcome = models.TextField()
    occurred_from = models.DateTimeField()
    occurred_until = models.DateTimeField()
    precision = models.TextField(choices=[(p.value, p.value) for p in Precision])
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    details = models.JSONField()
    content = models.UUIDField()
    load_file = models.ForeignKey(
        LoadFile, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    line = models.IntegerField()
    recorded_at = models.DateTimeField()
    recorded_by = models.TextField(db_default="")

    class Meta:
        abstract = True


class Event(Told):
    """The current state of an event. `reference` is the source's own, or made from the content.

    `area` is the force in whose area it lies, where known; it may differ from the owner.
    `map_cell` numbers a square of the overview map. `version` is the version that is current.
    """

    id = models.UUIDField(primary_key=True)
    source = models.TextField()
    reference = models.TextField()
    version = models.IntegerField()
    area = models.ForeignKey(
        "organisations.Organisation",
        models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,  # copied from the place, which holds the constraint
        db_index=False,
    )
    map_cell = models.IntegerField(null=True)
    in_conflict = models.BooleanField(default=False)

    class Meta:
        db_table = "records_event"
        constraints = (
            models.UniqueConstraint(
                fields=("owner", "source", "reference"), name="records_event_once"
            ),
            models.CheckConstraint(
                condition=models.Q(occurred_until__gte=models.F("occurred_from")),
                name="records_event_interval",
            ),
        )
        indexes = (
            models.Index(fields=("-occurred_from", "id"), name="records_event_newest"),
            models.Index(
                fields=("category", "-occurred_from", "id"), name="records_event_category"
            ),
            models.Index(fields=("place", "-occurred_from"), name="records_event_place"),
            models.Index(
                fields=("area", "-occurred_from", "id"),
                name="records_event_elsewhere",
                condition=LIES_ELSEWHERE,
            ),
            models.Index(
                fields=("-occurred_from",),
                name="records_event_flagged",
                condition=models.Q(in_conflict=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.category} {self.reference}"


class EventVersion(Told):
    """Every state an event has had, with the file and line that told it. Append-only."""

    pk = models.CompositePrimaryKey("owner_id", "event_id", "version")
    event = models.ForeignKey(
        Event, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    version = models.IntegerField()

    class Meta:
        db_table = "records_event_version"

    def __str__(self) -> str:
        return f"{self.event_id} version {self.version}"


class EventConflict(Told):
    """What a file says differently of an event in a second row of the same reference. Kept."""

    id = models.BigAutoField(primary_key=True)
    event = models.ForeignKey(Event, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        db_table = "records_event_conflict"
        constraints = (
            models.UniqueConstraint(
                fields=("owner", "event", "content"), name="records_event_conflict_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.event_id} in conflict"
