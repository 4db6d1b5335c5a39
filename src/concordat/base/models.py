"""The key that signs actors. No role but the owner of the schema can read it."""

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
