"""The model in use, kept at hand by each process."""

import json
from functools import lru_cache

from django.db import connection

from concordat.identity.engine import default_model
from concordat.identity.rules.frozen import FrozenModel, freeze
from concordat.identity.rules.weighing import Weigher


def weigher_in_use() -> Weigher:
    """Return the scorer of the model in use: the stored one, or else the one that is shipped.

    Must be called inside `acting(…)`. The version is asked each time, the model read once.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT version FROM identity_model WHERE in_use")
        row = cursor.fetchone()
    return _shipped() if row is None else _stored(row[0])


@lru_cache(maxsize=1)
def _shipped() -> Weigher:
    return Weigher(freeze(default_model()))


@lru_cache(maxsize=2)
def _stored(version: str) -> Weigher:
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM identity_model WHERE version = %s", [version])
        return Weigher(FrozenModel.from_dict(json.loads(cursor.fetchone()[0])))
