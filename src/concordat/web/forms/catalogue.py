"""The fields of the catalogue as form fields: for logging, and for editing what was logged."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms.utils import ErrorDict

from concordat.records.rules.catalogue import Choice, Field
from concordat.records.rules.catalogue import choices as choices_of
from concordat.web.formatting import shown

_WIDTHS = {"date": "govuk-input--width-10", "time": "govuk-input--width-5",
           "number": "govuk-input--width-5"}  # fmt: skip


class CatalogueForm(forms.Form):
    """Fields with what they say. Nothing is refused here: whatever is typed is kept.

    `values` and `fields` go by the fields’ names, which are also their ids; `notices` say what
    doesn’t look right in a value that is kept nevertheless. `focus` is the name of the field that
    the keyboard is put into, "" for none.
    """

    def __init__(
        self,
        values: Mapping[str, str],
        fields: Mapping[str, forms.Field],
        notices: Mapping[str, str],
    ) -> None:
        data: dict[str, object] = {
            name: values.get(name, "").split()
            if isinstance(field, forms.MultipleChoiceField)
            else shown(values.get(name, ""))
            for name, field in fields.items()
        }
        super().__init__(data, auto_id="%s")
        self.fields.update(fields)
        self.notices = notices
        self.focus = ""

    def full_clean(self) -> None:
        """Take every value as it is, and show the notices where mistakes would stand."""
        self._errors = ErrorDict()
        for name, text in self.notices.items():
            if name in self.fields:
                self._errors[name] = self.error_class([text])


def control(field: Field, value: str) -> forms.Field:
    """Return the form field for a field of the catalogue.

    A value that is none of the choices, such as one of an older list, stays and can be chosen.
    """
    words: dict[str, Any] = {"label": field.label, "help_text": field.hint, "required": False}
    if field.input in ("choice", "yes_no"):
        return forms.ChoiceField(**words, choices=_options(field, value))
    attributes = {"autocomplete": "off"}
    if field.input == "long":
        return forms.CharField(**words, widget=forms.Textarea(attrs={**attributes, "rows": 3}))
    if field.input in _WIDTHS:
        attributes["class"] = _WIDTHS[field.input]
    if field.input == "number":
        attributes["inputmode"] = "numeric"
    return forms.CharField(
        **words, widget=forms.TextInput(attrs={**attributes, "spellcheck": "false"})
    )


def _options(field: Field, value: str) -> list[tuple[str, str]]:
    found: Iterable[Choice] = choices_of(field.choices) if field.choices else ()
    known = [(one.code, one.label) for one in found]
    if field.input == "yes_no" and not known:
        known = [("yes", "Yes"), ("no", "No")]
    if value and value not in dict(known):
        known.append((value, value))
    return [("", "Not said"), *known]
