"""Naming a record whose readers are asked for."""

import re
from typing import Any
from uuid import UUID

from django import forms

_NUMBER = re.compile(r"[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", re.IGNORECASE)


class RecordField(forms.CharField):
    """A record's number, or any address that holds it; its value is the number."""

    def clean(self, value: Any) -> Any:  # noqa: ANN401 -- what Django's fields take and give
        """Return the number found in what was typed."""
        match = _NUMBER.search(super().clean(value))
        if match is None:
            raise forms.ValidationError(
                "Paste the address of the record’s page, or the long number at its end."
            )
        return UUID(match[0])


class RecordForm(forms.Form):
    """Which record."""

    record = RecordField(
        label="Who looked at one record",
        help_text="Paste the address of the record’s page, or the long number at its end.",
        max_length=500,
        error_messages={"required": "Paste the address of a record’s page."},
    )
