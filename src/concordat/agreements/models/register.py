"""Tables of the historic register: the words of its sources. Nothing here grants anything."""

from django.db import models


class RegisterRow(models.Model):
    """One row of a register's file, in its own words; its history is read from all of them."""

    id = models.UUIDField(primary_key=True)
    source_file = models.TextField()
    row_id = models.TextField()
    line = models.IntegerField()
    function = models.TextField()
    parties = models.TextField()
    lead = models.TextField(blank=True)
    event = models.TextField(blank=True)
    date = models.TextField(blank=True)
    precision = models.TextField(blank=True)
    note = models.TextField(blank=True)
    source_url = models.TextField(blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "agreements_register_row"
        constraints = (
            models.UniqueConstraint(
                fields=("source_file", "row_id"), name="agreements_register_row_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.row_id}: {self.function}"


class RegisterProblem(models.Model):
    """A row of a register's file that could not be understood, kept with its reason."""

    id = models.BigAutoField(primary_key=True)
    source_file = models.TextField()
    line = models.IntegerField()
    row_id = models.TextField(blank=True)
    text = models.TextField()
    reason = models.TextField()
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    """When an import of the file no longer had it."""

    class Meta:
        db_table = "agreements_register_problem"
        constraints = (
            models.UniqueConstraint(
                fields=("source_file", "line"),
                condition=models.Q(settled_at=None),
                name="agreements_register_problem_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.source_file}:{self.line}"
