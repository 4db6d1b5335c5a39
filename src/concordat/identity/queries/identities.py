"""One identity, one pair: as far as the actor may see, with all that was judged of it."""

from collections.abc import Iterable
from uuid import UUID

from concordat.audit.actions import record
from concordat.audit.rules import Operation, Subject
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.identity.engine import Features
from concordat.identity.errors import UnknownPerson
from concordat.identity.queries.evidence import (
    Facets,
    connected,
    facets_of,
    history_among,
    history_of,
    judgements_among,
    owners_of,
)
from concordat.identity.queries.models import weigher_in_use
from concordat.identity.rules.answers import Identity, PairDetail
from concordat.identity.rules.clusters import derive
from concordat.identity.rules.judgements import pair_of, settle
from concordat.identity.rules.weighing import Weigher

_UNKNOWN = "There is no such person record, or it is not shared with you."


def identity_of(actor: Actor, *, record_id: UUID) -> Identity:
    """Return the records that are the same person as this one, of those `actor` may read.

    Two records that only a record hidden from the actor connects appear apart. Raises
    UnknownPerson alike for a record that isn't there and one that `actor` may not read.
    """
    with acting(actor):
        around = connected(owners_of([record_id]))
        if record_id not in around:
            raise UnknownPerson(_UNKNOWN)
        settled = settle(judgements_among(around))
        labels = derive(facets_of(around), settled, weigher_in_use())
        mine = [one for one in sorted(labels) if labels[one] == labels[record_id]]
        history = history_of(mine)
        record(
            actor,
            operation=Operation.CONSULTATION,
            action="identity.identity_of",
            subjects=_subjects(around, mine),
        )
    return Identity(
        records=tuple((one, around[one].owner_id) for one in mine),
        judgements=history,
        conflicts=tuple(sorted(pair for pair in settled.conflicts if set(pair) & set(mine))),
    )


def pair(actor: Actor, *, one: UUID, other: UUID) -> PairDetail:
    """Return two records beside each other, with what speaks for and against their being one.

    Of records with several facets the two that fit best. Raises UnknownPerson unless `actor` may
    read both.
    """
    left, right = pair_of(one, other)
    with acting(actor):
        around = connected(owners_of([left, right]))
        if left not in around or right not in around:
            raise UnknownPerson(_UNKNOWN)
        weigher = weigher_in_use()
        first, second = best_facets(weigher, around[left].features, around[right].features)
        detail = PairDetail(
            left_id=left,
            left_owner_id=around[left].owner_id,
            right_id=right,
            right_owner_id=around[right].owner_id,
            left=first,
            right=second,
            explanation=weigher.explain(first, second),
            judgements=history_among([left, right]),
        )
        record(
            actor,
            operation=Operation.CONSULTATION,
            action="identity.pair",
            subjects=_subjects(around, [left, right]),
        )
    return detail


def best_facets(
    weigher: Weigher, left: Iterable[Features], right: Iterable[Features]
) -> tuple[Features, Features]:
    """Return the facet of each of two records which together score highest."""
    others = tuple(right) or ({},)
    scored = [
        (bits, -number, -place, facet, other)
        for number, facet in enumerate(tuple(left) or ({},))
        for place, (other, bits) in enumerate(
            zip(others, weigher.compare(facet, others).bits.tolist(), strict=True)
        )
    ]
    _, _, _, first, second = max(scored, key=lambda found: found[:3])
    return first, second


def _subjects(around: dict[UUID, Facets], records: Iterable[UUID]) -> list[Subject]:
    return [Subject("person", one, around[one].owner_id) for one in records]
