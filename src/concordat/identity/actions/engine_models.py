"""Which model of the engine weighs the register."""

import json

from django.db import connection

from concordat.audit.actions import record
from concordat.audit.rules import Operation
from concordat.base.acting import acting
from concordat.base.actor import Actor, Role
from concordat.base.clock import now
from concordat.base.ids import new_id
from concordat.identity.engine import Model
from concordat.identity.errors import NotAllowedToResolve

_STORE = """
INSERT INTO identity_model (id, version, body, stored_at, stored_by, in_use)
VALUES (%s, %s, %s, %s, %s, false) ON CONFLICT (version) DO NOTHING
"""


def use_model(actor: Actor, *, model: Model) -> None:
    """Keep a model and use it from now on; judgements by the one before stay until resolved anew.

    Run `resolve_all` afterwards: until then old and new weights stand beside each other. Raises
    NotAllowedToResolve for people.
    """
    if not actor.holds(Role.SYSTEM):
        raise NotAllowedToResolve("The service alone changes the model, at the command line.")
    with acting(actor), connection.cursor() as cursor:
        cursor.execute(
            _STORE,
            [new_id(), model.version, json.dumps(model.as_dict()), now(), actor.person_name],
        )
        cursor.execute("UPDATE identity_model SET in_use = false WHERE in_use")
        cursor.execute(
            "UPDATE identity_model SET in_use = true WHERE version = %s", [model.version]
        )
        record(
            actor,
            operation=Operation.ADMINISTRATION,
            action="identity.use_model",
            details={"version": model.version},
        )
