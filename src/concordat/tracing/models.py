"""The tables of tracing: who watches what, by which keys it is noticed, and what they were told."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func

from concordat.access.rules import Level, RecordKind


class Owned(models.Model):
    """A row of one force: the watcher's. No row is read by anybody but the watcher."""

    owner = models.ForeignKey(
        "organisations.Organisation",
        models.PROTECT,
        related_name="+",
        db_constraint=False,  # the row policy admits only the actor's own, which exists
        db_index=False,
    )
    kind = models.SmallIntegerField(
        choices=[(k.value, k.label) for k in RecordKind], default=RecordKind.WATCH.value
    )
    compartment = models.GeneratedField(
        expression=Func(F("owner"), F("kind"), function="concordat.compartment"),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    watcher_id = models.UUIDField()

    class Meta:
        abstract = True


class Watch(Owned):
    """That somebody wants to be told when a record is touched, until and including a day.

    It is evaluated with the rights that the watcher has at that moment, for `purpose`. `members`
    are the records known to be of the watched person, so that a link made later is noticed as new.
    """

    id = models.UUIDField(primary_key=True)
    watcher = models.TextField()
    record_kind = models.SmallIntegerField(choices=[(k.value, k.label) for k in RecordKind])
    record_id = models.UUIDField()
    record_owner_id = models.IntegerField()
    purpose = models.TextField()
    reason = models.TextField()
    since = models.DateTimeField()
    until = models.DateField()
    ended_at = models.DateTimeField(null=True)
    members = ArrayField(models.UUIDField(), default=list)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)

    class Meta:
        db_table = "tracing_watch"
        constraints = (
            models.UniqueConstraint(
                fields=("owner", "watcher_id", "record_id"),
                condition=models.Q(ended_at=None),
                name="tracing_watch_one_each",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="tracing_watch_reason"),
            models.CheckConstraint(
                condition=models.Q(latitude=None, longitude=None)
                | models.Q(latitude__isnull=False, longitude__isnull=False),
                name="tracing_watch_whole_point",
            ),
        )

    def __str__(self) -> str:
        return f"{self.watcher} watches {self.record_id}"


class WatchKey(Owned):
    """That what has this key touches a watch: whoever logs something looks up by its keys alone.

    So the cost of an event doesn't grow with the watches that have nothing to do with it.
    """

    pk = models.CompositePrimaryKey("owner_id", "key", "watch_id")
    key = models.TextField(db_collation="C")
    watch = models.ForeignKey(
        Watch, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    live = models.BooleanField(default=True)

    class Meta:
        db_table = "tracing_watch_key"
        indexes = (
            models.Index(
                fields=("key",), condition=models.Q(live=True), name="tracing_watch_key_live"
            ),
            models.Index(fields=("watch",), name="tracing_watch_key_watch"),
        )

    def __str__(self) -> str:
        return self.key


class Alert(Owned):
    """That a watch was touched: at most one for a watch and an occasion, whatever happens.

    `occasion` is made of the watch and of what was logged, and gives away neither. Of a pointer
    nothing is kept but who logged, and the clause by which one may know. What is told of an event
    isn't kept here either, but read when it is shown, with the rights of that moment.
    """

    id = models.UUIDField(primary_key=True)
    watch = models.ForeignKey(Watch, models.PROTECT, related_name="+", db_index=False)
    occasion = models.UUIDField()
    level = models.TextField(choices=[(v.value, v.label) for v in Level])
    logged_by_id = models.IntegerField()
    about_kind = models.SmallIntegerField(null=True)
    about_id = models.UUIDField(null=True)
    agreement_id = models.UUIDField(null=True)
    clause = models.IntegerField(null=True)
    raised_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "tracing_alert"
        constraints = (
            models.UniqueConstraint(
                fields=("owner", "watch", "occasion"), name="tracing_alert_once"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    level=Level.FULL.value,
                    about_kind__isnull=False,
                    about_id__isnull=False,
                    agreement_id=None,
                    clause=None,
                )
                | models.Q(level=Level.POINTER.value, about_kind=None, about_id=None),
                name="tracing_alert_pointer_tells_nothing",
            ),
        )
        indexes = (
            models.Index(fields=("watcher_id", "-raised_at"), name="tracing_alert_newest"),
            models.Index(
                fields=("watcher_id",),
                condition=models.Q(read_at=None),
                name="tracing_alert_unread",
            ),
        )

    def __str__(self) -> str:
        return f"{self.level} alert of {self.watch_id}"
