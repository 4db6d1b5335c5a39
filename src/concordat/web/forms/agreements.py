"""Ending an agreement."""

from django import forms

from concordat.web.forms.days import DayField


class EndForm(forms.Form):
    """From which day an agreement is no more."""

    ends_on = DayField(
        label="First day without it",
        help_text="It ends at the midnight that begins this day. With today it ends at once.",
    )
