"""The table of what was charged under an agreement's costs schedule."""

from django.db import models

from concordat.agreements.models.agreement import Agreement


class Statement(models.Model):
    """One statement of a year's shares, or of its true-up, as it was issued; never changed.

    `document` is the whole calculation. `total` is in pence. `year` is the calendar year in which
    the financial year begins.
    """

    id = models.UUIDField(primary_key=True)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="statement_rows")
    number = models.IntegerField()
    line = models.SmallIntegerField()
    year = models.IntegerField()
    kind = models.TextField()
    total = models.BigIntegerField()
    document = models.JSONField()
    issued_at = models.DateTimeField()
    issued_by = models.TextField()
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")

    class Meta:
        db_table = "agreements_statement"
        constraints = (
            models.UniqueConstraint(
                fields=("agreement", "number"), name="agreements_statement_number"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["budget", "true_up"]),
                name="agreements_statement_kind",
            ),
        )

    def __str__(self) -> str:
        return f"{self.agreement_id}: statement {self.number}"
