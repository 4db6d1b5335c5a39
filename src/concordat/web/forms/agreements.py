"""Starting and ending an agreement."""

from datetime import date

from django import forms

from concordat.base.clock import today


class _DayField(forms.DateField):
    """A day in three boxes."""

    def __init__(self, *, label: str, help_text: str, required: bool = True) -> None:
        super().__init__(
            label=label,
            help_text=help_text,
            required=required,
            widget=forms.SelectDateWidget(years=range(1960, 2100)),
            error_messages={
                "required": "Enter a day.",
                "invalid": "Enter a real day, such as 21 11 2026.",
            },
        )


class StartForm(forms.Form):
    """From which day an agreement is to be in force, and until when if that is known."""

    starts_on = _DayField(
        label="First day in force", help_text="It begins at midnight, London time."
    )
    ends_on = _DayField(
        label="First day without it",
        help_text="Leave this empty if no end has been agreed.",
        required=False,
    )

    def clean_starts_on(self) -> date:
        """Refuse a day that is over: what was not open then cannot be opened afterwards."""
        day: date = self.cleaned_data["starts_on"]
        if day < today():
            raise forms.ValidationError("This day is over. Enter today or a later day.")
        return day


class EndForm(forms.Form):
    """From which day an agreement is no more."""

    ends_on = _DayField(
        label="First day without it",
        help_text="It ends at the midnight that begins this day. With today it ends at once.",
    )

    def clean_ends_on(self) -> date:
        """Refuse a day that is over."""
        day: date = self.cleaned_data["ends_on"]
        if day < today():
            raise forms.ValidationError("This day is over. Enter today or a later day.")
        return day
