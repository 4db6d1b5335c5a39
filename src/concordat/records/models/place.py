"""Places: a point, the area it lies in, and the words by which it is found."""

from django.db import models

from concordat.records.models.owned import Owned


class Place(Owned):
    """Where something happened, as its owner recorded it.

    `fingerprint` is made of all that the source says of the place; the same place of the same
    owner is one row. `area` is the force in whose area it lies, if known. `cell` numbers a square
    of about one kilometre (`concordat.records.rules.grid`). Coordinates are WGS 84 degrees.
    """

    id = models.UUIDField(primary_key=True)
    fingerprint = models.UUIDField()
    location = models.TextField()
    lsoa_code = models.TextField()
    lsoa_name = models.TextField()
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    cell = models.IntegerField(null=True)
    area = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, null=True, related_name="+", db_index=False
    )
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "records_place"
        constraints = (
            models.UniqueConstraint(fields=("owner", "fingerprint"), name="records_place_once"),
            models.CheckConstraint(
                condition=models.Q(latitude=None, longitude=None, cell=None)
                | models.Q(latitude__isnull=False, longitude__isnull=False, cell__isnull=False),
                name="records_place_whole_point",
            ),
        )
        indexes = (
            models.Index(fields=("cell",), name="records_place_cell"),
            models.Index(fields=("lsoa_code",), name="records_place_lsoa"),
        )

    def __str__(self) -> str:
        return self.location


class PlaceTerm(Owned):
    """One word by which a place is found. A b-tree serves: row security defeats text indexes."""

    pk = models.CompositePrimaryKey("owner_id", "place_id", "term")
    term = models.TextField(db_collation="C")  # so that the beginning of a word is a range of it
    place = models.ForeignKey(
        Place, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )

    class Meta:
        db_table = "records_place_term"
        indexes = (models.Index(fields=("term", "place"), name="records_place_term_place"),)

    def __str__(self) -> str:
        return self.term
