"""Signing in, and saying what for."""

from django import forms

from concordat.base.actor import POLICING_PURPOSES, Purpose

_ORDERED = (*POLICING_PURPOSES, *(part for part in Purpose if part not in POLICING_PURPOSES))
PURPOSES = [(purpose.value, purpose.label) for purpose in _ORDERED]

PURPOSE_HINTS = {
    Purpose.QUALITY.value: "Other forces’ records are seldom shared for this.",
    Purpose.AUDIT.value: "To see who looked at what.",
    Purpose.ADMINISTRATION.value: "Managing agreements, people and loads.",
}


class PurposeForm(forms.Form):
    """Why somebody works with the service from now on."""

    purpose = forms.ChoiceField(
        label="What are you here to do?",
        choices=PURPOSES,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what you are here to do.",
            "invalid_choice": "Choose one of the purposes in the list.",
        },
    )
    reason = forms.CharField(
        label="Reason",
        help_text="Such as a crime or incident number. It is written down with what you open.",
        required=False,
        max_length=200,
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput, max_length=2000)


class SignInForm(PurposeForm):
    """A username, a password and a purpose."""

    field_order = ("username", "password", "purpose", "reason", "next")

    username = forms.CharField(
        label="Username", max_length=150, error_messages={"required": "Enter your username."}
    )
    password = forms.CharField(
        label="Password",
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput,
        error_messages={"required": "Enter your password."},
    )
