"""What becomes open, closes, or changes its level when one version of an agreement follows another.

Everything is told from the terms alone: which records there are is not known here.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from concordat.access.rules import Level, RecordKind
from concordat.agreements.rules.terms import AgreementTerms
from concordat.base.actor import Purpose, Role

Cell = tuple[Role, Purpose]
"""One role with one purpose."""


@dataclass(frozen=True)
class Opening:
    """To which roles with which purposes a body's records of a kind are open: whole, or pointed to.

    No cell is in both: whoever reads the whole record needs no pointer.
    """

    full: frozenset[Cell] = frozenset()
    pointer: frozenset[Cell] = frozenset()

    @classmethod
    def of(cls, level: Level, roles: Iterable[Role], purposes: Iterable[Purpose]) -> "Opening":
        """Return what one clause opens."""
        named = list(purposes)
        cells = frozenset((role, purpose) for role in roles for purpose in named)
        if level is Level.FULL:
            return cls(full=cells)
        return cls(pointer=cells) if level is Level.POINTER else cls()

    def level(self, cell: Cell) -> Level:
        """Return how much is open to one role with one purpose."""
        if cell in self.full:
            return Level.FULL
        return Level.POINTER if cell in self.pointer else Level.NONE


Between = tuple[str, str, RecordKind]
"""Whose records, open to whom, of which kind: codes of the owner and of the recipient."""

Reach = Mapping[Between, Opening]
"""All that is open between bodies."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """What one body's staff in some roles, for some purposes, would gain or lose of another's."""

    recipient: str
    owner: str
    kind: RecordKind
    roles: tuple[Role, ...]
    purposes: tuple[Purpose, ...]
    before: Level
    after: Level

    @property
    def is_gain(self) -> bool:
        """Whether more can be known after than before."""
        return self.after.rank > self.before.rank


def reach_of(
    terms: AgreementTerms | None, *, forces: Collection[str], fire_services: Collection[str] = ()
) -> dict[Between, Opening]:
    """Return what these terms open by themselves, as `grants_of` would grant it; None opens none.

    `forces` and `fire_services` say which codes are which; parties that are neither, such as
    policing bodies, hold and receive nothing.
    """
    if terms is None or not terms.kind.grants_access:
        return {}
    owners = [code for code in dict.fromkeys(terms.parties) if code in forces]
    fire = [code for code in dict.fromkeys(terms.parties) if code in fire_services]
    found: dict[Between, Opening] = {}
    for clause in terms.sharing:
        if clause.level is Level.NONE:
            continue
        opening = Opening.of(clause.level, clause.roles, clause.purposes)
        for owner in owners:
            for recipient in [*owners, *(fire if clause.with_fire else ())]:
                if owner != recipient:
                    key = (owner, recipient, clause.kind)
                    found[key] = _both(found.get(key, Opening()), opening)
    return found


def together(*reaches: Reach) -> dict[Between, Opening]:
    """Return what several agreements open together: to each role and purpose, the most of any."""
    found: dict[Between, Opening] = {}
    for reach in reaches:
        for key, opening in reach.items():
            found[key] = _both(found[key], opening) if key in found else opening
    return found


def changes(
    before: AgreementTerms | None,
    after: AgreementTerms | None,
    *,
    forces: Collection[str],
    fire_services: Collection[str] = (),
    others: Reach | None = None,
) -> list[Change]:
    """Return what changes if the terms `after` take the place of `before`. None opens nothing.

    `others` is what other agreements open all the while: what they open already is no gain, and
    what they keep open no loss.
    """
    beside = others or {}
    return changes_between(
        together(beside, reach_of(before, forces=forces, fire_services=fire_services)),
        together(beside, reach_of(after, forces=forces, fire_services=fire_services)),
    )


def changes_between(before: Reach, after: Reach) -> list[Change]:
    """Return how two states of all that is open differ: by recipient, kind, then owner."""
    found = [
        Change(
            recipient=recipient,
            owner=owner,
            kind=kind,
            roles=roles,
            purposes=purposes,
            before=was,
            after=becomes,
        )
        for owner, recipient, kind in {*before, *after}
        for roles, purposes, was, becomes in _differences(
            before.get((owner, recipient, kind), Opening()),
            after.get((owner, recipient, kind), Opening()),
        )
    ]
    return sorted(found, key=lambda change: (change.recipient, change.kind, *_order(change)))


def _order(change: Change) -> tuple[object, ...]:
    roles = [list(Role).index(role) for role in change.roles]
    purposes = [list(Purpose).index(purpose) for purpose in change.purposes]
    return (-change.after.rank, -change.before.rank, roles, purposes, change.owner)


Difference = tuple[tuple[Role, ...], tuple[Purpose, ...], Level, Level]


@lru_cache(maxsize=4096)
def _both(one: Opening, other: Opening) -> Opening:
    full = one.full | other.full
    return Opening(full=full, pointer=(one.pointer | other.pointer) - full)


@lru_cache(maxsize=4096)  # the same few clauses hold between all pairs of bodies
def _differences(before: Opening, after: Opening) -> tuple[Difference, ...]:
    """Return what differs as few as possible lines of some roles with some purposes each."""
    by_levels: dict[tuple[Level, Level], set[Cell]] = {}
    for cell in before.full | before.pointer | after.full | after.pointer:
        levels = before.level(cell), after.level(cell)
        if levels[0] is not levels[1]:
            by_levels.setdefault(levels, set()).add(cell)
    return tuple(
        (roles, purposes, *levels)
        for levels, cells in by_levels.items()
        for roles, purposes in _blocks(cells)
    )


def _blocks(cells: Collection[Cell]) -> Iterator[tuple[tuple[Role, ...], tuple[Purpose, ...]]]:
    """Yield the cells as blocks: the roles that have the same purposes stand in one."""
    by_purposes: dict[tuple[Purpose, ...], list[Role]] = {}
    for role in Role:
        purposes = tuple(purpose for purpose in Purpose if (role, purpose) in cells)
        if purposes:
            by_purposes.setdefault(purposes, []).append(role)
    for purposes, roles in by_purposes.items():
        yield tuple(roles), purposes
