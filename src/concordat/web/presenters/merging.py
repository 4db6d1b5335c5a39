"""What two people wrote at once, side by side."""

from dataclasses import dataclass

from concordat.access.rules import RecordKind
from concordat.records.rules import catalogue
from concordat.records.rules.merging import Merged
from concordat.web.presenters import reports


@dataclass(frozen=True, kw_only=True)
class ConflictLine:
    """One field that both changed: as it is stored, and in words. `is_text` lets both be joined."""

    code: str
    label: str
    base_text: str
    mine: str
    mine_text: str
    theirs: str
    theirs_text: str
    together: str
    is_text: bool


def lines(kind: RecordKind, merged: Merged) -> list[ConflictLine]:
    """Return what both changed differently, in words."""
    return [
        ConflictLine(
            code=one.code,
            label=reports.field_label(kind, one.code),
            base_text=_words(kind, one.code, one.base),
            mine=one.mine,
            mine_text=_words(kind, one.code, one.mine),
            theirs=one.theirs,
            theirs_text=_words(kind, one.code, one.theirs),
            together=f"{one.theirs}\n{one.mine}".strip(),
            is_text=_is_text(kind, one.code),
        )
        for one in merged.conflicts
    ]


def kept(kind: RecordKind, merged: Merged) -> dict[str, str]:
    """Return the values that both agree on, every field of the kind among them.

    A field that says nothing is told as such: left out it would come back as it was.
    """
    disputed = {one.code for one in merged.conflicts}
    codes = [field.code for field in catalogue.fields_of(kind)]
    return {
        code: merged.values.get(code, "")
        for code in dict.fromkeys((*codes, *merged.values))
        if code not in disputed
    }


def _words(kind: RecordKind, code: str, text: str) -> str:
    field = catalogue.field_of(kind, code)
    return reports.value_text(field, text) if field else text


def _is_text(kind: RecordKind, code: str) -> bool:
    field = catalogue.field_of(kind, code)
    return field is None or field.input in ("text", "long")
