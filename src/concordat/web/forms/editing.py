"""Correcting a record: its fields as the catalogue has them, and what two who edit it at once said.

Values are texts as they were typed. A page carries the version that it was made of and what it said
(`base`): only against that can be told what was changed on it, since by now the record may say
something else.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict

from concordat.access.rules import RecordKind
from concordat.base.clock import today
from concordat.records.rules import catalogue
from concordat.records.rules.standards import check
from concordat.web.formatting import shown
from concordat.web.forms.catalogue import CatalogueForm, control

_MERGING: Final = "merging"
_DIGITS_OF_A_VERSION: Final = 9


class EditForm(CatalogueForm):
    """Every field of one kind of record with what it says, and what doesn’t look right in it.

    Nothing that was typed is refused for its form. `base` is what the page carries.
    """

    def __init__(self, kind: RecordKind, values: Mapping[str, str], base: str) -> None:
        fields = catalogue.fields_of(kind)
        super().__init__(
            values,
            {field.code: control(field, values.get(field.code, "")) for field in fields},
            _notices(kind, values),
        )
        self.base = base
        self.cleaned_data: dict[str, Any] = {}


@dataclass(frozen=True, kw_only=True)
class Edited:
    """What somebody sent: the version it builds on, the values of it, and those they hold now."""

    version: int
    base: str
    values: dict[str, str]


def base_text(told: Mapping[str, str]) -> str:
    """Return what a page of a record carries."""
    return json.dumps(dict(told), ensure_ascii=False, separators=(",", ":"))


def read_edit(data: QueryDict, kind: RecordKind) -> Edited:
    """Return what a form says. A value that reads as the page showed it is as it was stored."""
    told = data.get("base", "")
    base = _base(told)
    values = dict(base)
    for field in catalogue.fields_of(kind):
        text = _plain(data.get(field.code, shown(base.get(field.code, ""))))
        if text != _plain(shown(base.get(field.code, ""))):
            values[field.code] = text
    return Edited(version=version_told(data), base=told, values=values)


def merged_values(data: QueryDict, kind: RecordKind) -> dict[str, str]:
    """Return what somebody decided on the merge page: the values both agree on, and their choices.

    Where no choice was made, what the other stored stays.
    """
    values: dict[str, str] = {}
    for field in catalogue.fields_of(kind):
        code = field.code
        choice = data.get(f"choice-{code}")
        if choice is not None:
            kept = choice if choice in ("mine", "both") else "theirs"
            values[code] = _plain(data.get(f"{kept}-{code}", ""))
        elif code in data:
            values[code] = _plain(data.get(code, ""))
    return values


def is_merging(data: QueryDict) -> bool:
    """Whether a request comes from the merge page."""
    return _MERGING in data


def version_told(data: QueryDict) -> int:
    """Return the version that a request builds on; 0 for none."""
    told = data.get("base_version", "")
    is_number = told.isascii() and told.isdecimal() and len(told) <= _DIGITS_OF_A_VERSION
    return int(told) if is_number else 0


def _base(text: str) -> dict[str, str]:
    try:
        read = json.loads(text)
    except ValueError:
        return {}
    return {str(code): str(told) for code, told in read.items()} if isinstance(read, dict) else {}


def _notices(kind: RecordKind, values: Mapping[str, str]) -> dict[str, str]:
    """Return what doesn’t look right, by field; it is kept as it was typed nevertheless."""
    found = {
        field.code: check(field.check, values[field.code], today=today()).problem
        for field in catalogue.fields_of(kind)
        if field.check and values.get(field.code, "").strip()
    }
    return {code: problem for code, problem in found.items() if problem}


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
