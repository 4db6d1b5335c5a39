"""Whether a report may rest on the intelligence that it cites."""

import re
from collections.abc import Iterator
from typing import Final
from uuid import UUID

from concordat.access.rules import RecordKind
from concordat.organisations.queries import names_by_id
from concordat.records.errors import NotReady
from concordat.records.models import Event
from concordat.records.rules.events import Source
from concordat.records.rules.handling import handling_of, may_cite
from concordat.records.rules.readiness import Missing
from concordat.records.rules.references import read_reference
from concordat.records.rules.reports import Report
from concordat.records.rules.told_events import INTELLIGENCE

_SEPARATORS: Final = re.compile(r"[\s,;]+")


def check_citations(report: Report) -> None:
    """Raise NotReady, with the reason, if the report cites intelligence that it may not.

    A citation is the id or the reference of a report; other words are kept and mean nothing here.
    What can't be found, or isn't the actor's to read, can't be cited: its conditions are unknown.
    To be called inside `acting`.
    """
    problems = [
        Missing(
            code="citations",
            where="field-citations",
            what=f"{cited}: {problem}",
            why="Intelligence is used only as its originator permits.",
            by_whom="The national intelligence report (3x5x2)",
            blocks=True,
        )
        for cited, problem in _problems(report)
    ]
    if problems:
        raise NotReady(problems)


def _problems(report: Report) -> Iterator[tuple[str, str]]:
    in_arrest = report.kind is RecordKind.ARREST
    others = report.value("other_grounds").casefold() in ("yes", "y", "true")
    for cited in filter(None, _SEPARATORS.split(report.value("citations"))):
        event, names_one = _cited(cited)
        if event is None:
            if names_one:
                yield cited, "There is no such report, or it is not shared with you."
            continue
        kind = RecordKind(event.kind)
        if kind not in INTELLIGENCE:
            continue
        handling = handling_of(kind, event.details["report"]["fields"])
        answer = may_cite(handling, in_arrest=in_arrest, other_grounds=others)
        if not answer.allowed:
            yield cited, answer.because


def _cited(text: str) -> tuple[Event | None, bool]:
    """Return the event that a citation names, and whether it names one at all."""
    try:
        return Event.objects.filter(id=UUID(text), source=Source.CONCORDAT).first(), True
    except ValueError:
        pass
    if read_reference(text) is None:
        return None, False
    owners = [body.id for body in names_by_id().values()]
    rows = Event.objects.filter(
        owner_id__in=owners, source=Source.CONCORDAT, reference=text.upper()
    )
    return rows.first(), True
