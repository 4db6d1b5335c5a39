"""Taking a record away on paper."""

from django import forms


class TakeForm(forms.Form):
    """For whom it is taken: the Data Protection Act 2018, section 62, wants recipients logged."""

    recipient = forms.CharField(
        label="Who is it for?",
        help_text="Such as “case file” or “duty solicitor”. It is written down and printed on it.",
        max_length=200,
        required=False,
    )

    @property
    def for_whom(self) -> str:
        """Who it is for; what most are for if nothing was said."""
        return str(self.cleaned_data.get("recipient") or "the case file")
