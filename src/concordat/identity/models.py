"""The tables of identity: features, the keys they are found by, judgements, models, runs."""

from django.db import models
from django.db.models import F, Func

from concordat.access.rules import RecordKind
from concordat.identity.rules.judgements import Verdict


class Owned(models.Model):
    """A row that one force or service owns. `compartment` is what the row policies compare."""

    owner = models.ForeignKey(
        "organisations.Organisation",
        models.PROTECT,
        related_name="+",
        db_constraint=False,  # the row policy admits only the actor's own, which exists
        db_index=False,
    )
    kind = models.SmallIntegerField(choices=[(k.value, k.label) for k in RecordKind])
    compartment = models.GeneratedField(
        expression=Func(F("owner"), F("kind"), function="concordat.compartment"),
        output_field=models.IntegerField(),
        db_persist=True,
    )

    class Meta:
        abstract = True


class Feature(Owned):
    """One facet of a record in standard form, as the engine compares it.

    A record with several names or addresses has several facets. `features` is empty for a facet
    that the record's current version no longer has. `id` comes from a sequence of its own.
    """

    pk = models.CompositePrimaryKey("owner_id", "id")
    id = models.BigIntegerField()
    record_id = models.UUIDField()
    facet = models.SmallIntegerField()
    version = models.IntegerField()
    features = models.JSONField()
    observed_at = models.DateTimeField()

    class Meta:
        db_table = "identity_feature"
        constraints = (
            models.UniqueConstraint(
                fields=("owner", "record_id", "facet"), name="identity_feature_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.record_id} facet {self.facet}"


class Key(Owned):
    """That a facet is found under a blocking key: two persons are compared if they share one.

    Keys of earlier versions stay; whoever looks up by them compares what is current, so that they
    find too much at worst, never wrongly.
    """

    pk = models.CompositePrimaryKey("owner_id", "key", "feature_id")
    key = models.BigIntegerField()
    feature_id = models.BigIntegerField()

    class Meta:
        db_table = "identity_key"

    def __str__(self) -> str:
        return f"{self.key} → {self.feature_id}"


class Judgement(Owned):
    """That two records are of one person, or not, or that it can't be told. Appended and retired.

    By a named person (`judged_by_id`), or by the machine (`model_version` and `bits`: the log2 odds
    that the two are one person). The owner is the judging body; of a machine's judgement it is the
    owner of the left record. The left record has the smaller id.
    """

    id = models.UUIDField(primary_key=True)
    left_id = models.UUIDField()
    right_id = models.UUIDField()
    left_compartment = models.IntegerField()
    right_compartment = models.IntegerField()
    verdict = models.TextField(choices=[(v.value, v.label) for v in Verdict])
    bits = models.FloatField(null=True)
    model_version = models.TextField(default="")
    judged_at = models.DateTimeField()
    judged_by_id = models.UUIDField(null=True)
    judged_by = models.TextField()
    reason = models.TextField(default="")
    retired_at = models.DateTimeField(null=True)
    retired_by = models.TextField(default="")
    retired_because = models.TextField(default="")

    class Meta:
        db_table = "identity_judgement"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(left_id__lt=models.F("right_id")),
                name="identity_judgement_left_first",
            ),
            models.CheckConstraint(
                condition=models.Q(verdict__in=[v.value for v in Verdict]),
                name="identity_judgement_verdict_known",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(judged_by_id=None, bits__isnull=False) & ~models.Q(model_version="")
                )
                | models.Q(judged_by_id__isnull=False, bits=None, model_version=""),
                name="identity_judgement_by_one",
            ),
            models.CheckConstraint(
                condition=models.Q(retired_at=None, retired_by="", retired_because="")
                | (models.Q(retired_at__isnull=False) & ~models.Q(retired_by="")),
                name="identity_judgement_retired_whole",
            ),
            models.UniqueConstraint(
                fields=("owner", "left_id", "right_id"),
                condition=models.Q(retired_at=None, judged_by_id=None),
                name="identity_judgement_one_machine",
            ),
            models.UniqueConstraint(
                fields=("owner", "judged_by_id", "left_id", "right_id"),
                condition=models.Q(retired_at=None, judged_by_id__isnull=False),
                name="identity_judgement_one_each",
            ),
        )
        indexes = (
            models.Index(fields=("left_id", "right_id"), name="identity_judgement_left"),
            models.Index(fields=("right_id",), name="identity_judgement_right"),
            models.Index(
                fields=("-bits", "left_id", "right_id"),
                condition=models.Q(
                    retired_at=None, judged_by_id=None, verdict=Verdict.UNSURE.value
                ),
                name="identity_judgement_queue",
            ),
        )

    def __str__(self) -> str:
        return f"{self.left_id} {self.verdict} {self.right_id}"


class ClusterMember(models.Model):
    """Which cluster of the whole register a record is in. Read by the resolver alone.

    Derived, and kept only so that the next derivation has something to be held against; nobody's
    page reads it, because a cluster of the whole register tells of records one may not read.
    `label` is the smallest id in the cluster; `version` the version that was resolved.
    """

    record_id = models.UUIDField(primary_key=True)
    version = models.IntegerField()
    label = models.UUIDField(db_index=True)

    class Meta:
        db_table = "identity_cluster"

    def __str__(self) -> str:
        return f"{self.record_id} in {self.label}"


class StoredModel(models.Model):
    """A model of the engine: its weights, and the version that judgements name."""

    id = models.UUIDField(primary_key=True)
    version = models.TextField(unique=True)
    body = models.JSONField()
    stored_at = models.DateTimeField()
    stored_by = models.TextField()
    in_use = models.BooleanField(default=False)

    class Meta:
        db_table = "identity_model"
        constraints = (
            models.UniqueConstraint(
                fields=("in_use",),
                condition=models.Q(in_use=True),
                name="identity_model_one_in_use",
            ),
        )

    def __str__(self) -> str:
        return self.version


class Run(models.Model):
    """One resolution of the whole register, as far as everybody may know: its stage and share.

    `share` is between 0 and 1 and of the stage. What it counted is in `RunFacts`.
    """

    id = models.UUIDField(primary_key=True)
    model_version = models.TextField()
    started_at = models.DateTimeField()
    last_progress_at = models.DateTimeField()
    stage = models.TextField()
    share = models.FloatField(default=0)
    finished_at = models.DateTimeField(null=True)
    problem = models.TextField(default="")

    class Meta:
        db_table = "identity_run"

    def __str__(self) -> str:
        return f"{self.started_at} {self.stage}"


class RunFacts(models.Model):
    """What a run counted over all forces: for the service alone."""

    run = models.OneToOneField(Run, models.PROTECT, primary_key=True, related_name="+")
    facts = models.JSONField()

    class Meta:
        db_table = "identity_run_facts"

    def __str__(self) -> str:
        return str(self.run_id)
