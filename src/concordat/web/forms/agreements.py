"""Ending an agreement."""

from django import forms


class _DayField(forms.DateField):
    """A day in three boxes."""

    def __init__(self, *, label: str, help_text: str) -> None:
        super().__init__(
            label=label,
            help_text=help_text,
            widget=forms.SelectDateWidget(years=range(1960, 2100)),
            error_messages={
                "required": "Enter a day.",
                "invalid": "Enter a real day, such as 21 11 2026.",
            },
        )


class EndForm(forms.Form):
    """From which day an agreement is no more."""

    ends_on = _DayField(
        label="First day without it",
        help_text="It ends at the midnight that begins this day. With today it ends at once.",
    )
