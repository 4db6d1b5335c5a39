"""What every force-owned table has."""

from django.db import models
from django.db.models import F, Func

from concordat.access.rules import RecordKind


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
