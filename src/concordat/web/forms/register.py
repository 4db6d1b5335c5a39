"""What of the register somebody asks to see, as it stands in the page's address."""

from collections.abc import Iterable

from django import forms

from concordat.agreements.rules import functions
from concordat.organisations.queries import OrganisationSummary
from concordat.web.forms.choices import offer

ALL = "all"
LIVE = "live"


class RegisterForm(forms.Form):
    """Whose functions, which one, and whether with what sources recorded of the past."""

    body = forms.ChoiceField(label="Body")
    function = forms.ChoiceField(label="Function", required=False)
    texts = forms.ChoiceField(
        label="Agreements",
        required=False,
        choices=[("", "In force, coming and recorded"), (LIVE, "In force and coming only")],
    )

    def offer(self, bodies: Iterable[OrganisationSummary], others: Iterable[str]) -> None:
        """Let choose among these bodies, and these functions beside the shared list’s."""
        named = ((body.code, body.name) for body in sorted(bodies, key=lambda body: body.name))
        offer(self, "body", [(ALL, "Every body with an agreement"), *named])
        groups: dict[str, list[tuple[str, str]]] = {}
        for function in functions():
            groups.setdefault(function.group, []).append((function.name, function.name))
        more = [("Recorded under other names", [(name, name) for name in others])]
        functions_of = [("", "Every function"), *groups.items(), *(more if more[0][1] else [])]
        offer(self, "function", functions_of)
