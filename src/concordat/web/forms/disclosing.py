"""Disclosing intelligence, passing it on, and recalling it."""

from collections.abc import Iterable

from django import forms

from concordat.web.forms.choices import offer

LONGEST = 1000


class DiscloseForm(forms.Form):
    """To whom, for what, which text, and how good it is."""

    recipient = forms.ChoiceField(
        label="Who receives it?", error_messages={"required": "Choose a force or service."}
    )
    purpose = forms.CharField(
        label="What for?",
        help_text="The policing purpose and the need, such as an operation’s name.",
        max_length=LONGEST,
        error_messages={"required": "Say what for."},
    )
    text = forms.ChoiceField(
        label="Which text?",
        widget=forms.RadioSelect,
        choices=[("sanitised", "The sanitised text alone"), ("whole", "The whole report")],
        initial="sanitised",
        error_messages={"required": "Choose a text."},
    )
    quality = forms.CharField(
        label="How good is the information?",
        help_text=(
            "Say how accurate, complete, reliable and up to date it is: the Data Protection Act "
            "2018, section 38(4), demands it with every disclosure."
        ),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say how good the information is."},
    )
    originator_agrees = forms.CharField(
        label="Who of the originator agreed, and when?",
        help_text="Leave it empty if nobody was asked.",
        required=False,
        max_length=LONGEST,
    )

    def __init__(
        self, data: object, *, recipients: Iterable[tuple[str, str]], asks_originator: bool
    ) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        offer(self, "recipient", [("", "Choose a force or service"), *recipients])
        if not asks_originator:
            del self.fields["originator_agrees"]

    @property
    def sanitised(self) -> bool:
        """Whether the sanitised text alone was chosen."""
        return bool(self.cleaned_data["text"] == "sanitised")


class RecallForm(forms.Form):
    """Why a disclosure was wrong."""

    because = forms.CharField(
        label="Why is it recalled?",
        help_text="Every body that it reached sees this.",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why."},
    )
