"""In plain words: what keeps somebody from reading a kind of record, clause by clause."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from concordat.access.rules import Access, Gap, Missing, RecordKind, WrittenGrant
from concordat.agreements.rules.change_words import (
    listed,
    purposes_in_words,
    staff_in_words,
)
from concordat.base.actor import Role
from concordat.base.clock import LONDON


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Of whom and of what is told: names as sentences need them.

    `person` is "" when the reader asks about themselves. `references` names each version of each
    agreement.
    """

    person: str
    body: str
    owner: str
    kind: RecordKind
    roles: frozenset[Role]
    purpose: str
    references: Mapping[UUID, str]


def in_words(access: Access, asked: Asked) -> tuple[str, ...]:
    """Return one sentence for each thing that is missing; none when the whole record is open."""
    told = (_SENTENCES[missing.gap](asked, missing) for missing in access.missing)
    return tuple(dict.fromkeys(told))


def _no_body(asked: Asked, _: Missing) -> str:
    return f"{_who(asked, 'act', 'acts')} for no body: records are read for one body at a time."


def _record_role(asked: Asked, _: Missing) -> str:
    held = listed(role.label.lower() for role in Role if role in asked.roles)
    return (
        f"{_who(asked, 'hold', 'holds')} no role that works with records"
        f"{f' (only: {held})' if held else ''}."
    )


def _conditions_role(asked: Asked, _: Missing) -> str:
    return (
        "Intelligence under conditions is for intelligence staff and supervisors alone, and "
        f"{_who(asked, 'hold', 'holds', begins=False)} neither role."
    )


def _under_conditions(asked: Asked, _: Missing) -> str:
    return (
        f"No agreement shares intelligence under conditions: {asked.owner} discloses it, body by "
        "body, on the conditions of its handling code."
    )


def _never_shared(asked: Asked, _: Missing) -> str:
    return f"No agreement can share this kind of record ({asked.kind.label.lower()})."


def _role(asked: Asked, missing: Missing) -> str:
    grant = _grant(missing)
    return f"{_clause(asked, grant)} opens it only to {staff_in_words(grant.roles)}."


def _purpose(asked: Asked, missing: Missing) -> str:
    grant = _grant(missing)
    return (
        f"{_clause(asked, grant)} opens it only for {purposes_in_words(grant.purposes)}, "
        f"not for {asked.purpose.lower()}."
    )


def _role_and_purpose(asked: Asked, missing: Missing) -> str:
    grant = _grant(missing)
    return (
        f"{_clause(asked, grant)} opens it only to {staff_in_words(grant.roles)}, and only for "
        f"{purposes_in_words(grant.purposes)}, not for {asked.purpose.lower()}."
    )


def _pointer_only(asked: Asked, missing: Missing) -> str:
    return (
        f"{_clause(asked, _grant(missing))} tells only that a record is held, and whom to ask: "
        "not the record."
    )


def _ended(asked: Asked, missing: Missing) -> str:
    grant = _grant(missing)
    ended = grant.ended_at
    when = f" on {_moment(ended)}" if ended else ""
    return f"{_clause(asked, grant)} opened it, and ended{when}."


def _not_begun(asked: Asked, missing: Missing) -> str:
    grant = _grant(missing)
    return f"{_clause(asked, grant)} opens it only from {_moment(grant.valid_from)} on."


def _other_kinds(asked: Asked, missing: Missing) -> str:
    reference = asked.references.get(_grant(missing).agreement_id, "An agreement")
    return (
        f"{reference} is in force between {asked.owner} and {asked.body}, and names no "
        f"{asked.kind.label.lower()} records in its sharing schedule."
    )


def _no_agreement(asked: Asked, _: Missing) -> str:
    return f"No agreement that opens records is in force between {asked.owner} and {asked.body}."


_SENTENCES: Mapping[Gap, Callable[[Asked, Missing], str]] = {
    Gap.NO_BODY: _no_body,
    Gap.RECORD_ROLE: _record_role,
    Gap.CONDITIONS_ROLE: _conditions_role,
    Gap.UNDER_CONDITIONS: _under_conditions,
    Gap.NEVER_SHARED: _never_shared,
    Gap.ROLE: _role,
    Gap.PURPOSE: _purpose,
    Gap.ROLE_AND_PURPOSE: _role_and_purpose,
    Gap.POINTER_ONLY: _pointer_only,
    Gap.ENDED: _ended,
    Gap.NOT_BEGUN: _not_begun,
    Gap.OTHER_KINDS: _other_kinds,
    Gap.NO_AGREEMENT: _no_agreement,
}


def _grant(missing: Missing) -> WrittenGrant:
    if missing.grant is None:
        raise ValueError(f"{missing.gap} is about a clause, and names none")
    return missing.grant


def _clause(asked: Asked, grant: WrittenGrant) -> str:
    reference = asked.references.get(grant.agreement_id, "an agreement")
    version = f", version {grant.agreement_version}" if grant.agreement_version > 1 else ""
    return f"Clause {grant.clause} of {reference}{version}"


def _who(asked: Asked, you: str, they: str, *, begins: bool = True) -> str:
    if asked.person:
        return f"{asked.person} {they}"
    return f"{'You' if begins else 'you'} {you}"


def _moment(moment: datetime) -> str:
    there = moment.astimezone(LONDON)
    day = f"{there.day} {there:%B %Y}"
    return day if (there.hour, there.minute) == (0, 0) else f"{day}, {there:%H:%M}"
