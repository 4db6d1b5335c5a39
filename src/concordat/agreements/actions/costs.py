"""Issuing statements of costs. What is issued stays as it is; a later statement corrects it."""

from django.db import connection

from concordat.agreements.models import Statement
from concordat.agreements.queries import StatementDetail, agreement, preview_statement, statement
from concordat.agreements.rules.statements import YearFigures, statement_document
from concordat.audit.actions import record
from concordat.audit.rules import Operation
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.base.clock import now
from concordat.base.ids import new_id


def issue_statement(
    actor: Actor, *, reference: str, line: int, figures: YearFigures
) -> StatementDetail:
    """Issue the statement that `preview_statement` shows, with the next number of the agreement.

    It can't be changed afterwards. Raises as `preview_statement`: CannotShare, UnknownAgreement,
    UnknownStatement, WrongState, NotAllowedWithCosts.
    """
    with acting(actor):
        detail = agreement(actor, reference=reference)
        _wait_for_others(detail.reference)
        text = preview_statement(actor, reference=reference, line=line, figures=figures)
        row = Statement(
            id=new_id(),
            agreement_id=detail.id,
            number=_next_number(detail.reference),
            line=line,
            year=text.year,
            kind=text.kind,
            total=text.calculation.total,
            document=statement_document(text),
            issued_at=now(),
            issued_by=actor.person_name,
            organisation_id=actor.organisation_id,
        )
        row.save(force_insert=True)
        _journal(actor, row)
        return statement(actor, statement_id=row.id)


def _wait_for_others(reference: str) -> None:
    """Let one statement of an agreement be issued at a time, so that none has another’s number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"statements of {reference}"]
        )


def _next_number(reference: str) -> int:
    rows = Statement.objects.filter(agreement__reference=reference)
    return (rows.order_by("-number").values_list("number", flat=True).first() or 0) + 1


def _journal(actor: Actor, row: Statement) -> None:
    record(
        actor,
        operation=Operation.ADMINISTRATION,
        action="agreements.issue_statement",
        details={
            "agreement": row.document["reference"],
            "version": row.document["version"],
            "statement": row.number,
            "line": row.line,
            "year": row.year,
            "kind": str(row.kind),
            "total": row.total,
        },
    )
