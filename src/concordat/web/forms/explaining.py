"""Asking who can see what: of whom, for which purpose, of whose records, of which kind."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms

from concordat.access.rules import ASKED_KINDS, RecordKind
from concordat.base.actor import Actor, Purpose
from concordat.organisations.queries import Colleague, OrganisationSummary
from concordat.web.forms.choices import offer

_OTHER = "other"


class ExplainForm(forms.Form):
    """Whose access to whose records. Addresses may be typed by hand: all of it is checked."""

    owner = forms.ChoiceField(
        label="Whose records?", error_messages={"required": "Choose a force."}
    )
    kind = forms.ChoiceField(
        label="Which kind of record?",
        choices=[(kind.code, kind.label) for kind in ASKED_KINDS],
        error_messages={"required": "Choose a kind."},
    )
    who = forms.ChoiceField(
        label="Who would look?", error_messages={"required": "Choose somebody."}
    )
    purpose = forms.ChoiceField(
        label="What for?",
        choices=[(purpose.value, purpose.label) for purpose in Purpose],
        error_messages={"required": "Choose a purpose."},
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        actor: Actor,
        colleagues: Iterable[Colleague],
        owners: Iterable[OrganisationSummary],
        asks_about_all: bool,
    ) -> None:
        bodies = list(owners)
        self._owners = {body.code: body for body in bodies}
        own = next((body.code for body in bodies if body.id == actor.organisation_id), "")
        super().__init__(
            data,
            initial={
                "who": str(actor.person_id),
                "purpose": actor.purpose.value,
                "owner": own,
                "kind": RecordKind.PERSON.code,
            },
        )
        people = [(str(actor.person_id), f"{actor.person_name} (you)")]
        people += [(str(one.id), _named(one)) for one in colleagues]
        if asks_about_all:
            people.append((_OTHER, "Somebody of another body, by username"))
            self.fields["username"] = forms.CharField(
                label="Username of somebody of another body",
                help_text="You may ask about anybody’s access to the records of your own force.",
                max_length=200,
                required=False,
            )
        self.order_fields(["owner", "kind", "who", "username", "purpose"])
        offer(self, "who", people)
        offer(self, "owner", [(body.code, body.name) for body in bodies])

    def clean(self) -> dict[str, Any]:
        """Ask for the username of somebody of another body."""
        told = super().clean() or {}
        if told.get("who") == _OTHER and not told.get("username"):
            self.add_error("username", "Enter a username.")
        return told

    @property
    def person_id(self) -> UUID | None:
        """The person chosen from the list, None for one named by username."""
        who = self.cleaned_data["who"]
        return None if who == _OTHER else UUID(who)

    @property
    def username(self) -> str:
        """The username of somebody of another body."""
        return str(self.cleaned_data.get("username", ""))

    @property
    def purpose_chosen(self) -> Purpose:
        """The purpose that they would give."""
        return Purpose(self.cleaned_data["purpose"])

    @property
    def owner_chosen(self) -> OrganisationSummary:
        """Whose records are asked for."""
        return self._owners[self.cleaned_data["owner"]]

    @property
    def kind_chosen(self) -> RecordKind:
        """The kind of record asked for."""
        return RecordKind.from_code(self.cleaned_data["kind"])


def _named(colleague: Colleague) -> str:
    roles = ", ".join(role.label.lower() for role in colleague.roles)
    return f"{colleague.name}, {roles}"
