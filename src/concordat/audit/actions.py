"""Writing the journal: one entry for every operation, in the transaction of that operation."""

import json
import logging
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from concordat.audit.rules import Operation, Position, Subject
from concordat.base.actor import Actor
from concordat.base.clock import now
from concordat.base.ids import new_id

logger = logging.getLogger(__name__)


def record(
    actor: Actor,
    *,
    operation: Operation,
    action: str,
    subjects: Iterable[Subject] = (),
    details: Mapping[str, Any] | None = None,
) -> Position:
    """Write one entry for what `actor` does in this transaction, and return where it stands.

    Must be called inside `acting(actor)`: who, for whom, in which roles and for which purpose are
    taken from the verified token, not from the caller; PostgreSQL refuses an entry without one.
    `action` is the dotted name of the operation, such as "records.load_street".
    """
    entry_id = new_id()
    listed = [[subject.kind, str(subject.id), subject.owner_id] for subject in subjects]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lane, seq, hash FROM concordat.journal(%s, %s, %s, %s, %s, %s, %s)",
            [
                entry_id,
                operation.value,
                action,
                actor.person_name,
                actor.reason,
                json.dumps(dict(details or {})),
                json.dumps(listed),
            ],
        )
        lane, seq, digest = cursor.fetchone()
    position = Position(entry_id=entry_id, lane=lane, seq=seq, hash=bytes(digest).hex())
    transaction.on_commit(lambda: anchor(position))
    return position


def anchor(position: Position) -> None:
    """Append an entry's hash to the anchor file, which lives outside the database.

    Whoever could rewrite the whole chain inside the database still leaves the file's lines
    unmatched. Administrators ship the file elsewhere (`CONCORDAT_ANCHOR_FILE`). The entry is
    already committed when this runs, so a failure is logged, not raised.
    """
    line = json.dumps(
        {
            "at": now().isoformat(timespec="milliseconds"),
            "lane": position.lane,
            "seq": position.seq,
            "hash": position.hash,
        }
    )
    try:
        path = Path(settings.CONCORDAT_ANCHOR_FILE)
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, f"{line}\n".encode())
        finally:
            os.close(descriptor)
    except OSError:
        logger.exception("The journal's anchor could not be written: check space and rights")
