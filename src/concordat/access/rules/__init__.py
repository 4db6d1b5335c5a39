"""Records and who may read them.

What records there are (`kinds`), where they lie (`registry`), what opens them to others (`grants`),
and why somebody may read one or not (`explaining`).
"""

from concordat.access.rules.explaining import (
    Access,
    Claims,
    Gap,
    Ground,
    Missing,
    explained,
)
from concordat.access.rules.grants import POINTERS_PER_HOUR, GrantTerms, WrittenGrant
from concordat.access.rules.kinds import (
    ASKED_KINDS,
    CONDITIONAL_ROLES,
    EVENT_KINDS,
    RECORDING_ROLES,
    SHAREABLE_KINDS,
    THING_KINDS,
    Level,
    RecordKind,
)
from concordat.access.rules.registry import PROTECTED_KINDS, ProtectedKind, row_policy_sql

__all__ = [
    "ASKED_KINDS",
    "CONDITIONAL_ROLES",
    "EVENT_KINDS",
    "POINTERS_PER_HOUR",
    "PROTECTED_KINDS",
    "RECORDING_ROLES",
    "SHAREABLE_KINDS",
    "THING_KINDS",
    "Access",
    "Claims",
    "Gap",
    "GrantTerms",
    "Ground",
    "Level",
    "Missing",
    "ProtectedKind",
    "RecordKind",
    "WrittenGrant",
    "explained",
    "row_policy_sql",
]
