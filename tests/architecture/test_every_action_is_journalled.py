"""No action and no reading of a record without an entry in the journal.

The functions are found, not listed: whoever adds one adds an example of its use to
`tests.architecture.examples`, or says below why it needs none.
"""

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest

import concordat
from concordat.audit.models import JournalEntry
from concordat.base.acting import acting
from concordat.base.actor import Actor, Purpose
from concordat.organisations.actions import sign_in
from concordat.organisations.errors import OrganisationsError
from tests.architecture import examples
from tests.architecture.examples import Scene
from tests.architecture.examples_of_agreements import (
    EXAMPLES_OF_AGREEMENTS,
    FAILURES_OF_AGREEMENTS,
)
from tests.architecture.examples_of_costs import EXAMPLES_OF_COSTS, FAILURES_OF_COSTS
from tests.architecture.examples_of_exchange import EXAMPLES_OF_EXCHANGE, FAILURES_OF_EXCHANGE
from tests.architecture.examples_of_explaining import (
    EXAMPLES_OF_EXPLAINING,
    FAILURES_OF_EXPLAINING,
)
from tests.architecture.examples_of_logging import EXAMPLES_OF_LOGGING, FAILURES_OF_LOGGING
from tests.architecture.examples_of_register import EXAMPLES_OF_REGISTER, FAILURES_OF_REGISTER
from tests.architecture.examples_of_tracing import EXAMPLES_OF_TRACING, FAILURES_OF_TRACING
from tests.conftest import Server
from tests.fingerprints import every_table
from tests.world import SERVICE, person

EXAMPLES = {
    **examples.EXAMPLES,
    **EXAMPLES_OF_AGREEMENTS,
    **EXAMPLES_OF_COSTS,
    **EXAMPLES_OF_EXCHANGE,
    **EXAMPLES_OF_EXPLAINING,
    **EXAMPLES_OF_LOGGING,
    **EXAMPLES_OF_REGISTER,
    **EXAMPLES_OF_TRACING,
}
FAILURES = {
    **examples.FAILURES,
    **FAILURES_OF_AGREEMENTS,
    **FAILURES_OF_COSTS,
    **FAILURES_OF_EXCHANGE,
    **FAILURES_OF_EXPLAINING,
    **FAILURES_OF_LOGGING,
    **FAILURES_OF_REGISTER,
    **FAILURES_OF_TRACING,
}

NOT_DOMAIN = {"base", "server", "web", "cli"}
"""Packages that hold no actions and no queries."""

NO_OPERATION = {
    "audit.actions.anchor": "writes down outside what an entry already says",
    "agreements.actions.check_role": "says whether a role may take a step",
    "agreements.actions.check_may_take": "says whether somebody may take a step",
    "agreements.actions.may_take": "says whether a step is to be offered",
    "agreements.actions.may_take_out": "says which parties somebody may take out",
    "agreements.actions.locked": "finds the row of a step; its action writes the entry",
    "agreements.actions.locked_all": "finds the rows of a step; its action writes the entry",
    "agreements.actions.leave_trace": "writes the entry of every step",
    "agreements.actions.shown": "returns what an action has made",
}
"""Public functions beside actions and queries that are neither."""

PUBLIC_FACTS = {
    "access.queries.grants_in_force": "what is shared with whom is public among those signed in",
    "access.queries.written_grants": "what was ever shared with whom is public among them too",
    "access.queries.why_readable": "says by which clause one may read, not what",
    "access.queries.pointer_owners": "says whom one may ask, not what they hold",
    "agreements.queries.agreements": "agreements are public among those signed in",
    "agreements.queries.agreement": "agreements are public among those signed in",
    "agreements.queries.versions": "agreements are public among those signed in",
    "agreements.queries.frameworks": "agreements are public among those signed in",
    "agreements.queries.signatures_needed": "who must sign is public",
    "agreements.queries.everything_missing": "says what terms lack, of which nothing is kept",
    "agreements.queries.waiting": "on whom an agreement waits is public among those signed in",
    "agreements.queries.reminders": "agreements are public among those signed in",
    "agreements.queries.redactions": "what a notice leaves out, for those whom it binds",
    "agreements.queries.references_by_id": "agreements are public among those signed in",
    "agreements.queries.contact_for": "the contact point of a clause is there to be asked",
    "agreements.queries.cost_shares": "shares a sum by published figures or by given weights",
    "agreements.queries.compare_costs": "shares a sum by published figures or by given weights",
    "agreements.queries.use_charges": "charges bodies by given numbers",
    "agreements.queries.sharers": "names forces with published figures",
    "agreements.queries.cost_lines": "agreements are public among those signed in",
    "agreements.queries.statements": "sums between bodies, for their own staff; no person in them",
    "agreements.queries.statement": "sums between bodies, for their own staff; no person in them",
    "agreements.queries.statement_inputs": "says what must be known to work out a sum",
    "agreements.queries.preview_statement": "works out a sum between bodies, and keeps nothing",
    "agreements.queries.recorded_agreements": "what public sources tell of past agreements",
    "agreements.queries.recorded_agreement": "what public sources tell of past agreements",
    "agreements.queries.register_entries": "agreements are public among those signed in",
    "agreements.queries.register_picture": "agreements are public among those signed in",
    "agreements.queries.register_problems": "rows of public sources that can't be read",
    "organisations.queries.colleagues": "names of one's own colleagues, to hand work to",
    "records.queries.waiting": "counts what waits for oneself, and names no record",
    "tracing.queries.unread": "counts one's own alerts, and says nothing of what they tell",
    "tracing.queries.watching": "whether one watches a record oneself, without its name",
}
"""Queries of an actor that read neither a record nor the journal, and why they needn't be there."""

FOR_NOBODY = {
    "agreements.queries.notices": "published decision notices",
    "agreements.queries.overseers": "published facts of public bodies",
    "agreements.queries.party_bodies": "published facts of public bodies",
    "organisations.queries.organisations": "published facts of public bodies",
    "organisations.queries.organisation": "published facts of public bodies",
    "organisations.queries.names_by_id": "published facts of public bodies",
    "organisations.queries.related_bodies": "published facts of public bodies",
    "organisations.queries.figures": "published figures",
    "organisations.queries.force_ids_by_name": "published facts of public bodies",
    "organisations.queries.force_ids_by_district": "published geography",
    "organisations.queries.force_ids_by_lsoa": "published geography",
    "organisations.queries.point_of_postcode": "published geography",
    "organisations.queries.force_outlines": "published geography",
    "organisations.queries.people": "the list of accounts, for the administrator's command",
    "organisations.queries.person_summary": "one account, for the administrator's command",
    "organisations.queries.actor_of": "makes the actor, before there is one",
}
"""Queries without an actor, and why they need none."""


def _modules(name: str) -> Iterator[ModuleType]:
    """Yield the module of this name of every domain package that has one."""
    for package in pkgutil.iter_modules(concordat.__path__):
        if package.ispkg and package.name not in NOT_DOMAIN:
            inside = import_module(f"concordat.{package.name}")
            if name in {module.name for module in pkgutil.iter_modules(inside.__path__)}:
                yield import_module(f"concordat.{package.name}.{name}")


def _written_in(module: ModuleType) -> Iterator[Callable[..., Any]]:
    """Yield a module's own functions; of a folder, what it exports and whatever takes an actor."""
    parts = [import_module(f"{module.__name__}.{part.name}") for part in _parts(module)]
    exported = getattr(module, "__all__", ())
    for part in parts or [module]:
        for name, value in vars(part).items():
            is_function = callable(value) and not isinstance(value, type)
            if not is_function or getattr(value, "__module__", "") != part.__name__:
                continue
            takes_actor = next(iter(inspect.signature(value).parameters), "") == "actor"
            if not parts or takes_actor or name in exported:
                yield value


def _parts(module: ModuleType) -> Iterator[pkgutil.ModuleInfo]:
    return iter(pkgutil.iter_modules(getattr(module, "__path__", [])))


def _functions(name: str) -> dict[str, Callable[..., Any]]:
    """Return what callers may use of all modules of this name, by dotted name; not the checks.

    `check_can_…` and `can_…` only tell whether something is allowed.
    """
    return {
        f"{module.__name__.removeprefix('concordat.')}.{function.__name__}": function
        for module in _modules(name)
        for function in _written_in(module)
        if not function.__name__.startswith(("_", "check_can_", "can_"))
    }


ACTIONS = _functions("actions")
QUERIES = _functions("queries")
EXEMPT = {*NO_OPERATION, *PUBLIC_FACTS, *FOR_NOBODY}


def _parameters(function: Callable[..., Any]) -> list[inspect.Parameter]:
    return list(inspect.signature(function, eval_str=True).parameters.values())


def test_actions_and_queries_of_every_package_are_found() -> None:
    packages = {
        "audit", "organisations", "access", "agreements", "identity", "records", "tracing",
        "exchange",
    }  # fmt: skip
    assert {name.split(".")[0] for name in ACTIONS} == packages
    assert {name.split(".")[0] for name in QUERIES} == packages


def test_each_action_and_query_has_an_example_or_a_reason_to_have_none() -> None:
    there = {*ACTIONS, *QUERIES}
    assert not set(EXAMPLES) & EXEMPT
    assert there - EXEMPT - set(EXAMPLES) == set(), "needs an example"
    assert (set(EXAMPLES) | EXEMPT) - there == set(), "is superfluous"


@pytest.mark.parametrize("name", sorted({*ACTIONS, *QUERIES} - set(NO_OPERATION) - set(FOR_NOBODY)))
def test_the_actor_comes_first_and_the_rest_is_named(name: str) -> None:
    actor, *others = _parameters({**ACTIONS, **QUERIES}[name])
    assert (actor.name, actor.annotation) == ("actor", Actor)
    assert {other.kind for other in others} <= {inspect.Parameter.KEYWORD_ONLY}


@pytest.mark.parametrize("name", sorted(FOR_NOBODY))
def test_a_query_without_an_actor_is_of_published_facts(name: str) -> None:
    assert name.startswith("organisations.queries.") or "published" in FOR_NOBODY[name]
    assert "actor" not in {parameter.name for parameter in _parameters(QUERIES[name])}


def _entries(action: str) -> set[UUID]:
    with acting(SERVICE):
        return set(JournalEntry.objects.filter(action=action).values_list("id", flat=True))


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """Return what an example stands on; nothing of it is made yet."""
    return Scene(tmp_path)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_it_is_journalled(scene: Scene, name: str) -> None:
    example = EXAMPLES[name]
    package, _, function = name.split(".")
    action = example.journalled_as or f"{package}.{function}"
    example.given(scene)
    before = _entries(action)
    example.call(scene)
    assert _entries(action) - before


@pytest.mark.parametrize("name", FAILURES)
def test_what_fails_leaves_neither_data_nor_an_entry(
    server: Server, own_database: str, scene: Scene, anchor_file: Path, name: str
) -> None:
    failure = FAILURES[name]
    failure.given(scene)
    url = server.superuser_url(own_database)
    before = every_table(url)
    anchors = anchor_file.read_bytes() if anchor_file.exists() else b""
    with pytest.raises(failure.error):
        failure.call(scene)
    assert every_table(url) == before
    assert (anchor_file.read_bytes() if anchor_file.exists() else b"") == anchors


def test_a_wrong_password_is_refused_but_counted_and_journalled(own_database: str) -> None:
    """The one action that keeps something when it fails: guessing must not go unnoticed."""
    assert own_database
    person("essex", username="officer")
    with pytest.raises(OrganisationsError):
        sign_in(SERVICE, username="officer", password="guessed", purpose=Purpose.INVESTIGATION)
    assert len(_entries("organisations.sign_in_refused")) == 1
