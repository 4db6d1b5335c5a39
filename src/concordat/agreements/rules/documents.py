"""An agreement's terms as one JSON document, and its digest: what exactly was signed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from concordat.access.rules import Level, RecordKind
from concordat.agreements.rules.terms import (
    AgreementKind,
    AgreementTerms,
    BenefitTerms,
    CostTerms,
    ResourceTerms,
    SharingTerms,
)
from concordat.base.actor import Purpose, Role

_DAYS = ("review_on", "starts_on", "ends_on")


def as_document(terms: AgreementTerms) -> dict[str, Any]:
    """Return the terms as JSON holds them: record kinds by their code, days as ISO 8601."""
    document = asdict(terms)
    for name in _DAYS:
        document[name] = document[name].isoformat() if document[name] else None
    for clause in document["sharing"]:
        clause["kind"] = RecordKind(clause["kind"]).code
    plain: dict[str, Any] = json.loads(json.dumps(document))
    return plain


def from_document(document: Mapping[str, Any]) -> AgreementTerms:
    """Return the terms that a document holds; what it leaves out is empty.

    Raises ValueError for a kind, level, role, purpose or day that doesn't exist, KeyError for a
    document without a reference or kind, TypeError for a field that no schedule has.
    """
    told = dict(document)
    return AgreementTerms(
        **{
            **told,
            "title": told.get("title", ""),
            "purpose": told.get("purpose", ""),
            "reference": told["reference"],
            "kind": AgreementKind(told["kind"]),
            "parties": tuple(told.get("parties", ())),
            "functions": tuple(told.get("functions", ())),
            "excluded_functions": tuple(told.get("excluded_functions", ())),
            **{name: _day(told.get(name)) for name in _DAYS},
            "sharing": tuple(_clause(clause) for clause in told.get("sharing", ())),
            "resources": tuple(ResourceTerms(**line) for line in told.get("resources", ())),
            "costs": tuple(CostTerms(**line) for line in told.get("costs", ())),
            "benefits": tuple(BenefitTerms(**line) for line in told.get("benefits", ())),
        }
    )


def digest(terms: AgreementTerms) -> str:
    """Return the SHA-256 of the terms, by which a signature names what it signed.

    PostgreSQL computes the same (`concordat.digest_of`); a test holds both together.
    """
    canonical = json.dumps(
        as_document(terms), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def _day(text: str | date | None) -> date | None:
    return text if isinstance(text, date) or text is None else date.fromisoformat(text)


def _clause(told: Mapping[str, Any]) -> SharingTerms:
    plain = dict(told)
    plain["kind"] = RecordKind.from_code(plain["kind"])
    plain["level"] = Level(plain["level"])
    for name, words in (("roles", Role), ("purposes", Purpose)):
        if name in plain:
            plain[name] = tuple(words(word) for word in plain[name])
    for name in ("lawful_basis", "assessment", "contact"):
        plain.setdefault(name, "")
    return SharingTerms(**plain)
