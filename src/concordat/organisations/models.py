"""Tables of organisations, areas and people.

Organisations and areas are public facts; they carry no row policy. Nothing here is deleted: bodies
and districts end on a date and name their successor.
"""

from django.db import models

from concordat.base.actor import PERSONAL_ROLES
from concordat.organisations.rules import Measure, OrganisationKind


class Organisation(models.Model):
    """A force, a fire and rescue service or a policing body, from one date until another.

    `id` is the small stable number that owns records. `valid_until` is the first day on which the
    body no longer exists; `successor` then has its rights and duties.
    """

    id = models.IntegerField(primary_key=True)
    code = models.TextField(unique=True)
    kind = models.TextField(choices=[(k.value, k.label) for k in OrganisationKind])
    name = models.TextField()
    short_name = models.TextField()
    pnc_code = models.TextField(blank=True)
    ons_code = models.TextField(blank=True)
    police_uk_id = models.TextField(blank=True)
    region = models.TextField(blank=True)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, related_name="predecessors")
    serves: "models.ManyToManyField[Organisation, models.Model]" = models.ManyToManyField(
        "self", symmetrical=False, related_name="served_by", db_table="organisations_serves"
    )

    class Meta:
        db_table = "organisations_organisation"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(valid_until__gt=models.F("valid_from"))
                | models.Q(valid_until=None)
                | models.Q(valid_from=None),
                name="organisations_ends_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(successor=None) | models.Q(valid_until__isnull=False),
                name="organisations_successor_has_end",
            ),
            models.UniqueConstraint(
                fields=("pnc_code",),
                condition=~models.Q(pnc_code=""),
                name="organisations_pnc_code",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Figure(models.Model):
    """A published figure of an organisation at a date, such as its population at mid-2011."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="figures")
    measure = models.TextField(choices=[(m.value, m.label) for m in Measure])
    as_at = models.DateField()
    value = models.DecimalField(max_digits=18, decimal_places=2)
    unit = models.TextField()
    source = models.TextField()

    class Meta:
        db_table = "organisations_figure"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation", "measure", "as_at"), name="organisations_one_figure"
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation} {self.measure} {self.as_at}"


class District(models.Model):
    """A local authority district and the force whose area it lies in, under one spelling."""

    id = models.BigAutoField(primary_key=True)
    ons_code = models.TextField()
    name = models.TextField()
    force = models.ForeignKey(Organisation, models.PROTECT, related_name="districts")
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)

    class Meta:
        db_table = "organisations_district"
        constraints = (
            models.UniqueConstraint(fields=("name", "ons_code"), name="organisations_one_district"),
        )

    def __str__(self) -> str:
        return self.name


class Lsoa(models.Model):
    """A lower layer super output area and its force, where the full ONS list was loaded."""

    code = models.TextField(primary_key=True)
    name = models.TextField()
    force = models.ForeignKey(Organisation, models.PROTECT, related_name="+")

    class Meta:
        db_table = "organisations_lsoa"

    def __str__(self) -> str:
        return self.code


class PostcodePoint(models.Model):
    """Where a postcode, or the middle of a postcode sector such as CO1 1, lies (WGS 84 degrees)."""

    code = models.TextField(primary_key=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    force = models.ForeignKey(Organisation, models.PROTECT, related_name="+")

    class Meta:
        db_table = "organisations_postcode_point"

    def __str__(self) -> str:
        return self.code


class Person(models.Model):
    """A member of staff who signs in. The collar number is unique only inside a force."""

    id = models.UUIDField(primary_key=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="staff")
    collar_number = models.TextField()
    username = models.TextField(unique=True)
    name = models.TextField()
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "organisations_person"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation", "collar_number"), name="organisations_one_collar_number"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Credential(models.Model):
    """What a person signs in with. Only the service itself, when it signs somebody in, sees it."""

    person = models.OneToOneField(
        Person, models.PROTECT, primary_key=True, related_name="credential"
    )
    password = models.TextField()
    failed_sign_ins = models.SmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    last_sign_in = models.DateTimeField(null=True)

    class Meta:
        db_table = "organisations_credential"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(failed_sign_ins__gte=0),
                name="organisations_failures_not_negative",
            ),
        )

    def __str__(self) -> str:
        return f"credential of {self.person_id}"


class PersonRole(models.Model):
    """That a person holds a role, since when, and until when if it was taken back."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="role_rows")
    role = models.TextField(choices=[(r.value, r.label) for r in PERSONAL_ROLES])
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "organisations_person_role"
        constraints = (
            models.UniqueConstraint(
                fields=("person", "role"),
                condition=models.Q(until=None),
                name="organisations_role_held_once",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=[r.value for r in PERSONAL_ROLES]),
                name="organisations_role_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}: {self.role}"
