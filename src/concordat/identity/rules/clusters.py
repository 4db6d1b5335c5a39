"""Clusters: which records are one person, derived from judgements and features alone.

The one rule for everybody: for the whole register, for one record that has just changed, and for
what one actor may see. Records are taken in the order of their ids, so that the result depends on
what is there and not on the order in which it came.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from concordat.identity.engine import DEFAULT_THRESHOLD, REVIEW_THRESHOLD, Features, bits_of
from concordat.identity.rules.exact import IDENTIFIERS
from concordat.identity.rules.groups import Groups
from concordat.identity.rules.judgements import Pair, Settled
from concordat.identity.rules.weighing import Weigher

LINK_BITS = bits_of(DEFAULT_THRESHOLD)
"""From so many bits on the machine judges two records to be one person's."""

REVIEW_BITS = bits_of(REVIEW_THRESHOLD)
"""From so many bits on it leaves them to a person; below it says nothing."""

_PAIR = 2

Labels = dict[UUID, UUID]
"""Each record's cluster, named by the smallest id in it."""


def derive(
    records: Mapping[UUID, Sequence[Features]], settled: Settled, weigher: Weigher
) -> Labels:
    """Return the clusters of these records: their facets by id, and what was judged of them.

    The records must be whole components: all that judgements connect, people’s of sameness and any
    of the machine’s. Inside a component a cluster must hold together on its own evidence; what
    people judged binds.
    """
    linked = {
        pair: bits
        for pair, bits in settled.bits.items()
        if pair[0] in records and pair[1] in records
    }
    together = {pair for pair in settled.together if pair[0] in records and pair[1] in records}
    labels = {record_id: record_id for record_id in records}
    unsettled: list[UUID] = []
    for component in _components([*linked, *together]):
        if len(component) > _PAIR or not all(_is_plain(records[one]) for one in component):
            unsettled += component
        elif _are_one((component[0], component[1]), settled):
            labels[component[1]] = component[0]
    if unsettled:
        chosen = {one: records[one] for one in sorted(unsettled)}
        labels |= _by_evidence(chosen, linked, together, settled.apart, weigher)
    return labels


def _are_one(pair: Pair, settled: Settled) -> bool:
    """Whether two plain records that nothing connects with others are one person.

    That is most components, and the engine need not be asked: its answer is the pair's own score.
    """
    if pair in settled.together or pair in settled.apart:
        return pair in settled.together
    return settled.bits.get(pair, REVIEW_BITS) >= LINK_BITS


def _is_plain(facets: Sequence[Features]) -> bool:
    """Whether a record has one facet, and no identifier: by two of those the engine sets apart."""
    return len(facets) == 1 and not any(name in facets[0] for name in IDENTIFIERS)


def _components(pairs: Iterable[Pair]) -> Iterable[list[UUID]]:
    """Yield the records that these pairs connect, in the order of their ids."""
    groups: Groups[UUID] = Groups()
    for pair in pairs:
        groups.join(*pair)
    components: dict[UUID, list[UUID]] = {}
    for record_id in sorted(groups.items()):
        components.setdefault(groups.root(record_id), []).append(record_id)
    return components.values()


def _by_evidence(
    records: Mapping[UUID, Sequence[Features]],
    linked: Mapping[Pair, float],
    together: Iterable[Pair],
    apart: Iterable[Pair],
    weigher: Weigher,
) -> Labels:
    """Let the engine cluster whole components, given in the order of the ids."""
    first: dict[UUID, int] = {}
    members: list[Features] = []
    facets: list[tuple[int, int]] = []
    for record_id, of_record in records.items():
        first[record_id] = len(members)
        facets += [(first[record_id], len(members) + k) for k in range(1, len(of_record))]
        members += of_record or ({},)
    found = weigher.clusters(
        members,
        sorted((first[a], first[b], bits) for (a, b), bits in linked.items() if a in first),
        together=facets + _rows(together, first),
        apart=_rows(apart, first),
    )
    smallest: dict[int, UUID] = {}
    for record_id, row in first.items():
        smallest.setdefault(int(found[row]), record_id)
    return {record_id: smallest[int(found[row])] for record_id, row in first.items()}


def _rows(pairs: Iterable[Pair], first: Mapping[UUID, int]) -> list[tuple[int, int]]:
    return sorted((first[a], first[b]) for a, b in pairs if a in first and b in first)


def regrouped(before: Mapping[UUID, UUID], after: Mapping[UUID, UUID]) -> list[UUID]:
    """Return the records that are together with others than before, by their labels then and now.

    Of whom no label tells is alone.
    """
    groups_before, groups_after = _groups(before), _groups(after)

    def of(groups: Mapping[UUID, set[UUID]], labels: Mapping[UUID, UUID], one: UUID) -> set[UUID]:
        return groups[labels[one]] if one in labels else {one}

    return sorted(
        one
        for one in before.keys() | after.keys()
        if of(groups_after, after, one) != of(groups_before, before, one)
    )


def _groups(labels: Mapping[UUID, UUID]) -> dict[UUID, set[UUID]]:
    groups: dict[UUID, set[UUID]] = {}
    for record_id, label in labels.items():
        groups.setdefault(label, set()).add(record_id)
    return groups


def fingerprint(labels: Mapping[UUID, UUID]) -> str:
    """Return a hash of a whole division into clusters: equal only if every record's is."""
    digest = hashlib.sha256()
    for record_id in sorted(labels):
        digest.update(record_id.bytes + labels[record_id].bytes)
    return digest.hexdigest()
