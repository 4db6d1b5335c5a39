"""What a force holds twice, and how far resolving the register is."""

import json
from collections import defaultdict
from uuid import UUID

from django.db import connection

from concordat.access.rules import RecordKind
from concordat.audit.actions import record
from concordat.audit.rules import Operation, Subject
from concordat.base.acting import acting
from concordat.base.actor import Actor, Role
from concordat.identity.rules.answers import Duplicates, RunProgress
from concordat.identity.rules.groups import Groups

_EXAMPLES = 50

# What holds of each pair inside the force: people's latest judgement, or else the machine's.
_SAME = """
SELECT DISTINCT ON (left_id, right_id) left_id, right_id, verdict
FROM identity_judgement
WHERE retired_at IS NULL AND left_compartment = %(compartment)s
  AND right_compartment = %(compartment)s
  AND (judged_by_id IS NULL OR verdict <> 'unsure')
ORDER BY left_id, right_id, judged_by_id IS NULL, judged_at DESC, id DESC
"""


def duplicates_inside(actor: Actor, *, owner_id: int) -> Duplicates:
    """Return how many records of one force are of a person it already holds, with examples.

    By pairs that are judged the same, chained; of what `actor` may read. The examples are the
    largest.
    """
    with acting(actor), connection.cursor() as cursor:
        cursor.execute(_SAME, {"compartment": owner_id * 100 + RecordKind.PERSON.value})
        groups: Groups[UUID] = Groups()
        records: set[UUID] = set()
        for left, right, verdict in cursor.fetchall():
            if verdict == "same":
                groups.join(left, right)
                records |= {left, right}
        persons = defaultdict(list)
        for one in sorted(records):
            persons[groups.root(one)].append(one)
        largest = sorted(persons.values(), key=lambda found: (-len(found), found))[:_EXAMPLES]
        record(
            actor,
            operation=Operation.CONSULTATION,
            action="identity.duplicates_inside",
            subjects=[Subject("person", one, owner_id) for found in largest for one in found],
            details={"owner": owner_id},
        )
    return Duplicates(
        owner_id=owner_id,
        persons=len(persons),
        surplus=len(records) - len(persons),
        examples=tuple(tuple(found) for found in largest),
    )


def progress(actor: Actor) -> RunProgress | None:
    """Return how far the latest resolution of the register is; None if there was none.

    What it counted, over all forces, is told to the service alone.
    """
    with acting(actor), connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.started_at, r.last_progress_at, r.finished_at, r.stage, r.share, "
            "r.model_version, r.problem, f.facts "
            "FROM identity_run r LEFT JOIN identity_run_facts f ON f.run_id = r.id "
            "ORDER BY r.started_at DESC LIMIT 1"
        )
        row = cursor.fetchone()
        record(actor, operation=Operation.CONSULTATION, action="identity.progress")
    if row is None:
        return None
    facts = json.loads(row[7]) if row[7] and actor.holds(Role.SYSTEM, Role.RESOLVER) else {}
    return RunProgress(
        started_at=row[0],
        last_progress_at=row[1],
        finished_at=row[2],
        stage=row[3],
        share=row[4],
        model_version=row[5],
        problem=row[6],
        facts=facts,
    )
