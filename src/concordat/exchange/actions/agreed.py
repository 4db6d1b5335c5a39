"""The agreements that a force was party to, to be read elsewhere."""

import json
from dataclasses import fields
from datetime import date
from typing import Any

from concordat.agreements.queries import AgreementDetail, agreements, versions
from concordat.agreements.rules import as_document
from concordat.base.actor import Actor
from concordat.organisations.queries import OrganisationSummary

_TOLD_ELSEWHERE = ("terms", "sharing")
"""Fields of an agreement that its terms, as one document, hold as well."""


def agreements_of(owner: Actor) -> str:
    """Return every version of every agreement of the force that `owner` acts for, as JSON."""
    found = agreements(owner, party_id=owner.organisation_id)
    references = sorted({detail.reference for detail in found})
    documents = [
        {**_plain(detail), "terms": as_document(detail.terms)}
        for reference in references
        for detail in reversed(versions(owner, reference=reference))
    ]
    return json.dumps(documents, indent=2, ensure_ascii=False) + "\n"


def _plain(value: Any) -> Any:  # noqa: ANN401 (whatever a detail is made of)
    """Return a value as JSON has it: bodies by their codes, days and instants as ISO 8601."""
    if isinstance(value, OrganisationSummary):
        return value.code
    if isinstance(value, AgreementDetail) or hasattr(value, "__dataclass_fields__"):
        names = [one.name for one in fields(value) if one.name not in _TOLD_ELSEWHERE]
        return {name: _plain(getattr(value, name)) for name in names}
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)
