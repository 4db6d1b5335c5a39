"""Publishing a decision notice."""

from django import forms

from concordat.web.forms.agreements import long_text
from concordat.web.presenters.notices import PARTS

_LONGEST = 40_000


class PublishForm(forms.Form):
    """What is published, and what is left out for which reason."""

    how_much = forms.ChoiceField(
        label="How much is published?",
        choices=[
            ("whole", "The agreement, but for what is left out"),
            ("outline", "That there is an agreement, and an outline"),
        ],
        widget=forms.RadioSelect,
        initial="whole",
    )
    left_out = forms.MultipleChoiceField(
        label="What is left out?",
        required=False,
        choices=list(PARTS.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    because = long_text(
        "Why is it left out?", "Only the bodies that the agreement binds read this.", required=False
    )
    title = forms.CharField(
        label="Title", max_length=300, error_messages={"required": "Write a title."}
    )
    text = forms.CharField(
        label="Text",
        help_text="Anybody will be able to read these words, without signing in.",
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 18}),
        error_messages={"required": "Write a text."},
    )

    def clean(self) -> dict[str, object]:
        """Ask why, if something is left out."""
        told = super().clean() or {}
        if told.get("left_out") and not told.get("because"):
            self.add_error("because", "Write why it is left out.")
        return told

    @property
    def is_outline(self) -> bool:
        """Whether no more than an outline is published."""
        return bool(self["how_much"].value() == "outline")

    @property
    def leaves_out(self) -> list[str]:
        """The parts that are left out, by code, also before the form is valid."""
        return [code for code in (self["left_out"].value() or []) if code in PARTS]
