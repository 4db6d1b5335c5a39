"""Deciding whether two person records are of one person, and taking that back."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms

from concordat.identity.rules.judgements import Verdict

LONGEST_REASON = 500

_REASON_HINT = "What decides it, such as “same scar in both custody photographs”."


class JudgeForm(forms.Form):
    """A verdict, which the button that was pressed gives, and why.

    `undoes` asks for a reason: whoever parts what was one must say why.
    """

    verdict = forms.ChoiceField(
        choices=[(verdict.value, verdict.label) for verdict in Verdict],
        error_messages={
            "required": "Choose one of the buttons.",
            "invalid_choice": "Choose one of the buttons.",
        },
    )
    reason = forms.CharField(
        label="Reason",
        help_text=_REASON_HINT,
        required=False,
        max_length=LONGEST_REASON,
        error_messages={"required": "Say why these are not the same person."},
    )

    def __init__(self, data: Mapping[str, Any] | None, *, undoes: bool) -> None:
        super().__init__(data)
        self.fields["reason"].required = undoes and (data or {}).get("verdict") == "different"

    @property
    def chosen(self) -> Verdict:
        """The verdict of the button that was pressed."""
        return Verdict(self.cleaned_data["verdict"])


class RetireForm(forms.Form):
    """Why a judgement is taken back, and the record whose page to return to."""

    record = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(label="Reason", required=False, max_length=LONGEST_REASON)


def pair_told(text: str) -> tuple[UUID, UUID] | None:
    """Return the two records that an address names as “one,other”; None for anything else."""
    parts = text.split(",")
    try:
        one, other = (UUID(part) for part in parts)
    except ValueError:
        return None
    return one, other
