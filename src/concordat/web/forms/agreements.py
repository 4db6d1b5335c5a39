"""Starting and ending an agreement."""

from django import forms


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


class EndForm(forms.Form):
    """From which day an agreement is no more."""

    ends_on = _DayField(
        label="First day without it",
        help_text="It ends at the midnight that begins this day. With today it ends at once.",
    )
