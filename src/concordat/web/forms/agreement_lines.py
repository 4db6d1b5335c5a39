"""The schedules of a draft, line by line: resources, costs, benefits."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from concordat.agreements.rules import BenefitTerms, CostTerms, ResourceTerms
from concordat.agreements.rules.costs import Formula, amount
from concordat.web.forms.agreements import LONGEST, short_text
from concordat.web.forms.choices import offer
from concordat.web.forms.costs import PoundsField

_FORMULAS = [("", "Not settled yet"), *((one.value, one.label) for one in Formula)]


class _LineForm(forms.Form):
    """A line of a schedule; it is told the parties of the agreement."""

    def __init__(self, *given: Any, parties: Sequence[tuple[str, str]], **more: Any) -> None:  # noqa: ANN401 -- as Django's own
        super().__init__(*given, **more)
        self.meet(parties)

    def meet(self, parties: Sequence[tuple[str, str]]) -> None:
        """Take from the parties what the line needs: nothing, unless it says so."""


class ResourceLineForm(_LineForm):
    """One pooled resource."""

    resource = short_text("What is pooled")
    provider = forms.ChoiceField(label="Whose is it?", required=False)
    terms = short_text("On which terms", longest=LONGEST)

    def meet(self, parties: Sequence[tuple[str, str]]) -> None:
        """Offer the parties as providers."""
        offer(self, "provider", [("", "Choose a party"), *parties])

    def line(self) -> ResourceTerms | None:
        """Return the line; None if it is empty or taken out."""
        told = _told(self)
        return ResourceTerms(**told) if any(told.values()) else None

    @staticmethod
    def initial_of(line: ResourceTerms) -> dict[str, object]:
        """Return what the form begins with."""
        return {"resource": line.resource, "provider": line.provider, "terms": line.terms}


class BenefitLineForm(_LineForm):
    """One benefit that is hoped for."""

    benefit = short_text("What is hoped for")
    measure = short_text("How it is measured")
    target = short_text("Target")

    def line(self) -> BenefitTerms | None:
        """Return the line; None if it is empty or taken out."""
        told = _told(self)
        return BenefitTerms(**told) if any(told.values()) else None

    @staticmethod
    def initial_of(line: BenefitTerms) -> dict[str, object]:
        """Return what the form begins with."""
        return {"benefit": line.benefit, "measure": line.measure, "target": line.target}


class CostLineForm(_LineForm):
    """One cost, and how it is shared."""

    item = short_text("What is paid for")
    formula = forms.ChoiceField(label="Shared by", choices=_FORMULAS, required=False)
    year = forms.IntegerField(
        label="Figures of year", required=False, min_value=1990, max_value=2100,
        error_messages={"invalid": "Enter a year, such as 2015."},
    )  # fmt: skip
    weights = short_text("Parts, where no figures are published", "Such as essex 52, kent 48")
    fixed_percent = forms.IntegerField(
        label="Fixed part in per cent", required=False, min_value=0, max_value=100,
        help_text="The rest is shared by use.",
        error_messages={"invalid": "Enter a whole number from 0 to 100."},
    )  # fmt: skip
    unit = short_text("Unit of use", "Such as hour or call")
    unit_price = PoundsField(label="Price of a unit", required=False)
    least = PoundsField(label="Each pays at least", required=False)
    most = PoundsField(label="None pays more than", required=False)
    damping_years = forms.IntegerField(
        label="Damped over years", required=False, min_value=0, max_value=20,
        error_messages={"invalid": "Enter whole years."},
    )  # fmt: skip
    savings_formula = forms.ChoiceField(
        label="Savings shared by",
        choices=[("", "The same"), *_FORMULAS[1:]],
        required=False,
    )

    def meet(self, parties: Sequence[tuple[str, str]]) -> None:
        """Keep who can have a part."""
        self._parties = {code for code, _ in parties}

    def clean_weights(self) -> dict[str, str]:
        """Return each party's part."""
        weights = {}
        for part in filter(
            None, (part.strip() for part in self.cleaned_data["weights"].split(","))
        ):
            code, _, number = part.replace("=", " ").rpartition(" ")
            code = code.strip().lower()
            try:
                weight = Decimal(number)
            except InvalidOperation:
                weight = Decimal(-1)
            if code not in self._parties or not weight.is_finite() or weight < 0:
                raise forms.ValidationError(
                    f"“{part}” is not the code of a party and a number, such as essex 52."
                )
            weights[code] = str(weight)
        return weights

    def line(self) -> CostTerms | None:
        """Return the line; None if it is empty or taken out."""
        told = _told(self)
        if not any(told.values()):
            return None
        return CostTerms(
            **{
                **told,
                "least": told["least"] or 0,
                "unit_price": told["unit_price"] or 0,
                "damping_years": told["damping_years"] or 0,
            }
        )

    @staticmethod
    def initial_of(line: CostTerms) -> dict[str, object]:
        """Return what the form begins with."""
        return {
            "item": line.item,
            "formula": line.formula,
            "year": line.year,
            "weights": ", ".join(f"{code} {weight}" for code, weight in line.weights.items()),
            "fixed_percent": line.fixed_percent,
            "unit": line.unit,
            "unit_price": _pounds(line.unit_price or None),
            "least": _pounds(line.least or None),
            "most": _pounds(line.most),
            "damping_years": line.damping_years or None,
            "savings_formula": line.savings_formula,
        }


def _told(form: forms.Form) -> dict[str, Any]:
    if form.cleaned_data.get("DELETE"):
        return {}
    return {name: form.cleaned_data.get(name, "") for name in form.fields if name != "DELETE"}


def _pounds(pence: int | None) -> str:
    return "" if pence is None else amount(pence)
