"""The key that signs actors, which only the schema’s owner reads; and the outbox."""

from django.db import models


class SigningKey(models.Model):
    """HMAC's two padded keys, read only inside the function that verifies a token."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    inner_pad = models.BinaryField()
    outer_pad = models.BinaryField()

    class Meta:
        db_table = "base_signing_key"
        constraints = (
            models.CheckConstraint(condition=models.Q(id=1), name="base_one_signing_key"),
        )

    def __str__(self) -> str:
        return "signing key"


class Fact(models.Model):
    """Something that happened, for other packages to act on. See `concordat.base.outbox`.

    `subject` names what it is about: facts of one subject are delivered in order. `attempts` and
    `problem` tell of deliveries that failed.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.TextField()
    subject = models.TextField()
    body = models.JSONField()
    created_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    problem = models.TextField(default="")

    class Meta:
        db_table = "base_fact"
        indexes = (
            models.Index(
                fields=("id",),
                name="base_fact_undelivered",
                condition=models.Q(delivered_at=None),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
