"""The chain of custody of a thing: each step is added, none is changed."""

from uuid import UUID

from concordat.access.rules import RecordKind
from concordat.audit.actions import record
from concordat.audit.rules import Operation
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.base.clock import now
from concordat.records.actions.recording import (
    check_can_amend,
    check_can_record,
    insert,
    signature,
    tell,
)
from concordat.records.actions.storing import touched_item
from concordat.records.errors import UnknownRecord, WrongDetails
from concordat.records.models import Continuity, Item
from concordat.records.rules.item_keys import item_keys


def move_item(
    actor: Actor, *, item_id: UUID, to_whom: str, where: str, seal: str = "", note: str = ""
) -> int:
    """Add a step to a thing's chain of custody, and return its number.

    Raises UnknownRecord, NotAllowedToRecord for another force's, WrongDetails unless it says who
    has it now or where it is.
    """
    check_can_record(actor)
    if not (to_whom.strip() or where.strip()):
        raise WrongDetails("Say who has it now, or where it is.")
    with acting(actor):
        row = Item.objects.filter(id=item_id).first()
        if row is None:
            raise UnknownRecord("There is no such record, or it is not shared with you.")
        check_can_amend(actor, owner_id=row.owner_id)
        Item.objects.select_for_update(of=("self",)).get(id=item_id)  # one step at a time
        steps = Continuity.objects.filter(owner_id=row.owner_id, item_id=item_id)
        last = steps.order_by("-number").first()
        number = last.number + 1 if last else 1
        insert(
            Continuity,
            [
                {
                    "owner_id": row.owner_id,
                    "kind": row.kind,
                    "item_id": item_id,
                    "number": number,
                    "at": now(),
                    "from_whom": last.to_whom if last else "",
                    "to_whom": to_whom.strip(),
                    "where": where.strip(),
                    "seal": seal.strip(),
                    "note": note.strip(),
                    "recorded_by": signature(actor),
                }
            ],
        )
        kind = RecordKind(row.kind)
        touched = touched_item(actor, kind, item_id, item_keys(kind, row.content))
        tell(actor, touched=[touched])
        record(
            actor,
            operation=Operation.ALTERATION,
            action="records.move_item",
            subjects=[touched.subject],
            details={"number": number, "to": to_whom, "where": where, "seal": seal},
        )
    return number
