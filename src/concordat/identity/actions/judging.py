"""Judgements by named people: append one, retire one. Nothing is ever edited or deleted."""

from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from concordat.access.rules import RecordKind
from concordat.audit.actions import record
from concordat.audit.rules import Operation, Subject
from concordat.base.acting import acting
from concordat.base.actor import Actor, Role
from concordat.base.clock import now
from concordat.base.ids import new_id
from concordat.base.outbox import put
from concordat.identity.errors import (
    IdentityError,
    NotAllowedToJudge,
    UnknownJudgement,
    UnknownPerson,
)
from concordat.identity.queries.evidence import owners_of
from concordat.identity.rules.judgements import Pair, Verdict, pair_of

JUDGES = (Role.DATA_QUALITY, Role.INTELLIGENCE)
"""The roles that decide who is who. PostgreSQL's policy on judgements names them as well."""

JUDGED = "identity.judged"

_RETIRE = """
UPDATE identity_judgement
SET retired_at = %(now)s, retired_by = %(by)s, retired_because = %(because)s
WHERE retired_at IS NULL AND judged_by_id IS NOT NULL
"""
_INSERT = """
INSERT INTO identity_judgement
    (id, owner_id, kind, left_id, right_id, left_compartment, right_compartment, verdict, bits,
     model_version, judged_at, judged_by_id, judged_by, reason, retired_by, retired_because)
VALUES (%(id)s, %(owner)s, %(kind)s, %(left)s, %(right)s, %(left_compartment)s,
        %(right_compartment)s, %(verdict)s, NULL, '', %(now)s, %(person)s, %(by)s, %(reason)s,
        '', '')
"""


def check_can_judge(actor: Actor) -> None:
    """Raise NotAllowedToJudge, with the reason, unless `actor` may decide who is who."""
    if actor.person_id is None:
        raise NotAllowedToJudge("A judgement is made by a named person: say who, with --as.")
    if not actor.holds(*JUDGES):
        raise NotAllowedToJudge(
            f"{actor.person_name} holds neither the role of data quality nor that of "
            "intelligence, one of which is needed to decide who is who."
        )


def can_judge(actor: Actor) -> bool:
    """Whether `actor` may decide who is who."""
    return actor.person_id is not None and actor.holds(*JUDGES)


def judge(actor: Actor, *, left: UUID, right: UUID, verdict: Verdict, reason: str = "") -> UUID:
    """Append the judgement that two records are of one person, or not, or can't be told.

    It outranks the machine's, and an earlier one of anybody's; the same person's earlier one of
    this pair is retired. "Different" keeps the two apart whatever else is found: it is how a merge
    is undone. Returns the judgement's id. Raises NotAllowedToJudge, and UnknownPerson unless
    `actor` may read both records.
    """
    check_can_judge(actor)
    if left == right:
        raise IdentityError("Both are the same record: there is nothing to judge.")
    pair = pair_of(left, right)
    judgement_id = new_id()
    with acting(actor):
        owners = owners_of(pair)
        if len(owners) < len(pair):
            raise UnknownPerson("There is no such person record, or it is not shared with you.")
        _retire_own(actor, pair)
        _append(actor, judgement_id, owners, verdict=verdict, reason=reason)
        put(kind=JUDGED, subject=str(pair[0]), body={"records": [str(one) for one in pair]})
        record(
            actor,
            operation=Operation.COMBINATION,
            action="identity.judge",
            subjects=[Subject("person", one, owners[one]) for one in pair],
            details={"judgement": str(judgement_id), "verdict": verdict.value, "reason": reason},
        )
    return judgement_id


def retire(actor: Actor, *, judgement_id: UUID, reason: str = "") -> None:
    """Retire a judgement of one's own body: what held before it holds again, exactly.

    The machine's judgements are not retired by people, but outranked: judge the pair. Raises
    NotAllowedToJudge, and UnknownJudgement for one of another body.
    """
    check_can_judge(actor)
    with acting(actor), connection.cursor() as cursor:
        cursor.execute(
            f"{_RETIRE} AND id = %(id)s AND owner_id = %(owner)s "
            "RETURNING left_id, left_compartment / 100, right_id, right_compartment / 100",
            _retiring(actor, reason) | {"id": judgement_id, "owner": actor.organisation_id},
        )
        row = cursor.fetchone()
        if row is None:
            raise UnknownJudgement(
                "There is no such judgement of your organisation that still holds."
            )
        put(kind=JUDGED, subject=str(row[0]), body={"records": [str(row[0]), str(row[2])]})
        record(
            actor,
            operation=Operation.COMBINATION,
            action="identity.retire",
            subjects=[Subject("person", row[0], row[1]), Subject("person", row[2], row[3])],
            details={"judgement": str(judgement_id), "reason": reason},
        )


def _retiring(actor: Actor, reason: str) -> dict[str, Any]:
    return {
        "now": now(),
        "by": f"{actor.person_name}, {actor.organisation_name}",
        "because": reason,
    }


def _retire_own(actor: Actor, pair: Pair) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_RETIRE} AND left_id = %(left)s AND right_id = %(right)s "
            "AND judged_by_id = %(person)s AND owner_id = %(owner)s",
            _retiring(actor, "judged again")
            | {
                "left": pair[0],
                "right": pair[1],
                "person": actor.person_id,
                "owner": actor.organisation_id,
            },
        )


def _append(
    actor: Actor,
    judgement_id: UUID,
    owners: dict[UUID, int],
    *,
    verdict: Verdict,
    reason: str,
) -> None:
    pair = sorted(owners)
    compartments = [owners[one] * 100 + RecordKind.PERSON.value for one in pair]
    parameters: dict[str, Any] = {
        "id": judgement_id,
        "owner": actor.organisation_id,
        "kind": RecordKind.JUDGEMENT.value,
        "left": pair[0],
        "right": pair[1],
        "left_compartment": compartments[0],
        "right_compartment": compartments[1],
        "verdict": verdict.value,
        "now": now(),
        "person": actor.person_id,
        "by": f"{actor.person_name}, {actor.organisation_name}",
        "reason": reason,
    }
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_INSERT, parameters)
    except IntegrityError as problem:
        raise IdentityError("You have just judged this pair elsewhere: look again.") from problem
