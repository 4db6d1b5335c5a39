"""A draft agreement, section by section. Gaps are allowed: readiness names them, not the forms."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django import forms

from concordat.access.rules import SHAREABLE_KINDS, Level, RecordKind
from concordat.agreements.rules import (
    RECORD_ROLES,
    AgreementKind,
    Framework,
    SharingTerms,
    excluded_for,
    functions,
)
from concordat.base.actor import POLICING_PURPOSES, Purpose, Role
from concordat.web.forms.agreements import long_text, short_text
from concordat.web.forms.choices import offer
from concordat.web.forms.days import DayField

_KINDS = [(kind.value, kind.label) for kind in AgreementKind]
_PURPOSES = (*POLICING_PURPOSES, Purpose.QUALITY)


class NewForm(forms.Form):
    """What a draft begins with."""

    reference = forms.CharField(
        label="Reference",
        help_text="Such as S22A-2026-01. It stays the same in every version.",
        max_length=60,
        error_messages={"required": "Give it a reference."},
    )
    title = forms.CharField(
        label="Title", max_length=300, error_messages={"required": "Give it a title."}
    )
    kind = forms.ChoiceField(label="Form", choices=_KINDS)
    purpose = long_text(
        "Purpose", "What all parties want to reach, so that each understands it alike.",
        required=False,
    )  # fmt: skip


class BasicsForm(forms.Form):
    """What an agreement is, and when."""

    title = short_text("Title")
    kind = forms.ChoiceField(label="Form", choices=_KINDS)
    purpose = long_text(
        "Purpose", "What all parties want to reach, so that each understands it alike.",
        required=False,
    )  # fmt: skip
    starts_on = DayField(
        label="First day",
        help_text="Without one it begins when the last body signs.",
        required=False,
    )
    ends_on = DayField(
        label="First day without it", help_text="Without one it runs until ended.", required=False
    )
    review_on = DayField(label="When is it to be reviewed?", required=False)

    def values(self) -> dict[str, object]:
        """Return what the section says, as a document holds it."""
        return {name: _plain(told) for name, told in self.cleaned_data.items()}


class PartiesForm(forms.Form):
    """Who agrees, on which functions, and which they keep out."""

    parties = forms.MultipleChoiceField(label="Parties", required=False)
    lead = forms.ChoiceField(
        label="Lead",
        help_text="The party that runs it for all, if there is one.",
        required=False,
        error_messages={"invalid_choice": "The lead must be one of the parties."},
    )
    functions = forms.MultipleChoiceField(label="Functions", required=False)
    excluded_functions = forms.MultipleChoiceField(label="Excluded functions", required=False)

    def __init__(
        self,
        data: Any,  # noqa: ANN401 -- as Django's own
        *,
        initial: Mapping[str, Any],
        bodies: Mapping[str, str],
        own: str,
        frameworks: Collection[Framework],
    ) -> None:
        super().__init__(data, initial=dict(initial))
        chosen = data.getlist("parties") if data else initial["parties"]
        self._own = own
        self._frameworks = frameworks
        names = [(one.name, one.name) for one in functions()]
        for name, choices in (
            ("parties", list(bodies.items())),
            ("lead", [("", "None"), *((code, bodies[code]) for code in chosen if code in bodies)]),
            ("functions", names),
            ("excluded_functions", names),
        ):
            offer(self, name, choices)

    def clean_parties(self) -> list[str]:
        """Return the parties; whoever drafts stays one of them."""
        told: list[str] = self.cleaned_data["parties"]
        if self._own not in told:
            raise forms.ValidationError("Your own body drafts it, so it must stay a party.")
        return sorted(told)

    def clean(self) -> dict[str, Any]:
        """Refuse what a framework excludes; what was chosen before it came may stay a gap."""
        told = super().clean() or {}
        bound = excluded_for(told.get("parties", ()), self._frameworks)
        for name in told.get("functions", ()):
            if name in bound and name not in self.initial["functions"]:
                self.add_error(
                    "functions", f"{bound[name]} excludes {name.lower()} between these parties."
                )
        return told

    def values(self) -> dict[str, object]:
        """Return what the section says, as a document holds it."""
        return dict(self.cleaned_data)


class TermsForm(forms.Form):
    """Who directs, who is liable, how one leaves and what that costs."""

    direction_and_control = long_text(
        "Direction and control",
        "Under whose direction and control do officers act?",
        required=False,
    )
    liability = long_text("Liability", "Who is liable for what?", required=False)
    notice_months = forms.IntegerField(
        label="Notice",
        help_text="In whole months. None: a party may leave at any time.",
        min_value=0,
        max_value=120,
        required=False,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-3"}),
        error_messages={
            "invalid": "Enter whole months, such as 12.",
            "min_value": "Enter no or more months.",
            "max_value": "Enter at most 120 months.",
        },
    )
    exit_terms = long_text(
        "How a party leaves",
        "And what becomes of records, people and equipment. No draft is proposed without it.",
        required=False,
    )
    exit_costs = long_text(
        "What leaving costs",
        "And who pays it: collaborations broke up in court over what this did not say.",
        required=False,
    )

    def values(self) -> dict[str, object]:
        """Return what the section says, as a document holds it."""
        told = {name: _plain(text) for name, text in self.cleaned_data.items()}
        return {**told, "notice_months": told["notice_months"] or 0}


class SharingForm(forms.Form):
    """Kinds of record that are shared on the same terms."""

    kinds = forms.MultipleChoiceField(
        label="Kinds of record",
        widget=forms.CheckboxSelectMultiple,
        choices=[(kind.code, kind.label) for kind in SHAREABLE_KINDS],
        error_messages={"required": "Choose at least one kind."},
    )
    level = forms.ChoiceField(
        label="What is opened?",
        widget=forms.RadioSelect,
        choices=[
            (Level.POINTER.value, "That there is a record, and whom to ask"),
            (Level.FULL.value, "The record in full"),
        ],
        error_messages={"required": "Choose what is opened."},
    )
    roles = forms.MultipleChoiceField(
        label="Read by",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one role."},
    )
    purposes = forms.MultipleChoiceField(
        label="For",
        widget=forms.CheckboxSelectMultiple,
        choices=[(purpose.value, purpose.label) for purpose in _PURPOSES],
        error_messages={"required": "Choose at least one purpose."},
    )
    with_fire = forms.BooleanField(
        label="Fire services among the parties receive these too", required=False
    )
    lawful_basis = short_text("Lawful basis", "Such as Data Protection Act 2018, section 35(2)(b).")
    assessment = short_text("Impact assessment", "Its reference, such as DPIA-2026-01.")
    contact = short_text("Joint controllers’ contact", "Where those concerned can turn.")

    def __init__(
        self,
        data: Any = None,  # noqa: ANN401 -- as Django's own
        *,
        initial: Mapping[str, Any] | None = None,
        roles: Iterable[Role] = RECORD_ROLES,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        offer(self, "roles", [(role.value, role.label) for role in roles])

    def clauses(self) -> list[SharingTerms]:
        """Return a clause for each kind that was chosen."""
        told = self.cleaned_data
        return [
            SharingTerms(
                kind=RecordKind.from_code(code),
                level=Level(told["level"]),
                roles=tuple(Role(role) for role in told["roles"]),
                purposes=tuple(Purpose(purpose) for purpose in told["purposes"]),
                with_fire=told["with_fire"],
                lawful_basis=told["lawful_basis"],
                assessment=told["assessment"],
                contact=told["contact"],
            )
            for code in told["kinds"]
        ]


def clause_initial(clause: SharingTerms | None, *, keep_kind: bool) -> dict[str, object]:
    """Return what the sharing form begins with: a clause, or what the last one said beside it."""
    if clause is None:
        return {
            "roles": [role.value for role in RECORD_ROLES],
            "purposes": [purpose.value for purpose in POLICING_PURPOSES],
        }
    told: dict[str, object] = {
        "roles": [Role(role).value for role in clause.roles],
        "purposes": [Purpose(purpose).value for purpose in clause.purposes],
        "lawful_basis": clause.lawful_basis,
        "assessment": clause.assessment,
        "contact": clause.contact,
    }
    if keep_kind:
        told |= {
            "kinds": [clause.kind.code],
            "level": clause.level.value,
            "with_fire": clause.with_fire,
        }
    return told


def _plain(told: object) -> object:
    if isinstance(told, date):
        return told.isoformat()
    # Browsers send lines as they end in mail; the text is the same.
    return told.replace("\r\n", "\n") if isinstance(told, str) else told
