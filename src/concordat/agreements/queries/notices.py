"""Published decision notices: what anybody may read, and what was left out for the parties."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from concordat.agreements.models import Notice, Redaction
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.organisations.queries import OrganisationSummary, names_by_id


@dataclass(frozen=True, kw_only=True)
class NoticeDetail:
    """A published notice, in the words that were published and no others."""

    id: UUID
    reference: str
    version: int
    body: OrganisationSummary
    title: str
    text: str
    outline_only: bool
    published_at: datetime
    published_by: str


def notices(*, reference: str = "") -> tuple[NoticeDetail, ...]:
    """Return every published notice, or those of one agreement, the newest first.

    They are public: nobody needs to sign in to read them.
    """
    rows = Notice.objects.order_by("-published_at", "id")
    if reference:
        rows = rows.filter(reference=reference)
    bodies = names_by_id()
    return tuple(
        NoticeDetail(
            id=row.id,
            reference=row.reference,
            version=row.version,
            body=bodies[row.organisation_id],
            title=row.title,
            text=row.text,
            outline_only=row.outline_only,
            published_at=row.published_at,
            published_by=row.published_by,
        )
        for row in rows
    )


def redactions(actor: Actor, *, notice_id: UUID) -> tuple[tuple[str, str], ...]:
    """Return what a notice leaves out and why, for staff of the bodies it binds; else nothing."""
    with acting(actor):
        rows = Redaction.objects.filter(notice=notice_id).order_by("part")
        return tuple((row.part, row.because) for row in rows)
