"""People who draft and sign agreements in tests, and shortcuts through an agreement's life."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

import psycopg
from django.db import connection

from concordat.agreements.actions import draft_agreement, propose, sign
from concordat.agreements.queries import AgreementDetail, versions
from concordat.agreements.rules import AgreementTerms, State
from concordat.base.acting import acting
from concordat.base.actor import Actor, Purpose, Role
from tests.world import person


def drafter(body: str) -> Actor:
    """Add a member of a body's programme team."""
    return person(body, Role.PROGRAMME, purpose=Purpose.ADMINISTRATION)


def signatory(body: str) -> Actor:
    """Add whoever signs for a body: its chief officer, commissioner or fire authority."""
    return person(body, Role.SIGNATORY, purpose=Purpose.ADMINISTRATION)


def proposed(actor: Actor, terms: AgreementTerms) -> AgreementDetail:
    """Draft an agreement and propose it."""
    draft_agreement(actor, terms=terms)
    return propose(actor, reference=terms.reference)


def signatories_of(detail: AgreementDetail) -> list[Actor]:
    """Add a signatory for each body that must sign, in the order of the signatures."""
    return [signatory(signature.body.code) for signature in detail.signatures]


def signed_by(reference: str, actors: Iterable[Actor]) -> None:
    """Let each of `actors` sign what is proposed now."""
    for actor in actors:
        asked = (v for v in versions(actor, reference=reference) if v.state is State.PROPOSED)
        digest = next(asked).digest
        sign(actor, reference=reference, digest=digest, reasons="It serves our people.")


def let_time_pass(superuser_url: str, *, reference: str, days: int) -> None:
    """Move an agreement and its grants into the past by `days`, as if the calendar had moved on.

    Nobody who serves pages can do that: it takes PostgreSQL's superuser.
    """
    with psycopg.connect(superuser_url, autocommit=True) as superuser:
        superuser.execute(
            "UPDATE access_grant g "
            "SET valid = tstzrange(lower(g.valid) - past, upper(g.valid) - past) "
            "FROM agreements_agreement a, make_interval(days => %s) AS past "
            "WHERE a.id = g.agreement_id AND a.reference = %s",
            [days, reference],
        )
        superuser.execute(
            "UPDATE agreements_agreement SET starts_on = starts_on - %s, ends_on = ends_on - %s "
            "WHERE reference = %s",
            [days, days, reference],
        )


def acted(actor: Actor, statement: str, *values: str | int | date | UUID) -> int:
    """Run one statement as the serving role with an actor's token; return the rows it touched."""
    with acting(actor), connection.cursor() as cursor:
        cursor.execute(statement, values)
        touched: int = cursor.rowcount
    return touched
