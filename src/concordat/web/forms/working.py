"""Supervision: reviewing, allocating, transferring, custody, links and warnings."""

from collections.abc import Iterable

from django import forms

from concordat.access.rules import THING_KINDS, RecordKind
from concordat.records.rules.person_codes import WARNINGS
from concordat.web.forms.choices import offer
from concordat.web.forms.days import DayField

LONGEST = 1000
_LINKED = (RecordKind.PERSON, *THING_KINDS, RecordKind.PLACE)


def _text(label: str, hint: str = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=LONGEST,
        error_messages={"required": "Write a few words."},
    )


def _long(label: str, hint: str = "", *, required: bool = True) -> forms.CharField:
    field = _text(label, hint, required=required)
    field.widget = forms.Textarea(attrs={"rows": 4})
    return field


class NoteForm(forms.Form):
    """A note to go with an approval."""

    note = _long("Note", required=False)


class SendBackForm(forms.Form):
    """What whoever logged it shall do."""

    note = _long("What is missing or wrong?", "Whoever logged it finds this in their inbox.")


class AllocateForm(forms.Form):
    """Who takes it on."""

    to = forms.ChoiceField(
        label="Who takes it on?", error_messages={"required": "Choose somebody."}
    )
    note = _long("Note", required=False)

    def __init__(self, data: object, *, colleagues: Iterable[tuple[str, str]]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        offer(self, "to", [("", "Choose somebody"), *colleagues])


class OfferForm(forms.Form):
    """To whom an event belongs, and why."""

    to = forms.ChoiceField(
        label="Which force does it belong to?", error_messages={"required": "Choose a force."}
    )
    because = _long("Why does it belong to them?", "They see this with the offer.")

    def __init__(self, data: object, *, forces: Iterable[tuple[str, str]]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        offer(self, "to", [("", "Choose a force"), *forces])


class DeclineForm(forms.Form):
    """Why it stays where it is."""

    because = _long("Why don’t you take it?", "The offering force sees this.")


class BecauseForm(forms.Form):
    """Why something ends."""

    because = _long("Why?")


class EndLinkForm(BecauseForm):
    """Why a link ends, and the page to return to."""

    back = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)


class CustodyForm(forms.Form):
    """One step in the chain of custody."""

    to_whom = _text("Who has it now?", "A name and collar number, or a store.")
    where = _text("Where is it?")
    seal = _text("Seal", "The number of the seal or bag.", required=False)
    note = _long("Note", required=False)


class WarningForm(forms.Form):
    """A warning about somebody."""

    code = forms.ChoiceField(
        label="Warning",
        choices=[("", "Choose a warning"), *WARNINGS.items()],
        error_messages={"required": "Choose a warning."},
    )
    evidence = _long("What is the evidence?", "What happened, when, and who says so.")
    text = _text(
        "What should whoever meets them know?",
        "Such as “carries a knife in his right boot”.",
        required=False,
    )
    since = DayField(label="Since when?")
    review_date = DayField(
        label="When is it to be reviewed?", help_text="A warning is never left to run out."
    )


class FindForm(forms.Form):
    """Which record a link leads to: its kind, and what is known of it."""

    of = forms.ChoiceField(
        label="What is it?",
        choices=[(kind.code, kind.label) for kind in _LINKED],
        initial=RecordKind.PERSON.code,
    )
    q = forms.CharField(
        label="What is known of it?",
        help_text="A name and date of birth, a registration mark, a number, a street.",
        max_length=200,
        error_messages={"required": "Type what is known of it."},
    )

    @property
    def kind(self) -> RecordKind:
        """The kind of record that is looked for."""
        return RecordKind.from_code(self.cleaned_data["of"])


class LinkForm(forms.Form):
    """How two records are tied, and who says so."""

    other = forms.ChoiceField(
        label="Which record?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a record."},
    )
    reason = forms.ChoiceField(
        label="How are they linked?", error_messages={"required": "Choose how."}
    )
    stated_by = _text("Who says so?", "A person, a document or an observation.")
    confidence = forms.ChoiceField(
        label="How sure is it?",
        widget=forms.RadioSelect,
        choices=[("high", "High"), ("medium", "Medium"), ("low", "Low")],
        initial="medium",
    )
    assessment = forms.BooleanField(
        label="This is somebody’s assessment, not a fact", required=False
    )
    since = DayField(label="Since when?", required=False)
    until = DayField(label="Until when?", required=False)

    def __init__(
        self,
        data: object,
        *,
        others: Iterable[tuple[str, str]],
        reasons: Iterable[tuple[str, str]],
    ) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        offer(self, "other", others)
        offer(self, "reason", [("", "Choose how"), *reasons])
