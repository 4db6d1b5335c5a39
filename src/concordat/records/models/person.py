"""People: what a force recorded of them, every version of it, and warnings about them."""

from django.db import models

from concordat.records.models.load import LoadFile
from concordat.records.models.owned import Owned


class ToldOfPerson(Owned):
    """What one source row, or somebody who logged it, tells of a person.

    It is as `concordat.records.rules.persons` reads it. What was logged has no file.

    Texts are as recorded; coded fields hold the standard code where the source's value has one.
    `date_of_birth_form` is "1987-05-03", or "1987-05-00" and "1987-00-00" where the source knows
    no more, and empty where what is recorded can't be a date of birth. The lists hold objects with
    the field names of their rules' classes; the search doesn't go through them but through
    `identity`'s keys. `notices` says which fields were kept although something is wrong with them.
    `missing` is the sum of the POLE minimum's parts that are missing (`rules.persons.Missing`).
    `content` is the fingerprint of all that is told. The person and the file are stored by the
    statements just before, and nobody may delete either, so a foreign key could never fire.
    """

    names = models.JSONField()
    date_of_birth = models.TextField()
    date_of_birth_form = models.TextField()
    sex = models.TextField()
    gender = models.TextField()
    ethnicity_self_defined = models.TextField()
    ethnicity_observed = models.TextField()
    nationality = models.TextField()
    birth_place = models.TextField()
    occupation = models.TextField()
    identifiers = models.JSONField()
    addresses = models.JSONField()
    phones = models.JSONField()
    emails = models.JSONField()
    description = models.JSONField()
    notices = models.JSONField()
    missing = models.SmallIntegerField()
    content = models.UUIDField()
    load_file = models.ForeignKey(
        LoadFile, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    line = models.IntegerField()
    recorded_at = models.DateTimeField()
    recorded_by = models.TextField(db_default="")

    class Meta:
        abstract = True


class Person(ToldOfPerson):
    """The current state of one force's record of a person (a nominal).

    `source` names the system it comes from, `reference` is that system's own, or made from the
    content. `version` is the version that is current.
    """

    id = models.UUIDField(primary_key=True)
    source = models.TextField()
    reference = models.TextField()
    version = models.IntegerField()
    in_conflict = models.BooleanField(default=False)

    class Meta:
        db_table = "records_person"
        constraints = (
            models.UniqueConstraint(
                fields=("owner", "source", "reference"), name="records_person_once"
            ),
        )
        indexes = (
            models.Index(
                fields=("owner", "missing"),
                include=("compartment",),
                name="records_person_missing",
            ),
            models.Index(
                fields=("owner",),
                name="records_person_flagged",
                condition=models.Q(in_conflict=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.source} {self.reference}"


class PersonVersion(ToldOfPerson):
    """Every state a person record has had, with the file and line that told it. Append-only."""

    pk = models.CompositePrimaryKey("owner_id", "person_id", "version")
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    version = models.IntegerField()

    class Meta:
        db_table = "records_person_version"

    def __str__(self) -> str:
        return f"{self.person_id} version {self.version}"


class PersonConflict(ToldOfPerson):
    """What a file says differently of a person in a second row of the same reference. Kept."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        db_table = "records_person_conflict"
        constraints = (
            models.UniqueConstraint(
                fields=("owner", "person", "content"), name="records_person_conflict_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} in conflict"


class WarningMarker(Owned):
    """One state of a warning about a person. Append-only: the highest version is current.

    `code` is the owner's own, mostly a PNC warning signal. `since` and `review_date` are days as
    told, if they were. `ended_on` is the day from which the owner's records no longer give it.
    What a person added or ended has no file, but `recorded_by`.
    """

    pk = models.CompositePrimaryKey("owner_id", "person_id", "code", "version")
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    code = models.TextField()
    version = models.IntegerField()
    text = models.TextField()
    evidence = models.TextField()
    since = models.DateField(null=True)
    review_date = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    load_file = models.ForeignKey(
        LoadFile, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    line = models.IntegerField()
    recorded_at = models.DateTimeField()
    recorded_by = models.TextField(db_default="")

    class Meta:
        db_table = "records_warning_marker"

    def __str__(self) -> str:
        return f"{self.code} of {self.person_id}"
