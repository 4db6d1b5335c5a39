"""What a disclosure tells, by the label of each part."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from concordat.access.rules import RecordKind
from concordat.records.errors import WrongDetails
from concordat.records.queries.labels import Named
from concordat.records.queries.reports import ReportDetail
from concordat.records.rules.catalogue import fields_of, label_of
from concordat.records.rules.reports import Participant, Thing, Where
from concordat.records.rules.told_events import INTELLIGENCE, tie_label, title_of

TITLE: Final = "Title"
SANITISED: Final = "Sanitised text"
"""The labels of the two parts of a report that a sanitised disclosure has."""

_NEVER: Final = frozenset({"provenance", "citations"})
"""Fields that no disclosure tells."""


def content_to_disclose(
    detail: ReportDetail, names: Mapping[UUID, Named], *, sanitised: bool
) -> dict[str, str]:
    """Return what is told, by the label of each part.

    Of the people and things those of the event's owner: others' are not its to pass on.
    """
    fields = detail.report.fields
    title = title_of(detail.kind, detail.category, fields)
    clean = fields.get("sanitised", "").strip()
    if sanitised:
        if not clean:
            raise WrongDetails("There is no sanitised text to disclose: write one first.")
        return {TITLE: title, SANITISED: clean}
    told = {TITLE: title}
    for field in fields_of(detail.kind):
        text = fields.get(field.code, "").strip()
        if text and field.code not in _NEVER | {"title", "sanitised"}:
            told[field.label] = label_of(field.choices, text) if field.choices else text
    for number, (what, label) in enumerate(_parts(detail, names), start=1):
        told[f"{number}. {what}"] = label
    if clean and detail.kind in INTELLIGENCE:
        told[SANITISED] = clean
    return told


def _parts(detail: ReportDetail, names: Mapping[UUID, Named]) -> list[tuple[str, str]]:
    """Return who and what was in the event: as what, and how they are named."""
    report = detail.report
    ends: list[tuple[Participant | Thing | Where, RecordKind, tuple[str, ...]]] = [
        *((one, RecordKind.PERSON, one.roles) for one in report.participants),
        *((one, one.kind, one.uses) for one in report.things),
        *((one, RecordKind.PLACE, ()) for one in report.places),
    ]
    told = []
    for one, kind, codes in ends:
        found = names.get(one.record_id) if one.record_id else None
        if one.record_id and (found is None or found.owner_id != detail.owner_id):
            continue
        as_what = ", ".join(tie_label(code, kind=kind) for code in codes) or kind.label
        told.append((as_what, one.label or ", ".join(filter(None, one.fields.values()))))
    return [(as_what, label) for as_what, label in told if label]


def content_to_pass_on(content: Mapping[str, str], *, sanitised: bool) -> dict[str, str]:
    """Return what of a disclosure is passed on."""
    if not sanitised:
        return dict(content)
    if not content.get(SANITISED):
        raise WrongDetails("There is no sanitised text to pass on.")
    return {name: content[name] for name in (TITLE, SANITISED) if name in content}
