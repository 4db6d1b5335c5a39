"""Tables of what is done with an agreement: signatures, steps, and what is published of it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from concordat.agreements.models.agreement import Agreement
from concordat.agreements.rules import Decision, Step


class Signatory(models.Model):
    """That a body must sign a version, and how it has decided.

    `digest` is of the terms that were signed. An approval under conditions counts once the
    signatory itself says that they are met.
    """

    id = models.BigAutoField(primary_key=True)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="signatory_rows")
    round = models.IntegerField()
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    capacities = ArrayField(models.TextField())
    asked_at = models.DateTimeField()
    decision = models.TextField(
        choices=[(d.value, d.label) for d in Decision], default=Decision.WAITING.value
    )
    reasons = models.TextField(blank=True, default="")
    conditions = models.TextField(blank=True, default="")
    digest = models.TextField(blank=True, default="")
    person_id = models.UUIDField(null=True)
    person_name = models.TextField(blank=True, default="")
    on_paper = models.BooleanField(default=False)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "agreements_signatory"
        constraints = (
            models.UniqueConstraint(
                fields=("agreement", "round", "organisation"), name="agreements_signs_once"
            ),
            models.CheckConstraint(
                condition=Q(decision=Decision.WAITING.value, decided_at=None)
                | (~Q(decision=Decision.WAITING.value) & Q(decided_at__isnull=False)),
                name="agreements_decision_has_its_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.agreement_id}: {self.organisation_id} {self.decision}"


class LifeStep(models.Model):
    """One step in the life of a version, in order; never changed afterwards."""

    id = models.BigAutoField(primary_key=True)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="step_rows")
    step = models.TextField(choices=[(s.value, s.label) for s in Step])
    before = models.TextField()
    after = models.TextField()
    at = models.DateTimeField()
    organisation_id = models.IntegerField()
    """For which body, 0 for the service."""
    by_name = models.TextField()
    because = models.TextField(blank=True, default="")
    details = models.JSONField(default=dict)

    class Meta:
        db_table = "agreements_step"
        indexes = (models.Index(fields=("agreement", "id"), name="agreements_step_order"),)

    def __str__(self) -> str:
        return f"{self.agreement_id}: {self.step}"


class Notice(models.Model):
    """The public decision notice of one signatory: what anybody may read of an agreement.

    It holds published words only. What was left out, and why, is in `Redaction`.
    Source: Police Act 1996, section 23E.
    """

    id = models.UUIDField(primary_key=True)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="notice_rows")
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    reference = models.TextField()
    version = models.IntegerField()
    title = models.TextField()
    text = models.TextField()
    outline_only = models.BooleanField(default=False)
    published_at = models.DateTimeField()
    published_by = models.TextField()

    class Meta:
        db_table = "agreements_notice"

    def __str__(self) -> str:
        return self.title


class Redaction(models.Model):
    """A part of the terms that a notice leaves out, and why. Read by the parties alone."""

    id = models.BigAutoField(primary_key=True)
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="redaction_rows")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+")
    part = models.TextField()
    because = models.TextField()

    class Meta:
        db_table = "agreements_redaction"
        constraints = (
            models.UniqueConstraint(fields=("notice", "part"), name="agreements_redacted_once"),
        )

    def __str__(self) -> str:
        return f"{self.notice_id}: {self.part}"
