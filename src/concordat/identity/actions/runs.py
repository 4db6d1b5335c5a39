"""Resolving the whole register in bulk, and proving that its clusters can be derived anew."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

from django.db import connection

from concordat.audit.actions import record
from concordat.audit.rules import Operation
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.base.clock import now
from concordat.base.ids import new_id
from concordat.identity.actions import register as whole
from concordat.identity.actions.engine_models import use_model
from concordat.identity.actions.machine import (
    alone,
    as_json,
    check_can_resolve,
    tell_resolved,
)
from concordat.identity.engine import People, link, train
from concordat.identity.models import Run
from concordat.identity.queries.models import weigher_in_use
from concordat.identity.rules.clusters import REVIEW_BITS, fingerprint, regrouped
from concordat.identity.rules.frozen import measured
from concordat.identity.rules.weighing import Weigher

Progress = Callable[[str, float], None]
"""Told the stage and how much of it is done, from 0 to 1."""

_SECONDS: Final = 24 * 3600
_AT_ONCE: Final = 200_000
_TELL_SECONDS: Final = 1.0

FEWEST: Final = 10_000
"""On fewer records nothing is trained: they teach little, and what is rare in them may not be."""


@dataclass(frozen=True, kw_only=True)
class ResolvedAll:
    """What resolving the whole register came to."""

    facts: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Rebuilt:
    """What deriving the clusters anew came to, held against those that are kept.

    `clusters` and `records` count those of more than one record. `different` counts records whose
    cluster is not the one kept: 0 proves that nothing but judgements and features is needed.
    """

    clusters: int
    records: int
    different: int
    fingerprint: str
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether the clusters derived are those that are kept."""
        return self.different == 0


def resolve_all(
    actor: Actor, *, train_anew: bool = False, progress: Progress | None = None
) -> ResolvedAll:
    """Decide who is who in the whole register, by the model in use.

    The first run over enough records trains a model on them, and so does `train_anew`.

    What people judged stays and outranks; machine judgements that are found again just so stay as
    they are, others are retired and appended. Judgements are committed as they are written: if the
    process dies, what was written is kept and a rerun completes the rest. Raises
    NotAllowedToResolve for people.
    """
    check_can_resolve(actor)
    resolver = Actor.resolver(reason=actor.reason)
    with alone():
        run = _Telling(resolver, progress or (lambda _stage, _share: None))
        try:
            facts = _resolve(resolver, run, train_anew=train_anew)
        except BaseException as problem:
            run.fail(problem)
            raise
        run.finish(facts)
    return ResolvedAll(facts=facts)


def rebuild(actor: Actor, *, progress: Progress | None = None) -> Rebuilt:
    """Derive every cluster anew from judgements and features, and compare with what is kept.

    Changes nothing. Raises NotAllowedToResolve for people.
    """
    check_can_resolve(actor)
    resolver = Actor.resolver(reason=actor.reason)
    tell = progress or (lambda _stage, _share: None)
    started = monotonic()
    with alone(), acting(resolver, seconds=_SECONDS):
        derived = whole.derive_all(
            resolver, weigher_in_use(), lambda share: tell("Deriving the clusters", share)
        )
        sizes: dict[object, int] = {}
        for label in derived.values():
            sizes[label] = sizes.get(label, 0) + 1
        shared = {one: label for one, label in derived.items() if sizes[label] > 1}
        kept = whole.stored_labels()
        rebuilt = Rebuilt(
            clusters=len(set(shared.values())),
            records=len(shared),
            different=sum(shared.get(one) != kept.get(one) for one in shared.keys() | kept.keys()),
            fingerprint=fingerprint(shared),
            seconds=monotonic() - started,
        )
        record(
            resolver,
            operation=Operation.COMBINATION,
            action="identity.rebuild",
            details={"different": rebuilt.different, "fingerprint": rebuilt.fingerprint},
        )
    return rebuilt


class _Telling:
    """Tells how far a run is: whoever called, and everybody who looks at the progress page."""

    def __init__(self, resolver: Actor, progress: Progress) -> None:
        self._resolver = resolver
        self._progress = progress
        self._told = 0.0
        self._stage = ""
        self.seconds: dict[str, float] = {}
        self._since = monotonic()
        self.id = new_id()
        with acting(resolver):
            Run(
                id=self.id,
                model_version="",
                started_at=now(),
                last_progress_at=now(),
                stage="Starting",
            ).save(force_insert=True)

    def __call__(self, stage: str, share: float) -> None:
        """Tell of a stage. Inside a transaction of the run the page sees it when that commits."""
        if stage != self._stage:
            self._clock()
            self._stage = stage
        elif monotonic() - self._told < _TELL_SECONDS:
            return
        self._told = monotonic()
        self._progress(stage, share)
        self._update(stage=stage, share=share)

    def using(self, model_version: str) -> None:
        """Note which model is used."""
        self._update(model_version=model_version)

    def finish(self, facts: dict[str, Any]) -> None:
        """Note that the run is done, and what it counted."""
        self._clock()
        with acting(self._resolver):
            self._update(stage="Finished", share=1.0, finished_at=now())
            with connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO identity_run_facts (run_id, facts) VALUES (%s, %s)",
                    [self.id, as_json(facts | {"seconds": self.seconds})],
                )
            record(
                self._resolver,
                operation=Operation.COMBINATION,
                action="identity.resolve_all",
                details={"run": str(self.id), **facts},
            )

    def fail(self, problem: BaseException) -> None:
        """Note why the run ended early."""
        self._update(problem=f"{type(problem).__name__}: {problem}"[:500], finished_at=now())

    def _update(self, **fields: Any) -> None:  # noqa: ANN401 (as the model takes)
        with acting(self._resolver):
            Run.objects.filter(id=self.id).update(last_progress_at=now(), **fields)

    def _clock(self) -> None:
        if self._stage:
            spent = monotonic() - self._since
            self.seconds[self._stage] = round(self.seconds.get(self._stage, 0.0) + spent, 1)
        self._since = monotonic()


def _resolve(resolver: Actor, run: _Telling, *, train_anew: bool) -> dict[str, Any]:
    run("Reading the register", 0.0)
    with acting(resolver, seconds=_SECONDS):
        register = whole.read_register()
    run("Encoding", 0.0)
    people = register.people()
    weigher = _weigher(resolver, people, train_anew=train_anew)
    run.using(weigher.version)
    pairs = _find(register, people, weigher, run)
    appended, retired = _store(resolver, register, pairs, weigher, run)
    labels = whole.derive_all(resolver, weigher, lambda share: run("Deriving the clusters", share))
    run("Keeping the clusters", 0.0)
    with acting(resolver, seconds=_SECONDS):
        changed = regrouped(whole.stored_labels(), labels)
        whole.store_labels(register, labels)
        tell_resolved(changed)
    alone_in_theirs = len(register) - len(labels)
    return {
        "records": len(register),
        "facets": register.table.num_rows,
        "pairs": len(pairs),
        "appended": appended,
        "retired": retired,
        "persons": alone_in_theirs + len(set(labels.values())),
        "model": weigher.version,
    }


def _weigher(resolver: Actor, people: People, *, train_anew: bool) -> Weigher:
    """Return the weigher in use; before the first run, or anew, one trained on this register."""
    with acting(resolver):
        weigher = weigher_in_use()
    if len(people) < FEWEST or (weigher.model.rarity and not train_anew):
        return weigher
    version = f"{weigher.version.partition(',')[0]}, trained {now():%Y-%m-%d %H:%M}"
    service = Actor.service(reason=resolver.reason)
    trained = train(people, start=weigher.model)
    use_model(service, model=measured(trained, people, version=version))
    with acting(resolver):
        return weigher_in_use()


def _find(register: whole.Register, people: People, weigher: Weigher, run: _Telling) -> whole.Pairs:
    """Return the pairs of the register that are worth a word."""
    if not len(register):
        return whole.NO_PAIRS
    linkage = link(people, weigher.model, progress=run)
    kept = linkage.bits >= REVIEW_BITS
    return whole.pairs_of_records(
        register, linkage.left[kept], linkage.right[kept], linkage.bits[kept]
    )


def _store(
    resolver: Actor,
    register: whole.Register,
    pairs: whole.Pairs,
    weigher: Weigher,
    run: _Telling,
) -> tuple[int, int]:
    """Bring the machine's judgements in line with what was found: how many appended and retired."""
    version = weigher.version
    appended = 0
    run("Writing judgements", 0.0)
    with acting(resolver, seconds=_SECONDS):
        whole.stage_pairs(register, pairs)
        retired = whole.retire_what_no_longer_holds(version)
    for first in range(0, len(pairs), _AT_ONCE):
        with acting(resolver, seconds=_SECONDS):
            appended += whole.append_found(first, first + _AT_ONCE, model_version=version)
        run("Writing judgements", min(1.0, (first + _AT_ONCE) / len(pairs)))
    return appended, retired
