"""Days, as forms ask for them."""

from django import forms


class DayField(forms.DateField):
    """A day in three boxes."""

    def __init__(self, *, label: str, help_text: str = "", required: bool = True) -> None:
        super().__init__(
            label=label,
            help_text=help_text,
            required=required,
            widget=forms.SelectDateWidget(years=range(1900, 2100)),
            error_messages={
                "required": "Enter a day.",
                "invalid": "Enter a real day, such as 21 11 2026.",
            },
        )
