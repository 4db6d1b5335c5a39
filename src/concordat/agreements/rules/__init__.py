"""What an agreement says and the life it leads (`terms`), and who pays what (`costs`)."""

from concordat.agreements.rules.terms import (
    RECORD_ROLES,
    TRANSITIONS,
    AgreementKind,
    AgreementTerms,
    SharingTerms,
    Standing,
    State,
    Step,
    grants_of,
    missing_terms,
    next_state,
    standing_on,
)

__all__ = [
    "RECORD_ROLES",
    "TRANSITIONS",
    "AgreementKind",
    "AgreementTerms",
    "SharingTerms",
    "Standing",
    "State",
    "Step",
    "grants_of",
    "missing_terms",
    "next_state",
    "standing_on",
]
