"""Drafts in a line, and what was logged in the end."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from concordat.access.rules import RecordKind
from concordat.organisations.queries import OrganisationSummary
from concordat.records.queries import DraftDetail
from concordat.records.rules import catalogue
from concordat.records.rules.reports import Participant, Report, Thing
from concordat.web.formatting import format_datetime
from concordat.web.presenters.agreements import listed
from concordat.web.presenters.parts import Part, kind_of, parts_of, record_url, title

_LONGEST_TITLE: Final = 80
_PHRASES: Final = {one.kind: one.phrase for one in catalogue.KINDS}


@dataclass(frozen=True, kw_only=True)
class DraftLine:
    """One of somebody’s drafts, as a list shows it."""

    title: str
    kind: str
    url: str
    saved: str


@dataclass(frozen=True, kw_only=True)
class PartLine:
    """Somebody or something that was logged. `owner` is another force whose record it is."""

    title: str
    what: str
    url: str
    owner: str


def draft_line(draft: DraftDetail) -> DraftLine:
    """Return a draft as a line: what it says, and when it was saved."""
    said = draft.report.value("summary") or ", ".join(
        filter(None, (title(part) for part in parts_of(draft.report)))
    )
    saved = format_datetime(draft.saved_at)
    if draft.handed_by_name:
        saved += f", handed over by {draft.handed_by_name}"
    return DraftLine(
        title=cut(said) or "Nothing said yet",
        kind=draft.report.kind.label,
        url=reverse("log-draft", args=[draft.id]),
        saved=saved,
    )


def heading(draft: DraftDetail) -> str:
    """Return what the page of a draft is called: “Log a crime”."""
    phrase = _PHRASES[draft.report.kind]
    return f"Log {phrase[0].lower()}{phrase[1:]}"


def saved_text(draft: DraftDetail) -> str:
    """Return when a draft was saved, and that it saves itself."""
    return f"Draft, saved {format_datetime(draft.saved_at)}. It saves itself as you go."


def part_lines(
    report: Report, bodies: Mapping[int, OrganisationSummary], *, own: int
) -> list[PartLine]:
    """Return who and what is in a report. `own` is the reader’s body, which need not be named."""
    return [
        PartLine(
            title=title(part) or kind_of(part).label,
            what=_as_what(part),
            url=record_url(part),
            owner=bodies[part.owner_id].name if part.owner_id not in (None, own) else "",
        )
        for part in parts_of(report)
    ]


def cut(text: str) -> str:
    """Return a text that fits into a line."""
    words = " ".join(text.split())
    return words if len(words) <= _LONGEST_TITLE else words[:_LONGEST_TITLE].rstrip() + " …"


def _as_what(part: Part) -> str:
    if isinstance(part, Participant):
        roles = [catalogue.ROLE_BY_CODE[code].label.lower() for code in part.roles
                 if code in catalogue.ROLE_BY_CODE]  # fmt: skip
        return listed(roles) if roles else "person"
    if isinstance(part, Thing):
        labels = {use.code: use.label.lower() for use in catalogue.uses_of(part.kind)}
        uses = [labels[code] for code in part.uses if code in labels]
        return ", ".join((part.kind.label.lower(), *uses))
    return RecordKind.PLACE.label.lower()
