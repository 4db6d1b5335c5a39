"""What is asked when an agreement takes a step, and how the list of agreements is narrowed."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from concordat.agreements.queries import AgreementDetail
from concordat.agreements.rules import State, functions
from concordat.web.forms.choices import offer
from concordat.web.forms.days import DayField

LONGEST = 4000
STAGES = {
    "in-force": ("In force", (State.IN_FORCE, State.NOTICE, State.APPROVED)),
    "waiting": ("Waiting for signatures", (State.PROPOSED,)),
    "draft": ("Drafts", (State.DRAFT,)),
    "ended": ("Ended", (State.ENDED,)),
    "dropped": ("Dropped drafts", (State.DROPPED,)),
}
_LISTED = tuple(state for state in State if state is not State.DROPPED)


def long_text(label: str, hint: str = "", *, required: bool = True) -> forms.CharField:
    """Return a field of several lines."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write a few words."},
    )


def short_text(label: str, hint: str = "", *, longest: int = 300) -> forms.CharField:
    """Return a field of one line that may stay empty."""
    return forms.CharField(label=label, help_text=hint, required=False, max_length=longest)


class FilterForm(forms.Form):
    """Which agreements are listed."""

    stage = forms.ChoiceField(
        label="Stage",
        required=False,
        choices=[("", "Any"), *((code, label) for code, (label, _) in STAGES.items())],
    )
    body = forms.ChoiceField(label="Party", required=False)
    function = forms.ChoiceField(label="Function", required=False)

    def __init__(self, data: Any, *, bodies: Iterable[tuple[str, str]]) -> None:  # noqa: ANN401
        super().__init__(data)
        for name, choices in (
            ("body", bodies),
            ("function", ((one.name, one.name) for one in functions())),
        ):
            offer(self, name, [("", "Any"), *choices])

    def keeps(self, detail: AgreementDetail) -> bool:
        """Whether an agreement is among those asked for: dropped drafts only by that name."""
        if not self.is_bound or not self.is_valid():
            return detail.state in _LISTED
        told = self.cleaned_data
        _, states = STAGES.get(told["stage"], ("", _LISTED))
        return (
            detail.state in states
            and (not told["body"] or told["body"] in {party.code for party in detail.parties})
            and (not told["function"] or told["function"] in detail.functions)
        )


class NothingForm(forms.Form):
    """A step that asks nothing."""


class BecauseForm(forms.Form):
    """Why a step is taken."""

    because = long_text("Why?", "Everybody who reads the agreement sees this.")


class MaybeBecauseForm(forms.Form):
    """Why a step is taken, if there is anything to say."""

    because = long_text("Note", "Everybody who reads the agreement sees this.", required=False)


class RecommendForm(forms.Form):
    """What a board recommends."""

    board = forms.CharField(
        label="Which board?", max_length=200, error_messages={"required": "Name the board."}
    )
    because = long_text("What does it recommend?")


class EndForm(forms.Form):
    """From which day an agreement is no more, and why."""

    ends_on = DayField(
        label="First day without it",
        help_text="It ends at the midnight that begins this day. With today it ends at once.",
    )
    because = long_text("Why?", "Everybody who reads the agreement sees this.", required=False)


class GiveNoticeForm(forms.Form):
    """When an agreement ends for which notice is given, and why."""

    ends_on = DayField(label="First day without it")
    because = long_text("Why?", "The other parties see this.")


class LeaveForm(forms.Form):
    """Who leaves, when and why."""

    body = forms.ChoiceField(label="Who leaves?", error_messages={"required": "Choose who."})
    leaves_on = DayField(label="First day outside")
    because = long_text("Why?", "The other parties see this.")

    def __init__(
        self,
        data: Any,  # noqa: ANN401 -- as Django's own
        *,
        bodies: Iterable[tuple[str, str]],
        earliest: date,
    ) -> None:
        choices = list(bodies)
        super().__init__(data, initial={"leaves_on": earliest, "body": choices[0][0]})
        field = offer(self, "body", choices)
        if len(choices) == 1:
            field.widget = forms.HiddenInput()


class SignForm(forms.Form):
    """A signature: of which text, with which reasons and conditions."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    reasons = long_text(
        "Reasons",
        "Why your body agrees. A chief officer must think it in the interests of the efficiency "
        "or effectiveness of one or more forces (Police Act 1996, section 23).",
    )
    conditions = long_text(
        "Conditions",
        "With a condition your signature counts only once you say yourself that it is met.",
        required=False,
    )
    have_read = forms.BooleanField(
        label="I have read this text, and sign it for my body",
        error_messages={"required": "Say that you have read the text that you sign."},
    )


class RefuseForm(forms.Form):
    """Why a body refuses."""

    reasons = long_text("Why does your body refuse?", "The others must know what to change.")


class ConditionsMetForm(forms.Form):
    """How a body's conditions were met."""

    because = long_text("How were they met?")
