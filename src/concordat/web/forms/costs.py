"""Asking what a cost would be for each party, and stating what it is."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms

from concordat.agreements.errors import CannotShare
from concordat.agreements.queries import CostLine, Sharer
from concordat.agreements.rules import FEWEST_PARTIES
from concordat.agreements.rules.costs import EVERY, Formula, limits_of, pence_of
from concordat.agreements.rules.statements import (
    Needed,
    StatementKind,
    YearFigures,
    financial_year,
    year_label,
)
from concordat.base.clock import today
from concordat.organisations.queries import OrganisationSummary
from concordat.web.forms.choices import offer

SAVING = "saving"
_COMPARED = [
    (Formula.POPULATION.value, "Population"),
    (Formula.OFFICERS.value, "Police officers"),
    (Formula.BUDGET.value, "Budget requirement"),
    (Formula.EQUAL.value, "Equal shares"),
    (Formula.NET_REVENUE_EXPENDITURE.value, "Net revenue expenditure, which you enter below"),
    (Formula.USE.value, "Actual use, which you enter below"),
    (Formula.PERCENTAGES.value, "Fixed percentages, which you enter below"),
    (SAVING, "Split what is saved equally, measured against going alone"),
]


class PoundsField(forms.Field):
    """An amount in pounds, as people write it. Its value is whole pence, None if left empty."""

    def to_python(self, value: object) -> int | None:
        """Return the amount in pence."""
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return pence_of(text)
        except CannotShare as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class NumberField(forms.DecimalField):
    """A number, zero or more, as people write it: £1,250.50 is one too."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 (as Django's own fields take them)
        messages = {"invalid": "Enter a number.", **kwargs.pop("error_messages", {})}
        super().__init__(min_value=0, error_messages=messages, **kwargs)

    def to_python(self, value: object) -> Decimal | None:  # type: ignore[override]
        """Return the number; None if left empty."""
        text = str("" if value is None else value).strip().removeprefix("£").replace(",", "")
        return super().to_python(text)


class LimitField(forms.CharField):
    """The most or the least that any party pays: an amount in pounds, or a per cent of the sum."""

    def clean(self, value: object) -> str:
        """Return the limit in words that can be read."""
        text = str(super().clean(value) or "").strip()
        try:
            limits_of(0, ["party"], caps={EVERY: text} if text else {})
        except CannotShare:
            said = "Enter an amount such as £6,000,000, or a per cent of the sum such as 20%."
            raise forms.ValidationError(said) from None
        return text


class WhatIfForm(forms.Form):
    """A sum, who shares it, and the formulas to be compared; then each party’s own numbers.

    The numbers of a party are asked once it is chosen: what it would pay alone, what it gets, and
    those of the formulas for which nothing is published.
    """

    total = PoundsField(
        label="What does it cost?",
        error_messages={"required": "Enter the sum that is to be shared."},
    )
    bodies = forms.MultipleChoiceField(
        label="Who shares it?",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    others = forms.MultipleChoiceField(
        label="Forces of which not every figure is known",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    formulas = forms.MultipleChoiceField(
        label="Which ways of sharing shall be compared?",
        choices=_COMPARED,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one way of sharing."},
    )
    year = forms.IntegerField(
        label="Year of the published figures",
        help_text="Left empty: the latest that all of them have.",
        required=False,
        min_value=1990,
        max_value=2100,
        widget=forms.NumberInput,
        error_messages={"invalid": "Enter a year, such as 2015."},
    )
    fixed = NumberField(
        label="Fixed part of a mixture",
        help_text="Shared by each formula; the rest by use. Left empty: no mixtures.",
        required=False,
        max_value=100,
    )
    cap = LimitField(
        label="No party pays more than",
        help_text="An amount, or a per cent of the sum.",
        required=False,
        max_length=30,
    )
    collar = LimitField(
        label="No party pays less than",
        help_text="An amount, or a per cent of the sum.",
        required=False,
        max_length=30,
    )

    def __init__(self, *args: object, sharers: Sequence[Sharer], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._sharers = {one.body.code: one.body for one in sharers}
        known = [(one.body.code, one.body.name) for one in sharers if one.has_figures]
        rest = [(one.body.code, one.body.name) for one in sharers if not one.has_figures]
        offer(self, "bodies", known)
        offer(self, "others", rest)
        for body in self.chosen():
            for field, of_party in _fields_of_party().items():
                self.fields[f"{field}-{body.code}"] = of_party

    def chosen(self) -> list[OrganisationSummary]:
        """Return who was chosen to share it, as far as they are known, in the order of names."""
        data = self.data
        told = {*self._told(data, "bodies"), *self._told(data, "others")}
        return [body for code, body in self._sharers.items() if code in told]

    @staticmethod
    def _told(data: object, name: str) -> Iterable[str]:
        getlist = getattr(data, "getlist", None)
        return getlist(name) if getlist else ()

    def clean(self) -> None:
        """Refuse a comparison of nobody, or of one alone."""
        if len(self.chosen()) < FEWEST_PARTIES:
            self.add_error("bodies", "Choose at least two forces.")

    @property
    def asked(self) -> list[Formula]:
        """The formulas to compare."""
        return [Formula(word) for word in self.cleaned_data["formulas"] if word != SAVING]

    @property
    def savings(self) -> list[Formula]:
        """The formulas by which savings are to be split."""
        return [Formula.EQUAL] if SAVING in self.cleaned_data["formulas"] else []

    def numbers(self, field: str) -> dict[str, Decimal]:
        """Return the numbers told in one column, by party."""
        told = {body.code: self.cleaned_data.get(f"{field}-{body.code}") for body in self.chosen()}
        return {code: value for code, value in told.items() if value is not None}

    def amounts(self, field: str) -> dict[str, int]:
        """Return the amounts told in one column, in pence by party."""
        told = {body.code: self.cleaned_data.get(f"{field}-{body.code}") for body in self.chosen()}
        return {code: value for code, value in told.items() if value is not None}


OF_PARTY = {
    "alone": "Would pay alone (£)",
    "gets": "What it gets is worth (£)",
    "use": "Use",
    "expenditure": "Net revenue expenditure",
    "percentage": "Per cent",
}
"""What is asked of each party, by the name of its field."""

_OF_FORMULA = {
    "use": Formula.USE,
    "expenditure": Formula.NET_REVENUE_EXPENDITURE,
    "percentage": Formula.PERCENTAGES,
}


def weights_told(form: WhatIfForm) -> dict[Formula, dict[str, Decimal]]:
    """Return the numbers of formulas that are not published, as far as they were told."""
    return {formula: form.numbers(field) for field, formula in _OF_FORMULA.items()}


def _fields_of_party() -> dict[str, forms.Field]:
    return {
        "alone": PoundsField(required=False, label=OF_PARTY["alone"]),
        "gets": PoundsField(required=False, label=OF_PARTY["gets"]),
        **{name: NumberField(required=False, label=OF_PARTY[name]) for name in _OF_FORMULA},
    }


class StatementForm(forms.Form):
    """A year of one line of a costs schedule: exactly what it still needs to be worked out."""

    year = forms.TypedChoiceField(label="Financial year", coerce=int)

    def __init__(
        self,
        *args: object,
        line: CostLine,
        needed: Needed,
        kind: StatementKind,
        **kwargs: object,
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._line, self._kind = line, kind
        now = financial_year(today())
        years = range(now + 1, now - 6, -1)
        offer(self, "year", [(one, year_label(one)) for one in years]).initial = now
        is_true_up = kind is StatementKind.TRUE_UP
        if needed.total:
            label = "What was really spent" if is_true_up else "Sum to be shared"
            self.fields["total"] = PoundsField(
                label=label, error_messages={"required": "Enter the sum."}
            )
        for name, wanted in _columns(line, needed, is_true_up=is_true_up).items():
            for body in line.payers:
                self.fields[f"{name}-{body.code}"] = _party_field(name, wanted)
        self.fields["because"] = forms.CharField(
            label="Why is an earlier statement of this year corrected?",
            help_text="Only where there is one. Both stay readable.",
            required=False,
            max_length=500,
            widget=forms.Textarea,
        )
        self.columns = _columns(line, needed, is_true_up=is_true_up)

    def figures(self) -> YearFigures:
        """Return what was told, once the form is valid."""
        data = self.cleaned_data
        paid = self._column("paid")
        return YearFigures(
            year=data["year"],
            kind=self._kind,
            total=data.get("total"),
            weights=self._column("weight"),
            use=self._column("use"),
            before=self._column("before"),
            paid=paid or None,
            because=data["because"],
        )

    def clean(self) -> None:
        """Refuse what was paid of some parties alone: the others would seem to owe everything."""
        told = [body for body in self._line.payers if self._paid(body.code) is not None]
        if told and len(told) < len(self._line.payers):
            self.add_error(
                None, "Say of every party what it has paid, 0 if nothing, or leave all of it empty."
            )

    def _paid(self, code: str) -> int | None:
        paid: int | None = self.cleaned_data.get(f"paid-{code}")
        return paid

    def _column(self, name: str) -> dict[str, Any]:
        told = {
            body.code: self.cleaned_data.get(f"{name}-{body.code}") for body in self._line.payers
        }
        return {code: value for code, value in told.items() if value is not None}


def _columns(line: CostLine, needed: Needed, *, is_true_up: bool) -> dict[str, str]:
    """Return what must be told of each party: the name of its field and its heading."""
    unit = f" ({line.terms.unit})" if line.terms.unit else ""
    columns = {}
    if needed.weights:
        columns["weight"] = Formula(line.terms.formula).label
    if needed.use:
        columns["use"] = f"{'Used' if is_true_up else 'Expected use'}{unit}"
    if needed.before:
        columns["before"] = "Paid before the agreement (£)"
    if is_true_up:
        columns["paid"] = "Has paid (£)"
    return columns


def _party_field(name: str, label: str) -> forms.Field:
    required = {"required": f"Enter it of every party, 0 if nothing: {label.lower()}."}
    if name == "paid":
        return PoundsField(label=label, required=False)
    return NumberField(label=label, error_messages=required)
