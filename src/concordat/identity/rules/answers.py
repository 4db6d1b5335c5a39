"""What callers get to see of identities."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from concordat.identity.engine import Explanation, Features
from concordat.identity.rules.judgements import Verdict


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One record that may be of the person asked for.

    `bits` are log2 odds, `features` the facet that fits best, in standard form.
    """

    record_id: UUID
    owner_id: int
    bits: float
    probability: float
    features: Features


@dataclass(frozen=True, kw_only=True)
class Person:
    """One identity that the actor may see, as an answer: its best record says why.

    `records` are those of it that the look-up found, best first; `members` all its records that
    the actor may read.
    """

    records: tuple[Candidate, ...]
    members: tuple[tuple[UUID, int], ...]
    explanation: Explanation

    @property
    def bits(self) -> float:
        """The log2 odds of the best record."""
        return self.records[0].bits

    @property
    def probability(self) -> float:
        """The probability of the best record, between 0 and 1."""
        return self.records[0].probability


@dataclass(frozen=True, kw_only=True)
class JudgementDetail:
    """One judgement as pages show it, retired ones included. `bits` is None of a person's."""

    id: UUID
    left_id: UUID
    right_id: UUID
    verdict: Verdict
    bits: float | None
    model_version: str
    judged_at: datetime
    judged_by: str
    by_machine: bool
    owner_id: int
    reason: str
    retired_at: datetime | None
    retired_by: str
    retired_because: str


@dataclass(frozen=True, kw_only=True)
class Identity:
    """One person, as far as the actor may see: the records, and the judgements between them.

    `records` holds record and owner, in the order of the ids. `judgements` are all that ever were
    between them or set them apart from others, newest first; `conflicts` the pairs of which people
    have judged differently.
    """

    records: tuple[tuple[UUID, int], ...]
    judgements: tuple[JudgementDetail, ...]
    conflicts: tuple[tuple[UUID, UUID], ...]


@dataclass(frozen=True, kw_only=True)
class Undecided:
    """A pair that waits for a person's judgement."""

    left_id: UUID
    left_owner_id: int
    right_id: UUID
    right_owner_id: int
    bits: float
    probability: float


@dataclass(frozen=True, kw_only=True)
class PairDetail:
    """Two records beside each other: what speaks for and against, and what was judged."""

    left_id: UUID
    left_owner_id: int
    right_id: UUID
    right_owner_id: int
    left: Features
    right: Features
    explanation: Explanation
    judgements: tuple[JudgementDetail, ...]


@dataclass(frozen=True, kw_only=True)
class Duplicates:
    """What one force holds twice: how many records are more than one too many, and examples."""

    owner_id: int
    persons: int
    surplus: int
    examples: tuple[tuple[UUID, ...], ...]


@dataclass(frozen=True, kw_only=True)
class PersonPointer:
    """That a force holds somebody, by which clause one may know, and so whom to ask."""

    owner_id: int
    agreement_id: UUID
    clause: int


@dataclass(frozen=True, kw_only=True)
class RunProgress:
    """How far a resolution of the whole register is. `share` is of the stage, from 0 to 1.

    `facts` counts over all forces, so it is empty for everybody but the service.
    """

    started_at: datetime
    last_progress_at: datetime
    finished_at: datetime | None
    stage: str
    share: float
    model_version: str
    problem: str
    facts: dict[str, object]
