"""Watching a record."""

from django import forms

from concordat.web.forms.days import DayField


class WatchForm(forms.Form):
    """Why, and until when."""

    reason = forms.CharField(
        label="Why do you watch it?",
        help_text="Such as a crime or incident number. It is written down.",
        max_length=200,
        error_messages={"required": "Say why."},
    )
    until = DayField(
        label="Until which day?", help_text="It ends by itself. You can end it earlier."
    )
