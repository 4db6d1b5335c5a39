"""Logging something: the line it starts with, the draft's many fields, and handing a draft over."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django import forms

from concordat.access.rules import RecordKind
from concordat.records.rules import catalogue, standards
from concordat.records.rules.catalogue import KINDS, Field
from concordat.records.rules.readiness import readiness
from concordat.records.rules.reports import Participant, Report
from concordat.web.formatting import shown
from concordat.web.forms.catalogue import CatalogueForm, control
from concordat.web.presenters.parts import kind_of, parts_of
from concordat.web.report_values import Values

LONGEST_LINE = 2000
"""Characters of what is said at the start; what is longer belongs into the summary."""


_KINDS = [(one.kind.code, one.kind.label) for one in KINDS]


class StartForm(forms.Form):
    """What happened in one line, or of which kind it is, or both."""

    line = forms.CharField(
        label="Say what happened in one line",
        help_text="Such as “Theft of a phone from Mary Quill by Robert Hale b 3/5/87 at CO1 1AA "
        "yesterday 22:15”. What is understood stands on the next page, to be confirmed.",
        required=False,
        max_length=LONGEST_LINE,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
        error_messages={
            "max_length": "This is longer than a line. Say the beginning; there is a place for the "
            "rest on the next page."
        },
    )
    kind = forms.ChoiceField(required=False, choices=[("", ""), *_KINDS])

    def clean(self) -> dict[str, Any]:
        """Refuse a start with nothing at all."""
        told = super().clean() or {}
        if not self.errors and not told.get("line") and not told.get("kind"):
            self.add_error("line", "Say what happened, or pick a kind.")
        return told

    @property
    def chosen(self) -> RecordKind | None:
        """The kind that was picked."""
        code = self.cleaned_data["kind"]
        return RecordKind.from_code(code) if code else None


class HandOverForm(forms.Form):
    """The colleague who goes on with a draft."""

    to = forms.ChoiceField(
        label="Who goes on with it",
        help_text="They find it among their drafts at once. You can’t change it any more then.",
        error_messages={
            "required": "Choose a colleague.",
            "invalid_choice": "Choose one of the colleagues listed.",
        },
    )

    def __init__(
        self, data: Mapping[str, Any] | None, *, colleagues: Iterable[tuple[UUID, str]]
    ) -> None:
        super().__init__(data)
        field = self.fields["to"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                ("", "Choose a colleague"),
                *((str(person_id), name) for person_id, name in colleagues),
            ]

    @property
    def chosen(self) -> UUID:
        """The colleague's number."""
        return UUID(self.cleaned_data["to"])


def _boxes(label: str, choices: Iterable[tuple[str, str]]) -> forms.MultipleChoiceField:
    """Return checkboxes: the roles of a person or the uses of a thing."""
    return forms.MultipleChoiceField(
        label=label,
        required=False,
        choices=list(choices),
        widget=forms.CheckboxSelectMultiple,
    )


def _kind_control() -> forms.ChoiceField:
    """Return the choice of what kind of record the draft is."""
    return forms.ChoiceField(
        label="Kind of record",
        required=False,
        choices=_KINDS,
    )


def _note_controls() -> dict[str, forms.Field]:
    """Return what marks a person's roles as somebody's assessment, by its code."""
    return {
        "assessment": forms.ChoiceField(
            label="Fact or assessment",
            required=False,
            choices=[("", "A fact"), ("yes", "Somebody’s assessment")],
        ),
        "note": forms.CharField(
            label="What it rests on",
            required=False,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        ),
    }


def report_form(report: Report, values: Values, *, today: date) -> CatalogueForm:
    """Return the form of a draft: every field that its kind and its parts can have."""
    known = _catalogued(report)
    fields: dict[str, forms.Field] = {"kind": _kind_control()}
    for name, field in known.items():
        text = values.get(name, "")
        fields[name] = control(field, text)
        fields[name].help_text = _as_read(field, text, today=today) or field.hint
    for person in report.participants:
        fields |= _role_boxes(person, report.kind)
        fields |= {f"{person.key}-{code}": field for code, field in _note_controls().items()}
    for thing in report.things:
        uses = [(use.code, use.label) for use in catalogue.uses_of(thing.kind)]
        fields[f"{thing.key}-uses"] = _boxes("How it comes into this", uses)
    notices = {
        one.where: f"{one.what} {one.problem}. It is kept as it is."
        for one in readiness(report, today=today).notices
    }
    return CatalogueForm(values, fields, notices)


def _role_boxes(person: Participant, kind: RecordKind) -> dict[str, forms.Field]:
    """Return the roles that people usually have in this kind, and all others apart."""
    usual = {role.code for role in catalogue.roles_for(kind)} | set(person.roles)
    codes = [(role.code, role.label) for role in catalogue.ROLES]
    return {
        f"{person.key}-roles": _boxes("Roles", [one for one in codes if one[0] in usual]),
        f"{person.key}-roles_more": _boxes(
            "Other roles", [one for one in codes if one[0] not in usual]
        ),
    }


def _catalogued(report: Report) -> dict[str, Field]:
    """Return every field of the catalogue that the page can show, by its name."""
    known = {f"field-{field.code}": field for field in catalogue.fields_of(report.kind)}
    for part in parts_of(report):
        if not part.record_id:
            of_kind = catalogue.fields_of(kind_of(part))
            known |= {f"{part.key}-{field.code}": field for field in of_kind}
    return known


def _as_read(field: Field, text: str, *, today: date) -> str:
    """Return how a day was read, where it was typed in another way; "" for anything else."""
    if field.input != "date" or not field.check or not text.strip():
        return ""
    checked = standards.check(field.check, text, today=today)
    as_read = "" if checked.problem else shown(checked.form)
    return f"Read as {as_read}." if as_read not in ("", shown(text)) else ""
