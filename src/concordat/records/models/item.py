"""Things: vehicles, weapons, phones and so on, the keys they are found by, who has had them."""

from django.db import models

from concordat.records.models.owned import Owned


class ToldOfItem(Owned):
    """What is told of a thing: `content` holds texts by their code in the catalogue."""

    label = models.TextField()
    content = models.JSONField()
    recorded_at = models.DateTimeField()
    recorded_by = models.TextField()

    class Meta:
        abstract = True


class Item(ToldOfItem):
    """The current state of one force's record of a thing. `version` is the one that is current."""

    id = models.UUIDField(primary_key=True)
    version = models.IntegerField()

    class Meta:
        db_table = "records_item"

    def __str__(self) -> str:
        return self.label


class ItemVersion(ToldOfItem):
    """Every state a thing's record has had. Append-only."""

    pk = models.CompositePrimaryKey("owner_id", "item_id", "version")
    item = models.ForeignKey(
        Item, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    version = models.IntegerField()

    class Meta:
        db_table = "records_item_version"

    def __str__(self) -> str:
        return f"{self.item_id} version {self.version}"


class ItemKey(Owned):
    """By what a thing is found: "mark:AB12CDE", "like:A812CDE", "imei:…" (`rules.item_keys`).

    Keys of earlier versions stay; whoever looks up by them compares what is current. A b-tree
    serves: row security defeats text indexes.
    """

    pk = models.CompositePrimaryKey("owner_id", "key", "item_id")
    key = models.TextField(db_collation="C")  # so that the beginning of a key is a range of it
    item = models.ForeignKey(
        Item, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )

    class Meta:
        db_table = "records_item_key"

    def __str__(self) -> str:
        return self.key


class Continuity(Owned):
    """One step of a thing's chain of custody: who had it from whom, where, under which seal.

    Append-only; `number` counts the steps of a thing from 1. Of the thing's own kind.
    """

    pk = models.CompositePrimaryKey("owner_id", "item_id", "number")
    item = models.ForeignKey(
        Item, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    number = models.IntegerField()
    at = models.DateTimeField()
    from_whom = models.TextField()
    to_whom = models.TextField()
    where = models.TextField()
    seal = models.TextField()
    note = models.TextField()
    recorded_by = models.TextField()

    class Meta:
        db_table = "records_continuity"

    def __str__(self) -> str:
        return f"{self.item_id} step {self.number}"
