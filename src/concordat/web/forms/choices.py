"""What may be chosen in a form, where that is known only when a page is made."""

from collections.abc import Iterable
from typing import Any

from django import forms


def offer(form: forms.Form, name: str, choices: Iterable[Any]) -> forms.ChoiceField:
    """Let `choices` be what the field `name` of a form offers; return the field.

    Choices are pairs of a value and its text, or of a heading and such pairs. Raises TypeError for
    a field in which nothing is chosen.
    """
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"Nothing is chosen in “{name}”.")
    field.choices = list(choices)
    return field
