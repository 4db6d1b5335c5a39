"""What can be chosen beside the search box, as it stands in a search's address."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import forms

from concordat.access.rules import EVENT_KINDS, RecordKind
from concordat.organisations.queries import OrganisationSummary
from concordat.tracing.queries import Filters
from concordat.tracing.rules import read
from concordat.web.forms.choices import offer
from concordat.web.presenters.persons import warning_label

_KINDS = [("", "Every kind"), *((kind.code, kind.label) for kind in EVENT_KINDS)]


LONGEST = 500
"""Characters of a search that are read."""


class MomentField(forms.CharField):
    """A day or a month as people write it; its value is the instants where it begins and ends."""

    def __init__(self, label: str) -> None:
        super().__init__(label=label, required=False, max_length=40)

    def clean(self, value: Any) -> Any:  # noqa: ANN401 -- what Django's fields take and give
        """Return (beginning, end), the end exclusive, or None if nothing was typed."""
        text = super().clean(value)
        if not text:
            return None
        question = read(str(text), forces={}).question
        if question.occurred_from is None or question.occurred_until is None:
            raise forms.ValidationError(
                "Write a month or a day, such as January 2024 or 21 January 2024."
            )
        return question.occurred_from, question.occurred_until


class TypedField(forms.CharField):
    """What was typed into the search box, made fit to be searched for and journalled."""

    def to_python(self, value: Any) -> str:  # noqa: ANN401 -- what Django's fields take
        """Return the text without what can't be seen, cut at the longest that is read."""
        seen = "".join(char for char in str(value or "") if char.isprintable() or char.isspace())
        return seen[:LONGEST].strip()


class SearchForm(forms.Form):
    """The whole of a search but its page. Addresses may be typed by hand: all of it is checked."""

    q = TypedField(label="Search", required=False)
    force = forms.ChoiceField(label="Force", required=False)
    kind = forms.ChoiceField(label="Kind", required=False, choices=_KINDS)
    type = forms.CharField(label="Type", required=False, max_length=200)
    warning = forms.CharField(label="Warning", required=False, max_length=40)
    area = forms.ChoiceField(label="In the area of", required=False)
    elsewhere = forms.BooleanField(
        label="Only where one force’s event lies in another’s area", required=False
    )
    conflict = forms.BooleanField(label="Only where the source contradicts itself", required=False)

    def __init__(self, data: Mapping[str, Any], *, forces: Iterable[OrganisationSummary]) -> None:
        super().__init__(data)
        self.fields["from"] = MomentField("From")
        self.fields["to"] = MomentField("To, and including")
        self._forces = {force.code: force for force in forces}
        choices = [("", "Every force"), *((code, f.name) for code, f in self._forces.items())]
        for name in ("force", "area"):
            offer(self, name, choices)

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        told = super().clean() or {}
        since, until = told.get("from"), told.get("to")
        if since and until and until[1] <= since[0]:
            self.add_error("to", "This must not be before “From”.")
        return told

    @property
    def text(self) -> str:
        """What was typed into the box."""
        return str(self.cleaned_data["q"])

    def filters(self) -> Filters:
        """Return what was chosen, as tracing takes it."""
        told = self.cleaned_data
        since: tuple[datetime, datetime] | None = told["from"]
        until: tuple[datetime, datetime] | None = told["to"]
        return Filters(
            owner_ids=self._ids(told["force"]),
            kinds=(RecordKind.from_code(told["kind"]),) if told["kind"] else (),
            categories=(told["type"],) if told["type"] else (),
            occurred_from=since[0] if since else None,
            occurred_until=until[1] if until else None,
            elsewhere=told["elsewhere"],
            area_ids=self._ids(told["area"]),
            in_conflict=told["conflict"],
            warning=told["warning"],
        )

    def query(self) -> dict[str, str]:
        """Return the search as it stands in an address: every choice that was made, tidily."""
        made: dict[str, str] = {}
        for name, value in self.cleaned_data.items():
            if value is True:
                made[name] = "1"
            elif value:
                made[name] = value if isinstance(value, str) else self.data[name].strip()
        return made

    def chosen(self) -> dict[str, str]:
        """Return the choices in words, by their name in the address."""
        words = {
            name: value if isinstance(self.cleaned_data[name], (str, tuple)) else ""
            for name, value in self.query().items()
            if name != "q"
        }
        for name in ("force", "area"):
            if name in words:
                words[name] = self._forces[words[name]].name
        if "kind" in words:
            words["kind"] = RecordKind.from_code(words["kind"]).label
        if "warning" in words:
            words["warning"] = warning_label(words["warning"])
        return {
            name: ": ".join(filter(None, (str(self.fields[name].label), value)))
            for name, value in words.items()
        }

    def _ids(self, code: str) -> tuple[int, ...]:
        return (self._forces[code].id,) if code else ()
