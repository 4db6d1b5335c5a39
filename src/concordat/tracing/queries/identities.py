"""One person as far as the actor may see: every force's record, what they say, why they are one."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.identity.queries import identity_of, pair
from concordat.identity.rules.answers import Identity, PairDetail
from concordat.identity.rules.judgements import Verdict, pair_of
from concordat.records.queries import PersonDetail, PersonSummary, WarningDetail, person, persons
from concordat.tracing.rules import Fact, facts_of
from concordat.tracing.rules.facts import best_record

MOST_SIDE_BY_SIDE: Final = 8
"""Records that stand side by side and are compared; of further ones only the names are shown."""


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Two records beside each other: both as recorded, their facts, and what speaks for it."""

    left: PersonSummary
    right: PersonSummary
    facts: tuple[Fact, ...]
    pair: PairDetail


@dataclass(frozen=True, kw_only=True)
class IdentityPage:
    """One person. `opened` is the record asked for and stands first in `records`.

    `best` is the record to name the person by. `facts` are of the records in their order, the
    first `MOST_SIDE_BY_SIDE` of them; `others` are records beyond. `apart` are records that
    people keep apart from this person. `warnings` are those that hold, newest first.
    """

    identity: Identity
    records: tuple[PersonDetail, ...]
    others: tuple[PersonSummary, ...]
    best: PersonSummary
    facts: tuple[Fact, ...]
    warnings: tuple[WarningDetail, ...]
    compared: tuple[PairDetail, ...]
    apart: tuple[PersonSummary, ...]

    @property
    def opened(self) -> PersonSummary:
        """The record that was asked for."""
        return self.records[0].current


def identity_page(actor: Actor, *, record_id: UUID) -> IdentityPage:
    """Return the person whom this record is of, as far as `actor` may see.

    Raises UnknownPerson alike for a record that isn't there and one that `actor` may not read.
    """
    with acting(actor):
        identity = identity_of(actor, record_id=record_id)
        ids = [one for one, _ in identity.records if one != record_id]
        shown = [record_id, *ids[: MOST_SIDE_BY_SIDE - 1]]
        details = tuple(person(actor, person_id=one) for one in shown)
        others = tuple(persons(actor, ids=ids[MOST_SIDE_BY_SIDE - 1 :]))
        apart = tuple(persons(actor, ids=_apart(identity)))
        compared = tuple(pair(actor, one=record_id, other=one) for one in shown[1:])
    current = {detail.current.id: detail.current for detail in details}
    best = best_record(
        {one: summary.content for one, summary in current.items()},
        {one: len(summary.missing) for one, summary in current.items()},
    )
    warnings = [w for summary in (*current.values(), *others) for w in summary.warnings]
    return IdentityPage(
        identity=identity,
        records=details,
        others=others,
        best=current[best],
        facts=facts_of([summary.content for summary in current.values()]),
        warnings=tuple(sorted(warnings, key=lambda w: (w.recorded_at, w.code), reverse=True)),
        compared=compared,
        apart=apart,
    )


def side_by_side(actor: Actor, *, one: UUID, other: UUID) -> Compared:
    """Return two records beside each other. Raises UnknownPerson unless `actor` may read both."""
    left, right = pair_of(one, other)
    with acting(actor):
        found = pair(actor, one=left, other=right)
        first, second = persons(actor, ids=[left, right])
    return Compared(
        left=first,
        right=second,
        facts=facts_of([first.content, second.content]),
        pair=found,
    )


def _apart(identity: Identity) -> list[UUID]:
    """Return the records that people's live judgements keep apart from these."""
    mine = {record_id for record_id, _ in identity.records}
    return sorted(
        {
            one
            for judgement in identity.judgements
            if judgement.verdict is Verdict.DIFFERENT
            and not judgement.by_machine
            and judgement.retired_at is None
            for one in (judgement.left_id, judgement.right_id)
            if one not in mine
        }
    )
