"""Tables of versions of agreements, their parties and their sharing clauses."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from concordat.access.rules import Level, RecordKind
from concordat.agreements.rules import AgreementKind, State


class Agreement(models.Model):
    """One version of an agreement between bodies that stay independent.

    `terms` is the whole text as JSON (`rules.as_document`). It changes while the version is a
    draft, by `revision`, and never again once it is proposed; `digest` is what is signed then.
    `starts_on` and `ends_on` (the first day without it) are those that came to be.
    """

    id = models.UUIDField(primary_key=True)
    reference = models.TextField()
    version = models.IntegerField(default=1)
    title = models.TextField()
    kind = models.TextField(choices=[(k.value, k.label) for k in AgreementKind])
    purpose = models.TextField()
    functions = ArrayField(models.TextField())
    state = models.TextField(choices=[(s.value, s.label) for s in State])
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    created_at = models.DateTimeField()
    terms = models.JSONField(default=dict)
    revision = models.IntegerField(default=1)
    digest = models.TextField(blank=True, default="")
    party_ids = ArrayField(models.IntegerField(), default=list)
    round = models.IntegerField(default=0)
    """How often it was proposed: each time every signatory is asked anew."""
    proposed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "agreements_agreement"
        constraints = (
            models.UniqueConstraint(
                fields=("reference", "version"), name="agreements_version_once"
            ),
            models.UniqueConstraint(
                fields=("reference",),
                condition=Q(state__in=[State.DRAFT.value, State.PROPOSED.value]),
                name="agreements_one_open_draft",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[State.DRAFT.value, State.PROPOSED.value, State.DROPPED.value],
                    starts_on=None,
                    ends_on=None,
                )
                | Q(state=State.APPROVED.value, starts_on__isnull=False)
                | Q(
                    state__in=[State.NOTICE.value, State.VARIED.value, State.ENDED.value],
                    starts_on__isnull=False,
                    ends_on__isnull=False,
                ),
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
    left_on = models.DateField(null=True)
    """The first day on which it is a party no more, where it left before the end."""
    successor_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

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
    with_fire = models.BooleanField(default=False)

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
