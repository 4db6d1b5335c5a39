"""Tables of agreements, their parties and their sharing clauses."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from concordat.access.rules import Level, RecordKind
from concordat.agreements.rules import AgreementKind, State


class Agreement(models.Model):
    """An agreement between bodies that stay independent. `ends_on` is the first day without it."""

    id = models.UUIDField(primary_key=True)
    reference = models.TextField(unique=True)
    version = models.IntegerField(default=1)
    title = models.TextField()
    kind = models.TextField(choices=[(k.value, k.label) for k in AgreementKind])
    purpose = models.TextField()
    functions = ArrayField(models.TextField())
    state = models.TextField(choices=[(s.value, s.value) for s in State])
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "agreements_agreement"
        constraints = (
            models.CheckConstraint(
                condition=Q(state=State.DRAFT.value, starts_on=None, ends_on=None)
                | Q(state=State.APPROVED.value, starts_on__isnull=False)
                | Q(state=State.ENDED.value, starts_on__isnull=False, ends_on__isnull=False),
                name="agreements_state_has_dates",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="agreements_ends_after_start",
            ),
        )

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"


class Party(models.Model):
    """That a body is party to an agreement."""

    id = models.BigAutoField(primary_key=True)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="party_rows")
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")

    class Meta:
        db_table = "agreements_party"
        constraints = (
            models.UniqueConstraint(
                fields=("agreement", "organisation"), name="agreements_party_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.agreement_id}: {self.organisation_id}"


class SharingClause(models.Model):
    """One clause of an agreement's sharing schedule."""

    id = models.BigAutoField(primary_key=True)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="sharing_rows")
    number = models.SmallIntegerField()
    kind = models.SmallIntegerField(choices=[(k.value, k.label) for k in RecordKind])
    level = models.TextField(choices=[(v.value, v.label) for v in Level])
    roles = ArrayField(models.TextField())
    purposes = ArrayField(models.TextField())
    lawful_basis = models.TextField()
    assessment = models.TextField()
    contact = models.TextField()

    class Meta:
        db_table = "agreements_sharing_clause"
        constraints = (
            models.UniqueConstraint(
                fields=("agreement", "number"), name="agreements_clause_number_once"
            ),
            models.UniqueConstraint(
                fields=("agreement", "kind"), name="agreements_kind_shared_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.agreement_id} clause {self.number}"
