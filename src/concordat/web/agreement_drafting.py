"""Joining what a page says of a draft agreement with what the draft says by now.

Two people may work on one draft. Each page sends what it holds with what it was made of; only what
was changed on it is taken, so that neither overwrites the other. What both changed differently is
shown to whoever saves second, with both texts.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from concordat.access.rules import RecordKind
from concordat.agreements.actions import save_draft
from concordat.agreements.errors import StaleDraft
from concordat.agreements.queries import AgreementDetail, agreement
from concordat.agreements.rules import AgreementTerms, as_document, from_document
from concordat.base.actor import Actor
from concordat.records.rules.merging import Conflict, Merged, merge

Values = dict[str, str]
"""What a draft says, by name, each as JSON; "" is not there. Clauses are `sharing:KIND` each."""

SHARING = "sharing"
_SETS = ("parties", "functions", "excluded_functions")
_TRIES = 10
"""So often another save may come between reading a draft and saving it."""


@dataclass(frozen=True, kw_only=True)
class Saved:
    """A draft as it is kept now.

    `elsewhere` are the names of what somebody else changed meanwhile. Of the `conflicts`, which
    both changed, the draft keeps what was there first. `base` is what the page is made of now:
    its own values still, but for the conflicts, which it shows.
    """

    draft: AgreementDetail
    base: Values
    elsewhere: tuple[str, ...]
    conflicts: tuple[Conflict, ...]


def values_of(terms: AgreementTerms) -> Values:
    """Return what terms say, by name."""
    document = as_document(terms)
    clauses = document.pop(SHARING)
    values = {name: json.dumps(value) for name, value in document.items()}
    return values | {f"{SHARING}:{clause['kind']}": json.dumps(clause) for clause in clauses}


def clause_name(kind: RecordKind) -> str:
    """Return the name of the value that holds the clause of a kind."""
    return f"{SHARING}:{kind.code}"


def save(
    actor: Actor, *, draft: AgreementDetail, base: Mapping[str, str], mine: Mapping[str, str]
) -> Saved:
    """Save what a page says over `draft`, read just now.

    `base` is what the page was made of; if it is empty, that counts as what is stored. Raises
    StaleDraft if others save without a pause, and what `save_draft` raises.
    """
    current, theirs = draft, values_of(draft.terms)
    known = {name: (base or theirs).get(name, "") for name in mine}
    for attempt in range(_TRIES):
        theirs = values_of(current.terms)
        own, merged = _merged(known, mine, theirs)
        values = {name: text for name, text in theirs.items() if name not in mine} | merged.values
        try:
            current = current if values == theirs else _saved(actor, current, values)
            break
        except StaleDraft:
            if attempt == _TRIES - 1:
                raise
            current = agreement(actor, reference=current.reference, version=current.version)
    disputed = {one.code: one.theirs for one in merged.conflicts}
    return Saved(
        draft=current,
        base=values_of(current.terms) | known | disputed,
        elsewhere=tuple(
            name
            for name in mine
            if name not in disputed and theirs.get(name, "") not in (known[name], own[name])
        ),
        conflicts=merged.conflicts,
    )


def _saved(actor: Actor, current: AgreementDetail, values: Values) -> AgreementDetail:
    return save_draft(
        actor, reference=current.reference, revision=current.revision, terms=_terms(values)
    )


def _merged(known: Values, mine: Mapping[str, str], theirs: Values) -> tuple[Values, Merged]:
    """Return what the page says by now, and its merge with what is stored.

    A list of names holds what both took in, so that of two lists none is in dispute.
    """
    own = {name: _joined(name, known[name], text, theirs) for name, text in mine.items()}
    here = {name: theirs.get(name, "") for name in mine}
    before = known | {name: text for name, text in here.items() if name in _SETS}
    return own, merge(before, own, here)


def _joined(name: str, base: str, mine: str, theirs: Values) -> str:
    """Return a list of names with what both took in and without what either left out."""
    if name not in _SETS:
        return mine
    before, own, other = (_names(text) for text in (base, mine, theirs.get(name, "")))
    kept = [one for one in other if one in own or one not in before]
    kept += [one for one in own if one not in before and one not in kept]
    return json.dumps(own if sorted(kept) == sorted(own) else kept)


def _names(text: str) -> list[str]:
    """Return a list as a page tells it; none if it tells anything else."""
    try:
        told = json.loads(text or "[]")
    except ValueError:
        return []
    return [str(one) for one in told] if isinstance(told, list) else []


def _terms(values: Mapping[str, str]) -> AgreementTerms:
    document: dict[str, Any] = {
        name: json.loads(text)
        for name, text in values.items()
        if not name.startswith(f"{SHARING}:")
    }
    order = {kind.code: number for number, kind in enumerate(RecordKind)}
    clauses = [json.loads(text) for name, text in values.items() if name.startswith(f"{SHARING}:")]
    document[SHARING] = sorted(clauses, key=lambda clause: order[clause["kind"]])
    return from_document(document)
